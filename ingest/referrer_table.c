/* Looks hosts up: one pass from a host's end gives the hash of every suffix, so that a
 * look-up costs a probe for each label, whatever the size of the table. A second pass
 * does the same for hosts with their country's domain taken as "*". */
#include "referrer_table.h"

#include <assert.h>

/* More labels than any host of the table has; pack_referrers.py checks it. */
enum { LABELS = 9 };

static const struct ff_span any_country = { ".*", 2 };

static uint32_t hash_back(uint32_t hash, struct ff_span s)
{
    for (size_t i = s.len; i > 0; i--)
        hash = (hash ^ (unsigned char)s.data[i - 1]) * 16777619u;
    return hash;
}

static const uint32_t hash_start = 2166136261u;

/* Suffixes of a host that begin at a label, the shortest first. */
struct suffixes {
    size_t n;
    uint16_t starts[LABELS];
    uint32_t hashes[LABELS];
};

static void suffixes_of(struct ff_span s, uint32_t hash, struct suffixes *out)
{
    out->n = 0;
    for (size_t i = s.len; i > 0 && out->n < LABELS; i--) {
        hash = (hash ^ (unsigned char)s.data[i - 1]) * 16777619u;
        if (i == 1 || s.data[i - 2] == '.') {
            out->starts[out->n] = (uint16_t)(i - 1);
            out->hashes[out->n++] = hash;
        }
    }
}

/* Length of the country's domain with the dot before it: ".com", ".fr", ".co.uk",
 * ".com.au"; 0 if the host ends in none. */
static size_t country_len(struct ff_span host)
{
    if (ff_span_ends(host, FF_SPAN(".com")))
        return 4;
    if (host.len < 4 || host.data[host.len - 3] != '.')
        return ff_span_ends(host, FF_SPAN(".cat")) ? 4 : 0;
    const struct ff_span rest = { host.data, host.len - 3 };
    return ff_span_ends(rest, FF_SPAN(".co"))    ? 6
           : ff_span_ends(rest, FF_SPAN(".com")) ? 7
                                                 : 3;
}

/* "/cse" is where "/cse", "/cse/x" and "/cse?q=x" begin, but not "/csection". */
static bool path_begins(struct ff_span rest, const char *path, size_t path_len)
{
    if (path_len == 0)
        return true;
    if (!ff_span_starts(rest, (struct ff_span) { path, path_len }))
        return false;
    const char next = rest.len > path_len ? rest.data[path_len] : '/';
    return next == '/' || next == '?' || next == '#';
}

static const struct ff_referrer_rule *first_rule(uint32_t hash, struct ff_span name,
                                                 struct ff_span tail)
{
    const uint32_t mask = ff_referrer_host_slots_mask;
    for (uint32_t at = hash & mask; ff_referrer_host_slots[at]; at = (at + 1) & mask) {
        const struct ff_referrer_rule *rule =
            &ff_referrer_rules[ff_referrer_host_slots[at] - 1];
        if (rule->host_len == name.len + tail.len &&
            memcmp(rule->host, name.data, name.len) == 0 &&
            memcmp(rule->host + name.len, tail.data, tail.len) == 0)
            return rule;
    }
    return NULL;
}

static const struct ff_referrer_rule *fitting_rule(const struct ff_referrer_rule *rule,
                                                   bool is_whole, struct ff_span rest)
{
    while (rule) {
        if ((is_whole || rule->has_subdomains) &&
            path_begins(rest, rule->path, rule->path_len) &&
            (!rule->needs_parameter || ff_referrer_term(rule, rest).len))
            return rule;
        rule = rule->has_next ? rule + 1 : NULL;
    }
    return NULL;
}

/* The rule for the suffix number `i` of the host, with `tail` for what was cut off. */
static const struct ff_referrer_rule *suffix_rule(const struct suffixes *suffixes,
                                                  size_t i, struct ff_span host,
                                                  struct ff_span tail,
                                                  struct ff_span rest)
{
    if (i >= suffixes->n)
        return NULL;
    const struct ff_span name = ff_span_from(host, suffixes->starts[i]);
    return fitting_rule(first_rule(suffixes->hashes[i], name, tail),
                        suffixes->starts[i] == 0, rest);
}

const struct ff_referrer_rule *ff_referrer_rule_find(struct ff_span host,
                                                     struct ff_span rest)
{
    assert(host.len <= 253);
    if (ff_span_starts(host, FF_SPAN("www.")))
        host = ff_span_from(host, 4);
    const struct ff_span none = { "", 0 };
    const size_t country = country_len(host);
    const struct ff_span stem = { host.data, host.len - country };
    struct suffixes whole, stems = { .n = 0 };
    suffixes_of(host, hash_start, &whole);
    if (country)
        suffixes_of(stem, hash_back(hash_start, any_country), &stems);
    /* A host of the form "a.b.*" has one label or two fewer in its stem. */
    const size_t cut = country >= 6 ? 2 : 1;
    for (size_t i = whole.n; i > 0; i--) {
        const struct ff_referrer_rule *rule =
            suffix_rule(&whole, i - 1, host, none, rest);
        if (!rule && i > cut)
            rule = suffix_rule(&stems, i - 1 - cut, stem, any_country, rest);
        if (rule)
            return rule;
    }
    return NULL;
}

const struct ff_referrer_product *ff_referrer_name_find(struct ff_span name)
{
    char lower[64];
    if (name.len == 0 || name.len > sizeof lower)
        return NULL;
    for (size_t i = 0; i < name.len; i++) {
        const char c = name.data[i];
        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
    }
    const struct ff_span key = { lower, name.len };
    const uint32_t mask = ff_referrer_name_slots_mask;
    uint32_t at = hash_back(hash_start, key) & mask;
    for (; ff_referrer_name_slots[at]; at = (at + 1) & mask) {
        const struct ff_referrer_name *found =
            &ff_referrer_names[ff_referrer_name_slots[at] - 1];
        if (ff_span_equal(found->name, key))
            return &ff_referrer_products[found->product];
    }
    return NULL;
}

/* The value of the query's first parameter of that name that has one. */
static struct ff_span parameter(struct ff_span query, struct ff_span name)
{
    while (query.len) {
        const size_t end = ff_span_find(query, '&');
        const struct ff_span pair = { query.data, end };
        if (pair.len > name.len + 1 && pair.data[name.len] == '=' &&
            ff_span_starts(pair, name))
            return ff_span_from(pair, name.len + 1);
        query = ff_span_from(query, end + 1);
    }
    return query;
}

struct ff_span ff_referrer_term(const struct ff_referrer_rule *rule,
                                struct ff_span rest)
{
    const struct ff_span before = { rest.data, ff_span_find(rest, '#') };
    const struct ff_span query = ff_span_from(before, ff_span_find(before, '?') + 1);
    struct ff_span names = { rule->parameters, strlen(rule->parameters) };
    while (names.len) {
        const size_t end = ff_span_find(names, ',');
        const struct ff_span value =
            parameter(query, (struct ff_span) { names.data, end });
        if (value.len)
            return value;
        names = ff_span_from(names, end + 1);
    }
    return (struct ff_span) { "", 0 };
}
