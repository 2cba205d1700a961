/* A visitor's events, in order, become visits. */
#ifndef FF_VISITS_H
#define FF_VISITS_H

#include "visitors.h"

/* More page views than this in one visit are no human's. */
#define FF_HUMAN_PAGE_VIEWS 1000
/* So many client errors, and not one page view: a scanner. */
#define FF_SCANNER_ERRORS 20

struct ff_visit_page {
    uint32_t page, at;
    uint32_t term; /* of a search; 0: withheld */
    bool is_search;
};

/* All requests of one file in one visit. */
struct ff_visit_download {
    uint32_t path;
    uint32_t requests;
    bool is_whole; /* one of them was answered 200 */
    uint64_t bytes;
};

/* Hits of one visitor no further apart than the visit timeout, with at least one page
 * view or download. Arrays are the walk's and die at its next visit. */
struct ff_visit {
    uint32_t start;  /* of its first hit, seconds since the period's start */
    uint32_t origin; /* of its first page view or download */
    const struct ff_visit_page *pages;
    uint32_t n_pages;
    const struct ff_visit_download *downloads;
    uint32_t n_downloads; /* different files */
    uint32_t n_download_hits;
    uint32_t n_searches;
};

/* What events are in all. */
struct ff_events_sum {
    uint64_t hits, page_views, client_errors;
    bool has_visit;
};

/* Hits of one class. */
struct ff_class_hits {
    uint64_t hits;
    uint32_t class;
};

/* What is seen of a visitor's events while they are read for the first time. */
struct ff_look {
    uint64_t hits[FF_EVENT_KINDS]; /* by kind of event */
    /* Events of one class mostly follow each other: they are added up. The first place
     * is of none. */
    struct ff_class_hits *classes;
    uint32_t n_classes, cap_classes;
    uint32_t at;          /* of the last event */
    struct ff_event last; /* that is no run */
    bool is_out_of_order;
};

/* Zeroed at the start, freed by ff_walk_clear; one serves all visitors in turn. */
struct ff_walk {
    const struct ff_event *events; /* the visitor's, or `own` */
    uint32_t n, at;
    struct ff_look look; /* at all of them */
    uint32_t visit_timeout;
    struct ff_event *own;
    uint32_t n_own, cap_own;
    struct ff_visit_page *pages;
    struct ff_visit_download *downloads;
    uint32_t cap;
};

/* The same event in the words of another dictionary. */
void ff_event_translate(struct ff_event *event, const struct ff_translation *words);

/* Goes through `n` events, which are borrowed, in order of (time, order). False when
 * memory ran out. */
FF_MUST_USE bool ff_walk_begin(struct ff_walk *walk, const struct ff_event *events,
                               uint32_t n, uint32_t visit_timeout);
/* The same for a visitor whose events are in several places, or have words of another
 * dictionary: forgets the one before, takes in copies of events, numbers of words
 * translated (NULL: as they are), and begins with all of them. */
void ff_walk_renew(struct ff_walk *walk);
FF_MUST_USE bool ff_walk_gather(struct ff_walk *walk, const struct ff_event *events,
                                uint32_t n, const struct ff_translation *translation);
FF_MUST_USE bool ff_walk_begin_own(struct ff_walk *walk, uint32_t visit_timeout);
/* What the events that it goes through are in all. */
struct ff_events_sum ff_walk_sum(const struct ff_walk *walk);
/* The next visit; false after the last. */
bool ff_walk_next(struct ff_walk *walk, struct ff_visit *visit);
void ff_walk_clear(struct ff_walk *walk);

/* How a search went on: what the visit's page views from `i` on, a search, say. */
enum ff_search_end { FF_SEARCH_CLICK, FF_SEARCH_EXIT, FF_SEARCH_REFINED };
/* Whether pages[i] is a search of its own: a search whose term is not that of the
 * directly preceding page view (that would be paging). */
bool ff_visit_is_search(const struct ff_visit *visit, uint32_t i);
enum ff_search_end ff_visit_search_end(const struct ff_visit *visit, uint32_t i);

/* Of `n` events, in any order. */
struct ff_events_sum ff_visits_sum(const struct ff_event *events, uint32_t n);

/* Most page views in one of the visitor's visits so far; 0 when memory ran out. */
uint32_t ff_visits_longest(const struct ff_visitors *visitors,
                           const struct ff_visitor *visitor);

#endif
