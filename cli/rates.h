/* Lines a second, for the last minutes. */
#ifndef FF_RATES_H
#define FF_RATES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FF_RATES_SECONDS 512

/* Begin with zeros. */
struct ff_rates {
    uint64_t seconds[FF_RATES_SECONDS]; /* the last `n`, the newest last */
    size_t n;
    double since; /* the second that is under way began */
    uint64_t lines;
};

static inline void ff_rates_add(struct ff_rates *rates, uint64_t value)
{
    if (rates->n == FF_RATES_SECONDS) {
        memmove(rates->seconds, rates->seconds + 1,
                (FF_RATES_SECONDS - 1) * sizeof *rates->seconds);
        rates->n--;
    }
    rates->seconds[rates->n++] = value;
}

/* `lines` so far, at `now` (seconds, never back). When nobody looked for longer than a
 * second its lines are shared out evenly. */
static inline void ff_rates_note(struct ff_rates *rates, double now, uint64_t lines)
{
    if (rates->since == 0)
        rates->since = now;
    const double passed = now - rates->since;
    if (passed < 1)
        return;
    const size_t n = passed < FF_RATES_SECONDS ? (size_t)passed : FF_RATES_SECONDS;
    const uint64_t more = lines - rates->lines;
    for (size_t i = 0; i < n; i++)
        ff_rates_add(rates, (uint64_t)((double)more / passed + 0.5));
    /* What the second under way has had already stays its own. */
    const double rest = n < FF_RATES_SECONDS ? passed - (double)n : 0;
    rates->since = now - rest;
    rates->lines = lines - (uint64_t)((double)more * rest / passed);
}

/* Of the last whole second. */
static inline uint64_t ff_rates_last(const struct ff_rates *rates)
{
    return rates->n ? rates->seconds[rates->n - 1] : 0;
}

#endif
