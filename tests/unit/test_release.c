/* What is released and what is not, small cases by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hand_period.h"

/* Visitors `from` to `to` - 1 view the page, visitor v from network v % networks. */
static void crowd(struct hand_period *p, const char *page, unsigned from, unsigned to,
                  unsigned networks)
{
    for (unsigned v = from; v < to; v++) {
        struct ff_hit hit = hand_hit(FF_PAGE_VIEW, page, 100);
        hit.visitor = hand_token(v);
        hit.net = hand_token(v % networks);
        hand_put(p, hit);
    }
}

/* The row with this first key part, or NULL. */
static const struct ff_row *row_of(const struct ff_rollup *rollup, enum ff_table table,
                                   const char *key)
{
    const struct ff_table_data *data = &rollup->tables[table];
    for (size_t i = 0; i < data->n_rows; i++)
        if (ff_span_equal(data->rows[i].key[0], ff_span_of(key)))
            return &data->rows[i];
    return NULL;
}

static void a_row_needs_k_visitors(void **state)
{
    (void)state;
    for (unsigned n = 9; n <= 11; n++) {
        struct hand_period p;
        hand_open_period(&p, FF_DAY, FF_INTERNAL_PROFILE);
        crowd(&p, "/", 0, 60, 20);
        crowd(&p, "/some", 0, 30, 20);
        crowd(&p, "/rare", 0, n, 20);
        struct ff_rollup *rollup = hand_release(&p);
        const struct ff_row *rare = row_of(rollup, FF_PAGES, "/rare");
        assert_int_equal(rare != NULL, n >= 10);
        assert_null(row_of(rollup, FF_PAGES, "/rare/*"));
        assert_int_equal(rollup->tables[FF_PAGES].total, 90 + n);
        /* Nine are not enough for "other": the smallest row goes with them. */
        assert_int_equal(rollup->tables[FF_PAGES].other, n < 10 ? 30 + n : 0);
        assert_int_equal(row_of(rollup, FF_PAGES, "/some") != NULL, n >= 10);
        if (rare) {
            assert_int_equal(rare->measures[0], n);
            assert_int_equal(rare->measures[1], n);
            assert_int_equal(rare->measures[2], n);
        }
        ff_rollup_destroy(rollup);
    }
}

static void a_row_needs_kn_networks(void **state)
{
    (void)state;
    for (unsigned networks = 4; networks <= 6; networks++) {
        struct hand_period p;
        hand_open_period(&p, FF_DAY, FF_INTERNAL_PROFILE);
        crowd(&p, "/", 0, 60, 20);
        crowd(&p, "/some", 0, 30, 20);
        crowd(&p, "/rare", 1000, 1040, networks);
        struct ff_rollup *rollup = hand_release(&p);
        assert_int_equal(row_of(rollup, FF_PAGES, "/rare") != NULL, networks >= 5);
        assert_int_equal(rollup->totals.visitors, 100);
        ff_rollup_destroy(rollup);
    }
}

static void totals_need_kn_networks(void **state)
{
    (void)state;
    for (unsigned networks = 4; networks <= 6; networks++) {
        struct hand_period p;
        hand_open_period(&p, FF_DAY, FF_INTERNAL_PROFILE);
        crowd(&p, "/", 0, 60, networks);
        struct ff_rollup *rollup = hand_release(&p);
        assert_int_equal(rollup->has_totals, networks >= 5);
        assert_int_equal(rollup->tables[FF_PAGES].is_present, networks >= 5);
        assert_int_equal(rollup->reconciliation.human[FF_CLASS_PAGE_VIEWS], 60);
        ff_rollup_destroy(rollup);
    }
}

static void cells_that_stand_only_together(void **state)
{
    (void)state;
    for (unsigned overlap = 0; overlap <= 1; overlap++) {
        struct hand_period p;
        hand_open_period(&p, FF_DAY, FF_INTERNAL_PROFILE);
        crowd(&p, "/", 0, 60, 20);
        crowd(&p, "/blog/a", 0, 5, 20);
        crowd(&p, "/blog/a", 0, 5, 20);
        crowd(&p, "/blog/b/c", 5 - overlap, 10 - overlap, 20);
        struct ff_rollup *rollup = hand_release(&p);
        const struct ff_row *blog = row_of(rollup, FF_PAGES, "/blog/*");
        /* One visitor who is in both is one visitor of the section. */
        assert_int_equal(blog != NULL, overlap == 0);
        if (blog) {
            assert_int_equal(blog->measures[0], 15);
            assert_int_equal(blog->measures[1], 10);
            assert_int_equal(blog->measures[2], 10);
        }
        ff_rollup_destroy(rollup);
    }
}

/* A literal "/blog/" "*" in the log is not taken for the section. */
static void a_page_that_looks_like_a_section(void **state)
{
    (void)state;
    struct hand_period p;
    hand_open_period(&p, FF_DAY, FF_INTERNAL_PROFILE);
    crowd(&p, "/", 0, 60, 20);
    crowd(&p, "/blog/*", 0, 20, 20);
    crowd(&p, "/blog/a", 20, 25, 20);
    struct ff_rollup *rollup = hand_release(&p);
    assert_int_equal(rollup->tables[FF_PAGES].n_rows, 2);
    assert_int_equal(row_of(rollup, FF_PAGES, "/blog/*")->measures[0], 25);
    ff_rollup_destroy(rollup);
}

/* The row that goes has the fewest visitors, not the fewest page views; of equals the
 * first by key. */
static void the_smallest_row_goes_first(void **state)
{
    (void)state;
    struct hand_period p;
    hand_open_period(&p, FF_DAY, FF_INTERNAL_PROFILE);
    crowd(&p, "/", 0, 60, 20);
    crowd(&p, "/b", 0, 12, 20);
    for (int i = 0; i < 5; i++)
        crowd(&p, "/a", 0, 12, 20);
    crowd(&p, "/c", 0, 13, 20);
    crowd(&p, "/rare", 0, 1, 20);
    struct ff_rollup *rollup = hand_release(&p);
    assert_null(row_of(rollup, FF_PAGES, "/a"));
    assert_non_null(row_of(rollup, FF_PAGES, "/b"));
    assert_non_null(row_of(rollup, FF_PAGES, "/c"));
    assert_int_equal(rollup->tables[FF_PAGES].other, 61);
    ff_rollup_destroy(rollup);
}

static void a_table_that_cannot_stand_is_absent(void **state)
{
    (void)state;
    struct hand_period p;
    hand_open_period(&p, FF_DAY, FF_INTERNAL_PROFILE);
    crowd(&p, "/", 0, 60, 20);
    for (unsigned v = 0; v < 9; v++) {
        struct ff_hit hit = hand_error(404, "/gone", 200);
        hit.visitor = hand_token(v);
        hit.net = hand_token(v % 20);
        hand_put(&p, hit);
    }
    struct ff_rollup *rollup = hand_release(&p);
    const struct ff_table_data *table = &rollup->tables[FF_NOT_FOUND];
    assert_false(table->is_present);
    assert_true(table->n_rows == 0 && table->other == 0 && table->total == 0);
    /* One with nothing in it is there, and empty. */
    assert_true(rollup->tables[FF_DOWNLOADS].is_present);
    assert_int_equal(rollup->tables[FF_DOWNLOADS].total, 0);
    assert_int_equal(rollup->reconciliation.human[FF_CLASS_CLIENT_ERRORS], 9);
    ff_rollup_destroy(rollup);
}

static void hits_of_nobody_stand_by_others_only(void **state)
{
    (void)state;
    struct hand_period p;
    hand_open_period(&p, FF_DAY, FF_INTERNAL_PROFILE);
    crowd(&p, "/", 0, 60, 20);
    crowd(&p, "/some", 0, 20, 20);
    for (int i = 0; i < 500; i++) {
        struct ff_hit hit = hand_hit(FF_PAGE_VIEW, i < 100 ? "/" : "/theirs", 200);
        hit.has_client = false;
        hand_put(&p, hit);
    }
    struct ff_rollup *rollup = hand_release(&p);
    assert_null(row_of(rollup, FF_PAGES, "/theirs"));
    assert_int_equal(row_of(rollup, FF_PAGES, "/")->measures[0], 160);
    assert_int_equal(row_of(rollup, FF_PAGES, "/")->measures[2], 60);
    /* "other" needs visitors of its own: "/some" gives them. */
    assert_int_equal(rollup->tables[FF_PAGES].other, 420);
    assert_int_equal(rollup->totals.page_views, 580);
    assert_int_equal(rollup->totals.visitors, 60);
    ff_rollup_destroy(rollup);
}

/* Just enough and one less of visitors, for a row, for totals, for tables. */
static void thresholds_of_grains_and_profiles(void **state)
{
    (void)state;
    static const struct {
        enum ff_grain grain;
        enum ff_profile profile;
        unsigned k, kn;
    } cases[] = {
        { FF_DAY, FF_INTERNAL_PROFILE, 10, 5 },
        { FF_WEEK, FF_INTERNAL_PROFILE, 20, 10 },
        { FF_MONTH, FF_INTERNAL_PROFILE, 30, 15 },
        { FF_DAY, FF_PARTNER_PROFILE, 20, 10 },
        { FF_WEEK, FF_PARTNER_PROFILE, 40, 20 },
        { FF_MONTH, FF_PARTNER_PROFILE, 60, 30 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const unsigned k = cases[i].k, kn = cases[i].kn;
        assert_int_equal(ff_profile_k(cases[i].profile, cases[i].grain), k);
        assert_int_equal(ff_profile_kn(cases[i].profile, cases[i].grain), kn);
        for (unsigned less = 0; less <= 1; less++) {
            struct hand_period p;
            hand_open_period(&p, cases[i].grain, cases[i].profile);
            crowd(&p, "/", 0, 5 * k, kn);
            crowd(&p, "/a", 0, k - less, kn);
            struct ff_rollup *rollup = hand_release(&p);
            assert_int_equal(row_of(rollup, FF_PAGES, "/a") != NULL, less == 0);
            ff_rollup_destroy(rollup);

            hand_open_period(&p, cases[i].grain, cases[i].profile);
            crowd(&p, "/", 0, 5 * k - less, kn);
            rollup = hand_release(&p);
            assert_true(rollup->has_totals);
            assert_int_equal(rollup->tables[FF_PAGES].is_present, less == 0);
            assert_true(rollup->tables[FF_ROBOTS_TABLE].is_present);
            ff_rollup_destroy(rollup);

            hand_open_period(&p, cases[i].grain, cases[i].profile);
            crowd(&p, "/", 0, k - less, kn);
            rollup = hand_release(&p);
            assert_int_equal(rollup->has_totals, less == 0);
            assert_int_equal(rollup->totals.visitors, less ? 0 : k);
            assert_false(rollup->tables[FF_PAGES].is_present);
            assert_int_equal(rollup->reconciliation.human[FF_CLASS_PAGE_VIEWS],
                             ff_profile_count(cases[i].profile, k - less));
            ff_rollup_destroy(rollup);
        }
    }
}

/* Rows by exact counts, then all rounded; what is for the team only is not there. */
static void partners_get_rounded_counts(void **state)
{
    (void)state;
    struct hand_period p;
    hand_open_period(&p, FF_DAY, FF_PARTNER_PROFILE);
    crowd(&p, "/", 0, 122, 20);
    crowd(&p, "/b", 0, 22, 20);
    crowd(&p, "/a", 0, 21, 20);
    crowd(&p, "/c", 0, 23, 20);
    crowd(&p, "/x/1", 0, 19, 20); /* no row though it would be rounded to 20 */
    crowd(&p, "/y/1", 30, 34, 20);
    for (unsigned v = 0; v < 40; v++) {
        struct ff_hit hit = hand_error(404, "/gone", 200);
        hit.visitor = hand_token(v);
        hit.net = hand_token(v % 20);
        hand_put(&p, hit);
    }
    struct ff_rollup *rollup = hand_release(&p);
    const struct ff_table_data *pages = &rollup->tables[FF_PAGES];
    static const struct {
        const char *page;
        uint64_t page_views;
    } rows[] = { { "/", 120 }, { "/c", 25 }, { "/a", 20 }, { "/b", 20 } };
    assert_int_equal(pages->n_rows, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_true(ff_span_equal(pages->rows[i].key[0], ff_span_of(rows[i].page)));
        for (int m = 0; m < 3; m++)
            assert_int_equal(pages->rows[i].measures[m], rows[i].page_views);
    }
    assert_int_equal(pages->other, 25); /* 23 */
    assert_int_equal(pages->total, 210);
    assert_int_equal(rollup->totals.visitors, 120);
    assert_int_equal(rollup->totals.page_views, 210); /* 211 */
    assert_int_equal(rollup->totals.bytes, 0);
    assert_int_equal(rollup->reconciliation.human[FF_CLASS_CLIENT_ERRORS], 40);
    assert_false(rollup->tables[FF_NOT_FOUND].is_present);
    assert_false(rollup->tables[FF_RESPONSE_TIMES].is_present);
    ff_rollup_destroy(rollup);
}

/* More than the profile's least, never less. */
static void thresholds_can_be_raised(void **state)
{
    (void)state;
    for (unsigned more = 0; more <= 1; more++) {
        struct hand_period p;
        hand_open_period(&p, FF_DAY, FF_INTERNAL_PROFILE);
        p.settings.k = more ? 30 : 1;
        p.settings.kn = more ? 15 : 1;
        crowd(&p, "/", 0, 160, 20);
        crowd(&p, "/a", 0, 29, 20);
        crowd(&p, "/b", 0, 40, 14);
        struct ff_rollup *rollup = hand_release(&p);
        assert_int_equal(rollup->k, more ? 30 : 10);
        assert_int_equal(rollup->kn, more ? 15 : 5);
        assert_int_equal(row_of(rollup, FF_PAGES, "/a") == NULL, more);
        assert_int_equal(row_of(rollup, FF_PAGES, "/b") == NULL, more);
        ff_rollup_destroy(rollup);
    }
}

/* A campaign's source that may not be shown is called "(other)", and so is what a
 * channel folds into: one row. */
static void names_of_channels_do_not_clash(void **state)
{
    (void)state;
    static const struct ff_origin hidden = { .channel = FF_CAMPAIGN,
                                             .name = { "(other)", 7 } };
    struct ff_origin rare[4];
    static const char *const names[4] = { "a", "b", "c", "d" };
    struct hand_period p;
    hand_open_period(&p, FF_DAY, FF_INTERNAL_PROFILE);
    for (unsigned v = 0; v < 60; v++) {
        struct ff_hit hit = hand_hit(FF_PAGE_VIEW, "/", 100);
        hit.visitor = hand_token(v);
        hit.net = hand_token(v % 20);
        rare[v % 4] = hidden;
        rare[v % 4].name = ff_span_of(names[v % 4]);
        hit.origin = v < 20 ? &hidden : v < 40 ? &rare[v % 4] : NULL;
        hand_put(&p, hit);
    }
    struct ff_rollup *rollup = hand_release(&p);
    const struct ff_row *campaigns = row_of(rollup, FF_SOURCES, "campaign");
    assert_int_equal(rollup->tables[FF_SOURCES].n_rows, 2);
    assert_true(ff_span_equal(campaigns->key[1], FF_SPAN("(other)")));
    assert_int_equal(campaigns->measures[0], 40);
    ff_rollup_destroy(rollup);
}

/* A browser without a version and its family's rare versions: one row. */
static void names_of_browsers_do_not_clash(void **state)
{
    (void)state;
    struct ff_agent agents[8];
    static const char *const browsers[8] = { "Chrome",   "Chrome 1",   "Chrome 2",
                                             "Chrome 3", "Chrome 126", "Chrome 126",
                                             "Lynx",     "Chrome 126" };
    for (size_t i = 0; i < 8; i++)
        agents[i] = (struct ff_agent) { .browser = ff_span_of(browsers[i]) };
    struct hand_period p;
    hand_open_period(&p, FF_DAY, FF_INTERNAL_PROFILE);
    for (unsigned v = 0; v < 120; v++) {
        struct ff_hit hit = hand_hit(FF_PAGE_VIEW, "/", 100);
        hit.visitor = hand_token(v);
        hit.net = hand_token(v % 20);
        /* 40 of Chrome, 5 of each rare version, then 65 of Chrome 126 and Lynx. */
        hit.agent = &agents[v < 40 ? 0 : v < 55 ? 1 + v % 3 : 4 + v % 4];
        hand_put(&p, hit);
    }
    struct ff_rollup *rollup = hand_release(&p);
    assert_int_equal(rollup->tables[FF_BROWSERS].n_rows, 3);
    assert_int_equal(row_of(rollup, FF_BROWSERS, "Chrome")->measures[0], 55);
    assert_int_equal(row_of(rollup, FF_BROWSERS, "Lynx")->measures[0], 16);
    ff_rollup_destroy(rollup);
}

/* Whoever is in a section and in nothing else of the table: the second walk counts the
 * visits of a section, not of its cells. */
static void a_visit_counts_once_in_a_section(void **state)
{
    (void)state;
    struct hand_period p;
    hand_open_period(&p, FF_DAY, FF_INTERNAL_PROFILE);
    crowd(&p, "/", 0, 60, 20);
    for (unsigned v = 0; v < 12; v++)
        for (unsigned i = 0; i < 3; i++) {
            char page[16];
            snprintf(page, sizeof page, "/x/%u", v * 3 + i);
            crowd(&p, page, v, v + 1, 20);
        }
    struct ff_rollup *rollup = hand_release(&p);
    const struct ff_row *section = row_of(rollup, FF_PAGES, "/x/*");
    assert_int_equal(section->measures[0], 36);
    assert_int_equal(section->measures[1], 12);
    assert_int_equal(section->measures[2], 12);
    ff_rollup_destroy(rollup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_needs_k_visitors),
        cmocka_unit_test(a_row_needs_kn_networks),
        cmocka_unit_test(totals_need_kn_networks),
        cmocka_unit_test(cells_that_stand_only_together),
        cmocka_unit_test(a_page_that_looks_like_a_section),
        cmocka_unit_test(the_smallest_row_goes_first),
        cmocka_unit_test(a_table_that_cannot_stand_is_absent),
        cmocka_unit_test(hits_of_nobody_stand_by_others_only),
        cmocka_unit_test(thresholds_of_grains_and_profiles),
        cmocka_unit_test(partners_get_rounded_counts),
        cmocka_unit_test(thresholds_can_be_raised),
        cmocka_unit_test(names_of_channels_do_not_clash),
        cmocka_unit_test(names_of_browsers_do_not_clash),
        cmocka_unit_test(a_visit_counts_once_in_a_section),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
