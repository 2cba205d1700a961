/* Times other than CLF's: ISO 8601 as RFC 3339 and its neighbours write it, and counts
 * since 1970. */
#ifndef FF_ISO_TIME_H
#define FF_ISO_TIME_H

#include <stdint.h>

#include "footfall/span.h"

/* Lines that follow each other mostly share the second, else the day. Zeroed at the
 * start. */
struct ff_iso_clock {
    char text[32]; /* as read last, if it is no longer */
    uint8_t len;   /* of it; 0: none */
    int64_t time;  /* what it is */
    char day[10];  /* "2026-03-02" of the day remembered */
    int64_t base;  /* its first second, as if in UTC */
    int32_t east;  /* the zone last read, seconds east of UTC; 0 without one */
};

/* Reads the whole of `text`, "2026-03-02T10:00:00" with what may follow: a fraction
 * (".123456" or ",123"), then "Z", "UTC", "+01:30", "+0130" or "+01", a space before
 * it or not; without a zone it is UTC. For the "T" there may be "t", a space or "_";
 * the date may have slashes. Fractions are cut off. A leap second counts to the second
 * before it. False if there is no such time. */
bool ff_iso_time_read(struct ff_iso_clock *clock, struct ff_span text, int64_t *time);

/* Reads the whole of `text`, a count since 1970-01-01 UTC, with a fraction and an
 * exponent or not: seconds below 1e11, milliseconds below 1e14, microseconds below
 * 1e17, else nanoseconds. Fractions are cut off. False if it is none: negative ones
 * too. */
bool ff_epoch_time_read(struct ff_span text, int64_t *time);

/* "12.5e-3" is mantissa 125, exponent -4. Digits past the 19th are cut off. False
 * unless the whole of `text` is a number that is not negative. */
struct ff_decimal {
    uint64_t mantissa;
    int exponent;
};
bool ff_decimal_read(struct ff_span text, struct ff_decimal *out);

/* The integer part of d * 10^shift; UINT64_MAX when it is larger than that. */
uint64_t ff_decimal_scale(struct ff_decimal d, int shift);

#endif
