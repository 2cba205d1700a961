#include "release.h"

#include "fold.h"
#include "keys.h"

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
static bool make_row(const struct ff_tally *t, enum ff_table table,
                     const struct ff_cell *cell, struct ff_rollup *rollup,
                     struct ff_row *row)
{
    const struct ff_table_info *info = &ff_table_infos[table];
    struct ff_span parts[FF_KEY_PARTS];
    ff_key_text(t, table, cell->key, &rollup->arena, parts);
    for (int i = 0; i < FF_KEY_PARTS; i++) {
        row->key[i] = ff_arena_copy(&rollup->arena, parts[i]);
        if (!row->key[i].data)
            return false;
    }
    for (int i = 0, from = 0; i < info->n_measures; i++)
        row->measures[i] =
            i == info->visitors ? cell->visitors : cell->measures[from++];
    return true;
}

static enum ff_err fill_table(const struct ff_tally *t, enum ff_table table,
                              struct ff_rollup *rollup, struct ff_fault *fault)
{
    const struct ff_cells *cells = &t->tables[table];
    struct ff_table_data *data = &rollup->tables[table];
    data->is_present = true;
    data->other = cells->cells[FF_CELL_OTHER].measures[0];
    data->total = data->other;
    data->rows = FF_ARENA_NEW(&rollup->arena, struct ff_row, cells->n);
    if (!data->rows)
        return ff_fault_nomem(fault);
    memset(data->rows, 0, cells->n * sizeof *data->rows);
    for (uint32_t i = 1; i < cells->n; i++) {
        if (!ff_cell_is_row(cells, i))
            continue;
        if (!make_row(t, table, &cells->cells[i], rollup, &data->rows[data->n_rows]))
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
static bool is_capped(const struct ff_tally *t)
{
    const struct ff_visitors *v = t->visitors;
    return v->is_capped || v->keys.is_capped || v->terms.is_capped ||
           v->sources.is_capped || v->origin_index.is_capped || t->campaigns.is_capped;
}

/* Page views in "other" per thousand. */
static unsigned folded_share(const struct ff_rollup *rollup)
{
    const struct ff_table_data *pages = &rollup->tables[FF_PAGES];
    return pages->is_present && pages->total
               ? (unsigned)(pages->other * 1000 / pages->total)
               : 0;
}

static enum ff_err fill(struct ff_rollup *rollup, struct ff_tally *t,
                        const struct ff_aggregate_settings *settings,
                        struct ff_fault *fault)
{
    struct ff_folded_table tables[FF_TABLES] = { 0 };
    FF_TRY(ff_tally_walk(t, FF_PASS_CELLS, UINT32_MAX, fault));
    fill_header(rollup, t->visitors, settings);
    rollup->reconciliation = t->reconciliation;
    rollup->site = ff_arena_copy(&rollup->arena, ff_span_of(settings->site));
    if (settings->zone)
        rollup->zone = ff_arena_copy(&rollup->arena, ff_span_of(settings->zone->name));
    if (!rollup->site.data || !rollup->zone.data)
        return ff_fault_nomem(fault);
    const uint64_t visitors = t->totals.visitors;
    /* Without the second, one who comes as k visitors from one network would have the
     * totals of whoever else came, less its own. */
    rollup->has_totals = visitors >= rollup->k && t->networks >= rollup->kn;
    if (rollup->has_totals)
        rollup->totals = t->totals;
    const bool has_tables =
        rollup->has_totals && visitors >= (uint64_t)FF_TABLES_FLOOR * rollup->k;
    for (int i = 0; i < FF_TABLES; i++)
        tables[i].threshold =
            (struct ff_threshold) { rollup->k * ff_table_infos[i].threshold,
                                    rollup->kn * ff_table_infos[i].threshold };
    if (has_tables)
        FF_TRY(ff_fold(t, tables, fault));
    for (int i = 0; i < FF_TABLES; i++) {
        const bool is_closed_list = ff_table_infos[i].threshold == 0;
        if (!ff_profile_has(rollup->profile, (enum ff_table)i))
            continue;
        if (is_closed_list || (has_tables && tables[i].is_present))
            FF_TRY(fill_table(t, (enum ff_table)i, rollup, fault));
    }
    rollup->is_capped = is_capped(t);
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

enum ff_err ff_release(struct ff_visitors *visitors,
                       const struct ff_aggregate_settings *settings,
                       struct ff_rollup **out, unsigned *folded, struct ff_fault *fault)
{
    *out = NULL;
    struct ff_tally tally;
    struct ff_rollup *rollup = ff_rollup_create();
    if (!rollup)
        return ff_fault_nomem(fault);
    enum ff_err err = ff_tally_init(&tally, visitors, fault);
    if (!err)
        err = fill(rollup, &tally, settings, fault);
    ff_tally_clear(&tally);
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
