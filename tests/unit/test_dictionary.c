/* A word's number leads to the word itself, whatever shares the number's place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "dictionary.h"

/* More than a day's first places, and words whose numbers share theirs. */
#define WORDS 1000

static struct ff_secret secret;
static struct ff_budget budget = { .cap = (size_t)64 << 20 };
static struct ff_dictionary words;
static char names[WORDS][16];

static int open_words(void **state)
{
    (void)state;
    for (int i = 0; i < WORDS; i++)
        snprintf(names[i], sizeof names[i], "name %d", i);
    ff_dictionary_init(&words, &secret, &budget, budget.cap);
    return ff_secret_init(&secret) ? 0 : -1;
}

static int close_words(void **state)
{
    (void)state;
    ff_dictionary_clear(&words);
    return budget.used == 0 ? 0 : -1;
}

/* Neighbours have numbers with the same low bits; some have none. */
static uint32_t number_of(uint32_t i)
{
    return i % 5 == 4 ? 0 : 1 + i / 2 + i % 2 * FF_WORD_NUMBERS;
}

static void assert_is_name(struct ff_span text, uint32_t i)
{
    assert_true(ff_span_equal(text, ff_span_of(names[i])));
}

static void keys_are_found(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 3; round++)
        for (uint32_t i = 0; i < WORDS; i++) {
            const struct ff_hit hit = { .key = ff_span_of(names[i]),
                                        .key_number = number_of(i) };
            const uint32_t id = ff_dictionary_key(&words, &hit);
            assert_is_name(ff_names_get(&words.keys, id), i);
        }
    assert_int_equal(words.keys.n, WORDS + 1);
}

static void origins_are_found(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 3; round++)
        for (uint32_t i = 0; i < WORDS; i++) {
            const struct ff_origin origin = { .channel = FF_SITE,
                                              .number = number_of(i),
                                              .name = ff_span_of(names[i]) };
            const struct ff_origin_ids ids =
                ff_dictionary_origin_ids(&words, ff_dictionary_origin(&words, &origin));
            assert_int_equal(ids.channel, FF_SITE);
            assert_is_name(ff_names_get(&words.sources, ids.name), i);
        }
    assert_int_equal(words.origins.n, WORDS + 1);
}

static void agents_are_found(void **state)
{
    (void)state;
    static struct ff_agent agents[WORDS];
    assert_int_equal(ff_dictionary_agent(&words, NULL), 0);
    for (uint32_t round = 0; round < 3; round++)
        for (uint32_t i = 0; i < WORDS; i++) {
            agents[i].number = number_of(i);
            const uint32_t id = ff_dictionary_agent(&words, &agents[i]);
            assert_ptr_equal(ff_dictionary_get_agent(&words, id), &agents[i]);
        }
    assert_int_equal(words.agents.n, WORDS + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_are_found, open_words, close_words),
        cmocka_unit_test_setup_teardown(origins_are_found, open_words, close_words),
        cmocka_unit_test_setup_teardown(agents_are_found, open_words, close_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
