/* Folding, step by step: all that is rare at the end, and what few networks have seen
 * when room gets short (ff_cells_thin). */
#ifndef FF_THIN_H
#define FF_THIN_H

#include "cells.h"

/* Sends each rare cell that at most `level` networks have seen to its section's cell,
 * which is made, or to "other". What sections have is counted anew by marks. */
void ff_cells_fold_rare(struct ff_cells *cells, uint32_t level);
/* Sends each section that is rare, in the same sense, to "other", and adds up what is
 * in "other". True if there is anything in it. */
bool ff_cells_fold_sections(struct ff_cells *cells, uint32_t level);
/* Adds to `target` the measures of `cell` that are sums. Visits of pages are none. */
void ff_cells_add_measures(struct ff_cells *cells, uint32_t target, uint32_t cell);

/* Counts the visitors of marks of rare cells into their sections; if `is_final`, into
 * "other" those that have gone there. The marks are of one walk, whose visits' numbers
 * all are above `base` when that is added. */
void ff_marks_count(struct ff_cells *cells, const struct ff_mark *marks, uint32_t n,
                    const struct ff_starts *starts, uint32_t base, bool is_final);

#endif
