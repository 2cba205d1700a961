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
/* What is so far ahead is no gap, but the right time at last. */
#define FF_CLOCK_WRONG (400 * (int64_t)86400)

/* Begin with zeros. */
struct ff_live_clock {
    int64_t time;      /* seconds since 1970-01-01 UTC */
    int64_t first;     /* where the lines begin that are believed; if there are any */
    int64_t most;      /* where it has been at most */
    uint64_t lines;    /* that are believed */
    unsigned n_far;    /* in a row, all of them ahead or all behind */
    int64_t least_far; /* the one of them that is nearest to the clock */
    bool is_ahead;
};

/* Whether it has seen enough to close a period by. */
static inline bool ff_live_clock_is_sure(const struct ff_live_clock *clock)
{
    return clock->lines >= FF_CLOCK_LINES;
}

static inline void ff_live_clock_set(struct ff_live_clock *clock, int64_t time)
{
    clock->time = time;
    if (clock->most < time)
        clock->most = time;
}

/* Follows lines that are far off. What it had from fewer lines was wrong then. Old
 * lines are no new beginning: nothing is known of what is between them and those
 * before. */
static inline void ff_live_clock_follow(struct ff_live_clock *clock)
{
    if (!ff_live_clock_is_sure(clock) ||
        clock->least_far - clock->most > FF_CLOCK_WRONG)
        clock->first = clock->most = clock->least_far;
    ff_live_clock_set(clock, clock->least_far);
    clock->lines += FF_CLOCK_LINES;
    clock->n_far = 0;
}

/* A line's time, `idle` seconds after the line before it came; false if it is far off
 * and not to be believed, as nothing after `latest` is. */
static inline bool ff_live_clock_note(struct ff_live_clock *clock, int64_t time,
                                      int64_t idle, int64_t latest)
{
    if (time > latest) {
        clock->n_far = 0;
        return false;
    }
    if (clock->lines == 0)
        clock->time = clock->first = clock->most = time;
    const bool is_ahead = time > clock->time;
    const int64_t off = is_ahead ? time - clock->time : clock->time - time;
    if (off <= FF_CLOCK_FAR + (is_ahead ? idle : 0)) {
        clock->lines++;
        clock->n_far = 0;
        if (is_ahead)
            ff_live_clock_set(clock, time);
        if (time < clock->first && clock->first - time <= FF_CLOCK_FAR)
            clock->first = time;
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
    ff_live_clock_follow(clock);
    return true;
}

#endif
