/* Hits in, visits out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "hand_hits.h"
#include "release.h"
#include "visits.h"

static struct ff_secret secret;
static struct ff_budget budget;
static struct ff_visitors visitors;
static struct ff_walk walk;

static int open_day(void **state)
{
    (void)state;
    const struct ff_aggregate_settings settings = hand_settings(FF_DAY);
    if (!ff_secret_init(&secret))
        return -1;
    budget = (struct ff_budget) { .cap = HAND_MEMORY };
    ff_visitors_init(&visitors, &secret, &budget, &settings, HAND_DAY);
    return 0;
}

static int close_day(void **state)
{
    (void)state;
    ff_walk_clear(&walk);
    ff_visitors_clear(&visitors);
    return 0;
}

static void add(struct ff_hit hit)
{
    struct ff_fault fault;
    assert_int_equal(ff_visitors_add(&visitors, &hit, 1, &fault), FF_OK);
}

static void view(const char *page, uint32_t at)
{
    add(hand_hit(FF_PAGE_VIEW, page, at));
}

static void asset(uint32_t at)
{
    add(hand_hit(FF_ASSET, "", at));
}

/* Through the only visitor's events. */
static bool begin_walk(void)
{
    const struct ff_visitor *who = ff_visitors_at(&visitors, 0);
    return ff_walk_begin(&walk, who->events, who->n_events, visitors.visit_timeout);
}

/* "/a@0 /b@10 | +/f.zip(200)x2=30" and so on: each visit's pages with their times, then
 * its downloads with w for whole, requests and bytes. */
static const char *visits(void)
{
    static char text[4096];
    size_t len = 0;
    struct ff_visit visit;
    text[0] = '\0';
    assert_int_equal(visitors.n, 1);
    assert_true(begin_walk());
    for (bool is_first = true; ff_walk_next(&walk, &visit); is_first = false) {
        len +=
            (size_t)snprintf(text + len, sizeof text - len, "%s", is_first ? "" : " |");
        for (uint32_t i = 0; i < visit.n_pages; i++) {
            const struct ff_span key =
                ff_names_get(&visitors.words.keys, visit.pages[i].page);
            len += (size_t)snprintf(text + len, sizeof text - len, " %.*s@%u",
                                    (int)key.len, key.data, visit.pages[i].at);
        }
        for (uint32_t i = 0; i < visit.n_downloads; i++) {
            const struct ff_visit_download *d = &visit.downloads[i];
            const struct ff_span key = ff_names_get(&visitors.words.keys, d->path);
            len += (size_t)snprintf(text + len, sizeof text - len, " +%.*s%s*%u=%llu",
                                    (int)key.len, key.data, d->is_whole ? "w" : "",
                                    d->requests, (unsigned long long)d->bytes);
        }
        assert_true(len < sizeof text);
    }
    return text[0] == ' ' ? text + 1 : text;
}

/* Each page view of the only visit: "-" no search, "C", "E", "R" a click, exit or
 * refinement, "p" paging. */
static const char *searches(void)
{
    static char text[64];
    struct ff_visit visit, none;
    assert_true(begin_walk());
    assert_true(ff_walk_next(&walk, &visit));
    assert_true(visit.n_pages < sizeof text);
    uint32_t n = 0;
    for (uint32_t i = 0; i < visit.n_pages; i++) {
        static const char ends[] = {
            [FF_SEARCH_CLICK] = 'C', [FF_SEARCH_EXIT] = 'E', [FF_SEARCH_REFINED] = 'R'
        };
        const bool is_search = ff_visit_is_search(&visit, i);
        n += is_search;
        text[i] = is_search                  ? ends[ff_visit_search_end(&visit, i)]
                  : visit.pages[i].is_search ? 'p'
                                             : '-';
    }
    text[visit.n_pages] = '\0';
    assert_int_equal(visit.n_searches, n);
    assert_false(ff_walk_next(&walk, &none));
    return text;
}

/* The day's rollup; it is the caller's. */
static struct ff_rollup *released(void)
{
    const struct ff_aggregate_settings settings = hand_settings(FF_DAY);
    struct ff_rollup *rollup;
    struct ff_fault fault;
    unsigned folded;
    struct ff_visitors *const part = &visitors;
    assert_int_equal(ff_release(&part, 1, &settings, &rollup, &folded, &fault), FF_OK);
    return rollup;
}

static uint64_t robots_of(enum ff_robot robot)
{
    struct ff_rollup *rollup = released();
    const uint64_t hits = rollup->reconciliation.robots[robot];
    ff_rollup_destroy(rollup);
    return hits;
}

static void human_by_kind(uint64_t kinds[FF_HUMAN_CLASSES])
{
    struct ff_rollup *rollup = released();
    memcpy(kinds, rollup->reconciliation.human, sizeof rollup->reconciliation.human);
    ff_rollup_destroy(rollup);
}

static void thirty_minutes_are_one_visit(void **state)
{
    (void)state;
    view("/a", 0);
    view("/b", 1800);
    view("/c", 3600);
    assert_string_equal(visits(), "/a@0 /b@1800 /c@3600");
}

static void a_second_more_are_two(void **state)
{
    (void)state;
    view("/a", 0);
    view("/b", 1801);
    assert_string_equal(visits(), "/a@0 | /b@1801");
}

static void quiet_hits_bridge_pages(void **state)
{
    (void)state;
    view("/a", 0);
    asset(1500);
    asset(3000);
    view("/b", 4800);
    view("/c", 6601);
    assert_string_equal(visits(), "/a@0 /b@4800 | /c@6601");
}

static void errors_bridge_pages_too(void **state)
{
    (void)state;
    view("/a", 0);
    add(hand_error(404, "/none", 1800));
    add(hand_error(403, "", 3600));
    view("/b", 5400);
    assert_string_equal(visits(), "/a@0 /b@5400");
}

/* Runs of two classes that overlap only together. */
static void runs_of_two_classes_bridge_together(void **state)
{
    (void)state;
    view("/a", 0);
    struct ff_hit redirect = hand_hit(FF_REDIRECT, "", 0);
    redirect.status = 301;
    for (uint32_t at = 1000; at <= 9000; at += 2000) {
        asset(at);
        redirect.time = (int64_t)HAND_DAY * FF_DAY_SECONDS + at + 1000;
        redirect.order = at + 1000;
        add(redirect);
    }
    view("/b", 11800);
    view("/c", 13601);
    assert_string_equal(visits(), "/a@0 /b@11800 | /c@13601");
}

/* A run must not bridge where its hits did not: two assets 3,601 s apart are two runs.
 */
static void far_quiet_hits_do_not_bridge(void **state)
{
    (void)state;
    view("/a", 0);
    asset(1000);
    asset(4601);
    view("/b", 4700);
    assert_string_equal(visits(), "/a@0 | /b@4700");
}

/* More hits than a word's half has room for, and times that go back. */
static void a_run_is_long(void **state)
{
    (void)state;
    enum { HITS = 600000 };
    uint32_t from = UINT32_MAX, to = 0;
    for (uint32_t i = 0; i < HITS; i++) {
        const uint32_t at = 40000 + i % 1000 - (i % 7 ? 0 : i % 900);
        from = at < from ? at : from;
        to = at > to ? at : to;
        asset(at);
    }
    const struct ff_visitor *who = ff_visitors_at(&visitors, 0);
    assert_int_equal(who->n_events, 1);
    assert_int_equal(ff_run_hits(who->events), HITS);
    assert_int_equal(ff_event_at(who->events), from);
    assert_int_equal(ff_run_end(who->events), to);
}

/* Whoever is found by half a token is not taken for another: here the whole is the same
 * and the network another, or only the half that the index has is the same. */
static void like_tokens_are_different_visitors(void **state)
{
    (void)state;
    struct ff_hit hit = hand_hit(FF_PAGE_VIEW, "/", 10);
    for (int round = 0; round < 2; round++) {
        add(hit);
        hit.net ^= 1;
        add(hit);
        hit.net ^= 1;
        hit.visitor ^= (uint64_t)1 << 40;
        add(hit);
        hit.visitor ^= (uint64_t)1 << 40;
    }
    assert_int_equal(visitors.n, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(ff_visitors_at(&visitors, i)->n_events, 2);
}

static void a_visit_begins_with_its_first_hit_of_any_kind(void **state)
{
    (void)state;
    struct ff_visit visit;
    asset(3500);
    view("/a", 3700);
    assert_true(begin_walk());
    assert_true(ff_walk_next(&walk, &visit));
    assert_int_equal(visit.start, 3500);
}

static void quiet_chains_are_no_visit(void **state)
{
    (void)state;
    asset(0);
    asset(5000);
    add(hand_error(404, "/x", 9000));
    assert_string_equal(visits(), "");
}

/* The same hits in any order are the same visits. */
static void order_of_lines_does_not_matter(void **state)
{
    static const uint32_t at[] = { 0, 600, 1800, 3700, 5500, 7301, 9000, 12000, 13800 };
    enum { N = sizeof at / sizeof *at };
    for (unsigned shuffle = 0; shuffle < 200; shuffle++) {
        open_day(state);
        for (unsigned i = 0; i < N; i++) {
            /* A stride that is coprime to 9 visits all; then from both ends. */
            static const unsigned strides[] = { 1, 2, 4, 5, 7, 8 };
            const unsigned j = (i * strides[shuffle % 6] + shuffle) % N;
            if (j % 3 == 1)
                asset(at[j]);
            else
                view(j % 2 ? "/odd" : "/even", at[j]);
        }
        assert_string_equal(visits(), "/even@0 /even@1800 | /odd@3700 | /odd@7301 "
                                      "/even@9000 | /even@13800");
        close_day(state);
    }
    open_day(state);
}

static void equal_times_are_in_order_of_file_and_line(void **state)
{
    (void)state;
    struct ff_hit hit = hand_search("hats", 100);
    hit.order = (uint64_t)1 << 40 | 7; /* the second file's line 7 */
    add(hit);
    hit = hand_hit(FF_PAGE_VIEW, "/second", 100);
    hit.order = 8;
    add(hit);
    hit = hand_hit(FF_PAGE_VIEW, "/first", 100);
    hit.order = 3;
    add(hit);
    assert_string_equal(visits(), "/first@100 /second@100 /search@100");
    assert_string_equal(searches(), "--E");
}

static void requests_of_a_file_are_one_download(void **state)
{
    (void)state;
    add(hand_download("/b.zip", 206, 100, 10));
    add(hand_download("/a.pdf", 200, 1000, 20));
    add(hand_download("/b.zip", 206, 200, 30));
    add(hand_download("/b.zip", 200, (uint64_t)5 << 32 | 7, 40));
    add(hand_download("/c.zip", 206, 0, 50));
    assert_string_equal(visits(), "+/b.zipw*3=21474836787 +/a.pdfw*1=1000 +/c.zip*1=0");
    uint64_t kinds[FF_HUMAN_CLASSES];
    human_by_kind(kinds);
    assert_int_equal(kinds[FF_CLASS_DOWNLOADS], 3);
    assert_int_equal(kinds[FF_CLASS_DOWNLOAD_PARTS], 2);
}

/* Where it is from, and its bytes in two pieces: no hit has more events. */
static void a_download_of_many_bytes_from_another_site(void **state)
{
    (void)state;
    static const struct ff_origin site = { .channel = FF_SITE,
                                           .name = { "example.org", 11 } };
    struct ff_hit hit = hand_download("/a.iso", 200, (uint64_t)5 << 42 | 7, 10);
    hit.origin = &site;
    add(hit);
    add(hand_download("/b.pdf", 206, 3, 20));
    assert_string_equal(visits(), "+/a.isow*1=21990232555527 +/b.pdf*1=3");
    struct ff_visit visit;
    assert_true(begin_walk());
    assert_true(ff_walk_next(&walk, &visit));
    assert_int_equal(ff_dictionary_origin_ids(&visitors.words, visit.origin).channel,
                     FF_SITE);
}

static void downloads_of_two_visits_are_two(void **state)
{
    (void)state;
    add(hand_download("/a.pdf", 206, 10, 0));
    add(hand_download("/a.pdf", 206, 10, 1801));
    assert_string_equal(visits(), "+/a.pdf*1=10 | +/a.pdf*1=10");
    struct ff_rollup *rollup = released();
    assert_int_equal(rollup->reconciliation.human[FF_CLASS_DOWNLOADS], 2);
    assert_int_equal(rollup->reconciliation.human[FF_CLASS_DOWNLOAD_PARTS], 0);
    ff_rollup_destroy(rollup);
}

/* Terms and sizes stay with their events, though lines come in reverse. */
static void riders_stay_with_their_events(void **state)
{
    (void)state;
    for (uint32_t i = 40; i-- > 0;) {
        char term[16], path[16];
        snprintf(term, sizeof term, "term %u", i);
        snprintf(path, sizeof path, "/%u.zip", i);
        add(hand_download(path, 200, i, i * 10 + 5));
        add(hand_search(term, i * 10));
    }
    struct ff_visit visit;
    assert_true(begin_walk());
    assert_true(ff_walk_next(&walk, &visit));
    assert_int_equal(visit.n_pages, 40);
    assert_int_equal(visit.n_downloads, 40);
    for (uint32_t i = 0; i < 40; i++) {
        char term[16], path[16];
        snprintf(term, sizeof term, "term %u", i);
        assert_true(
            ff_span_equal(ff_names_get(&visitors.words.terms, visit.pages[i].term),
                          ff_span_of(term)));
        const struct ff_visit_download *d = &visit.downloads[i];
        snprintf(path, sizeof path, "/%llu.zip", (unsigned long long)d->bytes);
        assert_true(ff_span_equal(ff_names_get(&visitors.words.keys, d->path),
                                  ff_span_of(path)));
    }
}

static void the_source_is_the_first_page_or_download(void **state)
{
    (void)state;
    static const struct ff_origin google = { .channel = FF_SEARCH_ENGINE,
                                             .name = { "Google", 6 } };
    static const struct ff_origin campaign = { .channel = FF_CAMPAIGN,
                                               .name = { "news", 4 },
                                               .medium = { "mail", 4 },
                                               .campaign = { "may", 3 } };
    struct ff_hit hit = hand_hit(FF_PAGE_VIEW, "/late", 500);
    hit.origin = &google;
    add(hit);
    hit = hand_download("/a.pdf", 200, 1, 100);
    hit.origin = &campaign;
    add(hit);
    asset(50);
    struct ff_visit visit;
    assert_true(begin_walk());
    assert_true(ff_walk_next(&walk, &visit));
    const struct ff_origin_ids ids =
        ff_dictionary_origin_ids(&visitors.words, visit.origin);
    assert_int_equal(ids.channel, FF_CAMPAIGN);
    assert_true(ff_span_equal(ff_names_get(&visitors.words.sources, ids.medium),
                              FF_SPAN("mail")));
    assert_int_equal(ids.term, 0);
}

/* A word per case: page views of a visit by what they search for, "." for none, "?" for
 * a term that was withheld. */
static void expect_searches(void **state, const char *terms, const char *want)
{
    open_day(state);
    for (uint32_t i = 0; terms[i]; i++) {
        const char term[2] = { terms[i], '\0' };
        if (terms[i] == '.')
            view("/page", i);
        else
            add(hand_search(terms[i] == '?' ? "" : term, i));
    }
    const char *got = searches();
    if (strcmp(got, want) != 0)
        fail_msg("%s: %s, not %s", terms, got, want);
    close_day(state);
}

static void how_searches_end(void **state)
{
    close_day(state);
    expect_searches(state, ".", "-");
    expect_searches(state, "a", "E");
    expect_searches(state, "a.", "C-");
    expect_searches(state, ".a", "-E");
    expect_searches(state, "ab", "RE");
    expect_searches(state, "aa", "Ep");
    expect_searches(state, "aaa.", "Cpp-");
    expect_searches(state, "aab.", "RpC-");
    expect_searches(state, "a.a", "C-E");
    expect_searches(state, "aba", "RRE");
    expect_searches(state, "?", "E");
    expect_searches(state, "a?.", "RC-");
    expect_searches(state, "?a", "RE");
    open_day(state);
}

/* A page view that is none of the search's ends it as a click, a download does not. */
static void downloads_are_no_clicks(void **state)
{
    (void)state;
    add(hand_search("a", 0));
    add(hand_download("/a.pdf", 200, 1, 10));
    assert_string_equal(searches(), "E");
}

static void a_thousand_page_views_are_human(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 1000; i++)
        view("/a", i);
    assert_int_equal(robots_of(FF_ROBOT_BEHAVING), 0);
    uint64_t kinds[FF_HUMAN_CLASSES];
    human_by_kind(kinds);
    assert_int_equal(kinds[FF_CLASS_PAGE_VIEWS], 1000);
}

static void one_more_is_a_robot(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 1001; i++)
        view("/a", i);
    asset(2000);
    assert_int_equal(robots_of(FF_ROBOT_BEHAVING), 1002);
}

static void a_thousand_in_each_visit_are_human(void **state)
{
    (void)state;
    for (uint32_t visit = 0; visit < 5; visit++)
        for (uint32_t i = 0; i < 1000; i++)
            view("/a", visit * 5000 + i);
    assert_int_equal(robots_of(FF_ROBOT_BEHAVING), 0);
}

/* A robot is all its hits in the period: also those long after its events were freed.
 */
static void a_robot_stays_one(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 5000; i++)
        view("/a", i);
    assert_true(ff_visitors_at(&visitors, 0)->is_freed);
    view("/a", 80000);
    assert_int_equal(robots_of(FF_ROBOT_BEHAVING), 5001);
    struct ff_rollup *rollup = released();
    assert_int_equal(rollup->tables[FF_ROBOTS_TABLE].n_rows, 1);
    const struct ff_row *row = &rollup->tables[FF_ROBOTS_TABLE].rows[0];
    assert_true(ff_span_equal(row->key[0], FF_SPAN("(1,000 pages)")));
    assert_int_equal(row->measures[0], 5001);
    assert_int_equal(row->measures[1], 5001);
    ff_rollup_destroy(rollup);
}

static void who_fetches_robots_txt_is_one(void **state)
{
    (void)state;
    struct ff_hit hit = hand_error(404, "/robots.txt", 70000);
    hit.is_robots_txt = true;
    view("/a", 0);
    add(hit);
    assert_int_equal(robots_of(FF_ROBOT_BEHAVING), 2);
    assert_int_equal(robots_of(FF_ROBOT_SCANNER), 0);
}

static void nineteen_errors_are_none(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 19; i++)
        add(hand_error(404, "/x", i * 4000));
    assert_int_equal(robots_of(FF_ROBOT_SCANNER), 0);
    add(hand_error(400, "", 86000));
    assert_int_equal(robots_of(FF_ROBOT_SCANNER), 20);
}

static void a_page_view_is_no_scanners(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 30; i++)
        add(hand_error(404, "/x", i));
    view("/a", 86000);
    assert_int_equal(robots_of(FF_ROBOT_SCANNER), 0);
}

static void server_errors_make_no_scanner(void **state)
{
    (void)state;
    struct ff_hit hit = hand_hit(FF_SERVER_ERROR, "", 0);
    hit.status = 502;
    for (uint32_t i = 0; i < 30; i++)
        add(hit);
    assert_int_equal(robots_of(FF_ROBOT_SCANNER), 0);
    uint64_t kinds[FF_HUMAN_CLASSES];
    human_by_kind(kinds);
    assert_int_equal(kinds[FF_CLASS_SERVER_ERRORS], 30);
}

/* DESIGN 1: a scanner is one even if it asked for robots.txt, too. */
static void scanner_before_behaving(void **state)
{
    (void)state;
    struct ff_hit hit = hand_error(404, "/robots.txt", 100);
    hit.is_robots_txt = true;
    for (uint32_t i = 0; i < 20; i++)
        add(hit);
    assert_int_equal(robots_of(FF_ROBOT_SCANNER), 20);
    assert_int_equal(robots_of(FF_ROBOT_BEHAVING), 0);
}

static void nobody_has_no_visits(void **state)
{
    (void)state;
    struct ff_hit hits[] = { hand_hit(FF_PAGE_VIEW, "/a", 0),
                             hand_download("/a.pdf", 200, 50, 1),
                             hand_error(404, "/x", 2), hand_hit(FF_ASSET, "", 3) };
    for (size_t i = 0; i < 4; i++) {
        hits[i].has_client = false;
        add(hits[i]);
    }
    assert_int_equal(visitors.n, 0);
    uint64_t kinds[FF_HUMAN_CLASSES];
    human_by_kind(kinds);
    const uint64_t want[FF_HUMAN_CLASSES] = { [FF_CLASS_PAGE_VIEWS] = 1,
                                              [FF_CLASS_OTHER_OK] = 1,
                                              [FF_CLASS_CLIENT_ERRORS] = 1,
                                              [FF_CLASS_ASSETS] = 1 };
    assert_memory_equal(kinds, want, sizeof want);
}

static void the_first_language_in_time_counts(void **state)
{
    (void)state;
    static const struct {
        uint32_t at;
        uint16_t language;
    } hits[] = { { 100, FF_NO_CODE },
                 { 300, FF_CODE('d', 'e') },
                 { 200, FF_CODE('f', 'r') },
                 { 50, FF_NO_CODE },
                 { 250, FF_CODE('e', 'n') } };
    for (size_t i = 0; i < sizeof hits / sizeof *hits; i++) {
        struct ff_hit hit = hand_hit(FF_PAGE_VIEW, "/a", hits[i].at);
        hit.language = hits[i].language;
        add(hit);
    }
    assert_int_equal(ff_visitors_at(&visitors, 0)->language, FF_CODE('f', 'r'));
}

static void lines_that_are_no_hits_are_counted(void **state)
{
    (void)state;
    static const uint8_t kinds[] = { FF_LINE_MALFORMED, FF_LINE_BLANK,
                                     FF_LINE_EXCLUDED };
    for (uint32_t i = 0; i < 3; i++)
        add((struct ff_hit) { .kind = kinds[i], .lines = 10 + i, .time = 0 });
    struct ff_rollup *rollup = released();
    assert_int_equal(rollup->reconciliation.malformed, 10);
    assert_int_equal(rollup->reconciliation.blank, 11);
    assert_int_equal(rollup->reconciliation.excluded, 12);
    assert_false(rollup->has_totals);
    ff_rollup_destroy(rollup);
}

#define VISIT_TEST(name) cmocka_unit_test_setup_teardown(name, open_day, close_day)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VISIT_TEST(thirty_minutes_are_one_visit),
        VISIT_TEST(a_second_more_are_two),
        VISIT_TEST(quiet_hits_bridge_pages),
        VISIT_TEST(errors_bridge_pages_too),
        VISIT_TEST(runs_of_two_classes_bridge_together),
        VISIT_TEST(far_quiet_hits_do_not_bridge),
        VISIT_TEST(a_run_is_long),
        VISIT_TEST(like_tokens_are_different_visitors),
        VISIT_TEST(a_visit_begins_with_its_first_hit_of_any_kind),
        VISIT_TEST(quiet_chains_are_no_visit),
        VISIT_TEST(order_of_lines_does_not_matter),
        VISIT_TEST(equal_times_are_in_order_of_file_and_line),
        VISIT_TEST(requests_of_a_file_are_one_download),
        VISIT_TEST(a_download_of_many_bytes_from_another_site),
        VISIT_TEST(downloads_of_two_visits_are_two),
        VISIT_TEST(riders_stay_with_their_events),
        VISIT_TEST(the_source_is_the_first_page_or_download),
        VISIT_TEST(how_searches_end),
        VISIT_TEST(downloads_are_no_clicks),
        VISIT_TEST(a_thousand_page_views_are_human),
        VISIT_TEST(one_more_is_a_robot),
        VISIT_TEST(a_thousand_in_each_visit_are_human),
        VISIT_TEST(a_robot_stays_one),
        VISIT_TEST(who_fetches_robots_txt_is_one),
        VISIT_TEST(nineteen_errors_are_none),
        VISIT_TEST(a_page_view_is_no_scanners),
        VISIT_TEST(server_errors_make_no_scanner),
        VISIT_TEST(scanner_before_behaving),
        VISIT_TEST(nobody_has_no_visits),
        VISIT_TEST(the_first_language_in_time_counts),
        VISIT_TEST(lines_that_are_no_hits_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
