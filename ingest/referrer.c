/* A referrer becomes a name that many share: a product, a registrable domain, or a word
 * in parentheses. Host names of people's own pages and private networks, addresses,
 * paths and queries end here; only a search engine's term goes on, to be judged by
 * ff_page_term. */
#include "referrer.h"

#include <assert.h>

#include "address.h"
#include "domain.h"
#include "referrer_table.h"

enum { HOST_MAX = 253, LABEL_MAX = 63, TERM_MAX = 1024 };

struct ff_referrers {
    struct ff_domains *domains;
    /* Sorted, in lower case and without "www."; the names lie behind the spans. */
    struct ff_span *own;
    size_t n_own;
};

enum scheme { SCHEME_OTHER, SCHEME_WEB, SCHEME_APP };

/* Parts of a URL; `authority` still has user and port. */
struct url {
    enum scheme scheme;
    struct ff_span authority;
    struct ff_span rest; /* path, query and fragment */
};

/* clang-format off */
static const struct {
    struct ff_span prefix;
    enum scheme scheme;
} schemes[] = {
    { { "https://", 8 }, SCHEME_WEB },
    { { "http://", 7 }, SCHEME_WEB },
    { { "//", 2 }, SCHEME_WEB },
    { { "android-app://", 14 }, SCHEME_APP },
    { { "ios-app://", 10 }, SCHEME_APP },
};

/* Names that no public registry gives out (RFC 2606, 6761, 6762, 8375, and ICANN's
 * "internal"), or that private networks use all the same; arpa names hold addresses. */
static const struct ff_span private_suffixes[] = {
    { ".local", 6 }, { ".internal", 9 }, { ".corp", 5 }, { ".lan", 4 }, { ".home", 5 },
    { ".arpa", 5 }, { ".localhost", 10 }, { ".localdomain", 12 }, { ".test", 5 },
    { ".intranet", 9 }, { ".private", 8 },
};
/* clang-format on */

static struct ff_span without_www(struct ff_span host)
{
    return ff_span_starts(host, FF_SPAN("www.")) ? ff_span_from(host, 4) : host;
}

static struct url url_split(struct ff_span text)
{
    struct url url = { .scheme = SCHEME_OTHER };
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        const struct ff_span prefix = schemes[i].prefix;
        if (text.len < prefix.len ||
            !ff_span_equal_nocase((struct ff_span) { text.data, prefix.len }, prefix))
            continue;
        url.scheme = schemes[i].scheme;
        url.authority = url.rest = ff_span_from(text, prefix.len);
        size_t n = 0;
        while (n < url.rest.len && !memchr("/?#", url.rest.data[n], 3))
            n++;
        url.authority.len = n;
        url.rest = ff_span_from(url.rest, n);
        break;
    }
    return url;
}

/* The host within an authority: user, port and the root's dot are cut off. Empty if the
 * port is none. */
static struct ff_span host_of(struct ff_span authority)
{
    struct ff_span host = authority;
    for (size_t i = host.len; i > 0; i--) {
        if (host.data[i - 1] == '@') {
            host = ff_span_from(host, i);
            break;
        }
    }
    const size_t bracket =
        ff_span_starts(host, FF_SPAN("[")) ? ff_span_find(host, ']') : 0;
    const size_t colon = bracket + ff_span_find(ff_span_from(host, bracket), ':');
    for (size_t i = colon + 1; i < host.len; i++)
        if (host.data[i] < '0' || host.data[i] > '9')
            return (struct ff_span) { "", 0 };
    host.len = colon < host.len ? colon : host.len;
    if (host.len && host.data[host.len - 1] == '.')
        host.len--;
    return host;
}

/* The host in lower case, ended by a NUL, or 0: too long, empty or long labels, other
 * bytes than letters, digits, "-", "_" and "."; or an IPv6 address, in brackets. */
static size_t host_lower(struct ff_span host, char out[static HOST_MAX + 1])
{
    const bool is_literal = ff_span_starts(host, FF_SPAN("["));
    if (host.len == 0 || host.len > HOST_MAX ||
        (is_literal && ff_address_read(host).kind == FF_CLIENT_BAD))
        return 0;
    size_t label = 0;
    for (size_t i = 0; i < host.len; i++) {
        const char c = host.data[i];
        const bool is_upper = c >= 'A' && c <= 'Z';
        out[i] = is_upper ? (char)(c | 32) : c;
        if (is_literal)
            continue;
        const bool is_digit = c >= '0' && c <= '9';
        const bool is_letter = is_upper || (c >= 'a' && c <= 'z');
        const bool is_fit = is_letter || is_digit || c == '-' || c == '_';
        if (c == '.' ? label == 0 : !is_fit || label == LABEL_MAX)
            return 0;
        label = c == '.' ? 0 : label + 1;
    }
    out[host.len] = '\0';
    return is_literal || label ? host.len : 0;
}

size_t ff_referrer_host(struct ff_span url, char host[static 254])
{
    const struct url parts = url_split(url);
    return parts.scheme == SCHEME_WEB ? host_lower(host_of(parts.authority), host) : 0;
}

static struct ff_span last_label(struct ff_span host)
{
    size_t i = host.len;
    while (i > 0 && host.data[i - 1] != '.')
        i--;
    return ff_span_from(host, i);
}

/* What browsers take for an address: in brackets, or the last label is a number. */
static bool is_address(struct ff_span host)
{
    const struct ff_span label = last_label(host);
    const bool is_hex = ff_span_starts(label, FF_SPAN("0x"));
    if (host.data[0] == '[')
        return true;
    for (size_t i = is_hex ? 2 : 0; i < label.len; i++) {
        const char c = label.data[i];
        if (!(c >= '0' && c <= '9') && !(is_hex && c >= 'a' && c <= 'f'))
            return false;
    }
    return true;
}

static bool is_private(struct ff_span host)
{
    if (ff_span_find(host, '.') == host.len)
        return true;
    for (size_t i = 0; i < sizeof private_suffixes / sizeof *private_suffixes; i++)
        if (ff_span_ends(host, private_suffixes[i]))
            return true;
    return false;
}

/* A registrable domain is letters, digits and hyphens within labels; "_" and the rest
 * occur further left only. */
static bool is_domain(struct ff_span domain)
{
    for (size_t i = 0; i < domain.len; i++) {
        const char c = domain.data[i];
        const bool at_edge = i == 0 || i + 1 == domain.len ||
                             domain.data[i - 1] == '.' || domain.data[i + 1] == '.';
        if (c == '_' || (c == '-' && at_edge))
            return false;
    }
    return true;
}

static int order(const void *a, const void *b)
{
    return ff_span_compare(*(const struct ff_span *)a, *(const struct ff_span *)b);
}

static bool is_own(const struct ff_referrers *referrers, struct ff_span host)
{
    const struct ff_span name = without_www(host);
    return referrers->n_own && bsearch(&name, referrers->own, referrers->n_own,
                                       sizeof *referrers->own, order);
}

/* Copies the term that a search engine's URL carries. One that is longer than TERM_MAX
 * could not be counted anyhow. */
static enum ff_err product_origin(const struct ff_referrer_rule *rule,
                                  struct ff_span rest, struct ff_arena *arena,
                                  struct ff_origin *out, struct ff_fault *fault)
{
    out->channel = ff_referrer_products[rule->product].channel;
    out->name = ff_referrer_products[rule->product].name;
    if (out->channel != FF_SEARCH_ENGINE)
        return FF_OK;
    const struct ff_span term = ff_referrer_term(rule, rest);
    if (term.len == 0 || term.len > TERM_MAX)
        return FF_OK;
    out->term = ff_arena_copy(arena, term);
    return out->term.data ? FF_OK : ff_fault_nomem(fault);
}

static enum ff_err site_origin(const struct ff_referrers *referrers,
                               struct ff_span host, struct ff_arena *arena,
                               struct ff_origin *out, struct ff_fault *fault)
{
    const struct ff_span domain = ff_domain_of(referrers->domains, host);
    out->name = is_domain(domain) ? ff_arena_copy(arena, domain) : FF_SPAN("(invalid)");
    return out->name.data ? FF_OK : ff_fault_nomem(fault);
}

/* The word in parentheses for what cannot be a host in the table, or nothing. */
static struct ff_span word_for(enum scheme scheme, struct ff_span host)
{
    if (host.len == 0)
        return scheme == SCHEME_APP ? FF_SPAN("(app)") : FF_SPAN("(invalid)");
    if (scheme == SCHEME_WEB && is_address(host))
        return FF_SPAN("(ip)");
    if (scheme == SCHEME_WEB && is_private(host))
        return FF_SPAN("(private)");
    return (struct ff_span) { "", 0 };
}

enum ff_err ff_referrer_read(const struct ff_referrers *referrers,
                             struct ff_span referrer, struct ff_arena *arena,
                             struct ff_origin *out, struct ff_fault *fault)
{
    *out = (struct ff_origin) { .channel = FF_DIRECT };
    if (referrer.len == 0 || ff_span_equal(referrer, FF_SPAN("-")))
        return FF_OK;

    const struct url url = url_split(referrer);
    char lower[HOST_MAX + 1];
    const size_t len =
        url.scheme == SCHEME_OTHER ? 0 : host_lower(host_of(url.authority), lower);
    const struct ff_span host = { lower, len };
    const bool is_web = url.scheme == SCHEME_WEB;
    if (is_web && len && is_own(referrers, host)) {
        out->channel = FF_INTERNAL;
        return FF_OK;
    }
    out->channel = FF_SITE;
    out->name = word_for(url.scheme, host);
    if (out->name.len)
        return FF_OK;
    const struct ff_referrer_rule *rule = ff_referrer_rule_find(host, url.rest);
    if (rule)
        return product_origin(rule, url.rest, arena, out, fault);
    if (is_web)
        return site_origin(referrers, host, arena, out, fault);
    out->name = FF_SPAN("(app)");
    return FF_OK;
}

bool ff_referrer_product(const struct ff_referrers *referrers, struct ff_span source,
                         enum ff_channel *channel, struct ff_span *name)
{
    (void)referrers;
    const struct ff_referrer_product *product = ff_referrer_name_find(source);
    char lower[HOST_MAX + 1];
    const size_t len = product ? 0 : host_lower(source, lower);
    const struct ff_span host = { lower, len }, rest = { "", 0 };
    if (len && !is_address(host) && !is_private(host)) {
        const struct ff_referrer_rule *rule = ff_referrer_rule_find(host, rest);
        product = rule ? &ff_referrer_products[rule->product] : NULL;
    }
    if (!product)
        return false;
    *channel = product->channel;
    *name = product->name;
    return true;
}

/* Names of hosts that are none are left out: no referrer can have them. */
static bool copy_own(struct ff_referrers *referrers, const struct ff_span *hosts,
                     size_t n_hosts)
{
    referrers->own =
        (struct ff_span *)malloc(n_hosts * (sizeof *referrers->own + HOST_MAX + 1));
    if (!referrers->own)
        return false;
    char *names = (char *)(referrers->own + n_hosts);
    for (size_t i = 0; i < n_hosts; i++) {
        char *const name = names + i * (HOST_MAX + 1);
        const size_t len = host_lower(host_of(hosts[i]), name);
        if (len)
            referrers->own[referrers->n_own++] =
                without_www((struct ff_span) { name, len });
    }
    if (referrers->n_own)
        qsort(referrers->own, referrers->n_own, sizeof *referrers->own, order);
    return true;
}

enum ff_err ff_referrers_create(struct ff_referrers **out,
                                const struct ff_span *own_hosts, size_t n_own_hosts,
                                struct ff_fault *fault)
{
    struct ff_referrers *referrers =
        (struct ff_referrers *)calloc(1, sizeof *referrers);
    if (!referrers)
        return ff_fault_nomem(fault);
    referrers->domains = ff_domains_create();
    const bool is_whole =
        referrers->domains &&
        (n_own_hosts == 0 || copy_own(referrers, own_hosts, n_own_hosts));
    if (!is_whole) {
        ff_referrers_destroy(referrers);
        return ff_fault_nomem(fault);
    }
    *out = referrers;
    return FF_OK;
}

void ff_referrers_destroy(struct ff_referrers *referrers)
{
    if (!referrers)
        return;
    ff_domains_destroy(referrers->domains);
    free(referrers->own);
    free(referrers);
}
