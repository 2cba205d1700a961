/* The walk over a line's marks gives what the scanner gives, whatever it remembers of
 * lines before, for lines as logs have them, for others, and for what is no JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hand_random.h"
#include "json_walk.h"

#define TEXT_MAX 4096

static struct ff_json_paths paths;
static struct ff_json_walk walk;
static size_t by_shape; /* how often a line was read so, in one of the ways */

static int add_paths(void **state)
{
    (void)state;
    static const char *const some[] = {
        "status", "ts",       "a",       "a.b",
        "a.b.c",  "msg",      "request", "request.headers.User-Agent",
        "x\\.y",  "arr.b",    "uri",     "request.headers",
        "size",   "duration",
    };
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        struct ff_fault fault;
        unsigned number;
        if (ff_json_paths_add(&paths, ff_span_of(some[i]), &number, &fault))
            return 1;
    }
    return 0;
}

/* A text with the marks that a way finds in it. */
static struct ff_marked_line mark(struct ff_span text, ff_marks_find *find,
                                  struct ff_marks *marks)
{
    return (struct ff_marked_line) { .text = text,
                                     .base = text.data,
                                     .marks = marks->at,
                                     .n_marks = find(text, marks) };
}

static void check_values(const struct ff_json_found *got,
                         const struct ff_json_found *want)
{
    assert_int_equal(got->present, want->present);
    assert_int_equal(got->objects & got->present, want->objects & want->present);
    for (unsigned i = 0; i < paths.n_paths; i++) {
        const struct ff_json_value *a = &got->values[i], *b = &want->values[i];
        if (!(want->present >> i & 1) || want->objects >> i & 1)
            continue;
        assert_ptr_equal(a->text.data, b->text.data);
        assert_int_equal(a->text.len, b->text.len);
        assert_int_equal(a->has_escapes, b->has_escapes);
    }
}

/* Reads the text in all ways there are. Says whether the walk could; then it is JSON.
 */
static bool check(struct ff_span text)
{
    static struct ff_json_found want, got;
    static struct ff_marks at;
    struct ff_marks_way ways[FF_MARKS_WAYS];
    size_t where;
    bool is_read = false;
    /* In memory of just its size, so that sanitizers see a read past its end. */
    char *copy = malloc(text.len ? text.len : 1);
    assert_non_null(copy);
    memcpy(copy, text.data, text.len);
    text.data = copy;
    const bool is_json = ff_json_scan(&paths, text, &want, &where);
    ff_marks_ways(ways);
    for (size_t i = 0; i < FF_MARKS_WAYS; i++) {
        if (!ways[i].find)
            continue;
        const struct ff_marked_line line = mark(text, ways[i].find, &at);
        is_read = ff_json_walk(&walk, &paths, &line, &got);
        if (!is_read)
            continue;
        if (!is_json)
            fail_msg("no JSON is read: %.*s", (int)text.len, text.data);
        check_values(&got, &want);
        if (!ff_json_shape_read(&walk.shape, &line, &got))
            continue;
        check_values(&got, &want);
        by_shape++;
    }
    free(copy);
    return is_read;
}

struct text {
    char bytes[TEXT_MAX];
    size_t len;
};

static void put(struct text *text, const char *piece)
{
    const size_t len = strlen(piece);
    assert_true(text->len + len <= sizeof text->bytes);
    memcpy(text->bytes + text->len, piece, len);
    text->len += len;
}

/* One of a table; mostly the first. */
#define ONE_OF(random, table)                                                          \
    (table)[hand_below(random, 2)                                                      \
                ? 0                                                                    \
                : hand_below(random, sizeof(table) / sizeof *(table))]

static const char *const spaces[] = { "", "", "", " ", "  ", "\t", " \r\n" };

static void put_value(struct text *text, struct hand_random *random, unsigned depth);

static void put_members(struct text *text, struct hand_random *random, unsigned depth)
{
    static const char *const keys[] = {
        "a",
        "b",
        "c",
        "status",
        "request",
        "headers",
        "User-Agent",
        "uri",
        "ts",
        "arr",
        "x.y",
        "",
        "msg",
        "\\u0061",
        "\\\"",
        "size",
        "a key that nobody asked for",
        "duration",
        ("a key that is too long to be remembered, which is read each time it comes up "
         "by the grammar or not at all"),
    };
    const uint64_t n = hand_below(random, 6);
    put(text, "{");
    for (uint64_t i = 0; i < n && text->len < TEXT_MAX / 2; i++) {
        put(text, i ? "," : "");
        put(text, ONE_OF(random, spaces));
        put(text, "\"");
        put(text, keys[hand_below(random, sizeof keys / sizeof *keys)]);
        put(text, "\"");
        put(text, ONE_OF(random, spaces));
        put(text, ":");
        put(text, ONE_OF(random, spaces));
        put_value(text, random, depth);
        put(text, ONE_OF(random, spaces));
    }
    put(text, "}");
}

static void put_elements(struct text *text, struct hand_random *random, unsigned depth)
{
    const uint64_t n = hand_below(random, 4);
    put(text, "[");
    for (uint64_t i = 0; i < n && text->len < TEXT_MAX / 2; i++) {
        put(text, i ? "," : "");
        put(text, ONE_OF(random, spaces));
        put_value(text, random, depth);
    }
    put(text, "]");
}

static void put_value(struct text *text, struct hand_random *random, unsigned depth)
{
    static const char *const strings[] = {
        "\"GET /x HTTP/1.1\"",
        "\"\"",
        "\"-\"",
        "\"a \\\"quoted\\\" word\"",
        "\"\\\\\"",
        "\"\\u00e9\\x22\\n\"",
        "\"\xc3\xa9\xff\"",
        "\"/a?b=c&d=%20,{}[]:\"",
        "\"\\\\\\\"\"",
    };
    static const char *const scalars[] = {
        "200",   "0",   "12",  "-1.5", "1772409602.001",
        "0.042", "1e9", "-0",  "true", "false",
        "null",  "01",  "1.",  "-",    "tru",
        "nulll", "0x1", "1 2", "",
    };
    const uint64_t kind = hand_below(random, depth ? 8 : 6);
    if (kind < 3)
        put(text, ONE_OF(random, strings));
    else if (kind < 6)
        put(text, hand_below(random, 4) ? scalars[hand_below(random, 8)]
                                        : ONE_OF(random, scalars));
    else if (kind == 6)
        put_members(text, random, depth - 1);
    else
        put_elements(text, random, depth - 1);
}

static void any_object_is_read_alike(void **state)
{
    (void)state;
    struct hand_random random = { 11 };
    unsigned read = 0;
    static struct text text;
    for (int i = 0; i < 30000; i++) {
        text.len = 0;
        put(&text, ONE_OF(&random, spaces));
        put_members(&text, &random, 4);
        put(&text, ONE_OF(&random, spaces));
        /* Twice: the second time its steps are known. */
        check((struct ff_span) { text.bytes, text.len });
        read += check((struct ff_span) { text.bytes, text.len });
    }
    assert_true(read > 15000);
}

/* Lines of a log, some of them damaged: cut off, or with a byte changed. */
static void damaged_lines_are_read_alike(void **state)
{
    (void)state;
    static const char bytes[] = "\"\\{}[]:,0 a\t\n\x01\x7f\xff";
    struct hand_random random = { 12 };
    unsigned read = 0;
    for (int i = 0; i < 60000; i++) {
        static char line[TEXT_MAX];
        const int full = snprintf(
            line, sizeof line,
            "{\"ts\":%u.%03u,\"request\":{\"uri\":\"/p/"
            "%u\",\"headers\":{\"User-Agent\":"
            "[\"Firefox %u\"],\"Accept\":[\"*/*\",\"a\"]}},\"a\":{\"b\":{\"c\":%s}},"
            "\"size\":%u,\"status\":200}",
            (unsigned)hand_below(&random, 2000000000),
            (unsigned)hand_below(&random, 1000), (unsigned)hand_below(&random, 100),
            (unsigned)hand_below(&random, 100), i % 2 ? "null" : "\"x\"",
            (unsigned)hand_below(&random, 100000));
        size_t len = (size_t)full;
        const uint64_t damage = hand_below(&random, 4);
        if (damage == 0)
            len = hand_below(&random, len);
        if (damage == 1 || damage == 2)
            line[hand_below(&random, len)] =
                bytes[hand_below(&random, sizeof bytes - 1)];
        read += check((struct ff_span) { line, len });
    }
    assert_true(read > 22000);
}

/* A value without marks for `kind`: '$' in a string, '#' a scalar. Mostly usual ones.
 */
static void put_plain(struct text *text, struct hand_random *random, char kind)
{
    static const char bytes[] = "aZ09 ,:{}[]/-\x7f\x80\xff";
    static const char *const odd[] = { "0",    "-1", "0.5",   "1e9",      "true",
                                       "null", "-0", "false", "12345678", "123456789" };
    const uint64_t len = hand_below(random, 12);
    char some[32];
    if (kind == '#' && hand_below(random, 4) == 0) {
        put(text, odd[hand_below(random, sizeof odd / sizeof *odd)]);
        return;
    }
    for (uint64_t i = 0; i < len; i++)
        some[i] = bytes[hand_below(random, sizeof bytes - 1)];
    some[len] = '\0';
    if (kind == '#')
        (void)snprintf(some, sizeof some, "%llu",
                       (unsigned long long)hand_next(random) >> hand_below(random, 64));
    put(text, some);
}

static void put_shape(struct text *text, struct hand_random *random, const char *shape)
{
    text->len = 0;
    for (; *shape; shape++) {
        if (*shape == '$' || *shape == '#')
            put_plain(text, random, *shape);
        else
            put(text, (char[]) { *shape, '\0' });
    }
}

/* Some of the line's bytes are others, or gone, or there twice. */
static void damage(struct text *text, struct hand_random *random)
{
    static const char bytes[] = "\"\\{}[]:,0129 a-.e\t\x01\x7f\xff";
    for (uint64_t n = 1 + hand_below(random, 2); n > 0 && text->len > 1; n--) {
        char *at = text->bytes + hand_below(random, text->len);
        const size_t behind = (size_t)(text->bytes + text->len - at);
        switch (hand_below(random, 8)) {
        case 0:
            text->len -= behind;
            break;
        case 1:
            memmove(at, at + 1, behind - 1);
            text->len--;
            break;
        case 2:
            memmove(at + 1, at, behind);
            text->len++;
            break;
        default:
            *at = bytes[hand_below(random, sizeof bytes - 1)];
        }
    }
}

static void put_many(struct text *text, unsigned n)
{
    put(text, "{");
    for (unsigned i = 0; i < n; i++) {
        put(text, i ? ",\"" : "\"");
        put(text, (char[]) { (char)('A' + i / 26), (char)('a' + i % 26), '\0' });
        put(text, i % 3 ? "\":#" : "\":\"$\"");
    }
    put(text, "}");
}

/* Lines that are alike, and, once their shape is known, also damaged ones. */
static void check_shape(struct hand_random *random, const char *shape, bool has_shape)
{
    struct text text;
    for (unsigned i = 0; i < 2 * FF_JSON_ALIKE; i++) {
        put_shape(&text, random, shape);
        assert_true(check((struct ff_span) { text.bytes, text.len }));
    }
    by_shape = 0;
    for (unsigned i = 0; i < 2000; i++) {
        put_shape(&text, random, shape);
        assert_true(check((struct ff_span) { text.bytes, text.len }));
        damage(&text, random);
        (void)check((struct ff_span) { text.bytes, text.len });
    }
    if (has_shape)
        assert_true(by_shape >= 2000);
    else
        assert_int_equal(by_shape, 0);
}

static void lines_of_one_shape_are_read_alike(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool has_shape;
    } shapes[] = {
        { "{\"ts\":#,\"request\":{\"uri\":\"$\",\"headers\":{\"User-Agent\":"
          "[\"$\"]}},\"size\":#,\"status\":#}",
          true },
        { "{\"status\": #, \"msg\": \"$\", \"a\": {\"b\": {\"c\": \"$\"}}}", true },
        { " {\"a\":\"$\",\"a\":\"$\",\"x.y\":[\"$\",#,\"$\"],\"arr\":#} ", true },
        { "{\t\"a\"\t:\t#\t,\t\"b\"\t:\t#\t,\"status\":\"$\"\t}", true },
        { "{\"a\":{\"b\":#},\"a\":{\"c\":\"$\"},\"a\":\"$\",\"ts\":#,\"arr\":{}}",
          true },
        { "{\"msg\":\"$\",\"a key of just enough bytes\":\"$\",\"status\":#}", true },
        { "{\"msg\":\"$\",\"a key of one byte more than\":\"$\",\"status\":#}", false },
        { "{\"msg\":\"$\",\"arr\":[#,#],\"status\":#,\"uri\":\"$\"}", false },
        { "{}", false },
        { "{                              }", false },
    };
    struct hand_random random = { 13 };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        check_shape(&random, shapes[i].line, shapes[i].has_shape);
    for (unsigned n = FF_JSON_GAPS - 2; n < FF_JSON_GAPS + 1; n++) {
        struct text many = { .len = 0 };
        put_many(&many, n);
        many.bytes[many.len] = '\0';
        check_shape(&random, many.bytes, n < FF_JSON_GAPS);
    }
}

/* More kinds of context than there is room for, deep ones too. */
static void memory_that_is_full_is_emptied(void **state)
{
    (void)state;
    unsigned read = 0;
    for (unsigned i = 0; i < 4 * FF_JSON_CONTEXTS; i++) {
        struct text text = { .len = 0 };
        put(&text, "{\"a\":");
        for (unsigned k = 0; k < 8; k++)
            put(&text, i >> k & 1 ? "[" : "{\"b\":");
        put(&text, "\"x\"");
        for (unsigned k = 8; k-- > 0;)
            put(&text, i >> k & 1 ? "]" : "}");
        put(&text, "}");
        const struct ff_span span = { text.bytes, text.len };
        read += check(span);
    }
    assert_in_range(read, 2 * FF_JSON_CONTEXTS, 4 * FF_JSON_CONTEXTS);
    assert_true(check(FF_SPAN("{\"a\":1}")));
    for (size_t depth = FF_JSON_DEPTH_MAX - 1; depth < FF_JSON_DEPTH_MAX + 2; depth++) {
        struct text text = { .len = 0 };
        for (size_t i = 0; i < depth; i++)
            put(&text, "{\"a\":");
        put(&text, "1");
        for (size_t i = 0; i < depth; i++)
            put(&text, "}");
        const bool is_read = check((struct ff_span) { text.bytes, text.len });
        /* As few bytes as that are a step: what is deeper is not for the walk. */
        assert_true(!is_read || depth <= FF_JSON_DEPTH_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_object_is_read_alike),
        cmocka_unit_test(damaged_lines_are_read_alike),
        cmocka_unit_test(lines_of_one_shape_are_read_alike),
        cmocka_unit_test(memory_that_is_full_is_emptied),
    };
    return cmocka_run_group_tests(tests, add_paths, NULL);
}
