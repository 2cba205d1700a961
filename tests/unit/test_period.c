/* Oracle: timegm and gmtime_r; the ISO week's Monday by strftime's %u. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <time.h>

#include "footfall/period.h"

static struct tm utc(int64_t time)
{
    struct tm tm;
    assert_non_null(gmtime_r(&(time_t) { (time_t)time }, &tm));
    return tm;
}

/* Every day of the years 1 to 4000, there and back. */
static void dates_and_days(void **state)
{
    (void)state;
    for (int32_t day = -719162; day < 741449; day++) {
        const struct tm tm = utc((int64_t)day * FF_DAY_SECONDS);
        const struct ff_date date = ff_date_of_day(day);
        assert_true(date.year == tm.tm_year + 1900 && date.month == tm.tm_mon + 1 &&
                    date.day == tm.tm_mday);
        assert_int_equal(ff_day_of_date(date), day);
        assert_int_equal(ff_weekday_of_day(day), (tm.tm_wday + 6) % 7);
    }
}

static void times_and_days(void **state)
{
    (void)state;
    assert_int_equal(ff_day_of_time(0), 0);
    assert_int_equal(ff_day_of_time(86399), 0);
    assert_int_equal(ff_day_of_time(86400), 1);
    assert_int_equal(ff_day_of_time(-1), -1);
    assert_int_equal(ff_day_of_time(-86400), -1);
    assert_int_equal(ff_day_of_time(-86401), -2);
}

/* Every day is in its period, and where a period ends the next begins. */
static void periods_cover_all_days_once(void **state)
{
    (void)state;
    for (enum ff_grain grain = FF_DAY; grain <= FF_MONTH; grain++) {
        int32_t start = ff_period_start(grain, -40000);
        for (int32_t day = start; day < 60000; day++) {
            if (day == ff_period_end(grain, start))
                start = day;
            assert_int_equal(ff_period_start(grain, day), start);
        }
    }
}

static void weeks_begin_on_monday_and_months_on_the_first(void **state)
{
    (void)state;
    for (int32_t day = -1000; day < 40000; day++) {
        const int32_t monday = ff_period_start(FF_WEEK, day);
        const int32_t first = ff_period_start(FF_MONTH, day);
        assert_int_equal(utc((int64_t)monday * FF_DAY_SECONDS).tm_wday, 1);
        assert_in_range(day - monday, 0, 6);
        assert_int_equal(utc((int64_t)first * FF_DAY_SECONDS).tm_mday, 1);
        assert_int_equal(
            utc((int64_t)ff_period_end(FF_MONTH, first) * FF_DAY_SECONDS).tm_mday, 1);
    }
}

static int32_t length_of(int year, int month)
{
    const int32_t start = ff_day_of_date((struct ff_date) { year, (uint8_t)month, 1 });
    return ff_period_end(FF_MONTH, start) - start;
}

static void leap_years(void **state)
{
    (void)state;
    assert_int_equal(length_of(2024, 2), 29);
    assert_int_equal(length_of(2023, 2), 28);
    assert_int_equal(length_of(1900, 2), 28);
    assert_int_equal(length_of(2000, 2), 29);
    assert_int_equal(length_of(2100, 2), 28);
    assert_int_equal(length_of(2026, 12), 31);
    assert_int_equal(length_of(2026, 4), 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_and_days),
        cmocka_unit_test(times_and_days),
        cmocka_unit_test(periods_cover_all_days_once),
        cmocka_unit_test(weeks_begin_on_monday_and_months_on_the_first),
        cmocka_unit_test(leap_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
