/* Raw deflate by zlib. Its window holds the log's last 32 KiB in the clear, so zlib's
 * memory comes from here and is wiped when it is given back. */
#include "inflate.h"

#include <limits.h>
#include <stdlib.h>

#include <sodium.h>
#define ZLIB_CONST
#include <zlib.h>

#include "crc32.h"

/* In front of each piece of zlib's memory, as zlib does not tell its size again. */
union piece {
    size_t size;
    max_align_t align;
};

static void *take_piece(void *opaque, unsigned n, unsigned size)
{
    (void)opaque;
    const size_t bytes = (size_t)n * size;
    union piece *piece = malloc(sizeof *piece + bytes);
    if (!piece)
        return NULL;
    piece->size = bytes;
    return piece + 1;
}

static void wipe_piece(void *opaque, void *address)
{
    (void)opaque;
    union piece *piece = (union piece *)address - 1;
    sodium_memzero(piece + 1, piece->size);
    free(piece);
}

static void *create(void)
{
    z_stream *z = calloc(1, sizeof *z);
    if (!z)
        return NULL;
    z->zalloc = take_piece;
    z->zfree = wipe_piece;
    if (inflateInit2(z, -MAX_WBITS) != Z_OK) {
        free(z);
        return NULL;
    }
    return z;
}

static void reset(void *state)
{
    (void)inflateReset(state); /* fails for a state that is not zlib's only */
}

static unsigned clamped(size_t n)
{
    return n < UINT_MAX ? (unsigned)n : UINT_MAX;
}

static enum ff_inflater_state run(void *state, struct ff_inflate_io *io)
{
    z_stream *z = state;
    const unsigned n_in = clamped(io->n_in), n_out = clamped(io->n_out);
    z->next_in = io->in;
    z->avail_in = n_in;
    z->next_out = io->out;
    z->avail_out = n_out;
    const int result = inflate(z, Z_NO_FLUSH);
    io->in = z->next_in;
    io->n_in -= n_in - z->avail_in;
    io->out = z->next_out;
    io->n_out -= n_out - z->avail_out;
    io->n_over = 0;
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR: /* no trouble: nothing to read, or no room */
        return FF_INFLATER_MORE;
    case Z_STREAM_END:
        return FF_INFLATER_END;
    case Z_MEM_ERROR:
        return FF_INFLATER_NOMEM;
    default:
        return FF_INFLATER_CORRUPT;
    }
}

static void destroy(void *state)
{
    if (!state)
        return;
    (void)inflateEnd(state);
    free(state);
}

const struct ff_inflater ff_inflater_zlib = {
    .create = create,
    .reset = reset,
    .run = run,
    .crc = ff_crc32,
    .destroy = destroy,
};
