/* Release: a period's exact tally becomes a rollup. The individual ends here. */
#ifndef FF_RELEASE_H
#define FF_RELEASE_H

#include "tally.h"

/* The rollup of a period. `folded` gets the thousandths of page views that went past
 * their section into "other". *out is the caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_release(struct ff_visitors *visitors,
                                   const struct ff_aggregate_settings *settings,
                                   struct ff_rollup **out, unsigned *folded,
                                   struct ff_fault *fault);

#endif
