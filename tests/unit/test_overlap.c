/* Content that two files share: which lines of the later one are in the earlier one.
 * Files are pieces of one log, or of another server's, of a line a quarter of a second.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above it */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "overlap.h"

#define MONDAY 1772409600 /* 2026-03-02 00:00:00 UTC */
#define LINES  400

/* A log in memory, and the file it was put into. */
struct log {
    char text[1 << 18];
    size_t len;
    char path[40];
    struct ff_guess guess;
    int64_t first_time;
    struct ff_source_file file;
};

static struct log *new_log(void)
{
    struct log *log = calloc(1, sizeof *log);
    assert_non_null(log);
    return log;
}

static void add(struct log *log, const char *text)
{
    const int n =
        snprintf(log->text + log->len, sizeof log->text - log->len, "%s", text);
    assert_true(n >= 0 && (size_t)n < sizeof log->text - log->len);
    log->len += (size_t)n;
}

/* One common line; `end` is what comes after its size. */
static void add_line(struct log *log, int second, unsigned number, const char *end)
{
    char line[160];
    snprintf(
        line, sizeof line,
        "192.0.2.%u - - [02/Mar/2026:%02d:%02d:%02d +0000] \"GET /page-%u HTTP/1.1\""
        " 200 12%s",
        number % 250, second / 3600, second / 60 % 60, second % 60, number, end);
    add(log, line);
}

/* Lines `from` to before `to` of the log that all tests have pieces of. */
static void add_piece(struct log *log, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++)
        add_line(log, (int)i / 4, i, "\n");
}

static struct log *piece(unsigned from, unsigned to)
{
    struct log *log = new_log();
    add_piece(log, from, to);
    return log;
}

static void guess(struct log *log)
{
    struct ff_fault fault;
    struct ff_parser parser;
    struct ff_record record;
    struct ff_span text = { log->text, log->len };
    assert_int_equal(ff_format_guess(text, &log->guess, &fault), FF_OK);
    assert_non_null(log->guess.format);
    assert_int_equal(ff_parser_open_guess(&parser, &log->guess, NULL, &fault), FF_OK);
    assert_true(ff_parser_next(&parser, &text, &record));
    log->first_time = record.time;
    ff_parser_close(&parser);
}

/* `mode` is gzopen's: "wb6" packs, "wbT" does not. */
static void put(struct log *log, const char *mode)
{
    snprintf(log->path, sizeof log->path, "/tmp/footfall-overlap-XXXXXX");
    const int fd = mkstemp(log->path);
    assert_true(fd >= 0);
    gzFile file = gzdopen(fd, mode);
    assert_non_null(file);
    assert_int_equal(gzwrite(file, log->text, (unsigned)log->len), log->len);
    assert_int_equal(gzclose(file), Z_OK);
    guess(log);
    struct ff_source *source;
    struct ff_fault fault;
    assert_int_equal(ff_source_open(&source, log->path, &fault), FF_OK);
    log->file = ff_source_file(source);
    ff_source_close(source);
}

static struct ff_overlap_input input_of(const struct log *log)
{
    return (struct ff_overlap_input) { .path = log->path,
                                       .guess = &log->guess,
                                       .first_time = log->first_time,
                                       .file = log->file };
}

/* Looks both ways and frees both. */
struct found {
    struct ff_overlap in_later, in_earlier;
};

static struct found find_packed(struct log *earlier, struct log *later,
                                const char *earlier_mode, const char *later_mode)
{
    struct ff_fault fault;
    struct found found;
    put(earlier, earlier_mode);
    put(later, later_mode);
    const struct ff_overlap_input a = input_of(earlier), b = input_of(later);
    assert_int_equal(ff_overlap_find(&a, &b, &found.in_later, &fault), FF_OK);
    assert_int_equal(ff_overlap_find_inside(&a, &b, &found.in_earlier, &fault), FF_OK);
    assert_int_equal(found.in_later.n == 0, found.in_earlier.n == 0);
    unlink(earlier->path);
    unlink(later->path);
    free(earlier);
    free(later);
    return found;
}

static struct ff_overlap find(struct log *earlier, struct log *later)
{
    return find_packed(earlier, later, "wbT", "wbT").in_later;
}

static void assert_lines(struct ff_overlap overlap, uint64_t from, uint64_t n)
{
    assert_int_equal(overlap.n, n);
    if (n)
        assert_int_equal(overlap.from, from);
}

static void identical(void **state)
{
    (void)state;
    assert_lines(find(piece(0, LINES), piece(0, LINES)), 1, LINES);
    assert_lines(find(piece(0, 1), piece(0, 1)), 1, 1);
}

static void one_is_the_others_beginning(void **state)
{
    (void)state;
    assert_lines(find(piece(0, 100), piece(0, LINES)), 1, 100);
    assert_lines(find(piece(0, LINES), piece(0, 100)), 1, 100);
    /* Of a whole file that the other begins with, few lines are enough. */
    assert_lines(find(piece(0, 3), piece(0, LINES)), 1, 3);
    assert_lines(find(piece(0, LINES), piece(0, 3)), 1, 3);
}

static void a_part_inside(void **state)
{
    (void)state;
    struct found found = find_packed(piece(0, LINES), piece(100, 300), "wbT", "wbT");
    assert_lines(found.in_later, 1, 200);
    assert_lines(found.in_earlier, 101, 200);
    assert_lines(find(piece(0, LINES), piece(300, LINES)), 1, 100);
}

static void ends_overlap(void **state)
{
    (void)state;
    struct found found = find_packed(piece(0, 250), piece(150, LINES), "wbT", "wbT");
    assert_lines(found.in_later, 1, 100);
    assert_lines(found.in_earlier, 151, 100);
    assert_lines(find(piece(0, 200), piece(200, LINES)), 1, 0);
}

static void sixty_four_lines(void **state)
{
    (void)state;
    assert_lines(find(piece(0, 200), piece(200 - 64, LINES)), 1, 64);
    assert_lines(find(piece(0, 200), piece(200 - 63, LINES)), 1, 0);
    assert_lines(find(piece(0, LINES), piece(100, 164)), 1, 64);
    assert_lines(find(piece(0, LINES), piece(100, 163)), 1, 0);
}

/* A hundred lines before these two have, which take `seconds` from first to last. */
static struct log *burst(unsigned before, int seconds)
{
    struct log *log = new_log();
    add_piece(log, 0, before);
    for (unsigned i = 0; i < 100; i++)
        add_line(log, 1000 + (i == 99 ? seconds : 0), i, "\n");
    return log;
}

static void two_seconds(void **state)
{
    (void)state;
    assert_lines(find(burst(100, 2), burst(0, 2)), 1, 100);
    assert_lines(find(burst(100, 1), burst(0, 1)), 1, 0);
}

/* What is alike for a while and goes on otherwise is not the same content. */
static void twins_that_part(void **state)
{
    (void)state;
    struct log *a = piece(0, 200), *b = piece(0, 200);
    add_line(a, 60, 1000, "\n");
    add_line(b, 60, 1001, "\n");
    assert_lines(find(a, b), 1, 0);
}

/* Both servers' load balancer asks once a second; only one has visitors. */
static void health_checks_of_two_servers(void **state)
{
    (void)state;
    struct log *a = new_log(), *b = new_log();
    for (int second = 0; second < 200; second++) {
        add_line(a, second, 7, "\n");
        add_line(b, second, 7, "\n");
        if (second % 50 == 49)
            add_line(b, second, 300, "\n");
    }
    assert_lines(find(a, b), 1, 0);
}

static void add_checks(struct log *log, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        add_line(log, 0, 7, "\n");
}

/* The first line is at many places; only at one the rest follows. */
static void first_line_repeated(void **state)
{
    (void)state;
    for (unsigned n = 1; n < 600; n = n * 3 + 1) {
        struct log *a = new_log(), *b = new_log();
        add_line(a, 0, 1, "\n");
        add_checks(a, 600);
        add_piece(a, 4, 200);
        add_checks(b, n);
        add_piece(b, 4, LINES);
        assert_lines(find(a, b), 1, n + 196);
    }
}

/* A file copied while its last line was being written. */
static void cut_off_last_line(void **state)
{
    (void)state;
    struct log *whole = piece(0, LINES), *cut = piece(0, 100);
    add_line(cut, 25, 100, "");
    cut->len -= 5;
    /* Its cut line is the other's 101st. */
    assert_lines(find(whole, cut), 1, 101);
    /* Read first it has its cut line as one that cannot be read; the whole one counts.
     */
    whole = piece(0, LINES);
    cut = piece(0, 100);
    add_line(cut, 25, 100, "");
    cut->len -= 5;
    assert_lines(find(cut, whole), 1, 100);
    /* The other way round. */
    whole = piece(0, LINES);
    cut = piece(100, 300);
    add_line(cut, 75, 300, "");
    cut->len -= 5;
    const struct found found = find_packed(whole, cut, "wbT", "wbT");
    assert_lines(found.in_later, 1, 201);
    assert_lines(found.in_earlier, 101, 200);
    /* A last line without its newline only. */
    whole = piece(0, LINES);
    cut = piece(0, 100);
    cut->len--;
    assert_lines(find(whole, cut), 1, 100);
}

/* A line that is the beginning of another is not a cut one unless its file ends there:
 * 12 bytes and 120. */
static void line_begins_like_another(void **state)
{
    (void)state;
    struct log *a = piece(0, 100), *b = piece(0, 100);
    add_line(a, 25, 100, "\n");
    add_line(b, 25, 100, "0\n");
    add_piece(a, 101, 200);
    add_piece(b, 101, 200);
    assert_lines(find(a, b), 1, 0);
    /* At the end of a block too: lines.c gives whole lines up to so many bytes. */
    for (unsigned n = 2690; n < 2730; n++) {
        a = new_log();
        b = new_log();
        add_piece(a, 0, n / 2);
        add_piece(b, 0, n / 2);
        add_line(a, 2000, 1, "\n");
        add_line(b, 2000, 1, "0\n");
        add_piece(a, n / 2, n);
        add_piece(b, n / 2, n);
        assert_lines(find(a, b), 1, 0);
    }
}

static void comments_before(void **state)
{
    (void)state;
    struct log *a = new_log(), *b = new_log();
    add(a, "# begun\n\n");
    add(b, "# begun\n\n");
    add_piece(a, 0, 100);
    add_piece(b, 0, LINES);
    assert_lines(find(a, b), 1, 102);
    /* Other comments, the same lines: no copy, but a part. */
    a = new_log();
    b = new_log();
    add(a, "# begun\n");
    add(b, "# begun again\n");
    add_piece(a, 0, 100);
    add_piece(b, 0, LINES);
    assert_lines(find(a, b), 2, 100);
}

static void add_w3c(struct log *log, const char *date, unsigned from, unsigned to)
{
    char line[200];
    snprintf(line, sizeof line,
             "#Version: 1.0\n#Date: %s\n#Fields: date time c-ip cs-method cs-uri-stem "
             "sc-status\n",
             date);
    add(log, line);
    for (unsigned i = from; i < to; i++) {
        const unsigned s = i / 4;
        snprintf(line, sizeof line,
                 "2026-03-02 00:%02u:%02u 192.0.2.%u GET /page-%u 200\n", s / 60 % 60,
                 s % 60, i % 250, i);
        add(log, line);
    }
}

static void w3c_headers(void **state)
{
    (void)state;
    struct log *a = new_log(), *b = new_log();
    add_w3c(a, "2026-03-02 00:00:00", 0, 100);
    add_w3c(b, "2026-03-02 00:00:00", 0, LINES);
    assert_lines(find(a, b), 1, 103);
    a = new_log();
    b = new_log();
    add_w3c(a, "2026-03-02 00:00:00", 0, 200);
    add_w3c(b, "2026-03-02 00:00:30", 120, LINES);
    assert_lines(find(a, b), 4, 80);
}

static struct log *with_crlf(unsigned from, unsigned to)
{
    struct log *log = new_log();
    for (unsigned i = from; i < to; i++)
        add_line(log, (int)i / 4, i, "\r\n");
    return log;
}

static void crlf(void **state)
{
    (void)state;
    assert_lines(find(with_crlf(0, 250), with_crlf(150, LINES)), 1, 100);
    assert_lines(find(with_crlf(0, LINES), with_crlf(0, 100)), 1, 100);
    /* The line is the same however it ends. */
    assert_lines(find(piece(0, 250), with_crlf(150, LINES)), 1, 100);
    assert_lines(find(with_crlf(0, 250), piece(150, LINES)), 1, 100);
}

static void compressed(void **state)
{
    (void)state;
    struct found found = find_packed(piece(0, LINES), piece(0, LINES), "wbT", "wb6");
    assert_lines(found.in_later, 1, LINES);
    found = find_packed(piece(0, 250), piece(150, LINES), "wb9", "wb1");
    assert_lines(found.in_later, 1, 100);
    found = find_packed(piece(0, LINES), piece(100, 300), "wb6", "wbT");
    assert_lines(found.in_later, 1, 200);
}

/* The first line of a part is of a request that took minutes: its time is long before
 * those of the lines around it. */
static void slow_request_first(void **state)
{
    (void)state;
    struct log *a = new_log(), *b = new_log();
    for (unsigned i = 0; i < 2400; i++)
        add_line(a, (int)i, i, "\n");
    add_line(a, 1200, 5000, "\n");
    add_line(b, 1200, 5000, "\n");
    for (unsigned i = 2400; i < 2600; i++)
        add_line(a, (int)i, i, "\n");
    for (unsigned i = 2400; i < 3000; i++)
        add_line(b, (int)i, i, "\n");
    assert_lines(find(a, b), 1, 201);
}

/* Lines that cannot be read are compared like others. */
static void malformed_lines(void **state)
{
    (void)state;
    struct log *a = new_log(), *b = new_log();
    for (unsigned i = 0; i < 120; i++) {
        add_line(a, (int)i, i, "\n");
        add(a, "?\n");
        if (i < 20)
            continue;
        add_line(b, (int)i, i, "\n");
        add(b, "?\n");
    }
    assert_lines(find(a, b), 1, 200);
}

static void replaced_or_vanished(void **state)
{
    (void)state;
    struct ff_fault fault = { "" };
    struct ff_overlap overlap;
    struct log *a = piece(0, 10), *b = piece(0, 10);
    put(a, "wbT");
    put(b, "wbT");
    const struct ff_overlap_input x = input_of(a), y = input_of(b);
    assert_int_equal(truncate(a->path, 20), 0);
    assert_int_equal(ff_overlap_find(&x, &y, &overlap, &fault), FF_ERR_IO);
    assert_non_null(strstr(fault.text, "became shorter"));
    assert_int_equal(rename(b->path, a->path), 0);
    assert_int_equal(ff_overlap_find(&x, &y, &overlap, &fault), FF_ERR_IO);
    assert_non_null(strstr(fault.text, "was replaced"));
    unlink(a->path);
    assert_int_equal(ff_overlap_find(&x, &y, &overlap, &fault), FF_ERR_IO);
    assert_non_null(strstr(fault.text, a->path));
    assert_int_equal(ff_overlap_find(&y, &x, &overlap, &fault), FF_ERR_IO);
    free(a);
    free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identical),
        cmocka_unit_test(one_is_the_others_beginning),
        cmocka_unit_test(a_part_inside),
        cmocka_unit_test(ends_overlap),
        cmocka_unit_test(sixty_four_lines),
        cmocka_unit_test(two_seconds),
        cmocka_unit_test(twins_that_part),
        cmocka_unit_test(health_checks_of_two_servers),
        cmocka_unit_test(first_line_repeated),
        cmocka_unit_test(cut_off_last_line),
        cmocka_unit_test(line_begins_like_another),
        cmocka_unit_test(comments_before),
        cmocka_unit_test(w3c_headers),
        cmocka_unit_test(crlf),
        cmocka_unit_test(compressed),
        cmocka_unit_test(slow_request_first),
        cmocka_unit_test(malformed_lines),
        cmocka_unit_test(replaced_or_vanished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
