#include "tally.h"

#include "pages.h"

/* So many visitors ahead a member is read, then its record, then its events. */
#define MEMBERS_AHEAD 32
#define RECORD_AHEAD  16
#define EVENTS_AHEAD  8
/* Of most visitors it is all events: four to a cache line. */
#define MOST_AHEAD  24
#define LINE_EVENTS 4
/* So many transitions ahead a cell is read, and its slot when the ring has room. */
#define CELLS_AHEAD 16

enum ff_err ff_tally_init(struct ff_tally *t, const struct ff_crowd *crowd,
                          struct ff_keys *keys,
                          const struct ff_threshold least[FF_TABLES], size_t most_bytes,
                          struct ff_fault *fault)
{
    /* Sixteenths for the tables that strangers can fill. */
    static const uint8_t shares[FF_TABLES] = {
        [FF_PAGES] = 2,     [FF_ENTRY_PAGES] = 2,   [FF_EXIT_PAGES] = 2,
        [FF_DOWNLOADS] = 1, [FF_SITE_SEARCHES] = 1, [FF_EXTERNAL_SEARCHES] = 1,
        [FF_SOURCES] = 1,   [FF_CAMPAIGNS] = 1,     [FF_TRANSITIONS] = 4,
        [FF_NOT_FOUND] = 1,
    };
    bool is_done = true;
    *t = (struct ff_tally) { .crowd = crowd, .keys = keys };
    for (int i = 0; i < FF_TABLES; i++) {
        is_done &= ff_cells_init(&t->tables[i], keys, (enum ff_table)i, least[i]);
        t->tables[i].starts = &t->starts;
        if (shares[i])
            t->tables[i].most_bytes = most_bytes / 16 * shares[i];
    }
    return is_done ? FF_OK : ff_fault_nomem(fault);
}

void ff_tally_clear(struct ff_tally *t)
{
    for (int i = 0; i < FF_TABLES; i++)
        ff_cells_clear(&t->tables[i]);
    ff_pages_free(t->starts.items, t->starts.cap * sizeof *t->starts.items);
    ff_walk_clear(&t->walk);
    *t = (struct ff_tally) { 0 };
}

static bool is_out_of_memory(const struct ff_tally *t)
{
    bool is_out = t->is_out_of_memory;
    for (int i = 0; i < FF_TABLES; i++)
        is_out |= t->tables[i].is_out_of_memory;
    return is_out;
}

static inline uint32_t count(struct ff_tally *t, enum ff_table table, uint64_t key,
                             uint64_t n)
{
    return ff_cells_count(&t->tables[table], t->who, key, n);
}

/* Gives the measures behind the first, of a table that has any. */
static inline uint64_t *count_more(struct ff_tally *t, enum ff_table table,
                                   uint64_t key, uint64_t n)
{
    const uint32_t i = count(t, table, key, n);
    return t->tables[table].more[i];
}

/* ---- visits ---- */

static void tally_search(struct ff_tally *t, const struct ff_visit *v, uint32_t i)
{
    uint64_t *more = count_more(t, FF_SITE_SEARCHES, v->pages[i].term, 1);
    const enum ff_search_end end = ff_visit_search_end(v, i);
    more[0] += end == FF_SEARCH_CLICK;
    more[1] += end == FF_SEARCH_EXIT;
    more[2] += end == FF_SEARCH_REFINED;
}

static bool is_transition(const struct ff_visit *v, uint32_t i)
{
    return i && v->pages[i].page != v->pages[i - 1].page;
}

static uint64_t transition(const struct ff_visit *v, uint32_t i)
{
    return ff_key_pair(v->pages[i - 1].page, v->pages[i].page);
}

/* ---- transitions ---- */

/* That table is the only one too large for the processor's nearer caches. So each
 * transition waits until some more have come: by then its slot has been read ahead, and
 * then its cell. The order stays. */

static void count_waiting(struct ff_tally *t)
{
    const struct ff_waiting *w = &t->waiting[t->n_waited++ % FF_WAITING];
    (void)ff_cells_count_hashed(&t->tables[FF_TRANSITIONS], &w->now, w->key, w->hash,
                                1);
}

static void add_transition(struct ff_tally *t, uint64_t key)
{
    const struct ff_cells *cells = &t->tables[FF_TRANSITIONS];
    if (t->n_waiting - t->n_waited == FF_WAITING)
        count_waiting(t);
    const uint32_t hash = ff_cells_hash(cells, key);
    t->waiting[t->n_waiting % FF_WAITING] = (struct ff_waiting) { key, hash, t->now };
    t->n_waiting++;
    ff_cells_foresee_slot(cells, hash);
    if (t->n_waiting - t->n_waited > CELLS_AHEAD)
        ff_cells_foresee_cell(
            cells, t->waiting[(t->n_waited + CELLS_AHEAD) % FF_WAITING].hash);
}

static void end_waiting(struct ff_tally *t)
{
    while (t->n_waited != t->n_waiting)
        count_waiting(t);
}

static void tally_pages(struct ff_tally *t, const struct ff_visit *v, bool is_bounce)
{
    const struct ff_visit_page *p = v->pages;
    for (uint32_t i = 0; i < v->n_pages; i++) {
        count(t, FF_PAGES, p[i].page, 1);
        if (is_transition(v, i))
            add_transition(t, transition(v, i));
        if (v->n_searches && ff_visit_is_search(v, i))
            tally_search(t, v, i);
    }
    if (v->n_pages == 0)
        return;
    count_more(t, FF_ENTRY_PAGES, p[0].page, 1)[0] += is_bounce;
    count(t, FF_EXIT_PAGES, p[v->n_pages - 1].page, 1);
    count(t, FF_VISIT_DEPTH, ff_depth_bucket(v->n_pages), 1);
    if (v->n_pages > 1)
        count(t, FF_VISIT_DURATION, ff_duration_bucket(p[v->n_pages - 1].at - p[0].at),
              1);
}

static void tally_downloads(struct ff_tally *t, const struct ff_visit *v)
{
    for (uint32_t i = 0; i < v->n_downloads; i++) {
        uint64_t *more = count_more(t, FF_DOWNLOADS, v->downloads[i].path, 1);
        more[0] += v->downloads[i].is_whole;
        more[1] += v->downloads[i].bytes;
    }
}

static void tally_origin(struct ff_tally *t, const struct ff_visit *v, bool is_bounce)
{
    const struct ff_origin_keys *o = &t->keys->origins[v->origin];
    uint64_t *more = count_more(t, FF_SOURCES, o->source, 1);
    more[0] += v->n_pages;
    more[1] += is_bounce;
    if (o->term)
        count(t, FF_EXTERNAL_SEARCHES, o->term, 1);
    if (o->channel == FF_CAMPAIGN)
        count_more(t, FF_CAMPAIGNS, o->campaign, 1)[0] += is_bounce;
}

/* Hour of the zone's day, 0 to 23. */
static uint64_t hour_of(const struct ff_visitors *v, uint32_t at)
{
    const int64_t time = v->from + at;
    const int64_t local = time + ff_zone_east(v->zone, time);
    return (uint64_t)(local - (int64_t)ff_day_of_time(local) * FF_DAY_SECONDS) / 3600;
}

/* What is the same in all of a visitor's visits. */
static void tally_who(struct ff_tally *t, const struct ff_visitor *who, uint64_t visits,
                      uint64_t page_views)
{
    const struct ff_agent_keys *agent = &t->keys->agents[who->agent];
    count_more(t, FF_COUNTRIES, who->country, visits)[0] += page_views;
    count_more(t, FF_LANGUAGES, who->language, visits)[0] += page_views;
    count_more(t, FF_BROWSERS, agent->browser, visits)[0] += page_views;
    count_more(t, FF_SYSTEMS, agent->system, visits)[0] += page_views;
    count_more(t, FF_DEVICES, agent->device, visits)[0] += page_views;
}

static void count_totals(struct ff_tally *t, const struct ff_visit *v, bool is_bounce)
{
    t->totals.visits++;
    t->totals.page_views += v->n_pages;
    t->totals.bounces += is_bounce;
    t->totals.downloads += v->n_downloads;
    t->totals.site_searches += v->n_searches;
    uint64_t *human = t->reconciliation.human;
    human[FF_CLASS_PAGE_VIEWS] += v->n_pages;
    human[FF_CLASS_DOWNLOADS] += v->n_downloads;
    human[FF_CLASS_DOWNLOAD_PARTS] += v->n_download_hits - v->n_downloads;
}

/* The goals that the visit reaches, a bit each. */
static uint32_t goals_of(const struct ff_tally *t, const struct ff_visit *v)
{
    uint32_t reached = 0;
    if (!t->keys->reached)
        return 0;
    for (uint32_t i = 0; i < v->n_pages; i++)
        reached |= t->keys->reached[v->pages[i].page];
    for (uint32_t i = 0; i < v->n_downloads; i++)
        reached |= t->keys->reached[v->downloads[i].path];
    return reached;
}

static void tally_visit(struct ff_tally *t, const struct ff_visit *v)
{
    const uint32_t goals = goals_of(t, v);
    const bool is_bounce =
        v->n_pages == 1 && v->n_downloads == 0 && v->n_searches == 0 && !goals;
    t->now.visit++;
    for (uint32_t rest = goals; rest; rest &= rest - 1)
        count(t, FF_GOALS, (uint64_t)__builtin_ctz(rest), 1);
    count_totals(t, v, is_bounce);
    tally_downloads(t, v);
    tally_origin(t, v, is_bounce);
    count_more(t, FF_HOURS, hour_of(t->crowd->parts[0], v->start), 1)[0] += v->n_pages;
    tally_pages(t, v, is_bounce);
}

/* ---- hits ---- */

/* The reconciliation's class of a kind of hit; page views and downloads of visitors are
 * counted by visit instead. */
static enum ff_human_class human_class(enum ff_kind kind)
{
    static const enum ff_human_class classes[FF_KINDS] = {
        [FF_PAGE_VIEW] = FF_CLASS_PAGE_VIEWS,
        [FF_ASSET] = FF_CLASS_ASSETS,
        [FF_DOWNLOAD] = FF_CLASS_OTHER_OK,
        [FF_OTHER_OK] = FF_CLASS_OTHER_OK,
        [FF_REDIRECT] = FF_CLASS_REDIRECTS,
        [FF_CLIENT_ERROR] = FF_CLASS_CLIENT_ERRORS,
        [FF_SERVER_ERROR] = FF_CLASS_SERVER_ERRORS,
    };
    return classes[kind];
}

/* The tables of single hits. */
static void tally_hits(struct ff_tally *t, uint32_t class, uint64_t hits)
{
    count(t, FF_STATUSES, FF_CLASS_STATUS(class), hits);
    count(t, FF_METHODS_TABLE, FF_CLASS_METHOD(class), hits);
    if (FF_CLASS_RESPONSE(class))
        count(t, FF_RESPONSE_TIMES, FF_CLASS_RESPONSE(class) - 1, hits);
}

static void tally_events(struct ff_tally *t)
{
    const struct ff_look *look = &t->walk.look;
    for (uint32_t i = 1; i < look->n_classes; i++)
        tally_hits(t, look->classes[i].class, look->classes[i].hits);
    for (int kind = 0; kind < FF_EVENT_KINDS; kind++)
        t->hits[kind] += look->hits[kind];
    if (look->hits[FF_EVENT_NOT_FOUND] == 0)
        return;
    for (uint32_t i = 0; i < t->walk.n; i++)
        if (ff_event_kind(&t->walk.events[i]) == FF_EVENT_NOT_FOUND)
            count(t, FF_NOT_FOUND, ff_event_key(&t->walk.events[i]), 1);
}

/* Once for all visitors of a share. */
static void reconcile_hits(struct ff_tally *t)
{
    for (int kind = FF_EVENT_NOT_FOUND; kind < FF_EVENT_RIDER; kind++)
        t->reconciliation
            .human[human_class(ff_event_hit_kind((enum ff_event_kind)kind))] +=
            t->hits[kind];
    memset(t->hits, 0, sizeof t->hits);
}

static void tally_nobody(struct ff_tally *t, const struct ff_sums *sums)
{
    t->who = NULL;
    for (uint32_t i = 0; i < sums->n_nobody; i++) {
        const struct ff_nobody_count *c = &sums->nobody[i];
        const enum ff_event_kind kind = FF_KIND_CLASS_KIND(c->kind_class);
        tally_hits(t, FF_KIND_CLASS_CLASS(c->kind_class), c->hits);
        if (kind == FF_EVENT_PAGE)
            count(t, FF_PAGES, c->key, c->hits);
        if (kind == FF_EVENT_NOT_FOUND)
            count(t, FF_NOT_FOUND, c->key, c->hits);
        t->reconciliation.human[human_class(ff_event_hit_kind(kind))] += c->hits;
        if (kind == FF_EVENT_PAGE)
            t->totals.page_views += c->hits;
    }
    t->totals.bytes += sums->nobody_bytes;
}

/* Robots by name: a closed list, so without thresholds. */
static void count_robot(struct ff_tally *t, enum ff_table table, uint32_t name,
                        const struct ff_robot_count *robot)
{
    t->is_out_of_memory |= name == 0;
    uint64_t *more = count_more(t, table, name, robot->hits);
    more[0] += robot->page_views;
    more[1] += robot->bytes;
}

static void tally_robots(struct ff_tally *t, const struct ff_sums *sums)
{
    static const char *const found[FF_FOUND_ROBOTS] = {
        [FF_FOUND_SCANNER] = "(scanner)",
        [FF_FOUND_ROBOTS_TXT] = "(robots.txt)",
        [FF_FOUND_BEHAVING] = "(1,000 pages)",
    };
    t->who = NULL;
    for (int i = 0; i < FF_FOUND_ROBOTS; i++) {
        const enum ff_robot robot =
            i == FF_FOUND_SCANNER ? FF_ROBOT_SCANNER : FF_ROBOT_BEHAVING;
        t->reconciliation.robots[robot] += t->found[i].hits;
        if (t->found[i].hits)
            count_robot(t, FF_ROBOTS_TABLE,
                        ff_keys_robot(t->keys, ff_span_of(found[i])), &t->found[i]);
    }
    for (uint32_t i = 0; i < sums->n_robots; i++) {
        const struct ff_robot_count *r = &sums->robots[i];
        t->reconciliation.robots[r->agent->robot] += r->hits;
        count_robot(t, FF_ROBOTS_TABLE, ff_keys_robot(t->keys, r->agent->name), r);
        if (r->agent->robot == FF_ROBOT_AI)
            count_robot(t, FF_AI_CRAWLERS, ff_keys_ai_crawler(t->keys, r->agent), r);
    }
}

enum ff_err ff_tally_add_sums(struct ff_tally *t, const struct ff_sums *sums,
                              struct ff_fault *fault)
{
    tally_robots(t, sums);
    tally_nobody(t, sums);
    t->reconciliation.malformed = sums->malformed;
    t->reconciliation.excluded = sums->excluded;
    t->reconciliation.blank = sums->blank;
    return is_out_of_memory(t) ? ff_fault_nomem(fault) : FF_OK;
}

/* ---- visitors ---- */

static bool has_long_visit(struct ff_walk *walk)
{
    struct ff_visit visit;
    while (ff_walk_next(walk, &visit))
        if (visit.n_pages > FF_HUMAN_PAGE_VIEWS)
            return true;
    walk->at = 0;
    return false;
}

/* What a visitor turns out to be at the close; FF_FOUND_ROBOTS for a human. */
static enum ff_found_robot classify(struct ff_tally *t, const struct ff_visitor *who,
                                    const struct ff_events_sum *sum)
{
    if (sum->page_views == 0 && sum->client_errors >= FF_SCANNER_ERRORS)
        return FF_FOUND_SCANNER;
    if (who->fetched_robots_txt)
        return FF_FOUND_ROBOTS_TXT;
    const bool is_behaving = who->is_freed || (sum->page_views > FF_HUMAN_PAGE_VIEWS &&
                                               has_long_visit(&t->walk));
    return is_behaving ? FF_FOUND_BEHAVING : FF_FOUND_ROBOTS;
}

/* Adds what another part has of the visitor. */
static void join_records(struct ff_visitor *who, const struct ff_visitor *other,
                         const struct ff_translation *words)
{
    if (!who->agent)
        who->agent = words ? words->agents[other->agent] : other->agent;
    if (!who->country)
        who->country = other->country;
    who->bytes += other->bytes;
    who->fetched_robots_txt |= other->fetched_robots_txt;
    who->is_freed |= other->is_freed;
    const bool is_earlier = other->language_at != who->language_at
                                ? other->language_at < who->language_at
                                : other->language_order < who->language_order;
    if (other->language && (!who->language || is_earlier)) {
        who->language = other->language;
        who->language_at = other->language_at;
        who->language_order = other->language_order;
    }
}

/* The visitor whose records are the `n` from `member` on: who it is, and its events in
 * order. Hits and page views of events that were freed go into *sum. */
static bool gather(struct ff_tally *t, const struct ff_member *member, uint32_t n,
                   struct ff_visitor *who, struct ff_events_sum *sum)
{
    const struct ff_visitor *only = ff_member_record(member);
    const bool is_whole = n == 1 && ff_member_part(member) == 0;
    *who = (struct ff_visitor) { 0 };
    *sum = (struct ff_events_sum) { 0 };
    if (!is_whole)
        ff_walk_renew(&t->walk);
    for (uint32_t i = 0; i < n; i++) {
        const size_t part = ff_member_part(&member[i]);
        const struct ff_visitor *record = ff_member_record(&member[i]);
        const struct ff_translation *words =
            part ? &t->crowd->translations[part] : NULL;
        join_records(who, record, words);
        if (record->is_freed) {
            sum->hits += record->n_events;
            sum->page_views += record->page_views;
            /* Without a page it was freed for its errors. */
            sum->client_errors += record->page_views ? 0 : record->n_events;
        } else if (!is_whole &&
                   !ff_walk_gather(&t->walk, record->events, record->n_events, words)) {
            return false;
        }
    }
    const uint32_t timeout = t->crowd->parts[0]->visit_timeout;
    return is_whole ? ff_walk_begin(&t->walk, only->events,
                                    only->is_freed ? 0 : only->n_events, timeout)
                    : ff_walk_begin_own(&t->walk, timeout);
}

/* The visits of a visitor, if it has any, and of its network, are numbered from here.
 */
static void note_start(struct ff_tally *t)
{
    t->now.visitor = ++t->now.visit;
    if (t->is_new_network)
        t->now.network = t->now.visitor;
    t->networks += t->is_new_network;
    struct ff_starts *starts = &t->starts;
    if (starts->n == starts->cap) {
        const uint32_t cap = starts->cap ? starts->cap * 2 : 256;
        struct ff_start *items = ff_pages_resize(
            starts->items, starts->cap * sizeof *items, cap * sizeof *items);
        if (!items) {
            t->is_out_of_memory = true;
            return;
        }
        starts->items = items;
        starts->cap = cap;
    }
    starts->items[starts->n++] =
        (struct ff_start) { t->now.visit, t->is_new_network & 1u };
    t->is_new_network = false;
}

static bool tally_visitor(struct ff_tally *t, const struct ff_member *member,
                          uint32_t n)
{
    struct ff_visitor who;
    struct ff_events_sum freed;
    if (!gather(t, member, n, &who, &freed))
        return false;
    struct ff_events_sum sum = ff_walk_sum(&t->walk);
    sum.hits += freed.hits;
    sum.page_views += freed.page_views;
    sum.client_errors += freed.client_errors;
    const enum ff_found_robot robot = classify(t, &who, &sum);
    if (robot != FF_FOUND_ROBOTS) {
        t->found[robot].hits += sum.hits;
        t->found[robot].page_views += sum.page_views;
        t->found[robot].bytes += who.bytes;
        return true;
    }
    t->who = sum.has_visit ? &t->now : NULL;
    if (sum.has_visit)
        note_start(t);
    tally_events(t);
    const uint64_t visits = t->totals.visits, page_views = t->totals.page_views;
    struct ff_visit visit;
    while (ff_walk_next(&t->walk, &visit))
        tally_visit(t, &visit);
    if (sum.has_visit)
        tally_who(t, &who, t->totals.visits - visits,
                  t->totals.page_views - page_views);
    t->totals.visitors += sum.has_visit;
    t->totals.bytes += who.bytes;
    return true;
}

/* Has the records that come next read ahead, and their events. Inlined: gcc takes a
 * function that only reads ahead for one that does nothing, and drops its calls. */
static inline __attribute__((always_inline)) void
foresee(const struct ff_member *members, uint32_t i, uint32_t to)
{
    if (i + MEMBERS_AHEAD >= to)
        return;
    __builtin_prefetch(&members[i + MEMBERS_AHEAD]);
    __builtin_prefetch(ff_member_record(&members[i + RECORD_AHEAD]));
    const struct ff_visitor *next = ff_member_record(&members[i + EVENTS_AHEAD]);
    if (!next->events)
        return;
    for (uint32_t e = 0; e < next->n_events && e < MOST_AHEAD; e += LINE_EVENTS)
        __builtin_prefetch(next->events + e);
}

enum ff_err ff_tally_walk(struct ff_tally *t, uint32_t from, uint32_t to,
                          struct ff_fault *fault)
{
    const struct ff_member *m = t->crowd->members;
    ff_crowd_group(t->crowd, from, to);
    for (uint32_t i = from, n; i < to; i += n) {
        foresee(m, i, to);
        for (n = 1; i + n < to && ff_member_is_same(&m[i], &m[i + n]); n++)
            foresee(m, i + n, to);
        if (i == from || m[i].net != m[i - 1].net)
            t->is_new_network = true;
        if (!tally_visitor(t, &m[i], n))
            return ff_fault_nomem(fault);
    }
    end_waiting(t);
    reconcile_hits(t);
    return is_out_of_memory(t) ? ff_fault_nomem(fault) : FF_OK;
}

/* ---- joining ---- */

static void add_totals(struct ff_totals *a, const struct ff_totals *b)
{
    a->visitors += b->visitors;
    a->visits += b->visits;
    a->page_views += b->page_views;
    a->bounces += b->bounces;
    a->downloads += b->downloads;
    a->site_searches += b->site_searches;
    a->bytes += b->bytes;
}

/* Adds a table; marks are of the sum's cells then. */
static bool join_table(struct ff_cells *into, struct ff_cells *from)
{
    uint32_t *places = malloc(from->n * sizeof *places);
    if (!places)
        return false;
    into->most_bytes = SIZE_MAX;
    into->is_full = false;
    ff_cells_join(into, from, places);
    for (uint32_t i = 0; i < from->n_marks; i++)
        from->marks[i].cell = places[from->marks[i].cell];
    free(places);
    ff_cells_keep_marks(from);
    return true;
}

enum ff_err ff_tally_join(struct ff_tally *into, struct ff_tally *from,
                          struct ff_fault *fault)
{
    for (int i = 0; i < FF_TABLES; i++)
        if (!join_table(&into->tables[i], &from->tables[i]))
            return ff_fault_nomem(fault);
    add_totals(&into->totals, &from->totals);
    into->networks += from->networks;
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        into->reconciliation.human[i] += from->reconciliation.human[i];
    for (int i = 0; i < FF_FOUND_ROBOTS; i++) {
        into->found[i].hits += from->found[i].hits;
        into->found[i].page_views += from->found[i].page_views;
        into->found[i].bytes += from->found[i].bytes;
    }
    return is_out_of_memory(into) ? ff_fault_nomem(fault) : FF_OK;
}
