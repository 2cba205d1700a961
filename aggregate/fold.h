/* Which cells of a tally are rows, and what the others fold into. */
#ifndef FF_FOLD_H
#define FF_FOLD_H

#include "tally.h"

struct ff_threshold {
    uint32_t visitors, networks;
};

/* What folding found out about a table. */
struct ff_folded_table {
    struct ff_threshold threshold;
    bool is_present; /* false: not even all of it can stand as "other" */
};

/* Fixes the target of every cell of every table with a threshold, and recounts sections
 * and "other" under that map, so that the visitors of each are exact too. The cells
 * must have been counted. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_fold(struct ff_tally *tally,
                                struct ff_folded_table tables[FF_TABLES],
                                struct ff_fault *fault);

/* Whether a cell is a row of its own. */
static inline bool ff_cell_is_row(const struct ff_cells *cells, uint32_t i)
{
    return i != FF_CELL_OTHER && cells->cells[i].target == i &&
           cells->cells[i].measures[0] > 0;
}

#endif
