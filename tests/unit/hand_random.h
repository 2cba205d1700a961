/* Numbers that look random and are the same in every run (SplitMix64; Steele, Lea and
 * Flood 2014): a test that fails with them fails again. */
#ifndef FOOTFALL_HAND_RANDOM_H
#define FOOTFALL_HAND_RANDOM_H

#include <stdint.h>

struct hand_random {
    uint64_t state; /* the seed */
};

static inline uint64_t hand_next(struct hand_random *random)
{
    uint64_t z = random->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* From 0 to n - 1; n is far below 2^64. */
static inline uint64_t hand_below(struct hand_random *random, uint64_t n)
{
    return hand_next(random) % n;
}

#endif
