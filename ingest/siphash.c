#include "siphash.h"

#include <endian.h>
#include <string.h>

static uint64_t turn(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

struct state {
    uint64_t v0, v1, v2, v3;
};

static inline struct state mix(struct state s, int rounds)
{
#pragma GCC unroll 1
    for (int i = 0; i < rounds; i++) {
        s.v0 += s.v1;
        s.v2 += s.v3;
        s.v1 = turn(s.v1, 13) ^ s.v0;
        s.v3 = turn(s.v3, 16) ^ s.v2;
        s.v0 = turn(s.v0, 32) + s.v3;
        s.v2 += s.v1;
        s.v1 = turn(s.v1, 17) ^ s.v2;
        s.v3 = turn(s.v3, 21) ^ s.v0;
        s.v2 = turn(s.v2, 32);
    }
    return s;
}

__attribute__((noinline)) uint64_t ff_siphash(const unsigned char key[static 16],
                                              const uint64_t *words, size_t n)
{
    uint64_t k0, k1;
    memcpy(&k0, key, sizeof k0);
    memcpy(&k1, key + 8, sizeof k1);
    k0 = le64toh(k0);
    k1 = le64toh(k1);
    struct state s = { k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du,
                       k0 ^ 0x6c7967656e657261u, k1 ^ 0x7465646279746573u };
    for (size_t i = 0; i < n; i++) {
        s.v3 ^= words[i];
        s = mix(s, 2);
        s.v0 ^= words[i];
    }
    s.v2 ^= 0xff;
    s = mix(s, 4);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
