/* A worker: what one thread reads lines with. It takes a piece and gives its hits, a
 * few at a time; what it remembers of targets is its own. */
#ifndef FF_WORKER_H
#define FF_WORKER_H

#include "clients.h"
#include "fields.h"
#include "peers.h"
#include "piece.h"

struct ff_worker;

/* `peers` may be NULL, `fields` is taken over whether it succeeds or not; all else must
 * outlive the worker. On FF_OK *out is the caller's. FF_ERR_NOMEM. */
struct ff_worker_parts {
    const struct ff_ingest_settings *settings;
    struct ff_clients_parts clients;
    struct ff_peers *peers;
};
FF_MUST_USE enum ff_err ff_worker_create(struct ff_worker **out,
                                         const struct ff_worker_parts *parts,
                                         struct ff_fields *fields,
                                         struct ff_fault *fault);
/* Wipes and frees. NULL is allowed. */
void ff_worker_destroy(struct ff_worker *worker);

/* Begins a piece, which lives until the worker is done with it. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_worker_begin(struct ff_worker *worker,
                                        struct ff_piece *piece, struct ff_fault *fault);

/* The piece that has been read, which is let go; NULL: there was none. */
struct ff_piece *ff_worker_end(struct ff_worker *worker);

/* The next hits of the piece, up to FF_BATCH_HITS; out->n is 0 at its end, and when
 * there is none. Valid until the next call. `ahead` may be NULL. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_worker_next(struct ff_worker *worker,
                                       const struct ff_ahead *ahead,
                                       struct ff_batch *out, struct ff_fault *fault);

#endif
