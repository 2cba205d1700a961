/* Formats that a file begins in, goes on in, or has later only. The choice by single
 * lines is in cases/formats.cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "formats.h"

#define COMMON   "192.0.2.1 - - [02/Mar/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 1"
#define COMBINED COMMON " \"-\" \"a\""
#define WITH_HOST                                                                      \
    "192.0.2.1 www.example.org - [02/Mar/2026:10:00:00 +0000] \"GET / HTTP/1.1\" "     \
    "200 1 \"-\" \"a\""
#define JSON                                                                           \
    "{\"remote_addr\":\"192.0.2.1\",\"time_iso8601\":\"2026-03-02T10:00:00+00:00\","   \
    "\"request\":\"GET / HTTP/1.1\",\"status\":\"200\",\"body_bytes_sent\":\"1\","     \
    "\"http_referer\":\"\",\"http_user_agent\":\"a\"}"

/* So many lines of one kind, then so many of another. */
struct file {
    const char *first;
    unsigned n_first;
    const char *then;
    unsigned n_then;
};

static size_t repeat(char *to, const char *line, unsigned n)
{
    const size_t len = strlen(line);
    for (unsigned i = 0; i < n; i++) {
        memcpy(to + i * (len + 1), line, len);
        to[i * (len + 1) + len] = '\n';
    }
    return n * (len + 1);
}

static struct ff_guess guess(const struct file *file)
{
    struct ff_guess guess;
    struct ff_fault fault;
    char *text = malloc(file->n_first * (strlen(file->first) + 1) +
                        file->n_then * (strlen(file->then) + 1));
    assert_non_null(text);
    size_t len = repeat(text, file->first, file->n_first);
    len += repeat(text + len, file->then, file->n_then);
    assert_int_equal(ff_format_guess((struct ff_span) { text, len }, &guess, &fault),
                     FF_OK);
    free(text);
    return guess;
}

static void the_first_lines_are_not_all(void **state)
{
    (void)state;
    static const struct {
        struct file file;
        const char *want;
        unsigned lines, readable;
    } cases[] = {
        { { COMBINED, 40, COMBINED, 40 }, "combined", 80, 80 },
        /* Both read all lines, and the first ones equally well. */
        { { COMBINED, 40, WITH_HOST, 40 }, "lighttpd", 80, 80 },
        /* The first lines' format reads no others, of which there are more. */
        { { COMBINED, 40, JSON, 80 }, "nginx_json", 120, 80 },
        { { COMBINED, 80, "what", 40 }, "combined", 120, 80 },
        { { "what", 40, COMMON, 3 }, "common", 43, 3 },
        /* The first 256 lines are in no format at all. */
        { { "what", 300, COMBINED, 3 }, "combined", 303, 3 },
        { { "what", 300, JSON, 3 }, "nginx_json", 303, 3 },
        /* More lines than are looked at. */
        { { COMBINED, 256, JSON, 256 }, "combined", 256, 256 },
        { { " \t" JSON, 2, "", 0 }, "nginx_json", 2, 2 },
        { { "# what", 300, COMBINED, 3 }, "combined", 3, 3 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct ff_guess got = guess(&cases[i].file);
        const char *name = got.format ? got.format->name : "none";
        if (strcmp(name, cases[i].want) != 0 || got.lines != cases[i].lines ||
            got.readable != cases[i].readable)
            fail_msg("case %zu: %s, %u of %u lines", i, name, got.readable, got.lines);
    }
}

/* One line in twenty of another format is enough for it, fewer are not. */
static void another_format_needs_some_lines(void **state)
{
    (void)state;
    const struct file enough = { COMBINED, 95, "www.example.org:80 " COMBINED, 5 };
    const struct file too_few = { COMBINED, 96, "www.example.org:80 " COMBINED, 4 };
    assert_non_null(guess(&enough).others[0]);
    assert_null(guess(&too_few).others[0]);
    assert_non_null(guess(&too_few).format);
}

static void no_format_is_chosen_for_nonsense(void **state)
{
    (void)state;
    static const struct file files[] = { { "what", 40, "{", 300 }, { "", 300, "", 1 } };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_null(guess(&files[i]).format);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_lines_are_not_all),
        cmocka_unit_test(another_format_needs_some_lines),
        cmocka_unit_test(no_format_is_chosen_for_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
