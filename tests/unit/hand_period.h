/* A period by hand: hits in, its rollup out. Included after cmocka.h. */
#ifndef FOOTFALL_HAND_PERIOD_H
#define FOOTFALL_HAND_PERIOD_H

#include "hand_hits.h"
#include "release.h"

/* A period that hits are put into; released and cleared by `release`. */
struct hand_period {
    struct ff_aggregate_settings settings;
    struct ff_visitors visitors;
    struct ff_secret secret;
    struct ff_budget budget;
    uint64_t order;
};

static inline void hand_open_period(struct hand_period *p, enum ff_grain grain,
                                    enum ff_profile profile)
{
    *p = (struct hand_period) { .settings = hand_settings(grain) };
    p->settings.profile = profile;
    assert_true(ff_secret_init(&p->secret));
    p->budget.cap = HAND_MEMORY;
    ff_visitors_init(&p->visitors, &p->secret, &p->budget, &p->settings,
                     ff_period_start(grain, HAND_DAY));
}

static inline void hand_put(struct hand_period *p, struct ff_hit hit)
{
    struct ff_fault fault;
    hit.order = p->order++;
    assert_int_equal(ff_visitors_add(&p->visitors, &hit, 1, &fault), FF_OK);
}

/* What a rollup must be whatever was in the log: nothing under its thresholds, sums
 * that add up, and a file that its reader takes. */
static inline void hand_check_invariants(const struct ff_rollup *rollup)
{
    for (int t = 0; t < FF_TABLES; t++) {
        const struct ff_table_info *info = &ff_table_infos[t];
        const struct ff_table_data *table = &rollup->tables[t];
        uint64_t sum = table->other;
        for (size_t i = 0; i < table->n_rows; i++) {
            sum += table->rows[i].measures[0];
            if (info->visitors >= 0)
                assert_true(table->rows[i].measures[info->visitors] >=
                            rollup->k * info->threshold);
            for (size_t j = 0; j < i; j++)
                assert_false(
                    ff_span_equal(table->rows[i].key[0], table->rows[j].key[0]) &&
                    ff_span_equal(table->rows[i].key[1], table->rows[j].key[1]) &&
                    ff_span_equal(table->rows[i].key[2], table->rows[j].key[2]));
        }
        assert_int_equal(sum, table->total);
    }
    unsigned char *bytes;
    size_t len, used;
    struct ff_fault fault;
    struct ff_rollup *again;
    if (ff_rollup_encode(rollup, &bytes, &len, &fault) != FF_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(ff_rollup_decode(&again, bytes, len, &used, "again", &fault),
                     FF_OK);
    ff_rollup_destroy(again);
    free(bytes);
}

static inline struct ff_rollup *hand_release(struct hand_period *p)
{
    struct ff_rollup *rollup;
    struct ff_fault fault;
    unsigned folded;
    struct ff_visitors *const part = &p->visitors;
    assert_int_equal(ff_release(&part, 1, &p->settings, &rollup, &folded, &fault),
                     FF_OK);
    ff_visitors_clear(&p->visitors);
    hand_check_invariants(rollup);
    return rollup;
}

#endif
