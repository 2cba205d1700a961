/* The server format: cases/server.cases, the strings of the common log format family
 * against their hand-written parsers, what is guessed, and files of several formats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "hand_random.h"
#include "server_format.h"

#define TEXT_MAX 4096

static const char *const reasons[FF_REJECTS + 1] = {
    [FF_REJECT_SHAPE] = "shape",   [FF_REJECT_TIME] = "time",
    [FF_REJECT_SIZE] = "size",     [FF_REJECT_BLANK] = "blank",
    [FF_REJECT_STATUS] = "status",
};

/* Text that is appended to; too much is a failure. */
struct text {
    char bytes[TEXT_MAX];
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *text,
                                                      const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(text->bytes + text->len, sizeof text->bytes - text->len,
                            format, args);
    va_end(args);
    assert_in_range(n, 0, sizeof text->bytes - text->len - 1);
    text->len += (size_t)n;
}

static void put_field(struct text *text, const char *name, struct ff_span field)
{
    if (field.len)
        put(text, " | %s%.*s", name, (int)field.len, field.data);
    else if (!*name)
        put(text, " | -");
}

static void put_record(struct text *text, const struct ff_record *r)
{
    struct tm tm;
    char time[32];
    assert_non_null(gmtime_r(&(time_t) { r->time }, &tm));
    strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", &tm);
    put(text, "%s", time);
    put_field(text, "", r->client);
    put_field(text, "", r->method);
    put_field(text, "", r->target);
    put(text, " | %03u | %llu", r->status, (unsigned long long)r->bytes);
    put_field(text, "referrer=", r->referrer);
    put_field(text, "agent=", r->agent);
    put_field(text, "language=", r->language);
    put_field(text, "host=", r->vhost);
    put_field(text, "type=", r->content_type);
    put_field(text, "dest=", r->fetch_dest);
    put_field(text, "purpose=", r->purpose);
    put_field(text, "forwarded=", r->forwarded);
    if (r->has & FF_HAS_RESPONSE_TIME)
        put(text, " | us=%llu", (unsigned long long)r->response_us);
    if (r->opts_out)
        put(text, " | opts out");
}

/* Opens a preset by its name, else the string. */
static enum ff_err open_spec(struct ff_parser *parser, const char *spec,
                             struct ff_fault *fault)
{
    const struct ff_format *preset = ff_format_named(spec);
    return ff_parser_open(parser, preset ? preset : &ff_server_format,
                          preset ? NULL : spec, fault);
}

static void put_result(struct text *text, const char *spec, struct ff_span line)
{
    struct ff_parser parser;
    struct ff_record record;
    struct ff_fault fault;
    text->len = 0;
    const enum ff_err err = open_spec(&parser, spec, &fault);
    if (err) {
        assert_int_equal(err, FF_ERR_USAGE);
        put(text, "refused %s", fault.text);
        return;
    }
    const enum ff_reject why = ff_parser_read(&parser, line, &record);
    if (why == FF_REJECT_NONE)
        put_record(text, &record);
    else
        put(text, "reject %s %u", reasons[why], parser.column);
    ff_parser_close(&parser);
}

/* {{0A}} in `line` becomes the byte; in place. */
static size_t undo_braces(char *line)
{
    size_t n = 0;
    for (const char *from = line; *from;) {
        if (strncmp(from, "{{", 2) != 0) {
            line[n++] = *from++;
            continue;
        }
        char *end;
        line[n++] = (char)strtoul(from + 2, &end, 16);
        assert_true(end == from + 4 && strncmp(end, "}}", 2) == 0);
        from = end + 2;
    }
    line[n] = '\0';
    return n;
}

/* The next line that is no remark and not empty; false at the end. */
static bool next_line(FILE *file, char line[TEXT_MAX], unsigned *number)
{
    while (fgets(line, TEXT_MAX, file)) {
        (*number)++;
        const size_t len = strcspn(line, "\n");
        assert_true(line[len] == '\n');
        line[len] = '\0';
        if (len > 0 && !(line[0] == '#' && line[1] == ' '))
            return true;
    }
    return false;
}

static void every_case(void **state)
{
    (void)state;
    static char path[TEXT_MAX], spec[TEXT_MAX], line[TEXT_MAX], want[TEXT_MAX];
    static struct text got;
    const char *source = getenv("FOOTFALL_SOURCE");
    assert_non_null(source);
    snprintf(path, sizeof path, "%s/tests/cases/server.cases", source);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    unsigned number = 0, n = 0, failed = 0;
    for (; next_line(file, spec, &number); n++) {
        if (!next_line(file, line, &number) || !next_line(file, want, &number))
            fail_msg("server.cases:%u: three lines a case", number);
        undo_braces(spec);
        const size_t len = undo_braces(line);
        put_result(&got, spec, (struct ff_span) { line, len });
        if (strcmp(got.bytes, want) == 0)
            continue;
        print_error("server.cases:%u\n  want %s\n  got  %s\n", number, want, got.bytes);
        failed++;
    }
    fclose(file);
    assert_true(n > 90);
    assert_int_equal(failed, 0);
}

/* Each with its hand-written parser's name. */
static const char *const family[][2] = {
    { "common", "%h %l %u %t \"%r\" %>s %b" },
    { "combined", "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"" },
    { "combined", "$remote_addr - $remote_user [$time_local] \"$request\" $status "
                  "$body_bytes_sent \"$http_referer\" \"$http_user_agent\"" },
    { "combined_language",
      "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" "
      "\"%{Accept-Language}i\"" },
    { "vhost_combined",
      "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"" },
};

static const char *pick(struct hand_random *random, const char *const *from, size_t n)
{
    return from[hand_below(random, n)];
}
#define PICK(random, ...)                                                              \
    pick(random, (const char *const[]) { __VA_ARGS__ },                                \
         sizeof((const char *const[]) { __VA_ARGS__ }) / sizeof(const char *))

/* A line of the family's format `k`, as servers write them and a little worse. */
static void make_line(struct text *text, struct hand_random *random, size_t k)
{
    text->len = 0;
    if (k == 4)
        put(text, "%s:%s ", PICK(random, "example.com", "a.b"),
            PICK(random, "80", "443"));
    put(text, "%s - %s [%02u/%s/2024:%02u:%02u:%02u %s] ",
        PICK(random, "192.0.2.1", "2001:db8::1", "host.example.net", "-"),
        PICK(random, "-", "frank", "John von Doe", "[x]", "\\\"q\\\""),
        (unsigned)hand_below(random, 33), PICK(random, "Jan", "Feb", "Dec", "Xyz"),
        (unsigned)hand_below(random, 25), (unsigned)hand_below(random, 60),
        (unsigned)hand_below(random, 61), PICK(random, "+0000", "-0730", "+1400"));
    put(text, "\"%s\" %s %s",
        PICK(random, "GET / HTTP/1.1", "-", "", "GET /a b HTTP/1.0", "POST /x",
             "GET /?q=\\\"x\\\" HTTP/1.1", "\\x16\\x03\\\\", "GET /\" 9 HTTP/1.1",
             "GET /\" \" HTTP/1.1", "OPTIONS * HTTP/1.1", "GET http://a/b HTTP/1.1",
             "get / HTTP/1.1"),
        PICK(random, "200", "404", "304", "000", "20", "2000", "abc"),
        PICK(random, "0", "-", "1234", "999999999999999999", "1.5", "x"));
    for (size_t i = 0; k > 0 && i < (k == 3 ? 3u : 2u); i++)
        put(text, " \"%s\"",
            PICK(random, "-", "", "a", "a \\\"b\\\" c", "https://example.com/?\\x22",
                 "a\"b", "back\\\\", "de-AT,de;q=0.9"));
    if (hand_below(random, 8) == 0)
        text->len = hand_below(random, text->len + 1);
}

static bool is_same_text(struct ff_span a, struct ff_span b)
{
    return ff_span_equal(a, b) && (a.len == 0 || a.data == b.data);
}

static bool is_same_record(const struct ff_record *a, const struct ff_record *b)
{
    return a->time == b->time && a->bytes == b->bytes && a->status == b->status &&
           a->has == b->has && is_same_text(a->client, b->client) &&
           is_same_text(a->method, b->method) && is_same_text(a->target, b->target) &&
           is_same_text(a->referrer, b->referrer) && is_same_text(a->agent, b->agent) &&
           is_same_text(a->language, b->language);
}

/* A line that both read gives the same record; one that one reads the other reads too,
 * but where the hand-written parser does not mind what stands behind its fields. */
static void strings_read_what_the_hand_written_parsers_read(void **state)
{
    (void)state;
    static struct text text;
    struct hand_random random = { 3 };
    unsigned both = 0, none = 0, different = 0;
    for (size_t k = 0; k < sizeof family / sizeof *family; k++) {
        struct ff_parser hand, compiled;
        struct ff_fault fault;
        const struct ff_format *format = ff_format_named(family[k][0]);
        assert_int_equal(ff_parser_open(&hand, format, NULL, &fault), FF_OK);
        assert_int_equal(open_spec(&compiled, family[k][1], &fault), FF_OK);
        for (unsigned i = 0; i < 20000; i++) {
            make_line(&text, &random, k > 2 ? k : k > 0);
            const struct ff_span line = { text.bytes, text.len };
            struct ff_record a, b;
            const bool is_a = ff_parser_read(&hand, line, &a) == FF_REJECT_NONE;
            const bool is_b = ff_parser_read(&compiled, line, &b) == FF_REJECT_NONE;
            both += is_a && is_b;
            none += !is_a && !is_b;
            different += is_a != is_b;
            if (is_a && is_b && !is_same_record(&a, &b))
                fail_msg("%s: %.*s", family[k][1], (int)line.len, line.data);
        }
        ff_parser_close(&hand);
        ff_parser_close(&compiled);
    }
    print_message("both %u, none %u, one %u\n", both, none, different);
    assert_true(both > 20000 && none > 10000);
    assert_true(different * 50 < both);
}

static const char *guess_of(const char *text, struct ff_guess *guess)
{
    struct ff_fault fault;
    assert_int_equal(ff_format_guess(ff_span_of(text), guess, &fault), FF_OK);
    return guess->format ? guess->format->name : "none";
}

/* The table's own line of each preset, twice; but where another preset reads the same
 * line as well, which `unless` names. */
static void presets_are_guessed_from_their_lines(void **state)
{
    (void)state;
    static const char *const unless[][2] = {
        { "tomcat_combined", "combined_us" },
        { "istio", "istio" },
    };
    static char path[TEXT_MAX], name[TEXT_MAX], line[TEXT_MAX], want[TEXT_MAX];
    snprintf(path, sizeof path, "%s/tests/cases/server.cases",
             getenv("FOOTFALL_SOURCE"));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    unsigned number = 0, n = 0;
    while (next_line(file, name, &number) && next_line(file, line, &number) &&
           next_line(file, want, &number)) {
        if (!ff_format_named(name))
            continue;
        static struct text text;
        struct ff_guess guess;
        text.len = 0;
        put(&text, "%s\n%s\n", line, line);
        const char *expected = name;
        for (size_t i = 0; i < sizeof unless / sizeof *unless; i++)
            if (strcmp(unless[i][0], name) == 0)
                expected = unless[i][1];
        assert_string_equal(guess_of(text.bytes, &guess), expected);
        assert_null(guess.others[0]);
        n++;
    }
    fclose(file);
    assert_true(n > 25);
}

#define COMMON   "192.0.2.1 - - [10/Oct/2024:13:55:36 +0000] \"GET / HTTP/1.1\" 200 5"
#define COMBINED COMMON " \"-\" \"a\"\n"
#define VHOST    "example.com:80 " COMBINED

static unsigned count_readable(const struct ff_guess *guess, const char *text)
{
    struct ff_parser parser;
    struct ff_fault fault;
    struct ff_record record;
    unsigned n = 0;
    struct ff_span rest = ff_span_of(text);
    assert_int_equal(ff_parser_open_guess(&parser, guess, NULL, &fault), FF_OK);
    while (ff_parser_next(&parser, &rest, &record))
        n++;
    ff_parser_close(&parser);
    return n;
}

static void files_of_several_formats_are_read_whole(void **state)
{
    (void)state;
    struct ff_guess guess;
    const char *text = COMBINED COMBINED COMBINED COMMON "\n" COMMON "\n" VHOST VHOST;
    assert_string_equal(guess_of(text, &guess), "combined");
    assert_int_equal(guess.lines, 7);
    assert_non_null(guess.others[0]);
    assert_non_null(guess.others[1]);
    assert_null(guess.others[2]);
    assert_int_equal(count_readable(&guess, text), 7);
}

static void a_cut_line_stays_malformed(void **state)
{
    (void)state;
    struct ff_guess guess;
    const char *text = COMBINED COMBINED COMBINED COMMON "\n" COMMON " \"-\n";
    assert_string_equal(guess_of(text, &guess), "combined");
    assert_null(guess.others[0]);
    assert_int_equal(count_readable(&guess, text), 3);
}

static void a_string_is_told_from_a_name(void **state)
{
    (void)state;
    assert_true(ff_server_is_spec("%h"));
    assert_true(ff_server_is_spec("log_format x '$status';"));
    assert_false(ff_server_is_spec("combined"));
}

static void a_string_has_bounds(void **state)
{
    (void)state;
    static char many[20000];
    struct ff_parser parser;
    struct ff_fault fault;
    for (size_t i = 0; i + 4 < sizeof many; i += 3)
        memcpy(many + i, "%u ", 4);
    assert_int_equal(open_spec(&parser, many, &fault), FF_ERR_USAGE);
    assert_string_equal(fault.text, "the format is longer than 16384 bytes");
    many[1000] = '\0';
    assert_int_equal(open_spec(&parser, many, &fault), FF_ERR_USAGE);
    assert_non_null(strstr(fault.text, "column 385: %u is one directive too many"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case),
        cmocka_unit_test(strings_read_what_the_hand_written_parsers_read),
        cmocka_unit_test(presets_are_guessed_from_their_lines),
        cmocka_unit_test(files_of_several_formats_are_read_whole),
        cmocka_unit_test(a_cut_line_stays_malformed),
        cmocka_unit_test(a_string_is_told_from_a_name),
        cmocka_unit_test(a_string_has_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
