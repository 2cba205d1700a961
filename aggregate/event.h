/* An event: one thing that a visitor did, in 16 bytes. The fields lie so that two
 * events compare as one number: by time, then order, then kind. */
#ifndef FF_EVENT_H
#define FF_EVENT_H

#include <assert.h>
#include <stdbool.h>

#include "footfall/hit.h"

/* A run of quiet hits of one class is one event. Riders tell more of the event that has
 * the same time and order, and sort behind it. */
enum ff_event_kind {
    FF_EVENT_PAGE,            /* key: page */
    FF_EVENT_PAGE_WITHIN,     /* the same, asked for from the site itself */
    FF_EVENT_DOWNLOAD,        /* key: path */
    FF_EVENT_DOWNLOAD_WITHIN, /* the same, asked for from the site itself */
    FF_EVENT_NOT_FOUND,       /* key: path */
    FF_EVENT_QUIET,           /* and so many more, one for each kind of hit */
    FF_EVENT_RIDER = FF_EVENT_QUIET + FF_KINDS - 2,
    FF_EVENT_TERM = FF_EVENT_RIDER, /* key: search term */
    FF_EVENT_ORIGIN,                /* key: where from, if neither direct nor within */
    FF_EVENT_BYTES,                 /* low 42 bits of a download's bytes */
    FF_EVENT_BYTES_HIGH,            /* the others */
    FF_EVENT_KINDS = 16,            /* that four bits can tell apart */
};

/* Quiet kinds have no page views and no downloads. */
static_assert(FF_PAGE_VIEW == 0 && FF_ASSET == 1 && FF_DOWNLOAD == 2, "see quiet_of");
static_assert(FF_EVENT_BYTES_HIGH < FF_EVENT_KINDS, "four bits");

struct ff_event {
    uint64_t first;  /* at: 22 bits; order: 42 */
    uint64_t second; /* order: 18; kind: 4; class: 18; key: 24 */
};

#define FF_EVENT_AT_BITS    22 /* seconds since the period's start: 48 days */
#define FF_EVENT_KEY_BITS   24
#define FF_EVENT_CLASS_BITS 18
#define FF_EVENT_ORDER_BITS 60
#define FF_EVENT_KEY_MAX    ((1u << FF_EVENT_KEY_BITS) - 1)
/* A run has no order but its length in seconds and its number of hits. */
#define FF_EVENT_RUN_BITS 38
/* Bytes ride in class and key. */
#define FF_EVENT_BYTES_BITS (FF_EVENT_CLASS_BITS + FF_EVENT_KEY_BITS)

/* Class of a hit: what the tables of statuses, methods and times need of it. */
#define FF_CLASS(method, status, response)                                             \
    ((uint32_t)(method) << 14 | (uint32_t)(response) << 10 | (uint32_t)(status))
#define FF_CLASS_METHOD(c)   ((c) >> 14 & 15)
#define FF_CLASS_RESPONSE(c) ((c) >> 10 & 15)
#define FF_CLASS_STATUS(c)   ((c)&1023)

static inline struct ff_event ff_event_make(uint32_t at, uint64_t order,
                                            enum ff_event_kind kind, uint32_t class,
                                            uint32_t key)
{
    return (struct ff_event) {
        .first = (uint64_t)at << 42 | order >> 18,
        .second = order << 46 | (uint64_t)kind << 42 | (uint64_t) class << 24 | key,
    };
}

static inline uint32_t ff_event_at(const struct ff_event *e)
{
    return (uint32_t)(e->first >> 42);
}

static inline uint64_t ff_event_order(const struct ff_event *e)
{
    return (e->first & (((uint64_t)1 << 42) - 1)) << 18 | e->second >> 46;
}

static inline enum ff_event_kind ff_event_kind(const struct ff_event *e)
{
    return (enum ff_event_kind)(e->second >> 42 & 15);
}

static inline uint32_t ff_event_class(const struct ff_event *e)
{
    return (uint32_t)(e->second >> 24) & ((1u << FF_EVENT_CLASS_BITS) - 1);
}

/* Whether both are of one kind and class. */
static inline bool ff_event_is_like(const struct ff_event *a, const struct ff_event *b)
{
    return (a->second ^ b->second) << 18 >> (18 + FF_EVENT_KEY_BITS) == 0;
}

static inline uint32_t ff_event_key(const struct ff_event *e)
{
    return (uint32_t)e->second & FF_EVENT_KEY_MAX;
}

static inline void ff_event_set_key(struct ff_event *e, uint32_t key)
{
    e->second = (e->second & ~(uint64_t)FF_EVENT_KEY_MAX) | key;
}

static inline uint64_t ff_event_bytes(const struct ff_event *e)
{
    return e->second & (((uint64_t)1 << FF_EVENT_BYTES_BITS) - 1);
}

static inline bool ff_event_is_page(enum ff_event_kind kind)
{
    return kind <= FF_EVENT_PAGE_WITHIN;
}

static inline bool ff_event_is_download(enum ff_event_kind kind)
{
    return kind == FF_EVENT_DOWNLOAD || kind == FF_EVENT_DOWNLOAD_WITHIN;
}

static inline bool ff_event_is_quiet(enum ff_event_kind kind)
{
    return kind >= FF_EVENT_QUIET && kind < FF_EVENT_RIDER;
}

/* The event kind of quiet hits of a kind. */
static inline enum ff_event_kind ff_event_quiet_of(enum ff_kind kind)
{
    return (enum ff_event_kind)(FF_EVENT_QUIET + (kind == FF_ASSET ? 0 : kind - 2));
}

/* The kind of hit that an event is; not of riders. */
static inline enum ff_kind ff_event_hit_kind(enum ff_event_kind kind)
{
    if (ff_event_is_quiet(kind))
        return kind == FF_EVENT_QUIET ? FF_ASSET
                                      : (enum ff_kind)(kind - FF_EVENT_QUIET + 2);
    return kind == FF_EVENT_NOT_FOUND ? FF_CLIENT_ERROR
           : ff_event_is_page(kind)   ? FF_PAGE_VIEW
                                      : FF_DOWNLOAD;
}

/* ---- runs ---- */

/* In seconds. */
static inline uint32_t ff_run_length(const struct ff_event *run)
{
    return (uint32_t)(run->first >> (FF_EVENT_RUN_BITS - 18)) &
           ((1u << FF_EVENT_AT_BITS) - 1);
}

static inline uint32_t ff_run_end(const struct ff_event *run)
{
    return ff_event_at(run) + ff_run_length(run);
}

static inline uint64_t ff_run_hits(const struct ff_event *run)
{
    return ff_event_order(run) & (((uint64_t)1 << FF_EVENT_RUN_BITS) - 1);
}

static inline struct ff_event ff_run_make(uint32_t at, uint32_t end, uint64_t hits,
                                          enum ff_event_kind kind, uint32_t class)
{
    return ff_event_make(at, (uint64_t)(end - at) << FF_EVENT_RUN_BITS | hits, kind,
                         class, 0);
}

/* Takes in one more hit of the run's kind and class, at `at`, that is no further from
 * it than `reach` seconds; false, and the run is as it was, if it is. */
static inline bool ff_run_extend(struct ff_event *run, uint32_t at, uint32_t reach)
{
    const uint32_t from = ff_event_at(run), length = ff_run_length(run);
    const int64_t since = (int64_t)at - from;
    if ((uint64_t)since <= (uint64_t)length + reach) {
        /* As time mostly goes on; nothing is unpacked, and no branch is a guess. */
        const uint64_t longer = (uint64_t)(since > length) * (uint64_t)(since - length);
        run->second += (uint64_t)1 << 46;
        run->first += (longer << (FF_EVENT_RUN_BITS - 18)) + (run->second >> 46 == 0);
        return true;
    }
    if (since >= 0 || (uint64_t)-since > reach)
        return false;
    *run = ff_run_make(at, from + length, ff_run_hits(run) + 1, ff_event_kind(run),
                       ff_event_class(run));
    return true;
}

/* Hits that an event stands for; 0 for a rider. */
static inline uint64_t ff_event_hits(const struct ff_event *e)
{
    const enum ff_event_kind kind = ff_event_kind(e);
    return ff_event_is_quiet(kind) ? ff_run_hits(e) : kind < FF_EVENT_RIDER;
}

/* Whether two events are in order. Runs are neither before nor after what begins at
 * the same time. */
static inline bool ff_event_after(const struct ff_event *a, const struct ff_event *b)
{
    return a->first != b->first ? a->first > b->first : a->second > b->second;
}

#endif
