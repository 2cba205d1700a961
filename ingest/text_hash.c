/* With the processor's AES rounds: each block of 16 bytes goes, under an offset of its
 * own, through four rounds under secret keys, and the results are added by XOR; the sum
 * goes through four more rounds with the lengths. Four rounds make any two differences
 * agree with a chance below 2^-113 (Keliher and Sui 2007); the offsets, multiples of a
 * secret number, keep blocks from changing places. One or two rounds would be faster,
 * but then a difference can be aimed. The blocks do not wait for each other.
 *
 * Elsewhere XXH3 under a secret, once for each text. */
#include "text_hash.h"

static struct ff_text_hash hash_xxh3(const struct ff_secret *secret, struct ff_span a,
                                     struct ff_span b, uint64_t number)
{
    const XXH128_hash_t x = ff_hash_wide(secret, a), y = ff_hash_wide(secret, b);
    /* Odd multipliers, so that the texts do not change places unseen. */
    return (struct ff_text_hash) {
        .high = x.high64 * 0x9E3779B97F4A7C15u + y.high64 + number,
        .low =
            x.low64 * 0xC2B2AE3D27D4EB4Fu + y.low64 + number * 0x165667B19E3779F9u + 1,
    };
}

#if defined __x86_64__
#include <immintrin.h>

#define AES __attribute__((target("aes,sse4.1"), always_inline)) static inline

struct keys {
    __m128i offset, step, rounds[4];
};

AES __m128i rounds(__m128i block, const __m128i keys[4])
{
    for (int i = 0; i < 4; i++)
        block = _mm_aesenc_si128(block, keys[i]);
    return block;
}

AES __m128i load(const void *from)
{
    return _mm_loadu_si128((const __m128i *)from);
}

/* Fewer than 16 bytes, in a way that is another for each text of that length. */
AES __m128i load_short(const char *data, size_t len)
{
    uint64_t low = 0, high = 0;
    if (len >= 8) {
        memcpy(&low, data, 8);
        memcpy(&high, data + len - 8, 8);
    } else if (len >= 4) {
        uint32_t first, last;
        memcpy(&first, data, 4);
        memcpy(&last, data + len - 4, 4);
        low = first;
        high = last;
    } else if (len > 0) {
        low = (unsigned char)data[0] | (uint64_t)(unsigned char)data[len / 2] << 8 |
              (uint64_t)(unsigned char)data[len - 1] << 16;
    }
    return _mm_set_epi64x((long long)high, (long long)low);
}

/* The sum of a text's blocks. Its last 16 bytes are a block of their own. */
AES __m128i add_text(struct keys *keys, __m128i sum, struct ff_span text)
{
    size_t at = 0;
    for (; at + 16 < text.len; at += 16) {
        keys->offset = _mm_add_epi64(keys->offset, keys->step);
        sum =
            _mm_xor_si128(sum, rounds(_mm_xor_si128(load(text.data + at), keys->offset),
                                      keys->rounds));
    }
    const __m128i last = text.len < 16 ? load_short(text.data, text.len)
                                       : load(text.data + text.len - 16);
    keys->offset = _mm_add_epi64(keys->offset, keys->step);
    return _mm_xor_si128(sum, rounds(_mm_xor_si128(last, keys->offset), keys->rounds));
}

__attribute__((target("aes,sse4.1"))) static struct ff_text_hash
hash_aes(const struct ff_secret *secret, struct ff_span a, struct ff_span b,
         uint64_t number)
{
    const unsigned char *bytes = secret->bytes;
    struct keys keys = { .offset = load(bytes), .step = load(bytes + 16) };
    for (int i = 0; i < 4; i++)
        keys.rounds[i] = load(bytes + 32 + 16 * i);
    __m128i sum = add_text(&keys, load(bytes + 96), a);
    sum = add_text(&keys, sum, b);
    const uint64_t lens = (uint64_t)a.len << 32 | (uint32_t)b.len;
    sum = _mm_xor_si128(sum, _mm_set_epi64x((long long)number, (long long)lens));
    sum = rounds(sum, keys.rounds);
    return (struct ff_text_hash) { .high = (uint64_t)_mm_extract_epi64(sum, 1),
                                   .low = (uint64_t)_mm_cvtsi128_si64(sum) };
}

static bool has_aes(void)
{
    return __builtin_cpu_supports("aes") && __builtin_cpu_supports("sse4.1");
}
#endif

void ff_text_hash_ways(struct ff_text_hash_way ways[FF_TEXT_HASH_WAYS])
{
    size_t n = 0;
#if defined __x86_64__
    ways[n++] = (struct ff_text_hash_way) { "AES", has_aes() ? hash_aes : NULL };
#endif
    ways[n++] = (struct ff_text_hash_way) { "XXH3", hash_xxh3 };
    while (n < FF_TEXT_HASH_WAYS)
        ways[n++] = (struct ff_text_hash_way) { NULL, NULL };
}

ff_text_hasher *ff_text_hash_best(void)
{
    struct ff_text_hash_way ways[FF_TEXT_HASH_WAYS];
    size_t i = 0;
    ff_text_hash_ways(ways);
    while (!ways[i].hash)
        i++;
    return ways[i].hash;
}
