#include "tally.h"

/* A robot by its errors (DESIGN 1). */
#define SCANNER_ERRORS 20

enum ff_err ff_tally_init(struct ff_tally *t, struct ff_visitors *visitors,
                          struct ff_fault *fault)
{
    *t = (struct ff_tally) { .visitors = visitors };
    ff_names_init(&t->names, visitors->secret, visitors->cap_bytes);
    ff_names_init(&t->campaigns, visitors->secret, visitors->cap_bytes);
    for (int i = 0; i < FF_TABLES; i++) {
        struct ff_cells *cells = &t->tables[i];
        cells->cap = 64;
        cells->cells = calloc(cells->cap, sizeof *cells->cells);
        if (!cells->cells)
            return ff_fault_nomem(fault);
        cells->n = 1; /* other */
    }
    t->by_network = malloc((visitors->n + 1) * sizeof *t->by_network);
    return t->by_network ? FF_OK : ff_fault_nomem(fault);
}

void ff_tally_clear(struct ff_tally *t)
{
    for (int i = 0; i < FF_TABLES; i++) {
        free(t->tables[i].cells);
        ff_index_clear(&t->tables[i].index);
    }
    free(t->by_network);
    ff_names_clear(&t->names);
    ff_names_clear(&t->campaigns);
    ff_walk_clear(&t->walk);
    *t = (struct ff_tally) { 0 };
}

uint32_t ff_tally_cell(struct ff_tally *t, enum ff_table table, uint64_t key)
{
    struct ff_cells *cells = &t->tables[table];
    const uint64_t hash = ff_hash_number(t->visitors->secret, key);
    uint32_t i, probe = 0;
    while ((i = ff_index_next(&cells->index, hash, &probe)) != FF_INDEX_NONE)
        if (cells->cells[i].key == key)
            return i;
    if (cells->n == cells->cap) {
        struct ff_cell *grown =
            realloc(cells->cells, (size_t)cells->cap * 2 * sizeof *grown);
        if (grown) {
            cells->cells = grown;
            cells->cap *= 2;
        }
    }
    if (cells->n == cells->cap || !ff_index_reserve(&cells->index)) {
        t->is_out_of_memory = true;
        return FF_CELL_OTHER;
    }
    cells->cells[cells->n] = (struct ff_cell) { .key = key, .target = cells->n };
    ff_index_add(&cells->index, hash, cells->n);
    return cells->n++;
}

/* The cell that this pass counts `raw` into; NULL if it counts it not at all. */
static struct ff_cell *counted(const struct ff_tally *t, const struct ff_cells *cells,
                               uint32_t raw)
{
    if (t->pass == FF_PASS_CELLS)
        return &cells->cells[raw];
    uint32_t target = cells->cells[raw].target;
    if (target == raw)
        return NULL;
    if (t->pass == FF_PASS_OTHER)
        target = cells->cells[target].target; /* a section that failed is in other */
    const bool is_other = target == FF_CELL_OTHER;
    return is_other == (t->pass == FF_PASS_OTHER) ? &cells->cells[target] : NULL;
}

/* Counts into the cell of `key`, for the visitor, network and visit of the stamps. */
static void add(struct ff_tally *t, enum ff_table table, uint64_t key, uint64_t m0,
                uint64_t m1, uint64_t m2, uint64_t m3)
{
    if (!(t->mask >> table & 1))
        return;
    struct ff_cell *cell = counted(t, &t->tables[table], ff_tally_cell(t, table, key));
    if (!cell)
        return;
    cell->measures[0] += m0;
    cell->measures[1] += m1;
    cell->measures[2] += m2;
    cell->measures[3] += m3;
    if (!t->is_visitor)
        return;
    if (table == FF_PAGES && cell->seen_visit != t->visit) {
        cell->seen_visit = t->visit;
        cell->measures[1]++;
    }
    if (cell->seen_visitor != t->visitor) {
        cell->seen_visitor = t->visitor;
        cell->visitors++;
    }
    if (cell->seen_network != t->network) {
        cell->seen_network = t->network;
        cell->networks++;
    }
}

static uint64_t pair(uint32_t a, uint32_t b)
{
    return (uint64_t)a << 32 | b;
}

static void tally_pages(struct ff_tally *t, const struct ff_visit *v, bool is_bounce)
{
    const struct ff_visit_page *p = v->pages;
    for (uint32_t i = 0; i < v->n_pages; i++) {
        add(t, FF_PAGES, p[i].page, 1, 0, 0, 0);
        if (i && p[i].page != p[i - 1].page)
            add(t, FF_TRANSITIONS, pair(p[i - 1].page, p[i].page), 1, 0, 0, 0);
        if (!ff_visit_is_search(v, i))
            continue;
        const enum ff_search_end end = ff_visit_search_end(v, i);
        add(t, FF_SITE_SEARCHES, p[i].term, 1, end == FF_SEARCH_CLICK,
            end == FF_SEARCH_EXIT, end == FF_SEARCH_REFINED);
    }
    if (v->n_pages == 0)
        return;
    add(t, FF_ENTRY_PAGES, p[0].page, 1, is_bounce, 0, 0);
    add(t, FF_EXIT_PAGES, p[v->n_pages - 1].page, 1, 0, 0, 0);
    add(t, FF_VISIT_DEPTH, ff_depth_bucket(v->n_pages), 1, 0, 0, 0);
    if (v->n_pages > 1)
        add(t, FF_VISIT_DURATION, ff_duration_bucket(p[v->n_pages - 1].at - p[0].at), 1,
            0, 0, 0);
}

static void tally_origin(struct ff_tally *t, const struct ff_visit *v, bool is_bounce)
{
    const struct ff_origin_ids o = ff_visitors_origin(t->visitors, v->origin);
    add(t, FF_SOURCES, pair(o.channel, o.name), 1, v->n_pages, is_bounce, 0);
    if (o.term)
        add(t, FF_EXTERNAL_SEARCHES, o.term, 1, 0, 0, 0);
    if (o.channel != FF_CAMPAIGN)
        return;
    const uint32_t parts[FF_KEY_PARTS] = { o.name, o.medium, o.campaign };
    const struct ff_span bytes = { (const char *)parts, sizeof parts };
    add(t, FF_CAMPAIGNS, ff_names_id(&t->campaigns, bytes), 1, is_bounce, 0, 0);
}

/* The number of a name of a closed list: all of them have room. */
static uint32_t name_id(struct ff_tally *t, struct ff_span name)
{
    const uint32_t id = ff_names_id(&t->names, name);
    t->is_out_of_memory |= id == 0;
    return id;
}

static uint32_t name_or_unknown(struct ff_tally *t, struct ff_span name)
{
    return name_id(t, name.len ? name : FF_SPAN("(unknown)"));
}

/* Hour of the zone's day, 0 to 23. */
static uint64_t hour_of(const struct ff_visitors *v, uint32_t at)
{
    const int64_t time = v->from + at;
    const int64_t local = time + ff_zone_east(v->zone, time);
    return (uint64_t)(local - (int64_t)ff_day_of_time(local) * FF_DAY_SECONDS) / 3600;
}

static void tally_who(struct ff_tally *t, const struct ff_visitor *who,
                      const struct ff_visit *v)
{
    static const struct ff_agent none = { 0 };
    const struct ff_agent *agent = who->agent ? who->agent : &none;
    const uint64_t n = v->n_pages;
    add(t, FF_COUNTRIES, who->country, 1, n, 0, 0);
    add(t, FF_LANGUAGES, who->language, 1, n, 0, 0);
    add(t, FF_BROWSERS, name_or_unknown(t, agent->browser), 1, n, 0, 0);
    add(t, FF_SYSTEMS, name_or_unknown(t, agent->system), 1, n, 0, 0);
    add(t, FF_DEVICES, name_or_unknown(t, agent->device), 1, n, 0, 0);
    add(t, FF_HOURS, hour_of(t->visitors, v->start), 1, n, 0, 0);
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

static void tally_visit(struct ff_tally *t, const struct ff_visitor *who,
                        const struct ff_visit *v)
{
    const bool is_bounce = v->n_pages == 1 && v->n_downloads == 0 && v->n_searches == 0;
    t->visit++;
    if (t->pass == FF_PASS_CELLS)
        count_totals(t, v, is_bounce);
    tally_pages(t, v, is_bounce);
    for (uint32_t i = 0; i < v->n_downloads; i++)
        add(t, FF_DOWNLOADS, v->downloads[i].path, 1, v->downloads[i].is_whole,
            v->downloads[i].bytes, 0);
    tally_origin(t, v, is_bounce);
    tally_who(t, who, v);
}

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
    add(t, FF_STATUSES, FF_CLASS_STATUS(class), hits, 0, 0, 0);
    add(t, FF_METHODS_TABLE, FF_CLASS_METHOD(class), hits, 0, 0, 0);
    if (FF_CLASS_RESPONSE(class))
        add(t, FF_RESPONSE_TIMES, FF_CLASS_RESPONSE(class) - 1, hits, 0, 0, 0);
}

static void tally_events(struct ff_tally *t)
{
    for (uint32_t i = 0; i < t->walk.n; i++) {
        const struct ff_event *e = &t->walk.events[i];
        const enum ff_event_kind kind = FF_EVENT_KIND(e);
        if (kind == FF_EVENT_TERM || kind == FF_EVENT_BYTES)
            continue;
        const uint32_t class = FF_EVENT_CLASS(e);
        const uint64_t hits = kind == FF_EVENT_QUIET ? e->key : 1;
        tally_hits(t, class, hits);
        if (kind == FF_EVENT_NOT_FOUND)
            add(t, FF_NOT_FOUND, e->key, 1, 0, 0, 0);
        if (t->pass == FF_PASS_CELLS && kind != FF_EVENT_PAGE &&
            kind != FF_EVENT_DOWNLOAD)
            t->reconciliation.human[human_class(FF_CLASS_KIND(class))] += hits;
    }
}

static void tally_nobody(struct ff_tally *t)
{
    t->is_visitor = false;
    for (uint32_t i = 0; i < t->visitors->n_nobody; i++) {
        const struct ff_nobody_count *c = &t->visitors->nobody[i];
        const uint32_t class = FF_EVENT_CLASS(c);
        tally_hits(t, class, c->hits);
        if (FF_EVENT_KIND(c) == FF_EVENT_PAGE)
            add(t, FF_PAGES, c->key, c->hits, 0, 0, 0);
        if (FF_EVENT_KIND(c) == FF_EVENT_NOT_FOUND)
            add(t, FF_NOT_FOUND, c->key, c->hits, 0, 0, 0);
        if (t->pass != FF_PASS_CELLS)
            continue;
        t->reconciliation.human[human_class(FF_CLASS_KIND(class))] += c->hits;
        if (FF_EVENT_KIND(c) == FF_EVENT_PAGE)
            t->totals.page_views += c->hits;
    }
    if (t->pass == FF_PASS_CELLS)
        t->totals.bytes += t->visitors->nobody_bytes;
}

/* Robots by name: a closed list, so without thresholds. */
static void count_robot(struct ff_tally *t, enum ff_table table, struct ff_span name,
                        const uint64_t counts[3])
{
    const uint32_t at = ff_tally_cell(t, table, name_id(t, name));
    for (int i = 0; i < 3; i++)
        t->tables[table].cells[at].measures[i] += counts[i];
}

static void tally_declared(struct ff_tally *t)
{
    for (uint32_t i = 0; i < t->visitors->n_robots; i++) {
        const struct ff_robot_count *r = &t->visitors->robots[i];
        const uint64_t counts[3] = { r->hits, r->page_views, r->bytes };
        t->reconciliation.robots[r->agent->robot] += r->hits;
        count_robot(t, FF_ROBOTS_TABLE, r->agent->name, counts);
        if (r->agent->robot != FF_ROBOT_AI)
            continue;
        /* Name, operator and purpose are one key of three parts. */
        const uint32_t parts[FF_KEY_PARTS] = {
            name_id(t, r->agent->name),
            name_id(t, r->agent->run_by),
            name_id(t, r->agent->purpose),
        };
        count_robot(t, FF_AI_CRAWLERS,
                    (struct ff_span) { (const char *)parts, sizeof parts }, counts);
    }
}

/* What a visitor turns out to be at the close, and if it has a visit. The walk is
 * begun. */
static enum ff_robot classify(struct ff_tally *t, const struct ff_visitor *who,
                              const char **name)
{
    struct ff_visit visit;
    t->is_visitor = false;
    if (who->page_views == 0 && who->client_errors >= SCANNER_ERRORS) {
        *name = "(scanner)";
        return FF_ROBOT_SCANNER;
    }
    if (who->fetched_robots_txt) {
        *name = "(robots.txt)";
        return FF_ROBOT_BEHAVING;
    }
    *name = "(1,000 pages)";
    if (who->is_behaving)
        return FF_ROBOT_BEHAVING;
    while (ff_walk_next(&t->walk, &visit)) {
        t->is_visitor = true;
        if (visit.n_pages > FF_HUMAN_PAGE_VIEWS)
            return FF_ROBOT_BEHAVING;
    }
    return FF_HUMAN;
}

static enum ff_err tally_visitor(struct ff_tally *t, const struct ff_visitor *who,
                                 struct ff_fault *fault)
{
    struct ff_visit visit;
    const char *name;
    if (!ff_walk_begin(&t->walk, t->visitors, who))
        return ff_fault_nomem(fault);
    const enum ff_robot robot = classify(t, who, &name);
    if (robot != FF_HUMAN) {
        if (t->pass == FF_PASS_CELLS) {
            const uint64_t counts[3] = { who->hits, who->page_views, who->bytes };
            t->reconciliation.robots[robot] += who->hits;
            count_robot(t, FF_ROBOTS_TABLE, ff_span_of(name), counts);
        }
        return FF_OK;
    }
    t->visitor++;
    tally_events(t);
    t->walk.at = 0;
    while (ff_walk_next(&t->walk, &visit))
        tally_visit(t, who, &visit);
    if (t->pass == FF_PASS_CELLS) {
        t->totals.visitors += t->is_visitor;
        t->totals.bytes += who->bytes;
        if (t->is_visitor && t->seen_network != t->network) {
            t->seen_network = t->network;
            t->networks++;
        }
    }
    return FF_OK;
}

static int by_network(const void *a, const void *b, void *visitors)
{
    const struct ff_visitor *all = visitors;
    const uint64_t x = all[*(const uint32_t *)a].net, y = all[*(const uint32_t *)b].net;
    return (x > y) - (x < y);
}

static void group_by_network(struct ff_tally *t)
{
    for (uint32_t i = 0; i < t->visitors->n; i++)
        t->by_network[i] = i;
    qsort_r(t->by_network, t->visitors->n, sizeof *t->by_network, by_network,
            t->visitors->visitors);
}

/* Counts begin at zero: so do the stamps that say who was counted last. */
static void forget_stamps(struct ff_tally *t)
{
    for (int table = 0; table < FF_TABLES; table++)
        for (uint32_t i = 0; i < t->tables[table].n; i++) {
            struct ff_cell *c = &t->tables[table].cells[i];
            c->seen_visitor = c->seen_network = c->seen_visit = 0;
        }
    t->visitor = t->network = t->visit = 0;
}

enum ff_err ff_tally_walk(struct ff_tally *t, enum ff_pass pass, uint32_t mask,
                          struct ff_fault *fault)
{
    const struct ff_visitors *v = t->visitors;
    t->pass = pass;
    t->mask = mask;
    forget_stamps(t);
    if (pass == FF_PASS_CELLS) {
        group_by_network(t);
        tally_declared(t);
        t->reconciliation.malformed = v->malformed;
        t->reconciliation.excluded = v->excluded;
        t->reconciliation.blank = v->blank;
    }
    tally_nobody(t);
    for (uint32_t i = 0; i < v->n; i++) {
        const struct ff_visitor *who = &v->visitors[t->by_network[i]];
        if (i == 0 || who->net != v->visitors[t->by_network[i - 1]].net)
            t->network++;
        FF_TRY(tally_visitor(t, who, fault));
    }
    return t->is_out_of_memory ? ff_fault_nomem(fault) : FF_OK;
}
