#include "durations.h"

void ff_durations_add(struct ff_durations *durations, struct ff_span label,
                      uint64_t visits)
{
    for (unsigned i = 0; i < FF_DURATION_BUCKETS; i++)
        if (ff_span_equal(label, ff_span_of(ff_duration_labels[i])))
            durations->visits[i] += visits;
}

/* The last bucket has no end, so a median in it is its beginning: "2 h or more". */
static double width_of(unsigned bucket)
{
    return bucket + 1 < FF_DURATION_BUCKETS
               ? ff_duration_from[bucket + 1] - ff_duration_from[bucket]
               : 0;
}

bool ff_durations_median(const struct ff_durations *durations, uint64_t *seconds)
{
    double sum = 0, before = 0;
    for (unsigned i = 0; i < FF_DURATION_BUCKETS; i++)
        sum += (double)durations->visits[i];
    for (unsigned i = 0; i < FF_DURATION_BUCKETS; i++) {
        const double here = (double)durations->visits[i];
        if (here > 0 && before + here >= sum / 2) {
            const double share = (sum / 2 - before) / here;
            *seconds = (uint64_t)(ff_duration_from[i] + width_of(i) * share + 0.5);
            return true;
        }
        before += here;
    }
    return false;
}

bool ff_durations_table_median(const struct ff_table_data *table, uint64_t *seconds)
{
    struct ff_durations durations = { 0 };
    if (table->is_present)
        for (size_t i = 0; i < table->n_rows; i++)
            ff_durations_add(&durations, table->rows[i].key[0],
                             table->rows[i].measures[0]);
    return ff_durations_median(&durations, seconds);
}
