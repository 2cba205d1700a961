/* Strings of one period, each kept once and known by a number. */
#ifndef FF_NAMES_H
#define FF_NAMES_H

#include "budget.h"
#include "footfall/arena.h"
#include "footfall/hash.h"
#include "index.h"

/* Number 0 stands for a string that is not kept: withheld, or past the bound. */
struct ff_names {
    const struct ff_secret *secret;
    struct ff_budget *budget;
    struct ff_arena arena;
    struct ff_span *spans; /* by number; [0] is empty */
    uint32_t n, cap;
    struct ff_index index;
    size_t most_bytes; /* of all */
    size_t held_bytes;
    bool is_capped; /* some string was given 0 for want of room */
};

/* Allocates nothing yet. `secret` and `budget` must outlive the names. */
void ff_names_init(struct ff_names *names, const struct ff_secret *secret,
                   struct ff_budget *budget, size_t most_bytes);
void ff_names_clear(struct ff_names *names);

/* The number of `text`, which is copied when it is new; 0 at the bound or when memory
 * ran out. */
uint32_t ff_names_id(struct ff_names *names, struct ff_span text);
/* Borrowed until clear. */
static inline struct ff_span ff_names_get(const struct ff_names *names, uint32_t id)
{
    assert(id < names->n || id == 0);
    return id ? names->spans[id] : (struct ff_span) { "", 0 };
}

#endif
