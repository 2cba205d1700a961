/* The C library reads zone files but keeps the zone in a global of its own. It is asked
 * once, at the start, for every change of offset, and then put back to UTC: from there
 * on the zone is data. */
#include "zone_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIRST 0
#define LAST  4102444800 /* 2100-01-01 */

static int32_t east_at(int64_t time)
{
    const time_t t = (time_t)time;
    struct tm tm;
    localtime_r(&t, &tm);
    return (int32_t)tm.tm_gmtoff;
}

/* The second in (from, to] at which the offset becomes what it is at `to`. */
static int64_t find_change(int64_t from, int64_t to)
{
    const int32_t east = east_at(to);
    while (to - from > 1) {
        const int64_t middle = from + (to - from) / 2;
        if (east_at(middle) == east)
            to = middle;
        else
            from = middle;
    }
    return to;
}

static bool add(struct ff_zone *zone, int64_t from, int32_t east)
{
    if (zone->n == FF_ZONE_CHANGES)
        return false;
    zone->from[zone->n] = from;
    zone->east[zone->n++] = east;
    return true;
}

static bool list_changes(struct ff_zone *zone)
{
    int32_t east = east_at(FIRST);
    bool is_whole = add(zone, FIRST, east);
    for (int64_t time = FIRST; is_whole && time < LAST; time += FF_DAY_SECONDS) {
        const int32_t next = east_at(time + FF_DAY_SECONDS);
        if (next == east)
            continue;
        is_whole = add(zone, find_change(time, time + FF_DAY_SECONDS), next);
        east = next;
    }
    return is_whole;
}

/* A name that could leave the folder of zone files is none. */
static bool has_file(const char *name)
{
    char path[sizeof "/usr/share/zoneinfo/" + FF_ZONE_NAME];
    if (name[0] == '/' || strstr(name, "..") || strlen(name) >= FF_ZONE_NAME)
        return false;
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    return *name && access(path, R_OK) == 0;
}

enum ff_err ff_zone_load(struct ff_zone *zone, const char *name, struct ff_fault *fault)
{
    *zone = (struct ff_zone) { .n = 0 };
    snprintf(zone->name, sizeof zone->name, "%s", name);
    if (strcmp(name, "UTC") == 0)
        return FF_OK;
    if (!has_file(name))
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "--tz %.80s: the system has no such time zone (they are "
                            "listed in /usr/share/zoneinfo)",
                            name);
    setenv("TZ", name, 1);
    tzset();
    const bool is_whole = list_changes(zone);
    setenv("TZ", "UTC", 1);
    tzset();
    return is_whole ? FF_OK
                    : ff_fault_set(fault, FF_ERR_USAGE,
                                   "--tz %.80s: changes its offset too often", name);
}
