/* Rows added up by key over many rollups: 400 days of 10,000 rows of a table take less
 * than a second, and never quadratic time, since rollup files come from others too. */
#ifndef FOOTFALL_ROW_SUMS_H
#define FOOTFALL_ROW_SUMS_H

#include "view.h"

/* Set up by ff_row_sums_init, released by ff_row_sums_clear or emptied by
 * ff_row_sums_take; in its owner's storage. Keys stay the rollups'. */
struct ff_row_sums {
    struct ff_view_row *rows;
    size_t n, cap;
    /* Index of a row + 1, or 0; a power of two of them. NULL: none yet. */
    uint32_t *slots;
    size_t n_slots;
    uint64_t seed[2];
    unsigned n_parts, n_measures;
};

void ff_row_sums_init(struct ff_row_sums *sums, const struct ff_table_info *info);
void ff_row_sums_clear(struct ff_row_sums *sums);

/* The row of a key, made if there is none, as its place in `rows`: places are given in
 * the order of asking. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_row_sums_place(struct ff_row_sums *sums,
                                          const struct ff_span *key, uint32_t *place,
                                          struct ff_fault *fault);

/* Adds the rows of one period's table. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_row_sums_add(struct ff_row_sums *sums,
                                        const struct ff_table_data *table,
                                        struct ff_fault *fault);

/* The rows, largest additive measure first, then by key bytes; free() is the caller's.
 */
struct ff_view_row *ff_row_sums_take(struct ff_row_sums *sums, size_t *n);

/* The order of a table's rows, for qsort. */
int ff_view_row_compare(const void *a, const void *b);

#endif
