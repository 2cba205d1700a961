/* Values that many formats write alike. */
#ifndef FF_VALUES_H
#define FF_VALUES_H

#include <stdint.h>

#include "digits.h"
#include "iso_time.h"

static inline bool ff_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool ff_is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool ff_is_dash(struct ff_span s)
{
    return s.len == 1 && s.data[0] == '-';
}

/* "-" is how servers write an empty field. */
static inline struct ff_span ff_value_text(struct ff_span s)
{
    return ff_is_dash(s) ? (struct ff_span) { s.data, 0 } : s;
}

/* An address without the port that is always behind it: IPv6 may have no brackets, and
 * its last group would look like one. A port alone stays: it is no client, but a value.
 */
static inline struct ff_span ff_value_without_port(struct ff_span s)
{
    size_t digits = 0;
    while (digits < s.len && ff_is_digit(s.data[s.len - 1 - digits]))
        digits++;
    if (digits && digits + 1 < s.len && s.data[s.len - 1 - digits] == ':')
        s.len -= digits + 1;
    return s;
}

/* All of `s`, which has no more than `most` bytes, as a decimal number. */
static inline bool ff_value_number(struct ff_span s, size_t most, uint64_t *out)
{
    *out = 0;
    if (s.len == 0 || s.len > most)
        return false;
    if (s.len >= 4 && s.len <= 8) {
        const uint64_t digits = ff_digits_of(s.data, s.len);
        *out = ff_digits_sum(digits);
        return ff_digits_are(digits);
    }
    for (size_t i = 0; i < s.len; i++) {
        if (!ff_is_digit(s.data[i]))
            return false;
        *out = *out * 10 + (uint64_t)(s.data[i] - '0');
    }
    return true;
}

/* Three digits. */
static inline bool ff_value_status(struct ff_span s, uint16_t *out)
{
    if (s.len != 3 || !ff_is_digit(s.data[0]) || !ff_is_digit(s.data[1]) ||
        !ff_is_digit(s.data[2]))
        return false;
    *out =
        (uint16_t)((s.data[0] - '0') * 100 + (s.data[1] - '0') * 10 + s.data[2] - '0');
    return true;
}

/* Digits, 18 at most as in format_clf.c, "-" or nothing. */
static inline bool ff_value_size(struct ff_span s, uint64_t *out)
{
    *out = 0;
    return s.len == 0 || ff_is_dash(s) || ff_value_number(s, 18, out);
}

/* A decimal number times 10^shift; what is none ("-", "-1") gives false. */
static inline bool ff_value_scaled(struct ff_span s, int shift, uint64_t *out)
{
    struct ff_decimal decimal;
    if (!ff_decimal_read(s, &decimal))
        return false;
    *out = ff_decimal_scale(decimal, shift);
    return true;
}

/* "7:55:20" or "07:55:20.123" as seconds of the day. A leap second counts to the second
 * before it. */
static inline bool ff_value_daytime(struct ff_span s, int64_t *out)
{
    const size_t colon = ff_span_find(s, ':');
    uint64_t hour, minute, second;
    if (colon > 2 || s.len < colon + 6 || s.data[colon + 3] != ':' ||
        (s.len > colon + 6 && s.data[colon + 6] != '.') ||
        !ff_value_number((struct ff_span) { s.data, colon }, 2, &hour) ||
        !ff_value_number((struct ff_span) { s.data + colon + 1, 2 }, 2, &minute) ||
        !ff_value_number((struct ff_span) { s.data + colon + 4, 2 }, 2, &second) ||
        hour > 23 || minute > 59 || second > 60)
        return false;
    *out = (int64_t)(hour * 3600 + minute * 60 + (second < 60 ? second : 59));
    return true;
}

#endif
