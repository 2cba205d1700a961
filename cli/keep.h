/* Rollups into a store as they come, by who has no logs to read again: a period that
 * was seen whole and is not there yet. What is there already is left alone: the nightly
 * job reads the logs themselves and knows better. */
#ifndef FF_KEEP_H
#define FF_KEEP_H

#include "pipeline.h"

struct ff_keep {
    const char *store, *site;
    unsigned written, there, not_whole;
};

/* FF_ERR_USAGE: the site's name is none that a store can have. */
FF_MUST_USE enum ff_err ff_keep_check(const struct ff_keep *keep,
                                      struct ff_fault *fault);
/* Waits for another writer of the store. FF_ERR_IO, FF_ERR_NOMEM; FF_ERR_USAGE: the
 * store has a period of another length there. */
FF_MUST_USE enum ff_err ff_keep_rollup(struct ff_keep *keep, struct ff_rollup *rollup,
                                       const struct ff_period_state *state,
                                       struct ff_fault *fault);
/* A line on stderr: what was kept. */
void ff_keep_sum_up(const struct ff_keep *keep);

#endif
