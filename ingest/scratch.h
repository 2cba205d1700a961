/* A parser's memory for values that are not in the line as they are meant: decoded, or
 * put together. Emptied at each line. No byte of a line is written more than three
 * times (unquoted, decoded, joined or decoded again), so it is never full; it is
 * touched as far as it is used, and wiped so far. */
#ifndef FF_SCRATCH_H
#define FF_SCRATCH_H

#include <assert.h>

#include "escape.h"
#include "footfall/ingest.h"
#include "footfall/wipe.h"
#include "percent.h"

struct ff_scratch {
    size_t used;    /* by this line */
    size_t touched; /* by lines before */
    char bytes[3 * FF_LINE_MAX];
};

static inline void ff_scratch_init(struct ff_scratch *scratch)
{
    scratch->used = scratch->touched = 0;
}

/* For the next line. */
static inline void ff_scratch_empty(struct ff_scratch *scratch)
{
    if (scratch->used > scratch->touched)
        scratch->touched = scratch->used;
    scratch->used = 0;
}

/* Before it is freed. */
static inline void ff_scratch_wipe(struct ff_scratch *scratch)
{
    ff_scratch_empty(scratch);
    ff_wipe(scratch->bytes, scratch->touched);
}

static inline void ff_scratch_add(struct ff_scratch *scratch, struct ff_span part)
{
    assert(part.len <= sizeof scratch->bytes - scratch->used);
    if (part.len)
        memcpy(scratch->bytes + scratch->used, part.data, part.len);
    scratch->used += part.len;
}

/* What was added since `start`. */
static inline struct ff_span ff_scratch_since(const struct ff_scratch *scratch,
                                              size_t start)
{
    return (struct ff_span) { scratch->bytes + start, scratch->used - start };
}

/* "/path" and "a=b" as "/path?a=b"; the path itself when there is no query. */
static inline struct ff_span ff_scratch_join(struct ff_scratch *scratch,
                                             struct ff_span path, struct ff_span query)
{
    const size_t start = scratch->used;
    if (query.len == 0)
        return path;
    ff_scratch_add(scratch, path);
    if (query.data[0] != '?')
        ff_scratch_add(scratch, FF_SPAN("?"));
    ff_scratch_add(scratch, query);
    return ff_scratch_since(scratch, start);
}

/* Percent-encoding undone once. */
static inline struct ff_span ff_scratch_decode(struct ff_scratch *scratch,
                                               struct ff_span s)
{
    const size_t start = scratch->used;
    while (s.len) {
        struct ff_span plain = { s.data, ff_span_find(s, '%') };
        size_t at = plain.len;
        ff_scratch_add(scratch, plain);
        if (at == s.len)
            break;
        bool encoded;
        const char c = ff_percent_next(s, &at, &encoded);
        ff_scratch_add(scratch, (struct ff_span) { &c, 1 });
        s = ff_span_from(s, at);
    }
    return ff_scratch_since(scratch, start);
}

#endif
