/* Periods that are open, released and late, and what happens when memory is bounded
 * tightly: nothing but detail is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "hand_hits.h"
#include "hand_random.h"

static struct ff_aggregate *aggregate_of(const struct ff_aggregate_settings *settings)
{
    struct ff_aggregate *aggregate;
    struct ff_fault fault;
    assert_int_equal(ff_aggregate_create(&aggregate, settings, &fault), FF_OK);
    return aggregate;
}

static void add(struct ff_aggregate *aggregate, struct ff_hit hit)
{
    struct ff_fault fault;
    assert_int_equal(ff_aggregate_add(aggregate, &hit, 1, &fault), FF_OK);
}

static void view_on(struct ff_aggregate *aggregate, int day, uint32_t at)
{
    struct ff_hit hit = hand_hit(FF_PAGE_VIEW, "/", at);
    hit.time += (int64_t)day * FF_DAY_SECONDS;
    add(aggregate, hit);
}

static struct ff_rollup *release(struct ff_aggregate *aggregate, int32_t start)
{
    struct ff_rollup *rollup;
    struct ff_fault fault;
    assert_int_equal(ff_aggregate_release(aggregate, start, &rollup, &fault), FF_OK);
    return rollup;
}

static uint64_t hits_of(const struct ff_rollup *rollup)
{
    uint64_t hits = 0;
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        hits += rollup->reconciliation.human[i];
    for (int i = 0; i < FF_ROBOTS; i++)
        hits += rollup->reconciliation.robots[i];
    return hits;
}

/* The earliest period is `start` and has `hits` hits; it is released. */
static void expect_next(struct ff_aggregate *aggregate, int32_t start, uint64_t hits)
{
    int32_t earliest;
    assert_true(ff_aggregate_earliest(aggregate, &earliest));
    assert_int_equal(earliest, start);
    struct ff_rollup *rollup = release(aggregate, earliest);
    assert_int_equal(rollup->start, start);
    assert_int_equal(hits_of(rollup), hits);
    ff_rollup_destroy(rollup);
}

static void hits_go_to_their_days(void **state)
{
    (void)state;
    const struct ff_aggregate_settings settings = hand_settings(FF_DAY);
    struct ff_aggregate *aggregate = aggregate_of(&settings);
    int32_t earliest;
    assert_false(ff_aggregate_earliest(aggregate, &earliest));
    view_on(aggregate, 1, 0);
    view_on(aggregate, 0, 86399);
    view_on(aggregate, 5, 40000);
    view_on(aggregate, 1, 86399);
    view_on(aggregate, -1, 86399);
    expect_next(aggregate, HAND_DAY - 1, 1);
    expect_next(aggregate, HAND_DAY, 1);
    expect_next(aggregate, HAND_DAY + 1, 2);
    /* What is released while another is open may lie between. */
    view_on(aggregate, 3, 0);
    expect_next(aggregate, HAND_DAY + 3, 1);
    expect_next(aggregate, HAND_DAY + 5, 1);
    assert_false(ff_aggregate_earliest(aggregate, &earliest));
    assert_int_equal(ff_aggregate_late(aggregate), 0);
    ff_aggregate_destroy(aggregate);
}

static void weeks_and_months(void **state)
{
    (void)state;
    /* HAND_DAY is Thursday, the first of January. */
    struct ff_aggregate_settings settings = hand_settings(FF_WEEK);
    struct ff_aggregate *aggregate = aggregate_of(&settings);
    static const int days[] = { -4, -3, 0, 3, 4, 30, 31 };
    for (size_t i = 0; i < 7; i++)
        view_on(aggregate, days[i], 10);
    expect_next(aggregate, HAND_DAY - 10, 1);
    expect_next(aggregate, HAND_DAY - 3, 3);
    expect_next(aggregate, HAND_DAY + 4, 1);
    expect_next(aggregate, HAND_DAY + 25, 2);
    ff_aggregate_destroy(aggregate);

    settings = hand_settings(FF_MONTH);
    aggregate = aggregate_of(&settings);
    for (size_t i = 0; i < 7; i++)
        view_on(aggregate, days[i], 10);
    expect_next(aggregate, HAND_DAY - 31, 2);
    expect_next(aggregate, HAND_DAY, 4);
    expect_next(aggregate, HAND_DAY + 31, 1);
    ff_aggregate_destroy(aggregate);
}

static void what_is_late_is_counted(void **state)
{
    (void)state;
    const struct ff_aggregate_settings settings = hand_settings(FF_DAY);
    struct ff_aggregate *aggregate = aggregate_of(&settings);
    view_on(aggregate, 0, 10);
    view_on(aggregate, 1, 10);
    expect_next(aggregate, HAND_DAY, 1);
    view_on(aggregate, 0, 20);
    struct ff_hit lines = { .kind = FF_LINE_MALFORMED,
                            .lines = 5,
                            .time = (int64_t)HAND_DAY * FF_DAY_SECONDS };
    add(aggregate, lines);
    assert_int_equal(ff_aggregate_late(aggregate), 6);
    expect_next(aggregate, HAND_DAY + 1, 1);
    view_on(aggregate, 1, 20);
    assert_int_equal(ff_aggregate_late(aggregate), 7);
    ff_aggregate_destroy(aggregate);
}

static void a_period_without_a_line(void **state)
{
    (void)state;
    const struct ff_aggregate_settings settings = hand_settings(FF_DAY);
    struct ff_aggregate *aggregate = aggregate_of(&settings);
    struct ff_rollup *rollup = release(aggregate, HAND_DAY);
    assert_int_equal(hits_of(rollup), 0);
    assert_false(rollup->has_totals);
    assert_true(rollup->tables[FF_ROBOTS_TABLE].is_present);
    assert_int_equal(rollup->end, HAND_DAY + 1);
    ff_rollup_destroy(rollup);
    view_on(aggregate, 0, 5);
    assert_int_equal(ff_aggregate_late(aggregate), 1);
    ff_aggregate_destroy(aggregate);
}

/* An attacker's million of everything: memory stays bounded, the rollup says so, and
 * every hit is in it. */
static void a_cap_loses_no_hit(void **state)
{
    (void)state;
    enum { HITS = 300000, CAP = 1 << 20 };
    struct ff_aggregate_settings settings = hand_settings(FF_DAY);
    struct ff_aggregate *aggregate;
    struct hand_random random = { 3 };
    settings.memory_bytes = CAP;
    aggregate = aggregate_of(&settings);
    for (uint32_t i = 0; i < HITS; i++) {
        char key[32], term[32];
        snprintf(key, sizeof key, "/%llx", (unsigned long long)hand_next(&random));
        snprintf(term, sizeof term, "%llx", (unsigned long long)hand_next(&random));
        const struct ff_origin origin = { .channel = FF_SITE,
                                          .name = ff_span_of(term) };
        struct ff_hit hit = i % 3 == 0   ? hand_error(404, key, i % 80000)
                            : i % 3 == 1 ? hand_search(term, i % 80000)
                                         : hand_download(key, 200, i, i % 80000);
        hit.order = i;
        hit.origin = &origin;
        hit.visitor = hand_next(&random) >> (i % 2 ? 0 : 60);
        hit.net = hit.visitor >> 56;
        add(aggregate, hit);
        if (i % 1000 == 0)
            assert_true(ff_aggregate_held_bytes(aggregate) <= 3 * CAP);
    }
    struct ff_rollup *rollup = release(aggregate, HAND_DAY);
    assert_true(rollup->is_capped);
    assert_int_equal(hits_of(rollup), HITS);
    unsigned char *bytes;
    size_t len;
    struct ff_fault fault;
    assert_int_equal(ff_rollup_encode(rollup, &bytes, &len, &fault), FF_OK);
    free(bytes);
    ff_rollup_destroy(rollup);
    ff_aggregate_destroy(aggregate);
}

/* The share of page views past their section is the operator's to know. */
static void how_much_was_folded(void **state)
{
    (void)state;
    const struct ff_aggregate_settings settings = hand_settings(FF_DAY);
    struct ff_aggregate *aggregate = aggregate_of(&settings);
    for (unsigned v = 0; v < 100; v++) {
        char page[32];
        snprintf(page, sizeof page, "/only/%u", v);
        struct ff_hit hit = hand_hit(FF_PAGE_VIEW, v < 60 ? "/" : page, 100);
        hit.visitor = hand_token(v);
        hit.net = hand_token(v % 20);
        add(aggregate, hit);
    }
    ff_rollup_destroy(release(aggregate, HAND_DAY));
    assert_int_equal(ff_aggregate_folded(aggregate), 0);
    for (unsigned v = 0; v < 100; v++) {
        char page[32];
        snprintf(page, sizeof page, "/%u", v);
        struct ff_hit hit = hand_hit(FF_PAGE_VIEW, v < 60 ? "/" : page, 100);
        hit.time += FF_DAY_SECONDS;
        hit.visitor = hand_token(v);
        hit.net = hand_token(v % 20);
        add(aggregate, hit);
    }
    ff_rollup_destroy(release(aggregate, HAND_DAY + 1));
    assert_int_equal(ff_aggregate_folded(aggregate), 400);
    ff_aggregate_destroy(aggregate);
}

/* Of `n` visitors of `nets` networks that come a second apart, those since then. */
static uint32_t active_of(enum ff_profile profile, unsigned n, unsigned nets,
                          uint32_t since)
{
    struct ff_aggregate_settings settings = hand_settings(FF_DAY);
    settings.profile = profile;
    struct ff_aggregate *aggregate = aggregate_of(&settings);
    struct ff_fault fault;
    uint32_t active = 1;
    for (unsigned v = 0; v < n; v++) {
        struct ff_hit hit = hand_hit(FF_PAGE_VIEW, "/", 1000 + v);
        hit.visitor = hand_token(v);
        hit.net = hand_token(v % nets);
        add(aggregate, hit);
        /* What is no page view or download is no visit. */
        hit.kind = FF_ASSET;
        hit.time += 5000;
        add(aggregate, hit);
    }
    assert_int_equal(ff_aggregate_active(aggregate, HAND_DAY,
                                         (int64_t)HAND_DAY * FF_DAY_SECONDS + since,
                                         &active, &fault),
                     FF_OK);
    ff_aggregate_destroy(aggregate);
    return active;
}

/* A count of people like any other: it stands on k and kn, and partners get it rounded.
 */
static void visits_under_way(void **state)
{
    (void)state;
    assert_int_equal(active_of(FF_INTERNAL_PROFILE, 10, 5, 1000), 10);
    assert_int_equal(active_of(FF_INTERNAL_PROFILE, 9, 5, 1000), 0);
    assert_int_equal(active_of(FF_INTERNAL_PROFILE, 10, 4, 1000), 0);
    assert_int_equal(active_of(FF_INTERNAL_PROFILE, 33, 11, 1010), 23);
    assert_int_equal(active_of(FF_INTERNAL_PROFILE, 33, 11, 2000), 0);
    assert_int_equal(active_of(FF_PARTNER_PROFILE, 33, 11, 1010), 25);
    assert_int_equal(active_of(FF_PARTNER_PROFILE, 19, 11, 1000), 0);
    struct ff_fault fault;
    uint32_t active = 1;
    const struct ff_aggregate_settings settings = hand_settings(FF_DAY);
    struct ff_aggregate *aggregate = aggregate_of(&settings);
    assert_int_equal(ff_aggregate_active(aggregate, HAND_DAY, 0, &active, &fault),
                     FF_OK);
    assert_int_equal(active, 0);
    ff_aggregate_destroy(aggregate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hits_go_to_their_days),
        cmocka_unit_test(weeks_and_months),
        cmocka_unit_test(what_is_late_is_counted),
        cmocka_unit_test(a_period_without_a_line),
        cmocka_unit_test(a_cap_loses_no_hit),
        cmocka_unit_test(how_much_was_folded),
        cmocka_unit_test(visits_under_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
