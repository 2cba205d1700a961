/* Knowing a log file again: by keyed digests of its beginning and end, never by name,
 * and never line by line. */
#ifndef FOOTFALL_CONTENT_H
#define FOOTFALL_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FF_CONTENT_KEY_BYTES    32
#define FF_CONTENT_DIGEST_BYTES 16
#define FF_CONTENT_HEADS        3

/* A keyed BLAKE2b digest (libsodium's crypto_generichash). */
struct ff_digest {
    unsigned char bytes[FF_CONTENT_DIGEST_BYTES];
};

/* Decompressed bytes from the beginning that each head covers. */
__attribute__((unused)) static const size_t ff_content_head_bytes[FF_CONTENT_HEADS] = {
    256, 4096, 65536
};

struct ff_content {
    uint64_t file_bytes;          /* of the file as it is */
    struct ff_digest first, last; /* of its first and last 64 KiB as it is */
    struct ff_digest heads[FF_CONTENT_HEADS];
    unsigned n_heads; /* how many it is long enough for */
};

static inline bool ff_digest_equal(const struct ff_digest *a, const struct ff_digest *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* The very same file, under whatever name. */
static inline bool ff_content_is_same(const struct ff_content *a,
                                      const struct ff_content *b)
{
    return a->file_bytes == b->file_bytes && ff_digest_equal(&a->first, &b->first) &&
           ff_digest_equal(&a->last, &b->last);
}

/* Begins alike: a copy, a compressed copy, or the same log at another length. */
static inline bool ff_content_begins_alike(const struct ff_content *a,
                                           const struct ff_content *b)
{
    const unsigned n = a->n_heads < b->n_heads ? a->n_heads : b->n_heads;
    return n ? ff_digest_equal(&a->heads[n - 1], &b->heads[n - 1])
             : ff_content_is_same(a, b);
}

/* Lines that an input gave to the period that begins on `start`. */
struct ff_period_lines {
    int32_t start;
    uint64_t lines;
};

#endif
