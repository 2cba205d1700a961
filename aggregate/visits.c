#include "visits.h"

/* Room for `n` in each array: no visit has more pages or downloads than events. */
static bool reserve(struct ff_walk *walk, uint32_t n)
{
    if (n <= walk->cap)
        return true;
    uint32_t cap = walk->cap ? walk->cap : 256;
    while (cap < n)
        cap *= 2;
    struct ff_event *events = realloc(walk->events, cap * sizeof *events);
    if (events)
        walk->events = events;
    struct ff_visit_page *pages = realloc(walk->pages, cap * sizeof *pages);
    if (pages)
        walk->pages = pages;
    struct ff_visit_download *downloads =
        realloc(walk->downloads, cap * sizeof *downloads);
    if (downloads)
        walk->downloads = downloads;
    if (!events || !pages || !downloads)
        return false;
    walk->cap = cap;
    return true;
}

void ff_walk_clear(struct ff_walk *walk)
{
    free(walk->events);
    free(walk->pages);
    free(walk->downloads);
    *walk = (struct ff_walk) { 0 };
}

static int by_time(const void *a, const void *b)
{
    const struct ff_event *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    /* A rider comes after what it rides on: its kind is the greater number. */
    return (FF_EVENT_KIND(x) > FF_EVENT_KIND(y)) -
           (FF_EVENT_KIND(x) < FF_EVENT_KIND(y));
}

bool ff_walk_begin(struct ff_walk *walk, const struct ff_visitors *visitors,
                   const struct ff_visitor *visitor)
{
    uint32_t n = 0;
    for (const struct ff_event_block *b = visitor->events; b; b = b->before)
        n += b->n;
    walk->n = 0;
    if (!reserve(walk, n ? n : 1))
        return false;
    assert(walk->events);
    walk->n = n;
    walk->at = 0;
    walk->visit_timeout = visitors->visit_timeout;
    for (const struct ff_event_block *b = visitor->events; b; b = b->before) {
        n -= b->n;
        if (b->n)
            memcpy(walk->events + n, b->events, b->n * sizeof *b->events);
    }
    /* Mostly they are in order already. */
    for (uint32_t i = 1; i < walk->n; i++) {
        if (by_time(&walk->events[i - 1], &walk->events[i]) > 0) {
            qsort(walk->events, walk->n, sizeof *walk->events, by_time);
            break;
        }
    }
    return true;
}

static void add_page(struct ff_walk *walk, struct ff_visit *visit,
                     const struct ff_event *event)
{
    if (visit->n_pages == 0 && visit->n_downloads == 0)
        visit->origin = event->ref;
    walk->pages[visit->n_pages++] =
        (struct ff_visit_page) { .page = event->key, .at = event->at };
}

static void add_download(struct ff_walk *walk, struct ff_visit *visit,
                         const struct ff_event *event)
{
    if (visit->n_pages == 0 && visit->n_downloads == 0)
        visit->origin = event->ref;
    const bool is_whole = FF_CLASS_STATUS(FF_EVENT_CLASS(event)) == 200;
    walk->downloads[visit->n_downloads++] = (struct ff_visit_download) {
        .path = event->key, .requests = 1, .is_whole = is_whole
    };
}

static void add_event(struct ff_walk *walk, struct ff_visit *visit,
                      const struct ff_event *event)
{
    switch (FF_EVENT_KIND(event)) {
    case FF_EVENT_PAGE:
        add_page(walk, visit, event);
        break;
    case FF_EVENT_DOWNLOAD:
        add_download(walk, visit, event);
        break;
    case FF_EVENT_TERM:
        assert(visit->n_pages);
        walk->pages[visit->n_pages - 1].term = event->key;
        walk->pages[visit->n_pages - 1].is_search = true;
        break;
    case FF_EVENT_BYTES:
        assert(visit->n_downloads);
        walk->downloads[visit->n_downloads - 1].bytes =
            (uint64_t)event->ref << 32 | event->key;
        break;
    case FF_EVENT_NOT_FOUND:
    case FF_EVENT_QUIET:
        break;
    }
}

static int by_path(const void *a, const void *b)
{
    const struct ff_visit_download *x = a, *y = b;
    return (x->path > y->path) - (x->path < y->path);
}

/* Requests of the same file become one download. */
static void join_downloads(struct ff_walk *walk, struct ff_visit *visit)
{
    visit->n_download_hits = visit->n_downloads;
    if (visit->n_downloads < 2)
        return;
    struct ff_visit_download *d = walk->downloads;
    qsort(d, visit->n_downloads, sizeof *d, by_path);
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
        *visit = (struct ff_visit) { .start = walk->events[walk->at].at };
        uint64_t last = visit->start;
        for (; walk->at < walk->n; walk->at++) {
            const struct ff_event *event = &walk->events[walk->at];
            if (event->at > last + walk->visit_timeout)
                break;
            const bool is_run = FF_EVENT_KIND(event) == FF_EVENT_QUIET;
            const uint32_t end = is_run ? event->ref : event->at;
            if (end > last)
                last = end;
            add_event(walk, visit, event);
        }
        if (visit->n_pages == 0 && visit->n_downloads == 0)
            continue;
        join_downloads(walk, visit);
        visit->pages = walk->pages;
        visit->downloads = walk->downloads;
        for (uint32_t i = 0; i < visit->n_pages; i++)
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
    if (ff_walk_begin(&walk, visitors, visitor))
        while (ff_walk_next(&walk, &visit))
            if (visit.n_pages > most)
                most = visit.n_pages;
    ff_walk_clear(&walk);
    return most;
}
