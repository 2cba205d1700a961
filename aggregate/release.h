/* Release: a period's exact tally becomes a rollup. The individual ends here. */
#ifndef FF_RELEASE_H
#define FF_RELEASE_H

#include "tally.h"

/* Most threads that count at a time. */
#define FF_RELEASE_WALKS 16

/* The rollup of a period that one to FF_AGGREGATE_PARTS parts took in: the same
 * whatever part took which hit. As many threads count as there are parts. What the
 * parts hold is of no use then but to be cleared; the first one's words are
 * everybody's. `folded` gets the thousandths of page views that went past their section
 * into "other". *out is the caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_release(struct ff_visitors *const *parts, size_t n_parts,
                                   const struct ff_aggregate_settings *settings,
                                   struct ff_rollup **out, unsigned *folded,
                                   struct ff_fault *fault);

#endif
