/* The visitors of one open period: a table of tokens, each with a compact list of what
 * it did. Nothing is tallied before the period closes, so robots found late and lines
 * out of order change nothing. */
#ifndef FF_VISITORS_H
#define FF_VISITORS_H

#include "dictionary.h"
#include "event_pool.h"
#include "footfall/aggregate.h"
#include "sums.h"

/* One cache line. */
struct ff_visitor {
    uint64_t net, visitor;
    struct ff_event *events; /* a block of the pool, or NULL */
    uint64_t bytes;
    uint64_t language_order; /* of the earliest hit with a language */
    uint32_t language_at;
    uint32_t n_events; /* hits, if they were freed */
    union {
        uint32_t run;        /* place of the event that the last quiet hit went into */
        uint32_t page_views; /* of those that were freed */
    };
    uint32_t agent; /* number in the dictionary */
    uint16_t language, country;
    uint8_t block; /* size of the block */
    bool fetched_robots_txt;
    bool is_freed; /* its events are: past 1,000 page views in a visit, or a scanner */
};
static_assert(sizeof(struct ff_visitor) == 64, "a cache line");

/* They lie in pieces, so that growing moves none. A block has as many as there are
 * already, up to a huge page's. */
#define FF_VISITORS_PIECE 256

struct ff_visitors_block {
    struct ff_visitor *first;
    uint32_t n_pieces;
};

/* One open period. Owned by the aggregate; cleared at the close. */
struct ff_visitors {
    const struct ff_secret *secret;
    struct ff_budget *budget;
    int32_t start, end; /* days */
    int64_t from, to;   /* the same in seconds since 1970-01-01 UTC */
    const struct ff_zone *zone;
    uint32_t visit_timeout;
    struct ff_visitor **pieces;
    uint32_t n, n_pieces;
    struct ff_visitors_block *blocks;
    uint32_t n_blocks;
    struct ff_index index;
    size_t most_bytes, held_bytes; /* of the table: pieces and index */
    struct ff_event_pool events;
    struct ff_dictionary words;
    struct ff_sums sums;
    bool is_capped;          /* some visitor is one of its network, or nobody */
    bool has_freed_scanners; /* and there were not enough of them */
    /* Of hits that were foreseen last: most likely their visitors. */
    const struct ff_visitor *likely[FF_FORESEEN_HITS];
    size_t n_likely;
    bool is_foreseen; /* whoever gives hits does it beforehand */
};

/* `secret` and `budget` must outlive the visitors; the budget is all periods'. */
void ff_visitors_init(struct ff_visitors *visitors, const struct ff_secret *secret,
                      struct ff_budget *budget,
                      const struct ff_aggregate_settings *settings, int32_t start);
void ff_visitors_clear(struct ff_visitors *visitors);

/* The period closes: no hit comes any more. Gives back what finds visitors by their
 * tokens, and words by their numbers. */
void ff_visitors_seal(struct ff_visitors *visitors);

/* Wipes and frees all about single visitors, who have been counted. Words and sums
 * stay, and nothing else is touched, the budget neither: a thread may do it while
 * another goes on with those. To be cleared all the same. */
void ff_visitors_forget(struct ff_visitors *visitors);

/* See ff_aggregate_foresee. */
void ff_visitors_foresee(struct ff_visitors *visitors, const struct ff_hit *hits,
                         size_t n, unsigned step);

/* Takes in `n` hits of the period. FF_ERR_NOMEM only when not even counts find room. */
FF_MUST_USE enum ff_err ff_visitors_add(struct ff_visitors *visitors,
                                        const struct ff_hit *hits, size_t n,
                                        struct ff_fault *fault);

static inline struct ff_visitor *ff_visitors_at(const struct ff_visitors *visitors,
                                                uint32_t i)
{
    return &visitors->pieces[i / FF_VISITORS_PIECE][i % FF_VISITORS_PIECE];
}

bool ff_visitors_is_capped(const struct ff_visitors *visitors);

#endif
