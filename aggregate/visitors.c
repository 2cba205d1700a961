#include "visitors.h"

#include "pages.h"
#include "prune.h"
#include "visits.h"

/* A quiet run, if it is not the last one, is looked for among so many of the newest
 * events. */
#define RUN_REACH 6
/* A visitor's visits are looked through for one too long to be a human's whenever its
 * block grows and has more events than this. */
#define BEHAVING_CHECK 1024
/* Hits are taken in by so many: their visitors' slots are read ahead, then the records,
 * then the events. */
#define GROUP 32
/* A hit adds at most so many events. */
#define HIT_EVENTS  4
#define LINE_EVENTS (FF_CACHE_LINE / sizeof(struct ff_event))

#define PIECE_BYTES (FF_VISITORS_PIECE * sizeof(struct ff_visitor))
/* A huge page's. */
#define MOST_PIECES ((uint32_t)(FF_HUGE_PAGE / PIECE_BYTES))
static_assert(FF_HUGE_PAGE % PIECE_BYTES == 0, "no rest");

/* Sixteenths of the memory that each part may take; what is left is the close's. */
enum { OF_TABLE = 3, OF_EVENTS = 5, OF_WORDS = 3, OF_SUMS = 1 };

void ff_visitors_init(struct ff_visitors *v, const struct ff_secret *secret,
                      struct ff_budget *budget,
                      const struct ff_aggregate_settings *settings, int32_t start)
{
    const size_t share = budget->cap / 16;
    *v = (struct ff_visitors) {
        .secret = secret,
        .budget = budget,
        .start = start,
        .end = ff_period_end(settings->grain, start),
        .zone = settings->zone,
        .visit_timeout = settings->visit_timeout,
        .most_bytes = OF_TABLE * share,
        .events = { .budget = budget, .most_bytes = OF_EVENTS * share },
    };
    v->from = ff_zone_midnight(v->zone, v->start);
    v->to = ff_zone_midnight(v->zone, v->end);
    ff_dictionary_init(&v->words, secret, budget, OF_WORDS * share);
    ff_sums_init(&v->sums, secret, budget, OF_SUMS * share);
}

void ff_visitors_forget(struct ff_visitors *v)
{
    ff_event_pool_forget(&v->events);
    size_t left = v->n * sizeof **v->pieces;
    for (uint32_t i = 0; i < v->n_blocks; i++) {
        const size_t bytes = v->blocks[i].n_pieces * PIECE_BYTES;
        const size_t used = left < bytes ? left : bytes;
        /* Tokens are pseudonymous: they do not outlive the period in freed memory. */
        ff_wipe(v->blocks[i].first, used);
        ff_pages_free(v->blocks[i].first, bytes);
        left -= used;
    }
    free(v->blocks);
    free(v->pieces);
    v->blocks = NULL;
    v->pieces = NULL;
    v->n = v->n_pieces = v->n_blocks = 0;
    v->n_likely = 0; /* they point there */
}

void ff_visitors_clear(struct ff_visitors *v)
{
    ff_visitors_forget(v);
    ff_event_pool_clear(&v->events);
    ff_dictionary_clear(&v->words);
    ff_sums_clear(&v->sums);
    ff_index_clear(&v->index);
    if (v->budget)
        v->budget->used -= v->held_bytes;
    *v = (struct ff_visitors) { 0 };
}

void ff_visitors_seal(struct ff_visitors *v)
{
    const size_t bytes = ff_index_bytes(&v->index);
    ff_index_clear(&v->index);
    v->held_bytes -= bytes;
    v->budget->used -= bytes;
    ff_dictionary_seal(&v->words);
}

bool ff_visitors_is_capped(const struct ff_visitors *v)
{
    return v->is_capped || v->sums.is_capped || ff_dictionary_is_capped(&v->words);
}

/* ---- the table ---- */

/* Most likely the hit's visitor, if it is not new. There must be some. */
static struct ff_visitor *guess(const struct ff_visitors *v, const struct ff_hit *hit)
{
    return ff_visitors_at(v, ff_index_guess(&v->index, hit->visitor));
}

static struct ff_visitor *find(const struct ff_visitors *v, uint64_t net,
                               uint64_t visitor)
{
    uint32_t i, probe = 0;
    while ((i = ff_index_next(&v->index, visitor, &probe)) != FF_INDEX_NONE) {
        struct ff_visitor *found = ff_visitors_at(v, i);
        if (found->visitor == visitor && found->net == net)
            return found;
    }
    return NULL;
}

static bool has_room(const struct ff_visitors *v, size_t bytes, size_t most_bytes)
{
    return v->held_bytes + bytes <= most_bytes && ff_budget_has(v->budget, bytes);
}

static bool add_block(struct ff_visitors *v, uint32_t n)
{
    struct ff_visitor **pieces =
        realloc(v->pieces, (v->n_pieces + n) * sizeof *v->pieces);
    if (!pieces)
        return false;
    v->pieces = pieces;
    struct ff_visitors_block *blocks =
        realloc(v->blocks, (v->n_blocks + 1) * sizeof *v->blocks);
    if (!blocks)
        return false;
    v->blocks = blocks;
    struct ff_visitor *first = ff_pages_take(n * PIECE_BYTES);
    if (!first)
        return false;
    blocks[v->n_blocks++] = (struct ff_visitors_block) { first, n };
    for (uint32_t i = 0; i < n; i++)
        pieces[v->n_pieces++] = first + (size_t)i * FF_VISITORS_PIECE;
    return true;
}

/* Room for one more visitor within `most_bytes`. */
static bool reserve(struct ff_visitors *v, size_t most_bytes)
{
    const bool is_full = v->n == v->n_pieces * FF_VISITORS_PIECE;
    /* Not what is held: a block has room for many, and the last ones are not
     * everybody's. */
    const size_t taken = (v->n + (size_t)1) * sizeof **v->pieces;
    size_t index = ff_index_growth(&v->index);
    uint32_t n = is_full;
    if (taken + ff_index_bytes(&v->index) > most_bytes)
        return false;
    if (index + n == 0)
        return true;
    if (is_full && v->n_pieces) {
        n = v->n_pieces < MOST_PIECES ? v->n_pieces : MOST_PIECES;
        n = has_room(v, index + n * PIECE_BYTES, most_bytes) ? n : 1;
    }
    /* Twice the index may be more than all that is left: then it fills up instead, so
     * that records can have what is theirs. */
    if (!has_room(v, index + n * PIECE_BYTES, most_bytes) &&
        ff_index_can_fill_up(&v->index))
        index = 0;
    if (index + n > 0 && !has_room(v, index + n * PIECE_BYTES, most_bytes))
        return false;
    const bool is_done =
        (n == 0 || add_block(v, n)) && (index == 0 || ff_index_reserve(&v->index));
    const size_t held = v->n_pieces * PIECE_BYTES + ff_index_bytes(&v->index);
    v->budget->used += held - v->held_bytes;
    v->held_bytes = held;
    return is_done;
}

static struct ff_visitor *add_visitor(struct ff_visitors *v, const struct ff_hit *hit,
                                      uint64_t visitor)
{
    struct ff_visitor *fresh = ff_visitors_at(v, v->n);
    *fresh = (struct ff_visitor) { .net = hit->net,
                                   .visitor = visitor,
                                   .agent = ff_dictionary_agent(&v->words, hit->agent),
                                   .country = hit->country };
    ff_index_add_front(&v->index, visitor, v->n++);
    return fresh;
}

/* A visitor that is not where most are found, or is new. Past the bound, those that are
 * new are one for each network; past that, nobody: NULL. */
static __attribute__((noinline)) struct ff_visitor *
find_or_add(struct ff_visitors *v, const struct ff_hit *hit)
{
    struct ff_visitor *known = find(v, hit->net, hit->visitor);
    if (known)
        return known;
    if (reserve(v, v->most_bytes - v->most_bytes / 8))
        return add_visitor(v, hit, hit->visitor);
    v->is_capped = true;
    known = find(v, hit->net, ~hit->net);
    if (known)
        return known;
    return reserve(v, v->most_bytes) ? add_visitor(v, hit, ~hit->net) : NULL;
}

/* The hit's visitor; NULL past the bounds. */
static inline struct ff_visitor *visitor_of(struct ff_visitors *v,
                                            const struct ff_hit *hit)
{
    if (v->index.n) {
        struct ff_visitor *likely = guess(v, hit);
        if (likely->visitor == hit->visitor && likely->net == hit->net)
            return likely;
    }
    return find_or_add(v, hit);
}

/* ---- events ---- */

/* A larger block, with room for `n` more events; false at the bound. */
static __attribute__((noinline)) bool grow(struct ff_visitors *v,
                                           struct ff_visitor *visitor, uint32_t n)
{
    unsigned size = visitor->events ? visitor->block + 1u : 0;
    while (visitor->n_events + n > ff_block_events(size))
        size++;
    struct ff_event *block = ff_event_pool_take(&v->events, size);
    if (!block)
        return false;
    if (visitor->events) {
        /* By whole lines, as blocks are: to begin a copy of any length takes longer. */
        for (uint32_t i = 0; i < visitor->n_events; i += LINE_EVENTS)
            memcpy(block + i, visitor->events + i, FF_CACHE_LINE);
        ff_event_pool_leave(&v->events, visitor->events, visitor->block);
    }
    visitor->events = block;
    visitor->block = (uint8_t)size;
    return true;
}

static inline bool has_room_for(const struct ff_visitor *visitor, uint32_t n)
{
    return visitor->events && visitor->n_events + n <= ff_block_events(visitor->block);
}

/* Appends events, for which there is room. How many they are nobody can foresee: no
 * branch goes by it. */
static inline void put(struct ff_visitor *visitor, const struct ff_event *events,
                       uint32_t n)
{
    static_assert(HIT_EVENTS == 4, "so many places");
    struct ff_event *to = visitor->events + visitor->n_events;
    const uint32_t second = n > 1, third = 2 * (n > 2), last = n - 1;
    to[0] = events[0];
    to[second] = events[second];
    to[third] = events[third];
    to[last] = events[last];
    visitor->n_events += n;
}

/* Finds a run of the hit's class among the newest events: the newest one. All are
 * looked at, as which it is nobody can foresee. There must be an event. */
static bool find_run(struct ff_visitor *visitor, const struct ff_event *hit)
{
    const uint32_t n = visitor->n_events;
    uint32_t found = n;
    for (uint32_t i = RUN_REACH; i > 0; i--) {
        const uint32_t at = n > i ? n - i : 0;
        found = ff_event_is_like(&visitor->events[at], hit) ? at : found;
    }
    if (found == n)
        return false;
    visitor->run = found;
    return true;
}

/* A page view or download, from where, and what rides on it. */
static uint32_t make_visible(struct ff_visitors *v, const struct ff_hit *hit,
                             struct ff_event events[HIT_EVENTS], uint32_t class)
{
    const uint32_t at = (uint32_t)(hit->time - v->from);
    const bool is_page = hit->kind == FF_PAGE_VIEW;
    const uint32_t origin = ff_dictionary_origin(&v->words, hit->origin);
    const bool is_within = origin == FF_ORIGIN_WITHIN;
    static_assert(FF_EVENT_PAGE_WITHIN == FF_EVENT_PAGE + 1 &&
                      FF_EVENT_DOWNLOAD_WITHIN == FF_EVENT_DOWNLOAD + 1,
                  "one more is within");
    const enum ff_event_kind kind =
        (enum ff_event_kind)((is_page ? FF_EVENT_PAGE : FF_EVENT_DOWNLOAD) + is_within);
    uint32_t n = 0;
    events[n++] =
        ff_event_make(at, hit->order, kind, class, ff_dictionary_key(&v->words, hit));
    if (is_page && hit->is_search)
        events[n++] = ff_event_make(at, hit->order, FF_EVENT_TERM, 0,
                                    ff_dictionary_term(&v->words, hit->term));
    events[n] = ff_event_make(at, hit->order, FF_EVENT_ORIGIN, 0, origin);
    n += origin >= FF_ORIGIN_FIRST;
    if (!is_page && hit->bytes) {
        struct ff_event *bytes = &events[n++];
        *bytes = ff_event_make(at, hit->order, FF_EVENT_BYTES, 0, 0);
        bytes->second |= hit->bytes & (((uint64_t)1 << FF_EVENT_BYTES_BITS) - 1);
    }
    if (!is_page && hit->bytes >> FF_EVENT_BYTES_BITS) {
        struct ff_event *bytes = &events[n++];
        *bytes = ff_event_make(at, hit->order, FF_EVENT_BYTES_HIGH, 0, 0);
        bytes->second |= hit->bytes >> FF_EVENT_BYTES_BITS;
    }
    return n;
}

static uint32_t class_of(const struct ff_hit *hit)
{
    return FF_CLASS(hit->method, hit->status & 1023u, hit->response_time);
}

static bool is_quiet(const struct ff_hit *hit)
{
    const unsigned loud = 1u << FF_PAGE_VIEW | 1u << FF_DOWNLOAD |
                          (hit->key.len ? 1u << FF_CLIENT_ERROR : 0);
    return !(loud >> hit->kind & 1);
}

/* The part of a quiet hit's event that its run's are like. */
static inline uint64_t kind_class_of_quiet(const struct ff_hit *hit)
{
    return ff_event_make(0, 0, ff_event_quiet_of(hit->kind), class_of(hit), 0).second;
}

/* A quiet hit's event. */
static struct ff_event make_quiet(const struct ff_visitors *v, const struct ff_hit *hit)
{
    const uint32_t at = (uint32_t)(hit->time - v->from);
    return ff_run_make(at, at, 1, ff_event_quiet_of(hit->kind), class_of(hit));
}

/* The events of a hit that is not quiet: its own first. Gives their number. */
static uint32_t make_events(struct ff_visitors *v, const struct ff_hit *hit,
                            struct ff_event events[HIT_EVENTS])
{
    if (hit->kind != FF_CLIENT_ERROR)
        return make_visible(v, hit, events, class_of(hit));
    events[0] =
        ff_event_make((uint32_t)(hit->time - v->from), hit->order, FF_EVENT_NOT_FOUND,
                      class_of(hit), ff_dictionary_key(&v->words, hit));
    return 1;
}

/* ---- hits ---- */

static void note_language(struct ff_visitor *visitor, const struct ff_hit *hit,
                          uint32_t at)
{
    if (visitor->language == FF_NO_CODE || at < visitor->language_at ||
        (at == visitor->language_at && hit->order < visitor->language_order)) {
        visitor->language = hit->language;
        visitor->language_at = at;
        visitor->language_order = hit->order;
    }
}

/* A hit of nobody: only its class and key are counted. A download is one only by a
 * visitor. */
static enum ff_err add_nobody(struct ff_visitors *v, const struct ff_event *event,
                              const struct ff_hit *hit, struct ff_fault *fault)
{
    enum ff_event_kind kind = ff_event_kind(event);
    if (kind == FF_EVENT_PAGE_WITHIN)
        kind = FF_EVENT_PAGE;
    const bool has_key = kind == FF_EVENT_PAGE || kind == FF_EVENT_NOT_FOUND;
    const struct ff_nobody_count count = {
        .hits = 1,
        .kind_class = FF_KIND_CLASS(kind, ff_event_class(event)),
        .key = has_key ? ff_event_key(event) : 0,
    };
    v->sums.nobody_bytes += hit->bytes;
    return ff_sums_add_nobody(&v->sums, &count, fault);
}

/* Frees the events of a visitor that is no human: its hits and page views are kept as
 * numbers. */
static void free_events(struct ff_visitors *v, struct ff_visitor *visitor)
{
    const struct ff_events_sum sum = ff_visits_sum(visitor->events, visitor->n_events);
    ff_event_pool_leave(&v->events, visitor->events, visitor->block);
    visitor->events = NULL;
    visitor->n_events = (uint32_t)sum.hits;
    visitor->page_views = (uint32_t)sum.page_views;
    visitor->is_freed = true;
}

/* When there is no room for events: whoever is a scanner, as things are, has its events
 * freed. True if that gave room for a good while. */
static bool free_scanners(struct ff_visitors *v)
{
    size_t freed = 0;
    if (v->has_freed_scanners)
        return false;
    for (uint32_t i = 0; i < v->n; i++) {
        struct ff_visitor *visitor = ff_visitors_at(v, i);
        if (!visitor->events)
            continue;
        const struct ff_events_sum sum =
            ff_visits_sum(visitor->events, visitor->n_events);
        if (sum.page_views || sum.client_errors < FF_SCANNER_ERRORS)
            continue;
        freed += ff_block_events(visitor->block) * sizeof *visitor->events;
        free_events(v, visitor);
    }
    v->is_capped = true;
    v->has_freed_scanners = freed < v->events.held_bytes / 8;
    return freed > 0;
}

/* Appends a hit's events to its visitor, who has no room for them, or has had all
 * freed; false at the bound. */
static __attribute__((noinline)) bool take_in(struct ff_visitors *v,
                                              struct ff_visitor *visitor,
                                              const struct ff_event *events, uint32_t n)
{
    const enum ff_event_kind kind = ff_event_kind(&events[0]);
    if (!visitor->is_freed && !grow(v, visitor, n) &&
        (!free_scanners(v) || (!visitor->is_freed && !grow(v, visitor, n))))
        return false;
    if (visitor->is_freed) {
        visitor->n_events++;
        visitor->page_views += ff_event_is_page(kind);
        return true;
    }
    put(visitor, events, n);
    if (ff_event_is_quiet(kind))
        visitor->run = visitor->n_events - 1;
    if (visitor->n_events > BEHAVING_CHECK &&
        ff_visits_longest(v, visitor) > FF_HUMAN_PAGE_VIEWS)
        free_events(v, visitor);
    return true;
}

/* What else a hit tells of its visitor. */
static inline void note(const struct ff_visitors *v, struct ff_visitor *visitor,
                        const struct ff_hit *hit)
{
    visitor->bytes += hit->bytes;
    visitor->fetched_robots_txt |= hit->is_robots_txt;
    if (hit->language != FF_NO_CODE)
        note_language(visitor, hit, (uint32_t)(hit->time - v->from));
}

static inline struct ff_visitor *client_of(struct ff_visitors *v,
                                           const struct ff_hit *hit)
{
    return hit->has_client ? visitor_of(v, hit) : NULL;
}

/* Adds a quiet hit to a run of its class that it is no further from than the visit
 * timeout: then the run, as an interval, chains to other hits as its hits would. Here
 * it is not the visitor's last one, or too far from it: another one, or a new one, or
 * else nobody's. */
static __attribute__((noinline)) enum ff_err
add_to_other_run(struct ff_visitors *v, struct ff_visitor *visitor,
                 const struct ff_hit *hit, struct ff_fault *fault)
{
    const struct ff_event event = make_quiet(v, hit);
    if (!visitor)
        return add_nobody(v, &event, hit, fault);
    const bool is_in_run = visitor->events && find_run(visitor, &event) &&
                           ff_run_extend(&visitor->events[visitor->run],
                                         ff_event_at(&event), v->visit_timeout);
    if (!is_in_run && has_room_for(visitor, 1)) {
        visitor->run = visitor->n_events;
        put(visitor, &event, 1);
    } else if (!is_in_run && !take_in(v, visitor, &event, 1)) {
        v->is_capped = true;
        return add_nobody(v, &event, hit, fault);
    }
    note(v, visitor, hit);
    return FF_OK;
}

static inline enum ff_err add_quiet(struct ff_visitors *v, const struct ff_hit *hit,
                                    struct ff_fault *fault)
{
    struct ff_visitor *visitor = client_of(v, hit);
    if (!visitor || !visitor->events)
        return add_to_other_run(v, visitor, hit, fault);
    /* Mostly the visitor's last quiet hit was of the same class. */
    struct ff_event *run = &visitor->events[visitor->run];
    const struct ff_event like = { .second = kind_class_of_quiet(hit) };
    if (!ff_event_is_like(run, &like) ||
        !ff_run_extend(run, (uint32_t)(hit->time - v->from), v->visit_timeout))
        return add_to_other_run(v, visitor, hit, fault);
    note(v, visitor, hit);
    return FF_OK;
}

static enum ff_err add_loud(struct ff_visitors *v, const struct ff_hit *hit,
                            struct ff_fault *fault)
{
    struct ff_event events[HIT_EVENTS];
    if (ff_prune_is_due(&v->words))
        FF_TRY(ff_prune(v, fault));
    const uint32_t n = make_events(v, hit, events);
    struct ff_visitor *visitor = client_of(v, hit);
    if (!visitor)
        return add_nobody(v, &events[0], hit, fault);
    if (has_room_for(visitor, n)) {
        put(visitor, events, n);
    } else if (!take_in(v, visitor, events, n)) {
        v->is_capped = true;
        return add_nobody(v, &events[0], hit, fault);
    }
    note(v, visitor, hit);
    return FF_OK;
}

static enum ff_err add_human(struct ff_visitors *v, const struct ff_hit *hit,
                             struct ff_fault *fault)
{
    return is_quiet(hit) ? add_quiet(v, hit, fault) : add_loud(v, hit, fault);
}

static enum ff_err add_robot(struct ff_visitors *v, const struct ff_hit *hit,
                             struct ff_fault *fault)
{
    const struct ff_robot_count count = { .agent = hit->agent,
                                          .hits = 1,
                                          .page_views = hit->kind == FF_PAGE_VIEW,
                                          .bytes = hit->bytes };
    return ff_sums_add_robot(&v->sums, &count, fault);
}

static void add_lines(struct ff_sums *sums, const struct ff_hit *hit)
{
    assert(hit->kind >= FF_KINDS);
    if (hit->kind == FF_LINE_MALFORMED)
        sums->malformed += hit->lines;
    else if (hit->kind == FF_LINE_BLANK)
        sums->blank += hit->lines;
    else
        sums->excluded += hit->lines;
}

static enum ff_err add(struct ff_visitors *v, const struct ff_hit *hit,
                       struct ff_fault *fault)
{
    if (hit->kind < FF_KINDS)
        return hit->agent && hit->agent->robot != FF_HUMAN ? add_robot(v, hit, fault)
                                                           : add_human(v, hit, fault);
    add_lines(&v->sums, hit);
    return FF_OK;
}

/* The step's look at a hit. Without a branch but the callers' loops: to ask for
 * nothing's memory, or another's, does no harm. */
static inline void look_for_slot(const struct ff_visitors *v, const struct ff_hit *hit)
{
    ff_index_prefetch(&v->index, hit->visitor);
}

static inline const struct ff_visitor *look_for_record(const struct ff_visitors *v,
                                                       const struct ff_hit *hit)
{
    const struct ff_visitor *likely = guess(v, hit);
    __builtin_prefetch(likely);
    return likely;
}

static inline void look_for_events(const struct ff_visitor *likely)
{
    const uintptr_t events = (uintptr_t)likely->events;
    const size_t size = sizeof *likely->events;
    __builtin_prefetch((const void *)(events + likely->run * size));
    __builtin_prefetch((const void *)(events + likely->n_events * size));
}

void ff_visitors_foresee(struct ff_visitors *v, const struct ff_hit *hits, size_t n,
                         unsigned step)
{
    assert(n <= FF_FORESEEN_HITS && step < FF_FORESEEN_STEPS);
    v->is_foreseen = true;
    if (v->index.n == 0)
        return;
    if (step == 0) {
        for (size_t i = 0; i < n; i++)
            look_for_slot(v, &hits[i]);
    } else if (step == 1) {
        for (size_t i = 0; i < n; i++)
            v->likely[i] = look_for_record(v, &hits[i]);
        v->n_likely = n;
    } else {
        for (size_t i = 0; i < v->n_likely; i++)
            look_for_events(v->likely[i]);
    }
}

/* What memory takes to give one visitor's slot, it takes to give those of all. */
static void foresee_late(struct ff_visitors *v, const struct ff_hit *hits, size_t n)
{
    for (size_t i = 0; i < n; i++)
        look_for_slot(v, &hits[i]);
    for (size_t i = 0; i < n; i++)
        v->likely[i] = look_for_record(v, &hits[i]);
    for (size_t i = 0; i < n; i++)
        look_for_events(v->likely[i]);
}

static enum ff_err add_group(struct ff_visitors *v, const struct ff_hit *hits, size_t n,
                             struct ff_fault *fault)
{
    v->words.wait -= v->words.wait < n ? v->words.wait : n;
    if (v->index.n && !v->is_foreseen)
        foresee_late(v, hits, n);
    for (size_t i = 0; i < n; i++)
        FF_TRY(add(v, &hits[i], fault));
    return FF_OK;
}

enum ff_err ff_visitors_add(struct ff_visitors *v, const struct ff_hit *hits, size_t n,
                            struct ff_fault *fault)
{
    for (size_t i = 0; i < n; i += GROUP)
        FF_TRY(add_group(v, hits + i, n - i < GROUP ? n - i : GROUP, fault));
    return FF_OK;
}
