/* Which cells of a tally are rows, and what the others fold into. */
#ifndef FF_FOLD_H
#define FF_FOLD_H

#include "tally.h"

/* Fixes the target of every cell of every table with a threshold, and counts sections
 * and "other" under that map, so that the visitors of each are exact too. The first of
 * `tallies` is the sum of all, the others were added to it. A table whose `is_present`
 * becomes false cannot even stand as "other" with all of it. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_fold(struct ff_tally *tallies, size_t n_tallies,
                                bool is_present[FF_TABLES], struct ff_fault *fault);

#endif
