/* See template.h. A placeholder is ":name", at the start of a segment, or "{name}",
 * also with text around it. A colon further on is text (/wiki/Special:Search); a star,
 * brace or leading colon that is meant as itself is percent-encoded. */
#include "template.h"

#include "percent.h"

/* A line being read; `at` is the byte looked at, for the fault. */
struct reader {
    struct ff_span line;
    const struct ff_scrub *scrub;
    struct ff_template *out;
    struct ff_template_fault *where;
    struct ff_fault *fault;
};

static enum ff_err refuse(const struct reader *r, size_t at, size_t len,
                          const char *why)
{
    *r->where = (struct ff_template_fault) { why, at, len };
    return FF_ERR_USAGE;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Length of the name that `s` begins with, 0 if it does not. */
static size_t name_len(struct ff_span s)
{
    size_t n = 0;
    while (n < s.len && (is_letter(s.data[n]) || s.data[n] == '_' ||
                         (n > 0 && s.data[n] >= '0' && s.data[n] <= '9')))
        n++;
    return n <= FF_TEMPLATE_NAME ? n : 0;
}

size_t ff_template_placeholder(struct ff_span s)
{
    const char first = s.len ? s.data[0] : '\0';
    const size_t n = first == ':' || first == '{' ? name_len(ff_span_from(s, 1)) : 0;
    if (n == 0)
        return 0;
    if (first == ':')
        return n + 1;
    return n + 1 < s.len && s.data[n + 1] == '}' ? n + 2 : 0;
}

/* Adds text to the key as it is. */
static bool add_plain(struct ff_template *route, struct ff_span s)
{
    if (s.len > sizeof route->key - route->key_len)
        return false;
    memcpy(route->key + route->key_len, s.data, s.len);
    route->key_len += s.len;
    return true;
}

/* Whether the scrubber leaves a literal alone where nothing stands before it. The marks
 * of a name, with the name in a placeholder ("~{user}"), say nothing. */
static enum ff_err is_harmless(const struct reader *r, struct ff_span literal,
                               bool *harmless)
{
    char text[FF_TEMPLATE_LINE + 1], normal[FF_PATHKEY_LEN];
    size_t len = 0;
    *harmless = literal.len <= 1;
    if (*harmless || !ff_pathkey_append(literal, normal, &len))
        return FF_OK;
    text[0] = '/';
    memcpy(text + 1, literal.data, literal.len);
    struct ff_path path;
    struct ff_span key;
    struct ff_arena arena;
    ff_arena_init(&arena, 4096, (size_t)64 << 10);
    ff_path_split((struct ff_span) { text, literal.len + 1 }, &path);
    const enum ff_err err = ff_pathkey_build(&path, r->scrub, &arena, &key, r->fault);
    if (!err)
        *harmless =
            ff_span_equal(ff_span_from(key, 1), (struct ff_span) { normal, len });
    ff_arena_clear(&arena);
    return err;
}

/* A literal piece of the line: into the key, and decoded to *out. */
static enum ff_err take_literal(const struct reader *r, struct ff_span literal,
                                struct ff_span *out)
{
    struct ff_template *route = r->out;
    const size_t at = (size_t)(literal.data - r->line.data);
    bool harmless;
    FF_TRY(is_harmless(r, literal, &harmless));
    if (!harmless)
        return refuse(r, at, literal.len,
                      "this looks like personal data or is too long, and a template is "
                      "published as it is written; put a placeholder such as {name} in "
                      "its place");
    if (!ff_pathkey_append(literal, route->key, &route->key_len))
        return refuse(r, at, literal.len, "a template has at most 200 bytes");
    char *const text = route->text + route->text_len;
    *out = (struct ff_span) { text, ff_percent_decode(literal, text) };
    route->text_len += out->len;
    return FF_OK;
}

/* "*" or "*name", the last segment. */
static enum ff_err read_tail(const struct reader *r, struct ff_span segment,
                             bool is_last)
{
    const size_t at = (size_t)(segment.data - r->line.data);
    const struct ff_span name = ff_span_from(segment, 1);
    if (name_len(name) != name.len)
        return refuse(r, at, segment.len,
                      "\"*\" stands alone or before a name; for a part of a segment "
                      "write {name}, for the star itself %2A");
    if (!is_last)
        return refuse(r, at, segment.len,
                      "\"*\" stands for the rest of a path, so nothing can follow it; "
                      "for one segment write :name");
    r->out->has_tail = true;
    return add_plain(r->out, segment)
               ? FF_OK
               : refuse(r, at, segment.len, "a template has at most 200 bytes");
}

/* What no segment can have, or what would be taken for something else. */
static enum ff_err check_segment(const struct reader *r, struct ff_span segment)
{
    static const struct {
        char byte;
        const char *why;
    } unfit[] = {
        { '?', "a template is of a path; queries are cut off before" },
        { '#', "a comment has a blank before its #" },
        { ';', "parameters (from the ; on) are cut off before" },
    };
    const size_t start = (size_t)(segment.data - r->line.data);
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++) {
        const size_t at = ff_span_find(segment, unfit[i].byte);
        if (at < segment.len)
            return refuse(r, start + at, 1, unfit[i].why);
    }
    const size_t star = ff_span_find(segment, '*');
    if (star < segment.len && star > 0)
        return refuse(
            r, start + star, 1,
            "\"*\" stands for whole segments at the end of a path; for a part "
            "of one write {name}, for the star itself %2A");
    if (ff_span_equal(segment, FF_SPAN(".")) || ff_span_equal(segment, FF_SPAN("..")))
        return refuse(r, start, segment.len,
                      "no path has dot segments when it is matched");
    if (segment.len == 0)
        return refuse(r, start, 1, "no path has empty segments when it is matched");
    return FF_OK;
}

/* The only placeholder of a segment at `at` of it, `len` bytes. */
static enum ff_err read_part(const struct reader *r, struct ff_span segment, size_t at,
                             size_t len, struct ff_template_segment *out)
{
    const struct ff_span before = { segment.data, at };
    const struct ff_span after = ff_span_from(segment, at + len);
    for (size_t i = 0; i < after.len; i++)
        if (after.data[i] == '{' || (after.data[i] == ':' && segment.data[at] == ':'))
            return refuse(r, (size_t)(after.data + i - r->line.data), 1,
                          "a segment has one placeholder at most; a brace or colon "
                          "itself is %7B or %3A");
    out->kind = before.len || after.len ? FF_TEMPLATE_PART : FF_TEMPLATE_ANY;
    FF_TRY(take_literal(r, before, &out->before));
    if (!add_plain(r->out, (struct ff_span) { segment.data + at, len }))
        return refuse(r, (size_t)(segment.data + at - r->line.data), len,
                      "a template has at most 200 bytes");
    return take_literal(r, after, &out->after);
}

static enum ff_err read_segment(const struct reader *r, struct ff_span segment)
{
    const size_t start = (size_t)(segment.data - r->line.data);
    const size_t brace = ff_span_find(segment, '{');
    const size_t at = segment.data[0] == ':' ? 0 : brace;
    struct ff_template_segment *out = &r->out->segments[r->out->n];
    *out = (struct ff_template_segment) { .kind = FF_TEMPLATE_LITERAL };
    const size_t close = ff_span_find(segment, '}');
    if (close < brace)
        return refuse(r, start + close, 1, "no { opens this; a brace itself is %7D");
    if (at == segment.len) {
        FF_TRY(take_literal(r, segment, &out->before));
    } else {
        const size_t len = ff_template_placeholder(ff_span_from(segment, at));
        if (len == 0)
            return refuse(r, start + at, 1,
                          "a placeholder is :name or {name}, the name a letter and "
                          "letters, digits and _, at most 32; a colon or brace itself "
                          "is %3A or %7B");
        FF_TRY(read_part(r, segment, at, len, out));
    }
    r->out->n++;
    return FF_OK;
}

/* The whole template, from its slash on. */
static enum ff_err read_template(const struct reader *r, struct ff_span template)
{
    for (size_t at = 1; at < template.len;) {
        const struct ff_span rest = ff_span_from(template, at);
        const struct ff_span segment = { rest.data, ff_span_find(rest, '/') };
        const size_t start = (size_t)(segment.data - r->line.data);
        const bool is_last = segment.len == rest.len;
        FF_TRY(check_segment(r, segment));
        if (!add_plain(r->out, FF_SPAN("/")))
            return refuse(r, start, segment.len, "a template has at most 200 bytes");
        if (segment.data[0] == '*')
            return read_tail(r, segment, is_last);
        if (r->out->n == FF_PATH_DEPTH)
            return refuse(r, start, segment.len,
                          "a template has at most 8 segments; the rest is *");
        FF_TRY(read_segment(r, segment));
        at += segment.len + 1;
    }
    if (template.data[template.len - 1] == '/' && !add_plain(r->out, FF_SPAN("/")))
        return refuse(r, (size_t)(template.data - r->line.data), template.len,
                      "a template has at most 200 bytes");
    return FF_OK;
}

enum ff_err ff_template_read(struct ff_span line, const struct ff_scrub *scrub,
                             struct ff_template *out, bool *is_route,
                             struct ff_template_fault *where, struct ff_fault *fault)
{
    const struct reader r = { line, scrub, out, where, fault };
    size_t start = 0, end, next;
    while (start < line.len && is_blank(line.data[start]))
        start++;
    *is_route = start < line.len && line.data[start] != '#';
    if (!*is_route)
        return FF_OK;
    out->n = out->key_len = out->text_len = 0;
    out->has_tail = false;
    for (end = start; end < line.len && !is_blank(line.data[end]);)
        end++;
    for (next = end; next < line.len && is_blank(line.data[next]);)
        next++;
    if (line.data[start] != '/')
        return refuse(
            &r, start, 1,
            "a template is a path and begins with \"/\" (no host, no quotes)");
    if (next < line.len && line.data[next] != '#')
        return refuse(&r, next, 1,
                      "a line has one template; a blank in a path is %20, a comment "
                      "begins with #");
    return read_template(&r, (struct ff_span) { line.data + start, end - start });
}
