/* Hits that are counted in sums only: a declared robot's, nobody's (the client was "-",
 * or there was no room for it), and lines that are no hits. */
#ifndef FF_SUMS_H
#define FF_SUMS_H

#include "budget.h"
#include "event.h"
#include "footfall/err.h"
#include "footfall/hash.h"
#include "index.h"

/* Of nobody's hits of one kind, class and key. */
struct ff_nobody_count {
    uint64_t hits;
    uint32_t kind_class; /* enum ff_event_kind and FF_CLASS */
    uint32_t key;        /* of pages and paths not found; else 0 */
};
#define FF_KIND_CLASS(kind, class) ((uint32_t)(kind) << FF_EVENT_CLASS_BITS | (class))
#define FF_KIND_CLASS_KIND(kc)     ((enum ff_event_kind)((kc) >> FF_EVENT_CLASS_BITS))
#define FF_KIND_CLASS_CLASS(kc)    ((kc) & ((1u << FF_EVENT_CLASS_BITS) - 1))

/* Of a robot's name. */
struct ff_robot_count {
    const struct ff_agent *agent;
    uint64_t hits, page_views, bytes;
};

/* Owned by a period's visitors. */
struct ff_sums {
    const struct ff_secret *secret;
    struct ff_budget *budget;
    size_t most_bytes; /* of nobody's counts with a key; past it the key is 0 */
    struct ff_nobody_count *nobody;
    uint32_t n_nobody, cap_nobody;
    struct ff_index nobody_index;
    uint64_t nobody_bytes;
    struct ff_robot_count *robots;
    uint32_t n_robots, cap_robots;
    struct ff_index robot_index;
    uint64_t malformed, excluded, blank;
    bool is_capped; /* some key was given up */
};

void ff_sums_init(struct ff_sums *sums, const struct ff_secret *secret,
                  struct ff_budget *budget, size_t most_bytes);
void ff_sums_clear(struct ff_sums *sums);

FF_MUST_USE enum ff_err ff_sums_add_nobody(struct ff_sums *sums,
                                           const struct ff_nobody_count *count,
                                           struct ff_fault *fault);
FF_MUST_USE enum ff_err ff_sums_add_robot(struct ff_sums *sums,
                                          const struct ff_robot_count *count,
                                          struct ff_fault *fault);

/* Keys of nobody's counts become keys[key]. */
void ff_sums_translate(struct ff_sums *sums, const uint32_t *keys);

#endif
