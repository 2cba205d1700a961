/* Small random sites: the hits of a day. Included after cmocka.h. */
#ifndef FOOTFALL_HAND_WORLD_H
#define FOOTFALL_HAND_WORLD_H

#include "hand_hits.h"
#include "hand_random.h"

enum { HAND_WORLD_HITS = 4096 };

/* Visitors are numbered from 0; `who` of a hit is its visitor, or -1 for nobody. Hits
 * are in the order of time and line, and many share a second. */
struct hand_world {
    struct hand_random random;
    int visitors, networks;
    size_t n;
    struct ff_hit hits[HAND_WORLD_HITS];
    int who[HAND_WORLD_HITS];
};

static const char *const hand_world_pages[] = {
    "/", "/about", "/blog/a", "/blog/b", "/blog/c", "/docs/1", "/docs/2", "/x/y", "/q",
};
static const char *const hand_world_terms[] = { "hats", "red hats", "", "shoes" };
static const struct ff_origin hand_world_origins[] = {
    { .channel = FF_SEARCH_ENGINE, .name = { "Google", 6 }, .term = { "hats", 4 } },
    { .channel = FF_SITE, .name = { "a.example", 9 } },
    { .channel = FF_SITE, .name = { "b.example", 9 } },
    { .channel = FF_CAMPAIGN, .name = { "news", 4 }, .medium = { "mail", 4 } },
};
static const struct ff_agent hand_world_agents[] = {
    { .browser = { "Chrome 126", 10 },
      .system = { "Windows", 7 },
      .device = { "desktop", 7 } },
    { .browser = { "Chrome 125", 10 },
      .system = { "Android", 7 },
      .device = { "mobile", 6 } },
    { .browser = { "Lynx", 4 }, .system = { "Linux", 5 }, .device = { "other", 5 } },
};

static const uint16_t hand_world_languages[] = { FF_NO_CODE, FF_CODE('f', 'r'),
                                                 FF_CODE('d', 'e') };

/* One of n, the first ones more often. */
static inline size_t hand_skewed(struct hand_random *random, size_t n)
{
    return hand_below(random, 1 + hand_below(random, n));
}

static inline struct ff_hit hand_world_hit(struct hand_world *w)
{
    struct hand_random *r = &w->random;
    const uint32_t at = (uint32_t)hand_below(r, 400) * 200;
    const char *page = hand_world_pages[hand_skewed(r, sizeof hand_world_pages /
                                                           sizeof *hand_world_pages)];
    switch (hand_below(r, 10)) {
    case 0:
        return hand_download("/dl/a.pdf", hand_below(r, 2) ? 200 : 206, 1000, at);
    case 1:
        return hand_error(404, page, at);
    case 2:
        return hand_hit(FF_ASSET, "", at);
    case 3:
        return hand_search(hand_world_terms[hand_below(r, 4)], at);
    default:
        return hand_hit(FF_PAGE_VIEW, page, at);
    }
}

static inline void hand_world_make(struct hand_world *w, uint64_t seed)
{
    struct hand_random *r = &w->random;
    *r = (struct hand_random) { seed };
    w->visitors = 55 + (int)hand_below(r, 80);
    w->networks = 5 + (int)hand_below(r, 40);
    w->n = 0;
    for (int v = 0; v < w->visitors; v++) {
        const uint64_t net = hand_token(100000 + hand_below(r, (uint64_t)w->networks));
        const size_t agent = hand_skewed(r, 4);
        const uint16_t country = hand_below(r, 3) ? FF_CODE('D', 'E') : FF_NO_CODE;
        for (size_t n = 1 + hand_below(r, 9); n > 0; n--) {
            struct ff_hit hit = hand_world_hit(w);
            const size_t origin = hand_skewed(r, 6);
            hit.net = net;
            hit.visitor = hand_token((uint64_t)v);
            hit.agent = agent < 3 ? &hand_world_agents[agent] : NULL;
            hit.country = country;
            hit.origin = origin < 4 ? &hand_world_origins[origin] : NULL;
            hit.language = hand_world_languages[hand_below(r, 3)];
            hit.has_client = hand_below(r, 30) > 0;
            w->who[w->n] = hit.has_client ? v : -1;
            hit.order = w->n;
            assert_true(w->n < HAND_WORLD_HITS);
            w->hits[w->n++] = hit;
        }
    }
}

/* Fisher and Yates. */
static inline void hand_shuffle(struct hand_random *random, size_t *places, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        const size_t j = hand_below(random, i), at = places[i - 1];
        places[i - 1] = places[j];
        places[j] = at;
    }
}

#endif
