/* What a request asks for: page, asset, download and so on by the path, the page key,
 * a site search's term, a campaign. The query ends here. */
#ifndef FF_PAGE_H
#define FF_PAGE_H

#include "footfall/arena.h"
#include "footfall/err.h"
#include "footfall/ingest.h"
#include "routes.h"

enum ff_path_kind {
    FF_PATH_PAGE,
    FF_PATH_ASSET, /* part of a page */
    FF_PATH_DOWNLOAD,
    FF_PATH_OTHER, /* feed, API, well-known file */
};

/* Spans point into the arena given to ff_page_read, belong to the routes, or are
 * static. */
struct ff_page {
    enum ff_path_kind kind;
    struct ff_span path; /* in the form of a key: personal data gone */
    struct ff_span key; /* the site's template for it or the same: the page key, also of
                           a download or a 404 */
    bool is_robots_txt;
    bool is_search;      /* a site search, if it turns out to be a page view */
    struct ff_span term; /* normalized; empty when it had to be withheld */
    struct ff_span source, medium, campaign; /* utm_*; empty when there is none */
};

struct ff_pages;

/* The compiled rules (lists, scrubbing patterns), for one thread: matching needs memory
 * of their own. On FF_OK *out is the caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_pages_create(struct ff_pages **out, struct ff_fault *fault);
void ff_pages_destroy(struct ff_pages *pages);

/* More extensions of downloads ("ext" or ".ext", letters and digits), and parameters
 * whose value is a site search on whatever path. Both are borrowed. FF_ERR_USAGE: what
 * can be neither. */
FF_MUST_USE enum ff_err ff_pages_extend(struct ff_pages *pages,
                                        const struct ff_list *downloads,
                                        const struct ff_list *parameters,
                                        struct ff_fault *fault);

/* The site's own templates, borrowed; NULL: none. Threads may share them. */
void ff_pages_route(struct ff_pages *pages, const struct ff_routes *routes);

/* Whether the rules for personal data find any in a text that is to be shown. */
bool ff_pages_find(const struct ff_pages *pages, struct ff_span text);

/* Reads a request target as the log has it (path and query, absolute form, "*", log
 * escapes and all). Never fails on content: what is no path at all has the key
 * "(invalid)". FF_ERR_NOMEM when the arena is at its cap. */
FF_MUST_USE enum ff_err ff_page_read(const struct ff_pages *pages,
                                     struct ff_span target, struct ff_arena *arena,
                                     struct ff_page *out, struct ff_fault *fault);

/* A search term fit to be counted: decoded ("+" and percent), valid UTF-8, lower case,
 * spaces collapsed, at most 50 bytes and 6 words, without personal data. Empty if it
 * may not be. Also for terms that referrers carry. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_page_term(const struct ff_pages *pages, struct ff_span raw,
                                     struct ff_arena *arena, struct ff_span *out,
                                     struct ff_fault *fault);

#endif
