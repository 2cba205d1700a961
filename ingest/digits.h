/* Decimal digits, eight bytes at a time: as many or fewer digits that are a number's
 * last, less '0' each, with zeros before them. */
#ifndef FF_DIGITS_H
#define FF_DIGITS_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The `n` bytes, 1 to 8, at `at`, which are digits or not. Eight can be read. */
static inline uint64_t ff_digits_at(const char *at, size_t n)
{
    const uint64_t zeros = 0x3030303030303030u;
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    return (le64toh(bytes) ^ zeros) << (64 - 8 * n);
}

/* The `n` bytes, 4 to 8, at `at`; no others are read. */
static inline uint64_t ff_digits_of(const char *at, size_t n)
{
    const uint32_t zeros = 0x30303030u;
    uint32_t first, last;
    memcpy(&first, at, sizeof first);
    memcpy(&last, at + n - 4, sizeof last);
    const uint64_t before = le32toh(first) ^ zeros, after = le32toh(last) ^ zeros;
    /* Those that are both first and last come to the same place. */
    return after << 32 | before << (64 - 8 * n);
}

/* Whether all bytes are below 128 less `add`'s. Their sums carry nothing into the next
 * byte unless one has its highest bit, which tells, too. */
static inline bool ff_digits_are_below(uint64_t digits, uint64_t add)
{
    return (((digits + add) | digits) & 0x8080808080808080u) == 0;
}

/* Whether all bytes are digits. */
static inline bool ff_digits_are(uint64_t digits)
{
    return ff_digits_are_below(digits, 0x7676767676767676u);
}

/* The number: digits are added up in pairs, then fours, then all. */
static inline uint32_t ff_digits_sum(uint64_t digits)
{
    digits = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ffu;
    digits = (digits * 100 + (digits >> 16)) & 0x0000ffff0000ffffu;
    return (uint32_t)(digits * 10000 + (digits >> 32));
}

#endif
