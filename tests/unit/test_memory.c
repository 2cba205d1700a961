/* Under the bound of memory: what an attacker fills the tables with folds first, real
 * pages keep their rows, nothing is lost, and the rollup says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "hand_hits.h"
#include "hand_random.h"

enum { VISITORS = 3000, NETWORKS = 300 };

static struct hand_random dice;

static void add(struct ff_aggregate *aggregate, struct ff_hit hit)
{
    static uint64_t order;
    struct ff_fault fault;
    hit.order = order++;
    assert_int_equal(ff_aggregate_add(aggregate, &hit, 1, &fault), FF_OK);
}

static struct ff_hit hit_of(unsigned visitor, unsigned networks)
{
    struct ff_hit hit = hand_hit(FF_PAGE_VIEW, "", 0);
    hit.visitor = hand_token(visitor);
    hit.net = hand_token(1000000 + visitor % networks);
    return hit;
}

static void view(struct ff_aggregate *aggregate, const struct ff_hit *like,
                 const char *page, uint32_t at)
{
    struct ff_hit hit = *like;
    hit.time += at;
    hit.key = ff_span_of(page);
    add(aggregate, hit);
}

/* Everybody reads the same pages, and ten that nobody else does: most in a few
 * sections, some each in a section of its own. */
static void add_readers(struct ff_aggregate *aggregate)
{
    static const char *const pages[] = { "/", "/about", "/blog/today", "/blog/news" };
    for (unsigned v = 0; v < VISITORS; v++) {
        const struct ff_hit like = hit_of(v, NETWORKS);
        for (unsigned i = 0; i < 20; i++) {
            char own[64];
            const unsigned long long number = hand_next(&dice);
            const char *format = v % 7 ? "/%c/%llx" : "/%c%llx/x";
            snprintf(own, sizeof own, format, 'a' + v % 7, number);
            view(aggregate, &like, i % 2 ? own : pages[hand_below(&dice, 4)],
                 40 * i + 3600 * (i % 3));
            if (i % 5)
                continue;
            struct ff_hit error = hand_error(404, own, 90 * i);
            error.visitor = like.visitor;
            error.net = like.net;
            add(aggregate, error);
        }
    }
}

static struct ff_rollup *release(struct ff_aggregate **parts, size_t n)
{
    struct ff_rollup *rollup;
    struct ff_fault fault;
    assert_int_equal(ff_aggregate_release_parts(parts, n, HAND_DAY, &rollup, &fault),
                     FF_OK);
    for (size_t i = 0; i < n; i++)
        ff_aggregate_destroy(parts[i]);
    return rollup;
}

static struct ff_aggregate *aggregate_of(size_t memory_bytes)
{
    struct ff_aggregate_settings settings = hand_settings(FF_DAY);
    struct ff_aggregate *aggregate;
    struct ff_fault fault;
    settings.memory_bytes = memory_bytes;
    assert_int_equal(ff_aggregate_create(&aggregate, &settings, &fault), FF_OK);
    return aggregate;
}

/* The bytes of readers' rollup. */
static unsigned char *readers(size_t memory_bytes, bool is_capped, size_t *len)
{
    struct ff_aggregate *aggregate = aggregate_of(memory_bytes);
    struct ff_fault fault;
    unsigned char *bytes;
    dice.state = 5;
    add_readers(aggregate);
    struct ff_rollup *rollup = release(&aggregate, 1);
    assert_int_equal(rollup->is_capped, is_capped);
    rollup->is_capped = false;
    assert_int_equal(ff_rollup_encode(rollup, &bytes, len, &fault), FF_OK);
    ff_rollup_destroy(rollup);
    return bytes;
}

/* Cells that one network has seen are as good in their section early as late. */
static void thinned_cells_count_the_same(void **state)
{
    (void)state;
    size_t len, len_thinned;
    unsigned char *bytes = readers((size_t)1 << 30, false, &len);
    unsigned char *thinned = readers((size_t)36 << 20, true, &len_thinned);
    assert_int_equal(len, len_thinned);
    assert_memory_equal(bytes, thinned, len);
    free(bytes);
    free(thinned);
}

static uint64_t row(const struct ff_rollup *rollup, enum ff_table table,
                    const char *key, unsigned measure)
{
    const struct ff_table_data *data = &rollup->tables[table];
    for (size_t i = 0; i < data->n_rows; i++)
        if (ff_span_equal(data->rows[i].key[0], ff_span_of(key)))
            return data->rows[i].measures[measure];
    return 0;
}

static uint64_t hits_of(const struct ff_rollup *rollup)
{
    uint64_t sum = 0;
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        sum += rollup->reconciliation.human[i];
    for (int i = 0; i < FF_ROBOTS; i++)
        sum += rollup->reconciliation.robots[i];
    return sum;
}

/* Sixty people of twenty networks, an hour later each time, see a page after a search
 * elsewhere, look for something on the site, and miss a page. */
static unsigned add_people(struct ff_aggregate *aggregate, unsigned hour)
{
    char page[32], term[32], gone[32], elsewhere[32];
    snprintf(page, sizeof page, "/page/%u", hour);
    snprintf(term, sizeof term, "term %u", hour);
    snprintf(gone, sizeof gone, "/gone/%u", hour);
    snprintf(elsewhere, sizeof elsewhere, "site%u.example", hour);
    for (unsigned v = 0; v < 60; v++) {
        const struct ff_origin origin = { .channel = FF_SITE,
                                          .name = ff_span_of(elsewhere) };
        const struct ff_hit like = hit_of(v, 20);
        struct ff_hit hits[3] = { hand_hit(FF_PAGE_VIEW, page, hour * 3600),
                                  hand_search(term, hour * 3600 + 20),
                                  hand_error(404, gone, hour * 3600 + 30) };
        hits[0].origin = &origin;
        for (int i = 0; i < 3; i++) {
            hits[i].visitor = like.visitor;
            hits[i].net = like.net;
            add(aggregate, hits[i]);
        }
    }
    return 60 * 3;
}

/* An attacker of few networks with ever new URLs, terms, referrers and browsers, who is
 * a new visitor every ten hits. */
static unsigned add_attack(struct ff_aggregate *aggregate, unsigned hour,
                           unsigned networks, bool has_sections)
{
    enum { HITS = 20000 };
    for (unsigned i = 0; i < HITS; i++) {
        char key[64], name[64];
        const unsigned long long number = hand_next(&dice);
        snprintf(key, sizeof key, has_sections ? "/page/%llx" : "/%llx/page", number);
        snprintf(name, sizeof name, "%llx.example", number);
        const struct ff_origin origin = { .channel = FF_SITE,
                                          .name = ff_span_of(name) };
        const uint32_t at = hour * 3600 + 40 + i % 1000;
        struct ff_hit hit = i % 4 == 0   ? hand_error(404, key, at)
                            : i % 4 == 1 ? hand_search(name, at)
                            : i % 4 == 2 ? hand_download(key, 200, 9, at)
                                         : hand_hit(FF_PAGE_VIEW, key, at);
        hit.visitor = hand_token(1000000 + hour * HITS + i / 10);
        hit.net = hand_token(7000000 + i / 10 % networks);
        hit.origin = i % 4 ? &origin : NULL;
        add(aggregate, hit);
    }
    return HITS;
}

static void check_attack(size_t memory_bytes, unsigned networks, bool has_sections)
{
    enum { HOURS = 12 };
    struct ff_aggregate *aggregate = aggregate_of(memory_bytes);
    uint64_t hits = 0;
    dice.state = networks;
    for (unsigned hour = 0; hour < HOURS; hour++) {
        hits += add_people(aggregate, hour);
        hits += add_attack(aggregate, hour, networks, has_sections);
        assert_true(ff_aggregate_held_bytes(aggregate) <= memory_bytes);
    }
    struct ff_rollup *rollup = release(&aggregate, 1);
    assert_true(rollup->is_capped);
    assert_int_equal(hits_of(rollup), hits);
    /* All that the attacker did is in "other", which cannot stand by itself: it takes
     * the smallest row, the first by name. */
    for (unsigned hour = 1; hour < HOURS; hour++) {
        char key[32];
        snprintf(key, sizeof key, "/page/%u", hour);
        assert_int_equal(row(rollup, FF_PAGES, key, 0), 60);
        assert_int_equal(row(rollup, FF_PAGES, key, 2), 60);
        assert_int_equal(row(rollup, FF_ENTRY_PAGES, key, 0), 60);
        snprintf(key, sizeof key, "/gone/%u", hour);
        assert_int_equal(row(rollup, FF_NOT_FOUND, key, 0), 60);
        snprintf(key, sizeof key, "term %u", hour);
        assert_int_equal(row(rollup, FF_SITE_SEARCHES, key, 0), 60);
    }
    unsigned char *bytes;
    size_t len;
    struct ff_fault fault;
    assert_int_equal(ff_rollup_encode(rollup, &bytes, &len, &fault), FF_OK);
    free(bytes);
    ff_rollup_destroy(rollup);
}

static void real_rows_stand_an_attack(void **state)
{
    (void)state;
    check_attack((size_t)48 << 20, 1, true);
    check_attack((size_t)48 << 20, 1, false);
    check_attack((size_t)48 << 20, 4, false);
}

/* Few clients ask for ever new pages; every hundredth hit is one of sixty people's. */
static unsigned add_scan(struct ff_aggregate *aggregate, unsigned hour)
{
    enum { HITS = 20000 };
    for (unsigned i = 0; i < HITS; i++) {
        const bool is_human = i % 100 == 0;
        const struct ff_hit like = hit_of(i / 100 % 60, 20);
        char key[64];
        if (is_human)
            snprintf(key, sizeof key, "/page/%u", hour);
        else
            snprintf(key, sizeof key, "/d%u/%llx", i % 50,
                     (unsigned long long)hand_next(&dice));
        struct ff_hit hit = hand_hit(FF_PAGE_VIEW, key, hour * 3600 + i % 1000);
        hit.visitor = is_human ? like.visitor : hand_token(1000000 + i % 250);
        hit.net = is_human ? like.net : hand_token(7000000);
        add(aggregate, hit);
    }
    return HITS;
}

/* Days that are open at once share the bound: each closes and prunes all the same, and
 * the pages that it had before are there. */
static void days_at_once_stand_an_attack(void **state)
{
    enum { DAYS = 6, HOURS = 8 };
    const size_t memory_bytes = (size_t)24 << 20;
    struct ff_aggregate *aggregate = aggregate_of(memory_bytes);
    uint64_t hits = 0;
    (void)state;
    dice.state = 7;
    for (unsigned i = 0; i < DAYS * HOURS; i++) {
        const unsigned hour = i % DAYS * 24 + i / DAYS;
        hits += add_scan(aggregate, hour);
        assert_true(ff_aggregate_held_bytes(aggregate) <= memory_bytes);
    }
    for (int32_t day = 0; day < DAYS; day++) {
        struct ff_rollup *rollup;
        struct ff_fault fault;
        char key[32];
        assert_int_equal(
            ff_aggregate_release(aggregate, HAND_DAY + day, &rollup, &fault), FF_OK);
        assert_true(rollup->is_capped);
        hits -= hits_of(rollup);
        snprintf(key, sizeof key, "/page/%d", day * 24);
        assert_int_equal(row(rollup, FF_PAGES, key, 0), 200);
        ff_rollup_destroy(rollup);
    }
    assert_int_equal(hits, 0);
    ff_aggregate_destroy(aggregate);
}

/* One network is a new visitor at every hit; whoever comes when there is no more room
 * is a visitor all the same, one for each network. */
static void networks_have_room_behind_a_flood(void **state)
{
    enum { FLOOD = 60000, LATE_NETWORKS = 300 };
    const size_t memory_bytes = (size_t)16 << 20;
    struct ff_aggregate *aggregate = aggregate_of(memory_bytes);
    (void)state;
    for (unsigned i = 0; i < FLOOD; i++) {
        struct ff_hit hit = hand_hit(FF_PAGE_VIEW, "/", i / 10);
        hit.visitor = hand_token(1000000 + i);
        hit.net = hand_token(7000000);
        add(aggregate, hit);
    }
    for (unsigned v = 0; v < 2 * LATE_NETWORKS; v++) {
        const struct ff_hit like = hit_of(v, LATE_NETWORKS);
        view(aggregate, &like, "/", 10000);
        view(aggregate, &like, "/late", 10010);
    }
    assert_true(ff_aggregate_held_bytes(aggregate) <= memory_bytes);
    struct ff_rollup *rollup = release(&aggregate, 1);
    assert_true(rollup->is_capped);
    assert_int_equal(hits_of(rollup), FLOOD + 4 * LATE_NETWORKS);
    assert_int_equal(row(rollup, FF_PAGES, "/late", 0), 2 * LATE_NETWORKS);
    assert_int_equal(row(rollup, FF_PAGES, "/late", 2), LATE_NETWORKS);
    ff_rollup_destroy(rollup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thinned_cells_count_the_same),
        cmocka_unit_test(real_rows_stand_an_attack),
        cmocka_unit_test(days_at_once_stand_an_attack),
        cmocka_unit_test(networks_have_room_behind_a_flood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
