/* See routes.h. Templates are a tree of segments: a node's children of plain text are
 * found by hash, those with text around a placeholder are a list, most specific first.
 * Each node is visited once at most in a match, so the file bounds what a path can
 * cost. */
#include "routes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "footfall/hash.h"
#include "percent.h"
#include "template.h"
#include "utf8.h"

/* 0 is no node (it is the root, which is nobody's child) and no template. */
struct node {
    struct ff_span before, after; /* of a text, or around a placeholder */
    uint32_t parent;
    uint32_t parts, next_part; /* first child with a part, next of the parent's */
    uint32_t any;              /* child for any segment */
    uint32_t end, tail;        /* templates that end here, and with "*" behind */
};

struct ff_routes {
    struct node *nodes;
    uint32_t *slots; /* nodes of plain text, by parent and text */
    size_t n_nodes, mask;
    struct ff_span *keys; /* of template i + 1 */
    uint32_t *lines;
    uint32_t n;
    struct ff_arena texts;
};

/* Segments of a path, decoded. */
struct segments {
    struct ff_span items[FF_PATH_DEPTH];
    size_t depth;
};

static size_t slot_of(const struct ff_routes *r, uint32_t parent, struct ff_span text)
{
    size_t at = XXH3_64bits_withSeed(text.data, text.len, parent) & r->mask;
    while (r->slots[at] && (r->nodes[r->slots[at]].parent != parent ||
                            !ff_span_equal(r->nodes[r->slots[at]].before, text)))
        at = (at + 1) & r->mask;
    return at;
}

static bool fits(const struct node *node, struct ff_span s)
{
    return s.len > node->before.len + node->after.len &&
           ff_span_starts(s, node->before) && ff_span_ends(s, node->after);
}

/* The template for the segments from `i` on, below `at`; 0 if there is none. Goes no
 * deeper than a template is. */
static uint32_t find(const struct ff_routes *r, uint32_t at, const struct segments *s,
                     size_t i)
{
    const struct node *node = &r->nodes[at];
    if (i == s->depth)
        return node->end;
    uint32_t found = 0;
    if (i < FF_PATH_DEPTH) {
        const uint32_t child = r->slots[slot_of(r, at, s->items[i])];
        if (child)
            found = find(r, child, s, i + 1);
        for (uint32_t p = node->parts; p && !found; p = r->nodes[p].next_part)
            if (fits(&r->nodes[p], s->items[i]))
                found = find(r, p, s, i + 1);
        if (!found && node->any)
            found = find(r, node->any, s, i + 1);
    }
    return found ? found : node->tail;
}

struct ff_span ff_routes_match(const struct ff_routes *routes,
                               const struct ff_path *path)
{
    char text[FF_PATH_DEPTH][FF_TEMPLATE_LINE];
    struct segments s = { .depth = path->depth };
    for (size_t i = 0; i < path->depth && i < FF_PATH_DEPTH; i++) {
        const struct ff_span raw = path->segments[i];
        s.items[i] = raw;
        /* No text of a template is as long as one that does not fit here. */
        if (ff_span_find(raw, '%') < raw.len && raw.len <= FF_TEMPLATE_LINE)
            s.items[i] = (struct ff_span) { text[i], ff_percent_decode(raw, text[i]) };
    }
    const uint32_t found = find(routes, 0, &s, 0);
    return found ? routes->keys[found - 1] : FF_SPAN("");
}

bool ff_routes_have(const struct ff_routes *routes, struct ff_span key)
{
    for (uint32_t i = 0; i < routes->n; i++)
        if (ff_span_equal(routes->keys[i], key))
            return true;
    return false;
}

/* A file being compiled. */
struct compiler {
    struct ff_routes *routes;
    const char *name;
    const struct ff_scrub *scrub;
    struct ff_fault *fault;
    uint32_t line_number;
    struct ff_span line;
};

enum { SHOWN_BEFORE = 60, SHOWN_MOST = 40 };

static size_t column_of(struct ff_span line, size_t at)
{
    size_t column = 1;
    for (size_t i = 0; i < at; i++)
        column += ((unsigned char)line.data[i] & 0xC0) != 0x80;
    return column;
}

/* With the line up to what is wrong, if that may be seen. */
static enum ff_err refuse(const struct compiler *c,
                          const struct ff_template_fault *where, bool is_shown)
{
    size_t from = where->at > SHOWN_BEFORE ? where->at - SHOWN_BEFORE : 0;
    size_t end = where->at + (where->len < SHOWN_MOST ? where->len : SHOWN_MOST);
    while (from < where->at && ((unsigned char)c->line.data[from] & 0xC0) == 0x80)
        from++;
    while (end < c->line.len && ((unsigned char)c->line.data[end] & 0xC0) == 0x80)
        end++;
    end = end < c->line.len ? end : c->line.len;
    const struct ff_span shown = { c->line.data + from, end - from };
    return ff_fault_set(c->fault, FF_ERR_USAGE, "%.120s:%" PRIu32 ":%zu: %s%s%s%.*s%s",
                        c->name, c->line_number, column_of(c->line, where->at),
                        where->why, is_shown ? ": " : "", is_shown && from ? "..." : "",
                        is_shown ? (int)shown.len : 0, shown.data,
                        is_shown ? " <- here" : "");
}

static enum ff_err check_bytes(const struct compiler *c)
{
    struct ff_utf8 utf8 = { 0 };
    size_t start = 0;
    for (size_t i = 0; i < c->line.len; i++) {
        start = utf8.missing == 0 ? i : start;
        const bool is_utf8 = ff_utf8_feed(&utf8, (unsigned char)c->line.data[i]) &&
                             (utf8.missing == 0 || i + 1 < c->line.len);
        const bool is_unsafe = is_utf8 && utf8.missing == 0 && utf8.code != '\t' &&
                               ff_utf8_is_unsafe(utf8.code);
        const struct ff_template_fault where = {
            is_utf8 ? "a control character; a routes file is plain text"
                    : "this is no UTF-8; a routes file is plain text",
            start, 1
        };
        if (!is_utf8 || is_unsafe)
            return refuse(c, &where, false);
    }
    const struct ff_template_fault long_line = { "the line is longer than 1024 bytes",
                                                 FF_TEMPLATE_LINE, 1 };
    return c->line.len > FF_TEMPLATE_LINE ? refuse(c, &long_line, false) : FF_OK;
}

/* Whether part `a` says more than `b`. */
static bool is_closer(const struct ff_template_segment *a, const struct node *b)
{
    const size_t of_a = a->before.len + a->after.len;
    const size_t of_b = b->before.len + b->after.len;
    return of_a != of_b ? of_a > of_b : a->before.len > b->before.len;
}

static bool is_same_part(const struct ff_template_segment *a, const struct node *b)
{
    return ff_span_equal(a->before, b->before) && ff_span_equal(a->after, b->after);
}

/* The link to the child of `at` for a segment; it holds 0 where there is none yet. */
static uint32_t *link_of(struct ff_routes *r, uint32_t at,
                         const struct ff_template_segment *segment)
{
    if (segment->kind == FF_TEMPLATE_ANY)
        return &r->nodes[at].any;
    if (segment->kind == FF_TEMPLATE_LITERAL)
        return &r->slots[slot_of(r, at, segment->before)];
    uint32_t *link = &r->nodes[at].parts;
    while (*link && !is_same_part(segment, &r->nodes[*link]) &&
           !is_closer(segment, &r->nodes[*link]))
        link = &r->nodes[*link].next_part;
    return link;
}

static bool is_there(const struct ff_routes *r, uint32_t child,
                     const struct ff_template_segment *segment)
{
    return child && (segment->kind != FF_TEMPLATE_PART ||
                     is_same_part(segment, &r->nodes[child]));
}

/* The child of `at` for a segment, made if need be; 0 when memory ran out. */
static uint32_t child_of(struct ff_routes *r, uint32_t at,
                         const struct ff_template_segment *segment)
{
    uint32_t *const link = link_of(r, at, segment);
    if (is_there(r, *link, segment))
        return *link;
    const uint32_t child = (uint32_t)r->n_nodes;
    const struct node node = { .before = ff_arena_copy(&r->texts, segment->before),
                               .after = ff_arena_copy(&r->texts, segment->after),
                               .parent = at,
                               .next_part = *link };
    if (!node.before.data || !node.after.data)
        return 0;
    r->nodes[child] = node;
    r->n_nodes++;
    *link = child;
    return child;
}

static enum ff_err add(const struct compiler *c, const struct ff_template *route)
{
    struct ff_routes *const r = c->routes;
    uint32_t at = 0;
    for (size_t i = 0; i < route->n; i++) {
        at = child_of(r, at, &route->segments[i]);
        if (!at)
            return ff_fault_nomem(c->fault);
    }
    uint32_t *const end = route->has_tail ? &r->nodes[at].tail : &r->nodes[at].end;
    char why[64];
    const size_t slash = ff_span_find(c->line, '/');
    struct ff_template_fault where = { why, slash, c->line.len - slash };
    if (*end) {
        snprintf(why, sizeof why, "the same paths as line %" PRIu32,
                 r->lines[*end - 1]);
        return refuse(c, &where, true);
    }
    where.why = "more than 4096 templates";
    if (r->n == FF_ROUTES_MOST)
        return refuse(c, &where, true);
    r->keys[r->n] =
        ff_arena_copy(&r->texts, (struct ff_span) { route->key, route->key_len });
    r->lines[r->n] = c->line_number;
    *end = r->n + 1;
    return r->keys[r->n++].data ? FF_OK : ff_fault_nomem(c->fault);
}

static enum ff_err take_line(const struct compiler *c)
{
    struct ff_template route;
    struct ff_template_fault where;
    bool is_route;
    FF_TRY(check_bytes(c));
    const enum ff_err err =
        ff_template_read(c->line, c->scrub, &route, &is_route, &where, c->fault);
    if (err == FF_ERR_USAGE)
        return refuse(c, &where, true);
    return err || !is_route ? err : add(c, &route);
}

/* Room for every segment that the text can have. */
static enum ff_err make_room(struct ff_routes *r, struct ff_span text,
                             struct ff_fault *fault)
{
    size_t n = 1;
    for (size_t i = 0; i < text.len && n <= FF_ROUTES_MOST * FF_PATH_DEPTH; i++)
        n += text.data[i] == '/';
    /* A template too many is found out before its nodes are made, or right after. */
    n += FF_PATH_DEPTH;
    for (r->mask = 63; r->mask < 2 * n; r->mask = 2 * r->mask + 1)
        continue;
    r->nodes = calloc(n, sizeof *r->nodes);
    r->slots = calloc(r->mask + 1, sizeof *r->slots);
    r->keys = calloc(FF_ROUTES_MOST, sizeof *r->keys);
    r->lines = calloc(FF_ROUTES_MOST, sizeof *r->lines);
    r->n_nodes = 1;
    ff_arena_init(&r->texts, 4096, (size_t)8 << 20);
    return r->nodes && r->slots && r->keys && r->lines ? FF_OK : ff_fault_nomem(fault);
}

static enum ff_err compile_lines(struct compiler *c, struct ff_span text)
{
    const bool is_utf16 = ff_span_starts(text, FF_SPAN("\xFF\xFE")) ||
                          ff_span_starts(text, FF_SPAN("\xFE\xFF"));
    if (is_utf16)
        return ff_fault_set(c->fault, FF_ERR_USAGE,
                            "%.120s: is UTF-16; save it as UTF-8", c->name);
    if (ff_span_starts(text, FF_SPAN("\xEF\xBB\xBF")))
        text = ff_span_from(text, 3);
    while (text.len > 0) {
        c->line = (struct ff_span) { text.data, ff_span_find(text, '\n') };
        text = ff_span_from(text, c->line.len + 1);
        if (ff_span_ends(c->line, FF_SPAN("\r")))
            c->line.len--;
        c->line_number++;
        FF_TRY(take_line(c));
    }
    return FF_OK;
}

enum ff_err ff_routes_compile(struct ff_routes **out, const char *name,
                              struct ff_span text, const struct ff_scrub *scrub,
                              struct ff_fault *fault)
{
    *out = NULL;
    struct ff_routes *routes = calloc(1, sizeof *routes);
    if (!routes)
        return ff_fault_nomem(fault);
    struct compiler c = {
        .routes = routes, .name = name, .scrub = scrub, .fault = fault
    };
    enum ff_err err = make_room(routes, text, fault);
    if (!err)
        err = compile_lines(&c, text);
    if (err) {
        ff_routes_destroy(routes);
        return err;
    }
    *out = routes;
    return FF_OK;
}

enum ff_err ff_routes_load(struct ff_routes **out, const char *path,
                           const struct ff_scrub *scrub, struct ff_fault *fault)
{
    *out = NULL;
    FILE *file = fopen(path, "re");
    if (!file)
        return ff_fault_set(fault, FF_ERR_IO, "%.200s: %s", path, strerror(errno));
    char *text = malloc(FF_ROUTES_BYTES + 1);
    const size_t len = text ? fread(text, 1, FF_ROUTES_BYTES + 1, file) : 0;
    enum ff_err err = FF_OK;
    if (!text)
        err = ff_fault_nomem(fault);
    else if (ferror(file))
        err = ff_fault_set(fault, FF_ERR_IO, "%.200s: %s", path, strerror(errno));
    else if (len > FF_ROUTES_BYTES)
        err = ff_fault_set(fault, FF_ERR_USAGE,
                           "%.200s: larger than 1 MiB, which no routes file is", path);
    else
        err =
            ff_routes_compile(out, path, (struct ff_span) { text, len }, scrub, fault);
    free(text);
    fclose(file);
    return err;
}

void ff_routes_destroy(struct ff_routes *routes)
{
    if (!routes)
        return;
    ff_arena_clear(&routes->texts);
    free(routes->lines);
    free(routes->keys);
    free(routes->slots);
    free(routes->nodes);
    free(routes);
}
