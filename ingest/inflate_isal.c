/* Raw deflate by ISA-L, in builds that have it (FF_HAVE_ISAL). Without AVX2 its gain is
 * small, and zlib is better known. */
#include "inflate.h"

#if defined FF_HAVE_ISAL && defined __x86_64__

#include <assert.h>
#include <stdlib.h>

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <sodium.h>

static void *create(void)
{
    struct inflate_state *isal = malloc(sizeof *isal);
    if (!isal)
        return NULL;
    isal_inflate_init(isal);
    isal->crc_flag = ISAL_DEFLATE;
    return isal;
}

static void reset(void *state)
{
    isal_inflate_reset(state);
}

/* ISA-L reads up to 8 bytes ahead and leaves the whole ones behind the end in read_in.
 */
static void give_back(const struct inflate_state *isal, struct ff_inflate_io *io)
{
    assert(isal->read_in_length >= 0 && isal->read_in_length <= 64);
    const unsigned bits = (unsigned)isal->read_in_length;
    uint64_t ahead = isal->read_in >> (bits % 8);
    io->n_over = bits / 8;
    for (size_t i = 0; i < io->n_over; i++, ahead >>= 8)
        io->over[i] = (unsigned char)ahead;
}

static uint32_t clamped(size_t n)
{
    const uint32_t most = 1U << 30; /* it mixes signed and unsigned 32 bits */
    return n < most ? (uint32_t)n : most;
}

static enum ff_inflater_state run(void *state, struct ff_inflate_io *io)
{
    struct inflate_state *isal = state;
    const uint32_t n_in = clamped(io->n_in), n_out = clamped(io->n_out);
    isal->next_in = (uint8_t *)io->in; /* not written to */
    isal->avail_in = n_in;
    isal->next_out = io->out;
    isal->avail_out = n_out;
    const int result = isal_inflate(isal);
    io->in = isal->next_in;
    io->n_in -= n_in - isal->avail_in;
    io->out = isal->next_out;
    io->n_out -= n_out - isal->avail_out;
    io->n_over = 0;
    if (result < 0)
        return FF_INFLATER_CORRUPT;
    if (isal->block_state != ISAL_BLOCK_FINISH)
        return FF_INFLATER_MORE;
    give_back(isal, io);
    return FF_INFLATER_END;
}

static uint32_t crc(uint32_t crc, const unsigned char *data, size_t len)
{
    return crc32_gzip_refl(crc, data, len);
}

static void destroy(void *state)
{
    if (!state)
        return;
    sodium_memzero(state, sizeof(struct inflate_state));
    free(state);
}

static const struct ff_inflater inflater = {
    .create = create,
    .reset = reset,
    .run = run,
    .crc = crc,
    .destroy = destroy,
};

const struct ff_inflater *ff_inflater_fast(void)
{
    return __builtin_cpu_supports("avx2") ? &inflater : NULL;
}

#else

const struct ff_inflater *ff_inflater_fast(void)
{
    return NULL;
}

#endif
