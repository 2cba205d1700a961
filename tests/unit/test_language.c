#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "language.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* "" stands for none. */
static void expect(const char *header, const char *want)
{
    const uint16_t code = ff_language_read(ff_span_of(header));
    const uint16_t wanted = *want ? FF_CODE(want[0], want[1]) : FF_NO_CODE;
    if (code != wanted)
        fail_msg("\"%s\": %c%c", header, code >> 8, code & 255);
}

static void highest_weight_wins(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "de", "de" },
        { "en-US,en;q=0.9", "en" },
        { "fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr" },
        { "da;q=0.5, en-gb;q=0.8, nl;q=0.7", "en" },
        { "it;q=0.8,es;q=0.8", "it" },
        { "en;q=0.999,pt", "pt" },
        { "en;q=0.1, sv;q=0.101", "sv" },
        { "nl;Q=0.2,pl;Q=0.3", "pl" },
        { "\tcs ; q=0.4 ,\t sk ;q=0.5 ", "sk" },
        { "en;q=0,hu;q=0.1", "hu" },
        { "en;q=1.0", "en" },
        { "en;level=1;q=0.2,fi;q=0.3", "fi" },
        { "en;q=0.33333,el;q=0.4", "el" },
        { ",,en", "en" },
        { "DE-de", "de" },
        { "pt_BR", "pt" },
        { "zh-Hant-TW", "zh" },
        { "sr-Latn", "sr" },
        { "iw-IL", "he" },
        { "in", "id" },
        { "ji", "yi" },
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        expect(cases[i][0], cases[i][1]);
}

static void what_is_no_language(void **state)
{
    (void)state;
    /* clang-format off */
    static const char *const cases[] = {
        "", "-", "*", " ", ",", ";", "*,en;q=0.5", "gsw", "deu", "e", "en;q=0",
        "xx", "zz-ZZ", "12", "en US", "en:de", "en;q=", "en;q=2", "en;q=-1",
        "en;q=.5", "en;q=1.5", "en;q=0,5", "en;q=x", "\\x22en\\x22", "\"en\"",
        "b\xc3\xbc", "i-klingon", "x-private", "@n", "[n", "`n", "{n",
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT(cases); i++)
        expect(cases[i], "");
}

/* 184 codes (bh among them); of the other pairs only the three old ones are read. */
static void closed_list(void **state)
{
    (void)state;
    int known = 0, old = 0;
    for (char a = 'a'; a <= 'z'; a++) {
        for (char b = 'a'; b <= 'z'; b++) {
            const char pair[2] = { a, b };
            const uint16_t code = ff_language_read((struct ff_span) { pair, 2 });
            known += code == FF_CODE(a, b);
            old += code && code != FF_CODE(a, b);
        }
    }
    assert_int_equal(known, 184);
    assert_int_equal(old, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(highest_weight_wins),
        cmocka_unit_test(what_is_no_language),
        cmocka_unit_test(closed_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
