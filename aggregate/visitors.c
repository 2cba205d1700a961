#include "visitors.h"

#include "visits.h"

#define FIRST_EVENTS 4
#define MOST_EVENTS  128
/* A quiet run is looked for among so many of the newest events. */
#define RUN_REACH 6
/* A visitor's page views are checked for a visit too long to be a human's as often. */
#define BEHAVING_CHECK 1024

void ff_visitors_init(struct ff_visitors *v, const struct ff_secret *secret,
                      const struct ff_aggregate_settings *settings, int32_t start)
{
    const size_t cap = settings->memory_bytes;
    *v = (struct ff_visitors) { .secret = secret,
                                .start = start,
                                .end = ff_period_end(settings->grain, start),
                                .zone = settings->zone,
                                .visit_timeout = settings->visit_timeout,
                                .cap_bytes = cap };
    v->from = ff_zone_midnight(v->zone, v->start);
    v->to = ff_zone_midnight(v->zone, v->end);
    ff_arena_init(&v->arena, 256 * 1024, cap / 2);
    ff_names_init(&v->keys, secret, cap / 4);
    ff_names_init(&v->terms, secret, cap / 16);
    ff_names_init(&v->sources, secret, cap / 16);
    ff_names_init(&v->origin_index, secret, cap / 16);
}

void ff_visitors_clear(struct ff_visitors *v)
{
    ff_arena_clear(&v->arena);
    ff_names_clear(&v->keys);
    ff_names_clear(&v->terms);
    ff_names_clear(&v->sources);
    ff_names_clear(&v->origin_index);
    ff_index_clear(&v->index);
    ff_index_clear(&v->robot_index);
    ff_index_clear(&v->nobody_index);
    /* Tokens are pseudonymous: they do not outlive the period in freed memory. */
    ff_wipe_free(v->visitors, v->cap * sizeof *v->visitors);
    free(v->robots);
    free(v->nobody);
    *v = (struct ff_visitors) { 0 };
}

size_t ff_visitors_held_bytes(const struct ff_visitors *v)
{
    return v->arena.held_bytes + v->cap * sizeof *v->visitors +
           ff_index_bytes(&v->index) + ff_names_held_bytes(&v->keys) +
           ff_names_held_bytes(&v->terms) + ff_names_held_bytes(&v->sources) +
           ff_names_held_bytes(&v->origin_index);
}

/* An array of `size`-byte records gets room for one more. Records may hold tokens: no
 * copy is left where they were. */
static bool reserve(void **array, uint32_t n, uint32_t *cap, size_t size)
{
    if (n < *cap)
        return true;
    const uint32_t bigger = *cap ? *cap * 2 : 256;
    void *grown = ff_wipe_grow(*array, *cap * size, bigger * size);
    if (!grown)
        return false;
    *array = grown;
    *cap = bigger;
    return true;
}

static struct ff_visitor *visitor_of(struct ff_visitors *v, const struct ff_hit *hit)
{
    uint32_t i, probe = 0;
    while ((i = ff_index_next(&v->index, hit->visitor, &probe)) != FF_INDEX_NONE)
        if (v->visitors[i].visitor == hit->visitor && v->visitors[i].net == hit->net)
            return &v->visitors[i];
    const bool is_full =
        v->n == v->cap && v->cap * sizeof *v->visitors > v->cap_bytes / 4;
    if (is_full ||
        !reserve((void **)&v->visitors, v->n, &v->cap, sizeof *v->visitors) ||
        !ff_index_reserve(&v->index)) {
        v->is_capped = true;
        return NULL;
    }
    struct ff_visitor *fresh = &v->visitors[v->n];
    *fresh = (struct ff_visitor) { .net = hit->net,
                                   .visitor = hit->visitor,
                                   .agent = hit->agent,
                                   .country = hit->country };
    ff_index_add(&v->index, hit->visitor, v->n++);
    return fresh;
}

static struct ff_event_block *take_block(struct ff_visitors *v, uint32_t cap)
{
    struct ff_event_block *block = v->free_blocks;
    if (block && cap == MOST_EVENTS) {
        v->free_blocks = block->before;
        return block;
    }
    block = ff_arena_take(&v->arena, sizeof *block + cap * sizeof(struct ff_event), 8);
    if (!block)
        v->is_capped = true;
    return block;
}

/* Appends an event; false at the memory's cap. */
static bool append(struct ff_visitors *v, struct ff_visitor *visitor,
                   const struct ff_event *event)
{
    struct ff_event_block *block = visitor->events;
    if (!block || block->n == block->cap) {
        uint32_t cap = block ? block->cap * 2 : FIRST_EVENTS;
        if (cap > MOST_EVENTS)
            cap = MOST_EVENTS;
        struct ff_event_block *fresh = take_block(v, cap);
        if (!fresh)
            return false;
        *fresh = (struct ff_event_block) { .before = block, .cap = cap };
        visitor->events = block = fresh;
    }
    block->events[block->n++] = *event;
    return true;
}

/* Adds a quiet hit to a run of its class that it is no further from than the visit
 * timeout: then the run, as an interval, chains to other hits as its hits would. */
static bool extend_run(const struct ff_visitors *v, const struct ff_visitor *visitor,
                       const struct ff_event *hit)
{
    struct ff_event_block *block = visitor->events;
    if (!block)
        return false;
    for (uint32_t i = block->n, reach = RUN_REACH; i-- > 0 && reach-- > 0;) {
        struct ff_event *run = &block->events[i];
        if (run->kind_class != hit->kind_class)
            continue;
        if (hit->at + v->visit_timeout < run->at ||
            hit->at > run->ref + v->visit_timeout)
            return false;
        if (hit->at < run->at)
            run->at = hit->at;
        if (hit->at > run->ref)
            run->ref = hit->at;
        run->key++;
        return true;
    }
    return false;
}

static uint32_t origin_id(struct ff_visitors *v, const struct ff_origin *origin)
{
    if (!origin || origin->channel == FF_DIRECT)
        return FF_ORIGIN_DIRECT;
    if (origin->channel == FF_INTERNAL)
        return FF_ORIGIN_INTERNAL;
    const struct ff_origin_ids ids = {
        .channel = origin->channel,
        .name = ff_names_id(&v->sources, origin->name),
        .medium = ff_names_id(&v->sources, origin->medium),
        .campaign = ff_names_id(&v->sources, origin->campaign),
        .term = origin->term.len ? ff_names_id(&v->terms, origin->term) : 0,
    };
    const struct ff_span bytes = { (const char *)&ids, sizeof ids };
    const uint32_t id = ff_names_id(&v->origin_index, bytes);
    return id ? id + 1 : FF_ORIGIN_DIRECT;
}

struct ff_origin_ids ff_visitors_origin(const struct ff_visitors *v, uint32_t id)
{
    if (id <= FF_ORIGIN_INTERNAL)
        return (struct ff_origin_ids) { .channel = id == FF_ORIGIN_INTERNAL
                                                       ? FF_INTERNAL
                                                       : FF_DIRECT };
    struct ff_origin_ids ids;
    memcpy(&ids, ff_names_get(&v->origin_index, id - 1).data, sizeof ids);
    return ids;
}

/* What a hit's event and its rider are; a rider of kind 0 is none. */
static void make_events(struct ff_visitors *v, const struct ff_hit *hit,
                        struct ff_event *event, struct ff_event *rider)
{
    const uint32_t class =
        FF_CLASS(hit->kind, hit->method, hit->status, hit->response_time);
    const uint32_t at = (uint32_t)(hit->time - v->from);
    enum ff_event_kind kind = FF_EVENT_QUIET;
    *event = (struct ff_event) { .order = hit->order, .at = at, .key = 1, .ref = at };
    *rider = *event;
    rider->kind_class = 0;
    if (hit->kind == FF_PAGE_VIEW || hit->kind == FF_DOWNLOAD) {
        kind = hit->kind == FF_PAGE_VIEW ? FF_EVENT_PAGE : FF_EVENT_DOWNLOAD;
        event->key = ff_names_id(&v->keys, hit->key);
        event->ref = origin_id(v, hit->origin);
    } else if (hit->kind == FF_CLIENT_ERROR && hit->key.len) {
        kind = FF_EVENT_NOT_FOUND;
        event->key = ff_names_id(&v->keys, hit->key);
    }
    if (kind == FF_EVENT_PAGE && hit->is_search) {
        rider->kind_class = (uint32_t)FF_EVENT_TERM << 24;
        rider->key = hit->term.len ? ff_names_id(&v->terms, hit->term) : 0;
    } else if (kind == FF_EVENT_DOWNLOAD && hit->bytes) {
        rider->kind_class = (uint32_t)FF_EVENT_BYTES << 24;
        rider->key = (uint32_t)hit->bytes;
        rider->ref = (uint32_t)(hit->bytes >> 32);
    }
    event->kind_class = (uint32_t)kind << 24 | class;
}

static void free_events(struct ff_visitors *v, struct ff_visitor *visitor)
{
    while (visitor->events) {
        struct ff_event_block *block = visitor->events;
        visitor->events = block->before;
        if (block->cap == MOST_EVENTS) {
            block->before = v->free_blocks;
            v->free_blocks = block;
        }
    }
}

static void note_language(struct ff_visitor *visitor, const struct ff_hit *hit,
                          uint32_t at)
{
    if (hit->language == FF_NO_CODE)
        return;
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
    const bool has_key = FF_EVENT_KIND(event) == FF_EVENT_PAGE ||
                         FF_EVENT_KIND(event) == FF_EVENT_NOT_FOUND;
    const uint32_t key = has_key ? event->key : 0;
    const uint64_t hash =
        ff_hash_number(v->secret, (uint64_t)event->kind_class << 32 | key);
    v->nobody_bytes += hit->bytes;
    uint32_t i, probe = 0;
    while ((i = ff_index_next(&v->nobody_index, hash, &probe)) != FF_INDEX_NONE) {
        if (v->nobody[i].kind_class == event->kind_class && v->nobody[i].key == key) {
            v->nobody[i].hits++;
            return FF_OK;
        }
    }
    if (!reserve((void **)&v->nobody, v->n_nobody, &v->cap_nobody, sizeof *v->nobody) ||
        !ff_index_reserve(&v->nobody_index))
        return ff_fault_nomem(fault);
    v->nobody[v->n_nobody] = (struct ff_nobody_count) { 1, event->kind_class, key };
    ff_index_add(&v->nobody_index, hash, v->n_nobody++);
    return FF_OK;
}

static enum ff_err add_robot(struct ff_visitors *v, const struct ff_hit *hit,
                             struct ff_fault *fault)
{
    const uint64_t hash = ff_hash_number(v->secret, (uintptr_t)hit->agent);
    uint32_t i, probe = 0;
    while ((i = ff_index_next(&v->robot_index, hash, &probe)) != FF_INDEX_NONE)
        if (v->robots[i].agent == hit->agent)
            break;
    if (i == FF_INDEX_NONE) {
        if (!reserve((void **)&v->robots, v->n_robots, &v->cap_robots,
                     sizeof *v->robots) ||
            !ff_index_reserve(&v->robot_index))
            return ff_fault_nomem(fault);
        i = v->n_robots++;
        v->robots[i] = (struct ff_robot_count) { .agent = hit->agent };
        ff_index_add(&v->robot_index, hash, i);
    }
    v->robots[i].hits++;
    v->robots[i].page_views += hit->kind == FF_PAGE_VIEW;
    v->robots[i].bytes += hit->bytes;
    return FF_OK;
}

static enum ff_err add_human(struct ff_visitors *v, const struct ff_hit *hit,
                             struct ff_fault *fault)
{
    struct ff_event event, rider;
    make_events(v, hit, &event, &rider);
    struct ff_visitor *visitor = hit->has_client ? visitor_of(v, hit) : NULL;
    if (!visitor)
        return add_nobody(v, &event, hit, fault);
    if (!visitor->is_behaving) {
        const bool is_in_run =
            FF_EVENT_KIND(&event) == FF_EVENT_QUIET && extend_run(v, visitor, &event);
        if (!is_in_run && !append(v, visitor, &event))
            return add_nobody(v, &event, hit, fault);
        if (rider.kind_class)
            append(v, visitor, &rider);
    }
    visitor->hits++;
    visitor->bytes += hit->bytes;
    visitor->client_errors += hit->kind == FF_CLIENT_ERROR;
    visitor->fetched_robots_txt |= hit->is_robots_txt;
    note_language(visitor, hit, event.at);
    visitor->page_views += hit->kind == FF_PAGE_VIEW;
    if (hit->kind == FF_PAGE_VIEW && !visitor->is_behaving &&
        visitor->page_views % BEHAVING_CHECK == 0 &&
        ff_visits_longest(v, visitor) > FF_HUMAN_PAGE_VIEWS) {
        visitor->is_behaving = true;
        free_events(v, visitor);
    }
    return FF_OK;
}

enum ff_err ff_visitors_add(struct ff_visitors *v, const struct ff_hit *hit,
                            struct ff_fault *fault)
{
    switch (hit->kind) {
    case FF_LINE_MALFORMED:
        v->malformed += hit->lines;
        return FF_OK;
    case FF_LINE_BLANK:
        v->blank += hit->lines;
        return FF_OK;
    case FF_LINE_EXCLUDED:
        v->excluded += hit->lines;
        return FF_OK;
    default:
        break;
    }
    return hit->agent && hit->agent->robot != FF_HUMAN ? add_robot(v, hit, fault)
                                                       : add_human(v, hit, fault);
}
