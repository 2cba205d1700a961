/* Marks: all ways give what a search byte by byte gives, the cutter cuts as ff_line_cut
 * does, and what is read by marks is what the cursor reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "clf_combined.h"
#include "clf_marked.h"
#include "formats.h"
#include "hand_random.h"
#include "server_format.h"

#define TEXT_BYTES (3 * FF_MARKS_WINDOW)
static char text[TEXT_BYTES];

/* Fills the text with bytes of `some` and of any value, `one_in` of them of `some`. */
static struct ff_span fill(struct hand_random *random, const char *some,
                           uint64_t one_in, size_t len)
{
    const size_t n = strlen(some);
    for (size_t i = 0; i < len; i++)
        text[i] = hand_below(random, one_in) == 0 ? some[hand_below(random, n)]
                                                  : (char)hand_below(random, 256);
    return (struct ff_span) { text, len };
}

static bool is_mark(char c)
{
    return (unsigned char)c < ' ' || c == '"' || c == '\\';
}

static void check_ways(struct ff_span s)
{
    static struct ff_marks want, got;
    struct ff_marks_way ways[FF_MARKS_WAYS];
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        if (is_mark(s.data[i])) {
            want.at[n] = (uint16_t)i;
            want.bytes[n++] = s.data[i];
        }
    ff_marks_ways(ways);
    for (size_t i = 0; i < FF_MARKS_WAYS; i++) {
        if (!ways[i].find)
            continue;
        assert_int_equal(ways[i].find(s, &got), n);
        assert_memory_equal(got.at, want.at, n * sizeof *want.at);
        assert_memory_equal(got.bytes, want.bytes, n);
    }
}

static void all_ways_give_the_same(void **state)
{
    (void)state;
    struct hand_random random = { 8 };
    for (size_t len = 0; len < 300; len++)
        check_ways(fill(&random, "\n\"\\\x01\x1f !\x7f\x80\x8a\xa2\xdc", 2, len));
    for (uint64_t one_in = 1; one_in < 4096; one_in *= 4)
        for (int i = 0; i < 20; i++)
            check_ways(fill(&random, "\n\"\\", one_in,
                            FF_MARKS_WINDOW - hand_below(&random, 200)));
    memset(text, '"', FF_MARKS_WINDOW);
    check_ways((struct ff_span) { text, FF_MARKS_WINDOW });
}

/* A line's marks are those of its text, unless it is too long to have any. */
static void check_marks(const struct ff_marked_line *line)
{
    size_t n = 0;
    if (!line->marks)
        return;
    for (size_t i = 0; i < line->text.len; i++)
        if (is_mark(line->text.data[i])) {
            assert_in_range(n + 1, 1, line->n_marks);
            assert_int_equal(line->bytes[n], line->text.data[i]);
            assert_ptr_equal(line->base + line->marks[n++], line->text.data + i);
        }
    assert_int_equal(n, line->n_marks);
}

static void check_cut(struct ff_span s)
{
    static struct ff_cutter cutter;
    struct ff_marked_line line;
    struct ff_span want;
    ff_cutter_init(&cutter);
    ff_cutter_take(&cutter, s);
    while (ff_line_cut(&s, &want)) {
        assert_true(ff_cutter_next(&cutter, &line));
        assert_ptr_equal(line.text.data, want.data);
        assert_int_equal(line.text.len, want.len);
        check_marks(&line);
    }
    assert_false(ff_cutter_next(&cutter, &line));
}

static void lines_are_cut_as_by_hand(void **state)
{
    (void)state;
    struct hand_random random = { 9 };
    for (size_t len = 0; len < 100; len++)
        check_cut(fill(&random, "\n\r\"", 2, len));
    /* Lines of any length: also longer than a window, or just one. */
    for (uint64_t one_in = 2; one_in < 8 * FF_MARKS_WINDOW; one_in *= 3) {
        const struct ff_span s = fill(&random, "a\r\"\\", 3, TEXT_BYTES);
        for (size_t i = 0; i < s.len; i++)
            if (text[i] == '\n' || hand_below(&random, one_in) == 0)
                text[i] = text[i] == '\n' ? 'b' : '\n';
        check_cut(s);
    }
    memset(text, 'a', TEXT_BYTES);
    for (size_t at = FF_MARKS_WINDOW - 2; at < FF_MARKS_WINDOW + 2; at++) {
        text[at] = '\n';
        check_cut((struct ff_span) { text, TEXT_BYTES });
        check_cut((struct ff_span) { text, at + 1 });
        check_cut((struct ff_span) { text, at });
        text[at] = 'a';
    }
}

/* What may come where in a line. Most pieces are as they should be, so that many lines
 * can be read; the odd ones come together in all ways. */
#define PIECE(...)                                                                     \
    {                                                                                  \
        __VA_ARGS__, NULL                                                              \
    }
static const char *const pieces[][16] = {
    PIECE("", "", "", "www.example.com:443 ", "host ", " "),
    PIECE("192.0.2.1", "192.0.2.1", "2001:db8::1", "-", "a.example.net", "", "#x", "["),
    PIECE(" - - ", " - - ", " - anna ", " - a b ", " - [x] ", " - \"q\" ", " ",
          "  - - ", " - [02/Mar/2026:00:00:02 +0000] "),
    PIECE("[02/Mar/2026:00:00:02 +0000] ", "[02/Mar/2026:00:00:02 +0000] ",
          "[31/Dec/1969:23:59:59 +0000] ", "[02/Mar/2026:23:59:60 -0130] ",
          "[32/Mar/2026:00:00:02 +0000] ", "[02/Mar/2026:00:00:02 +0000]",
          "[02.Mar/2026:00:00:02 +0000] ", "02/Mar/2026:00:00:02 +0000 ",
          "[02/Mar/2026:00:00:02 +0000]x"),
    PIECE("\"GET / HTTP/1.1\" ", "\"GET /a?b=\"c\" HTTP/2.0\" ",
          "\"POST /x y HTTP/1.1\" ", "\"-\" ", "\"\" ", "\"GET /\\\" HTTP/1.1\" ",
          "\"GET /\" 2 HTTP/1.1\" ", "\"GET /\" - HTTP/1.1\" ", "\"\\x16\\x03\" ",
          "\"get /\" ", "\"GET\" "),
    PIECE("200 ", "200 ", "404 ", "20 ", "2000 ", "- ", "abc ", "200", "20: ", "/00 ",
          "2\xb0\x30 "),
    PIECE("512", "0", "-", "--", "5x", "123456789012345678", "1234567890123456789", "",
          " ", "12345678", "/234567", "1:", "123456789", "\xb1\x32"),
    PIECE(" \"-\"", " \"https://www.example.org/\"", " \"\"", " \"a\" b\"",
          " \"a\\\"\"", " -", "", "  \"-\"", " \"a\"b\""),
    PIECE(" \"Mozilla/5.0 (X11)\"", " \"-\"", " \"a \"q\" b\"", " \"a\\\"", " \"a\" ",
          " \"a\"b", "", " \"\"", " \"a\\\\\"", " \"a\\ b\""),
    PIECE("", "", " \"de-AT,de;q=0.9\"", " \"198.51.100.1, 10.0.0.1\"",
          " \"192.0.2.9\" 0.25", " \"-\"", " \"de", " 17", " ", "  ", "\r",
          " \"a\" \"b\""),
};
enum { N_PIECES = sizeof pieces / sizeof *pieces };

static void check_span(struct ff_span a, struct ff_span b)
{
    assert_int_equal(a.len, b.len);
    if (a.len)
        assert_ptr_equal(a.data, b.data);
}

static void check_record(const struct ff_record *a, const struct ff_record *b)
{
    assert_int_equal(a->time, b->time);
    assert_int_equal(a->east, b->east);
    assert_int_equal(a->bytes, b->bytes);
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->has, b->has);
    check_span(a->client, b->client);
    check_span(a->vhost, b->vhost);
    check_span(a->method, b->method);
    check_span(a->target, b->target);
    check_span(a->referrer, b->referrer);
    check_span(a->agent, b->agent);
    check_span(a->language, b->language);
}

/* A format's parsers for either way; both remember what they have read. */
struct pair {
    const struct ff_format *format;
    struct ff_parser marked, plain;
};

/* Reads the line both ways; says whether the marked one could. */
static bool check_format(struct pair *pair, struct ff_span s)
{
    static struct ff_cutter cutter;
    struct ff_record x, y;
    struct ff_marked_line line;
    ff_cutter_init(&cutter);
    ff_cutter_take(&cutter, s);
    assert_true(ff_cutter_next(&cutter, &line));
    const enum ff_reject why = ff_parser_read(&pair->plain, line.text, &x);
    assert_int_equal(ff_parser_read_marked(&pair->marked, &line, &y), why);
    if (why == FF_REJECT_NONE)
        check_record(&y, &x);
    else
        assert_int_equal(pair->plain.column, pair->marked.column);
    return pair->format->parse_marked(&pair->marked, &line, &y);
}

static size_t open_pairs(struct pair *pairs, size_t most)
{
    static const char *const strings[] = {
        ("$remote_addr - $remote_user [$time_local] \"$request\" $status "
         "$body_bytes_sent \"$http_referer\" \"$http_user_agent\" "
         "\"$http_x_forwarded_for\" $request_time"),
        ("$remote_addr - $remote_user [$time_local] \"$request\" $status "
         "$body_bytes_sent \"$http_referer\" \"$http_user_agent\""),
        "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"",
    };
    size_t n = 0;
    struct ff_fault fault;
    for (const struct ff_format *f = ff_format_list(); f->name; f++) {
        if (!f->parse_marked || !f->is_clf)
            continue;
        assert_true(n < most);
        pairs[n].format = f;
        assert_int_equal(ff_parser_open(&pairs[n].marked, f, NULL, &fault), FF_OK);
        assert_int_equal(ff_parser_open(&pairs[n++].plain, f, NULL, &fault), FF_OK);
    }
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        const struct ff_format *f = &ff_server_format;
        const char *spec = strings[i];
        assert_true(n < most);
        pairs[n].format = f;
        assert_int_equal(ff_parser_open(&pairs[n].marked, f, spec, &fault), FF_OK);
        assert_int_equal(ff_parser_open(&pairs[n++].plain, f, spec, &fault), FF_OK);
    }
    return n;
}

/* Writes a line of pieces at `to`; three of four are the usual piece. */
static size_t write_line(struct hand_random *random, char *to)
{
    size_t len = 0;
    for (size_t p = 0; p < N_PIECES; p++) {
        size_t n = 0;
        while (pieces[p][n])
            n++;
        const uint64_t which = hand_below(random, 4) ? 0 : hand_below(random, n);
        const size_t size = strlen(pieces[p][which]);
        memcpy(to + len, pieces[p][which], size);
        len += size;
    }
    to[len++] = '\n';
    return len;
}

static void marks_read_as_the_cursor_does(void **state)
{
    (void)state;
    struct hand_random random = { 10 };
    enum { PAIRS = 64 };
    static struct pair pairs[PAIRS];
    const size_t n_pairs = open_pairs(pairs, PAIRS);
    unsigned read = 0;
    for (int i = 0; i < 30000; i++) {
        const size_t len = write_line(&random, text);
        for (size_t f = 0; f < n_pairs; f++)
            read += check_format(&pairs[f], (struct ff_span) { text, len });
    }
    for (size_t f = 0; f < n_pairs; f++) {
        ff_parser_close(&pairs[f].marked);
        ff_parser_close(&pairs[f].plain);
    }
    /* It is no use if it never can. */
    assert_true(read > 100000);
}

enum { LINE_BYTES = 512 };

/* One of the `n` texts. */
static const char *one_of(struct hand_random *random, const char *const *texts,
                          size_t n)
{
    return texts[hand_below(random, n)];
}

/* A line of pieces, or one that is nearly usual. */
static size_t write_combined(struct hand_random *random, char *to)
{
    static const char *const requests[] = {
        "GET / HTTP/1.1",
        "GET /a HTTP/2.0",
        "GET /a b HTTP/1.0",
        "GET  HTTP/1.1",
        "GET HTTP/1.1",
        "HEAD / HTTP/1.1",
        "GET /a HTTP/3",
        "GET /a HTTP/1. ",
        "GET /a HTTP/1.1x",
        "GET",
        "",
        "GET /a",
    };
    static const char *const sizes[] = { "1 ",       "12 ",       "123 ",       "1234 ",
                                         "1234567 ", "12345678 ", "123456789 ", "0012 ",
                                         "- ",       "5x ",       " ",          "12" };
    static const char *const referrers[] = { "-", "-x", "",
                                             "https://www.example.org/" };
    static const char *const between[] = { " ", " ", "  ", " 1 ", "", "x" };
    static const char *const ends[] = { "\n", "\n", "\r\n", " 0.5\n" };
    if (hand_below(random, 2))
        return write_line(random, to);
    return (size_t)snprintf(
        to, LINE_BYTES,
        "192.0.2.%u - - [02/Mar/2026:%02u:00:02 +0000] \"%s\" %u "
        "%s\"%s\"%s\"%s\"%s",
        (unsigned)hand_below(random, 256), (unsigned)hand_below(random, 25),
        one_of(random, requests, 12), (unsigned)hand_below(random, 1200),
        one_of(random, sizes, 12), one_of(random, referrers, 4),
        one_of(random, between, 6), one_of(random, referrers, 4),
        one_of(random, ends, 4));
}

/* Cuts and reads the text's lines both ways; gives how many were read in one. */
static size_t check_combined(struct ff_parser *usual, struct ff_parser *plain,
                             struct ff_span s)
{
    static struct ff_cutter cutter;
    struct ff_span want;
    struct ff_marked_line line;
    size_t n = 0;
    ff_cutter_init(&cutter);
    ff_cutter_take(&cutter, s);
    while (ff_line_cut(&s, &want)) {
        struct ff_record x, y = { 0 };
        const char *start = ff_combined_next(&cutter, usual, &y);
        if (!start) {
            assert_true(ff_cutter_next(&cutter, &line));
            assert_ptr_equal(line.text.data, want.data);
            assert_int_equal(line.text.len, want.len);
            continue;
        }
        assert_ptr_equal(start, want.data);
        assert_int_equal(ff_parser_read(plain, want, &x), FF_REJECT_NONE);
        assert_true(y.has & FF_IS_COMBINED);
        y.has &= (uint8_t)~FF_IS_COMBINED;
        check_record(&y, &x);
        n++;
    }
    assert_false(ff_cutter_next(&cutter, &line));
    return n;
}

static void usual_lines_are_read_in_one(void **state)
{
    (void)state;
    struct hand_random random = { 11 };
    struct ff_parser usual, plain;
    struct ff_fault fault;
    size_t read = 0, most = 0;
    const struct ff_format *combined = ff_format_named("combined");
    assert_int_equal(ff_parser_open(&usual, combined, NULL, &fault), FF_OK);
    assert_int_equal(ff_parser_open(&plain, combined, NULL, &fault), FF_OK);
    for (int i = 0; i < 3000; i++) {
        size_t len = 0;
        for (int k = 0; k < 12; k++)
            len += write_combined(&random, text + len);
        read += check_combined(&usual, &plain, (struct ff_span) { text, len });
        len = 0;
        /* The first of a window is cut as the others are not. */
        for (int k = 0; k < 12; k++)
            len += (size_t)snprintf(text + len, LINE_BYTES,
                                    "192.0.2.9 - - [02/Mar/2026:00:00:%02d +0000] "
                                    "\"GET /%d HTTP/1.1\" %d %.*s \"-\" \"a\"\n",
                                    k, i, 100 + i % 900, 1 + k % 8,
                                    k == 8 ? "-" : "10293847");
        most += check_combined(&usual, &plain, (struct ff_span) { text, len });
    }
    assert_int_equal(most, 3000 * 11);
    assert_in_range(read, 2000, 3000 * 12);
    ff_parser_close(&usual);
    ff_parser_close(&plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ways_give_the_same),
        cmocka_unit_test(lines_are_cut_as_by_hand),
        cmocka_unit_test(marks_read_as_the_cursor_does),
        cmocka_unit_test(usual_lines_are_read_in_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
