#include "visits.h"

/* So many events are sorted by insertion. */
#define FEW 32

/* Room for each event: of nothing there are more. */
#define ROOM                                                                           \
    (sizeof(struct ff_class_hits) + sizeof(struct ff_visit_download) +                 \
     sizeof(struct ff_visit_page) + sizeof(struct ff_visit_start) + sizeof(uint32_t))

/* Room for `n` events, and in each array for one place more, that is none's. What was
 * read before is gone. */
static bool reserve(struct ff_walk *walk, uint32_t n)
{
    if (n < walk->cap)
        return true;
    uint32_t cap = walk->cap ? walk->cap : 256;
    while (cap <= n)
        cap *= 2;
    void *room = malloc(cap * ROOM);
    if (!room)
        return false;
    ff_wipe_free(walk->classes, walk->cap * ROOM);
    walk->cap = cap;
    walk->classes = room;
    walk->downloads = (void *)(walk->classes + cap);
    walk->pages = (void *)(walk->downloads + cap);
    walk->visits = (void *)(walk->pages + cap);
    walk->not_found = (void *)(walk->visits + cap);
    return true;
}

void ff_walk_clear(struct ff_walk *walk)
{
    ff_wipe_free(walk->own, walk->cap_own * sizeof *walk->own);
    ff_wipe_free(walk->classes, walk->cap * ROOM);
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

/* ---- sums ---- */

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

/* ---- gathering ---- */

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
}

/* Mostly what two parts have of a visitor is in order: then so is this, from the last
 * event on. If it is not, reading sees that. */
bool ff_walk_gather(struct ff_walk *walk, const struct ff_event *events, uint32_t n,
                    const struct ff_translation *translation)
{
    if (!reserve_own(walk, n))
        return false;
    const struct words words =
        translation ? words_of(translation) : (struct words) { 0 };
    struct ff_event *own = walk->own;
    uint32_t left = walk->n_own;
    for (uint32_t i = n; i-- > 0;) {
        const struct ff_event event =
            translation ? translated(events[i], &words) : events[i];
        for (; left > 0 && ff_event_after(&own[left - 1], &event); left--)
            own[left + i] = own[left - 1];
        own[left + i] = event;
    }
    walk->n_own += n;
    return true;
}

static int by_time(const void *a, const void *b)
{
    return ff_event_after(a, b) - ff_event_after(b, a);
}

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

/* ---- reading ---- */

/* Where a walk is among a visitor's events, and in the visit that goes on. */
struct reading {
    struct ff_walk *walk;
    uint32_t n_pages, n_downloads, n_visits, n_not_found;
    struct ff_visit_start visit;
    bool begins_with_download;
    uint64_t until; /* a later hit is of another visit */
};

/* Inlined, as what follows: what is read again with each event is not in memory. */
#define INLINED static inline __attribute__((always_inline))

INLINED void begin_visit(struct reading *r, uint32_t at)
{
    r->visit = (struct ff_visit_start) { .at = at,
                                         .pages = r->n_pages,
                                         .downloads = r->n_downloads };
    r->begins_with_download = false;
}

/* Hits without a page view or a download are no visit. */
INLINED void end_visit(struct reading *r)
{
    const bool has_page = r->n_pages > r->visit.pages;
    if (has_page && !r->begins_with_download &&
        r->walk->pages[r->visit.pages].is_within)
        r->visit.origin = FF_ORIGIN_WITHIN;
    r->walk->visits[r->n_visits] = r->visit;
    r->n_visits += has_page | (r->n_downloads > r->visit.downloads);
}

/* Seldom, and in the way of what is not. */
static __attribute__((noinline)) void next_visit(struct reading *r, uint32_t at)
{
    end_visit(r);
    begin_visit(r, at);
}

INLINED void add_download(struct reading *r, const struct ff_event *event, uint32_t key)
{
    if (r->n_pages == r->visit.pages && r->n_downloads == r->visit.downloads) {
        r->begins_with_download = true;
        if (ff_event_kind(event) == FF_EVENT_DOWNLOAD_WITHIN)
            r->visit.origin = FF_ORIGIN_WITHIN;
    }
    r->walk->downloads[r->n_downloads++] = (struct ff_visit_download) {
        .path = key,
        .requests = 1,
        .is_whole = FF_CLASS_STATUS(ff_event_class(event)) == 200,
    };
}

INLINED void add_term(struct reading *r, uint32_t term)
{
    assert(r->n_pages > r->visit.pages);
    r->walk->pages[r->n_pages - 1].term = term;
    r->walk->pages[r->n_pages - 1].is_search = true;
    r->visit.has_search = true;
}

INLINED void add_origin(struct reading *r, uint32_t origin)
{
    if (r->n_pages - r->visit.pages + r->n_downloads - r->visit.downloads == 1)
        r->visit.origin = origin;
}

INLINED void add_bytes(struct reading *r, uint64_t bytes)
{
    assert(r->n_downloads > r->visit.downloads);
    r->walk->downloads[r->n_downloads - 1].bytes += bytes;
}

INLINED void add_rider(struct reading *r, const struct ff_event *event)
{
    const enum ff_event_kind kind = ff_event_kind(event);
    if (kind == FF_EVENT_TERM)
        add_term(r, ff_event_key(event));
    else if (kind == FF_EVENT_ORIGIN)
        add_origin(r, ff_event_key(event));
    else
        add_bytes(r, ff_event_bytes(event)
                         << (kind == FF_EVENT_BYTES ? 0 : FF_EVENT_BYTES_BITS));
}

/* Page views and what is quiet are nearly all that there is. */
#define SELDOM                                                                         \
    (1u << FF_EVENT_DOWNLOAD | 1u << FF_EVENT_DOWNLOAD_WITHIN |                        \
     1u << FF_EVENT_NOT_FOUND)

INLINED void add_hit(struct reading *r, const struct ff_event *event)
{
    const enum ff_event_kind kind = ff_event_kind(event);
    const uint32_t key = ff_event_key(event);
    /* Without a branch: what is no page leaves its place to the next one. */
    r->walk->pages[r->n_pages] = (struct ff_visit_page) {
        .page = key,
        .at = ff_event_at(event),
        .is_within = kind == FF_EVENT_PAGE_WITHIN,
    };
    r->n_pages += ff_event_is_page(kind);
    if (!(SELDOM >> kind & 1))
        return;
    if (kind == FF_EVENT_NOT_FOUND)
        r->walk->not_found[r->n_not_found++] = key;
    else
        add_download(r, event, key);
}

/* What the next event may not be before, and whether one was. */
struct order {
    uint64_t first, second;
    bool is_broken;
};

INLINED void look_at_order(struct order *order, const struct ff_event *event,
                           bool is_run)
{
    /* Of a run the bits behind its time say nothing. */
    const uint64_t behind = -(uint64_t)is_run >> FF_EVENT_AT_BITS;
    const uint64_t latest = event->first | behind, earliest = event->first & ~behind;
    order->is_broken |= (latest < order->first) |
                        ((latest == order->first) & (event->second < order->second));
    order->first = earliest > order->first ? earliest : order->first;
    order->second = is_run ? order->second : event->second;
}

/* Reads events; false if time or, but for runs, order went back: then what was read is
 * worth nothing. */
INLINED bool read_events(struct ff_walk *walk, const struct ff_event *events,
                         uint32_t n, const struct words *words, uint32_t visit_timeout)
{
    struct reading r = { .walk = walk };
    struct order order = { 0 };
    struct ff_class_hits *to = walk->classes;
    struct ff_class_hits class = { .class = UINT32_MAX };
    memset(walk->hits, 0, sizeof walk->hits);
    *to = class;
    if (n) {
        begin_visit(&r, ff_event_at(&events[0]));
        r.until = ff_event_at(&events[0]);
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct ff_event event = words ? translated(events[i], words) : events[i];
        const enum ff_event_kind kind = ff_event_kind(&event);
        if (kind >= FF_EVENT_RIDER) {
            add_rider(&r, &event);
            continue;
        }
        const bool is_run = ff_event_is_quiet(kind);
        /* No choice is a branch's guess: half of the events are runs. */
        const uint64_t of_run = -(uint64_t)is_run;
        const uint64_t hits = 1 + ((ff_run_hits(&event) - 1) & of_run);
        walk->hits[kind] += hits;
        look_at_order(&order, &event, is_run);
        const bool is_other = ff_event_class(&event) != class.class;
        to += is_other;
        class.class = ff_event_class(&event);
        class.hits = hits + (is_other ? 0 : class.hits);
        *to = class;
        const uint32_t at = ff_event_at(&event);
        const uint64_t until = at + (ff_run_length(&event) & of_run) + visit_timeout;
        if (at > r.until)
            next_visit(&r, at);
        r.until = until > r.until ? until : r.until;
        add_hit(&r, &event);
    }
    end_visit(&r);
    begin_visit(&r, 0);
    walk->visits[r.n_visits] = r.visit;
    walk->n_visits = r.n_visits;
    walk->n_not_found = r.n_not_found;
    walk->n_classes = (uint32_t)(to - walk->classes) + 1;
    walk->at = 0;
    return !order.is_broken;
}

static bool read_as_they_are(struct ff_walk *walk, const struct ff_event *events,
                             uint32_t n, uint32_t visit_timeout)
{
    return read_events(walk, events, n, NULL, visit_timeout);
}

static bool read_translated(struct ff_walk *walk, const struct ff_event *events,
                            uint32_t n, const struct ff_translation *translation,
                            uint32_t visit_timeout)
{
    const struct words words = words_of(translation);
    return read_events(walk, events, n, &words, visit_timeout);
}

bool ff_walk_begin_own(struct ff_walk *walk, uint32_t visit_timeout)
{
    if (!reserve(walk, walk->n_own))
        return false;
    if (read_as_they_are(walk, walk->own, walk->n_own, visit_timeout))
        return true;
    sort(walk->own, walk->n_own);
    (void)read_as_they_are(walk, walk->own, walk->n_own, visit_timeout);
    return true;
}

bool ff_walk_begin(struct ff_walk *walk, const struct ff_event *events, uint32_t n,
                   const struct ff_translation *translation, uint32_t visit_timeout)
{
    if (!reserve(walk, n))
        return false;
    if (translation ? read_translated(walk, events, n, translation, visit_timeout)
                    : read_as_they_are(walk, events, n, visit_timeout))
        return true;
    ff_walk_renew(walk);
    return ff_walk_gather(walk, events, n, translation) &&
           ff_walk_begin_own(walk, visit_timeout);
}

struct ff_events_sum ff_walk_sum(const struct ff_walk *walk)
{
    return sum_of(walk->hits);
}

uint32_t ff_walk_longest(const struct ff_walk *walk)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < walk->n_visits; i++) {
        const uint32_t n = walk->visits[i + 1].pages - walk->visits[i].pages;
        most = n > most ? n : most;
    }
    return most;
}

/* ---- visits ---- */

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
static void join_downloads(struct ff_visit_download *d, struct ff_visit *visit)
{
    visit->downloads = d;
    visit->n_download_hits = visit->n_downloads;
    if (visit->n_downloads < 2)
        return;
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
    if (walk->at == walk->n_visits)
        return false;
    const struct ff_visit_start *start = &walk->visits[walk->at++], *end = start + 1;
    *visit = (struct ff_visit) {
        .start = start->at,
        .origin = start->origin,
        .pages = walk->pages + start->pages,
        .n_pages = end->pages - start->pages,
        .n_downloads = end->downloads - start->downloads,
    };
    join_downloads(walk->downloads + start->downloads, visit);
    for (uint32_t i = 0; start->has_search && i < visit->n_pages; i++)
        visit->n_searches += ff_visit_is_search(visit, i);
    return true;
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
    const uint32_t most = ff_walk_begin(&walk, visitor->events, visitor->n_events, NULL,
                                        visitors->visit_timeout)
                              ? ff_walk_longest(&walk)
                              : 0;
    ff_walk_clear(&walk);
    return most;
}
