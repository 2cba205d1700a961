#include "serve_route.h"

#include <string.h>

#include "compare.h"
#include "options.h"

#define REPORT "report"

static struct ff_route wrong(const char *why)
{
    return (struct ff_route) { .kind = FF_ROUTE_WRONG, .why = why };
}

static const char *find_site(const struct ff_store_sites *sites, struct ff_span name)
{
    for (size_t i = 0; i < sites->n; i++)
        if (ff_span_equal(ff_span_of(sites->names[i]), name))
            return sites->names[i];
    return NULL;
}

/* "" is the page, "report.json" a form that has a renderer. */
static const char *find_ending(const char *name)
{
    if (*name == '\0')
        return ".html";
    if (strncmp(name, REPORT, strlen(REPORT)) != 0)
        return NULL;
    const struct ff_renderer *renderer = ff_renderer_for(name);
    const char *ending = name + strlen(REPORT);
    return renderer && strcmp(renderer->ending, ending) == 0 ? renderer->ending : NULL;
}

/* Reads the days and what to compare with; NULL if all is well. */
static const char *read_query(struct ff_route *route,
                              const struct ff_route_query *query)
{
    int32_t last;
    if (query->from && !ff_option_day(query->from, &route->days.from))
        return "from: a day is written as 2026-03-02";
    if (query->to && !ff_option_day(query->to, &last))
        return "to: a day is written as 2026-03-02";
    if (query->to)
        route->days.end = last + 1;
    if (route->days.from >= route->days.end)
        return "from is after to";
    if (query->compare && !ff_compare_read(&route->compare, query->compare))
        return "compare: previous, year or a span such as 2026-02-01..2026-02-28";
    return NULL;
}

struct ff_route ff_route_read(const struct ff_store_sites *sites, const char *path,
                              const struct ff_route_query *query)
{
    struct ff_route route = { .kind = FF_ROUTE_NOTHING,
                              .days = { INT32_MIN, INT32_MAX } };
    if (strcmp(path, "/") == 0) {
        route.kind = FF_ROUTE_SITES;
        return route;
    }
    if (strcmp(path, "/robots.txt") == 0) {
        route.kind = FF_ROUTE_ROBOTS;
        return route;
    }
    const char *name = path + 1, *slash = strchr(name, '/');
    const size_t len = slash ? (size_t)(slash - name) : strlen(name);
    route.site = find_site(sites, (struct ff_span) { name, len });
    if (!route.site)
        return route;
    if (!slash) {
        route.kind = FF_ROUTE_FOLDER;
        return route;
    }
    route.ending = find_ending(slash + 1);
    if (!route.ending)
        return route;
    const char *why = read_query(&route, query);
    if (why)
        return wrong(why);
    route.kind = FF_ROUTE_REPORT;
    return route;
}

bool ff_route_key(const struct ff_route *route, char *out, size_t size)
{
    const int len =
        snprintf(out, size, "%s%s %d %d %d %d %d", route->site, route->ending,
                 (int)route->days.from, (int)route->days.end, (int)route->compare.kind,
                 (int)route->compare.days.from, (int)route->compare.days.end);
    return len > 0 && (size_t)len < size;
}
