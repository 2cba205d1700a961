/* The threads that read, each with a reader of the ingest (or a seat at hits that come
 * from elsewhere) and an aggregate of its own: nothing is shared on a line's way, and
 * the aggregates are joined when a period closes. */
#ifndef FF_READERS_H
#define FF_READERS_H

#include "footfall/aggregate.h"
#include "footfall/hit_stream.h"
#include "footfall/ingest.h"
#include "options.h"
#include "progress.h"

/* What each of `n` aggregates has of the options, which must outlive it. */
struct ff_aggregate_settings ff_readers_settings(const struct ff_options *options,
                                                 size_t n);

struct ff_readers;

/* `n` at most. `options` must outlive the readers. On FF_OK *out is the
 * caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_readers_create(struct ff_readers **out,
                                          const struct ff_options *options, size_t n,
                                          struct ff_fault *fault);
/* NULL is allowed. */
void ff_readers_destroy(struct ff_readers *all);

/* One round: reads it to its end. The threads that it starts wait then. Hits of
 * days that the options leave out are only counted. No readable line after it is
 * expected before *settled. Errors as ff_ingest_next, ff_aggregate_add. */
FF_MUST_USE enum ff_err ff_readers_round(struct ff_readers *all,
                                         struct ff_ingest *ingest,
                                         struct ff_progress *progress, int64_t *settled,
                                         struct ff_fault *fault);

/* The same for hits that another process made, which have a seat for each thread.
 * Errors as ff_hit_reader_next, ff_aggregate_add. */
FF_MUST_USE enum ff_err ff_readers_hits_round(struct ff_readers *all,
                                              struct ff_hit_reader *hits,
                                              struct ff_fault *fault);

/* Whether more than one has read. */
bool ff_readers_are_several(const struct ff_readers *readers);

/* What all readers have seen so far. */
struct ff_readers_stats {
    int64_t first_time, last_time; /* of hits; INT64_MAX and INT64_MIN: none */
    uint64_t outside;              /* lines of days that are left out */
    uint64_t late;                 /* lines of periods that were closed already */
};
struct ff_readers_stats ff_readers_stats(const struct ff_readers *all);

/* First day of the earliest open period; false when none is open. */
bool ff_readers_earliest(const struct ff_readers *all, int32_t *start);
/* Joins the readers' parts of a period into a rollup, the caller's. *folded: see
 * ff_aggregate_folded. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_readers_release(struct ff_readers *all, int32_t start,
                                           struct ff_rollup **out, unsigned *folded,
                                           struct ff_fault *fault);

#endif
