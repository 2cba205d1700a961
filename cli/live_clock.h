/* Live's clock: the time of the last line, and the seconds that none has come since. So
 * a replayed archive and a quiet night both close their periods rightly. A few lines
 * whose time is far off do not move it. */
#ifndef FF_LIVE_CLOCK_H
#define FF_LIVE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* So many lines in a row must be as far off before the clock follows them. */
#define FF_CLOCK_LINES 10
#define FF_CLOCK_FAR   3600

/* Begin with zeros. */
struct ff_live_clock {
    int64_t time;      /* seconds since 1970-01-01 UTC */
    uint64_t lines;    /* noted */
    unsigned n_far;    /* in a row, all of them ahead or all behind */
    int64_t least_far; /* the one of them that is nearest to the clock */
    bool is_ahead;
};

/* A line's time, `idle` seconds after the line before it came; false if it is far off
 * and not to be believed. */
static inline bool ff_live_clock_note(struct ff_live_clock *clock, int64_t time,
                                      int64_t idle)
{
    if (clock->lines++ == 0)
        clock->time = time;
    const bool is_ahead = time > clock->time;
    const int64_t off = is_ahead ? time - clock->time : clock->time - time;
    if (off <= FF_CLOCK_FAR + (is_ahead ? idle : 0)) {
        clock->n_far = 0;
        if (is_ahead)
            clock->time = time;
        return true;
    }
    if (clock->n_far == 0 || clock->is_ahead != is_ahead) {
        clock->n_far = 0;
        clock->is_ahead = is_ahead;
        clock->least_far = time;
    }
    if (is_ahead ? time < clock->least_far : time > clock->least_far)
        clock->least_far = time;
    if (++clock->n_far < FF_CLOCK_LINES)
        return false;
    clock->time = clock->least_far;
    clock->n_far = 0;
    return true;
}

/* Whether it has seen enough to close a period by. */
static inline bool ff_live_clock_is_sure(const struct ff_live_clock *clock)
{
    return clock->lines >= FF_CLOCK_LINES;
}

#endif
