#include "crc32.h"

#include <zlib.h>

#if defined __x86_64__
#include <immintrin.h>

/* Gopal, Ozturk, Guilford, Wolrich, Feghali, Dixon and Karakoyunlu 2009, "Fast CRC
 * Computation for Generic Polynomials Using PCLMULQDQ Instruction" (Intel): what stands
 * n bits before other bytes can be added to them, multiplied by x^n modulo the
 * polynomial, and the checksum is the same. */
#define CLMUL __attribute__((target("pclmul,sse4.1")))

enum { AT_ONCE = 64, LEAST = 4 * AT_ONCE }; /* fewer are not worth the ends */

CLMUL static inline __m128i load(const unsigned char *from)
{
    return _mm_loadu_si128((const __m128i *)from);
}

/* Adds 16 bytes to those at `to`, which come later: `by` has what either half is to be
 * multiplied by. */
CLMUL static inline __m128i move_on(__m128i sum, __m128i by, __m128i to)
{
    const __m128i low = _mm_clmulepi64_si128(sum, by, 0x00),
                  high = _mm_clmulepi64_si128(sum, by, 0x11);
    return _mm_xor_si128(to, _mm_xor_si128(low, high));
}

CLMUL static uint32_t crc32_clmul(uint32_t crc, const unsigned char *data, size_t len)
{
    /* x^(n - 32) and x^(n + 32) modulo the polynomial, for n of 512 and 128; the bits
     * reversed, as gzip's are, and moved up by one. */
    const __m128i by_64_bytes = _mm_set_epi64x(0x1c6e41596, 0x154442bd4),
                  by_16_bytes = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
    __m128i sums[4];
    for (size_t i = 0; i < 4; i++)
        sums[i] = load(data + 16 * i);
    /* The checksum so far, which zlib gives inverted, is added to the first bytes. */
    sums[0] = _mm_xor_si128(sums[0], _mm_cvtsi32_si128((int)~crc));
    for (data += AT_ONCE, len -= AT_ONCE; len >= AT_ONCE;
         data += AT_ONCE, len -= AT_ONCE)
        for (size_t i = 0; i < 4; i++)
            sums[i] = move_on(sums[i], by_64_bytes, load(data + 16 * i));
    for (size_t i = 1; i < 4; i++)
        sums[i] = move_on(sums[i - 1], by_16_bytes, sums[i]);
    /* What is left is 16 bytes that have the same checksum, beginning with none. */
    unsigned char last[16];
    _mm_storeu_si128((__m128i *)last, sums[3]);
    crc = (uint32_t)crc32_z(UINT32_MAX, last, sizeof last);
    return (uint32_t)crc32_z(crc, data, len);
}
#endif

uint32_t ff_crc32(uint32_t crc, const unsigned char *data, size_t len)
{
#if defined __x86_64__
    if (len >= LEAST && __builtin_cpu_supports("pclmul") &&
        __builtin_cpu_supports("sse4.1"))
        return crc32_clmul(crc, data, len);
#endif
    return (uint32_t)crc32_z(crc, data, len);
}
