/* The tables in cases/: what is in them is what the parsers give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "formats.h"

#define TEXT_MAX 4096

static const char *const reasons[FF_REJECTS + 1] = {
    [FF_REJECT_NONE] = "none",     [FF_REJECT_SHAPE] = "shape",
    [FF_REJECT_CLIENT] = "client", [FF_REJECT_TIME] = "time",
    [FF_REJECT_STATUS] = "status", [FF_REJECT_SIZE] = "size",
    [FF_REJECT_LONG] = "long",     [FF_REJECT_UNKNOWN] = "unknown",
    [FF_REJECT_BLANK] = "blank",
};

/* Text that is appended to; too much is a failure. */
struct text {
    char bytes[TEXT_MAX];
    size_t len;
};

static void put(struct text *text, const char *bytes, size_t len)
{
    assert_true(text->len + len < sizeof text->bytes);
    memcpy(text->bytes + text->len, bytes, len);
    text->len += len;
    text->bytes[text->len] = '\0';
}

/* " | " and the field, as the table writes it. */
static void put_field(struct text *text, struct ff_span field)
{
    put(text, " | ", 3);
    if (field.len == 0)
        put(text, "-", 1);
    for (size_t i = 0; i < field.len; i++) {
        const unsigned char c = (unsigned char)field.data[i];
        char hex[8];
        const int len = snprintf(hex, sizeof hex, "{%02X}", c);
        if (c >= ' ' && c <= '~' && c != '{')
            put(text, (const char *)&c, 1);
        else
            put(text, hex, (size_t)len);
    }
}

static void put_number(struct text *text, const char *format, uint64_t n)
{
    char number[32];
    const int len = snprintf(number, sizeof number, format, (unsigned long long)n);
    put_field(text, (struct ff_span) { number, (size_t)len });
}

static void put_record(struct text *text, const struct ff_record *r)
{
    struct tm tm;
    char time[32];
    assert_non_null(gmtime_r(&(time_t) { r->time }, &tm));
    put(text, time, strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", &tm));
    put_field(text, ff_span_equal(r->client, FF_SPAN("-")) ? FF_SPAN("") : r->client);
    put_field(text, r->method);
    put_field(text, r->target);
    put_number(text, "%03llu", r->status);
    put_number(text, "%llu", r->bytes);
    if (r->has & FF_HAS_REFERRER)
        put_field(text, r->referrer);
    if (r->has & FF_HAS_AGENT)
        put_field(text, r->agent);
    if (r->has & FF_HAS_LANGUAGE)
        put_field(text, r->language);
    if (r->has & FF_HAS_VHOST)
        put_field(text, r->vhost);
    if (r->has & FF_HAS_CONTENT_TYPE)
        put_field(text, r->content_type);
    if (r->forwarded.len)
        put_field(text, r->forwarded);
    if (r->has & FF_HAS_RESPONSE_TIME)
        put_number(text, "%llu us", r->response_us);
    if (r->opts_out)
        put_field(text, FF_SPAN("opts out"));
}

/* The result of the last of the lines: those before it may say how it is to be read. */
static void put_result(struct text *text, const struct ff_format *format,
                       struct ff_span lines)
{
    struct ff_parser parser;
    struct ff_record record;
    struct ff_fault fault;
    struct ff_span line = lines;
    assert_int_equal(ff_parser_open(&parser, format, NULL, &fault), FF_OK);
    while (ff_span_find(lines, '\n') < lines.len && ff_line_cut(&lines, &line)) {
        (void)ff_parser_read(&parser, line, &record);
        line = lines;
    }
    const enum ff_reject why = ff_parser_read(&parser, line, &record);
    if (why == FF_REJECT_NONE)
        put_record(text, &record);
    else
        assert_in_range(parser.column, 1, line.len + 1);
    ff_parser_close(&parser);
    if (why == FF_REJECT_NONE)
        return;
    put(text, "reject ", 7);
    put(text, reasons[why], strlen(reasons[why]));
}

/* {0A} in `line` becomes the byte; in place. */
static size_t undo_braces(char *line)
{
    size_t n = 0;
    for (const char *from = line; *from;) {
        if (*from != '{') {
            line[n++] = *from++;
            continue;
        }
        char *end;
        line[n++] = (char)strtoul(from + 1, &end, 16);
        assert_true(end == from + 3 && *end == '}');
        from = end + 1;
    }
    return n;
}

/* The next line that is no remark and not empty; false at the end. */
static bool next_line(FILE *file, char line[TEXT_MAX], unsigned *number)
{
    while (fgets(line, TEXT_MAX, file)) {
        (*number)++;
        const size_t len = strlen(line);
        assert_true(len && line[len - 1] == '\n');
        line[len - 1] = '\0';
        if (len > 1 && !(line[0] == '#' && line[1] == ' '))
            return true;
    }
    return false;
}

/* False, and told, if the case is not as the table has it. */
static bool check_case(const char *name, char *line, const char *want,
                       const char *table, unsigned number)
{
    static struct text got;
    got.len = 0;
    const struct ff_span text = { line, undo_braces(line) };
    if (strcmp(name, "guess") == 0) {
        struct ff_guess guess;
        struct ff_fault fault;
        assert_int_equal(ff_format_guess(text, &guess, &fault), FF_OK);
        const char *chosen = guess.format ? guess.format->name : "none";
        put(&got, chosen, strlen(chosen));
        if (guess.carrier) {
            put(&got, " behind ", 8);
            put(&got, ff_carrier_name(guess.carrier),
                strlen(ff_carrier_name(guess.carrier)));
        }
    } else {
        const struct ff_format *format = ff_format_named(name);
        if (!format)
            fail_msg("%s:%u: no format %s", table, number, name);
        put_result(&got, format, text);
    }
    const bool is_same = strcmp(got.bytes, want) == 0;
    if (!is_same)
        print_error("%s:%u\n  want %s\n  got  %s\n", table, number, want, got.bytes);
    return is_same;
}

static void check_table(const char *table, unsigned least)
{
    static char path[TEXT_MAX], name[TEXT_MAX], line[TEXT_MAX], want[TEXT_MAX];
    const char *source = getenv("FOOTFALL_SOURCE");
    assert_non_null(source);
    snprintf(path, sizeof path, "%s/tests/cases/%s", source, table);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    unsigned number = 0, n = 0, failed = 0;
    for (; next_line(file, name, &number); n++) {
        if (!next_line(file, line, &number) || !next_line(file, want, &number))
            fail_msg("%s:%u: three lines a case", table, number);
        failed += !check_case(name, line, want, table, number);
    }
    fclose(file);
    assert_true(n >= least);
    assert_int_equal(failed, 0);
}

static void every_clf_case(void **state)
{
    (void)state;
    check_table("clf.cases", 100);
}

static void every_case_of_other_formats(void **state)
{
    (void)state;
    check_table("formats.cases", 100);
}

static void lines_are_cut_at_lf_and_crlf(void **state)
{
    (void)state;
    struct ff_span text = FF_SPAN("a\r\nb\n\n\r\nc\rd\r\r\n# e\nf"), line;
    static const char *const want[] = { "a", "b", "", "", "c\rd\r", "# e", "f" };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        assert_true(ff_line_cut(&text, &line));
        assert_true(ff_span_equal(line, ff_span_of(want[i])));
    }
    assert_false(ff_line_cut(&text, &line));
}

static void blank_lines_are_no_rejects(void **state)
{
    (void)state;
    struct ff_parser parser;
    struct ff_record record;
    struct ff_fault fault;
    const struct ff_format *common = ff_format_named("common");
    assert_int_equal(ff_parser_open(&parser, common, NULL, &fault), FF_OK);
    assert_int_equal(ff_parser_read(&parser, FF_SPAN(""), &record), FF_REJECT_BLANK);
    assert_int_equal(ff_parser_read(&parser, FF_SPAN("# x"), &record), FF_REJECT_BLANK);
    assert_int_equal(ff_parser_read(&parser, FF_SPAN(" "), &record), FF_REJECT_SHAPE);
    ff_parser_close(&parser);
}

static void formats_have_names_of_their_own(void **state)
{
    (void)state;
    for (const struct ff_format *f = ff_format_list(); f->name; f++)
        assert_ptr_equal(ff_format_named(f->name), f);
    assert_null(ff_format_named("no_such_format"));
    assert_null(ff_format_named(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_clf_case),
        cmocka_unit_test(every_case_of_other_formats),
        cmocka_unit_test(lines_are_cut_at_lf_and_crlf),
        cmocka_unit_test(blank_lines_are_no_rejects),
        cmocka_unit_test(formats_have_names_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
