/* A time zone as data: when its offset changes, and to what. UTC is an empty one. Made
 * by cli/zone.c from the system's zone files; days, weeks, months and hours of a report
 * are the zone's. */
#ifndef FOOTFALL_ZONE_H
#define FOOTFALL_ZONE_H

#include <stddef.h>

#include "footfall/period.h"

#define FF_ZONE_CHANGES 512
#define FF_ZONE_NAME    64

struct ff_zone {
    char name[FF_ZONE_NAME]; /* "UTC", "Europe/Berlin" */
    size_t n;
    int64_t from[FF_ZONE_CHANGES]; /* seconds since 1970-01-01 UTC, rising */
    int32_t east[FF_ZONE_CHANGES]; /* seconds east of UTC from then on */
};

/* Seconds east of UTC at `time`; NULL is UTC. Before the first change it is the first
 * change's offset. */
static inline int32_t ff_zone_east(const struct ff_zone *zone, int64_t time)
{
    if (!zone || zone->n == 0)
        return 0;
    size_t low = 0, high = zone->n;
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if (zone->from[middle] <= time)
            low = middle;
        else
            high = middle;
    }
    return zone->east[low];
}

/* The zone's day that `time` is in. */
static inline int32_t ff_zone_day(const struct ff_zone *zone, int64_t time)
{
    return ff_day_of_time(time + ff_zone_east(zone, time));
}

/* The first second of the zone's `day`, in UTC. Where a change skips midnight it is the
 * change itself; where midnight comes twice, the first. */
static inline int64_t ff_zone_midnight(const struct ff_zone *zone, int32_t day)
{
    const int64_t local = (int64_t)day * FF_DAY_SECONDS;
    /* Offsets a day before and after bracket the one at midnight. */
    int64_t time = local - ff_zone_east(zone, local - FF_DAY_SECONDS);
    const int64_t other = local - ff_zone_east(zone, local + FF_DAY_SECONDS);
    if (other < time)
        time = other;
    while (ff_zone_day(zone, time) < day)
        time += 900; /* offsets differ by quarters of an hour */
    return time;
}

#endif
