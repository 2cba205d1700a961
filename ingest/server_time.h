/* Times by a pattern: strftime's conversions, and counts since 1970. A time may be
 * logged in several pieces; they are gathered in one ff_server_time. */
#ifndef FF_SERVER_TIME_H
#define FF_SERVER_TIME_H

#include <stdint.h>

#include "footfall/span.h"

/* What a pattern says of a time. */
enum ff_server_time_has {
    FF_TIME_HAS_YEAR = 1,
    FF_TIME_HAS_MONTH = 2,
    FF_TIME_HAS_DAY = 4,
    FF_TIME_HAS_HOUR = 8,
    FF_TIME_HAS_MINUTE = 16,
    FF_TIME_HAS_EPOCH = 32,
};
#define FF_TIME_WHOLE                                                                  \
    (FF_TIME_HAS_YEAR | FF_TIME_HAS_MONTH | FF_TIME_HAS_DAY | FF_TIME_HAS_HOUR |       \
     FF_TIME_HAS_MINUTE)

/* Zeroed before the first piece. */
struct ff_server_time {
    int64_t epoch; /* seconds; with FF_TIME_HAS_EPOCH all else is idle */
    int64_t east;  /* seconds */
    int32_t year;
    uint16_t day_of_year; /* from 1; 0 unless it is what day and month come from */
    uint8_t month, day, hour, minute, second;
    uint8_t has; /* enum ff_server_time_has */
    bool is_12_hours, is_pm;
};

/* strftime's conversions but for those of a locale's own making, names in English; a
 * `%z` reads "+0130", "+01:30" and "Z". Beyond strftime: %1 %2 count milliseconds and
 * microseconds since 1970, %f is any number of digits, %. is ".123" or nothing. `%s`
 * takes a fraction too. */

/* The bits of enum ff_server_time_has that the pattern gives; -1 and the place of a
 * conversion that there is none of. */
int ff_server_time_check(struct ff_span pattern, size_t *bad);

/* Cuts a piece off the front of `text`. False if it is not as the pattern says. */
bool ff_server_time_read(struct ff_server_time *time, struct ff_span pattern,
                         struct ff_span *text);

/* Seconds since 1970-01-01 UTC; a leap second counts to the second before it. False if
 * there is no such time. */
bool ff_server_time_value(const struct ff_server_time *time, int64_t *out);

#endif
