/* Laws that hold between worlds that differ a little, whatever they are: visitors in
 * parts, lines in another order, a visitor less (tests/privacy/README.md: T4 to T6). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hand_period.h"
#include "hand_world.h"
#include "keys.h"

enum { WORLDS = 60 };
static unsigned n_neighbours = 1000;

static struct hand_world world;

static struct ff_aggregate *open_aggregate(const struct ff_aggregate_settings *settings)
{
    struct ff_aggregate *aggregate;
    struct ff_fault fault;
    assert_int_equal(ff_aggregate_create(&aggregate, settings, &fault), FF_OK);
    return aggregate;
}

/* Releases hits given in the order of `places`, each to the aggregate that `part` says;
 * NULL: all to one. */
static struct ff_rollup *release(const struct ff_hit *hits, const size_t *places,
                                 size_t n, const size_t *part, size_t n_parts,
                                 enum ff_profile profile)
{
    struct ff_aggregate_settings settings = hand_settings(FF_DAY);
    struct ff_aggregate *parts[FF_AGGREGATE_PARTS] = { NULL };
    struct ff_rollup *rollup;
    struct ff_fault fault;
    settings.profile = profile;
    for (size_t i = 0; i < n_parts; i++)
        parts[i] = open_aggregate(&settings);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(ff_aggregate_add(parts[part ? part[places[i]] : 0],
                                          &hits[places[i]], 1, &fault),
                         FF_OK);
    assert_int_equal(
        ff_aggregate_release_parts(parts, n_parts, HAND_DAY, &rollup, &fault), FF_OK);
    for (size_t i = 0; i < n_parts; i++)
        ff_aggregate_destroy(parts[i]);
    return rollup;
}

/* The world's own order. */
static struct ff_rollup *release_world(size_t *places, enum ff_profile profile)
{
    for (size_t i = 0; i < world.n; i++)
        places[i] = i;
    return release(world.hits, places, world.n, NULL, 1, profile);
}

static bool have_same_bytes(const struct ff_rollup *a, const struct ff_rollup *b)
{
    unsigned char *x, *y;
    size_t x_len, y_len;
    struct ff_fault fault;
    assert_int_equal(ff_rollup_encode(a, &x, &x_len, &fault), FF_OK);
    assert_int_equal(ff_rollup_encode(b, &y, &y_len, &fault), FF_OK);
    const bool are = x_len == y_len && memcmp(x, y, x_len) == 0;
    free(x);
    free(y);
    return are;
}

/* Gives `want` up if another is not the same. */
static void expect_same(const struct ff_rollup *want, struct ff_rollup *got,
                        unsigned seed, const char *what)
{
    if (!have_same_bytes(want, got))
        fail_msg("world %u: another rollup %s", seed, what);
    ff_rollup_destroy(got);
}

/* Each network in one part, as machines would share them; and each hit in any, as
 * threads do. */
static void visitors_in_any_parts_are_the_same_bytes(void **state)
{
    static const size_t counts[] = { 1, 2, 7, 64 };
    static size_t places[HAND_WORLD_HITS], of_network[HAND_WORLD_HITS],
        of_any[HAND_WORLD_HITS];
    (void)state;
    for (unsigned seed = 1; seed <= WORLDS; seed++) {
        hand_world_make(&world, seed);
        const enum ff_profile profile = (enum ff_profile)(seed % 2);
        struct ff_rollup *want = release_world(places, profile);
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            const size_t n = counts[i], turn = hand_below(&world.random, n);
            for (size_t j = 0; j < world.n; j++) {
                of_network[j] = (world.hits[j].net + turn) % n;
                of_any[j] = hand_below(&world.random, n);
            }
            hand_shuffle(&world.random, places, world.n);
            expect_same(want,
                        release(world.hits, places, world.n, of_network, n, profile),
                        seed, "of networks in parts");
            expect_same(want, release(world.hits, places, world.n, of_any, n, profile),
                        seed, "of hits in parts");
        }
        ff_rollup_destroy(want);
    }
}

/* For qsort: a second's lines of one visitor stay together and in order, whose lines
 * come first is drawn anew. */
static uint64_t draw;

static int by_second_and_draw(const void *a, const void *b)
{
    const struct ff_hit *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    struct hand_random of_x = { draw ^ x->visitor }, of_y = { draw ^ y->visitor };
    const uint64_t dx = hand_next(&of_x), dy = hand_next(&of_y);
    if (dx != dy)
        return dx < dy ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static void lines_of_others_in_any_order_and_file_are_the_same_bytes(void **state)
{
    static struct ff_hit moved[HAND_WORLD_HITS];
    static size_t places[HAND_WORLD_HITS];
    (void)state;
    for (unsigned seed = 1; seed <= WORLDS; seed++) {
        hand_world_make(&world, seed);
        const enum ff_profile profile = (enum ff_profile)(seed % 2);
        struct ff_rollup *want = release_world(places, profile);
        for (int again = 0; again < 4; again++) {
            draw = hand_next(&world.random);
            memcpy(moved, world.hits, world.n * sizeof *moved);
            qsort(moved, world.n, sizeof *moved, by_second_and_draw);
            for (size_t i = 0; i < world.n; i++) {
                const uint64_t file = (uint64_t)moved[i].time / 200 * draw >> 60;
                moved[i].order = file << 40 | i;
            }
            hand_shuffle(&world.random, places, world.n);
            expect_same(want, release(moved, places, world.n, NULL, 1, profile), seed,
                        "from other lines");
        }
        ff_rollup_destroy(want);
    }
}

/* T6. The exact tally of some of the world's hits, its cells known by text. */
struct cell {
    char key[200];
    struct ff_cell counts;
    uint64_t more[FF_CELL_MORE];
};
enum { CELLS = 400 };
struct cells {
    struct cell of[FF_TABLES][CELLS];
    size_t n[FF_TABLES];
    struct ff_totals totals;
};

static void join_key(const struct ff_span parts[FF_KEY_PARTS], char *out, size_t size)
{
    snprintf(out, size, "%.*s\1%.*s\1%.*s", (int)parts[0].len, parts[0].data,
             (int)parts[1].len, parts[1].data, (int)parts[2].len, parts[2].data);
}

static void note_cells(struct ff_tally *tally, struct cells *out)
{
    struct ff_arena arena;
    ff_arena_init(&arena, 4096, 1 << 20);
    for (int t = 0; t < FF_TABLES; t++) {
        out->n[t] = 0;
        for (uint32_t i = FF_CELL_OTHER + 1; i < tally->tables[t].n; i++) {
            struct ff_span parts[FF_KEY_PARTS] = { { "", 0 } };
            assert_true(out->n[t] < CELLS);
            struct cell *cell = &out->of[t][out->n[t]++];
            cell->counts = tally->tables[t].cells[i];
            if (tally->tables[t].more)
                memcpy(cell->more, tally->tables[t].more[i], sizeof cell->more);
            ff_key_text(tally->keys, (enum ff_table)t, cell->counts.key, &arena, parts);
            join_key(parts, cell->key, sizeof cell->key);
        }
    }
    ff_arena_clear(&arena);
}

/* The world but visitor `without`, or of visitor `only`; EVERYBODY but none, all. */
enum { EVERYBODY = -2 };
static void open_some(struct hand_period *p, int without, int only,
                      enum ff_profile profile)
{
    struct ff_fault fault;
    hand_open_period(p, FF_DAY, profile);
    for (size_t i = 0; i < world.n; i++)
        if (world.who[i] != without && (only == EVERYBODY || world.who[i] == only))
            assert_int_equal(ff_visitors_add(&p->visitors, &world.hits[i], 1, &fault),
                             FF_OK);
}

static void tally_some(int without, int only, struct cells *out)
{
    static const struct ff_threshold all_stand[FF_TABLES];
    struct hand_period p;
    struct ff_visitors *const part = &p.visitors;
    struct ff_crowd crowd;
    struct ff_keys keys;
    struct ff_tally tally;
    struct ff_fault fault;
    open_some(&p, without, only, FF_INTERNAL_PROFILE);
    assert_int_equal(ff_crowd_join(&crowd, &part, 1, &fault), FF_OK);
    assert_int_equal(ff_keys_init(&keys, crowd.words, NULL, 0, &fault), FF_OK);
    assert_int_equal(ff_tally_init(&tally, &crowd, &keys, all_stand, SIZE_MAX, &fault),
                     FF_OK);
    assert_int_equal(ff_tally_walk(&tally, 0, crowd.n, &fault), FF_OK);
    assert_int_equal(ff_tally_add_sums(&tally, &part->sums, &fault), FF_OK);
    note_cells(&tally, out);
    out->totals = tally.totals;
    ff_tally_clear(&tally);
    ff_keys_clear(&keys);
    ff_crowd_clear(&crowd);
    ff_visitors_clear(&p.visitors);
}

static struct ff_rollup *release_some(int without, enum ff_profile profile)
{
    struct hand_period p;
    open_some(&p, without, EVERYBODY, profile);
    return hand_release(&p);
}

static const struct cell none;

/* &none where there is no such cell. */
static const struct cell *find(const struct cells *cells, int table, const char *key)
{
    for (size_t i = 0; i < cells->n[table]; i++)
        if (strcmp(cells->of[table][i].key, key) == 0)
            return &cells->of[table][i];
    return &none;
}

/* Every cell of all is that of the others and that of the one. */
static void expect_sum(const struct cells *all, const struct cells *others,
                       const struct cells *one)
{
    for (int t = 0; t < FF_TABLES; t++) {
        for (size_t i = 0; i < all->n[t]; i++) {
            const struct cell *a = &all->of[t][i], *b = find(others, t, a->key);
            const struct cell *c = find(one, t, a->key);
            assert_int_equal(a->counts.count, b->counts.count + c->counts.count);
            for (int m = 0; m < FF_CELL_MORE; m++)
                assert_int_equal(a->more[m], b->more[m] + c->more[m]);
            assert_true(c->counts.visitors <= 1);
            assert_int_equal(a->counts.visitors,
                             b->counts.visitors + c->counts.visitors);
            const uint32_t networks = a->counts.networks - b->counts.networks;
            assert_true(networks <= c->counts.visitors);
        }
        /* None is in a part that is not in the whole. */
        for (size_t i = 0; i < others->n[t]; i++)
            assert_ptr_not_equal(find(all, t, others->of[t][i].key), &none);
        for (size_t i = 0; i < one->n[t]; i++)
            assert_ptr_not_equal(find(all, t, one->of[t][i].key), &none);
    }
    assert_int_equal(all->totals.visits, others->totals.visits + one->totals.visits);
    assert_int_equal(all->totals.page_views,
                     others->totals.page_views + one->totals.page_views);
}

static const struct ff_row *find_row(const struct ff_table_data *table, const char *key)
{
    char other[200];
    for (size_t i = 0; i < table->n_rows; i++) {
        join_key(table->rows[i].key, other, sizeof other);
        if (strcmp(key, other) == 0)
            return &table->rows[i];
    }
    return NULL;
}

static bool is_section(int table, const char *key)
{
    return strchr(key, '*') || strstr(key, "(other)") ||
           (table == FF_BROWSERS && !strchr(key, ' '));
}

/* A row of one world that the other has not: in the exact tally of the other it is
 * under a threshold, or it went into "other", which holds that much then. */
static void expect_reason(const struct ff_rollup *rollup, int t, const char *key,
                          const struct ff_cell *exact, unsigned *crossed)
{
    const unsigned factor = ff_table_infos[t].threshold;
    if (exact->visitors < rollup->k * factor || exact->networks < rollup->kn * factor)
        ++*crossed;
    else if (rollup->tables[t].is_present &&
             rollup->tables[t].other < ff_profile_count(rollup->profile, exact->count))
        fail_msg("%s of %s is lost", key, ff_table_infos[t].name);
}

/* Every row of `a` in `b`, whose exact tally is `exact`. `sign` is what the visitor's
 * own cells have more in `a`, or less. */
static void compare_rows(const struct ff_rollup *a, const struct ff_rollup *b,
                         const struct cells *exact, const struct cells *one, int sign,
                         unsigned *crossed)
{
    for (int t = 0; t < FF_TABLES; t++) {
        const int v = ff_table_infos[t].visitors;
        for (size_t i = 0; v >= 0 && i < a->tables[t].n_rows; i++) {
            const struct ff_row *row = &a->tables[t].rows[i];
            char key[200];
            join_key(row->key, key, sizeof key);
            if (is_section(t, key))
                continue;
            const struct ff_row *same = find_row(&b->tables[t], key);
            if (!same)
                expect_reason(b, t, key, &find(exact, t, key)->counts, crossed);
            else if (a->profile == FF_INTERNAL_PROFILE)
                assert_int_equal((int64_t)row->measures[v] - (int64_t)same->measures[v],
                                 sign * (int64_t)find(one, t, key)->counts.visitors);
        }
    }
}

/* Where the visitor is not in a table nothing differs. */
static void compare_other_tables(const struct ff_rollup *a, const struct ff_rollup *b,
                                 const struct cells *one)
{
    for (int t = 0; t < FF_TABLES; t++) {
        if (one->n[t])
            continue;
        assert_int_equal(a->tables[t].is_present, b->tables[t].is_present);
        assert_int_equal(a->tables[t].n_rows, b->tables[t].n_rows);
        assert_int_equal(a->tables[t].other, b->tables[t].other);
        for (size_t i = 0; i < a->tables[t].n_rows; i++)
            assert_memory_equal(a->tables[t].rows[i].measures,
                                b->tables[t].rows[i].measures,
                                sizeof a->tables[t].rows[i].measures);
    }
}

static void a_visitor_changes_its_own_cells_by_one(void **state)
{
    static struct cells all, others, one;
    unsigned crossed = 0;
    (void)state;
    for (unsigned seed = 1; seed <= n_neighbours; seed++) {
        hand_world_make(&world, 1000 + seed);
        const int v = (int)hand_below(&world.random, (uint64_t)world.visitors);
        const enum ff_profile profile = (enum ff_profile)(seed % 4 == 0);
        struct ff_rollup *with = release_some(EVERYBODY, profile);
        struct ff_rollup *less = release_some(v, profile);
        tally_some(EVERYBODY, EVERYBODY, &all);
        tally_some(v, EVERYBODY, &others);
        tally_some(EVERYBODY, v, &one);
        expect_sum(&all, &others, &one);
        /* The period's own floors are one more threshold. */
        if (with->tables[FF_STATUSES].is_present &&
            less->tables[FF_STATUSES].is_present) {
            compare_rows(with, less, &others, &one, 1, &crossed);
            compare_rows(less, with, &all, &one, -1, &crossed);
            compare_other_tables(with, less, &one);
        }
        ff_rollup_destroy(with);
        ff_rollup_destroy(less);
    }
    /* The worlds are of the sort that has something to find. */
    assert_true(crossed > n_neighbours / 50);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "many") == 0)
        n_neighbours = 10000;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(visitors_in_any_parts_are_the_same_bytes),
        cmocka_unit_test(lines_of_others_in_any_order_and_file_are_the_same_bytes),
        cmocka_unit_test(a_visitor_changes_its_own_cells_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
