/* Carriers: what is before a line is taken off, what is not theirs is left alone, and
 * lines of other programs in the same stream are no broken lines. Which carrier is
 * chosen is in cases/formats.cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats.h"

#define LINE                                                                           \
    "192.0.2.1 - - [02/Mar/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"a\""

static void check_strip(enum ff_carrier_kind kind, const char *line, const char *want)
{
    struct ff_carrier carrier;
    struct ff_fault fault;
    assert_int_equal(ff_carrier_open(&carrier, kind, &fault), FF_OK);
    const struct ff_span got = ff_carrier_strip(&carrier, ff_span_of(line));
    if (!ff_span_equal(got, ff_span_of(want)))
        fail_msg("\n  want %s\n  got  %.*s", want, (int)got.len, got.data);
    assert_true(carrier.offset <= strlen(line));
    ff_carrier_close(&carrier);
}

static void prefixes_are_taken_off(void **state)
{
    (void)state;
    static const struct {
        enum ff_carrier_kind kind;
        const char *line, *want;
    } cases[] = {
        { FF_CARRIER_SYSLOG, "Mar  2 10:00:00 host nginx[7]: x y", "x y" },
        { FF_CARRIER_SYSLOG, "<190>Mar 12 10:00:00 host nginx: x", "x" },
        { FF_CARRIER_SYSLOG, "Mar 12 10:00:00.123 host nginx: x", "x" },
        { FF_CARRIER_SYSLOG, "<190>Mar 12 10:00:00 nginx: x", "x" },
        { FF_CARRIER_SYSLOG, "Mar 12 10:00:00 2001:db8::1 nginx: x", "x" },
        { FF_CARRIER_SYSLOG, "Mar 12 10:00:00 host app: @cee: {}", "{}" },
        { FF_CARRIER_SYSLOG, "Mar 12 10:00:00 host nginx:", "" },
        { FF_CARRIER_SYSLOG_5424, "<134>1 2026-03-02T10:00:00Z h nginx 7 - - x", "x" },
        { FF_CARRIER_SYSLOG_5424, "<134>1 - - - - - - x", "x" },
        { FF_CARRIER_SYSLOG_5424, "<134>1 - h a p m [i a=\"\\\"]\"][j] x", "x" },
        { FF_CARRIER_SYSLOG_5424, "<134>1 - h a p m -", "" },
        { FF_CARRIER_SYSLOG_ISO, "2026-03-02T10:00:00.1+00:00 h nginx[7]: x", "x" },
        { FF_CARRIER_SYSLOG_ISO, "2026-03-02T10:00:00+0000 h nginx[7]: x", "x" },
        { FF_CARRIER_CRI, "2026-03-02T10:00:00.1Z stdout F x", "x" },
        { FF_CARRIER_CRI, "2026-03-02T10:00:00.1Z stderr P x", "x" },
        { FF_CARRIER_CRI, "2026-03-02T10:00:00.1Z stdout F ", "" },
        { FF_CARRIER_COMPOSE, "caddy  | x", "x" },
        { FF_CARRIER_COMPOSE, "app_web-1 |", "" },
        { FF_CARRIER_COMPOSE, "caddy  |  x", " x" },
        { FF_CARRIER_DOCKER_JSON, "{\"log\":\"a \\\"b\\\" \\u0041\\n\",\"stream\":1}",
          "a \"b\" A" },
        { FF_CARRIER_DOCKER_JSON, "{\"log\":\"\\n\",\"stream\":1}", "" },
        { FF_CARRIER_JSON, "{\"log\": \"a \\\"b\\\"\\n\", \"stream\": 1}", "a \"b\"" },
        { FF_CARRIER_JSON, "{\"a\":[{\"message\":\"x\"},\"]\"],\"message\":\"y\"}",
          "y" },
        { FF_CARRIER_JSON, "{ \"log\":{\"b\":\"}\"} , \"n\":-1,\"MESSAGE\" :\t\"y\"}",
          "y" },
        { FF_CARRIER_STAMP, "2026-03-02T10:00:00.1Z x", "x" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(ff_carrier_has_prefix(cases[i].kind, ff_span_of(cases[i].line)));
        check_strip(cases[i].kind, cases[i].line, cases[i].want);
    }
}

static void other_lines_are_left_alone(void **state)
{
    (void)state;
    static const struct {
        enum ff_carrier_kind kind;
        const char *line;
    } cases[] = {
        { FF_CARRIER_NONE, "Mar  2 10:00:00 host nginx[7]: x" },
        { FF_CARRIER_SYSLOG, "" },
        { FF_CARRIER_SYSLOG, LINE },
        { FF_CARRIER_SYSLOG, "Mar  2 10:00:00" },
        { FF_CARRIER_SYSLOG, "Mar  2 10:00:00 host x" },
        { FF_CARRIER_SYSLOG, "mar  2 10:00:00 host nginx: x" },
        { FF_CARRIER_SYSLOG, "Mar  2 10:00:00 host [7]: x" },
        { FF_CARRIER_SYSLOG_5424, "<134>2 2026-03-02T10:00:00Z h nginx 7 - - x" },
        { FF_CARRIER_SYSLOG_5424, "<134>1 now h nginx 7 - - x" },
        { FF_CARRIER_SYSLOG_5424, "<134>1 - h a p m [i a=\"]\" x" },
        { FF_CARRIER_SYSLOG_5424, "<134>1 - h a p m" },
        { FF_CARRIER_SYSLOG_5424, "<1x>1 - h a p m - x" },
        { FF_CARRIER_SYSLOG_ISO, "2026-03-02T10:00:00Z stdout F x" },
        { FF_CARRIER_CRI, "2026-03-02T10:00:00Z stdin F x" },
        { FF_CARRIER_CRI, "2026-03-02T10:00:00Z stdout Q x" },
        { FF_CARRIER_COMPOSE, "caddy| x" },
        { FF_CARRIER_COMPOSE, " | x" },
        { FF_CARRIER_DOCKER_JSON, "{\"log\":\"a\\\",\"stream\":1}" },
        { FF_CARRIER_DOCKER_JSON, "{\"log\":\"a\\" },
        { FF_CARRIER_DOCKER_JSON, "{\"log\":\"a\"}" },
        { FF_CARRIER_DOCKER_JSON, "{\"log\":\"a\\u00e\",\"" },
        { FF_CARRIER_DOCKER_JSON, "{\"log\":\"a\\u\",\"" },
        { FF_CARRIER_DOCKER_JSON, "{\"log\":\"\\q\",\"" },
        { FF_CARRIER_JSON, "{\"message\":\"\\u\"" },
        { FF_CARRIER_JSON, "{\"a\":{\"message\":\"x\"}}" },
        { FF_CARRIER_JSON, "{\"message\":1}" },
        { FF_CARRIER_JSON, "{\"message\":\"x" },
        { FF_CARRIER_JSON, "{\"a\":],\"message\":\"x\"}" },
        { FF_CARRIER_JSON, "{\"a\" \"message\":\"x\"}" },
        { FF_CARRIER_JSON, "{\"a\":1" },
        { FF_CARRIER_JSON, "{" },
        { FF_CARRIER_STAMP, "2026-03-02 10:00:00 x" },
        { FF_CARRIER_STAMP, "2026-03-02T10:00:00Z" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(ff_carrier_has_prefix(cases[i].kind, ff_span_of(cases[i].line)));
        check_strip(cases[i].kind, cases[i].line, cases[i].line);
    }
}

static struct ff_parser open_combined(enum ff_carrier_kind kind)
{
    const struct ff_guess guess = { .format = ff_format_named("combined"),
                                    .carrier = kind };
    struct ff_parser parser;
    struct ff_fault fault;
    assert_int_equal(ff_parser_open_guess(&parser, &guess, NULL, &fault), FF_OK);
    return parser;
}

static void lines_are_read_behind_and_without_the_prefix(void **state)
{
    (void)state;
    struct ff_record record;
    struct ff_parser parser = open_combined(FF_CARRIER_CRI);
    const char *const good[] = { "2026-03-02T10:00:00Z stdout F " LINE, LINE };
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ff_parser_read(&parser, ff_span_of(good[i]), &record),
                         FF_REJECT_NONE);
        assert_true(ff_span_equal(record.client, FF_SPAN("192.0.2.1")));
    }
    assert_int_equal(
        ff_parser_read(&parser, FF_SPAN("2026-03-02T10:00:00Z stdout F "), &record),
        FF_REJECT_BLANK);
    assert_int_equal(
        ff_parser_read(&parser, FF_SPAN("2026-03-02T10:00:00Z stdout F # x"), &record),
        FF_REJECT_BLANK);
    ff_parser_close(&parser);
}

/* A column is counted from the line's beginning, not from where the prefix ends. */
static void columns_are_those_of_the_file(void **state)
{
    (void)state;
    struct ff_record record;
    const struct ff_span line =
        FF_SPAN("web  | 192.0.2.1 - - [02/Mar/2026:10:00:00 +0000] \"GET\" x");
    struct ff_parser parser = open_combined(FF_CARRIER_COMPOSE);
    struct ff_parser bare = open_combined(FF_CARRIER_NONE);
    assert_int_equal(ff_parser_read(&parser, line, &record), FF_REJECT_SHAPE);
    assert_int_equal(ff_parser_read(&bare, ff_span_from(line, 7), &record),
                     FF_REJECT_SHAPE);
    assert_int_equal(parser.column, bare.column + 7);
    ff_parser_close(&parser);
    ff_parser_close(&bare);
}

static void other_programs_are_no_broken_lines(void **state)
{
    (void)state;
    struct ff_record record;
    const struct ff_span broken = FF_SPAN("Mar  2 10:00:00 host nginx[7]: broken"),
                         other = FF_SPAN("Mar  2 10:00:00 host sshd[7]: Accepted");
    struct ff_parser parser = open_combined(FF_CARRIER_SYSLOG);
    /* Before a line was readable nobody knows whose log it is. */
    assert_int_equal(ff_parser_read(&parser, other, &record), FF_REJECT_SHAPE);
    assert_int_equal(ff_parser_read(&parser,
                                    FF_SPAN("Mar  2 10:00:00 host nginx[7]: " LINE),
                                    &record),
                     FF_REJECT_NONE);
    assert_int_equal(ff_parser_read(&parser, other, &record), FF_REJECT_BLANK);
    assert_int_equal(ff_parser_read(&parser, broken, &record), FF_REJECT_SHAPE);
    ff_parser_close(&parser);
}

static void a_given_format_is_looked_for_behind_carriers(void **state)
{
    (void)state;
    struct ff_guess guess;
    struct ff_fault fault;
    const struct ff_format *combined = ff_format_named("combined");
    assert_int_equal(
        ff_carrier_guess(FF_SPAN("web  | " LINE "\n"), combined, NULL, &guess, &fault),
        FF_OK);
    assert_ptr_equal(guess.format, combined);
    assert_int_equal(guess.carrier, FF_CARRIER_COMPOSE);
    assert_int_equal(
        ff_carrier_guess(FF_SPAN("web  | what\n"), combined, NULL, &guess, &fault),
        FF_OK);
    assert_ptr_equal(guess.format, combined);
    assert_int_equal(guess.carrier, FF_CARRIER_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prefixes_are_taken_off),
        cmocka_unit_test(other_lines_are_left_alone),
        cmocka_unit_test(lines_are_read_behind_and_without_the_prefix),
        cmocka_unit_test(columns_are_those_of_the_file),
        cmocka_unit_test(other_programs_are_no_broken_lines),
        cmocka_unit_test(a_given_format_is_looked_for_behind_carriers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
