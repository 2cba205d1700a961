/* What may be held: one bound for all that an aggregate's open periods keep. Whatever
 * the log makes grow asks here first; there is an act for when the answer is no. */
#ifndef FF_BUDGET_H
#define FF_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

struct ff_budget {
    size_t cap, used; /* bytes */
    size_t kept;      /* of cap: what the open periods may not have, see below */
};

static inline bool ff_budget_has(const struct ff_budget *budget, size_t bytes)
{
    const size_t cap = budget->cap - budget->kept;
    return budget->used < cap && bytes <= cap - budget->used;
}

/* A period that closes or prunes has to write down anew what it keeps, however much the
 * others have taken: that room is kept for whoever has its turn. Gives what is to be
 * kept again after it. */
static inline size_t ff_budget_open_kept(struct ff_budget *budget)
{
    const size_t kept = budget->kept;
    budget->kept = 0;
    return kept;
}

/* realloc within the budget: NULL, and the array as it was, when there is no room. */
static inline void *ff_budget_grow(struct ff_budget *budget, void *array,
                                   size_t old_bytes, size_t new_bytes)
{
    if (!ff_budget_has(budget, new_bytes - old_bytes))
        return NULL;
    void *grown = realloc(array, new_bytes);
    if (grown)
        budget->used += new_bytes - old_bytes;
    return grown;
}

static inline void ff_budget_free(struct ff_budget *budget, void *array, size_t bytes)
{
    free(array);
    if (budget)
        budget->used -= bytes;
}

#endif
