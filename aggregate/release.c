#include "release.h"

#include "fold.h"
#include "keys.h"

/* Under so many times k visitors a period has totals but no tables. */
#define TABLES_FLOOR 5

static uint32_t grain_factor(enum ff_grain grain)
{
    return grain == FF_DAY ? 1 : grain == FF_WEEK ? 2 : 3;
}

uint32_t ff_release_k(enum ff_profile profile, enum ff_grain grain)
{
    return (profile == FF_PARTNER_PROFILE ? 20 : 10) * grain_factor(grain);
}

uint32_t ff_release_kn(enum ff_profile profile, enum ff_grain grain)
{
    return (profile == FF_PARTNER_PROFILE ? 10 : 5) * grain_factor(grain);
}

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
    rollup->k = ff_release_k(settings->profile, settings->grain);
    rollup->kn = ff_release_kn(settings->profile, settings->grain);
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
    rollup->has_totals = visitors >= rollup->k;
    if (rollup->has_totals)
        rollup->totals = t->totals;
    const bool has_tables = visitors >= (uint64_t)TABLES_FLOOR * rollup->k;
    for (int i = 0; i < FF_TABLES; i++)
        tables[i].threshold =
            (struct ff_threshold) { rollup->k * ff_table_infos[i].threshold,
                                    rollup->kn * ff_table_infos[i].threshold };
    if (has_tables)
        FF_TRY(ff_fold(t, tables, fault));
    for (int i = 0; i < FF_TABLES; i++) {
        const bool is_closed_list = ff_table_infos[i].threshold == 0;
        if (is_closed_list || (has_tables && tables[i].is_present))
            FF_TRY(fill_table(t, (enum ff_table)i, rollup, fault));
    }
    rollup->is_capped = is_capped(t);
    return FF_OK;
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
    *out = rollup;
    return FF_OK;
}
