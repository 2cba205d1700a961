/* One open-addressed table a tool, from the hash of a visitor and its day or month to
 * the time that the tool's visits are measured from. A tool that compares the time of
 * pages only does so here too. */
#include "peers.h"

#include <sodium.h>
#include <stdlib.h>

#include "rules.h"

#define FIRST_SLOTS 1024

struct slot {
    uint64_t hash; /* 0: free */
    int64_t last;  /* of the last page; NEVER before one */
};
#define NEVER INT64_MIN

struct table {
    struct slot *slots;
    size_t n, cap; /* cap is a power of two, three quarters of it are used */
};

struct ff_peers {
    const struct ff_secret *secret;
    const struct ff_zone *zone;
    size_t most;
    struct table tables[FF_PEERS];
    struct ff_peer_count counts[FF_PEERS];
};

enum ff_err ff_peers_create(struct ff_peers **out, const struct ff_secret *secret,
                            const struct ff_zone *zone, size_t most,
                            struct ff_fault *fault)
{
    *out = NULL;
    struct ff_peers *peers = calloc(1, sizeof *peers);
    if (!peers)
        return ff_fault_nomem(fault);
    peers->secret = secret;
    peers->zone = zone;
    peers->most = most;
    *out = peers;
    return FF_OK;
}

static void clear(struct table *table)
{
    if (table->slots)
        sodium_memzero(table->slots, table->cap * sizeof *table->slots);
    free(table->slots);
}

void ff_peers_destroy(struct ff_peers *peers)
{
    if (!peers)
        return;
    for (int i = 0; i < FF_PEERS; i++)
        clear(&peers->tables[i]);
    free(peers);
}

const struct ff_peer_count *ff_peers_counts(const struct ff_peers *peers)
{
    return peers->counts;
}

/* The slot of that hash, or the free one where it belongs. */
static struct slot *place_of(const struct table *table, uint64_t hash)
{
    size_t i = hash & (table->cap - 1);
    while (table->slots[i].hash && table->slots[i].hash != hash)
        i = (i + 1) & (table->cap - 1);
    return &table->slots[i];
}

static enum ff_err grow(struct table *table, struct ff_fault *fault)
{
    struct table larger = { .n = table->n,
                            .cap = table->cap ? table->cap * 2 : FIRST_SLOTS };
    larger.slots = calloc(larger.cap, sizeof *larger.slots);
    if (!larger.slots)
        return ff_fault_nomem(fault);
    for (size_t i = 0; i < table->cap; i++)
        if (table->slots[i].hash)
            *place_of(&larger, table->slots[i].hash) = table->slots[i];
    clear(table);
    *table = larger;
    return FF_OK;
}

/* The visitor's slot; *out is NULL at the bound. */
static enum ff_err find_visitor(struct ff_peers *peers, enum ff_peer peer,
                                uint64_t hash, struct slot **out,
                                struct ff_fault *fault)
{
    struct table *table = &peers->tables[peer];
    if (table->n >= table->cap / 4 * 3)
        FF_TRY(grow(table, fault));
    *out = place_of(table, hash);
    if ((*out)->hash)
        return FF_OK;
    if (table->n == peers->most) {
        peers->counts[peer].is_capped = true;
        *out = NULL;
        return FF_OK;
    }
    **out = (struct slot) { .hash = hash, .last = NEVER };
    table->n++;
    peers->counts[peer].visitors++;
    return FF_OK;
}

/* One line as all tools see it. */
struct sight {
    uint64_t client, agent; /* keyed hashes */
    int64_t local;          /* seconds since 1970 by the log's own clock */
    int64_t time;
    struct ff_span extension; /* "html"; what AWStats and Webalizer tell pages by */
    struct ff_span path;
    bool is_robot;
};

/* A visitor is the client, perhaps the agent, and the span it is counted in. */
static uint64_t visitor_hash(const struct ff_peers *peers, const struct sight *s,
                             bool has_agent, int32_t span)
{
    uint64_t parts[3] = { s->client, has_agent ? s->agent : 0,
                          (uint64_t)(uint32_t)span };
    const uint64_t hash =
        ff_hash(peers->secret, (struct ff_span) { (const char *)parts, sizeof parts });
    return hash ? hash : 1;
}

static int32_t month_of(int64_t local)
{
    return ff_period_start(FF_MONTH, ff_day_of_time(local));
}

/* What is behind the last dot of the path's last segment; empty without one. */
static struct ff_span extension_of(struct ff_span path)
{
    for (size_t i = path.len; i-- > 0;) {
        if (path.data[i] == '/')
            break;
        if (path.data[i] == '.')
            return ff_span_from(path, i + 1);
    }
    return (struct ff_span) { "", 0 };
}

/* ---- GoAccess: all but client errors ---- */

static enum ff_err add_goaccess(struct ff_peers *peers, const struct sight *s,
                                unsigned status, struct ff_fault *fault)
{
    struct slot *slot;
    if (status / 100 == 4)
        return FF_OK;
    return find_visitor(peers, FF_PEER_GOACCESS,
                        visitor_hash(peers, s, true, ff_day_of_time(s->local)), &slot,
                        fault);
}

/* ---- AWStats: pages by humans ---- */

/* NotPageList of its sample configuration, and the kinds of files in its mime.pm that
 * are no page. */
static bool is_awstats_page(const struct sight *s)
{
    static const struct ff_span others[] = { { "css", 3 }, { "js", 2 },  { "class", 5 },
                                             { "rss", 3 }, { "xml", 3 }, { "swf", 3 },
                                             { "txt", 3 }, { "log", 3 } };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (ff_span_equal_nocase(s->extension, others[i]))
            return false;
    return !ff_rules_have(FF_RULES_ASSETS, s->extension) &&
           !ff_rules_have(FF_RULES_DOWNLOADS, s->extension);
}

/* It adds 10000 to a number like 20260302235000, which is an hour, but never reaches
 * the next day: a visit over midnight is two. */
static enum ff_err add_awstats(struct ff_peers *peers, const struct sight *s,
                               unsigned status, struct ff_fault *fault)
{
    struct slot *slot;
    const bool is_valid = status == 200 || status == 304;
    if (s->is_robot || !is_valid || !is_awstats_page(s) ||
        ff_span_equal_nocase(s->path, FF_SPAN("/robots.txt")))
        return FF_OK;
    FF_TRY(find_visitor(peers, FF_PEER_AWSTATS,
                        visitor_hash(peers, s, false, month_of(s->local)), &slot,
                        fault));
    if (!slot)
        return FF_OK;
    const int64_t last = slot->last;
    if (last == NEVER || s->local > last + 3600 ||
        ff_day_of_time(s->local) > ff_day_of_time(last))
        peers->counts[FF_PEER_AWSTATS].visits++;
    if (last == NEVER || s->local > last)
        slot->last = s->local;
    return FF_OK;
}

/* ---- Webalizer: everything is a visitor, pages begin visits ---- */

/* The PageType of Debian's configuration; a path that ends in "/" or has no dot at all
 * is a page, whatever its status. Case counts. */
static bool is_webalizer_page(const struct sight *s)
{
    const struct ff_span path = s->path;
    size_t dot = path.len;
    while (dot > 0 && path.data[dot - 1] != '.')
        dot--;
    if (dot == 0 || path.data[path.len - 1] == '/')
        return true;
    const struct ff_span end = ff_span_from(path, dot);
    return ff_span_starts(end, FF_SPAN("htm")) || ff_span_equal(end, FF_SPAN("cgi")) ||
           ff_span_equal(end, FF_SPAN("php")) || ff_span_equal(end, FF_SPAN("php3"));
}

static enum ff_err add_webalizer(struct ff_peers *peers, const struct sight *s,
                                 struct ff_fault *fault)
{
    struct slot *slot;
    FF_TRY(find_visitor(peers, FF_PEER_WEBALIZER,
                        visitor_hash(peers, s, false, month_of(s->local)), &slot,
                        fault));
    if (!slot || !is_webalizer_page(s))
        return FF_OK;
    if (slot->last == NEVER || s->local - slot->last >= 1800)
        peers->counts[FF_PEER_WEBALIZER].visits++;
    slot->last = s->local;
    return FF_OK;
}

/* ---- Matomo's log import: what is no asset, error or redirect, by humans ---- */

static enum ff_err add_matomo(struct ff_peers *peers, const struct sight *s,
                              const struct ff_hit *hit, struct ff_fault *fault)
{
    struct slot *slot;
    const bool is_action = hit->kind == FF_PAGE_VIEW || hit->kind == FF_DOWNLOAD ||
                           hit->kind == FF_OTHER_OK;
    if (s->is_robot || !is_action)
        return FF_OK;
    const int32_t day = ff_zone_day(peers->zone, s->time);
    FF_TRY(find_visitor(peers, FF_PEER_MATOMO, visitor_hash(peers, s, true, day), &slot,
                        fault));
    if (!slot)
        return FF_OK;
    if (slot->last == NEVER || s->time - slot->last > 1800)
        peers->counts[FF_PEER_MATOMO].visits++;
    if (slot->last == NEVER || s->time > slot->last)
        slot->last = s->time;
    return FF_OK;
}

enum ff_err ff_peers_add(struct ff_peers *peers, const struct ff_record *record,
                         const struct ff_hit *hit, struct ff_fault *fault)
{
    struct sight s = { .client = ff_hash(peers->secret, record->client),
                       .agent = ff_hash(peers->secret, record->agent),
                       .time = record->time,
                       .local = record->time + record->east,
                       .is_robot = hit->agent && hit->agent->robot != FF_HUMAN };
    s.path = record->target;
    for (size_t i = 0; i < s.path.len; i++)
        if (s.path.data[i] == '?' || s.path.data[i] == '#')
            s.path.len = i;
    s.extension = extension_of(s.path);
    FF_TRY(add_goaccess(peers, &s, record->status, fault));
    FF_TRY(add_awstats(peers, &s, record->status, fault));
    FF_TRY(add_webalizer(peers, &s, fault));
    return add_matomo(peers, &s, hit, fault);
}
