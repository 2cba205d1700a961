/* What is JSON and what is not; and cases/json.cases: what is in the table is what the
 * formats give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "formats.h"
#include "hand_random.h"
#include "json_scan.h"

#define TEXT_MAX 4096

static const struct ff_json_paths no_paths;

static void scan_gives(struct ff_span text, bool want, size_t want_at)
{
    static struct ff_json_found found;
    size_t at;
    /* In memory of just its size, so that sanitizers see a read past its end. */
    char *copy = malloc(text.len ? text.len : 1);
    assert_non_null(copy);
    memcpy(copy, text.data, text.len);
    const bool is_json =
        ff_json_scan(&no_paths, (struct ff_span) { copy, text.len }, &found, &at);
    free(copy);
    if (is_json != want || (!want && at != want_at))
        fail_msg("%.*s: %d at %zu", (int)text.len, text.data, is_json, at);
}

/* The grammar of RFC 8259, section by section; an object is asked for. */
static void json_is_read(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        " \t\r\n{ \t\r\n} \t\r\n",
        "{\"\":0}",
        "{\"a\":null,\"b\":true,\"c\":false}",
        "{\"a\":[]}",
        "{\"a\":[[],{},\"\",0,null]}",
        "{\"a\":{\"b\":{\"c\":{}}}}",
        "{ \"a\" : 1 , \"b\" : [ 1 , 2 ] }",
        "{\"a\":1,\"a\":2}",
        "{\"a\":0}",
        "{\"a\":-0}",
        "{\"a\":-1}",
        "{\"a\":10.01}",
        "{\"a\":0e1}",
        "{\"a\":0.0E+00}",
        "{\"a\":1e-999}",
        "{\"a\":123456789012345678901234567890}",
        "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}",
        "{\"a\":\"\\u0000\\uD83D\\ude00\\uDEAD\"}",
        "{\"a\":\"\x7f \xc3\xa9 \xf0\x9f\x98\x80 /'\"}",
        "{\"\\u0061\":1}",
        "{\"a\":\"[{,:}]\"}",
        /* Taken though it is no JSON: Latin-1 bytes, and nginx's \xHH. */
        "{\"a\":\"\xe9\xff\"}",
        "{\"a\":\"\\x22\\xfF\"}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        scan_gives(ff_span_of(texts[i]), true, 0);
}

static void what_is_no_json_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t at;
    } cases[] = {
        { "", 0 },
        { "   ", 3 },
        { "[]", 0 },
        { "1", 0 },
        { "\"a\"", 0 },
        { "null", 0 },
        { "\xEF\xBB\xBF{}", 0 },
        { "{", 1 },
        { "{}}", 2 },
        { "{} {}", 3 },
        { "{},", 2 },
        { "{,}", 1 },
        { "{\"a\"}", 4 },
        { "{\"a\":}", 5 },
        { "{\"a\":1,}", 7 },
        { "{\"a\":1 \"b\":2}", 7 },
        { "{\"a\" 1}", 5 },
        { "{\"a\"::1}", 5 },
        { "{a:1}", 1 },
        { "{'a':1}", 1 },
        { "{1:1}", 1 },
        { "{\"a\":1", 6 },
        { "{\"a\":\"b", 7 },
        { "{\"a\":\"b\\\"}", 10 },
        { "{\"a\":\"b\tc\"}", 7 },
        { "{\"a\":\"b\x01\"}", 7 },
        { "{\"a\":\"\\a\"}", 6 },
        { "{\"a\":\"\\u12\"}", 6 },
        { "{\"a\":\"\\u12g4\"}", 6 },
        { "{\"a\":\"\\U0041\"}", 6 },
        { "{\"a\":\"\\x4\"}", 6 },
        { "{\"a\":\"\\'\"}", 6 },
        { "{\"a\":\"\\", 6 },
        { "{\"a\":[1,]}", 8 },
        { "{\"a\":[,1]}", 6 },
        { "{\"a\":[1 2]}", 8 },
        { "{\"a\":[1}", 7 },
        { "{\"a\":[", 6 },
        { "{\"a\":{]}", 6 },
        { "{\"a\":01}", 6 },
        { "{\"a\":-}", 6 },
        { "{\"a\":+1}", 5 },
        { "{\"a\":.5}", 5 },
        { "{\"a\":1.}", 7 },
        { "{\"a\":1.e1}", 7 },
        { "{\"a\":1e}", 7 },
        { "{\"a\":1e+}", 8 },
        { "{\"a\":0x1}", 6 },
        { "{\"a\":-01}", 7 },
        { "{\"a\":1_000}", 6 },
        { "{\"a\":NaN}", 5 },
        { "{\"a\":Infinity}", 5 },
        { "{\"a\":-Infinity}", 6 },
        { "{\"a\":True}", 5 },
        { "{\"a\":tru}", 5 },
        { "{\"a\":truee}", 9 },
        { "{\"a\":nul}", 5 },
        { "{\"a\":undefined}", 5 },
        { "{\"a\":1 /* b */}", 7 },
        { "{\"a\":1}//", 7 },
        { "{\"a\":\xa0"
          "1}",
          5 },
        { "{\"a\":\"\xe2\x80\x9d}", 10 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        scan_gives(ff_span_of(cases[i].text), false, cases[i].at);
    scan_gives((struct ff_span) { "{\"a\":\"\0\"}", 9 }, false, 6);
    scan_gives((struct ff_span) { "{}\0", 3 }, false, 2);
}

/* Each byte that ends a run, at each place of the blocks that strings are read in. */
static void strings_end_where_they_end(void **state)
{
    (void)state;
    for (size_t len = 0; len < 80; len++) {
        char text[100] = "{\"a\":\"";
        memset(text + 6, 0xE9, len);
        memcpy(text + 6 + len, "\"}", 2);
        scan_gives((struct ff_span) { text, len + 8 }, true, 0);
        for (size_t i = 0; i < len; i++) {
            text[6 + i] = 0x1F;
            scan_gives((struct ff_span) { text, len + 8 }, false, 6 + i);
            text[6 + i] = '"';
            scan_gives((struct ff_span) { text, len + 8 }, false, 7 + i);
            text[6 + i] = (char)0xE9;
        }
    }
}

static void depth_is_bounded(void **state)
{
    (void)state;
    for (size_t depth = 1; depth <= 2 * FF_JSON_DEPTH_MAX; depth++) {
        char text[8 * FF_JSON_DEPTH_MAX] = "{\"a\":";
        size_t n = 5;
        memset(text + n, '[', depth - 1);
        n += depth - 1;
        text[n++] = '1';
        memset(text + n, ']', depth - 1);
        n += depth - 1;
        text[n++] = '}';
        const struct ff_span span = { text, n };
        scan_gives(span, depth <= FF_JSON_DEPTH_MAX, 4 + FF_JSON_DEPTH_MAX);
    }
}

static void paths_are_bounded(void **state)
{
    (void)state;
    static struct ff_json_paths paths;
    struct ff_fault fault;
    unsigned number;
    char text[8];
    for (unsigned i = 0; i < FF_JSON_PATHS_MAX; i++) {
        snprintf(text, sizeof text, "k%u", i);
        assert_int_equal(ff_json_paths_add(&paths, ff_span_of(text), &number, &fault),
                         FF_OK);
        assert_int_equal(number, i);
    }
    assert_int_equal(ff_json_paths_add(&paths, FF_SPAN("k7"), &number, &fault), FF_OK);
    assert_int_equal(number, 7);
    assert_int_equal(ff_json_paths_add(&paths, FF_SPAN("more"), &number, &fault),
                     FF_ERR_USAGE);
}

static void deep_and_long_paths_are_refused(void **state)
{
    (void)state;
    static struct ff_json_paths paths;
    static char text[2048];
    struct ff_fault fault;
    unsigned number;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 2 ? '.' : 'a';
    assert_int_equal(ff_json_paths_add(&paths,
                                       (struct ff_span) { text, sizeof text - 1 },
                                       &number, &fault),
                     FF_ERR_USAGE);
    memset(&paths, 0, sizeof paths);
    memset(text, 'a', sizeof text);
    for (size_t len = 250; len < 260; len++) {
        const enum ff_err err =
            ff_json_paths_add(&paths, (struct ff_span) { text, len }, &number, &fault);
        assert_int_equal(err, len <= FF_JSON_KEY_LEN_MAX ? FF_OK : FF_ERR_USAGE);
    }
}

static const char *const reasons[FF_REJECTS + 1] = {
    [FF_REJECT_NONE] = "none",     [FF_REJECT_SHAPE] = "shape",
    [FF_REJECT_CLIENT] = "client", [FF_REJECT_TIME] = "time",
    [FF_REJECT_STATUS] = "status", [FF_REJECT_SIZE] = "size",
    [FF_REJECT_LONG] = "long",     [FF_REJECT_UNKNOWN] = "unknown",
    [FF_REJECT_BLANK] = "blank",
};

struct text {
    char bytes[TEXT_MAX];
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *text,
                                                      const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int len = vsnprintf(text->bytes + text->len, sizeof text->bytes - text->len,
                              format, args);
    va_end(args);
    assert_true(len >= 0 && text->len + (size_t)len < sizeof text->bytes);
    text->len += (size_t)len;
}

static void put_span(struct text *text, const char *name, struct ff_span span,
                     bool is_there)
{
    if (!is_there && span.len == 0)
        return;
    put(text, "%s%s=", text->len ? " | " : "", name);
    for (size_t i = 0; i < span.len; i++) {
        const unsigned char c = (unsigned char)span.data[i];
        put(text, c >= ' ' && c <= '~' ? "%c" : "{%02X}", c);
    }
}

static void put_record(struct text *text, const struct ff_record *r)
{
    put(text, "time=%lld", (long long)r->time);
    if (r->east)
        put(text, "%+d", r->east);
    put_span(text, "client", r->client, true);
    put_span(text, "method", r->method, false);
    put_span(text, "target", r->target, false);
    put(text, " | status=%u | bytes=%llu", r->status, (unsigned long long)r->bytes);
    put_span(text, "referrer", r->referrer, r->has & FF_HAS_REFERRER);
    put_span(text, "agent", r->agent, r->has & FF_HAS_AGENT);
    put_span(text, "language", r->language, r->has & FF_HAS_LANGUAGE);
    put_span(text, "host", r->vhost, r->has & FF_HAS_VHOST);
    if (r->has & FF_HAS_RESPONSE_TIME)
        put(text, " | us=%llu", (unsigned long long)r->response_us);
    put_span(text, "type", r->content_type, r->has & FF_HAS_CONTENT_TYPE);
    put_span(text, "dest", r->fetch_dest, false);
    put_span(text, "purpose", r->purpose, false);
    put_span(text, "forwarded", r->forwarded, false);
    put(text, "%s", r->opts_out ? " | opts out" : "");
}

static void put_reading(struct text *text, const char *name, const char *spec,
                        struct ff_span line)
{
    struct ff_parser parser;
    struct ff_record record;
    struct ff_fault fault;
    const struct ff_format *format = ff_format_named(name);
    assert_non_null(format);
    if (ff_parser_open(&parser, format, spec, &fault)) {
        put(text, "usage %s", fault.text);
        return;
    }
    /* The second time the order of the keys is known. */
    for (int i = 0; i < 2; i++) {
        text->len = 0;
        const enum ff_reject why = ff_parser_read(&parser, line, &record);
        if (why == FF_REJECT_NONE)
            put_record(text, &record);
        else if (why == FF_REJECT_BLANK)
            put(text, "reject blank");
        else
            put(text, "reject %s %u", reasons[why], parser.column);
    }
    ff_parser_close(&parser);
}

static void put_guess(struct text *text, struct ff_span line)
{
    struct ff_guess guess;
    struct ff_fault fault;
    assert_int_equal(ff_format_guess(line, &guess, &fault), FF_OK);
    put(text, "%s", guess.format ? guess.format->name : "none");
}

static bool check_case(char *name, const char *line, const char *want, unsigned number)
{
    static struct text got;
    char *spec = strchr(name, ' ');
    got = (struct text) { .len = 0 };
    if (spec)
        *spec++ = '\0';
    if (strcmp(name, "guess") == 0)
        put_guess(&got, ff_span_of(line));
    else
        put_reading(&got, name, spec, ff_span_of(line));
    if (strcmp(got.bytes, want) == 0)
        return true;
    print_error("json.cases:%u:\n  want %s\n  got  %s\n", number, want, got.bytes);
    return false;
}

/* The next line that is neither empty nor a remark, without its newline. */
static bool next_line(FILE *file, char *line, unsigned *number)
{
    while (fgets(line, TEXT_MAX, file)) {
        ++*number;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] && line[0] != '#')
            return true;
    }
    return false;
}

static void every_case(void **state)
{
    (void)state;
    static char path[TEXT_MAX], name[TEXT_MAX], line[TEXT_MAX], want[TEXT_MAX];
    const char *source = getenv("FOOTFALL_SOURCE");
    assert_non_null(source);
    snprintf(path, sizeof path, "%s/tests/cases/json.cases", source);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    unsigned number = 0, n = 0, failed = 0;
    for (; next_line(file, name, &number); n++) {
        if (!next_line(file, line, &number) || !next_line(file, want, &number))
            fail_msg("json.cases:%u: three lines a case", number);
        failed += !check_case(name, line, want, number);
    }
    fclose(file);
    assert_true(n > 50);
    assert_int_equal(failed, 0);
}

/* What came after an empty key in one object was expected after it in any other. */
static void an_empty_key_tells_nothing_of_the_next(void **state)
{
    (void)state;
    static struct ff_json_paths paths;
    static struct ff_json_found found;
    struct ff_fault fault;
    unsigned number;
    size_t at;
    assert_int_equal(ff_json_paths_add(&paths, FF_SPAN("a.b"), &number, &fault), FF_OK);
    assert_true(ff_json_scan(&paths, FF_SPAN("{\"a\":{\"\":1,\"b\":2}}"), &found, &at));
    assert_int_equal(found.present, 1);
    assert_true(ff_json_scan(&paths, FF_SPAN("{\"x\":{\"\":1,\"b\":2}}"), &found, &at));
    assert_int_equal(found.present, 0);
}

/* Servers leave out the key of a header that was not sent. If one of the first lines
 * has it, it is a field of all, in whatever order they are read. */
static void a_field_of_the_first_lines_is_there(void **state)
{
    (void)state;
    struct ff_parser parser;
    struct ff_record record;
    struct ff_guess guess;
    struct ff_fault fault;
#define WITHOUT                                                                        \
    "{\"StartUTC\":\"2026-03-02T12:00:00Z\",\"ClientHost\":\"192.0.2.1\","             \
    "\"RequestMethod\":\"GET\",\"RequestPath\":\"/\",\"DownstreamStatus\":200"
    const struct ff_span without = FF_SPAN(WITHOUT "}");
    const struct ff_span with = FF_SPAN(WITHOUT ",\"request_User-Agent\":\"x\"}");
    const struct ff_span text =
        FF_SPAN(WITHOUT "}\n" WITHOUT ",\"request_User-Agent\":\"x\"}\n" WITHOUT "}\n");
    assert_int_equal(ff_format_guess(text, &guess, &fault), FF_OK);
    assert_int_equal(ff_parser_open_guess(&parser, &guess, NULL, &fault), FF_OK);
    assert_int_equal(ff_parser_read(&parser, without, &record), FF_REJECT_NONE);
    assert_true(record.has & FF_HAS_AGENT);
    assert_int_equal(record.agent.len, 0);
    assert_false(record.has & FF_HAS_REFERRER);
    ff_parser_close(&parser);

    assert_int_equal(ff_format_guess(without, &guess, &fault), FF_OK);
    assert_int_equal(ff_parser_open_guess(&parser, &guess, NULL, &fault), FF_OK);
    assert_int_equal(ff_parser_read(&parser, with, &record), FF_REJECT_NONE);
    assert_true(record.has & FF_HAS_AGENT);
    assert_int_equal(ff_parser_read(&parser, without, &record), FF_REJECT_NONE);
    assert_false(record.has & FF_HAS_AGENT);
    ff_parser_close(&parser);
#undef WITHOUT
}

/* What one key of a line may have; the first is as it should be. */
struct member {
    const char *key;
    const char *values[8];
};

static void put_member(struct text *text, struct hand_random *random,
                       const struct member *member, bool is_usual)
{
    size_t n = 0;
    while (n < 8 && member->values[n])
        n++;
    put(text, "%c\"%s\":%s", text->len ? ',' : '{', member->key,
        member->values[is_usual || hand_below(random, 3) ? 0 : hand_below(random, n)]);
}

/* What reading the line by its marks gives. */
static void put_marked(struct text *text, struct ff_parser *parser, struct ff_span line)
{
    static struct ff_cutter cutter;
    struct ff_marked_line marked;
    struct ff_record record;
    ff_cutter_init(&cutter);
    ff_cutter_take(&cutter, line);
    assert_true(ff_cutter_next(&cutter, &marked));
    const enum ff_reject why = ff_parser_read_marked(parser, &marked, &record);
    text->len = 0;
    if (why == FF_REJECT_NONE)
        put_record(text, &record);
    else
        put(text, "%s %u", reasons[why], parser->column);
}

/* A parser that has read other lines, by their marks, gives what one gives that has
 * read none and looks at no marks. */
static void lines_tell_nothing_of_the_next(void **state)
{
    (void)state;
    static const char spec[] = "client=a client=b client=c time=t request=r method=m "
                               "target=u query=q status=s bytes=n bytes=o referrer=f "
                               "agent=g agent=h host=v forwarded=w forwarded=x "
                               "seconds=d milliseconds=e language=l dnt=y";
    static const struct member members[] = {
        { "a", { "\"192.0.2.1\"", "\"-\"", "\"\"", "null", "{}", "\"\\u002d\"" } },
        { "b", { "\"192.0.2.2\"", "\"-\"", "null", "\"192.0.2.\\u0039\"" } },
        { "t", { "1772409602", "\"02/Mar/2026:00:00:02 +0100\"", "\"-\"", "1.5e9" } },
        { "r", { "\"GET /a HTTP/1.1\"", "\"-\"", "\"GET \\/\\\"x HTTP/1.1\"", "{}" } },
        { "m", { "\"POST\"", "\"\"", "\"G\\u0045T\"" } },
        { "u", { "\"/b\"", "null", "\"/\\u00e9\"", "[\"/c\",\"/d\"]" } },
        { "q", { "\"c=d\"", "\"?e\"", "\"\\u003f\"", "\"-\"" } },
        { "s", { "200", "\"404\"", "0", "20", "\"2\\u00300\"" } },
        { "n", { "15984", "\"-\"", "null", "\"12345678\"", "1e3", "-1" } },
        { "o", { "1", "123456789", "\"x\"" } },
        { "f", { "\"-\"", "\"https://www.example.org/\"", "\"\\\\\"" } },
        { "g", { "\"Firefox\"", "\"-\"", "null", "{\"h\":\"x\"}" } },
        { "h", { "\"Chrome\"", "\"\"", "\"\\\"\"" } },
        { "v", { "\"www.example.org\"", "\"192.0.2.3\"", "\"-\"", "\"\\u002d\"" } },
        { "w", { "\"192.0.2.4, 10.0.0.1\"", "\"-\"", "\"\\u002d\"", "null" } },
        { "x", { "\"192.0.2.5\"", "\"-\"", "{}" } },
        { "d", { "0.25", "\"17ms\"", "\"-\"" } },
        { "e", { "12", "\"-\"", "\"\"" } },
        { "l", { "\"de\"", "\"-\"", "null", "\"d\\u0065\"" } },
        { "y", { "0", "\"1\"", "\"\\u0031\"", "null" } },
        { "z", { "true", "\"z\"", "[1,2]" } },
    };
    enum { MEMBERS = sizeof members / sizeof *members };
    const struct ff_format *format = ff_format_named("json");
    struct hand_random random = { 14 };
    struct ff_parser kept;
    struct ff_fault fault;
    unsigned records = 0;
    assert_int_equal(ff_parser_open(&kept, format, spec, &fault), FF_OK);
    for (int shape = 0; shape < 20; shape++) {
        /* Few are left out, and the same ones for a while. */
        uint64_t out = hand_next(&random) & hand_next(&random) & hand_next(&random);
        for (int i = 0; i < 900; i++) {
            struct ff_parser fresh;
            struct text line = { .len = 0 }, want, got;
            if (i % 300 == 220)
                out ^= (uint64_t)1 << hand_below(&random, MEMBERS);
            for (size_t k = 0; k < MEMBERS; k++)
                if (!(out >> k & 1))
                    put_member(&line, &random, &members[k], i % 300 < 150);
            put(&line, "%s", line.len ? "}\n" : "{}\n");
            const struct ff_span text = { line.bytes, line.len };
            assert_int_equal(ff_parser_open(&fresh, format, spec, &fault), FF_OK);
            fresh.usual = NULL;
            put_marked(&want, &fresh, text);
            put_marked(&got, &kept, text);
            ff_parser_close(&fresh);
            records += memcmp(want.bytes, "time", 4) == 0;
            assert_string_equal(got.bytes, want.bytes);
        }
    }
    ff_parser_close(&kept);
    assert_in_range(records, 9000, 17000);
}

/* The longest line, all of it escapes: it fits into the scratch memory. */
static void the_longest_line_is_read(void **state)
{
    (void)state;
    static const char head[] =
        "{\"msec\":1,\"remote_addr\":\"\\u0031.2.3.4\",\"status\":\"\\u003200\","
        "\"request_method\":\"GET\",\"args\":\"\\u0061\",\"uri\":\"/";
    struct ff_parser parser;
    struct ff_record record;
    struct ff_fault fault;
    char *line = malloc(FF_LINE_MAX + 1);
    assert_non_null(line);
    memset(line, '\\', FF_LINE_MAX);
    memcpy(line, head, sizeof head - 1);
    if ((FF_LINE_MAX - 2 - (sizeof head - 1)) % 2)
        line[sizeof head - 1] = '/';
    memcpy(line + FF_LINE_MAX - 2, "\"}", 2);
    assert_int_equal(
        ff_parser_open(&parser, ff_format_named("nginx_json"), NULL, &fault), FF_OK);
    const struct ff_span longest = { line, FF_LINE_MAX };
    assert_int_equal(ff_parser_read(&parser, longest, &record), FF_REJECT_NONE);
    assert_true(record.target.len > FF_LINE_MAX - sizeof head - 2);
    assert_true(ff_span_ends(record.target, FF_SPAN("\\?a")));
    const struct ff_span longer = { line, FF_LINE_MAX + 1 };
    line[FF_LINE_MAX] = ' ';
    assert_int_equal(ff_parser_read(&parser, longer, &record), FF_REJECT_LONG);
    ff_parser_close(&parser);
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_read),
        cmocka_unit_test(what_is_no_json_says_where),
        cmocka_unit_test(strings_end_where_they_end),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(paths_are_bounded),
        cmocka_unit_test(deep_and_long_paths_are_refused),
        cmocka_unit_test(every_case),
        cmocka_unit_test(an_empty_key_tells_nothing_of_the_next),
        cmocka_unit_test(a_field_of_the_first_lines_is_there),
        cmocka_unit_test(lines_tell_nothing_of_the_next),
        cmocka_unit_test(the_longest_line_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
