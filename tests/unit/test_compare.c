/* A second span beside the first: which days it has, and what is said of the figures.
 * Every expected figure was worked out by hand from the rows beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "change.h"
#include "comparison.h"
#include "hand_rollup.h"
#include "inert.h"

static int32_t day(int year, int month, int date)
{
    return ff_day_of_date(hand_date(year, month, date));
}

/* ---- which days ---- */

static void assert_days(struct ff_days days, int32_t from, int32_t end)
{
    assert_int_equal(days.from, from);
    assert_int_equal(days.end, end);
}

static void test_days_before(void **state)
{
    (void)state;
    const struct ff_compare previous = { .kind = FF_COMPARE_PREVIOUS };
    const struct ff_compare year = { .kind = FF_COMPARE_YEAR };
    const struct ff_days march = { day(2026, 3, 1), day(2026, 4, 1) };
    /* 31 days before the first of March. */
    assert_days(ff_compare_days(&previous, FF_DAY, march), day(2026, 1, 29),
                day(2026, 3, 1));
    const struct ff_days monday = { day(2026, 3, 2), day(2026, 3, 3) };
    assert_days(ff_compare_days(&previous, FF_DAY, monday), day(2026, 3, 1),
                day(2026, 3, 2));
    /* The Monday of the year before. */
    const struct ff_days before = ff_compare_days(&year, FF_DAY, monday);
    assert_days(before, day(2025, 3, 3), day(2025, 3, 4));
    assert_int_equal(ff_weekday_of_day(before.from), 0);
}

static void test_weeks_before(void **state)
{
    (void)state;
    const struct ff_compare previous = { .kind = FF_COMPARE_PREVIOUS };
    const struct ff_compare year = { .kind = FF_COMPARE_YEAR };
    const struct ff_days weeks = { day(2026, 3, 2), day(2026, 3, 16) };
    assert_days(ff_compare_days(&previous, FF_WEEK, weeks), day(2026, 2, 16),
                day(2026, 3, 2));
    assert_days(ff_compare_days(&year, FF_WEEK, weeks), day(2025, 3, 3),
                day(2025, 3, 17));
}

static void test_months_before_are_months(void **state)
{
    (void)state;
    const struct ff_compare previous = { .kind = FF_COMPARE_PREVIOUS };
    const struct ff_compare year = { .kind = FF_COMPARE_YEAR };
    /* January to March is 90 days; the three months before are 92. */
    const struct ff_days quarter = { day(2026, 1, 1), day(2026, 4, 1) };
    assert_days(ff_compare_days(&previous, FF_MONTH, quarter), day(2025, 10, 1),
                day(2026, 1, 1));
    assert_days(ff_compare_days(&year, FF_MONTH, quarter), day(2025, 1, 1),
                day(2025, 4, 1));
    const struct ff_days leap = { day(2024, 2, 1), day(2024, 3, 1) };
    assert_days(ff_compare_days(&year, FF_MONTH, leap), day(2023, 2, 1),
                day(2023, 3, 1));
}

static void test_days_named_are_cut_to_whole_periods(void **state)
{
    (void)state;
    const struct ff_compare named = { FF_COMPARE_DAYS,
                                      { day(2026, 1, 7), day(2026, 3, 4) } };
    const struct ff_days any = { day(2026, 3, 2), day(2026, 3, 9) };
    assert_days(ff_compare_days(&named, FF_DAY, any), day(2026, 1, 7), day(2026, 3, 4));
    assert_days(ff_compare_days(&named, FF_WEEK, any), day(2026, 1, 12),
                day(2026, 3, 2));
    assert_days(ff_compare_days(&named, FF_MONTH, any), day(2026, 2, 1),
                day(2026, 3, 1));
    const struct ff_compare few = { FF_COMPARE_DAYS,
                                    { day(2026, 3, 3), day(2026, 3, 6) } };
    const struct ff_days none = ff_compare_days(&few, FF_WEEK, any);
    assert_true(none.from >= none.end);
}

/* ---- two spans of two days ---- */

/* Both spans and their view; the lists own the rollups. */
struct pair {
    struct ff_rollup_list ours, theirs;
    struct ff_comparison comparison;
    struct ff_view *view;
};

static enum ff_err compare(struct pair *pair, struct ff_days days,
                           struct ff_fault *fault)
{
    pair->comparison = (struct ff_comparison) { days, &pair->theirs };
    const struct ff_view_settings settings = { .version = "1.2.3",
                                               .comparison = &pair->comparison };
    return ff_view_create(&pair->view, &pair->ours, &settings, fault);
}

static void clear(struct pair *pair)
{
    ff_view_destroy(pair->view);
    ff_rollup_list_clear(&pair->ours);
    ff_rollup_list_clear(&pair->theirs);
}

static struct ff_rollup *add_day(struct ff_rollup_list *list, int date,
                                 struct ff_totals totals)
{
    struct ff_rollup *rollup = hand_rollup(FF_DAY, hand_date(2026, 3, date));
    rollup->has_totals = true;
    rollup->totals = totals;
    hand_add(list, rollup);
    return rollup;
}

/* 4 and 5 March against 2 and 3 March. */
static void make_pair(struct pair *pair)
{
    struct ff_fault fault;
    *pair = (struct pair) { 0 };
    struct ff_rollup *monday =
        add_day(&pair->theirs, 2, (struct ff_totals) { 90, 100, 200, 40, 0, 4, 1000 });
    HAND_TABLE(monday, FF_PAGES, 10, { { "/" }, { 100, 90, 80 } },
               { { "/a" }, { 50, 40, 40 } }, { { "/once" }, { 40, 30, 30 } });
    HAND_TABLE(monday, FF_ROBOTS_TABLE, 0, { { "bingbot" }, { 8, 8, 0 } });
    struct ff_rollup *tuesday =
        add_day(&pair->theirs, 3, (struct ff_totals) { 90, 100, 200, 40, 0, 4, 1000 });
    HAND_TABLE(tuesday, FF_PAGES, 10, { { "/" }, { 100, 90, 80 } },
               { { "/a" }, { 70, 40, 40 } });
    HAND_TABLE(tuesday, FF_ROBOTS_TABLE, 0, { { "bingbot" }, { 8, 8, 0 } });
    struct ff_rollup *wednesday =
        add_day(&pair->ours, 4, (struct ff_totals) { 90, 110, 300, 40, 3, 1, 1500 });
    HAND_TABLE(wednesday, FF_PAGES, 0, { { "/" }, { 150, 90, 80 } },
               { { "/a" }, { 20, 20, 20 } }, { { "/once" }, { 30, 30, 30 } },
               { { "/new" }, { 15, 15, 15 } });
    HAND_TABLE(wednesday, FF_ROBOTS_TABLE, 0, { { "bingbot" }, { 4, 4, 0 } },
               { { "GPTBot" }, { 3, 3, 0 } });
    struct ff_rollup *thursday =
        add_day(&pair->ours, 5, (struct ff_totals) { 90, 115, 300, 39, 0, 1, 1500 });
    HAND_TABLE(thursday, FF_PAGES, 0, { { "/" }, { 101, 90, 80 } },
               { { "/once" }, { 30, 30, 30 } }, { { "/new" }, { 15, 15, 15 } });
    HAND_TABLE(thursday, FF_ROBOTS_TABLE, 0, { { "bingbot" }, { 4, 4, 0 } });
    assert_int_equal(
        compare(pair, (struct ff_days) { day(2026, 3, 2), day(2026, 3, 4) }, &fault),
        FF_OK);
}

static const char *change_of(const struct ff_view *view, int t, const char *key,
                             struct ff_words *words)
{
    const struct ff_view_table *table = &view->tables[t];
    for (size_t i = 0; i < table->n_rows; i++) {
        if (!ff_span_equal(table->rows[i].key[0], ff_span_of(key)))
            continue;
        *words = ff_change_of_row(view, table, &table->rows[i]);
        return words->text;
    }
    fail_msg("no row %s", key);
    return NULL;
}

static void test_changes_of_rows(void **state)
{
    (void)state;
    struct pair pair;
    struct ff_words words;
    make_pair(&pair);
    const struct ff_view *view = pair.view;
    /* 251 after 200. */
    assert_string_equal(change_of(view, FF_PAGES, "/", &words), "+25.5 %");
    /* Here at least 20, there 120: a percentage would be of an unknown number. */
    assert_string_equal(change_of(view, FF_PAGES, "/a", &words), "-100 ~");
    /* Here 60, there at least 40. */
    assert_string_equal(change_of(view, FF_PAGES, "/once", &words), "+20 ~");
    /* There it is in "other", with who knows how many. */
    assert_string_equal(change_of(view, FF_PAGES, "/new", &words), "~");
    /* Robots have no "other": what has no row was not there. 8 after 16. */
    assert_string_equal(change_of(view, FF_ROBOTS_TABLE, "bingbot", &words), "-50.0 %");
    assert_string_equal(change_of(view, FF_ROBOTS_TABLE, "GPTBot", &words), "new");
    /* 361 after 380. */
    words = ff_change_of_total(view, &view->tables[FF_PAGES]);
    assert_string_equal(words.text, "-5.0 %");
    clear(&pair);
}

static void test_changes_of_headlines(void **state)
{
    (void)state;
    static const struct {
        const char *other, *change;
    } want[FF_HEADLINES] = {
        { "180", "0.0 %" },   { "200", "+12.5 %" },  /* 225 visits */
        { "400", "+50.0 %" }, { "2.00", "+33.5 %" }, /* 600 / 225 = 2.67 */
        { "-", "-" },         { "80", "-1.3 %" },    /* 79 bounces; 1.25 rounds up */
        { "0", "new" },       { "8", "-75.0 %" },    { "2.0 kB", "+50.0 %" },
    };
    struct pair pair;
    struct ff_headline_change changes[FF_HEADLINES];
    make_pair(&pair);
    ff_change_of_headlines(pair.view, changes);
    for (size_t i = 0; i < FF_HEADLINES; i++) {
        assert_string_equal(changes[i].other.text, want[i].other);
        assert_string_equal(changes[i].change.text, want[i].change);
    }
    clear(&pair);
}

static void test_withheld_days_have_no_percentage(void **state)
{
    (void)state;
    struct pair pair = { 0 };
    struct ff_fault fault;
    struct ff_headline_change changes[FF_HEADLINES];
    add_day(&pair.theirs, 2, (struct ff_totals) { 90, 100, 200, 40, 0, 4, 1000 });
    hand_add(&pair.theirs, hand_rollup(FF_DAY, hand_date(2026, 3, 3)));
    add_day(&pair.ours, 4, (struct ff_totals) { 90, 110, 250, 30, 3, 1, 5000 });
    add_day(&pair.ours, 5, (struct ff_totals) { 90, 110, 250, 30, 3, 1, 5000 });
    const struct ff_days days = { day(2026, 3, 2), day(2026, 3, 4) };
    assert_int_equal(compare(&pair, days, &fault), FF_OK);
    ff_change_of_headlines(pair.view, changes);
    assert_string_equal(changes[1].change.text, "+120 ~");
    assert_string_equal(changes[3].change.text, "~"); /* pages a visit */
    assert_string_equal(changes[8].change.text, "+9.0 kB ~");
    /* Weekdays are made of the totals; Wednesday had none there, Monday none here. */
    struct ff_words words;
    assert_string_equal(change_of(pair.view, FF_WEEKDAYS, "wednesday", &words),
                        "+110 ~");
    /* No table of pages is there at all. */
    const struct ff_view_table *pages = &pair.view->tables[FF_PAGES];
    words = ff_change_of_total(pair.view, pages);
    assert_string_equal(words.text, "~");
    struct ff_sentence sentence;
    assert_true(ff_comparison_sentence(pair.view, &sentence));
    assert_string_equal(sentence.text,
                        "Compared with 2026-03-02 to 2026-03-03 (2 days). Withheld in "
                        "it: the totals of 1 and the tables of 2 of its days.");
    clear(&pair);
}

static void test_percentages(void **state)
{
    (void)state;
    assert_string_equal(ff_change_percent(0, 0).text, "0.0 %");
    assert_string_equal(ff_change_percent(5, 0).text, "new");
    assert_string_equal(ff_change_percent(0, 5).text, "-100.0 %");
    assert_string_equal(ff_change_percent(1001, 1000).text, "+0.1 %");
    assert_string_equal(ff_change_percent(100001, 100000).text, "0.0 %");
    assert_string_equal(ff_change_percent(2, 3).text, "-33.3 %");
    assert_string_equal(ff_change_percent(10994, 1000).text, "+999.4 %");
    assert_string_equal(ff_change_percent(10995, 1000).text, ">+999 %");
    assert_string_equal(ff_change_percent(UINT64_MAX, 1).text, ">+999 %");
    assert_string_equal(ff_change_percent(1, UINT64_MAX).text, "-100.0 %");
}

/* ---- what is there ---- */

static void assert_sentence(struct pair *pair, struct ff_days days, const char *want)
{
    struct ff_fault fault;
    struct ff_sentence sentence;
    assert_int_equal(compare(pair, days, &fault), FF_OK);
    assert_true(ff_comparison_sentence(pair->view, &sentence));
    assert_string_equal(sentence.text, want);
    ff_view_destroy(pair->view);
    pair->view = NULL;
}

static void test_what_is_there_is_said(void **state)
{
    (void)state;
    struct pair pair = { 0 };
    const struct ff_totals some = { 90, 100, 200, 40, 0, 4, 1000 };
    add_day(&pair.ours, 4, some);
    add_day(&pair.ours, 5, some);
    const struct ff_days before = { day(2026, 3, 2), day(2026, 3, 4) };
    assert_sentence(&pair, before,
                    "Nothing to compare with: of 2026-03-02 to 2026-03-03 no day is "
                    "there.");
    struct ff_rollup *tuesday = add_day(&pair.theirs, 3, some);
    HAND_TABLE(tuesday, FF_HOURS, 0, { { "9" }, { 100, 200 } });
    assert_sentence(&pair, before,
                    "Compared with 2026-03-02 to 2026-03-03, of which 1 of 2 days is "
                    "there; this report has 2, so the sums are not of equally many "
                    "days.");
    const struct ff_days one = { day(2026, 3, 3), day(2026, 3, 4) };
    assert_sentence(&pair, one,
                    "Compared with 2026-03-03 (1 day); this report has 2, so the sums "
                    "are not of equally many days.");
    tuesday->is_partial = true;
    struct ff_rollup *friday = add_day(&pair.theirs, 6, some);
    HAND_TABLE(friday, FF_HOURS, 0, { { "9" }, { 100, 200 } });
    const struct ff_days wide = { day(2026, 3, 1), day(2026, 3, 8) };
    assert_sentence(&pair, wide,
                    "Compared with 2026-03-01 to 2026-03-07, of which 2 of 7 days are "
                    "there. Of 1 of its days the beginning was missing when they were "
                    "counted.");
    clear(&pair);
}

static void test_a_span_may_be_held_against_itself(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    struct ff_rollup *rollup =
        add_day(&list, 4, (struct ff_totals) { 90, 100, 200, 40, 0, 4, 1000 });
    HAND_TABLE(rollup, FF_PAGES, 1, { { "/" }, { 199, 100, 90 } });
    const struct ff_comparison itself = { { day(2026, 3, 4), day(2026, 3, 5) }, &list };
    const struct ff_view_settings settings = { .version = "1", .comparison = &itself };
    struct ff_view *view;
    struct ff_fault fault;
    struct ff_words words;
    assert_int_equal(ff_view_create(&view, &list, &settings, &fault), FF_OK);
    assert_string_equal(change_of(view, FF_PAGES, "/", &words), "0.0 %");
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

static void assert_refused(struct pair *pair, struct ff_days days, const char *want)
{
    struct ff_fault fault;
    assert_int_equal(compare(pair, days, &fault), FF_ERR_USAGE);
    assert_null(pair->view);
    assert_string_equal(fault.text, want);
}

static void test_what_cannot_be_compared(void **state)
{
    (void)state;
    struct pair pair = { 0 };
    const struct ff_days days = { day(2026, 3, 2), day(2026, 3, 3) };
    hand_add(&pair.ours, hand_rollup(FF_DAY, hand_date(2026, 3, 4)));
    struct ff_rollup *other = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    hand_add(&pair.theirs, other);
    other->zone = FF_SPAN("Europe/Berlin");
    assert_refused(&pair, days,
                   "the rollups of 2026-03-02 and 2026-03-04 cannot be compared: their "
                   "days are of two time zones");
    other->zone = pair.ours.items[0]->zone;
    other->kn = 7;
    assert_refused(&pair, days,
                   "the rollups of 2026-03-02 and 2026-03-04 cannot be compared: their "
                   "thresholds (k, kn) differ");
    other->kn = pair.ours.items[0]->kn;
    hand_add(&pair.theirs, hand_rollup(FF_DAY, hand_date(2026, 3, 2)));
    assert_refused(&pair, days,
                   "the rollups of 2026-03-02 and 2026-03-02 cannot be in one report: "
                   "their days overlap");
    assert_refused(&pair, (struct ff_days) { 5, 5 },
                   "the days to compare with are no span that can be shown");
    clear(&pair);
}

/* ---- the forms ---- */

static char *render(const struct ff_view *view, const char *ending, unsigned columns)
{
    const struct ff_render_settings settings = { .rows = 20, .columns = columns };
    struct ff_fault fault;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    assert_int_equal(ff_renderer_for(ending)->render(out, view, &settings, &fault),
                     FF_OK);
    fclose(out);
    return text;
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("not there: %s\n%s", part, text);
}

static void test_text(void **state)
{
    (void)state;
    struct pair pair;
    make_pair(&pair);
    char *text = render(pair.view, ".txt", 80);
    has(text, "\n  Compared with 2026-03-02 to 2026-03-03 (2 days).\n");
    has(text,
        "\n                      this span               other span        change\n");
    has(text,
        "\n  visits                    225                      200       +12.5 %\n");
    has(text,
        "\n  bounces                    79 (35.1 %)              80        -1.3 %\n");
    has(text, "\nPages                       page views    change  visits");
    has(text,
        "\n  /                                251   +25.5 %     180           160  ");
    has(text,
        "\n  /a                                20+   -100 ~      20            20  ");
    has(text,
        "\n  /new                              30         ~      30            30  ");
    has(text, "\n  total                            361    -5.0 %\n");
    has(text, "A ~ in a change:");
    free(text);
    clear(&pair);
}

static void test_text_keeps_its_columns(void **state)
{
    (void)state;
    struct pair pair = { 0 };
    struct ff_fault fault;
    const uint64_t most = 123456789;
    const struct ff_totals all = { most, most, most, most, most, most, most };
    for (int i = 0; i < 4; i++) {
        struct ff_rollup *rollup =
            add_day(i < 2 ? &pair.ours : &pair.theirs, 2 + i, all);
        for (int t = 0; t < FF_TABLES && i % 2 == 0; t++)
            HAND_TABLE(rollup, (enum ff_table)t, 17,
                       { { "/a-very-long-key-of-many-words", "/b", "c" },
                         { 99999999, 9999999, 9999999, 9999, 999 } },
                       { { "d", "e", "f" }, { 5, 5, 5, 5, 5 } });
    }
    hand_add(&pair.theirs, hand_rollup(FF_DAY, hand_date(2026, 3, 6)));
    const struct ff_days days = { day(2026, 3, 4), day(2026, 3, 7) };
    assert_int_equal(compare(&pair, days, &fault), FF_OK);
    for (unsigned columns = 40; columns < 100; columns++) {
        char *text = render(pair.view, ".txt", columns);
        for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
            const struct ff_span s = { line, strcspn(line, "\n") };
            if (ff_inert_width(s) > columns)
                fail_msg("%u columns: %.*s", columns, (int)s.len, s.data);
            if (s.len && s.data[s.len - 1] == ' ')
                fail_msg("blanks at the end: %.*s", (int)s.len, s.data);
        }
        free(text);
    }
    clear(&pair);
}

static void test_json(void **state)
{
    (void)state;
    struct pair pair;
    make_pair(&pair);
    char *json = render(pair.view, ".json", 0);
    has(json, "\n  \"comparison\": {\n    \"from\": \"2026-03-02\",\n"
              "    \"to\": \"2026-03-03\",\n    \"periods\": 2,\n"
              "    \"totals\": {\"visitors\": 180, \"visits\": 200,");
    has(json, "{\"key\": \"/a\", \"page_views\": 120, \"visits\": 80, "
              "\"visitors\": 80, \"periods\": 2},\n");
    has(json, "{\"key\": \"/once\", \"page_views\": 40, \"visits\": 30, "
              "\"visitors\": 30, \"periods\": 1}\n");
    free(json);
    clear(&pair);
}

static void test_json_of_nothing_there(void **state)
{
    (void)state;
    struct pair pair = { 0 };
    struct ff_fault fault;
    hand_add(&pair.ours, hand_rollup(FF_DAY, hand_date(2026, 3, 4)));
    const struct ff_days days = { day(2026, 3, 3), day(2026, 3, 4) };
    assert_int_equal(compare(&pair, days, &fault), FF_OK);
    char *json = render(pair.view, ".json", 0);
    has(json, "\"periods\": 0,\n    \"totals\": null,\n    \"tables\": {\n"
              "      \"pages\": {\n        \"rows\": [],\n        \"other\": null,\n"
              "        \"total\": null\n      },\n");
    free(json);
    clear(&pair);
}

/* A second span's rows would be dates like any other: a sum over all would add the two
 * spans up. */
static void test_csv_is_of_the_first_span(void **state)
{
    (void)state;
    struct pair pair;
    make_pair(&pair);
    char *csv = render(pair.view, ".csv", 0);
    has(csv, "\n2026-03-04,totals,,visits,110\n");
    assert_null(strstr(csv, "2026-03-02"));
    free(csv);
    clear(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days_before),
        cmocka_unit_test(test_weeks_before),
        cmocka_unit_test(test_months_before_are_months),
        cmocka_unit_test(test_days_named_are_cut_to_whole_periods),
        cmocka_unit_test(test_changes_of_rows),
        cmocka_unit_test(test_changes_of_headlines),
        cmocka_unit_test(test_withheld_days_have_no_percentage),
        cmocka_unit_test(test_percentages),
        cmocka_unit_test(test_what_is_there_is_said),
        cmocka_unit_test(test_a_span_may_be_held_against_itself),
        cmocka_unit_test(test_what_cannot_be_compared),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_text_keeps_its_columns),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_json_of_nothing_there),
        cmocka_unit_test(test_csv_is_of_the_first_span),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
