/* The privacy receipt: where page views are counted, what holds for which profile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "hand_rollup.h"
#include "receipt.h"

static struct ff_view *view_of(const struct ff_rollup_list *list)
{
    static const struct ff_view_settings no_run = { .version = "1.2.3" };
    struct ff_view *view;
    struct ff_fault fault;
    assert_int_equal(ff_view_create(&view, list, &no_run, &fault), FF_OK);
    return view;
}

/* Three days: with a table of pages; with one that nothing could be named in; too few
 * visitors for any. */
static void add_days(struct ff_rollup_list *list, enum ff_profile profile)
{
    for (int day = 0; day < 3; day++) {
        struct ff_rollup *rollup = hand_rollup(FF_DAY, hand_date(2026, 3, 2 + day));
        rollup->profile = profile;
        rollup->reconciliation.human[FF_CLASS_PAGE_VIEWS] = day == 2 ? 45 : 200;
        if (day == 0)
            HAND_TABLE(rollup, FF_PAGES, 20, { { "/a" }, { 100, 90, 80 } },
                       { { "/b/*" }, { 50, 40, 30 } }, { { "/b/" }, { 30, 20, 20 } });
        if (day == 1)
            HAND_TABLE(rollup, FF_PAGES, 200, { { "/*" }, { 0, 0, 0 } });
        hand_add(list, rollup);
    }
}

static const char *sentence_about(const struct ff_view *view, const char *about)
{
    static struct ff_receipt_line line;
    for (unsigned i = 0; ff_receipt_line(view, i, &line); i++)
        if (line.about && strcmp(line.about, about) == 0 && line.sentence.text[0])
            return line.sentence.text;
    return "";
}

static void page_views_are_in_four_places(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    add_days(&list, FF_INTERNAL_PROFILE);
    struct ff_view *view = view_of(&list);
    const struct ff_page_shares p = ff_receipt_of(view).page_views;
    assert_int_equal(p.named, 130);
    assert_int_equal(p.sections, 50);
    assert_int_equal(p.other, 220);
    assert_int_equal(p.withheld, 45);
    assert_string_equal(
        sentence_about(view, "folded"),
        "Of 445 page views, 29.2 % are on pages by name, 11.2 % in sections, 49.4 % in "
        "\"other\" and 10.1 % in no table.");
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

static void nothing_is_said_of_no_page_views(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    hand_add(&list, hand_rollup(FF_WEEK, hand_date(2026, 3, 2)));
    struct ff_view *view = view_of(&list);
    assert_string_equal(sentence_about(view, "folded"), "");
    assert_non_null(strstr(sentence_about(view, "key"), "one a week"));
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

static bool has_fact(enum ff_receipt_list list, enum ff_profile profile,
                     const char *name)
{
    const struct ff_receipt_fact *fact;
    size_t at = 0;
    while ((fact = ff_receipt_next(list, profile, &at)))
        if (strcmp(fact->name, name) == 0)
            return true;
    return false;
}

/* privacy: bytes, paths not found and response times are internal. */
static void facts_are_of_the_profile(void **state)
{
    (void)state;
    static const char *const internal[] = { "not_found", "response_times", "bytes" };
    for (size_t i = 0; i < 3; i++) {
        assert_true(has_fact(FF_RECEIPT_KEPT, FF_INTERNAL_PROFILE, internal[i]));
        assert_false(has_fact(FF_RECEIPT_KEPT, FF_PARTNER_PROFILE, internal[i]));
    }
    assert_true(has_fact(FF_RECEIPT_NEVER, FF_PARTNER_PROFILE, "addresses"));
    for (int p = 0; p < FF_PROFILES; p++) {
        struct ff_rollup_list list = { 0 };
        add_days(&list, (enum ff_profile)p);
        struct ff_view *view = view_of(&list);
        const bool is_partner = p == FF_PARTNER_PROFILE;
        assert_int_equal(ff_receipt_of(view).rounding, is_partner ? 5 : 1);
        assert_int_equal(ff_receipt_of(view).search_k, 20);
        assert_int_equal(ff_receipt_of(view).tables_k, 50);
        assert_int_equal(strstr(sentence_about(view, "risks"), "exact") != NULL,
                         !is_partner);
        ff_view_destroy(view);
        ff_rollup_list_clear(&list);
    }
}

/* None is cut off by its buffer. */
static void sentences_are_whole(void **state)
{
    (void)state;
    for (int p = 0; p < FF_PROFILES; p++) {
        struct ff_rollup_list list = { 0 };
        struct ff_receipt_line line;
        add_days(&list, (enum ff_profile)p);
        struct ff_view *view = view_of(&list);
        for (unsigned i = 0; ff_receipt_line(view, i, &line); i++) {
            const size_t len = strlen(line.sentence.text);
            assert_true(len == 0 || line.sentence.text[len - 1] == '.');
        }
        ff_view_destroy(view);
        ff_rollup_list_clear(&list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_views_are_in_four_places),
        cmocka_unit_test(nothing_is_said_of_no_page_views),
        cmocka_unit_test(facts_are_of_the_profile),
        cmocka_unit_test(sentences_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
