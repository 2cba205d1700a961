/* Strings of one period, each kept once and known by a number. */
#ifndef FF_NAMES_H
#define FF_NAMES_H

#include "footfall/arena.h"
#include "footfall/hash.h"
#include "index.h"

/* Number 0 stands for a string that is not kept: withheld, or past the cap. */
struct ff_names {
    const struct ff_secret *secret;
    struct ff_arena arena;
    struct ff_span *spans; /* by number; [0] is empty */
    uint32_t n, cap;
    struct ff_index index;
    size_t cap_bytes; /* of all */
    bool is_capped;   /* some string was given 0 for want of room */
};

/* Allocates nothing yet. `secret` must outlive the names. */
void ff_names_init(struct ff_names *names, const struct ff_secret *secret,
                   size_t cap_bytes);
void ff_names_clear(struct ff_names *names);

/* The number of `text`, which is copied when it is new; 0 at the cap or when memory ran
 * out. */
uint32_t ff_names_id(struct ff_names *names, struct ff_span text);
/* Borrowed until clear. */
struct ff_span ff_names_get(const struct ff_names *names, uint32_t id);
size_t ff_names_held_bytes(const struct ff_names *names);

#endif
