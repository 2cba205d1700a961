/* Hits written down by hand, for tests of what becomes of them. */
#ifndef FOOTFALL_HAND_HITS_H
#define FOOTFALL_HAND_HITS_H

#include <stdlib.h>

#include "footfall/aggregate.h"

/* Thursday 2026-01-01, the first day of hand-made hits. */
#define HAND_DAY     20454
#define HAND_TIMEOUT 1800
#define HAND_MEMORY  ((size_t)64 << 20)

static inline struct ff_aggregate_settings hand_settings(enum ff_grain grain)
{
    return (struct ff_aggregate_settings) { .site = "hand.example",
                                            .grain = grain,
                                            .visit_timeout = HAND_TIMEOUT,
                                            .memory_bytes = HAND_MEMORY };
}

/* Numbers for a network and a visitor in it that look like tokens. */
static inline uint64_t hand_token(uint64_t n)
{
    return (n + 1) * 0x9E3779B97F4A7C15u;
}

/* A hit of visitor 1 of network 1, GET and 200, `at` seconds after HAND_DAY began; the
 * order is the time's. What differs is changed in the hit. */
static inline struct ff_hit hand_hit(enum ff_kind kind, const char *key, uint32_t at)
{
    return (struct ff_hit) { .time = (int64_t)HAND_DAY * FF_DAY_SECONDS + at,
                             .order = at,
                             .net = hand_token(1),
                             .visitor = hand_token(1),
                             .key = ff_span_of(key),
                             .lines = 1,
                             .status = 200,
                             .kind = (uint8_t)kind,
                             .method = FF_GET,
                             .has_client = true };
}

static inline struct ff_hit hand_error(uint16_t status, const char *key, uint32_t at)
{
    struct ff_hit hit = hand_hit(FF_CLIENT_ERROR, key, at);
    hit.status = status;
    return hit;
}

/* A site search; an empty term is one that had to be withheld. */
static inline struct ff_hit hand_search(const char *term, uint32_t at)
{
    struct ff_hit hit = hand_hit(FF_PAGE_VIEW, "/search", at);
    hit.is_search = true;
    hit.term = ff_span_of(term);
    return hit;
}

static inline struct ff_hit hand_download(const char *path, uint16_t status,
                                          uint64_t bytes, uint32_t at)
{
    struct ff_hit hit = hand_hit(FF_DOWNLOAD, path, at);
    hit.status = status;
    hit.bytes = bytes;
    return hit;
}

#endif
