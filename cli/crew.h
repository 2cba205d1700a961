/* Threads that do a round's work side by side, in steps: the one that calls, which
 * leads, and others, which are started once there is enough to do for them, or at once
 * in a round that is known to be long. Between rounds they wait. */
#ifndef FF_CREW_H
#define FF_CREW_H

#include <stdbool.h>
#include <stddef.h>

#include "footfall/err.h"

/* Members are numbered from 0, who leads. */
struct ff_crew_work {
    void *context;
    /* A member's next step; *is_over when there is nothing left for it in this round.
     * An error ends the round for all. */
    enum ff_err (*step)(void *context, size_t member, bool *is_over,
                        struct ff_fault *fault);
    /* Called before a thread is started for a member. NULL: nothing to do. */
    enum ff_err (*prepare)(void *context, size_t member, struct ff_fault *fault);
    /* Called behind each step of the leader's. NULL: nothing to do. */
    void (*show)(void *context);
    /* Ends the round for the members that are at a step. Any of them may call it. */
    void (*stop)(void *context);
};

struct ff_crew;

/* Of `n` at most; `work` is copied. On FF_OK *out is the caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_crew_create(struct ff_crew **out, size_t n,
                                       const struct ff_crew_work *work,
                                       struct ff_fault *fault);
/* Ends the threads. NULL is allowed. */
void ff_crew_destroy(struct ff_crew *crew);

/* One round, to its end. A thread that cannot be had is done without. The error of the
 * first member that had one; there must be no other round then. */
FF_MUST_USE enum ff_err ff_crew_round(struct ff_crew *crew, bool is_long,
                                      struct ff_fault *fault);

#endif
