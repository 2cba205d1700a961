#include "stretches.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Most lines' ends are this near. */
#define TAIL_BYTES ((size_t)FF_LINES_ALIGNMENT)
/* So many ranges are left for the end, but an eighth of all at most. */
#define LAST_RANGES ((uint64_t)4)
static_assert(FF_RANGE_SMALL_BYTES % FF_LINES_ALIGNMENT == 0, "whole pages");
static_assert(FF_RANGE_BYTES + FF_LINE_MAX < FF_LINES_BYTES, "a long line is known");

/* What of the file is in memory: from the range's beginning on. */
struct window {
    const struct ff_source *source;
    uint64_t from;
    struct ff_text_memory *memory;
    char *bytes; /* the memory's */
    size_t n;
    bool is_end; /* the file ends behind it */
};

static enum ff_err read_to(struct window *w, size_t n, struct ff_fault *fault)
{
    size_t got;
    ff_text_memory_note(w->memory, w->n, n);
    FF_TRY(ff_source_read_at(w->source, w->from + w->n, w->bytes + w->n, n - w->n, &got,
                             fault));
    w->n += got;
    w->is_end = w->n < n;
    return FF_OK;
}

/* Behind the first newline at or after `at`; `n` of the window if there is none. */
static size_t next_line(const struct window *w, size_t at)
{
    const char *newline = at < w->n ? memchr(w->bytes + at, '\n', w->n - at) : NULL;
    return newline ? (size_t)(newline - w->bytes) + 1 : w->n;
}

/* Where the range's first line begins. */
static size_t first_line(const struct window *w)
{
    const struct ff_span mark = FF_SPAN("\xEF\xBB\xBF");
    if (w->from)
        return next_line(w, 0);
    return w->n >= mark.len && memcmp(w->bytes, mark.data, mark.len) == 0 ? mark.len
                                                                          : 0;
}

/* Where the last line that begins before `end` does. */
static size_t last_line(const struct window *w, size_t first, size_t end)
{
    while (end > first && w->bytes[end - 1] != '\n')
        end--;
    return end;
}

static bool is_cut(const struct window *w, size_t end)
{
    return !w->is_end && (end == 0 || w->bytes[end - 1] != '\n');
}

enum ff_err ff_range_read(const struct ff_source *source, struct ff_range range,
                          struct ff_text_memory *memory, struct ff_block *out,
                          struct ff_fault *fault)
{
    const size_t n = (size_t)(range.to - range.from);
    struct window w = {
        .source = source, .from = range.from, .memory = memory, .bytes = memory->bytes
    };
    assert(n > 0 && n <= FF_RANGE_BYTES);
    FF_TRY(read_to(&w, n + TAIL_BYTES, fault));
    const size_t first = first_line(&w);
    size_t end = first;
    *out = (struct ff_block) { .offset = range.from + first };
    const bool has_lines = first <= n || range.from == 0;
    if (has_lines)
        end = next_line(&w, n);
    if (has_lines && is_cut(&w, end)) {
        FF_TRY(read_to(&w, FF_LINES_BYTES, fault));
        end = next_line(&w, n);
    }
    /* Only the last one can be: all others lie within the range. */
    const size_t last = last_line(&w, first, end - (end > first));
    const bool has_end = end > last && w.bytes[end - 1] == '\n';
    out->is_long = end - last - has_end > FF_LINE_MAX;
    out->text =
        (struct ff_span) { w.bytes + first, (out->is_long ? last : end) - first };
    return FF_OK;
}

enum ff_err ff_stretches_init(struct ff_stretches *s, size_t n, struct ff_fault *fault)
{
    s->left = calloc(n, sizeof *s->left);
    s->n = n;
    return s->left ? FF_OK : ff_fault_nomem(fault);
}

void ff_stretches_clear(struct ff_stretches *s)
{
    free(s->left);
    *s = (struct ff_stretches) { 0 };
}

static uint64_t length(struct ff_range range)
{
    return range.to - range.from;
}

void ff_stretches_share(struct ff_stretches *s, struct ff_range whole)
{
    const uint64_t all = length(whole) / FF_RANGE_BYTES;
    const uint64_t last = all / 8 < LAST_RANGES ? all / 8 : LAST_RANGES;
    const uint64_t ranges = all - last;
    for (size_t i = 0; i < s->n; i++)
        s->left[i] = (struct ff_range) {
            whole.from + ranges * i / s->n * FF_RANGE_BYTES,
            whole.from + ranges * (i + 1) / s->n * FF_RANGE_BYTES,
        };
    s->last = (struct ff_range) { whole.from + ranges * FF_RANGE_BYTES, whole.to };
}

/* The second half of what is left of the longest stretch; all if it is one range. */
static struct ff_range take_half(struct ff_stretches *s)
{
    struct ff_range *most = &s->left[0];
    for (size_t i = 1; i < s->n; i++)
        if (length(s->left[i]) > length(*most))
            most = &s->left[i];
    struct ff_range half = *most;
    if (length(half) > FF_RANGE_BYTES)
        half.from += (length(half) / FF_RANGE_BYTES + 1) / 2 * FF_RANGE_BYTES;
    most->to = half.from;
    return half;
}

/* The first bytes of `left`, `most` of them. */
static bool take(struct ff_range *left, uint64_t most, struct ff_range *out)
{
    *out = *left;
    if (length(*out) > most)
        out->to = out->from + most;
    left->from = out->to;
    return length(*out) > 0;
}

bool ff_stretches_take(struct ff_stretches *s, size_t reader, struct ff_range *out)
{
    struct ff_range *own = &s->left[reader];
    if (length(*own) == 0)
        *own = take_half(s);
    return take(own, FF_RANGE_BYTES, out) || take(&s->last, FF_RANGE_SMALL_BYTES, out);
}
