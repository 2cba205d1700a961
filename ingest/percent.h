/* Percent-encoding: one level undone; a "%" that starts no escape stands for itself. */
#ifndef FF_PERCENT_H
#define FF_PERCENT_H

#include "escape.h"

/* The byte at *at, which moves past it; `encoded` tells whether it was "%XX". */
static inline char ff_percent_next(struct ff_span s, size_t *at, bool *encoded)
{
    const char c = s.data[*at];
    const int high = c == '%' && *at + 2 < s.len ? ff_hex_digit(s.data[*at + 1]) : -1;
    const int low = high >= 0 ? ff_hex_digit(s.data[*at + 2]) : -1;
    *encoded = low >= 0;
    *at += low >= 0 ? 3 : 1;
    return low >= 0 ? (char)(high << 4 | low) : c;
}

/* Writes `s` decoded once into `out`, which has room for s.len bytes and may be
 * s.data; gives the length. */
static inline size_t ff_percent_decode(struct ff_span s, char *out)
{
    size_t n = 0;
    bool encoded;
    for (size_t at = 0; at < s.len;)
        out[n++] = ff_percent_next(s, &at, &encoded);
    return n;
}

#endif
