/* What is released of some hundred random worlds, against plain_release.h: each hit is
 * given to the visitors in any order, and each thing that a table counts is marked down
 * as it is made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hand_period.h"
#include "hand_random.h"
#include "plain_release.h"

enum { MAX_HITS = 8192 };
static unsigned n_worlds = 300;

struct world {
    struct hand_random random;
    unsigned visitors, networks, n_pages;
    struct plain_marks tables[FF_TABLES];
    struct ff_hit hits[MAX_HITS];
    size_t n_hits;
    int visit;           /* number of the one being made */
    uint64_t n_networks; /* of those who have a visit */
    struct ff_totals totals;
    uint64_t human[FF_HUMAN_CLASSES];
};

static const char *const pages[] = {
    "/",         "/about",  "/blog/a", "/blog/b", "/blog/c/d", "/blog/*",
    "/docs/1",   "/docs/2", "/docs/",  "/shop/x", "/shop/y",   "/(invalid)",
    "(invalid)", "/docs/3", "/a b",    "/z/y/x",  "/blog/e",   "/q",
};
static const char *const terms[] = { "hats", "red hats", "", "shoes", "rare word" };
static const char *const files[] = { "/dl/a.pdf", "/dl/b.zip", "/c.pdf" };
static const struct ff_agent agents[] = {
    { .browser = { "Chrome 126", 10 },
      .system = { "Windows", 7 },
      .device = { "desktop", 7 } },
    { .browser = { "Chrome 125", 10 },
      .system = { "Android", 7 },
      .device = { "mobile", 6 } },
    { .browser = { "Chrome 9", 8 },
      .system = { "Windows", 7 },
      .device = { "desktop", 7 } },
    { .browser = { "Chrome", 6 },
      .system = { "Linux", 5 },
      .device = { "desktop", 7 } },
    { .browser = { "Lynx", 4 }, .system = { "Linux", 5 }, .device = { "other", 5 } },
    { .browser = { "(unknown)", 9 } },
};
static const struct ff_origin origins[] = {
    { .channel = FF_INTERNAL },
    { .channel = FF_SEARCH_ENGINE, .name = { "Google", 6 }, .term = { "hats", 4 } },
    { .channel = FF_SEARCH_ENGINE, .name = { "Bing", 4 } },
    { .channel = FF_SITE, .name = { "a.example", 9 } },
    { .channel = FF_SITE, .name = { "b.example", 9 } },
    { .channel = FF_SITE, .name = { "c.example", 9 } },
    { .channel = FF_CAMPAIGN, .name = { "(other)", 7 }, .medium = { "mail", 4 } },
    { .channel = FF_CAMPAIGN, .name = { "news", 4 }, .campaign = { "may", 3 } },
};
static const char *const channels[FF_CHANNELS] = {
    "direct",        "internal",       "campaign", "ai assistant",
    "search engine", "social network", "email",    "site",
};

/* One of n, the first ones much more often. */
static unsigned skewed(struct world *w, unsigned n)
{
    unsigned i = (unsigned)hand_below(&w->random, n);
    for (int again = (int)hand_below(&w->random, 3); again > 0; again--)
        i = (unsigned)hand_below(&w->random, i + 1);
    return i;
}

/* "/blog/x" as its section; what has none is itself. */
static void section_of(const char *path, char *out, size_t size)
{
    const char *slash = path[0] == '/' && path[1] ? strchr(path + 1, '/') : NULL;
    if (path[0] != '/' || !path[1])
        snprintf(out, size, "%s", path);
    else if (slash)
        snprintf(out, size, "%.*s/*", (int)(slash - path), path);
    else
        snprintf(out, size, "%s/*", path);
}

static bool looks_like_a_section(const char *path)
{
    return ff_span_ends(ff_span_of(path), FF_SPAN("/*"));
}

struct who {
    int visitor, network;
};

static struct plain_mark *mark(struct world *w, enum ff_table table, struct who who,
                               uint64_t m0, const char *key)
{
    struct plain_mark m = { .table = table,
                            .may_stand = true,
                            .visitor = who.visitor,
                            .network = who.network,
                            .visit = w->visit,
                            .m = { m0 } };
    snprintf(m.key, sizeof m.key, "%s", key);
    return plain_add(&w->tables[table], &m);
}

static struct plain_mark *mark_path(struct world *w, enum ff_table table,
                                    struct who who, const char *path)
{
    struct plain_mark *m = mark(w, table, who, 1, path);
    section_of(path, m->section, sizeof m->section);
    m->may_stand = !looks_like_a_section(path);
    if (strcmp(m->section, path) == 0 && m->may_stand)
        m->section[0] = '\0';
    return m;
}

static void mark_transition(struct world *w, struct who who, const char *from,
                            const char *to)
{
    char a[PLAIN_KEY / 2 - 1], b[PLAIN_KEY / 2 - 1], key[PLAIN_KEY];
    snprintf(key, sizeof key, "%s\1%s", from, to);
    struct plain_mark *m = mark(w, FF_TRANSITIONS, who, 1, key);
    section_of(from, a, sizeof a);
    section_of(to, b, sizeof b);
    snprintf(m->section, sizeof m->section, "%s\1%s", a, b);
    m->may_stand = !looks_like_a_section(from) && !looks_like_a_section(to);
    if (strcmp(m->section, m->key) == 0 && m->may_stand)
        m->section[0] = '\0';
}

static void mark_number(struct world *w, enum ff_table table, struct who who,
                        uint64_t m1, unsigned number)
{
    char key[16];
    snprintf(key, sizeof key, "%u", number);
    mark(w, table, who, 1, key)->m[1] = m1;
}

static struct ff_hit *give(struct world *w, struct ff_hit hit, struct who who)
{
    assert_true(w->n_hits < MAX_HITS);
    hit.order = w->n_hits;
    w->totals.bytes += hit.bytes;
    mark_number(w, FF_STATUSES, who, 0, hit.status);
    mark(w, FF_METHODS_TABLE, who, 1, hit.method == FF_GET ? "GET" : "POST");
    w->hits[w->n_hits] = hit;
    return &w->hits[w->n_hits++];
}

static void give_quiet(struct world *w, const struct ff_hit *like, struct who who,
                       uint32_t at)
{
    static const struct {
        enum ff_kind kind;
        uint16_t status;
        enum ff_human_class class;
    } kinds[] = { { FF_ASSET, 200, FF_CLASS_ASSETS },
                  { FF_REDIRECT, 302, FF_CLASS_REDIRECTS },
                  { FF_OTHER_OK, 204, FF_CLASS_OTHER_OK },
                  { FF_SERVER_ERROR, 500, FF_CLASS_SERVER_ERRORS },
                  { FF_CLIENT_ERROR, 404, FF_CLASS_CLIENT_ERRORS } };
    const unsigned i = skewed(w, 5);
    struct ff_hit hit = *like;
    hit.time = (int64_t)HAND_DAY * FF_DAY_SECONDS + at;
    hit.kind = (uint8_t)kinds[i].kind;
    hit.status = kinds[i].status;
    hit.method = i == 2 ? FF_POST : FF_GET;
    hit.key = FF_SPAN("");
    if (hit.status == 404) {
        const char *path = pages[skewed(w, w->n_pages)];
        hit.key = ff_span_of(path);
        mark_path(w, FF_NOT_FOUND, who, path);
    }
    w->human[kinds[i].class]++;
    give(w, hit, who);
}

/* What a visit is made of while it is made. */
struct visit {
    uint32_t start, at, first_page, last_page;
    unsigned n_pages, n_downloads, n_searches;
    const char *entry, *exit;
    const char *last_term;    /* of the page view just before, if it was a search */
    struct plain_mark search; /* the one that has no end yet; m[0] is 0: none */
    bool has_file[3];
    const struct ff_origin *origin;
    bool has_origin;
};

static void end_search(struct world *w, struct visit *v, int how)
{
    if (v->search.m[0]) {
        v->search.m[how] = 1;
        plain_add(&w->tables[FF_SITE_SEARCHES], &v->search);
    }
    v->search.m[0] = 0;
}

static void give_page(struct world *w, struct visit *v, const struct ff_hit *like,
                      struct who who)
{
    struct ff_hit hit = *like;
    const char *page = pages[skewed(w, w->n_pages)];
    hit.status = hand_below(&w->random, 8) ? 200 : 304;
    hit.bytes = hand_below(&w->random, 10000);
    hit.is_search = hand_below(&w->random, 4) == 0;
    const char *term = hit.is_search ? terms[skewed(w, 5)] : NULL;
    hit.term = ff_span_of(term ? term : "");
    hit.key = ff_span_of(page);
    hit.origin = v->origin;
    give(w, hit, who);
    mark_path(w, FF_PAGES, who, page);
    if (v->exit && strcmp(v->exit, page) != 0)
        mark_transition(w, who, v->exit, page);
    const bool is_paging = term && v->last_term && strcmp(term, v->last_term) == 0;
    if (!is_paging)
        end_search(w, v, term ? 3 : 1);
    if (term && !is_paging) {
        v->search = (struct plain_mark) { .table = FF_SITE_SEARCHES,
                                          .may_stand = *term != '\0',
                                          .visitor = who.visitor,
                                          .network = who.network,
                                          .visit = w->visit,
                                          .m = { 1 } };
        snprintf(v->search.key, PLAIN_KEY, "%s", term);
        v->n_searches++;
    }
    v->last_term = term;
    if (v->n_pages++ == 0) {
        v->entry = page;
        v->first_page = v->at;
    }
    v->last_page = v->at;
    v->exit = page;
    v->has_origin = true;
}

static void give_download(struct world *w, struct visit *v, const struct ff_hit *like,
                          struct who who)
{
    struct ff_hit hit = *like;
    const unsigned file = skewed(w, 3);
    hit.kind = FF_DOWNLOAD;
    hit.status = hand_below(&w->random, 2) ? 200 : 206;
    hit.bytes = hand_below(&w->random, 3) ? hand_below(&w->random, 1 << 20) : 0;
    hit.key = ff_span_of(files[file]);
    hit.origin = v->origin;
    give(w, hit, who);
    v->has_origin = true;
    w->human[v->has_file[file] ? FF_CLASS_DOWNLOAD_PARTS : FF_CLASS_DOWNLOADS]++;
    struct plain_marks *marks = &w->tables[FF_DOWNLOADS];
    struct plain_mark *m = NULL;
    for (size_t i = 0; v->has_file[file] && i < marks->n; i++)
        if (marks->items[i].visit == w->visit &&
            strcmp(marks->items[i].key, files[file]) == 0)
            m = &marks->items[i];
    if (!m) {
        m = mark_path(w, FF_DOWNLOADS, who, files[file]);
        v->n_downloads++;
    }
    v->has_file[file] = true;
    m->m[1] |= hit.status == 200;
    m->m[2] += hit.bytes;
}

static void mark_source(struct world *w, const struct visit *v, struct who who,
                        bool is_bounce)
{
    static const struct ff_origin direct = { .channel = FF_DIRECT };
    const struct ff_origin *o = v->origin ? v->origin : &direct;
    const char *name = o->name.len ? o->name.data : "";
    char key[PLAIN_KEY];
    snprintf(key, sizeof key, "%s\1%s", channels[o->channel], name);
    struct plain_mark *m = mark(w, FF_SOURCES, who, 1, key);
    m->m[1] = v->n_pages;
    m->m[2] = is_bounce;
    m->may_stand = strcmp(name, "(other)") != 0;
    if (o->channel != FF_DIRECT && o->channel != FF_INTERNAL)
        snprintf(m->section, sizeof m->section, "%s\1(other)", channels[o->channel]);
    if (o->term.len)
        mark(w, FF_EXTERNAL_SEARCHES, who, 1, o->term.data);
    if (o->channel == FF_CAMPAIGN) {
        snprintf(key, sizeof key, "%s\1%s\1%s", name,
                 o->medium.len ? o->medium.data : "",
                 o->campaign.len ? o->campaign.data : "");
        mark(w, FF_CAMPAIGNS, who, 1, key)->m[1] = is_bounce;
    }
}

static void mark_browser(struct world *w, const struct visit *v, struct who who,
                         const struct ff_agent *agent)
{
    const char *name = agent && agent->browser.len ? agent->browser.data : "(unknown)";
    struct plain_mark *m = mark(w, FF_BROWSERS, who, 1, name);
    const char *space = strrchr(name, ' ');
    m->m[1] = v->n_pages;
    m->may_stand = space != NULL;
    snprintf(m->section, sizeof m->section, "%.*s",
             space ? (int)(space - name) : (int)strlen(name), name);
}

static void mark_visit(struct world *w, struct visit *v, struct who who,
                       const struct ff_hit *like)
{
    const bool is_bounce = v->n_pages == 1 && !v->n_downloads && !v->n_searches;
    const struct ff_agent *a = like->agent;
    end_search(w, v, 2);
    if (v->n_pages) {
        mark_path(w, FF_ENTRY_PAGES, who, v->entry)->m[1] = is_bounce;
        mark_path(w, FF_EXIT_PAGES, who, v->exit);
        mark(w, FF_VISIT_DEPTH, who, 1,
             ff_depth_labels[v->n_pages > 9 ? 9 : v->n_pages - 1]);
    }
    if (v->n_pages > 1)
        mark(w, FF_VISIT_DURATION, who, 1,
             ff_duration_labels[ff_duration_bucket(v->last_page - v->first_page)]);
    mark_source(w, v, who, is_bounce);
    mark_browser(w, v, who, a);
    mark(w, FF_SYSTEMS, who, 1, a && a->system.len ? a->system.data : "(unknown)")
        ->m[1] = v->n_pages;
    mark(w, FF_DEVICES, who, 1, a && a->device.len ? a->device.data : "(unknown)")
        ->m[1] = v->n_pages;
    mark(w, FF_COUNTRIES, who, 1, like->country ? "DE" : "(unknown)")->m[1] =
        v->n_pages;
    mark(w, FF_LANGUAGES, who, 1, like->language ? "fr" : "(unknown)")->m[1] =
        v->n_pages;
    mark_number(w, FF_HOURS, who, v->n_pages, v->start / 3600);
    w->totals.visits++;
    w->totals.page_views += v->n_pages;
    w->human[FF_CLASS_PAGE_VIEWS] += v->n_pages;
    w->totals.bounces += is_bounce;
    w->totals.downloads += v->n_downloads;
    w->totals.site_searches += v->n_searches;
}

/* A visitor's visit: up to six hits a few seconds or minutes apart. */
static void make_visit(struct world *w, const struct ff_hit *visitor, struct who who,
                       uint32_t start)
{
    struct visit v = { .start = start, .at = start };
    const unsigned origin = skewed(w, 12);
    const unsigned n = 1 + skewed(w, 6);
    v.origin = origin % 3 == 0 || origin / 3 * 2 >= 8 ? NULL : &origins[skewed(w, 8)];
    struct ff_hit like = *visitor;
    for (unsigned i = 0; i < n || !v.has_origin; i++) {
        like.time = (int64_t)HAND_DAY * FF_DAY_SECONDS + v.at;
        const unsigned what = skewed(w, 10);
        if (what < 6)
            give_page(w, &v, &like, who);
        else if (what < 7)
            give_download(w, &v, &like, who);
        else
            give_quiet(w, &like, who, v.at);
        v.at += (uint32_t)hand_below(&w->random, 2) ? 5 : 400;
    }
    mark_visit(w, &v, who, &like);
    w->visit++;
}

static void make_visitor(struct world *w, unsigned i)
{
    const unsigned network = (unsigned)hand_below(&w->random, w->networks);
    struct ff_hit like = hand_hit(FF_PAGE_VIEW, "", 0);
    like.visitor = hand_token(i);
    like.net = hand_token(100000 + network);
    const unsigned agent = skewed(w, 7);
    like.agent = agent < 6 ? &agents[agent] : NULL;
    like.country = skewed(w, 3) ? FF_NO_CODE : FF_CODE('D', 'E');
    like.language = skewed(w, 4) ? FF_NO_CODE : FF_CODE('f', 'r');
    /* Some send a few quiet hits and are no visitors. */
    if (hand_below(&w->random, 12) == 0) {
        give_quiet(w, &like, (struct who) { PLAIN_NOBODY, 0 }, 100);
        return;
    }
    const struct who who = { (int)i, (int)network };
    for (unsigned n = 1 + skewed(w, 3), j = 0; j < n; j++)
        make_visit(w, &like, who, j * 20000 + (uint32_t)hand_below(&w->random, 9000));
    w->totals.visitors++;
}

static void make_nobody(struct world *w)
{
    const struct who who = { PLAIN_NOBODY, 0 };
    struct ff_hit hit = hand_hit(FF_PAGE_VIEW, pages[skewed(w, w->n_pages)], 50);
    hit.has_client = false;
    give_quiet(w, &hit, who, 60);
    hit.bytes = 7;
    give(w, hit, who);
    mark_path(w, FF_PAGES, who, hit.key.data);
    w->human[FF_CLASS_PAGE_VIEWS]++;
    w->totals.page_views++;
}

static void make_world(struct world *w, unsigned seed)
{
    memset(w, 0, sizeof *w);
    w->random.state = seed;
    w->visitors = 45 + (unsigned)hand_below(&w->random, 90);
    w->networks = 3 + (unsigned)hand_below(&w->random, 40);
    w->n_pages = 1 + (unsigned)hand_below(&w->random, sizeof pages / sizeof *pages);
    for (unsigned i = 0; i < w->visitors; i++)
        make_visitor(w, i);
    for (unsigned i = (unsigned)hand_below(&w->random, 20); i > 0; i--)
        make_nobody(w);
    for (size_t i = w->n_hits; i > 1; i--) {
        const size_t j = hand_below(&w->random, i);
        const struct ff_hit hit = w->hits[i - 1];
        w->hits[i - 1] = w->hits[j];
        w->hits[j] = hit;
    }
}

static struct ff_rollup *release_world(const struct world *w, enum ff_profile profile)
{
    struct hand_period p;
    struct ff_fault fault;
    hand_open_period(&p, FF_DAY, profile);
    assert_int_equal(ff_visitors_add(&p.visitors, w->hits, w->n_hits, &fault), FF_OK);
    return hand_release(&p);
}

static void row_key(const struct ff_row *row, unsigned parts, char key[PLAIN_KEY])
{
    size_t len = 0;
    for (unsigned i = 0; i < parts; i++)
        len += (size_t)snprintf(key + len, PLAIN_KEY - len, "%s%.*s", i ? "\1" : "",
                                (int)row->key[i].len, row->key[i].data);
}

/* A count as DESIGN 7 gives it to partners: the nearest multiple of 5. */
static uint64_t shown(enum ff_profile profile, uint64_t n)
{
    return profile == FF_PARTNER_PROFILE ? (n + 2) / 5 * 5 : n;
}

static void compare_row(const struct ff_row *row, enum ff_profile profile,
                        enum ff_table table, const struct plain_cell *want)
{
    const struct ff_table_info *info = &ff_table_infos[table];
    for (int i = 0, from = 0; i < info->n_measures; i++) {
        const bool is_bytes = strcmp(info->measures[i], "bytes") == 0;
        const bool is_visits = table == FF_PAGES && i == 1;
        const uint64_t value = i == info->visitors ? want->visitors
                               : is_visits         ? want->visits
                                                   : want->m[from];
        from += i != info->visitors && !is_visits;
        if (is_bytes && profile == FF_PARTNER_PROFILE)
            assert_int_equal(row->measures[i], 0);
        else
            assert_int_equal(row->measures[i], shown(profile, value));
    }
}

static void compare_table(const struct ff_rollup *rollup, enum ff_table table,
                          struct plain_marks *marks, unsigned seed)
{
    const struct ff_table_info *info = &ff_table_infos[table];
    const struct ff_table_data *data = &rollup->tables[table];
    const enum ff_profile profile = rollup->profile;
    const unsigned times = (profile == FF_PARTNER_PROFILE ? 2u : 1u) * info->threshold;
    const struct plain_limits least = { 10u * times, 5u * times };
    const bool stands = plain_release(marks, &least);
    if (data->is_present != stands)
        fail_msg("world %u: %s is %s", seed, info->name, stands ? "absent" : "there");
    if (!stands)
        return;
    char(*rows)[PLAIN_KEY + 2], (*sections)[PLAIN_KEY + 2];
    const size_t n_rows = plain_places(marks, 'R', &rows);
    const size_t n_sections = plain_places(marks, 'S', &sections);
    if (data->n_rows != n_rows + n_sections)
        fail_msg("world %u: %s has %zu rows, not %zu", seed, info->name, data->n_rows,
                 n_rows + n_sections);
    uint64_t total = 0;
    for (size_t i = 0; i < data->n_rows; i++) {
        char key[PLAIN_KEY], place[PLAIN_KEY + 2];
        row_key(&data->rows[i], info->key_parts, key);
        snprintf(place, sizeof place, "R%s", key);
        struct plain_cell cell = plain_count(marks, place);
        if (!cell.m[0]) {
            place[0] = 'S';
            cell = plain_count(marks, place);
        }
        compare_row(&data->rows[i], profile, table, &cell);
        total += shown(profile, cell.m[0]);
    }
    const struct plain_cell other = plain_count(marks, "O");
    assert_int_equal(data->other, shown(profile, other.m[0]));
    assert_int_equal(data->total, total + shown(profile, other.m[0]));
    free(rows);
    free(sections);
}

static void check_order(const struct ff_rollup *rollup)
{
    for (int t = 0; t < FF_TABLES; t++)
        for (size_t i = 1; i < rollup->tables[t].n_rows; i++) {
            const struct ff_row *a = &rollup->tables[t].rows[i - 1], *b = a + 1;
            char x[PLAIN_KEY], y[PLAIN_KEY];
            row_key(a, FF_KEY_PARTS, x);
            row_key(b, FF_KEY_PARTS, y);
            assert_true(a->measures[0] > b->measures[0] ||
                        (a->measures[0] == b->measures[0] && strcmp(x, y) < 0));
        }
}

static void compare_sums(const struct ff_rollup *rollup, const struct world *w,
                         bool has_totals)
{
    const enum ff_profile p = rollup->profile;
    const struct ff_totals *have = &rollup->totals, *want = &w->totals;
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        assert_int_equal(rollup->reconciliation.human[i], shown(p, w->human[i]));
    assert_int_equal(rollup->has_totals, has_totals);
    if (!has_totals)
        return;
    assert_int_equal(have->visitors, shown(p, want->visitors));
    assert_int_equal(have->visits, shown(p, want->visits));
    assert_int_equal(have->page_views, shown(p, want->page_views));
    assert_int_equal(have->bounces, shown(p, want->bounces));
    assert_int_equal(have->downloads, shown(p, want->downloads));
    assert_int_equal(have->site_searches, shown(p, want->site_searches));
    assert_int_equal(have->bytes, p == FF_PARTNER_PROFILE ? 0 : want->bytes);
}

/* Whether it has tables. */
static bool compare(struct world *w, enum ff_profile profile, unsigned seed)
{
    const bool is_partner = profile == FF_PARTNER_PROFILE;
    const bool has_totals = w->totals.visitors >= (is_partner ? 20 : 10) &&
                            w->n_networks >= (is_partner ? 10 : 5);
    const bool has_tables = has_totals && w->totals.visitors >= (is_partner ? 100 : 50);
    struct ff_rollup *rollup = release_world(w, profile);
    compare_sums(rollup, w, has_totals);
    check_order(rollup);
    for (int t = 0; t < FF_TABLES; t++) {
        const bool is_internal = t == FF_NOT_FOUND || t == FF_RESPONSE_TIMES;
        if (ff_table_infos[t].threshold == 0)
            assert_int_equal(rollup->tables[t].n_rows, 0);
        else if (has_tables && !(is_partner && is_internal))
            compare_table(rollup, (enum ff_table)t, &w->tables[t], seed);
        else
            assert_false(rollup->tables[t].is_present);
    }
    ff_rollup_destroy(rollup);
    return has_tables;
}

static void worlds_are_as_plain_release_has_them(void **state)
{
    (void)state;
    static struct world w;
    unsigned with_tables = 0, for_partners = 0;
    for (unsigned seed = 1; seed <= n_worlds; seed++) {
        make_world(&w, seed);
        w.n_networks = plain_count(&w.tables[FF_SOURCES], "").networks;
        with_tables += compare(&w, FF_INTERNAL_PROFILE, seed);
        for_partners += compare(&w, FF_PARTNER_PROFILE, seed);
        for (int t = 0; t < FF_TABLES; t++)
            free(w.tables[t].items);
    }
    assert_in_range(with_tables, n_worlds / 2, n_worlds - 1);
    assert_in_range(for_partners, n_worlds / 8, n_worlds - 1);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "many") == 0)
        n_worlds = 1000;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worlds_are_as_plain_release_has_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
