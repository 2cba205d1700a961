#include "release.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "fold.h"

static int by_measure(const void *a, const void *b)
{
    const struct ff_row *x = a, *y = b;
    if (x->measures[0] != y->measures[0])
        return x->measures[0] > y->measures[0] ? -1 : 1;
    for (int i = 0; i < FF_KEY_PARTS; i++) {
        const int order = ff_span_compare(x->key[i], y->key[i]);
        if (order)
            return order;
    }
    return 0;
}

/* The row's own text and its measures, distinct visitors put among them. */
static bool make_row(const struct ff_cells *cells, uint32_t cell,
                     struct ff_rollup *rollup, struct ff_row *row)
{
    const struct ff_table_info *info = &ff_table_infos[cells->table];
    struct ff_span parts[FF_KEY_PARTS];
    ff_key_text(cells->keys, cells->table, cells->cells[cell].key, &rollup->arena,
                parts);
    for (int i = 0; i < FF_KEY_PARTS; i++) {
        row->key[i] = ff_arena_copy(&rollup->arena, parts[i]);
        if (!row->key[i].data)
            return false;
    }
    row->measures[0] = cells->cells[cell].count;
    for (int i = 1, from = 0; i < info->n_measures; i++)
        row->measures[i] = i == info->visitors ? cells->cells[cell].visitors
                                               : cells->more[cell][from++];
    return true;
}

static enum ff_err fill_table(const struct ff_tally *t, enum ff_table table,
                              struct ff_rollup *rollup, struct ff_fault *fault)
{
    const struct ff_cells *cells = &t->tables[table];
    struct ff_table_data *data = &rollup->tables[table];
    data->is_present = true;
    data->other = cells->cells[FF_CELL_OTHER].count;
    data->total = data->other;
    size_t n = 0;
    for (uint32_t i = 1; i < cells->n; i++)
        n += ff_cell_is_row(cells, i);
    data->rows = FF_ARENA_NEW(&rollup->arena, struct ff_row, n);
    if (!data->rows)
        return ff_fault_nomem(fault);
    memset(data->rows, 0, n * sizeof *data->rows);
    for (uint32_t i = 1; i < cells->n; i++) {
        if (!ff_cell_is_row(cells, i))
            continue;
        if (!make_row(cells, i, rollup, &data->rows[data->n_rows]))
            return ff_fault_nomem(fault);
        data->total += data->rows[data->n_rows++].measures[0];
    }
    qsort(data->rows, data->n_rows, sizeof *data->rows, by_measure);
    return FF_OK;
}

static void fill_header(struct ff_rollup *rollup, const struct ff_visitors *visitors,
                        const struct ff_aggregate_settings *settings)
{
    rollup->profile = settings->profile;
    rollup->grain = settings->grain;
    rollup->start = visitors->start;
    rollup->end = visitors->end;
    rollup->k = ff_profile_k(settings->profile, settings->grain);
    if (settings->k > rollup->k)
        rollup->k = settings->k;
    rollup->kn = ff_profile_kn(settings->profile, settings->grain);
    if (settings->kn > rollup->kn)
        rollup->kn = settings->kn;
    rollup->rules = FF_RULES_VERSION;
    rollup->revision = 1;
}

/* Asked for at the end: sections are names too. */
static bool is_capped(const struct ff_crowd *crowd, const struct ff_tally *t)
{
    bool is_any = false;
    for (int i = 0; i < FF_TABLES; i++)
        is_any |= t->tables[i].is_capped;
    for (size_t i = 0; i < crowd->n_parts; i++)
        is_any |= ff_visitors_is_capped(crowd->parts[i]);
    return is_any;
}

/* Page views in "other" per thousand. */
static unsigned folded_share(const struct ff_rollup *rollup)
{
    const struct ff_table_data *pages = &rollup->tables[FF_PAGES];
    return pages->is_present && pages->total
               ? (unsigned)(pages->other * 1000 / pages->total)
               : 0;
}

/* What a row of each table needs. */
static void make_thresholds(const struct ff_rollup *rollup,
                            struct ff_threshold least[FF_TABLES])
{
    for (int i = 0; i < FF_TABLES; i++)
        least[i] = (struct ff_threshold) { rollup->k * ff_table_infos[i].threshold,
                                           rollup->kn * ff_table_infos[i].threshold };
}

/* The rollup of what has been counted. */
static enum ff_err fill(struct ff_rollup *rollup, struct ff_tally *tallies, size_t n,
                        struct ff_fault *fault)
{
    const struct ff_tally *t = &tallies[0];
    bool is_present[FF_TABLES] = { false };
    rollup->reconciliation = t->reconciliation;
    const uint64_t visitors = t->totals.visitors;
    /* Without the second, one who comes as k visitors from one network would have the
     * totals of whoever else came, less its own. */
    rollup->has_totals = visitors >= rollup->k && t->networks >= rollup->kn;
    if (rollup->has_totals)
        rollup->totals = t->totals;
    if (rollup->has_totals && visitors >= (uint64_t)FF_TABLES_FLOOR * rollup->k)
        FF_TRY(ff_fold(tallies, n, is_present, fault));
    for (int i = 0; i < FF_TABLES; i++) {
        const bool is_closed_list = ff_table_infos[i].threshold == 0;
        if (!ff_profile_has(rollup->profile, (enum ff_table)i))
            continue;
        if (is_closed_list || is_present[i])
            FF_TRY(fill_table(t, (enum ff_table)i, rollup, fault));
    }
    return FF_OK;
}

/* ---- rounding ---- */

/* Rows in the order of their rounded counts: the exact order says more than they do. A
 * robot that rounds to nothing has no row. */
static void round_table(const struct ff_table_info *info, enum ff_profile profile,
                        struct ff_table_data *table)
{
    size_t n = 0;
    table->other = ff_profile_count(profile, table->other);
    table->total = table->other;
    for (size_t i = 0; i < table->n_rows; i++) {
        struct ff_row row = table->rows[i];
        for (unsigned m = 0; m < info->n_measures; m++)
            row.measures[m] = ff_measure_is_bytes(info, m)
                                  ? 0
                                  : ff_profile_count(profile, row.measures[m]);
        if (row.measures[0] == 0)
            continue;
        table->total += row.measures[0];
        table->rows[n++] = row;
    }
    table->n_rows = n;
    if (n)
        qsort(table->rows, n, sizeof *table->rows, by_measure);
}

/* After all thresholds: what stands was found on exact counts. */
static void round_counts(struct ff_rollup *rollup)
{
    const enum ff_profile p = rollup->profile;
    struct ff_reconciliation *lines = &rollup->reconciliation;
    struct ff_totals *totals = &rollup->totals;
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        lines->human[i] = ff_profile_count(p, lines->human[i]);
    for (int i = 0; i < FF_ROBOTS; i++)
        lines->robots[i] = ff_profile_count(p, lines->robots[i]);
    lines->malformed = ff_profile_count(p, lines->malformed);
    lines->excluded = ff_profile_count(p, lines->excluded);
    lines->blank = ff_profile_count(p, lines->blank);
    totals->visitors = ff_profile_count(p, totals->visitors);
    totals->visits = ff_profile_count(p, totals->visits);
    totals->page_views = ff_profile_count(p, totals->page_views);
    totals->bounces = ff_profile_count(p, totals->bounces);
    totals->downloads = ff_profile_count(p, totals->downloads);
    totals->site_searches = ff_profile_count(p, totals->site_searches);
    totals->bytes = 0;
    for (int i = 0; i < FF_TABLES; i++)
        round_table(&ff_table_infos[i], p, &rollup->tables[i]);
}

/* ---- the close ---- */

/* The part of a part's memory that the cells of a walk may take: half of what periods
 * leave to their close. */
#define OF_WALK 8

/* The networks are counted in shares, each by whoever is free: some networks are more
 * to count than others, and some threads are slower. A share is half of what would be
 * left to a walk, down to one of so many parts for each: the last ones are small, so
 * that all walks end at about the same time. */
#define WALK_PARTS 128

struct shares {
    uint32_t borders[FF_RELEASE_WALKS * WALK_PARTS + 1];
    uint32_t n;
    _Atomic uint32_t next;
};

struct walk {
    _Alignas(FF_APART) struct shares *shares;
    struct ff_tally *tally;
    struct ff_fault fault;
    enum ff_err err;
    pthread_t thread;
    bool has_thread;
};

static void *walk_shares(void *context)
{
    struct walk *walk = context;
    struct shares *shares = walk->shares;
    uint32_t i;
    while (!walk->err && (i = atomic_fetch_add(&shares->next, 1)) < shares->n)
        walk->err = ff_tally_walk(walk->tally, shares->borders[i],
                                  shares->borders[i + 1], &walk->fault);
    /* Tokens were on it. */
    ff_wipe_stack();
    return NULL;
}

/* Before any walk: each moves the members of its shares. */
static void make_shares(struct shares *shares, const struct ff_crowd *crowd, size_t n)
{
    const size_t parts = n == 1 ? 1 : n * WALK_PARTS;
    *shares = (struct shares) { .borders = { 0 } };
    for (size_t done = 0; done < parts;) {
        const size_t share = (parts - done) / (2 * n);
        done += share > 0 ? share : 1;
        shares->borders[++shares->n] = ff_crowd_share(crowd, done, parts);
    }
}

/* Counts all shares, each walk in a thread of its own, the first in this one. */
static enum ff_err walk_all(struct ff_tally *tallies, size_t n, struct ff_fault *fault)
{
    assert(n > 0);
    struct walk walks[FF_RELEASE_WALKS] = { 0 };
    struct shares shares;
    make_shares(&shares, tallies[0].crowd, n);
    for (size_t i = 0; i < n; i++) {
        walks[i].shares = &shares;
        walks[i].tally = &tallies[i];
    }
    for (size_t i = 1; i < n; i++)
        walks[i].has_thread =
            pthread_create(&walks[i].thread, NULL, walk_shares, &walks[i]) == 0;
    walk_shares(&walks[0]);
    for (size_t i = 1; i < n; i++)
        if (walks[i].has_thread)
            pthread_join(walks[i].thread, NULL);
    for (size_t i = 0; i < n; i++) {
        if (!walks[i].err)
            continue;
        *fault = walks[i].fault;
        return walks[i].err;
    }
    return FF_OK;
}

static enum ff_err join_all(struct ff_tally *tallies, size_t n,
                            const struct ff_crowd *crowd, struct ff_fault *fault)
{
    for (size_t i = 1; i < n; i++)
        FF_TRY(ff_tally_join(&tallies[0], &tallies[i], fault));
    return ff_tally_add_sums(&tallies[0], &crowd->parts[0]->sums, fault);
}

static void *forget_all(void *context)
{
    const struct ff_crowd *crowd = context;
    for (size_t i = 0; i < crowd->n_parts; i++)
        ff_visitors_forget(crowd->parts[i]);
    return NULL;
}

/* What is left to do with the counts, while another thread, if there is one to be had,
 * wipes whom they were of: that is a good deal of memory. */
static enum ff_err fill_and_forget(struct ff_rollup *rollup, struct ff_tally *tallies,
                                   size_t n, struct ff_crowd *crowd,
                                   struct ff_fault *fault)
{
    pthread_t thread;
    const bool has_thread =
        n > 1 && pthread_create(&thread, NULL, forget_all, crowd) == 0;
    enum ff_err err = join_all(tallies, n, crowd, fault);
    if (!err)
        err = fill(rollup, tallies, n, fault);
    rollup->is_capped = is_capped(crowd, &tallies[0]);
    if (has_thread)
        pthread_join(thread, NULL);
    return err;
}

/* Counts the crowd in as many walks as there are parts. */
static enum ff_err release_crowd(struct ff_rollup *rollup, struct ff_crowd *crowd,
                                 const struct ff_aggregate_settings *settings,
                                 struct ff_fault *fault)
{
    struct ff_tally tallies[FF_RELEASE_WALKS] = { 0 };
    const size_t n =
        crowd->n_parts < FF_RELEASE_WALKS ? crowd->n_parts : FF_RELEASE_WALKS;
    struct ff_threshold least[FF_TABLES];
    struct ff_keys keys;
    make_thresholds(rollup, least);
    enum ff_err err =
        ff_keys_init(&keys, crowd->words, settings->goals, settings->n_goals, fault);
    for (size_t i = 0; i < n && !err; i++)
        err = ff_tally_init(&tallies[i], crowd, &keys, least,
                            crowd->parts[i]->budget->cap / OF_WALK, fault);
    if (!err)
        err = walk_all(tallies, n, fault);
    if (!err)
        err = fill_and_forget(rollup, tallies, n, crowd, fault);
    for (size_t i = 0; i < n; i++)
        ff_tally_clear(&tallies[i]);
    ff_keys_clear(&keys);
    return err;
}

static enum ff_err make_rollup(struct ff_rollup *rollup,
                               struct ff_visitors *const *parts, size_t n_parts,
                               const struct ff_aggregate_settings *settings,
                               struct ff_fault *fault)
{
    struct ff_crowd crowd;
    fill_header(rollup, parts[0], settings);
    rollup->site = ff_arena_copy(&rollup->arena, ff_span_of(settings->site));
    if (settings->zone)
        rollup->zone = ff_arena_copy(&rollup->arena, ff_span_of(settings->zone->name));
    if (!rollup->site.data || !rollup->zone.data)
        return ff_fault_nomem(fault);
    for (size_t i = 0; i < n_parts; i++)
        ff_visitors_seal(parts[i]);
    enum ff_err err = ff_crowd_join(&crowd, parts, n_parts, fault);
    if (!err)
        err = release_crowd(rollup, &crowd, settings, fault);
    ff_crowd_clear(&crowd);
    return err;
}

enum ff_err ff_release(struct ff_visitors *const *parts, size_t n_parts,
                       const struct ff_aggregate_settings *settings,
                       struct ff_rollup **out, unsigned *folded, struct ff_fault *fault)
{
    *out = NULL;
    struct ff_rollup *rollup = ff_rollup_create();
    if (!rollup)
        return ff_fault_nomem(fault);
    const enum ff_err err = make_rollup(rollup, parts, n_parts, settings, fault);
    if (err) {
        ff_rollup_destroy(rollup);
        return err;
    }
    *folded = folded_share(rollup);
    if (rollup->profile == FF_PARTNER_PROFILE)
        round_counts(rollup);
    *out = rollup;
    return FF_OK;
}
