/* Oracle: the C library's own time zones. Skipped where the system has none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "footfall/zone.h"
#include "hand_random.h"

/* Where midnight is skipped or comes twice, a day is left out, offsets are odd. */
static const char *const names[] = {
    "Europe/Berlin",   "America/New_York", "Asia/Kolkata",   "Asia/Beirut",
    "Africa/Cairo",    "America/Asuncion", "America/Havana", "America/Sao_Paulo",
    "Asia/Kathmandu",  "Pacific/Apia",     "Asia/Tehran",    "Australia/Lord_Howe",
    "America/Santiago"
};
enum { ZONES = sizeof names / sizeof *names };

/* 2005-01-01 to 2030-01-01. */
#define FROM INT64_C(1104537600)
#define TO   INT64_C(1893456000)

static int32_t offset_at(int64_t time)
{
    struct tm tm;
    assert_non_null(localtime_r(&(time_t) { (time_t)time }, &tm));
    return (int32_t)tm.tm_gmtoff;
}

static void add_change(struct ff_zone *zone, int64_t from, int32_t east)
{
    assert_true(zone->n < FF_ZONE_CHANGES);
    zone->from[zone->n] = from;
    zone->east[zone->n++] = east;
}

/* The zone by asking the C library about every quarter of an hour. */
static bool make_zone(struct ff_zone *zone, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    fclose(file);
    setenv("TZ", name, 1);
    tzset();
    *zone = (struct ff_zone) { 0 };
    add_change(zone, FROM, offset_at(FROM));
    for (int64_t time = FROM; time < TO; time += 900)
        if (offset_at(time) != zone->east[zone->n - 1])
            add_change(zone, time, offset_at(time));
    return true;
}

static int32_t local_day(int64_t time)
{
    return ff_day_of_time(time + offset_at(time));
}

/* A day's first second is one the day has, and the one before is an earlier day's. */
static void check_midnights(const struct ff_zone *zone, const char *name)
{
    for (int32_t day = local_day(FROM) + 2; day < local_day(TO) - 2; day++) {
        const int64_t first = ff_zone_midnight(zone, day);
        if (local_day(first) < day || local_day(first - 1) >= day)
            fail_msg("%s: day %d begins elsewhere than %lld", name, day,
                     (long long)first);
    }
}

/* Whether a time is in a day is one question, asked by its day or by its ends. */
static void check_times(const struct ff_zone *zone, const char *name)
{
    struct hand_random random = { 11 };
    for (int i = 0; i < 20000; i++) {
        /* Half of them near a change. */
        const int64_t near = zone->from[hand_below(&random, zone->n)];
        const int64_t time =
            i % 2 ? near + (int64_t)hand_below(&random, 200000) - 100000
                  : FROM + (int64_t)hand_below(&random, (uint64_t)(TO - FROM));
        if (time < FROM + 3 * FF_DAY_SECONDS || time > TO - 3 * FF_DAY_SECONDS)
            continue;
        const int32_t day = ff_zone_day(zone, time);
        assert_int_equal(ff_zone_east(zone, time), offset_at(time));
        assert_int_equal(day, local_day(time));
        if (time < ff_zone_midnight(zone, day) ||
            time >= ff_zone_midnight(zone, day + 1))
            fail_msg("%s: %lld is not between its midnights", name, (long long)time);
    }
}

static void zones_agree_with_the_c_library(void **state)
{
    (void)state;
    static struct ff_zone zone;
    int n = 0;
    for (int i = 0; i < ZONES; i++) {
        if (!make_zone(&zone, names[i]))
            continue;
        check_midnights(&zone, names[i]);
        check_times(&zone, names[i]);
        n++;
    }
    if (n == 0)
        skip();
}

static void no_zone_is_utc(void **state)
{
    (void)state;
    static const struct ff_zone empty = { 0 };
    const struct ff_zone *const zones[] = { NULL, &empty };
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ff_zone_east(zones[i], 1700000000), 0);
        assert_int_equal(ff_zone_day(zones[i], -1), -1);
        assert_true(ff_zone_midnight(zones[i], 20000) ==
                    INT64_C(20000) * FF_DAY_SECONDS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_agree_with_the_c_library),
        cmocka_unit_test(no_zone_is_utc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
