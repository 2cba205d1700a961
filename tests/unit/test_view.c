/* Rollups -> view: sums, order, and what is derived. Every expected figure was added up
 * by hand from the rows beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "durations.h"
#include "hand_rollup.h"
#include "view.h"

static const struct ff_view_settings no_run = { .version = "1.2.3" };

static struct ff_view *view_of(const struct ff_rollup_list *list)
{
    struct ff_view *view;
    struct ff_fault fault;
    assert_int_equal(ff_view_create(&view, list, &no_run, &fault), FF_OK);
    return view;
}

static void assert_row(const struct ff_view_table *table, size_t i, const char *key,
                       uint64_t first, uint32_t periods)
{
    assert_true(i < table->n_rows);
    assert_true(ff_span_equal(table->rows[i].key[0], ff_span_of(key)));
    assert_int_equal(table->rows[i].measures[0], first);
    assert_int_equal(table->rows[i].periods, periods);
}

static void test_rows_add_up_by_key(void **state)
{
    (void)state;
    struct ff_rollup *monday = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    HAND_TABLE(monday, FF_PAGES, 3, { { "/" }, { 10, 8, 7 } },
               { { "/a" }, { 5, 4, 4 } });
    struct ff_rollup *tuesday = hand_rollup(FF_DAY, hand_date(2026, 3, 3));
    HAND_TABLE(tuesday, FF_PAGES, 1, { { "/a" }, { 20, 15, 12 } });
    struct ff_rollup_list list = { 0 };
    hand_add(&list, monday);
    hand_add(&list, tuesday);

    struct ff_view *view = view_of(&list);
    const struct ff_view_table *pages = &view->tables[FF_PAGES];
    assert_true(pages->is_present);
    assert_int_equal(pages->n_rows, 2);
    assert_row(pages, 0, "/a", 25, 2);
    assert_int_equal(pages->rows[0].measures[1], 19);
    assert_int_equal(pages->rows[0].measures[2], 16);
    assert_row(pages, 1, "/", 10, 1);
    assert_int_equal(pages->other, 4);
    assert_int_equal(pages->total, 39);
    assert_false(ff_view_row_is_least(view, pages, &pages->rows[0]));
    assert_true(ff_view_row_is_least(view, pages, &pages->rows[1]));
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

static void test_rows_of_equal_count_are_in_order_of_keys(void **state)
{
    (void)state;
    struct ff_rollup *day = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    HAND_TABLE(day, FF_TRANSITIONS, 0, { { "/b", "/a" }, { 7 } },
               { { "/a", "/b" }, { 7 } }, { { "/a", "/" }, { 7 } },
               { { "/z", "/z" }, { 8 } });
    struct ff_rollup_list list = { 0 };
    hand_add(&list, day);
    struct ff_view *view = view_of(&list);
    const struct ff_view_table *table = &view->tables[FF_TRANSITIONS];
    assert_row(table, 0, "/z", 8, 1);
    assert_row(table, 1, "/a", 7, 1);
    assert_true(ff_span_equal(table->rows[1].key[1], FF_SPAN("/")));
    assert_row(table, 2, "/a", 7, 1);
    assert_row(table, 3, "/b", 7, 1);
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

static void test_parts_of_keys_do_not_run_together(void **state)
{
    (void)state;
    struct ff_rollup *day = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    HAND_TABLE(day, FF_SOURCES, 0, { { "a", "bc" }, { 2 } }, { { "ab", "c" }, { 1 } });
    struct ff_rollup_list list = { 0 };
    hand_add(&list, day);
    struct ff_view *view = view_of(&list);
    assert_int_equal(view->tables[FF_SOURCES].n_rows, 2);
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

static void test_withheld_days_and_tables(void **state)
{
    (void)state;
    struct ff_rollup *quiet = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    struct ff_rollup *busy = hand_rollup(FF_DAY, hand_date(2026, 3, 3));
    busy->has_totals = true;
    busy->totals = (struct ff_totals) { 90, 100, 250, 40, 5, 6, 7000 };
    HAND_TABLE(busy, FF_COUNTRIES, 30, { { "DE" }, { 70, 60, 200 } });
    struct ff_rollup_list list = { 0 };
    hand_add(&list, quiet);
    hand_add(&list, busy);

    struct ff_view *view = view_of(&list);
    assert_true(view->totals.is_known);
    assert_int_equal(view->totals.sums.visitors, 90);
    assert_int_equal(view->totals.sums.bytes, 7000);
    assert_false(view->totals.has_median);
    assert_int_equal(view->n_unknown_days, 1);
    assert_int_equal(view->n_bare_days, 0);
    assert_false(view->days[0].totals.is_known);
    assert_true(view->days[1].totals.is_known);
    assert_true(view->tables[FF_COUNTRIES].is_present);
    assert_int_equal(view->tables[FF_COUNTRIES].total, 100);
    assert_false(view->tables[FF_PAGES].is_present);
    assert_int_equal(view->tables[FF_PAGES].n_rows, 0);
    assert_false(view->tables[FF_GOALS].is_present);
    uint64_t hundredths;
    assert_true(ff_view_pages_per_visit(&view->totals, &hundredths));
    assert_int_equal(hundredths, 250);
    assert_false(ff_view_pages_per_visit(&view->days[0].totals, &hundredths));
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

static void test_nothing_known(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    hand_add(&list, hand_rollup(FF_DAY, hand_date(2026, 3, 2)));
    struct ff_view *view = view_of(&list);
    assert_false(view->totals.is_known);
    assert_false(view->tables[FF_WEEKDAYS].is_present);
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

static void test_weekdays_come_from_days(void **state)
{
    (void)state;
    static const struct {
        int day;
        uint64_t visits, page_views;
    } days[] = { { 2, 10, 30 }, { 3, 25, 40 }, { 9, 5, 6 } }; /* Mon, Tue, Mon */
    struct ff_rollup_list list = { 0 };
    for (size_t i = 0; i < 3; i++) {
        struct ff_rollup *day = hand_rollup(FF_DAY, hand_date(2026, 3, days[i].day));
        day->has_totals = true;
        day->totals.visits = days[i].visits;
        day->totals.page_views = days[i].page_views;
        hand_add(&list, day);
    }
    struct ff_view *view = view_of(&list);
    const struct ff_view_table *weekdays = &view->tables[FF_WEEKDAYS];
    assert_int_equal(weekdays->n_rows, 2);
    assert_row(weekdays, 0, "tuesday", 25, 1);
    assert_row(weekdays, 1, "monday", 15, 2);
    assert_int_equal(weekdays->rows[1].measures[1], 36);
    assert_int_equal(weekdays->total, 40);
    assert_int_equal(weekdays->other, 0);
    assert_false(ff_view_row_is_least(view, weekdays, &weekdays->rows[0]));
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

static void test_weeks_have_no_weekdays(void **state)
{
    (void)state;
    struct ff_rollup *week = hand_rollup(FF_WEEK, hand_date(2026, 3, 2));
    week->has_totals = true;
    struct ff_rollup_list list = { 0 };
    hand_add(&list, week);
    struct ff_view *view = view_of(&list);
    assert_false(view->tables[FF_WEEKDAYS].is_present);
    assert_int_equal(view->end - view->from, 7);
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

static uint64_t median_of(const struct hand_row *rows, size_t n)
{
    struct ff_rollup *day = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    hand_table(day, FF_VISIT_DURATION, rows, n, 99);
    uint64_t seconds = 0;
    assert_true(ff_durations_table_median(&day->tables[FF_VISIT_DURATION], &seconds));
    ff_rollup_destroy(day);
    return seconds;
}

static void test_median(void **state)
{
    (void)state;
    /* 20 visits: the 10th is at the end of the first bucket. */
    const struct hand_row edge[] = { { { "0-10 s" }, { 10 } },
                                     { { "10-20 s" }, { 10 } } };
    assert_int_equal(median_of(edge, 2), 10);
    /* 10 visits, the 5th is the first of six spread over 60 to 90 s: 60 + 30 / 6. */
    const struct hand_row inside[] = { { { "1-1.5 min" }, { 6 } },
                                       { { "0-10 s" }, { 4 } } };
    assert_int_equal(median_of(inside, 2), 65);
    /* Half of 45 to 60 s is 52.5, which rounds up. */
    const struct hand_row half[] = { { { "45-60 s" }, { 7 } } };
    assert_int_equal(median_of(half, 1), 53);
    const struct hand_row last[] = { { { "2 h +" }, { 3 } } };
    assert_int_equal(median_of(last, 1), 7200);
    /* A label of another version counts nowhere. */
    const struct hand_row strange[] = { { { "3 days" }, { 50 } },
                                        { { "20-30 s" }, { 2 } } };
    assert_int_equal(median_of(strange, 2), 25);
}

static void test_no_median_without_durations(void **state)
{
    (void)state;
    struct ff_rollup *day = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    uint64_t seconds;
    assert_false(ff_durations_table_median(&day->tables[FF_VISIT_DURATION], &seconds));
    hand_table(day, FF_VISIT_DURATION, NULL, 0, 0);
    assert_false(ff_durations_table_median(&day->tables[FF_VISIT_DURATION], &seconds));
    ff_rollup_destroy(day);
}

static void test_every_line_is_in_one_class(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    for (int d = 2; d < 4; d++) {
        struct ff_rollup *day = hand_rollup(FF_DAY, hand_date(2026, 3, d));
        for (int i = 0; i < FF_HUMAN_CLASSES; i++)
            day->reconciliation.human[i] = 1; /* 8 a day */
        day->reconciliation.robots[FF_ROBOT_DECLARED] = 20;
        day->reconciliation.robots[FF_ROBOT_BEHAVING] = 3;
        day->reconciliation.malformed = 4;
        day->reconciliation.excluded = 5;
        day->reconciliation.blank = 6;
        hand_add(&list, day);
    }
    const struct ff_view_settings settings = {
        .version = "1",
        .run = { .duplicate = 100,
                 .outside = 200,
                 .malformed = 1,
                 .excluded = 2,
                 .blank = 3,
                 .is_provisional = true },
    };
    struct ff_view *view;
    struct ff_fault fault;
    assert_int_equal(ff_view_create(&view, &list, &settings, &fault), FF_OK);
    assert_int_equal(view->human, 16);
    assert_int_equal(view->robots, 46);
    assert_int_equal(view->sums.malformed, 9);
    assert_int_equal(view->sums.excluded, 12);
    assert_int_equal(view->sums.blank, 15);
    assert_int_equal(view->lines, 398); /* 16 + 46 + 9 + 100 + 200 + 12 + 15 */
    assert_true(view->is_provisional);
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

static void test_partial_rollups_are_provisional(void **state)
{
    (void)state;
    struct ff_rollup *day = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    day->is_partial = true;
    struct ff_rollup_list list = { 0 };
    hand_add(&list, day);
    struct ff_view *view = view_of(&list);
    assert_true(view->is_provisional);
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

/* Two days that differ in one thing are refused, with both days in the sentence. */
static void refuses(struct ff_rollup *a, struct ff_rollup *b, const char *why)
{
    struct ff_rollup_list list = { 0 };
    hand_add(&list, a);
    hand_add(&list, b);
    struct ff_view *view;
    struct ff_fault fault;
    assert_int_equal(ff_view_create(&view, &list, &no_run, &fault), FF_ERR_USAGE);
    assert_null(view);
    assert_non_null(strstr(fault.text, why));
    assert_non_null(strstr(fault.text, "2026-03-03"));
    ff_rollup_list_clear(&list);
}

static struct ff_rollup *third(void)
{
    return hand_rollup(FF_DAY, hand_date(2026, 3, 3));
}

static struct ff_rollup *fourth(void)
{
    return hand_rollup(FF_DAY, hand_date(2026, 3, 4));
}

static void test_what_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct ff_rollup *b = fourth();
    b->site = FF_SPAN("else.example");
    refuses(third(), b, "two sites");
    b = fourth();
    b->zone = FF_SPAN("Europe/Berlin");
    refuses(third(), b, "two time zones");
    b = fourth();
    b->profile = FF_PARTNER_PROFILE;
    refuses(third(), b, "partners");
    refuses(third(), hand_rollup(FF_WEEK, hand_date(2026, 3, 9)), "different length");
    b = fourth();
    b->kn = 6;
    refuses(third(), b, "thresholds");
    b = fourth();
    b->rules = 2;
    refuses(third(), b, "rules");
    refuses(fourth(), third(), "not in order");
    refuses(third(), third(), "overlap");
}

static void test_no_rollups_and_absurd_days_are_refused(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    struct ff_view *view;
    struct ff_fault fault;
    assert_int_equal(ff_view_create(&view, &list, &no_run, &fault), FF_ERR_USAGE);
    struct ff_rollup *day = third();
    day->start = INT32_MAX - 1;
    day->end = INT32_MAX;
    hand_add(&list, day);
    assert_int_equal(ff_view_create(&view, &list, &no_run, &fault), FF_ERR_USAGE);
    day->start = 10;
    day->end = 10;
    assert_int_equal(ff_view_create(&view, &list, &no_run, &fault), FF_ERR_USAGE);
    ff_rollup_list_clear(&list);
}

#define MANY_DAYS 100
#define MANY_ROWS 500

static void test_many_rows(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    struct hand_row *rows = (struct hand_row *)calloc(MANY_ROWS, sizeof *rows);
    char(*keys)[16] = (char(*)[16])calloc(MANY_ROWS, sizeof *keys);
    assert_non_null(rows);
    assert_non_null(keys);
    for (int d = 0; d < MANY_DAYS; d++) {
        for (int i = 0; i < MANY_ROWS; i++) { /* half of each day's keys are new */
            snprintf(keys[i], sizeof keys[i], "/%d", d * MANY_ROWS / 2 + i);
            rows[i] = (struct hand_row) { .key = { keys[i] }, .measures = { 1, 1, 1 } };
        }
        struct ff_rollup *day = third();
        day->start += d;
        day->end = day->start + 1;
        hand_table(day, FF_PAGES, rows, MANY_ROWS, 1);
        hand_add(&list, day);
    }
    struct ff_view *view = view_of(&list);
    const struct ff_view_table *pages = &view->tables[FF_PAGES];
    /* Every half but the first and the last is in two days. */
    assert_int_equal(pages->n_rows, MANY_ROWS / 2 * (MANY_DAYS + 1));
    assert_int_equal(pages->rows[0].measures[0], 2);
    assert_int_equal(pages->rows[pages->n_rows - 1].periods, 1);
    assert_int_equal(pages->total, MANY_DAYS * (MANY_ROWS + 1));
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
    free(rows);
    free(keys);
}

static void test_the_order_names_every_table_once(void **state)
{
    (void)state;
    bool is_seen[FF_VIEW_TABLES] = { false };
    for (int i = 0; i < FF_VIEW_TABLES; i++) {
        assert_false(is_seen[ff_view_order[i]]);
        is_seen[ff_view_order[i]] = true;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_add_up_by_key),
        cmocka_unit_test(test_rows_of_equal_count_are_in_order_of_keys),
        cmocka_unit_test(test_parts_of_keys_do_not_run_together),
        cmocka_unit_test(test_withheld_days_and_tables),
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_weekdays_come_from_days),
        cmocka_unit_test(test_weeks_have_no_weekdays),
        cmocka_unit_test(test_median),
        cmocka_unit_test(test_no_median_without_durations),
        cmocka_unit_test(test_every_line_is_in_one_class),
        cmocka_unit_test(test_partial_rollups_are_provisional),
        cmocka_unit_test(test_what_does_not_fit_is_refused),
        cmocka_unit_test(test_no_rollups_and_absurd_days_are_refused),
        cmocka_unit_test(test_many_rows),
        cmocka_unit_test(test_the_order_names_every_table_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
