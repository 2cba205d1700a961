/* The visitors of a closing period, of all the parts that took it in, grouped by
 * network; and one dictionary for all their words. */
#ifndef FF_CROWD_H
#define FF_CROWD_H

#include "visitors.h"

/* One part's record of a visitor. */
struct ff_member {
    uint64_t net, visitor;
    uintptr_t record; /* where it is; a record begins on a cache line: plus the part */
};
static_assert(FF_AGGREGATE_PARTS <= sizeof(struct ff_visitor), "a part's number fits");

struct ff_crowd {
    struct ff_visitors *const *parts;
    size_t n_parts;
    struct ff_dictionary *words;         /* the first part's, with all other words */
    struct ff_translation *translations; /* of each part but the first */
    struct ff_member *members; /* in buckets, by the first bits of their network */
    uint32_t n;
    uint32_t *places; /* in them, of the threads that filled them */
    uint32_t *ends;   /* of the buckets: the last of those */
    unsigned bits;
};

/* Borrows the parts (1 to FF_AGGREGATE_PARTS), whose period, zone and visit timeout are
 * the same. All words are the first one's then; the others have none any more.
 * FF_ERR_NOMEM; to be cleared in any case. */
FF_MUST_USE enum ff_err ff_crowd_join(struct ff_crowd *crowd,
                                      struct ff_visitors *const *parts, size_t n_parts,
                                      struct ff_fault *fault);
void ff_crowd_clear(struct ff_crowd *crowd);

/* Puts the members from `from` up to `to`, whole buckets, in order: those of a network
 * together, and of those the ones of a visitor. Threads may each do a
 * share. */
void ff_crowd_group(const struct ff_crowd *crowd, uint32_t from, uint32_t to);

/* Where the i-th of `of` about equal shares begins: whole buckets, so no network is in
 * two. */
uint32_t ff_crowd_share(const struct ff_crowd *crowd, size_t i, size_t of);

static inline struct ff_member ff_member_make(const struct ff_visitor *record,
                                              size_t part)
{
    return (struct ff_member) { record->net, record->visitor,
                                (uintptr_t)record + part };
}

static inline size_t ff_member_part(const struct ff_member *member)
{
    return member->record % sizeof(struct ff_visitor);
}

static inline const struct ff_visitor *ff_member_record(const struct ff_member *member)
{
    return (const struct ff_visitor *)(member->record - ff_member_part(member));
}

/* Whether both are records of the same visitor. */
static inline bool ff_member_is_same(const struct ff_member *a,
                                     const struct ff_member *b)
{
    return a->net == b->net && a->visitor == b->visitor;
}

#endif
