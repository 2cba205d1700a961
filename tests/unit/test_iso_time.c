/* Oracle: timegm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <time.h>

#include "hand_random.h"
#include "iso_time.h"

static void is_iso(const char *text, int64_t want)
{
    struct ff_iso_clock clock = { 0 };
    int64_t time;
    if (!ff_iso_time_read(&clock, ff_span_of(text), &time) || time != want)
        fail_msg("%s is not %lld", text, (long long)want);
}

static void is_no_iso(struct ff_span text)
{
    struct ff_iso_clock clock = { 0 };
    int64_t time;
    if (ff_iso_time_read(&clock, text, &time))
        fail_msg("%.*s is a time", (int)text.len, text.data);
}

/* One clock reads them all, as it does the lines of a file. */
static void agrees_with_timegm(void **state)
{
    (void)state;
    static const char *const fractions[] = { "", ".1", ".999", ",250", ".123456789" };
    static const char *const shapes[] = { "%c%02d:%02d", "%c%02d%02d", " %c%02d%02d" };
    struct hand_random random = { 17 };
    struct ff_iso_clock clock = { 0 };
    int64_t utc = 0;
    for (int i = 0; i < 200000; i++) {
        if (hand_below(&random, 4) > 0)
            utc += (int64_t)hand_below(&random, 4000) - 2000;
        else
            utc = (int64_t)hand_below(&random, 283992480000) - 30610224000;
        const int sign = hand_below(&random, 2) ? 1 : -1;
        const int hours = (int)hand_below(&random, 15);
        const int minutes = 15 * (int)hand_below(&random, 4);
        const bool has_zone = hand_below(&random, 4) > 0;
        const time_t local =
            (time_t)(utc + (has_zone ? sign * (hours * 3600 + minutes * 60) : 0));
        struct tm tm;
        char text[80], zone[32] = "Z";
        int64_t time;
        assert_non_null(gmtime_r(&local, &tm));
        const char *fraction = fractions[hand_below(&random, 5)];
        if (has_zone)
            snprintf(zone, sizeof zone, shapes[hand_below(&random, 3)],
                     sign < 0 ? '-' : '+', hours, minutes);
        snprintf(text, sizeof text, "%04d-%02d-%02d%c%02d:%02d:%02d%s%s",
                 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                 "T t_"[hand_below(&random, 4)], tm.tm_hour, tm.tm_min, tm.tm_sec,
                 fraction, zone);
        /* The second time it is remembered. */
        for (int k = 0; k < 2; k++)
            if (!ff_iso_time_read(&clock, ff_span_of(text), &time) || time != utc ||
                clock.east != (int32_t)(local - utc))
                fail_msg("%s is not %lld", text, (long long)utc);
    }
}

static void shapes_of_iso(void **state)
{
    (void)state;
    const int64_t noon = 1772452800; /* 2026-03-02T12:00:00Z */
    is_iso("2026-03-02T12:00:00Z", noon);
    is_iso("2026-03-02T12:00:00z", noon);
    is_iso("2026-03-02 12:00:00", noon);
    is_iso("2026-03-02 12:00:00 UTC", noon);
    is_iso("2026-03-02 12:00:00 +0000", noon);
    is_iso("2026/03/02 12:00:00", noon);
    is_iso("2026/03/02 12:00:00.5", noon);
    is_iso("2026-03-02T13:30:00+01:30", noon);
    is_iso("2026-03-02T13:30:00+0130", noon);
    is_iso("2026-03-02T13:00:00+01", noon);
    is_iso("2026-03-02T06:30:00.000000-05:30", noon);
    is_iso("2026-03-02T23:59:60Z", 1772495999);
    is_iso("1970-01-01T00:00:00Z", 0);
    is_iso("1969-12-31T23:59:59Z", -1);
    is_iso("2024-02-29T00:00:00Z", 1709164800);
}

static void no_times_of_iso(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026-03-02",
        "2026-03-02T12:00",
        "2026-03-02T12:00:00.",
        "2026-03-02T12:00:00.Z",
        "2026-03-02T12:00:00x",
        "2026-03-02T12:00:00Zx",
        "2026-03-02T12:00:00 ",
        "2026-03-02T12:00:00+1",
        "2026-03-02T12:00:00+24:00",
        "2026-03-02T12:00:00+01:60",
        "2026-03-02T12:00:00+01:3",
        "2026-03-02T24:00:00Z",
        "2026-03-02T12:60:00Z",
        "2026-03-02T12:00:61Z",
        "2026-02-29T12:00:00Z",
        "2026-13-02T12:00:00Z",
        "2026-00-02T12:00:00Z",
        "2026-03-00T12:00:00Z",
        "2026-03/02T12:00:00Z",
        "2026.03.02T12:00:00Z",
        "2026-03-02X12:00:00Z",
        "+026-03-02T12:00:00Z",
        "2026-03-02T1 :00:00Z",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        is_no_iso(ff_span_of(bad[i]));
    /* Like the memory of a fresh clock. */
    is_no_iso((struct ff_span) { "\0\0\0\0\0\0\0\0\0\0T12:00:00Z", 20 });
}

static void a_bad_day_is_not_remembered(void **state)
{
    (void)state;
    struct ff_iso_clock clock = { 0 };
    int64_t time;
    for (int i = 0; i < 2; i++)
        assert_false(ff_iso_time_read(&clock, FF_SPAN("2026-02-30T12:00:00Z"), &time));
    assert_true(ff_iso_time_read(&clock, FF_SPAN("2026-02-28T00:00:00Z"), &time));
    assert_int_equal(time, 1772236800);
}

static void epochs_by_magnitude(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t want; /* -1: none */
    } cases[] = {
        { "0", 0 },
        { "1772452800", 1772452800 },
        { "1772452800.999999", 1772452800 },
        { "1772452800000", 1772452800 },
        { "1772452800999.5", 1772452800 },
        { "1772452800123456", 1772452800 },
        { "1772452800123456789", 1772452800 },
        { "1.7724528e9", 1772452800 },
        { "1.7724528009E+09", 1772452800 },
        { "1.772452800123456e18", 1772452800 },
        { "99999999999", 99999999999 },
        { "100000000000", 100000000 },
        { "0.5", 0 },
        { "1e-5", 0 },
        { "", -1 },
        { "-1", -1 },
        { "1.", -1 },
        { ".5", -1 },
        { "1e", -1 },
        { "1e+", -1 },
        { "1e999999999999", -1 },
        { "1772452800s", -1 },
        { " 1772452800", -1 },
        { "0x10", -1 },
        { "99999999999999999999", -1 },
        { "1.2.3", -1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t time = -1;
        const bool is_time = ff_epoch_time_read(ff_span_of(cases[i].text), &time);
        if (is_time != (cases[i].want >= 0) || (is_time && time != cases[i].want))
            fail_msg("\"%s\" gives %lld", cases[i].text, (long long)time);
    }
}

static uint64_t scaled(const char *text, int shift)
{
    struct ff_decimal d;
    assert_true(ff_decimal_read(ff_span_of(text), &d));
    return ff_decimal_scale(d, shift);
}

static void decimals_keep_their_digits(void **state)
{
    (void)state;
    assert_int_equal(scaled("0.001234", 6), 1234);
    assert_int_equal(scaled("4.2e-05", 6), 42);
    assert_int_equal(scaled("0.0000000000000000000000012", 24), 1);
    assert_int_equal(scaled("00012", 0), 12);
    assert_int_equal(scaled("12345678901234567890123", -4), 1234567890123456789);
    assert_int_equal(scaled("0e99999999999", 0), 0);
    assert_true(scaled("1e20", 0) == UINT64_MAX);
    assert_true(scaled("18446744073709551616", 0) >= 9999999999999999990u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_timegm),
        cmocka_unit_test(shapes_of_iso),
        cmocka_unit_test(no_times_of_iso),
        cmocka_unit_test(a_bad_day_is_not_remembered),
        cmocka_unit_test(epochs_by_magnitude),
        cmocka_unit_test(decimals_keep_their_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
