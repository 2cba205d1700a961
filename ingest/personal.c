/* A path is looked at as ingest would read it again: a key that does not come out the
 * same holds something that ingest would have hidden. Templates are the operator's: a
 * placeholder stands for anybody (/user/:id), what is literal around it is looked at.
 */
#include "footfall/personal.h"

#include <stdlib.h>

#include "pathkey.h"
#include "routes.h"
#include "scrub.h"
#include "template.h"

enum { ARENA_BYTES = 64 << 10 };

struct ff_personal {
    struct ff_scrub *scrub;
    struct ff_routes *routes; /* NULL: none */
    struct ff_arena arena;    /* of one reading */
};

enum ff_err ff_personal_create(struct ff_personal **out, const char *routes,
                               struct ff_fault *fault)
{
    *out = NULL;
    struct ff_personal *p = calloc(1, sizeof *p);
    if (!p)
        return ff_fault_nomem(fault);
    ff_arena_init(&p->arena, 4096, ARENA_BYTES);
    enum ff_err err = ff_scrub_create(&p->scrub, fault);
    if (!err && routes)
        err = ff_routes_load(&p->routes, routes, p->scrub, fault);
    if (err) {
        ff_personal_destroy(p);
        return err;
    }
    *out = p;
    return FF_OK;
}

void ff_personal_destroy(struct ff_personal *p)
{
    if (!p)
        return;
    ff_routes_destroy(p->routes);
    ff_scrub_destroy(p->scrub);
    ff_arena_clear(&p->arena);
    free(p);
}

/* Whether `segment` behind `before` (empty: at the root) is read again as it is. */
static bool is_stable(struct ff_personal *p, struct ff_span before,
                      struct ff_span segment)
{
    char normal[FF_PATHKEY_LEN] = "/";
    size_t len = 1;
    struct ff_path path = { .segments = { before, segment },
                            .depth = 2,
                            .last = segment,
                            .is_valid = ff_path_is_clean(segment) };
    struct ff_span key;
    struct ff_fault fault;
    if (before.len == 0) {
        path.segments[0] = segment;
        path.depth = 1;
    }
    ff_arena_reset(&p->arena);
    return ff_pathkey_append(segment, normal, &len) &&
           ff_pathkey_build(&path, p->scrub, &p->arena, &key, &fault) == FF_OK &&
           ff_span_ends(key, (struct ff_span) { normal, len });
}

/* Both pieces around the first placeholder; a mark such as the "~" of ~{user} says
 * nothing. */
static bool is_template(struct ff_personal *p, struct ff_span segment)
{
    const size_t at = segment.data[0] == ':' ? 0 : ff_span_find(segment, '{');
    const struct ff_span rest = ff_span_from(segment, at);
    const size_t len = ff_template_placeholder(rest);
    const struct ff_span none = FF_SPAN(""), before = { segment.data, at };
    const struct ff_span after = ff_span_from(rest, len);
    return len > 0 && (before.len <= 1 || is_stable(p, none, before)) &&
           (after.len <= 1 || is_stable(p, none, after));
}

static bool finds_in_segment(struct ff_personal *p, struct ff_span before,
                             struct ff_span segment)
{
    const bool is_rest = segment.len == 0 || segment.data[0] == '*' ||
                         ff_span_equal(segment, FF_SPAN("..."));
    return !is_rest && !is_stable(p, before, segment) && !is_template(p, segment);
}

bool ff_personal_finds(struct ff_personal *p, struct ff_span text)
{
    if (text.len == 0 || text.data[0] != '/')
        return ff_scrub_finds(p->scrub, text);
    if (p->routes && ff_routes_have(p->routes, text))
        return false;
    struct ff_span before = FF_SPAN(""), rest = ff_span_from(text, 1);
    for (;;) {
        const size_t len = ff_span_find(rest, '/');
        const struct ff_span segment = { rest.data, len };
        if (finds_in_segment(p, before, segment))
            return true;
        if (len >= rest.len)
            return false;
        before = segment;
        rest = ff_span_from(rest, len + 1);
    }
}
