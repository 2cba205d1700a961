/* The visitors of one open period: a table of tokens, each with a compact list of what
 * it did. Nothing is tallied before the period closes, so robots found late and lines
 * out of order change nothing. */
#ifndef FF_VISITORS_H
#define FF_VISITORS_H

#include "footfall/aggregate.h"
#include "names.h"

/* An event's kind. TERM and BYTES are riders: they tell more of the event that has the
 * same time and order and sort behind it. */
enum ff_event_kind {
    FF_EVENT_PAGE,      /* key: page; ref: origin */
    FF_EVENT_DOWNLOAD,  /* key: path; ref: origin */
    FF_EVENT_NOT_FOUND, /* key: path */
    FF_EVENT_QUIET,     /* a run of other hits of one class; key: how many; ref: end */
    FF_EVENT_TERM,      /* key: search term */
    FF_EVENT_BYTES,     /* key and ref: bytes, low and high half */
};

/* Class of a hit: what the tables of statuses, methods and times need of it. */
#define FF_CLASS(kind, method, status, response)                                       \
    ((uint32_t)(kind) << 20 | (uint32_t)(method) << 16 | (uint32_t)(response) << 10 |  \
     (uint32_t)(status))
#define FF_CLASS_KIND(c)     ((c) >> 20 & 15)
#define FF_CLASS_METHOD(c)   ((c) >> 16 & 15)
#define FF_CLASS_RESPONSE(c) ((c) >> 10 & 63)
#define FF_CLASS_STATUS(c)   ((c)&1023)

struct ff_event {
    uint64_t order;      /* file and line */
    uint32_t at;         /* seconds since the period's start */
    uint32_t kind_class; /* enum ff_event_kind << 24 | FF_CLASS */
    uint32_t key, ref;
};
#define FF_EVENT_KIND(e)  ((enum ff_event_kind)((e)->kind_class >> 24))
#define FF_EVENT_CLASS(e) ((e)->kind_class & 0xFFFFFF)

struct ff_event_block {
    struct ff_event_block *before;
    uint32_t n, cap;
    struct ff_event events[];
};

struct ff_visitor {
    uint64_t net, visitor;
    const struct ff_agent *agent;
    struct ff_event_block *events; /* the newest block first */
    uint64_t bytes;
    uint64_t language_order;
    uint32_t language_at;
    uint16_t language, country;
    uint32_t hits, page_views, client_errors;
    bool fetched_robots_txt;
    bool is_behaving; /* past 1,000 page views in a visit: its events are freed */
};

/* Where a visit may come from: numbers of names, FF_ORIGIN_* for the two common ones.
 */
struct ff_origin_ids {
    uint32_t channel, name, medium, campaign, term;
};
enum { FF_ORIGIN_DIRECT = 0, FF_ORIGIN_INTERNAL = 1 };

/* Sums by class and key of hits that are nobody's (the client was "-", or the table of
 * visitors was full). */
struct ff_nobody_count {
    uint64_t hits;
    uint32_t kind_class, key;
};

/* Sums of a robot's name. */
struct ff_robot_count {
    const struct ff_agent *agent;
    uint64_t hits, page_views, bytes;
};

/* One open period. Owned by the aggregate; cleared at the close. */
struct ff_visitors {
    const struct ff_secret *secret;
    int32_t start, end; /* days */
    int64_t from, to;   /* the same in seconds since 1970-01-01 UTC */
    const struct ff_zone *zone;
    uint32_t visit_timeout;
    struct ff_arena arena; /* event blocks */
    struct ff_event_block *free_blocks;
    struct ff_visitor *visitors;
    uint32_t n, cap;
    struct ff_index index;
    struct ff_names keys;         /* pages, downloads, paths not found */
    struct ff_names terms;        /* search terms, a site's and others' */
    struct ff_names sources;      /* parts of origins */
    struct ff_names origin_index; /* struct ff_origin_ids as bytes */
    struct ff_robot_count *robots;
    uint32_t n_robots, cap_robots;
    struct ff_index robot_index;
    struct ff_nobody_count *nobody;
    uint32_t n_nobody, cap_nobody;
    struct ff_index nobody_index;
    uint64_t nobody_bytes;
    uint64_t malformed, excluded, blank;
    size_t cap_bytes;
    bool is_capped;
};

void ff_visitors_init(struct ff_visitors *visitors, const struct ff_secret *secret,
                      const struct ff_aggregate_settings *settings, int32_t start);
void ff_visitors_clear(struct ff_visitors *visitors);

/* Takes in a hit of the period. FF_ERR_NOMEM only when not even counts find room. */
FF_MUST_USE enum ff_err ff_visitors_add(struct ff_visitors *visitors,
                                        const struct ff_hit *hit,
                                        struct ff_fault *fault);

/* The parts of an origin by its number. */
struct ff_origin_ids ff_visitors_origin(const struct ff_visitors *visitors,
                                        uint32_t id);
size_t ff_visitors_held_bytes(const struct ff_visitors *visitors);

#endif
