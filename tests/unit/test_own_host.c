/* Which host is taken for the site's own when nobody names it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "own_host.h"

static struct ff_secret secret;
static struct ff_exclusions *exclusions;
static struct ff_fields *fields;

static int open_fields(void **state)
{
    (void)state;
    static const struct ff_ingest_settings settings = { 0 };
    struct ff_fault fault;
    if (!ff_secret_init(&secret) ||
        ff_exclusions_create(&exclusions, &settings, &fault) != FF_OK)
        return -1;
    return ff_fields_create(&fields, &secret, exclusions, &fault) == FF_OK ? 0 : -1;
}

static int close_fields(void **state)
{
    (void)state;
    ff_fields_destroy(fields);
    ff_exclusions_destroy(exclusions);
    return 0;
}

/* A log grows line by line. */
struct log {
    char text[64 * 1024];
    size_t len;
};

static void put(struct log *log, const char *target, const char *referrer)
{
    const int n = snprintf(log->text + log->len, sizeof log->text - log->len,
                           "192.0.2.1 - - [10/Oct/2024:13:55:36 +0000] \"GET %s "
                           "HTTP/1.1\" 200 5 \"%s\" \"Mozilla/5.0\"\n",
                           target, referrer);
    log->len += (size_t)n;
    assert_true(log->len < sizeof log->text);
}

static void expect(struct ff_own_host *own, const struct log *log, const char *want)
{
    struct ff_parser parser;
    struct ff_fault fault;
    const struct ff_format *combined = ff_format_named("combined");
    const struct ff_span text = { log->text, log->len };
    assert_int_equal(ff_parser_open(&parser, combined, NULL, &fault), FF_OK);
    assert_int_equal(ff_own_host_count(own, fields, &parser, text, &fault), FF_OK);
    ff_parser_close(&parser);
    const struct ff_span best = ff_own_host_best(own);
    if (!ff_span_equal(best, ff_span_of(want)))
        fail_msg("\"%.*s\", not \"%s\"", (int)best.len, best.data, want);
}

static void the_referrer_of_assets(void **state)
{
    (void)state;
    static struct log log;
    static struct ff_own_host own;
    put(&log, "/a.css", "https://shop.example/");
    put(&log, "/b.js", "https://shop.example/page?q=1");
    put(&log, "/c.png", "https://hotlinker.example/");
    for (int i = 0; i < 9; i++)
        put(&log, "/page", "https://www.google.com/");
    expect(&own, &log, "shop.example");
    /* A second file's lines count with the first's. */
    log.len = 0;
    put(&log, "/c.png", "https://hotlinker.example/");
    put(&log, "/c.png", "https://hotlinker.example/");
    expect(&own, &log, "hotlinker.example");
}

static void no_assets_no_guess(void **state)
{
    (void)state;
    static struct log log;
    static struct ff_own_host own;
    expect(&own, &log, "");
    put(&log, "/page", "https://www.google.com/");
    put(&log, "/a.css", "-");
    put(&log, "/a.css", "android-app://com.example/");
    put(&log, "/a.css", "nonsense");
    log.len += (size_t)snprintf(log.text + log.len, 100, "no line\n\n# remark\n");
    expect(&own, &log, "");
}

static void of_equals_the_first_by_bytes(void **state)
{
    (void)state;
    static struct log log;
    static struct ff_own_host own;
    put(&log, "/a.css", "https://b.example/");
    put(&log, "/a.css", "https://a.example/");
    put(&log, "/a.css", "https://c.example/");
    expect(&own, &log, "a.example");
}

/* Whoever invents hosts takes places, but the site's own is among the first seen. */
static void candidates_are_bounded(void **state)
{
    (void)state;
    static struct log log;
    static struct ff_own_host own;
    put(&log, "/a.css", "https://shop.example/");
    for (int i = 0; i < 200; i++) {
        char referrer[64];
        snprintf(referrer, sizeof referrer, "https://h%d.example/", i);
        put(&log, "/a.css", referrer);
    }
    put(&log, "/a.css", "https://shop.example/");
    expect(&own, &log, "shop.example");
    assert_int_equal(own.n, FF_OWN_HOST_CANDIDATES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_referrer_of_assets),
        cmocka_unit_test(no_assets_no_guess),
        cmocka_unit_test(of_equals_the_first_by_bytes),
        cmocka_unit_test(candidates_are_bounded),
    };
    return cmocka_run_group_tests(tests, open_fields, close_fields);
}
