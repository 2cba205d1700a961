/* zstd (RFC 8878): frames one after another, skippable ones among them. Frames written
 * with a window of more than 128 MiB (zstd --long=28 and up) are refused, as zstd(1)
 * does: the window is memory that the file would make us take.
 *
 * The library is given one block at a time, since a call that fails gives nothing of
 * what it had decoded by then.
 *
 * ZSTD_createDCtx_advanced is of the part of zstd's interface that may change. It has
 * been the same since 1.0, and is the only way to wipe the window. */
#define ZSTD_STATIC_LINKING_ONLY
#include <stdlib.h>

#include <zstd.h>
#include <zstd_errors.h>

#include "codec_memory.h"
#include "members.h"

enum { WINDOW_LOG = 27, BLOCK_HEADER_BYTES = 3 };

struct zstd {
    struct ff_codec_memory memory;
    ZSTD_DCtx *context;
    size_t wanted; /* bytes up to the end of a block, and a block header more */
    bool is_full;  /* there was no room for all of the output */
};

static void *take(void *memory, size_t size)
{
    return ff_codec_memory_take(memory, size);
}

static void give(void *memory, void *data)
{
    ff_codec_memory_give(memory, data);
}

static void destroy(void *state)
{
    struct zstd *zstd = state;
    if (!zstd)
        return;
    ZSTD_freeDCtx(zstd->context);
    ff_codec_memory_wipe(&zstd->memory);
    free(zstd);
}

static void *create(void)
{
    struct zstd *zstd = calloc(1, sizeof *zstd);
    if (!zstd)
        return NULL;
    zstd->context =
        ZSTD_createDCtx_advanced((ZSTD_customMem) { take, give, &zstd->memory });
    if (!zstd->context || ZSTD_isError(ZSTD_DCtx_setParameter(
                              zstd->context, ZSTD_d_windowLogMax, WINDOW_LOG))) {
        destroy(zstd);
        return NULL;
    }
    return zstd;
}

static enum ff_flow_state begin(void *state)
{
    struct zstd *zstd = state;
    zstd->wanted = ZSTD_initDStream(zstd->context);
    zstd->is_full = false;
    return ZSTD_isError(zstd->wanted) ? FF_FLOW_NOMEM : FF_FLOW_MORE;
}

static enum ff_flow_state damaged(struct ff_flow *flow, size_t result)
{
    flow->what = "corrupt";
    flow->why = "invalid zstd data";
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_memory_allocation:
        return FF_FLOW_NOMEM;
    case ZSTD_error_frameParameter_windowTooLarge:
        flow->what = "refused";
        flow->why = "it takes more than 128 MiB of memory to unpack";
        break;
    case ZSTD_error_dictionary_wrong:
        flow->what = "refused";
        flow->why = "it takes a dictionary to unpack";
        break;
    case ZSTD_error_checksum_wrong:
        flow->why = "its checksum is wrong";
        break;
    default:
        break;
    }
    return FF_FLOW_DAMAGED;
}

/* One call of the library, with up to `most` bytes of the input. */
static enum ff_flow_state call(struct zstd *zstd, struct ff_flow *flow, size_t most)
{
    ZSTD_inBuffer in = { flow->in, most < flow->n_in ? most : flow->n_in, 0 };
    ZSTD_outBuffer out = { flow->out, flow->n_out, 0 };
    const size_t result = ZSTD_decompressStream(zstd->context, &out, &in);
    if (ZSTD_isError(result))
        return damaged(flow, result);
    flow->in += in.pos;
    flow->n_in -= in.pos;
    flow->out += out.pos;
    flow->n_out -= out.pos;
    zstd->wanted = result;
    zstd->is_full = flow->n_out == 0;
    return result == 0 ? FF_FLOW_END : FF_FLOW_MORE;
}

/* What the library has still to give is asked for alone: see above. */
static enum ff_flow_state run(void *state, struct ff_flow *flow)
{
    struct zstd *zstd = state;
    if (zstd->is_full) {
        const enum ff_flow_state result = call(zstd, flow, 0);
        if (result != FF_FLOW_MORE || zstd->is_full)
            return result;
    }
    const bool has_block = zstd->wanted > BLOCK_HEADER_BYTES;
    return call(zstd, flow, zstd->wanted - (has_block ? BLOCK_HEADER_BYTES : 0));
}

static const struct ff_codec codec = {
    .decoder = &ff_decoder_zstd,
    .create = create,
    .begin = begin,
    .run = run,
    .destroy = destroy,
};

static void *create_members(const struct ff_decoder_settings *settings)
{
    (void)settings;
    return ff_members_create(&codec);
}

/* A file may begin with a skippable frame, of any of sixteen kinds (pzstd's do). */
const struct ff_decoder ff_decoder_zstd = {
    .name = "zstd",
    .magics = { { FF_SPAN("\x28\xb5\x2f\xfd"), 0, 0 },
                { FF_SPAN("\x50\x2a\x4d\x18"), 0, 0x0f } },
    .create = create_members,
    .run = ff_members_run,
    .destroy = ff_members_destroy,
};
