#include "footfall/personal.h"

#include <stdlib.h>

#include "scrub.h"

struct ff_personal {
    struct ff_scrub *scrub;
    struct ff_arena arena; /* of one text */
};

enum ff_err ff_personal_create(struct ff_personal **out, struct ff_fault *fault)
{
    *out = NULL;
    struct ff_personal *p = calloc(1, sizeof *p);
    if (!p)
        return ff_fault_nomem(fault);
    const enum ff_err err = ff_scrub_create(&p->scrub, fault);
    if (err) {
        free(p);
        return err;
    }
    ff_arena_init(&p->arena, 4096, (size_t)64 << 10);
    *out = p;
    return FF_OK;
}

void ff_personal_destroy(struct ff_personal *p)
{
    if (!p)
        return;
    ff_scrub_destroy(p->scrub);
    ff_arena_clear(&p->arena);
    free(p);
}

/* What stands for something else: a section's "*", a path's cut end, a placeholder. */
static bool is_placeholder(struct ff_span s)
{
    return ff_span_equal(s, FF_SPAN("*")) || ff_span_equal(s, FF_SPAN("...")) ||
           ff_span_equal(s, FF_SPAN("{id}")) || ff_span_equal(s, FF_SPAN("(invalid)"));
}

static bool finds_in_segment(struct ff_personal *p, struct ff_span before,
                             struct ff_span segment)
{
    struct ff_span clean;
    struct ff_fault fault;
    ff_arena_clear(&p->arena);
    ff_arena_init(&p->arena, 4096, (size_t)64 << 10);
    if (is_placeholder(segment))
        return false;
    return ff_scrub_segment(p->scrub, before, segment, &p->arena, &clean, &fault) !=
               FF_OK ||
           !ff_span_equal(clean, segment);
}

bool ff_personal_finds(struct ff_personal *p, struct ff_span text)
{
    if (text.len == 0 || text.data[0] != '/')
        return ff_scrub_finds(p->scrub, text);
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
