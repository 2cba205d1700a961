#include "visits.h"

/* So many events are sorted by insertion. */
#define FEW 32

/* Room for `n` in each array: no visit has more pages or downloads than events. */
static bool reserve(struct ff_walk *walk, uint32_t n)
{
    if (n <= walk->cap)
        return true;
    uint32_t cap = walk->cap ? walk->cap : 256;
    while (cap < n)
        cap *= 2;
    struct ff_visit_page *pages = realloc(walk->pages, cap * sizeof *pages);
    if (pages)
        walk->pages = pages;
    struct ff_visit_download *downloads =
        realloc(walk->downloads, cap * sizeof *downloads);
    if (downloads)
        walk->downloads = downloads;
    if (!pages || !downloads)
        return false;
    walk->cap = cap;
    return true;
}

void ff_walk_clear(struct ff_walk *walk)
{
    ff_wipe_free(walk->own, walk->cap_own * sizeof *walk->own);
    free(walk->pages);
    free(walk->downloads);
    *walk = (struct ff_walk) { 0 };
}

void ff_event_translate(struct ff_event *event, const struct ff_translation *words)
{
    const uint32_t key = ff_event_key(event);
    const enum ff_event_kind kind = ff_event_kind(event);
    if (kind < FF_EVENT_QUIET)
        ff_event_set_key(event, words->keys[key]);
    else if (kind == FF_EVENT_TERM)
        ff_event_set_key(event, words->terms[key]);
    else if (kind == FF_EVENT_ORIGIN)
        ff_event_set_key(event, words->origins[key]);
}

bool ff_walk_gather(struct ff_walk *walk, const struct ff_event *events, uint32_t n,
                    const struct ff_translation *translation)
{
    if (walk->n_own + n > walk->cap_own) {
        const uint32_t cap = 2 * (walk->n_own + n);
        struct ff_event *own =
            ff_wipe_grow(walk->own, walk->cap_own * sizeof *own, cap * sizeof *own);
        if (!own)
            return false;
        walk->own = own;
        walk->cap_own = cap;
    }
    for (uint32_t i = 0; i < n; i++) {
        struct ff_event *event = &walk->own[walk->n_own++];
        *event = events[i];
        if (translation)
            ff_event_translate(event, translation);
    }
    return true;
}

static void add_to_sum(struct ff_events_sum *sum, const struct ff_event *event)
{
    const enum ff_event_kind kind = ff_event_kind(event);
    if (ff_event_is_quiet(kind)) {
        const uint64_t hits = ff_run_hits(event);
        sum->hits += hits;
        sum->client_errors += kind == ff_event_quiet_of(FF_CLIENT_ERROR) ? hits : 0;
        return;
    }
    sum->hits += kind < FF_EVENT_RIDER;
    sum->page_views += ff_event_is_page(kind);
    sum->has_visit |= kind < FF_EVENT_NOT_FOUND;
    sum->client_errors += kind == FF_EVENT_NOT_FOUND;
}

struct ff_events_sum ff_visits_sum(const struct ff_event *events, uint32_t n)
{
    struct ff_events_sum sum = { 0 };
    for (uint32_t i = 0; i < n; i++)
        add_to_sum(&sum, &events[i]);
    return sum;
}

/* Adds the events up, and says whether time and, but for runs, order do not go back. */
static bool look_through(const struct ff_event *events, uint32_t n,
                         struct ff_events_sum *sum)
{
    struct ff_events_sum all = { 0 };
    struct ff_event last = { 0 };
    uint32_t at = 0;
    bool is_in_order = true;
    for (uint32_t i = 0; i < n; i++) {
        const struct ff_event event = events[i];
        add_to_sum(&all, &event);
        is_in_order &= ff_event_at(&event) >= at;
        at = ff_event_at(&event);
        if (ff_event_is_quiet(ff_event_kind(&event)))
            continue;
        is_in_order &= !ff_event_after(&last, &event);
        last = event;
    }
    *sum = all;
    return is_in_order;
}

static int by_time(const void *a, const void *b)
{
    return ff_event_after(a, b) - ff_event_after(b, a);
}

/* Mostly two parts' events, each in order, and a few of them. */
static void sort(struct ff_event *events, uint32_t n)
{
    if (n > FEW) {
        qsort(events, n, sizeof *events, by_time);
        return;
    }
    for (uint32_t i = 1; i < n; i++) {
        const struct ff_event event = events[i];
        uint32_t j = i;
        for (; j > 0 && ff_event_after(&events[j - 1], &event); j--)
            events[j] = events[j - 1];
        events[j] = event;
    }
}

bool ff_walk_begin(struct ff_walk *walk, const struct ff_event *events, uint32_t n,
                   uint32_t visit_timeout)
{
    walk->n = 0;
    if (!reserve(walk, n))
        return false;
    /* Mostly they are in order already. */
    if (!look_through(events, n, &walk->sum)) {
        if (events != walk->own) {
            walk->n_own = 0;
            if (!ff_walk_gather(walk, events, n, NULL))
                return false;
        }
        sort(walk->own, n);
        events = walk->own;
    }
    walk->events = events;
    walk->n = n;
    walk->at = 0;
    walk->visit_timeout = visit_timeout;
    return true;
}

static bool is_first(const struct ff_visit *visit)
{
    return visit->n_pages == 0 && visit->n_downloads == 0;
}

static void add_page(struct ff_walk *walk, struct ff_visit *visit,
                     const struct ff_event *event)
{
    if (is_first(visit) && ff_event_kind(event) == FF_EVENT_PAGE_WITHIN)
        visit->origin = FF_ORIGIN_WITHIN;
    walk->pages[visit->n_pages++] =
        (struct ff_visit_page) { .page = ff_event_key(event),
                                 .at = ff_event_at(event) };
}

static void add_download(struct ff_walk *walk, struct ff_visit *visit,
                         const struct ff_event *event)
{
    if (is_first(visit) && ff_event_kind(event) == FF_EVENT_DOWNLOAD_WITHIN)
        visit->origin = FF_ORIGIN_WITHIN;
    walk->downloads[visit->n_downloads++] = (struct ff_visit_download) {
        .path = ff_event_key(event),
        .requests = 1,
        .is_whole = FF_CLASS_STATUS(ff_event_class(event)) == 200,
    };
}

static void add_event(struct ff_walk *walk, struct ff_visit *visit,
                      const struct ff_event *event)
{
    const enum ff_event_kind kind = ff_event_kind(event);
    switch (kind) {
    case FF_EVENT_PAGE:
    case FF_EVENT_PAGE_WITHIN:
        add_page(walk, visit, event);
        break;
    case FF_EVENT_DOWNLOAD:
    case FF_EVENT_DOWNLOAD_WITHIN:
        add_download(walk, visit, event);
        break;
    case FF_EVENT_TERM:
        assert(visit->n_pages);
        walk->pages[visit->n_pages - 1].term = ff_event_key(event);
        walk->pages[visit->n_pages - 1].is_search = true;
        break;
    case FF_EVENT_ORIGIN:
        if (visit->n_pages + visit->n_downloads == 1)
            visit->origin = ff_event_key(event);
        break;
    case FF_EVENT_BYTES:
    case FF_EVENT_BYTES_HIGH:
        assert(visit->n_downloads);
        walk->downloads[visit->n_downloads - 1].bytes +=
            ff_event_bytes(event) << (kind == FF_EVENT_BYTES ? 0 : FF_EVENT_BYTES_BITS);
        break;
    default: /* not found, and quiet hits: they only stretch the visit */
        break;
    }
}

static int by_path(const void *a, const void *b)
{
    const struct ff_visit_download *x = a, *y = b;
    return (x->path > y->path) - (x->path < y->path);
}

static void sort_downloads(struct ff_visit_download *d, uint32_t n)
{
    if (n > FEW) {
        qsort(d, n, sizeof *d, by_path);
        return;
    }
    for (uint32_t i = 1; i < n; i++) {
        const struct ff_visit_download download = d[i];
        uint32_t j = i;
        for (; j > 0 && d[j - 1].path > download.path; j--)
            d[j] = d[j - 1];
        d[j] = download;
    }
}

/* Requests of the same file become one download. */
static void join_downloads(struct ff_walk *walk, struct ff_visit *visit)
{
    visit->n_download_hits = visit->n_downloads;
    if (visit->n_downloads < 2)
        return;
    struct ff_visit_download *d = walk->downloads;
    sort_downloads(d, visit->n_downloads);
    uint32_t n = 0;
    for (uint32_t i = 1; i < visit->n_downloads; i++) {
        if (d[i].path != d[n].path) {
            d[++n] = d[i];
            continue;
        }
        d[n].requests++;
        d[n].is_whole |= d[i].is_whole;
        d[n].bytes += d[i].bytes;
    }
    visit->n_downloads = n + 1;
}

bool ff_walk_next(struct ff_walk *walk, struct ff_visit *visit)
{
    while (walk->at < walk->n) {
        *visit = (struct ff_visit) { .start = ff_event_at(&walk->events[walk->at]) };
        uint64_t last = visit->start;
        bool has_search = false;
        for (; walk->at < walk->n; walk->at++) {
            const struct ff_event *event = &walk->events[walk->at];
            const uint32_t at = ff_event_at(event);
            if (at > last + walk->visit_timeout)
                break;
            const enum ff_event_kind kind = ff_event_kind(event);
            const uint32_t end = ff_event_is_quiet(kind) ? ff_run_end(event) : at;
            if (end > last)
                last = end;
            has_search |= kind == FF_EVENT_TERM;
            add_event(walk, visit, event);
        }
        if (is_first(visit))
            continue;
        join_downloads(walk, visit);
        visit->pages = walk->pages;
        visit->downloads = walk->downloads;
        for (uint32_t i = 0; has_search && i < visit->n_pages; i++)
            visit->n_searches += ff_visit_is_search(visit, i);
        return true;
    }
    return false;
}

static bool is_same_search(const struct ff_visit_page *a, const struct ff_visit_page *b)
{
    return a->is_search && b->is_search && a->term == b->term;
}

bool ff_visit_is_search(const struct ff_visit *visit, uint32_t i)
{
    const struct ff_visit_page *p = visit->pages;
    return p[i].is_search && (i == 0 || !is_same_search(&p[i - 1], &p[i]));
}

enum ff_search_end ff_visit_search_end(const struct ff_visit *visit, uint32_t i)
{
    const struct ff_visit_page *p = visit->pages;
    uint32_t next = i + 1;
    while (next < visit->n_pages && is_same_search(&p[i], &p[next]))
        next++;
    if (next == visit->n_pages)
        return FF_SEARCH_EXIT;
    return p[next].is_search ? FF_SEARCH_REFINED : FF_SEARCH_CLICK;
}

uint32_t ff_visits_longest(const struct ff_visitors *visitors,
                           const struct ff_visitor *visitor)
{
    struct ff_walk walk = { 0 };
    struct ff_visit visit;
    uint32_t most = 0;
    if (ff_walk_begin(&walk, visitor->events, visitor->n_events,
                      visitors->visit_timeout))
        while (ff_walk_next(&walk, &visit))
            if (visit.n_pages > most)
                most = visit.n_pages;
    ff_walk_clear(&walk);
    return most;
}
