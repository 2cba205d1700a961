/* What may be held: one bound for all that an aggregate's open periods keep. Whatever
 * the log makes grow asks here first; there is an act for when the answer is no. */
#ifndef FF_BUDGET_H
#define FF_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

struct ff_budget {
    size_t cap, used; /* bytes */
};

static inline bool ff_budget_has(const struct ff_budget *budget, size_t bytes)
{
    return budget->used < budget->cap && bytes <= budget->cap - budget->used;
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
