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
    free(walk->look.classes);
    *walk = (struct ff_walk) { 0 };
}

/* ---- words ---- */

/* Where the words of events are that another dictionary has numbers for. */
enum { NO_WORD, KEY, TERM, ORIGIN, WORDS };

static const uint8_t word_of[FF_EVENT_KINDS] = {
    [FF_EVENT_PAGE] = KEY,      [FF_EVENT_PAGE_WITHIN] = KEY,
    [FF_EVENT_DOWNLOAD] = KEY,  [FF_EVENT_DOWNLOAD_WITHIN] = KEY,
    [FF_EVENT_NOT_FOUND] = KEY, [FF_EVENT_TERM] = TERM,
    [FF_EVENT_ORIGIN] = ORIGIN,
};

struct words {
    const uint32_t *numbers[WORDS];
};

static inline struct words words_of(const struct ff_translation *translation)
{
    static const uint32_t none[1] = { 0 };
    return (struct words) { { none, translation->keys, translation->terms,
                              translation->origins } };
}

/* Without a branch: what has no word changes by nothing. */
static inline struct ff_event translated(struct ff_event event,
                                         const struct words *words)
{
    const uint8_t word = word_of[ff_event_kind(&event)];
    const uint32_t key = word == NO_WORD ? 0 : ff_event_key(&event);
    event.second += words->numbers[word][key];
    event.second -= key;
    return event;
}

void ff_event_translate(struct ff_event *event, const struct ff_translation *words)
{
    const struct words all = words_of(words);
    *event = translated(*event, &all);
}

/* ---- the first look ---- */

static void look_anew(struct ff_look *look)
{
    memset(look->hits, 0, sizeof look->hits);
    look->n_classes = 0;
    look->at = 0;
    look->last = (struct ff_event) { 0 };
    look->is_out_of_order = false;
}

/* Room for `n` more classes, and the first place. */
static bool reserve_classes(struct ff_look *look, uint32_t n)
{
    if (look->n_classes + n + 1 > look->cap_classes) {
        const uint32_t cap = 2 * (look->n_classes + n + 1);
        struct ff_class_hits *classes = realloc(look->classes, cap * sizeof *classes);
        if (!classes)
            return false;
        look->classes = classes;
        look->cap_classes = cap;
    }
    if (look->n_classes == 0)
        look->classes[look->n_classes++] =
            (struct ff_class_hits) { .class = UINT32_MAX };
    return true;
}

/* As ff_event_after, without a branch. */
static inline bool is_after(const struct ff_event *a, const struct ff_event *b)
{
    return (a->first > b->first) | ((a->first == b->first) & (a->second > b->second));
}

/* Counts events, and sees whether time and, but for runs, order go back. */
static bool look_at(struct ff_look *look, const struct ff_event *events, uint32_t n)
{
    if (!reserve_classes(look, n))
        return false;
    /* What is read again with each event is not in memory. */
    struct ff_class_hits *to = &look->classes[look->n_classes - 1];
    struct ff_class_hits class = *to;
    struct ff_event last = look->last;
    uint32_t at = look->at;
    bool is_out_of_order = look->is_out_of_order;
    for (uint32_t i = 0; i < n; i++) {
        const struct ff_event event = events[i];
        const enum ff_event_kind kind = ff_event_kind(&event);
        const bool is_run = ff_event_is_quiet(kind);
        const uint64_t hits = is_run ? ff_run_hits(&event) : kind < FF_EVENT_RIDER;
        look->hits[kind] += hits;
        is_out_of_order |= ff_event_at(&event) < at;
        at = ff_event_at(&event);
        is_out_of_order |= !is_run & is_after(&last, &event);
        last.first = is_run ? last.first : event.first;
        last.second = is_run ? last.second : event.second;
        const bool is_other =
            (kind < FF_EVENT_RIDER) & (ff_event_class(&event) != class.class);
        to += is_other;
        class.class = is_other ? ff_event_class(&event) : class.class;
        class.hits = hits + (is_other ? 0 : class.hits);
        *to = class;
    }
    look->n_classes = (uint32_t)(to - look->classes) + 1;
    look->last = last;
    look->at = at;
    look->is_out_of_order = is_out_of_order;
    return true;
}

static struct ff_events_sum sum_of(const uint64_t hits[FF_EVENT_KINDS])
{
    struct ff_events_sum sum = {
        .page_views = hits[FF_EVENT_PAGE] + hits[FF_EVENT_PAGE_WITHIN],
        .client_errors =
            hits[FF_EVENT_NOT_FOUND] + hits[ff_event_quiet_of(FF_CLIENT_ERROR)],
    };
    for (int i = 0; i < FF_EVENT_RIDER; i++)
        sum.hits += hits[i];
    sum.has_visit =
        sum.page_views + hits[FF_EVENT_DOWNLOAD] + hits[FF_EVENT_DOWNLOAD_WITHIN] > 0;
    return sum;
}

struct ff_events_sum ff_visits_sum(const struct ff_event *events, uint32_t n)
{
    uint64_t hits[FF_EVENT_KINDS] = { 0 };
    for (uint32_t i = 0; i < n; i++)
        hits[ff_event_kind(&events[i])] += ff_event_hits(&events[i]);
    return sum_of(hits);
}

struct ff_events_sum ff_walk_sum(const struct ff_walk *walk)
{
    return sum_of(walk->look.hits);
}

/* ---- the beginning ---- */

static bool reserve_own(struct ff_walk *walk, uint32_t n)
{
    if (walk->n_own + n <= walk->cap_own)
        return true;
    const uint32_t cap = 2 * (walk->n_own + n);
    struct ff_event *own =
        ff_wipe_grow(walk->own, walk->cap_own * sizeof *own, cap * sizeof *own);
    if (!own)
        return false;
    walk->own = own;
    walk->cap_own = cap;
    return true;
}

void ff_walk_renew(struct ff_walk *walk)
{
    walk->n_own = 0;
    look_anew(&walk->look);
}

static void copy(struct ff_event *to, const struct ff_event *events, uint32_t n,
                 const struct ff_translation *translation)
{
    if (!translation) {
        for (uint32_t i = 0; i < n; i++)
            to[i] = events[i];
        return;
    }
    const struct words words = words_of(translation);
    for (uint32_t i = 0; i < n; i++)
        to[i] = translated(events[i], &words);
}

bool ff_walk_gather(struct ff_walk *walk, const struct ff_event *events, uint32_t n,
                    const struct ff_translation *translation)
{
    if (!reserve_own(walk, n))
        return false;
    const uint32_t from = walk->n_own;
    walk->n_own += n;
    copy(walk->own + from, events, n, translation);
    return look_at(&walk->look, walk->own + from, n);
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

static void begin(struct ff_walk *walk, const struct ff_event *events, uint32_t n,
                  uint32_t visit_timeout)
{
    walk->events = events;
    walk->n = n;
    walk->at = 0;
    walk->visit_timeout = visit_timeout;
}

bool ff_walk_begin_own(struct ff_walk *walk, uint32_t visit_timeout)
{
    if (!reserve(walk, walk->n_own))
        return false;
    /* Mostly they are in order already. */
    if (walk->look.is_out_of_order)
        sort(walk->own, walk->n_own);
    begin(walk, walk->own, walk->n_own, visit_timeout);
    return true;
}

bool ff_walk_begin(struct ff_walk *walk, const struct ff_event *events, uint32_t n,
                   uint32_t visit_timeout)
{
    look_anew(&walk->look);
    if (!reserve(walk, n) || !look_at(&walk->look, events, n))
        return false;
    if (walk->look.is_out_of_order) {
        ff_walk_renew(walk);
        return ff_walk_gather(walk, events, n, NULL) &&
               ff_walk_begin_own(walk, visit_timeout);
    }
    begin(walk, events, n, visit_timeout);
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
