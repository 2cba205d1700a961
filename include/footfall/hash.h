/* Hashes for tables that strangers fill: XXH3 under a random secret, so that nobody
 * outside can make strings collide. Never for tokens. */
#ifndef FOOTFALL_HASH_H
#define FOOTFALL_HASH_H

#include <stdint.h>
#include <sys/random.h>

#include "footfall/span.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define FF_SECRET_BYTES 192
struct ff_secret {
    unsigned char bytes[FF_SECRET_BYTES];
};

/* False when the system gives no random bytes. */
static inline bool ff_secret_init(struct ff_secret *secret)
{
    return getrandom(secret->bytes, sizeof secret->bytes, 0) ==
           (ssize_t)sizeof secret->bytes;
}

static inline uint64_t ff_hash(const struct ff_secret *secret, struct ff_span text)
{
    return XXH3_64bits_withSecret(text.data, text.len, secret->bytes, FF_SECRET_BYTES);
}

static inline XXH128_hash_t ff_hash_wide(const struct ff_secret *secret,
                                         struct ff_span text)
{
    return XXH3_128bits_withSecret(text.data, text.len, secret->bytes, FF_SECRET_BYTES);
}

/* A number's bits spread over the word, under the secret (the finalizer of MurmurHash3
 * with a keyed start). */
static inline uint64_t ff_hash_number(const struct ff_secret *secret, uint64_t n)
{
    uint64_t key;
    memcpy(&key, secret->bytes, sizeof key);
    n ^= key;
    n = (n ^ n >> 33) * 0xFF51AFD7ED558CCDu;
    n = (n ^ n >> 33) * 0xC4CEB9FE1A85EC53u;
    return n ^ n >> 33;
}

#endif
