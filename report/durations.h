/* How long visits took, read off fixed buckets. Private to report. */
#ifndef FOOTFALL_DURATIONS_H
#define FOOTFALL_DURATIONS_H

#include "footfall/rollup.h"

/* Visits by duration bucket (tables.h). */
struct ff_durations {
    uint64_t visits[FF_DURATION_BUCKETS];
};

/* A label that is not ours, of another version's buckets, counts nowhere. */
void ff_durations_add(struct ff_durations *durations, struct ff_span label,
                      uint64_t visits);

/* The visit in the middle, taking visits as spread evenly inside a bucket; rounded to a
 * second. False when there is none. */
bool ff_durations_median(const struct ff_durations *durations, uint64_t *seconds);

/* The same of a rollup's visit_duration rows; false also when they are withheld. */
bool ff_durations_table_median(const struct ff_table_data *table, uint64_t *seconds);

#endif
