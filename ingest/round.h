/* A round of reading: workers take pieces of the open inputs, some at once under a
 * lock, or each from its own stretch of one that is shared out, and read them side by
 * side; when all are done, what the pieces came to is added in the inputs' order. So
 * nothing depends on how many workers there are or how fast each is. */
#ifndef FF_ROUND_H
#define FF_ROUND_H

#include <pthread.h>

#include "inputs.h"
#include "worker.h"

struct ff_round;

/* `inputs` must outlive the round. Live (see the settings), a round is one piece: what
 * only the pieces before can tell is not waited for. On FF_OK *out is the caller's.
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_round_create(struct ff_round **out, struct ff_inputs *inputs,
                                        const struct ff_ingest_settings *settings,
                                        struct ff_fault *fault);
/* Wipes and frees. NULL is allowed. */
void ff_round_destroy(struct ff_round *round);

/* The next round is a short one. */
void ff_round_shorten(struct ff_round *round);
/* Opens the inputs that have their turn; false in *more at the end of all. FF_ERR_IO,
 * NOMEM. */
FF_MUST_USE enum ff_err ff_round_begin(struct ff_round *round, bool *more,
                                       struct ff_fault *fault);

/* Whether the round that has begun is known to have work for several readers, who take
 * a few thousand lines in a millisecond each. */
bool ff_round_is_long(const struct ff_round *round);

/* The next hits of a reader's worker, which takes pieces as it needs them; out->n is 0
 * when the round is over for it. Any thread may call this for its own worker.
 * FF_ERR_IO, NOMEM; then the round is over for all workers. */
FF_MUST_USE enum ff_err ff_round_next(struct ff_round *round, size_t reader,
                                      struct ff_worker *worker,
                                      const struct ff_ahead *ahead,
                                      struct ff_batch *out, struct ff_fault *fault);

/* Ends the round for all workers; any thread may. */
void ff_round_stop(struct ff_round *round);

/* When the round is over for all workers: adds what their pieces came to. Gives hits
 * for lines that had no period before, at most two a piece; valid until the next round.
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_round_end(struct ff_round *round, const struct ff_hit **hits,
                                     size_t *n, struct ff_fault *fault);

/* Of all rounds that have ended: lines that belong to no period, and the vote. */
struct ff_stray_lines ff_round_strays(const struct ff_round *round);
struct ff_majority ff_round_majority(const struct ff_round *round);

/* Bytes that the inputs have given by now, and have in all (0: unknown); safe while
 * workers read. */
void ff_round_progress(struct ff_round *round, uint64_t *bytes, uint64_t *total);

#endif
