/* bzip2: streams one after another. The library gives a block (up to 900 kB) before it
 * has seen the block's checksum, as bzip2(1) does. */
#include <limits.h>
#include <stdlib.h>

#include <bzlib.h>

#include "codec_memory.h"
#include "members.h"

struct bzip2 {
    struct ff_codec_memory memory;
    bz_stream stream;
};

static void *take(void *memory, int n, int size)
{
    return ff_codec_memory_take(memory, (size_t)n * (size_t)size);
}

static void give(void *memory, void *data)
{
    ff_codec_memory_give(memory, data);
}

static void *create(void)
{
    return calloc(1, sizeof(struct bzip2));
}

static void destroy(void *state)
{
    struct bzip2 *bzip2 = state;
    if (!bzip2)
        return;
    (void)BZ2_bzDecompressEnd(&bzip2->stream); /* refuses what was never begun */
    ff_codec_memory_wipe(&bzip2->memory);
    free(bzip2);
}

static enum ff_flow_state begin(void *state)
{
    struct bzip2 *bzip2 = state;
    (void)BZ2_bzDecompressEnd(&bzip2->stream);
    bzip2->stream =
        (bz_stream) { .bzalloc = take, .bzfree = give, .opaque = &bzip2->memory };
    return BZ2_bzDecompressInit(&bzip2->stream, 0, 0) == BZ_OK ? FF_FLOW_MORE
                                                               : FF_FLOW_NOMEM;
}

static unsigned clamped(size_t n)
{
    return n < UINT_MAX ? (unsigned)n : UINT_MAX;
}

static enum ff_flow_state run(void *state, struct ff_flow *flow)
{
    struct bzip2 *bzip2 = state;
    bz_stream *stream = &bzip2->stream;
    const unsigned n_in = clamped(flow->n_in), n_out = clamped(flow->n_out);
    stream->next_in = (char *)(uintptr_t)flow->in; /* not written to */
    stream->avail_in = n_in;
    stream->next_out = (char *)flow->out;
    stream->avail_out = n_out;
    const int result = BZ2_bzDecompress(stream);
    flow->in += n_in - stream->avail_in;
    flow->n_in -= n_in - stream->avail_in;
    flow->out += n_out - stream->avail_out;
    flow->n_out -= n_out - stream->avail_out;
    switch (result) {
    case BZ_OK:
        return FF_FLOW_MORE;
    case BZ_STREAM_END:
        return FF_FLOW_END;
    case BZ_MEM_ERROR:
        return FF_FLOW_NOMEM;
    default:
        flow->what = "corrupt";
        flow->why = "invalid bzip2 data";
        return FF_FLOW_DAMAGED;
    }
}

static const struct ff_codec codec = {
    .decoder = &ff_decoder_bzip2,
    .padding = 1,
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

/* After "BZh" and the level: a block's magic, or an empty stream's end. A line of text
 * that begins with "BZh1" is none. */
const struct ff_decoder ff_decoder_bzip2 = {
    .name = "bzip2",
    .magics = { { FF_SPAN("BZh0\x31\x41\x59\x26\x53\x59"), 3, 0x0f },
                { FF_SPAN("BZh0\x17\x72\x45\x38\x50\x90"), 3, 0x0f } },
    .create = create_members,
    .run = ff_members_run,
    .destroy = ff_members_destroy,
};
