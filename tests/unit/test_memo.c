#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "memo.h"

static struct ff_secret secret;

static struct ff_memo *memo_of(size_t slots, size_t arena_bytes)
{
    struct ff_memo *memo;
    struct ff_fault fault;
    assert_true(ff_secret_init(&secret));
    assert_int_equal(
        ff_memo_create(&memo, slots, sizeof(uint64_t), arena_bytes, &secret, &fault),
        FF_OK);
    return memo;
}

/* "key 17"; in the same place at each call. */
static struct ff_span key_of(unsigned i)
{
    static char text[32];
    return (struct ff_span) { text, (size_t)snprintf(text, sizeof text, "key %u", i) };
}

/* Adds keys 0, 1, ... until the memo is full; says how many. */
static unsigned fill(struct ff_memo *memo, unsigned most)
{
    for (unsigned i = 0; i < most; i++) {
        uint64_t *value = ff_memo_add(memo, ff_memo_look(memo, key_of(i)));
        if (!value)
            return i;
        assert_int_equal(*value, 0);
        *value = i + 1;
    }
    return most;
}

static void what_was_added_is_found(void **state)
{
    (void)state;
    struct ff_memo *memo = memo_of(1024, 1 << 20);
    assert_null(ff_memo_find(memo, ff_memo_look(memo, key_of(0))));
    assert_int_equal(fill(memo, 700), 700);
    for (unsigned i = 0; i < 700; i++) {
        const uint64_t *value = ff_memo_find(memo, ff_memo_look(memo, key_of(i)));
        assert_non_null(value);
        assert_int_equal(*value, i + 1);
    }
    assert_null(ff_memo_find(memo, ff_memo_look(memo, key_of(700))));
    assert_null(ff_memo_find(memo, ff_memo_look(memo, FF_SPAN("key"))));
    assert_null(ff_memo_find(memo, ff_memo_look(memo, FF_SPAN(""))));
    ff_memo_destroy(memo);
}

static void keys_are_bytes(void **state)
{
    (void)state;
    struct ff_memo *memo = memo_of(64, 1 << 20);
    const struct ff_span keys[] = { FF_SPAN(""), FF_SPAN("\0"), FF_SPAN("\0\0"),
                                    FF_SPAN("a"), FF_SPAN("a\0") };
    for (uint64_t i = 0; i < 5; i++)
        *(uint64_t *)ff_memo_add(memo, ff_memo_look(memo, keys[i])) = i;
    for (uint64_t i = 0; i < 5; i++)
        assert_int_equal(*(uint64_t *)ff_memo_find(memo, ff_memo_look(memo, keys[i])),
                         i);
    ff_memo_destroy(memo);
}

/* Full by slots: some three quarters of them. What is in stays until refresh. */
static void is_bounded_by_slots(void **state)
{
    (void)state;
    struct ff_memo *memo = memo_of(1024, 64 << 20);
    const unsigned n = fill(memo, 5000);
    assert_in_range(n, 512, 800);
    assert_null(ff_memo_arena(memo));
    assert_non_null(ff_memo_find(memo, ff_memo_look(memo, key_of(0))));
    assert_non_null(ff_memo_find(memo, ff_memo_look(memo, key_of(n - 1))));
    assert_null(ff_memo_find(memo, ff_memo_look(memo, key_of(n))));
    ff_memo_destroy(memo);
}

static void is_bounded_by_bytes(void **state)
{
    (void)state;
    struct ff_memo *memo = memo_of(1 << 15, 256 * 1024);
    unsigned n = 0;
    for (; n < 60000 && ff_memo_add(memo, ff_memo_look(memo, key_of(n))); n++)
        if (ff_memo_arena(memo))
            assert_non_null(ff_arena_take(ff_memo_arena(memo), 1000, 8));
    /* Half of 256 KiB was used, at 1,000 bytes each. */
    assert_in_range(n, 100, 260);
    ff_memo_destroy(memo);
}

static void long_keys_are_not_worth_it(void **state)
{
    (void)state;
    struct ff_memo *memo = memo_of(64, 1 << 20);
    static char text[2000];
    const struct ff_span just = { text, 1024 }, too_long = { text, 1025 };
    assert_non_null(ff_memo_add(memo, ff_memo_look(memo, just)));
    assert_null(ff_memo_add(memo, ff_memo_look(memo, too_long)));
    assert_null(ff_memo_find(memo, ff_memo_look(memo, too_long)));
    assert_non_null(ff_memo_find(memo, ff_memo_look(memo, just)));
    ff_memo_destroy(memo);
}

static void refresh_empties_a_full_memo_only(void **state)
{
    (void)state;
    struct ff_memo *memo = memo_of(1024, 1 << 20);
    unsigned n = 0;
    fill(memo, 100);
    ff_memo_refresh(memo);
    assert_non_null(ff_memo_find(memo, ff_memo_look(memo, key_of(99))));
    while (ff_memo_arena(memo))
        assert_non_null(ff_memo_add(memo, ff_memo_look(memo, key_of(100 + n++))));
    for (int round = 0; round < 3; round++) {
        ff_memo_refresh(memo);
        assert_null(ff_memo_find(memo, ff_memo_look(memo, key_of(0))));
        assert_null(ff_memo_find(memo, ff_memo_look(memo, key_of(n / 2))));
        assert_int_equal(fill(memo, 5000), n + 100);
    }
    ff_memo_destroy(memo);
}

static void destroying_nothing_is_allowed(void **state)
{
    (void)state;
    ff_memo_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_found),
        cmocka_unit_test(keys_are_bytes),
        cmocka_unit_test(is_bounded_by_slots),
        cmocka_unit_test(is_bounded_by_bytes),
        cmocka_unit_test(long_keys_are_not_worth_it),
        cmocka_unit_test(refresh_empties_a_full_memo_only),
        cmocka_unit_test(destroying_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
