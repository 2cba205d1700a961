/* See page.h. A target is cut into path and query; the path gives the kind (rules.h has
 * the lists) and the page key (pathkey.h), the query a search term and a campaign.
 *
 * Kind, first match wins: files for machines at the root; sitemaps; extensions of
 * downloads, assets, feeds; feed names; API paths. So /api/manual.pdf is a download.
 *
 * Of several parameters for one thing the first that is not blank counts. Not for
 * threads to share, as ff_scrub is not. */
#include "page.h"

#include <stdint.h>
#include <stdlib.h>

#include "pathkey.h"
#include "percent.h"
#include "rules.h"
#include "terms.h"

struct ff_pages {
    struct ff_scrub *scrub;
    struct ff_list downloads, parameters; /* the operator's own */
    const struct ff_routes *routes;       /* NULL: none */
};

enum ff_err ff_pages_create(struct ff_pages **out, struct ff_fault *fault)
{
    struct ff_pages *pages = (struct ff_pages *)calloc(1, sizeof *pages);
    if (!pages)
        return ff_fault_nomem(fault);
    const enum ff_err err = ff_scrub_create(&pages->scrub, fault);
    if (err != FF_OK) {
        free(pages);
        return err;
    }
    *out = pages;
    return FF_OK;
}

void ff_pages_destroy(struct ff_pages *pages)
{
    if (!pages)
        return;
    ff_scrub_destroy(pages->scrub);
    free(pages);
}

static struct ff_span without_dot(const char *extension)
{
    return ff_span_of(extension + (extension[0] == '.'));
}

static bool is_extension(struct ff_span s)
{
    for (size_t i = 0; i < s.len; i++) {
        const char c = (char)(s.data[i] | 32);
        if ((c < 'a' || c > 'z') && (s.data[i] < '0' || s.data[i] > '9'))
            return false;
    }
    return s.len > 0 && s.len < 32;
}

enum ff_err ff_pages_extend(struct ff_pages *pages, const struct ff_list *downloads,
                            const struct ff_list *parameters, struct ff_fault *fault)
{
    for (size_t i = 0; i < downloads->n; i++)
        if (!is_extension(without_dot(downloads->items[i])))
            return ff_fault_set(fault, FF_ERR_USAGE,
                                "--download-ext takes an extension such as dwg, not "
                                "\"%.80s\"",
                                downloads->items[i]);
    for (size_t i = 0; i < parameters->n; i++)
        if (!*parameters->items[i] || strpbrk(parameters->items[i], "&=?# "))
            return ff_fault_set(fault, FF_ERR_USAGE,
                                "--search-param takes a parameter's name such as q, "
                                "not \"%.80s\"",
                                parameters->items[i]);
    pages->downloads = *downloads;
    pages->parameters = *parameters;
    return FF_OK;
}

void ff_pages_route(struct ff_pages *pages, const struct ff_routes *routes)
{
    pages->routes = routes;
}

static bool is_own_download(const struct ff_pages *pages, struct ff_span extension)
{
    for (size_t i = 0; i < pages->downloads.n; i++)
        if (ff_span_equal_nocase(without_dot(pages->downloads.items[i]), extension))
            return true;
    return false;
}

static bool is_own_parameter(const struct ff_pages *pages, struct ff_span name)
{
    for (size_t i = 0; i < pages->parameters.n; i++)
        if (ff_span_equal_nocase(ff_span_of(pages->parameters.items[i]), name))
            return true;
    return false;
}

enum ff_err ff_page_term(const struct ff_pages *pages, struct ff_span raw,
                         struct ff_arena *arena, struct ff_span *out,
                         struct ff_fault *fault)
{
    return ff_terms_read(pages->scrub, raw, arena, out, fault);
}

bool ff_pages_find(const struct ff_pages *pages, struct ff_span text)
{
    return ff_scrub_finds(pages->scrub, text);
}

static struct ff_span extension_of(struct ff_span name)
{
    size_t dot = name.len;
    while (dot > 0 && name.data[dot - 1] != '.')
        dot--;
    return dot > 1 ? ff_span_from(name, dot) : FF_SPAN("");
}

/* sitemap.xml.gz, wp-sitemap-posts-1.xml.gz; plain ones are .xml anyway. */
static bool is_packed_sitemap(struct ff_span name)
{
    static const char word[] = "sitemap";
    if (!ff_span_ends(name, FF_SPAN(".xml.gz")))
        return false;
    for (size_t i = 0; i + sizeof word - 1 <= name.len; i++)
        if (memcmp(name.data + i, word, sizeof word - 1) == 0)
            return true;
    return false;
}

static bool is_api(const struct ff_path *path)
{
    char one[FF_PATH_SEGMENT_LEN], two[2 * FF_PATH_SEGMENT_LEN + 1];
    if (path->depth == 0)
        return false;
    const struct ff_span first = ff_path_fold(path->segments[0], one);
    if (ff_rules_have(FF_RULES_APIS, first))
        return true;
    if (path->depth < 2 || first.len == 0)
        return false;
    memcpy(two, first.data, first.len);
    two[first.len] = '/';
    const struct ff_span second =
        ff_path_fold(path->segments[1], one); /* `first` is in `two` now */
    memcpy(two + first.len + 1, second.data, second.len);
    return ff_rules_have(FF_RULES_APIS,
                         (struct ff_span) { two, first.len + 1 + second.len });
}

static enum ff_path_kind kind_of(const struct ff_pages *pages,
                                 const struct ff_path *path)
{
    char buffer[FF_PATH_SEGMENT_LEN];
    const struct ff_span last = ff_path_fold(path->last, buffer);
    if (path->depth == 1 && ff_rules_have(FF_RULES_ROOT_FILES, last))
        return FF_PATH_OTHER;
    if (!path->ends_in_slash) {
        char tail[FF_PATH_SEGMENT_LEN]; /* a long name may be too much for `last` */
        const struct ff_span extension = ff_path_fold(extension_of(path->last), tail);
        if (extension.len > 0) {
            if (is_packed_sitemap(last))
                return FF_PATH_OTHER;
            if (ff_rules_have(FF_RULES_DOWNLOADS, extension) ||
                is_own_download(pages, extension))
                return FF_PATH_DOWNLOAD;
            if (ff_rules_have(FF_RULES_ASSETS, extension))
                return FF_PATH_ASSET;
            if (ff_rules_have(FF_RULES_DATA, extension))
                return FF_PATH_OTHER;
        }
    }
    if (ff_rules_have(FF_RULES_FEEDS, last) || is_api(path))
        return FF_PATH_OTHER;
    return FF_PATH_PAGE;
}

/* "http://user@host/path" without all before the path. */
static struct ff_span cut_authority(struct ff_span target)
{
    const size_t colon = ff_span_find(target, ':');
    if (target.len == 0 || target.data[0] == '/' ||
        !ff_span_starts(ff_span_from(target, colon), FF_SPAN("://")))
        return target;
    for (size_t i = 0; i < colon; i++)
        if (target.data[i] == '/' || target.data[i] == '?' || target.data[i] == '#')
            return target;
    size_t at = colon + 3;
    while (at < target.len && target.data[at] != '/' && target.data[at] != '?' &&
           target.data[at] != '#')
        at++;
    return ff_span_from(target, at);
}

struct parts {
    struct ff_span path, query;
};

static struct parts split_target(struct ff_span target)
{
    const struct ff_span rest = cut_authority(target);
    const bool had_authority = rest.data != target.data;
    const struct ff_span visible = { rest.data, ff_span_find(rest, '#') };
    const size_t mark = ff_span_find(visible, '?');
    struct parts parts = { { visible.data, mark }, ff_span_from(visible, mark + 1) };
    if (had_authority && mark == 0)
        parts.path = FF_SPAN("/");
    return parts;
}

/* What a query has to say: values as logged. */
struct query {
    struct ff_span search, s; /* of any search parameter; of WordPress' "s" */
    struct ff_span own;       /* of one that the operator named */
    struct ff_span campaign[3];
};

static void keep_first(struct ff_span *kept, struct ff_span value)
{
    if (kept->len == 0 && !ff_terms_is_blank(value))
        *kept = value;
}

static void read_campaign(struct query *query, struct ff_span name,
                          struct ff_span value)
{
    static const struct ff_span parts[] = { { "source", 6 },
                                            { "medium", 6 },
                                            { "campaign", 8 } };
    const size_t end = ff_span_find(name, '_') + 1;
    if (end > name.len ||
        !ff_rules_have(FF_RULES_CAMPAIGN_PREFIXES, (struct ff_span) { name.data, end }))
        return;
    for (size_t i = 0; i < 3; i++)
        if (ff_span_equal_nocase(ff_span_from(name, end), parts[i]))
            keep_first(&query->campaign[i], value);
}

static void read_query(const struct ff_pages *pages, struct ff_span s,
                       struct query *out)
{
    *out = (struct query) { .search = FF_SPAN("") };
    for (size_t at = 0; at < s.len;) {
        const struct ff_span rest = ff_span_from(s, at);
        const struct ff_span pair = { rest.data, ff_span_find(rest, '&') };
        const size_t equals = ff_span_find(pair, '=');
        const struct ff_span name = { pair.data, equals };
        const struct ff_span value = ff_span_from(pair, equals + 1);
        at += pair.len + 1;
        if (ff_rules_have(FF_RULES_SEARCH_PARAMETERS, name)) {
            keep_first(&out->search, value);
            if (ff_span_equal_nocase(name, FF_SPAN("s")))
                keep_first(&out->s, value);
        }
        if (is_own_parameter(pages, name))
            keep_first(&out->own, value);
        read_campaign(out, name, value);
    }
}

static bool has_search_segment(const struct ff_path *path)
{
    for (size_t i = 0; i < path->depth && i <= FF_PATH_DEPTH; i++) {
        char buffer[FF_PATH_SEGMENT_LEN];
        struct ff_span name = ff_path_fold(path->segments[i], buffer);
        name.len = ff_span_find(name, '.');
        if (ff_rules_have(FF_RULES_SEARCH_SEGMENTS, name))
            return true;
    }
    return false;
}

/* The value a site's search was asked for; empty if this is none. */
static struct ff_span searched_for(const struct ff_path *path,
                                   const struct query *query)
{
    if (query->own.len > 0)
        return query->own;
    if (query->search.len > 0 && has_search_segment(path))
        return query->search;
    const bool is_front =
        path->depth == 0 ||
        (path->depth == 1 && ff_span_equal_nocase(path->last, FF_SPAN("index.php")));
    return is_front ? query->s : FF_SPAN("");
}

static enum ff_err use_query(const struct ff_pages *pages, const struct ff_path *path,
                             struct ff_span text, struct ff_arena *arena,
                             struct ff_page *out, struct ff_fault *fault)
{
    struct ff_span *const campaign[] = { &out->source, &out->medium, &out->campaign };
    struct query query;
    read_query(pages, text, &query);
    for (size_t i = 0; i < 3; i++)
        if (query.campaign[i].len > 0)
            FF_TRY(ff_terms_campaign(pages->scrub, query.campaign[i], arena,
                                     campaign[i], fault));
    const struct ff_span raw = searched_for(path, &query);
    out->is_search = raw.len > 0;
    return out->is_search ? ff_page_term(pages, raw, arena, &out->term, fault) : FF_OK;
}

/* What no key can be made of fits no template either. */
static void use_routes(const struct ff_pages *pages, const struct ff_path *path,
                       struct ff_page *out)
{
    if (!pages->routes || out->path.data[0] != '/')
        return;
    const struct ff_span template = ff_routes_match(pages->routes, path);
    if (template.len)
        out->key = template;
}

/* Without log escapes: `target` itself if it has none, else in the arena. */
static enum ff_err undo_escapes(struct ff_span target, struct ff_arena *arena,
                                struct ff_span *out, struct ff_fault *fault)
{
    *out = target;
    if (ff_span_find(target, '\\') == target.len)
        return FF_OK;
    char *plain = (char *)ff_arena_take(arena, target.len, 1);
    if (!plain)
        return ff_fault_nomem(fault);
    *out = (struct ff_span) { plain, ff_log_unescape(target, plain) };
    return FF_OK;
}

enum ff_err ff_page_read(const struct ff_pages *pages, struct ff_span target,
                         struct ff_arena *arena, struct ff_page *out,
                         struct ff_fault *fault)
{
    struct ff_span plain;
    struct ff_path path;
    *out = (struct ff_page) { .kind = FF_PATH_OTHER, .term = FF_SPAN("") };
    out->source = out->medium = out->campaign = FF_SPAN("");
    FF_TRY(undo_escapes(target, arena, &plain, fault));
    const struct parts parts = split_target(plain);
    ff_path_split(parts.path, &path);
    FF_TRY(ff_pathkey_build(&path, pages->scrub, arena, &out->path, fault));
    out->key = out->path;
    use_routes(pages, &path, out);
    if (parts.path.len > 0 && parts.path.data[0] == '/')
        out->kind = kind_of(pages, &path);
    out->is_robots_txt = ff_span_equal(out->path, FF_SPAN("/robots.txt"));
    return parts.query.len > 0 ? use_query(pages, &path, parts.query, arena, out, fault)
                               : FF_OK;
}
