/* See path.h. */
#include "path.h"

#include "percent.h"
#include "utf8.h"

bool ff_path_is_clean(struct ff_span path)
{
    struct ff_utf8 utf8 = { 0 };
    bool encoded;
    for (size_t at = 0; at < path.len;) {
        const char c = ff_percent_next(path, &at, &encoded);
        if (!ff_utf8_feed(&utf8, (unsigned char)c) ||
            (utf8.missing == 0 && ff_utf8_is_unsafe(utf8.code)))
            return false;
    }
    return utf8.missing == 0;
}

/* 1 for ".", 2 for "..", both also encoded; else 0. */
static int dots_in(struct ff_span segment)
{
    int dots = 0;
    bool encoded;
    if (segment.len == 0 || (segment.data[0] != '.' && segment.data[0] != '%'))
        return 0;
    for (size_t at = 0; at < segment.len; dots++)
        if (ff_percent_next(segment, &at, &encoded) != '.' || dots == 2)
            return 0;
    return dots;
}

static void push(struct ff_path *path, struct ff_span segment)
{
    const int dots = dots_in(segment);
    path->ends_in_slash = segment.len == 0 || dots > 0;
    if (dots == 2 && path->depth > 0) {
        path->depth--;
        const size_t last = path->depth - 1; /* wraps at the root: no segment is last */
        path->last = last <= FF_PATH_DEPTH ? path->segments[last] : FF_SPAN("");
    }
    if (path->ends_in_slash)
        return;
    if (path->depth <= FF_PATH_DEPTH)
        path->segments[path->depth] = segment;
    path->depth++;
    path->last = segment;
}

/* ASCII that stands for itself. */
static bool is_graph(char c)
{
    return c > ' ' && c < 0x7F && c != '%';
}

void ff_path_split(struct ff_span s, struct ff_path *out)
{
    *out = (struct ff_path) { .last = FF_SPAN("") };
    if (s.len == 0 || s.data[0] != '/')
        return;
    bool is_plain = true;
    for (size_t at = 0; at < s.len;) {
        const size_t start = ++at; /* past the slash */
        while (at < s.len && s.data[at] != '/' && s.data[at] != ';')
            is_plain &= is_graph(s.data[at++]);
        push(out, (struct ff_span) { s.data + start, at - start });
        if (at < s.len && s.data[at] == ';') {
            at += ff_span_find(ff_span_from(s, at), '/');
            is_plain = false;
        }
    }
    out->is_valid = is_plain || ff_path_is_clean(s);
}

struct ff_span ff_path_fold(struct ff_span segment,
                            char out[static FF_PATH_SEGMENT_LEN])
{
    size_t n = 0;
    bool encoded;
    for (size_t at = 0; at < segment.len;) {
        if (n == FF_PATH_SEGMENT_LEN)
            return FF_SPAN("");
        const char c = ff_percent_next(segment, &at, &encoded);
        out[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
    }
    return (struct ff_span) { out, n };
}
