/* What a request asks for: a path and a query of footfall serve, read. Nothing of a URL
 * becomes a path of a file: a site is one of the store's names or none. */
#ifndef FF_SERVE_ROUTE_H
#define FF_SERVE_ROUTE_H

#include "footfall/report.h"
#include "footfall/store.h"

enum ff_route_kind {
    FF_ROUTE_NOTHING, /* there is no such thing: 404 */
    FF_ROUTE_WRONG,   /* a value that cannot be: 400, `why` says what */
    FF_ROUTE_SITES,   /* "/" */
    FF_ROUTE_ROBOTS,  /* "/robots.txt" */
    FF_ROUTE_FOLDER,  /* "/SITE": its slash is missing */
    FF_ROUTE_REPORT,  /* "/SITE/", "/SITE/report.json" */
};

struct ff_route {
    enum ff_route_kind kind;
    const char *site;   /* borrowed from the list of sites */
    const char *ending; /* ".html"; borrowed from the renderers or the path */
    struct ff_days days;
    struct ff_compare compare;
    const char *why;
};

/* The query's values, or NULL where they are not given. */
struct ff_route_query {
    const char *from, *to, *compare;
};

/* `path` begins with a slash and is decoded. Everything is borrowed. */
struct ff_route ff_route_read(const struct ff_store_sites *sites, const char *path,
                              const struct ff_route_query *query);

/* The route as one text, the same for all ways to ask for the same. False if `size` is
 * too small. */
bool ff_route_key(const struct ff_route *route, char *out, size_t size);

#endif
