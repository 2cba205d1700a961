/* Live's clock: it follows the lines, and not a few that are far off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above it */
#include <cmocka.h>

#include "live_clock.h"

#define NOON   1772452800
#define LATEST (NOON * (int64_t)3)

static void it_follows_the_lines(void **state)
{
    (void)state;
    struct ff_live_clock clock = { 0 };
    assert_true(ff_live_clock_note(&clock, NOON, 0, LATEST));
    assert_int_equal(clock.time, NOON);
    assert_true(ff_live_clock_note(&clock, NOON + 5, 0, LATEST));
    assert_true(ff_live_clock_note(&clock, NOON + 3, 0, LATEST));
    assert_true(ff_live_clock_note(&clock, NOON + 5 - FF_CLOCK_FAR, 0, LATEST));
    assert_int_equal(clock.time, NOON + 5);
    assert_true(ff_live_clock_note(&clock, NOON + 5 + FF_CLOCK_FAR, 0, LATEST));
    assert_int_equal(clock.time, NOON + 5 + FF_CLOCK_FAR);
}

static void it_is_sure_of_ten_lines(void **state)
{
    (void)state;
    struct ff_live_clock clock = { 0 };
    for (int i = 0; i < FF_CLOCK_LINES; i++) {
        assert_false(ff_live_clock_is_sure(&clock));
        ff_live_clock_note(&clock, NOON, 0, LATEST);
    }
    assert_true(ff_live_clock_is_sure(&clock));
}

static void a_line_far_off_does_not_move_it(void **state)
{
    (void)state;
    static const int64_t far[] = { 0, NOON * (int64_t)2, INT64_MAX / 2, -NOON };
    struct ff_live_clock clock = { 0 };
    ff_live_clock_note(&clock, NOON, 0, LATEST);
    for (int i = 0; i < 100; i++) {
        assert_false(ff_live_clock_note(&clock, far[i % 4], 0, LATEST));
        assert_int_equal(clock.time, NOON);
    }
}

/* In the morning the first line is hours ahead of the last one, as it should be. */
static void a_quiet_night_is_believed(void **state)
{
    (void)state;
    struct ff_live_clock clock = { 0 };
    ff_live_clock_note(&clock, NOON, 0, LATEST);
    assert_true(ff_live_clock_note(&clock, NOON + 30000, 30000, LATEST));
    assert_int_equal(clock.time, NOON + 30000);
    assert_false(ff_live_clock_note(&clock, NOON - 30000, 60000, LATEST));
}

/* A gap in a replayed archive, and a first line that was far off. */
static void it_follows_ten_in_a_row(void **state)
{
    (void)state;
    static const int64_t nights[] = { 86400, -86400 };
    for (int way = 0; way < 2; way++) {
        struct ff_live_clock clock = { 0 };
        ff_live_clock_note(&clock, NOON, 0, LATEST);
        for (int i = 1; i < FF_CLOCK_LINES; i++)
            assert_false(
                ff_live_clock_note(&clock, NOON + nights[way] + i % 3, 0, LATEST));
        assert_int_equal(clock.time, NOON);
        assert_true(ff_live_clock_note(&clock, NOON + nights[way] + 1, 0, LATEST));
        /* The one that is nearest. */
        assert_int_equal(clock.time, NOON + nights[way] + (way ? 2 : 0));
    }
}

static void nine_and_one_between_are_not_ten(void **state)
{
    (void)state;
    struct ff_live_clock clock = { 0 };
    ff_live_clock_note(&clock, NOON, 0, LATEST);
    for (int i = 1; i < 100; i++) {
        const bool is_far = i % FF_CLOCK_LINES;
        ff_live_clock_note(&clock, is_far ? NOON + 90000 : NOON, 0, LATEST);
        assert_int_equal(clock.time, NOON);
    }
}

/* A machine that begins before it knows the time. */
static void a_wrong_beginning_is_forgotten(void **state)
{
    (void)state;
    struct ff_live_clock clock = { 0 };
    for (int i = 0; i < 3; i++)
        ff_live_clock_note(&clock, i, 0, LATEST);
    assert_int_equal(clock.first, 0);
    for (int i = 0; i < FF_CLOCK_LINES; i++) {
        assert_false(ff_live_clock_is_sure(&clock));
        ff_live_clock_note(&clock, NOON + i, 0, LATEST);
    }
    assert_true(ff_live_clock_is_sure(&clock));
    assert_int_equal(clock.first, NOON);
    ff_live_clock_note(&clock, NOON - 7, 0, LATEST);
    assert_int_equal(clock.first, NOON - 7);
    /* From here on a gap is a gap. */
    for (int i = 0; i < FF_CLOCK_LINES; i++)
        ff_live_clock_note(&clock, NOON + 90000, 0, LATEST);
    assert_int_equal(clock.time, NOON + 90000);
    assert_int_equal(clock.first, NOON - 7);
    /* Old lines, ten and more, tell nothing of what was between. */
    for (int i = 0; i < 3 * FF_CLOCK_LINES; i++)
        ff_live_clock_note(&clock, NOON - 90000 - i, 0, LATEST);
    assert_int_equal(clock.time, NOON - 90000);
    assert_int_equal(clock.first, NOON - 7);
}

static void a_wrong_year_is_forgotten(void **state)
{
    (void)state;
    struct ff_live_clock clock = { 0 };
    for (int i = 0; i < 100; i++)
        ff_live_clock_note(&clock, i, 0, LATEST);
    for (int i = 0; i < FF_CLOCK_LINES; i++)
        ff_live_clock_note(&clock, NOON + i, 0, LATEST);
    assert_int_equal(clock.first, NOON);
}

static void nothing_is_believed_of_the_future(void **state)
{
    (void)state;
    struct ff_live_clock clock = { 0 };
    assert_false(ff_live_clock_note(&clock, NOON, 0, NOON - 1));
    assert_int_equal(clock.lines, 0);
    assert_true(ff_live_clock_note(&clock, NOON, 0, NOON));
    for (int i = 0; i < 100; i++)
        assert_false(ff_live_clock_note(&clock, NOON + 90000, 0, NOON + 86400));
    assert_int_equal(clock.time, NOON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_follows_the_lines),
        cmocka_unit_test(it_is_sure_of_ten_lines),
        cmocka_unit_test(a_line_far_off_does_not_move_it),
        cmocka_unit_test(a_quiet_night_is_believed),
        cmocka_unit_test(it_follows_ten_in_a_row),
        cmocka_unit_test(nine_and_one_between_are_not_ten),
        cmocka_unit_test(a_wrong_beginning_is_forgotten),
        cmocka_unit_test(a_wrong_year_is_forgotten),
        cmocka_unit_test(nothing_is_believed_of_the_future),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
