/* Time of the common log format: "10/Oct/2000:13:55:36 -0700". */
#ifndef FF_CLF_TIME_H
#define FF_CLF_TIME_H

#include <endian.h>
#include <stdint.h>

#include "footfall/span.h"

#define FF_CLF_TIME_LEN 26

/* Lines that follow each other mostly share the minute, else the hour: then only the
 * seconds are computed again, or they and the minutes. Zeroed at the start. */
struct ff_clf_clock {
    char text[FF_CLF_TIME_LEN]; /* as worked out last; zeros: none */
    int64_t minute;             /* the first second of its minute */
    char hour[14]; /* "10/Oct/2000:13" of the hour remembered; zeros: none */
    char zone[6];  /* " -0700" */
    int64_t base;  /* its first second */
    int32_t east;  /* the zone, in seconds east of UTC */
};

/* For ff_clf_time_read: a time of another minute than the last one, or none at all. */
bool ff_clf_time_work_out(struct ff_clf_clock *clock, const char *text, int64_t *time);

static inline uint64_t ff_clf_eight(const char *at)
{
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    return le64toh(bytes);
}

/* Reads FF_CLF_TIME_LEN bytes into seconds since 1970-01-01 UTC. A leap second counts
 * to the second before it. False if there is no such time. */
static inline bool ff_clf_time_read(struct ff_clf_clock *clock, const char *text,
                                    int64_t *time)
{
    const char *last = clock->text;
    /* The seconds, and the zone behind them. */
    const uint64_t end = ff_clf_eight(text + 18);
    const unsigned tens = (unsigned)(end & 255) - '0',
                   ones = (unsigned)(end >> 8 & 255) - '0';
    const uint64_t other = (ff_clf_eight(text) ^ ff_clf_eight(last)) |
                           (ff_clf_eight(text + 8) ^ ff_clf_eight(last + 8)) |
                           (ff_clf_eight(text + 10) ^ ff_clf_eight(last + 10)) |
                           (end ^ ff_clf_eight(last + 18)) >> 16;
    if (other || last[0] == '\0' || tens > 5 || ones > 9)
        return ff_clf_time_work_out(clock, text, time);
    *time = clock->minute + tens * 10 + ones;
    return true;
}

#endif
