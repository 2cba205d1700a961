/* As text_hash.c says, with the four blocks of 64 bytes at once, each of the four under
 * an offset of its own. A mask leaves out of the 64 what is behind the text, which is
 * not touched either. Lines are read where they are: to copy what is hashed of them
 * would take a quarter of the time. */
#include "text_hash_wide.h"

#if defined __x86_64__
#include <cpuid.h>
#include <immintrin.h>

#include "group_line.h"

#define WIDE "aes,vaes,avx512bw,bmi2"
#define VAES __attribute__((target(WIDE), always_inline)) static inline
#define FOUR 64 /* bytes */

struct keys {
    __m512i first, second, third; /* offsets */
    __m512i step;                 /* to the next ones */
    __m512i rounds[4], sum;
};

VAES __m512i in_each(const unsigned char *from)
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)from));
}

VAES struct keys read_keys(const unsigned char *secret)
{
    struct keys keys = { .first = _mm512_loadu_si512(secret),
                         .step = in_each(secret + 64),
                         .sum = in_each(secret + 144) };
    keys.second = _mm512_add_epi64(keys.first, keys.step);
    keys.third = _mm512_add_epi64(keys.second, keys.step);
    for (int i = 0; i < 4; i++)
        keys.rounds[i] = in_each(secret + 80 + 16 * i);
    return keys;
}

VAES __m512i rounds(const struct keys *keys, __m512i blocks)
{
    for (int i = 0; i < 4; i++)
        blocks = _mm512_aesenc_epi128(blocks, keys->rounds[i]);
    return blocks;
}

/* A text's first 64 bytes, or all of a shorter one and zeros. */
VAES __m512i load(const char *text, size_t len)
{
    const unsigned n = len < FOUR ? (unsigned)len : FOUR;
    return _mm512_maskz_loadu_epi8(_bzhi_u64(UINT64_MAX, n), text);
}

VAES __m512i add(const struct keys *keys, __m512i sum, __m512i blocks, __m512i offsets)
{
    return _mm512_xor_si512(sum, rounds(keys, _mm512_xor_si512(blocks, offsets)));
}

/* Adds `len` bytes under the offsets behind *offsets, and leaves there the last ones.
 */
VAES __m512i add_more(const struct keys *keys, __m512i sum, const char *text,
                      size_t len, __m512i *offsets)
{
    for (size_t at = 0; at < len; at += FOUR) {
        *offsets = _mm512_add_epi64(*offsets, keys->step);
        sum = add(keys, sum, load(text + at, len - at), *offsets);
    }
    return sum;
}

/* A sum to begin with. */
VAES __m512i begin(size_t a_len, size_t b_len, uint64_t number)
{
    const uint64_t lens = (uint64_t)a_len << 32 | (uint32_t)b_len;
    return _mm512_zextsi128_si512(_mm_set_epi64x((long long)number, (long long)lens));
}

__attribute__((target(WIDE))) static struct ff_text_hash
hash_vaes(const struct ff_secret *secret, struct ff_span text, uint64_t number)
{
    const struct keys keys = read_keys(secret->bytes);
    __m512i offsets = keys.first, four = begin(text.len, 0, number);
    four = add(&keys, four, load(text.data, text.len), offsets);
    if (text.len > FOUR)
        four = add_more(&keys, four, text.data + FOUR, text.len - FOUR, &offsets);
    const __m256i two = _mm256_xor_si256(_mm512_castsi512_si256(four),
                                         _mm512_extracti64x4_epi64(four, 1));
    __m128i sum =
        _mm_xor_si128(_mm256_castsi256_si128(two), _mm256_extracti128_si256(two, 1));
    sum = _mm_xor_si128(sum, _mm512_castsi512_si128(keys.sum));
    for (int i = 0; i < 4; i++)
        sum = _mm_aesenc_si128(sum, _mm512_castsi512_si128(keys.rounds[i]));
    struct ff_text_hash hash;
    memcpy(&hash, &sum, sizeof hash);
    return hash;
}

/* What becomes the hashes of a line. */
struct line_sums {
    __m512i client, target;
};

/* Of every line so much, and of most all, without a question: the first 64 bytes of
 * client and target, and of the agent the first and the last 64. */
VAES struct line_sums add_line(const struct keys *keys,
                               const struct ff_group_line *line)
{
    const struct ff_span client = line->record.client, agent = line->record.agent,
                         target = line->record.target;
    __m512i begins = _mm512_setzero_si512(), ends = begins;
    if (agent.len >= FOUR) {
        begins = _mm512_loadu_si512(agent.data);
        ends = _mm512_loadu_si512(agent.data + agent.len - FOUR);
    } else if (agent.len) { /* of none there may be no data either */
        begins = load(agent.data, agent.len);
    }
    __m512i sum = begin(client.len, agent.len, ff_line_number(line));
    sum = add(keys, sum, load(client.data, client.len), keys->first);
    sum = add(keys, sum, begins, keys->second);
    sum = add(keys, sum, ends, keys->third);
    return (struct line_sums) { sum, add(keys, begin(target.len, 0, 0),
                                         load(target.data, target.len), keys->first) };
}

VAES bool has_more(const struct ff_record *record)
{
    return (record->client.len > FOUR) | (record->agent.len > 2 * FOUR) |
           (record->target.len > FOUR);
}

VAES void add_rest(const struct keys *keys, const struct ff_record *record,
                   struct line_sums *sums)
{
    const struct ff_span client = record->client, agent = record->agent,
                         target = record->target;
    __m512i offsets = keys->third;
    if (client.len > FOUR)
        sums->client = add_more(keys, sums->client, client.data + FOUR,
                                client.len - FOUR, &offsets);
    if (agent.len > 2 * FOUR)
        sums->client = add_more(keys, sums->client, agent.data + FOUR,
                                agent.len - 2 * FOUR, &offsets);
    offsets = keys->first;
    if (target.len > FOUR)
        sums->target = add_more(keys, sums->target, target.data + FOUR,
                                target.len - FOUR, &offsets);
}

/* From the sums of two lines to their hashes, side by side. */
VAES __m512i end(const struct keys *keys, const struct line_sums *one,
                 const struct line_sums *other)
{
    const __m512i a = one->client, b = one->target, c = other->client,
                  d = other->target;
    const __m512i ab = _mm512_xor_si512(_mm512_shuffle_i64x2(a, b, 0x44),
                                        _mm512_shuffle_i64x2(a, b, 0xEE)),
                  cd = _mm512_xor_si512(_mm512_shuffle_i64x2(c, d, 0x44),
                                        _mm512_shuffle_i64x2(c, d, 0xEE));
    const __m512i all = _mm512_xor_si512(_mm512_shuffle_i64x2(ab, cd, 0x88),
                                         _mm512_shuffle_i64x2(ab, cd, 0xDD));
    return rounds(keys, _mm512_xor_si512(all, keys->sum));
}

/* Lines differ in whether they have more than that, and who asks it of each is wrong
 * too often: those that have are noted, and their rest is added by itself. */
__attribute__((target(WIDE))) static void
hash_lines_vaes(const struct ff_secret *secret, struct ff_group_line *lines, size_t n)
{
    const struct keys keys = read_keys(secret->bytes);
    struct line_sums sums[FF_GROUP_LINES + 1];
    uint32_t have_more[FF_GROUP_LINES + 1];
    size_t n_more = 0;
    for (size_t i = 0; i < n; i++) {
        sums[i] = add_line(&keys, &lines[i]);
        have_more[n_more] = (uint32_t)i;
        n_more += has_more(&lines[i].record);
    }
    for (size_t i = 0; i < n_more; i++)
        add_rest(&keys, &lines[have_more[i]].record, &sums[have_more[i]]);
    sums[n] = (struct line_sums) { _mm512_setzero_si512(), _mm512_setzero_si512() };
    for (size_t i = 0; i < n; i += 2) {
        const __m512i two = end(&keys, &sums[i], &sums[i + 1]);
        const __m256i first = _mm512_castsi512_si256(two),
                      second = _mm512_extracti64x4_epi64(two, 1);
        memcpy(&lines[i].hash, &first, sizeof first);
        if (i + 1 < n)
            memcpy(&lines[i + 1].hash, &second, sizeof second);
    }
}

static bool has_vaes(void)
{
    const bool has_rest = __builtin_cpu_supports("aes") &&
                          __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("bmi2");
#if defined __clang__
    /* Its __builtin_cpu_supports does not know it. In a virtual machine to ask for
     * oneself takes 20 microseconds. */
    const unsigned vaes = 1u << 9;
    unsigned a, b, c, d;
    return has_rest && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (c & vaes);
#else
    return has_rest && __builtin_cpu_supports("vaes");
#endif
}

struct ff_text_hash_way ff_text_hash_wide(void)
{
    const bool has = has_vaes();
    return (struct ff_text_hash_way) { "VAES", has ? hash_vaes : NULL,
                                       has ? hash_lines_vaes : NULL };
}
#else
struct ff_text_hash_way ff_text_hash_wide(void)
{
    return (struct ff_text_hash_way) { 0 };
}
#endif
