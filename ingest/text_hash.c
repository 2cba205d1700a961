/* With the processor's AES rounds: each block of 16 bytes goes, under an offset of its
 * own, through four rounds under secret keys, and the results are added by XOR; the sum
 * goes through four more rounds with the lengths. Four rounds make any two differences
 * agree with a chance below 2^-113 (Keliher and Sui 2007); the offsets, multiples of a
 * secret number, keep blocks from changing places. One or two rounds would be faster,
 * but then a difference can be aimed. The blocks do not wait for each other.
 *
 * Elsewhere XXH3 under a secret, once for each text. */
#include "text_hash.h"

#include "group_line.h"
#include "text_hash_wide.h"

static struct ff_text_hash hash_two_xxh3(const struct ff_secret *secret,
                                         struct ff_span a, struct ff_span b,
                                         uint64_t number)
{
    const XXH128_hash_t x = ff_hash_wide(secret, a), y = ff_hash_wide(secret, b);
    /* Odd multipliers, so that the texts do not change places unseen. */
    return (struct ff_text_hash) {
        .high = x.high64 * 0x9E3779B97F4A7C15u + y.high64 + number,
        .low =
            x.low64 * 0xC2B2AE3D27D4EB4Fu + y.low64 + number * 0x165667B19E3779F9u + 1,
    };
}

static struct ff_text_hash hash_xxh3(const struct ff_secret *secret,
                                     struct ff_span text, uint64_t number)
{
    return hash_two_xxh3(secret, text, FF_SPAN(""), number);
}

static void hash_lines_xxh3(const struct ff_secret *secret, struct ff_group_line *lines,
                            size_t n)
{
    for (struct ff_group_line *line = lines; line < lines + n; line++) {
        const struct ff_record *record = &line->record;
        line->hash.client =
            hash_two_xxh3(secret, record->client, record->agent, ff_line_number(line));
        line->hash.target = hash_xxh3(secret, record->target, 0);
    }
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

/* A block under the next offset. */
AES __m128i block(struct keys *keys, __m128i text)
{
    keys->offset = _mm_add_epi64(keys->offset, keys->step);
    return rounds(_mm_xor_si128(text, keys->offset), keys->rounds);
}

AES __m128i two_blocks(struct keys *keys, const char *a, const char *b)
{
    const __m128i first = block(keys, load(a));
    return _mm_xor_si128(first, block(keys, load(b)));
}

/* The sum of a text's blocks. What does not fill the last ones is made up with bytes
 * before it. Four at a time, since lengths differ from line to line: who asks for each
 * block whether it is the last is wrong too often. */
AES __m128i add_text(struct keys *keys, __m128i sum, struct ff_span text)
{
    const char *at = text.data;
    if (text.len < 16) /* of none there may be no data either */
        return _mm_xor_si128(sum, block(keys, load_short(at, text.len)));
    const char *end = at + text.len;
    if (text.len <= 32)
        return _mm_xor_si128(sum, two_blocks(keys, at, end - 16));
    for (; end - at > 64; at += 64) {
        sum = _mm_xor_si128(sum, two_blocks(keys, at, at + 16));
        sum = _mm_xor_si128(sum, two_blocks(keys, at + 32, at + 48));
    }
    if (text.len > 64)
        at = end - 64;
    sum = _mm_xor_si128(sum, two_blocks(keys, at, at + 16));
    return _mm_xor_si128(sum, two_blocks(keys, end - 32, end - 16));
}

AES struct keys read_keys(const unsigned char *secret)
{
    struct keys keys = { .offset = load(secret), .step = load(secret + 16) };
    for (int i = 0; i < 4; i++)
        keys.rounds[i] = load(secret + 32 + 16 * i);
    return keys;
}

AES struct ff_text_hash hash_two(struct keys keys, __m128i sum, struct ff_span a,
                                 struct ff_span b, uint64_t number)
{
    sum = add_text(&keys, sum, a);
    if (b.len)
        sum = add_text(&keys, sum, b);
    const uint64_t lens = (uint64_t)a.len << 32 | (uint32_t)b.len;
    sum = _mm_xor_si128(sum, _mm_set_epi64x((long long)number, (long long)lens));
    sum = rounds(sum, keys.rounds);
    struct ff_text_hash hash;
    memcpy(&hash, &sum, sizeof hash);
    return hash;
}

__attribute__((target("aes,sse4.1"))) static struct ff_text_hash
hash_aes(const struct ff_secret *secret, struct ff_span text, uint64_t number)
{
    return hash_two(read_keys(secret->bytes), load(secret->bytes + 96), text,
                    FF_SPAN(""), number);
}

__attribute__((target("aes,sse4.1"))) static void
hash_lines_aes(const struct ff_secret *secret, struct ff_group_line *lines, size_t n)
{
    const struct keys keys = read_keys(secret->bytes);
    const __m128i sum = load(secret->bytes + 96);
    for (struct ff_group_line *line = lines; line < lines + n; line++) {
        const struct ff_record *record = &line->record;
        line->hash.client =
            hash_two(keys, sum, record->client, record->agent, ff_line_number(line));
        line->hash.target = hash_two(keys, sum, record->target, FF_SPAN(""), 0);
    }
}

static bool has_aes(void)
{
    return __builtin_cpu_supports("aes") && __builtin_cpu_supports("sse4.1");
}
#endif

void ff_text_hash_ways(struct ff_text_hash_way ways[FF_TEXT_HASH_WAYS])
{
    size_t n = 0;
    ways[n++] = ff_text_hash_wide();
#if defined __x86_64__
    const bool aes = has_aes();
    ways[n++] = (struct ff_text_hash_way) { "AES", aes ? hash_aes : NULL,
                                            aes ? hash_lines_aes : NULL };
#endif
    ways[n++] = (struct ff_text_hash_way) { "XXH3", hash_xxh3, hash_lines_xxh3 };
    while (n < FF_TEXT_HASH_WAYS)
        ways[n++] = (struct ff_text_hash_way) { 0 };
}

struct ff_text_hash_way ff_text_hash_best(void)
{
    struct ff_text_hash_way ways[FF_TEXT_HASH_WAYS];
    size_t i = 0;
    ff_text_hash_ways(ways);
    while (!ways[i].hash)
        i++;
    return ways[i];
}
