/* Search terms: what is counted, in which form, and what is withheld (privacy.md 3.11).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <stdio.h>
#include <wctype.h>

#include "page.h"
#include "terms.h"
#include "utf8.h"

struct fixture {
    struct ff_pages *pages;
    struct ff_arena arena;
    struct ff_fault fault;
};

static int set_up(void **state)
{
    static struct fixture fixture; /* cmocka hands it to each test */
    ff_arena_init(&fixture.arena, 4096, 1 << 20);
    *state = &fixture;
    return ff_pages_create(&fixture.pages, &fixture.fault) == FF_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    ff_arena_clear(&f->arena);
    ff_pages_destroy(f->pages);
    return 0;
}

struct term_case {
    const char *raw, *term; /* an empty term: withheld */
};

/* clang-format off */
static const struct term_case terms[] = {
    { "shoes", "shoes" }, { "Red+Shoes", "red shoes" }, { "red%20%20shoes++", "red shoes" }, { "++a", "a" },
    { "c%2B%2B", "c++" }, { "100%25", "100%" }, { "%e2%82%ac", "\xE2\x82\xAC" },
    { "CAF%C3%89", "caf\xC3\xA9" }, { "\\xC3\\x89T\\xC3\\x89", "\xC3\xA9t\xC3\xA9" },
    { "%D0%9F%D0%A0%D0%98%D0%92%D0%95%D0%A2", "\xD0\xBF\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82" },
    { "%CE%91%CE%98", "\xCE\xB1\xCE\xB8" }, { "%C4%B0z", "iz" }, { "%E1%BA%9E", "\xC3\x9F" },
    { "%E6%9D%B1%E4%BA%AC%E3%80%80%E9%A7%85", "\xE6\x9D\xB1\xE4\xBA\xAC \xE9\xA7\x85" },
    { "one+two+three+four+five+six", "one two three four five six" },
    { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
    { "iso+8601", "iso 8601" }, { "web2", "web2" }, { "mp3s5", "mp3s5" }, { "\\\"big+cat\\\"", "\"big cat\"" },
    /* blank */
    { "", "" }, { "+", "" }, { "%20", "" },
    /* too much */
    { "one+two+three+four+five+six+seven", "" },
    { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "" }, /* 51 */
    /* personal, or hard to tell */
    { "john%40example.com", "" }, { "@john", "" }, { "a%EF%BC%A0b", "" }, { "john%2540example.com", "" },
    { "http%3A%2F%2Fx", "" }, { "http://x", "" }, { "http%253A//x", "" },
    { "12345", "" }, { "1+2+3+4+5", "" }, { "%D9%A1%D9%A2%D9%A3%D9%A4%D9%A5", "" }, /* Arabic digits */
    { "%EF%BC%91%EF%BC%92345", "" }, { "1234", "1234" },
    { "abc123", "" }, { "abc12", "abc12" }, { "iphone15", "" }, { "covid-19", "" },
    { "fe80::1", "" }, { "a::1", "" }, { "aa:bb:cc:dd:ee:ff", "" }, { "eyJabcdefg.abcdefgh", "" },
    { "github_pat_abcdefghijklmnopqrstuv", "" },
    /* not to be shown */
    { "a%00b", "" }, { "a%0Ab", "" }, { "a\\nb", "" }, { "%FF", "" }, { "%C3", "" }, { "%C2%85x", "" },
    { "%E2%80%AEx", "" }, { "%E2%80%A8x", "" }, { "%ED%A0%80", "" }, { "%C0%80", "" },
};
/* clang-format on */

static void terms_are_normalized_or_withheld(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        struct ff_span got;
        ff_arena_reset(&f->arena);
        assert_int_equal(ff_page_term(f->pages, ff_span_of(terms[i].raw), &f->arena,
                                      &got, &f->fault),
                         FF_OK);
        if (!ff_span_equal(got, ff_span_of(terms[i].term)))
            fail_msg("\"%s\" gave \"%.*s\"", terms[i].raw, (int)got.len, got.data);
    }
}

static void lower_case_is_unicodes(void **state)
{
    (void)state;
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        skip();
    static const uint32_t blocks[][2] = { { 0, 0x17F },       { 0x386, 0x3AB },
                                          { 0x400, 0x52F },   { 0x531, 0x556 },
                                          { 0x1E00, 0x1EFF }, { 0xFF00, 0xFF5F } };
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        for (uint32_t code = blocks[i][0]; code <= blocks[i][1]; code++)
            if (ff_terms_lower(code) != (uint32_t)towlower((wint_t)code))
                fail_msg("U+%04X gives U+%04X", code, ff_terms_lower(code));
    for (uint32_t code = 0; code < 0x11000; code++) {
        char from[4], to[4];
        const uint32_t lower = ff_terms_lower(code);
        assert_true(lower == code || lower == (uint32_t)towlower((wint_t)code));
        assert_true(ff_utf8_put(lower, to) <= ff_utf8_put(code, from));
    }
}

static void utf8_both_ways(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char bytes[4];
        struct ff_utf8 utf8 = { 0 };
        const int n = ff_utf8_put(code, bytes);
        bool is_valid = true;
        for (int i = 0; i < n; i++)
            is_valid = is_valid && ff_utf8_feed(&utf8, (unsigned char)bytes[i]);
        assert_int_equal(is_valid, code < 0xD800 || code > 0xDFFF);
        assert_true(!is_valid || (utf8.missing == 0 && utf8.code == code));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_are_normalized_or_withheld),
        cmocka_unit_test(lower_case_is_unicodes),
        cmocka_unit_test(utf8_both_ways),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
