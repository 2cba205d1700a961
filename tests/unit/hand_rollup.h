/* Rollups written down by hand, for tests of what reads them. */
#ifndef FOOTFALL_HAND_ROLLUP_H
#define FOOTFALL_HAND_ROLLUP_H

#include <stdlib.h>

#include "footfall/rollup.h"

/* One row: key parts (NULL for none) and measures. */
struct hand_row {
    const char *key[FF_KEY_PARTS];
    uint64_t measures[FF_MEASURES];
};

/* An empty period of internal site "hand.example", k 10, kn 5, rules 1. */
static inline struct ff_rollup *hand_rollup(enum ff_grain grain, struct ff_date first)
{
    struct ff_rollup *rollup = ff_rollup_create();
    if (!rollup)
        abort();
    rollup->site = FF_SPAN("hand.example");
    rollup->grain = grain;
    rollup->start = ff_day_of_date(first);
    rollup->end = ff_period_end(grain, rollup->start);
    rollup->k = 10;
    rollup->kn = 5;
    rollup->rules = FF_RULES_VERSION;
    rollup->revision = 1;
    return rollup;
}

static inline struct ff_date hand_date(int year, int month, int day)
{
    return (struct ff_date) { year, (uint8_t)month, (uint8_t)day };
}

/* Lets the table stand with these rows; the total is their sum and `other`. */
static inline void hand_table(struct ff_rollup *rollup, enum ff_table t,
                              const struct hand_row *rows, size_t n, uint64_t other)
{
    struct ff_table_data *table = &rollup->tables[t];
    table->is_present = true;
    table->rows = FF_ARENA_NEW(&rollup->arena, struct ff_row, n ? n : 1);
    if (!table->rows)
        abort();
    table->n_rows = n;
    table->other = table->total = other;
    for (size_t i = 0; i < n; i++) {
        struct ff_row *row = &table->rows[i];
        for (int p = 0; p < FF_KEY_PARTS; p++) {
            const char *part = rows[i].key[p] ? rows[i].key[p] : "";
            row->key[p] = ff_arena_copy(&rollup->arena, ff_span_of(part));
        }
        for (int m = 0; m < FF_MEASURES; m++)
            row->measures[m] = rows[i].measures[m];
        table->total += row->measures[0];
    }
}

#define HAND_TABLE(rollup, t, other, ...)                                              \
    do {                                                                               \
        static const struct hand_row hand_rows[] = { __VA_ARGS__ };                    \
        hand_table((rollup), (t), hand_rows, sizeof hand_rows / sizeof *hand_rows,     \
                   (other));                                                           \
    } while (0)

/* The list takes the rollup. */
static inline void hand_add(struct ff_rollup_list *list, struct ff_rollup *rollup)
{
    struct ff_fault fault;
    if (ff_rollup_list_add(list, rollup, &fault) != FF_OK)
        abort();
}

#endif
