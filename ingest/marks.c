/* The ways to find marks, and the cutter's slow part. Each makes a bit for each of 64
 * bytes that says whether it is a mark (the plain one: a bit in each of eight), and
 * takes the places off the bits, which is what costs. */
#include "marks.h"

#include <assert.h>
#include <endian.h>

static bool is_mark(char c)
{
    return (unsigned char)c < ' ' || c == '"' || c == '\\';
}

/* The bytes from `from` on that fill no vector. */
static size_t find_rest(struct ff_span text, size_t from, struct ff_marks *marks,
                        size_t n)
{
    for (size_t i = from; i < text.len; i++)
        if (is_mark(text.data[i])) {
            marks->at[n] = (uint16_t)i;
            marks->bytes[n++] = text.data[i];
        }
    return n;
}

/* The highest bit of each byte of `word` that is `byte`. A sum of seven bits each
 * carries nothing into the next byte. */
static inline uint64_t bytes_equal(uint64_t word, char byte)
{
    const uint64_t ones = 0x0101010101010101u, low = ones * 0x7f;
    const uint64_t other = word ^ ones * (unsigned char)byte;
    return ~(((other & low) + low) | other | low);
}

/* The same of each byte of `word` that is a control character. */
static inline uint64_t bytes_control(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101u, low = ones * 0x7f;
    return ~(((word & low) + ones * 0x60) | word | low);
}

static size_t find_plain(struct ff_span text, struct ff_marks *marks)
{
    size_t n = 0, i = 0;
    for (; i + 8 <= text.len; i += 8) {
        uint64_t word;
        memcpy(&word, text.data + i, 8);
        word = le64toh(word);
        uint64_t bits =
            bytes_control(word) | bytes_equal(word, '"') | bytes_equal(word, '\\');
        for (; bits; bits &= bits - 1) {
            const size_t at = i + (unsigned)__builtin_ctzll(bits) / 8;
            marks->at[n] = (uint16_t)at;
            marks->bytes[n++] = text.data[at];
        }
    }
    return find_rest(text, i, marks, n);
}

#if defined __x86_64__
#include <immintrin.h>

/* The marks of 64 bytes. Four are written whether there are as many or not, since most
 * 64 bytes of a log have fewer; the highest bit is there so that there is always one to
 * look for. */
__attribute__((always_inline)) static inline size_t
take_bits(uint64_t bits, struct ff_span text, size_t from, struct ff_marks *marks,
          size_t n)
{
    const size_t end = n + (size_t)__builtin_popcountll(bits);
    for (; n < end; n += 4) {
        for (size_t k = 0; k < 4; k++) {
            const size_t at = from + (unsigned)__builtin_ctzll(bits | 1ull << 63);
            marks->at[n + k] = (uint16_t)at;
            marks->bytes[n + k] = text.data[at];
            bits &= bits - 1;
        }
    }
    return end;
}

static size_t find_sse2(struct ff_span text, struct ff_marks *marks)
{
    const __m128i control = _mm_set1_epi8(0x1F), quote = _mm_set1_epi8('"'),
                  backslash = _mm_set1_epi8('\\');
    size_t n = 0, i = 0;
    for (; i + 64 <= text.len; i += 64) {
        uint64_t bits = 0;
        for (unsigned k = 0; k < 64; k += 16) {
            const __m128i bytes = _mm_loadu_si128((const __m128i *)(text.data + i + k));
            const __m128i is = _mm_or_si128(
                _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes),
                             _mm_cmpeq_epi8(bytes, quote)),
                _mm_cmpeq_epi8(bytes, backslash));
            bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(is) << k;
        }
        n = take_bits(bits, text, i, marks, n);
    }
    return find_rest(text, i, marks, n);
}

__attribute__((target("avx2,bmi,popcnt"))) static size_t
find_avx2(struct ff_span text, struct ff_marks *marks)
{
    const __m256i control = _mm256_set1_epi8(0x1F), quote = _mm256_set1_epi8('"'),
                  backslash = _mm256_set1_epi8('\\');
    size_t n = 0, i = 0;
    for (; i + 64 <= text.len; i += 64) {
        uint64_t bits = 0;
        for (unsigned k = 0; k < 64; k += 32) {
            const __m256i bytes =
                _mm256_loadu_si256((const __m256i *)(text.data + i + k));
            const __m256i is = _mm256_or_si256(
                _mm256_or_si256(
                    _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, control), bytes),
                    _mm256_cmpeq_epi8(bytes, quote)),
                _mm256_cmpeq_epi8(bytes, backslash));
            bits |= (uint64_t)(uint32_t)_mm256_movemask_epi8(is) << k;
        }
        n = take_bits(bits, text, i, marks, n);
    }
    return find_rest(text, i, marks, n);
}

#define AVX512 __attribute__((target("avx512bw,avx512vbmi2,popcnt")))

/* Zero where the byte is a mark. Three comparisons would all wait for the one unit that
 * makes masks, and so do the packing instructions. */
AVX512 static inline __m512i other_than_mark(__m512i bytes)
{
    const __m512i control = _mm512_set1_epi8(0x1F), quote = _mm512_set1_epi8('"'),
                  backslash = _mm512_set1_epi8('\\');
    return _mm512_min_epu8(_mm512_subs_epu8(bytes, control),
                           _mm512_min_epu8(_mm512_xor_si512(bytes, quote),
                                           _mm512_xor_si512(bytes, backslash)));
}

/* More of 64 places than eight, `from` added. */
AVX512 static inline void put_places(uint16_t *at, size_t from, __m512i places)
{
    const __m512i add = _mm512_set1_epi16((short)from);
    const __m256i half[] = { _mm512_castsi512_si256(places),
                             _mm512_extracti64x4_epi64(places, 1) };
    for (size_t i = 0; i < 2; i++)
        _mm512_storeu_si512(at + 32 * i,
                            _mm512_add_epi16(add, _mm512_cvtepu8_epi16(half[i])));
}

/* Here the processor makes marks of the bits: it packs the numbers 0 to 63, and the
 * bytes, by the mask. Most 64 bytes have no more than eight. */
AVX512 static size_t find_avx512(struct ff_span text, struct ff_marks *marks)
{
    const __m128i step = _mm_set1_epi16(64);
    unsigned char numbers[64];
    for (unsigned i = 0; i < sizeof numbers; i++)
        numbers[i] = (unsigned char)i;
    const __m512i all = _mm512_loadu_si512(numbers);
    __m128i from = _mm_setzero_si128();
    size_t n = 0, i = 0;
    for (; i + 64 <= text.len; i += 64) {
        const __m512i bytes = _mm512_loadu_si512(text.data + i),
                      other = other_than_mark(bytes);
        const uint64_t bits = _mm512_testn_epi8_mask(other, other);
        const __m512i places = _mm512_maskz_compress_epi8(bits, all),
                      marked = _mm512_maskz_compress_epi8(bits, bytes);
        const size_t count = (size_t)__builtin_popcountll(bits);
        if (count <= 8) {
            const __m128i few = _mm_cvtepu8_epi16(_mm512_castsi512_si128(places));
            _mm_storeu_si128((__m128i *)(marks->at + n), _mm_add_epi16(from, few));
            _mm_storel_epi64((__m128i *)(marks->bytes + n),
                             _mm512_castsi512_si128(marked));
        } else {
            put_places(marks->at + n, i, places);
            _mm512_storeu_si512(marks->bytes + n, marked);
        }
        n += count;
        from = _mm_add_epi16(from, step);
    }
    return find_rest(text, i, marks, n);
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("popcnt");
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("popcnt");
}
#endif

void ff_marks_ways(struct ff_marks_way ways[FF_MARKS_WAYS])
{
    size_t n = 0;
#if defined __x86_64__
    ways[n++] = (struct ff_marks_way) { "AVX-512", has_avx512() ? find_avx512 : NULL };
    ways[n++] = (struct ff_marks_way) { "AVX2", has_avx2() ? find_avx2 : NULL };
    ways[n++] = (struct ff_marks_way) { "SSE2", find_sse2 };
#endif
    ways[n++] = (struct ff_marks_way) { "plain C", find_plain };
    while (n < FF_MARKS_WAYS)
        ways[n++] = (struct ff_marks_way) { NULL, NULL };
}

ff_marks_find *ff_marks_best(void)
{
    struct ff_marks_way ways[FF_MARKS_WAYS];
    size_t i = 0;
    ff_marks_ways(ways);
    while (!ways[i].find)
        i++;
    return ways[i].find;
}

/* A line longer than a window: it is searched for its end, and has no marks. */
static void cut_long(struct ff_cutter *cutter, struct ff_marked_line *line)
{
    const struct ff_span left = cutter->left;
    const size_t end = ff_span_find(left, '\n');
    *line = (struct ff_marked_line) { .text = { left.data, end }, .base = left.data };
    ff_cutter_take(cutter, ff_span_from(left, end + 1));
    if (end && left.data[end - 1] == '\r')
        line->text.len--;
}

void ff_cutter_look(struct ff_cutter *cutter, struct ff_marked_line *line)
{
    struct ff_span window = cutter->left;
    assert(window.len);
    if (window.len > FF_MARKS_WINDOW)
        window.len = FF_MARKS_WINDOW;
    cutter->base = window.data;
    cutter->next = 0;
    cutter->n_marks = cutter->find(window, &cutter->marks);
    const size_t n = ff_cutter_end(cutter);
    if (n < cutter->n_marks) {
        (void)ff_cutter_next(cutter, line);
        return;
    }
    if (window.len < cutter->left.len) {
        cut_long(cutter, line);
        return;
    }
    /* The text's last line, without an end. */
    *line = (struct ff_marked_line) {
        .text = window,
        .base = window.data,
        .marks = cutter->marks.at,
        .bytes = cutter->marks.bytes,
        .n_marks = n,
    };
    cutter->left.len = 0;
    ff_cutter_cut_cr(line);
}
