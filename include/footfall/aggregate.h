/* Aggregate: hits in, rollups out. The individual does not leave it. */
#ifndef FOOTFALL_AGGREGATE_H
#define FOOTFALL_AGGREGATE_H

#include "footfall/err.h"
#include "footfall/hit.h"
#include "footfall/rollup.h"
#include "footfall/zone.h"

/* Something that visits come for: a page view or a download whose key `glob` matches
 * (fnmatch's "*", "?", "[]"; "*" crosses slashes), such as "/signup/done". */
struct ff_goal {
    const char *name; /* key of its row: ff_goal_is_name */
    const char *glob;
};
#define FF_GOALS_MOST     32
#define FF_GOAL_NAME_SIZE 65

/* Letters, digits, blanks (not at its ends), ".", "-" and "_", 1 to 64 bytes. */
bool ff_goal_is_name(struct ff_span name);

struct ff_aggregate_settings {
    const char *site; /* the rollups' site; must live as long as the aggregate */
    enum ff_grain grain;
    const struct ff_zone *zone; /* of days and hours; NULL: UTC; must live as long */
    enum ff_profile profile;
    uint32_t k, kn; /* what a row needs, if more than the profile's least; 0: that */
    uint32_t visit_timeout;      /* seconds; 1800 */
    const struct ff_goal *goals; /* at most FF_GOALS_MOST; must live as long */
    size_t n_goals;
    size_t memory_bytes; /* bound of all that the open periods hold */
};

struct ff_aggregate;

/* On FF_OK *out is the caller's, for ff_aggregate_destroy. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err
ff_aggregate_create(struct ff_aggregate **out,
                    const struct ff_aggregate_settings *settings,
                    struct ff_fault *fault);

/* Hits that will be added shortly: asks for the memory that it will touch. In three
 * steps (0, 1, 2), each of which needs what the one before asked for, and best some
 * microseconds after it. Who does not do it, or not in time, loses time only. Up to
 * FF_FORESEEN_HITS are looked at, and of one period those that follow on each other. */
#define FF_FORESEEN_STEPS 3
#define FF_FORESEEN_HITS  98
void ff_aggregate_foresee(struct ff_aggregate *aggregate, const struct ff_hit *hits,
                          size_t n, unsigned step);

/* Takes in `n` hits of any periods that are still open, in any order; nothing of them
 * is kept but what is copied. Hits of a period already released are counted as late
 * (ff_aggregate_late) and dropped. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_aggregate_add(struct ff_aggregate *aggregate,
                                         const struct ff_hit *hits, size_t n,
                                         struct ff_fault *fault);

/* First day of the earliest open period; false when none is open. */
bool ff_aggregate_earliest(const struct ff_aggregate *aggregate, int32_t *start);
/* How many are open, and the first day of the latest of them. */
size_t ff_aggregate_open(const struct ff_aggregate *aggregate, int32_t *latest);
/* Bytes that all open periods hold. */
size_t ff_aggregate_held_bytes(const struct ff_aggregate *aggregate);
/* Lines that came after their period's release. */
uint64_t ff_aggregate_late(const struct ff_aggregate *aggregate);

/* Closes the period that begins on `start`: visitors become visits, visits become
 * cells, cells become a rollup, and everything about single visitors is freed. A period
 * without a line gives an empty rollup. *out is the caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_aggregate_release(struct ff_aggregate *aggregate,
                                             int32_t start, struct ff_rollup **out,
                                             struct ff_fault *fault);

/* The same for aggregates that took in parts of one input, 1 to FF_AGGREGATE_PARTS of
 * the same settings: the rollup is that of all their hits together, whatever part took
 * which, and the period is closed in each. As many threads count as there are parts,
 * 16 at most. FF_ERR_NOMEM. */
#define FF_AGGREGATE_PARTS 64
FF_MUST_USE enum ff_err ff_aggregate_release_parts(struct ff_aggregate *const *parts,
                                                   size_t n_parts, int32_t start,
                                                   struct ff_rollup **out,
                                                   struct ff_fault *fault);

/* Share of the last released period's page views that went past their section into
 * "other", in thousandths; the operator is told, the rollup does not hold it. Of parts
 * the first one knows it. */
unsigned ff_aggregate_folded(const struct ff_aggregate *aggregate);

/* Visitors of the open period that begins on `start` with a page view or download at or
 * after `since` (seconds since 1970-01-01 UTC), as the profile shows a count: 0 if they
 * are fewer than the period's k or of fewer networks than its kn. Nothing is closed.
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_aggregate_active(const struct ff_aggregate *aggregate,
                                            int32_t start, int64_t since,
                                            uint32_t *visitors, struct ff_fault *fault);

void ff_aggregate_destroy(struct ff_aggregate *aggregate);

#endif
