/* xz: streams one after another, with padding of four zeros or a multiple. A dictionary
 * of more than 128 MiB is refused (xz -9 writes 64): it is memory that the file would
 * make us take. .lzma has no magic to be known by, and is not read. */
#include <stdlib.h>

#include <lzma.h>

#include "codec_memory.h"
#include "members.h"

enum { MOST_BYTES = 128 << 20 };

struct xz {
    struct ff_codec_memory memory;
    lzma_allocator allocator;
    lzma_stream stream;
};

static void *take(void *memory, size_t n, size_t size)
{
    return ff_codec_memory_take(memory, n * size); /* liblzma: n is 1 */
}

static void give(void *memory, void *data)
{
    ff_codec_memory_give(memory, data);
}

static void *create(void)
{
    struct xz *xz = calloc(1, sizeof *xz);
    if (!xz)
        return NULL;
    xz->allocator = (lzma_allocator) { take, give, &xz->memory };
    xz->stream = (lzma_stream)LZMA_STREAM_INIT;
    xz->stream.allocator = &xz->allocator;
    return xz;
}

static void destroy(void *state)
{
    struct xz *xz = state;
    if (!xz)
        return;
    lzma_end(&xz->stream);
    ff_codec_memory_wipe(&xz->memory);
    free(xz);
}

static enum ff_flow_state begin(void *state)
{
    struct xz *xz = state;
    return lzma_stream_decoder(&xz->stream, MOST_BYTES, 0) == LZMA_OK ? FF_FLOW_MORE
                                                                      : FF_FLOW_NOMEM;
}

static enum ff_flow_state run(void *state, struct ff_flow *flow)
{
    struct xz *xz = state;
    lzma_stream *stream = &xz->stream;
    stream->next_in = flow->in;
    stream->avail_in = flow->n_in;
    stream->next_out = flow->out;
    stream->avail_out = flow->n_out;
    const lzma_ret result = lzma_code(stream, LZMA_RUN);
    flow->in = stream->next_in;
    flow->n_in = stream->avail_in;
    flow->out = stream->next_out;
    flow->n_out = stream->avail_out;
    flow->what = "corrupt";
    flow->why = "invalid xz data";
    switch (result) {
    case LZMA_OK:
    case LZMA_BUF_ERROR: /* no trouble: nothing to read, or no room */
        return FF_FLOW_MORE;
    case LZMA_STREAM_END:
        return FF_FLOW_END;
    case LZMA_MEM_ERROR:
        return FF_FLOW_NOMEM;
    case LZMA_MEMLIMIT_ERROR:
        flow->what = "refused";
        flow->why = "it takes more than 128 MiB of memory to unpack";
        return FF_FLOW_DAMAGED;
    case LZMA_OPTIONS_ERROR:
        flow->why = "unknown options";
        return FF_FLOW_DAMAGED;
    default:
        return FF_FLOW_DAMAGED;
    }
}

static const struct ff_codec codec = {
    .decoder = &ff_decoder_xz,
    .padding = 4,
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

const struct ff_decoder ff_decoder_xz = {
    .name = "xz",
    .magics = { { FF_SPAN("\xfd"
                          "7zXZ\0"),
                  0, 0 } },
    .create = create_members,
    .run = ff_members_run,
    .destroy = ff_members_destroy,
};
