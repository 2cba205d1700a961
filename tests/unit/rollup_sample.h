/* Rollups for tests: an empty period, and one with all tables. */
#ifndef FF_ROLLUP_SAMPLE_H
#define FF_ROLLUP_SAMPLE_H

#include <assert.h>
#include <inttypes.h>

#include "footfall/rollup.h"

#define MONDAY 20514 /* 2026-03-02 */

static inline struct ff_rollup *sample_empty(enum ff_grain grain, int32_t day)
{
    struct ff_rollup *rollup = ff_rollup_create();
    assert(rollup);
    rollup->site = FF_SPAN("a");
    rollup->grain = grain;
    rollup->start = ff_period_start(grain, day);
    rollup->end = ff_period_end(grain, rollup->start);
    rollup->k = 10 * (grain + 1u);
    rollup->kn = 5;
    rollup->rules = FF_RULES_VERSION;
    return rollup;
}

static inline struct ff_span sample_text(struct ff_rollup *rollup, const char *text)
{
    const struct ff_span copy = ff_arena_copy(&rollup->arena, ff_span_of(text));
    assert(copy.data);
    return copy;
}

/* Rows in order, with `other` and `total` that fit. `least` is in each row's measures.
 */
static inline void sample_table(struct ff_rollup *rollup, int id, size_t n_rows,
                                uint64_t least)
{
    const struct ff_table_info *info = &ff_table_infos[id];
    struct ff_table_data *table = &rollup->tables[id];
    table->is_present = true;
    table->n_rows = n_rows;
    table->rows = FF_ARENA_NEW(&rollup->arena, struct ff_row, n_rows ? n_rows : 1);
    assert(table->rows);
    table->total = table->other = 17;
    for (size_t i = 0; i < n_rows; i++) {
        struct ff_row *row = &table->rows[i];
        *row = (struct ff_row) { 0 };
        for (int part = 0; part < info->key_parts; part++) {
            char text[64];
            snprintf(text, sizeof text, "/%s/%d/%03zu/\xc3\xa4\xe2\x82\xac", info->name,
                     part, i);
            row->key[part] = sample_text(rollup, text);
        }
        for (int measure = 0; measure < info->n_measures; measure++)
            row->measures[measure] =
                least + (n_rows - i) / 2 * (measure == 0 ? 100 : 1);
        table->total += row->measures[0];
    }
}

static inline struct ff_rollup *sample_full(enum ff_grain grain, int32_t day)
{
    struct ff_rollup *rollup = sample_empty(grain, day);
    rollup->site = sample_text(rollup, "www.example.org");
    rollup->zone = sample_text(rollup, "Europe/Berlin");
    rollup->revision = 3;
    rollup->is_partial = true;
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        rollup->reconciliation.human[i] = (uint64_t)1 << (i * 7);
    for (int i = FF_HUMAN + 1; i < FF_ROBOTS; i++)
        rollup->reconciliation.robots[i] = (uint64_t)i * 1000;
    rollup->reconciliation.malformed = 4;
    rollup->reconciliation.excluded = 255;
    rollup->reconciliation.blank = 256;
    rollup->has_totals = true;
    rollup->totals = (struct ff_totals) { .visitors = 5 * rollup->k,
                                          .visits = 70,
                                          .page_views = 65536,
                                          .bounces = 23,
                                          .downloads = 24,
                                          .site_searches = 25,
                                          .bytes = UINT64_MAX };
    for (int id = 0; id < FF_TABLES; id++)
        sample_table(rollup, id, 3, 10u * ff_table_infos[id].threshold * (grain + 1u));
    return rollup;
}

/* A day for partners: two rows a table, rounded, none of what is internal. */
static inline struct ff_rollup *sample_partner(void)
{
    struct ff_rollup *rollup = sample_empty(FF_DAY, MONDAY);
    rollup->profile = FF_PARTNER_PROFILE;
    rollup->k = 20;
    rollup->kn = 10;
    rollup->reconciliation.human[FF_CLASS_PAGE_VIEWS] = 1005;
    rollup->has_totals = true;
    rollup->totals = (struct ff_totals) { .visitors = 100, .visits = 105 };
    for (int id = 0; id < FF_TABLES; id++) {
        const struct ff_table_info *info = &ff_table_infos[id];
        struct ff_table_data *table = &rollup->tables[id];
        if (!ff_profile_has(FF_PARTNER_PROFILE, (enum ff_table)id))
            continue;
        sample_table(rollup, id, 2, 40);
        table->other = 5;
        table->total = 5;
        for (size_t i = 0; i < 2; i++) {
            for (unsigned m = 0; m < info->n_measures; m++)
                table->rows[i].measures[m] = ff_measure_is_bytes(info, m) ? 0
                                             : m == 0                     ? 100 - 5 * i
                                                                          : 40;
            table->total += table->rows[i].measures[0];
        }
    }
    return rollup;
}

#endif
