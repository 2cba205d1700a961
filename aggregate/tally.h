/* The tally of a period: exact counts of every cell, never written. It is filled by one
 * walk over the visitors grouped by network. Several tallies may walk a share of the
 * networks each, at the same time; their sum is exact, as no visitor is in two. */
#ifndef FF_TALLY_H
#define FF_TALLY_H

#include "cells.h"
#include "crowd.h"
#include "footfall/apart.h"
#include "visits.h"

/* Robots that are found by what they did. */
enum ff_found_robot {
    FF_FOUND_SCANNER,
    FF_FOUND_ROBOTS_TXT,
    FF_FOUND_BEHAVING,
    FF_FOUND_ROBOTS,
};

/* A transition that waits to be counted, for whom it is. */
struct ff_waiting {
    uint64_t key;
    uint32_t hash;
    struct ff_now now;
};
/* A power of two. */
#define FF_WAITING 32

struct ff_tally {
    _Alignas(FF_APART) const struct ff_crowd *crowd;
    struct ff_keys *keys; /* walks only read them */
    struct ff_cells tables[FF_TABLES];
    struct ff_reconciliation reconciliation;
    struct ff_totals totals;
    uint64_t networks;                            /* distinct, of totals.visitors */
    struct ff_robot_count found[FF_FOUND_ROBOTS]; /* without an agent */
    struct ff_starts starts;
    /* Of the walk that is going on: */
    struct ff_walk walk;
    uint64_t hits[FF_EVENT_KINDS];         /* by kind of event */
    struct ff_waiting waiting[FF_WAITING]; /* a ring */
    uint32_t n_waiting, n_waited;          /* ever; those that have been counted */
    struct ff_now now;
    bool is_new_network; /* none of its visitors has been counted */
    /* `now`, or NULL: the hits are not a visitor's, but just a client's. */
    const struct ff_now *who;
    bool is_out_of_memory;
};

/* Borrows all. `least` is what a cell of each table must have to stand; 0: all do.
 * `most_bytes` bounds the tables with keys from the log. It must not be moved.
 * FF_ERR_NOMEM; to be cleared in any case. */
FF_MUST_USE enum ff_err ff_tally_init(struct ff_tally *tally,
                                      const struct ff_crowd *crowd,
                                      struct ff_keys *keys,
                                      const struct ff_threshold least[FF_TABLES],
                                      size_t most_bytes, struct ff_fault *fault);
void ff_tally_clear(struct ff_tally *tally);

/* Counts the visitors that are the crowd's members from `from` up to `to`, which it
 * groups first: a share (ff_crowd_share). FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_tally_walk(struct ff_tally *tally, uint32_t from,
                                      uint32_t to, struct ff_fault *fault);
/* Adds another share's counts. `from` is good for its marks and starts only then: they
 * are of `into`'s cells. `into` has no bound from then on. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_tally_join(struct ff_tally *into, struct ff_tally *from,
                                      struct ff_fault *fault);
/* When all visitors are counted: adds what is known in sums only. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_tally_add_sums(struct ff_tally *tally,
                                          const struct ff_sums *sums,
                                          struct ff_fault *fault);

#endif
