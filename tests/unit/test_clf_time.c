/* Oracle: timegm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <time.h>

#include "clf_time.h"
#include "hand_random.h"

static const char *const months[12] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static bool reads(const char *text, int64_t *time)
{
    struct ff_clf_clock clock = { 0 };
    assert_int_equal(strlen(text), FF_CLF_TIME_LEN);
    return ff_clf_time_read(&clock, text, time);
}

static void expect(const char *text, int64_t want)
{
    int64_t time;
    assert_true(reads(text, &time));
    assert_int_equal(time, want);
}

/* One clock reads them all, as it does the lines of a file. */
static void agrees_with_timegm(void **state)
{
    (void)state;
    static const int minutes[] = { 0, 15, 30, 45 };
    struct hand_random random = { 17 };
    struct ff_clf_clock clock = { 0 };
    /* 1000-01-01 to 9999-01-01. */
    int64_t utc = 0;
    for (int i = 0; i < 200000; i++) {
        const bool is_near = hand_below(&random, 4) > 0;
        if (is_near)
            utc += (int64_t)hand_below(&random, 4000) - 2000;
        else
            utc = (int64_t)hand_below(&random, 283992480000) - 30610224000;
        const int sign = hand_below(&random, 2) ? 1 : -1;
        const int hours = (int)hand_below(&random, 15);
        const int minute = minutes[hand_below(&random, 4)];
        const time_t local = (time_t)(utc + sign * (hours * 3600 + minute * 60));
        struct tm tm;
        char text[64];
        int64_t time;
        assert_non_null(gmtime_r(&local, &tm));
        snprintf(text, sizeof text, "%02d/%s/%04d:%02d:%02d:%02d %c%02d%02d",
                 tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
                 tm.tm_min, tm.tm_sec, sign < 0 ? '-' : '+', hours, minute);
        if (!ff_clf_time_read(&clock, text, &time) || time != utc)
            fail_msg("%s is not %lld", text, (long long)utc);
    }
}

static void days_that_are_and_are_not(void **state)
{
    (void)state;
    for (int year = 1999; year <= 2101; year++)
        for (int month = 0; month < 12; month++)
            for (int day = 0; day <= 32; day++) {
                struct tm tm = { .tm_year = year - 1900,
                                 .tm_mon = month,
                                 .tm_mday = day };
                const time_t want = timegm(&tm);
                const bool is_day = tm.tm_mday == day && tm.tm_mon == month;
                char text[64];
                int64_t time;
                snprintf(text, sizeof text, "%02d/%s/%04d:00:00:00 +0000", day,
                         months[month], year);
                assert_int_equal(reads(text, &time), is_day);
                if (is_day)
                    assert_int_equal(time, want);
            }
}

static void known_times(void **state)
{
    (void)state;
    expect("10/Oct/2000:13:55:36 -0700", 971211336);
    expect("01/Jan/1970:00:00:00 +0000", 0);
    expect("31/Dec/1969:23:59:59 +0000", -1);
    expect("01/Jan/1970:05:30:00 +0530", 0);
    expect("31/Dec/1969:20:30:00 -0330", 0);
    expect("19/Jan/2038:03:14:08 +0000", INT64_C(1) << 31);
    /* The leap second of 2016. */
    expect("31/Dec/2016:23:59:60 +0000", 1483228799);
    expect("01/Jan/2017:00:59:60 +0100", 1483228799);
    expect("10/OCT/2000:13:55:36 -0700", 971211336);
}

static void no_times(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "10/Oct/2000:24:00:00 +0000", "10/Oct/2000:13:60:00 +0000",
        "10/Oct/2000:13:00:61 +0000", "31/Feb/2000:13:00:00 +0000",
        "10/Foo/2000:13:00:00 +0000", "10/   /2000:13:00:00 +0000",
        "10-Oct-2000:13:00:00 +0000", "10/Oct/2000 13:00:00 +0000",
        "10/Oct/2000:13.00.00 +0000", "10/Oct/2000:13:00:00  0000",
        "10/Oct/2000:13:00:00_+0000", "10/Oct/2000:13:00:00 +2400",
        "10/Oct/2000:13:00:00 +0060", "10/Oct/2000:13:00:00 +1:00",
        " 1/Oct/2000:13:00:00 +0000", "10/Oct/-200:13:00:00 +0000",
        "10/Oct/2000:1 :00:00 +0000", "10/Oct/2000:13:00:0/ +0000",
        "10/Oct/2000:13:00:0: +0000", "\xff\xff/Oct/2000:13:00:00 +0000",
    };
    int64_t time;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (reads(cases[i], &time))
            fail_msg("\"%s\" is read", cases[i]);
}

/* What the clock remembers is of lines that had a time. */
static void a_bad_line_does_not_stay(void **state)
{
    (void)state;
    struct ff_clf_clock clock = { 0 };
    int64_t time;
    assert_true(ff_clf_time_read(&clock, "10/Oct/2000:13:55:36 -0700", &time));
    assert_false(ff_clf_time_read(&clock, "31/Feb/2000:13:55:36 -0700", &time));
    assert_false(ff_clf_time_read(&clock, "31/Feb/2000:13:55:36 -0700", &time));
    assert_true(ff_clf_time_read(&clock, "10/Oct/2000:13:55:37 -0700", &time));
    assert_int_equal(time, 971211337);
    /* The same hour in another zone is another hour. */
    assert_true(ff_clf_time_read(&clock, "10/Oct/2000:13:55:37 -0600", &time));
    assert_int_equal(time, 971211337 - 3600);
}

/* Who remembers a minute reads what changes behind it as who remembers nothing. */
static void what_is_remembered_changes_nothing(void **state)
{
    (void)state;
    const char known[] = "10/Oct/2000:13:55:36 -0700";
    for (size_t at = 0; at + 1 < FF_CLF_TIME_LEN; at++) {
        for (int pair = 0; pair < 128 * 128; pair++) {
            struct ff_clf_clock knowing = { 0 }, fresh = { 0 };
            char text[sizeof known];
            int64_t got = 0, want = 0;
            assert_true(ff_clf_time_read(&knowing, known, &got));
            memcpy(text, known, sizeof known);
            text[at] = (char)(pair / 128);
            text[at + 1] = (char)(pair % 128);
            const bool is_time = ff_clf_time_read(&fresh, text, &want);
            assert_int_equal(ff_clf_time_read(&knowing, text, &got), is_time);
            if (is_time)
                assert_true(got == want && knowing.east == fresh.east);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_timegm),
        cmocka_unit_test(days_that_are_and_are_not),
        cmocka_unit_test(known_times),
        cmocka_unit_test(no_times),
        cmocka_unit_test(what_is_remembered_changes_nothing),
        cmocka_unit_test(a_bad_line_does_not_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
