/* The index over arrays and the strings that are known by number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "hand_random.h"
#include "names.h"

/* Whether `want` is among the records that may have `hash`. */
static bool may_be(const struct ff_index *index, uint64_t hash, uint32_t want)
{
    uint32_t item, probe = 0;
    while ((item = ff_index_next(index, hash, &probe)) != FF_INDEX_NONE)
        if (item == want)
            return true;
    return false;
}

static void every_record_is_found(void **state)
{
    (void)state;
    struct hand_random random = { 5 };
    struct ff_index index = { 0 };
    static uint64_t hashes[100000];
    assert_false(may_be(&index, 1, 0));
    for (uint32_t i = 0; i < 100000; i++) {
        hashes[i] = hand_next(&random);
        assert_true(ff_index_reserve(&index));
        ff_index_add(&index, hashes[i], i);
    }
    for (uint32_t i = 0; i < 100000; i++)
        assert_true(may_be(&index, hashes[i], i));
    assert_int_equal(index.n, 100000);
    assert_true(index.n <= (index.mask + 1) / 2);
    ff_index_clear(&index);
    assert_int_equal(ff_index_bytes(&index), 0);
}

/* Hashes that differ in their high halves only are not told apart by the tag: all are
 * given, each once. */
static void equal_tags_are_all_given(void **state)
{
    (void)state;
    struct ff_index index = { 0 };
    for (uint32_t i = 0; i < 300; i++) {
        assert_true(ff_index_reserve(&index));
        ff_index_add(&index, (uint64_t)i << 32 | UINT32_MAX, i);
    }
    bool seen[300] = { false };
    uint32_t item, probe = 0, n = 0;
    while ((item = ff_index_next(&index, UINT32_MAX, &probe)) != FF_INDEX_NONE) {
        assert_false(seen[item]);
        seen[item] = true;
        n++;
    }
    assert_int_equal(n, 300);
    ff_index_clear(&index);
}

static struct ff_span numbered(uint32_t i)
{
    static char text[32];
    return (struct ff_span) { text,
                              (size_t)snprintf(text, sizeof text, "/page/%u", i) };
}

static void names_have_one_number_each(void **state)
{
    (void)state;
    struct ff_secret secret;
    struct ff_budget budget = { .cap = SIZE_MAX };
    struct ff_names names;
    assert_true(ff_secret_init(&secret));
    ff_names_init(&names, &secret, &budget, 64 << 20);
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 50000; i++)
            assert_int_equal(ff_names_id(&names, numbered(i)), i + 1);
    for (uint32_t i = 0; i < 50000; i++)
        assert_true(ff_span_equal(ff_names_get(&names, i + 1), numbered(i)));
    assert_false(names.is_capped);
    /* Empty is a name like any; the number 0 is no name, and reads as empty. */
    assert_int_equal(ff_names_id(&names, FF_SPAN("")), 50001);
    assert_int_equal(ff_names_id(&names, FF_SPAN("\0")), 50002);
    assert_int_equal(ff_names_get(&names, 0).len, 0);
    ff_names_clear(&names);
}

/* At the cap new names have number 0 and old ones are found still. */
static void names_are_bounded(void **state)
{
    (void)state;
    enum { CAP = 256 * 1024 };
    struct ff_secret secret;
    struct ff_budget budget = { .cap = SIZE_MAX };
    struct ff_names names;
    uint32_t n = 0;
    assert_true(ff_secret_init(&secret));
    ff_names_init(&names, &secret, &budget, CAP);
    while (ff_names_id(&names, numbered(n)))
        n++;
    assert_true(names.is_capped);
    assert_true(n > 1000);
    assert_true(names.held_bytes <= CAP);
    assert_int_equal(budget.used, names.held_bytes);
    for (uint32_t i = 0; i < 100000; i++)
        ff_names_id(&names, numbered(n + i));
    assert_true(names.held_bytes <= CAP);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(ff_names_id(&names, numbered(i)), i + 1);
    ff_names_clear(&names);
    assert_int_equal(names.held_bytes, 0);
    assert_int_equal(budget.used, 0);
    assert_int_equal(ff_names_id(&names, numbered(7)), 1);
    ff_names_clear(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_is_found),
        cmocka_unit_test(equal_tags_are_all_given),
        cmocka_unit_test(names_have_one_number_each),
        cmocka_unit_test(names_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
