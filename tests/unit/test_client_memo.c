/* The memo of clients, and what threads that share it may find in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "client_memo.h"

#define READERS 3
#define ROUNDS  300000u

static struct ff_client_memo *memo;

static int open_memo(void **state)
{
    (void)state;
    struct ff_fault fault;
    return ff_client_memo_create(&memo, &fault) == FF_OK ? 0 : -1;
}

static int close_memo(void **state)
{
    (void)state;
    ff_client_memo_destroy(memo);
    return 0;
}

/* Every part of it says which one it is. All of `slot` share a slot. */
static struct ff_client_memo_entry entry_of(uint64_t slot, uint64_t which)
{
    return (struct ff_client_memo_entry) {
        .hash = { which, which * FF_CLIENT_MEMO_SLOTS + slot },
        .net = which * 3,
        .visitor = which * 5,
        .agent = (const struct ff_agent *)(uintptr_t)(which * 8),
        .period = (int32_t)(which & 0xffff),
        .country = (uint16_t)which,
        .kind = (uint8_t)which,
        .fate = (uint8_t)(which >> 8),
    };
}

static bool is_there(struct ff_client_memo_entry wanted)
{
    struct ff_client_memo_entry found;
    return ff_client_memo_find(memo, wanted.hash, &found) &&
           memcmp(&found, &wanted, sizeof found) == 0;
}

static void what_was_put_is_found(void **state)
{
    (void)state;
    const struct ff_client_memo_entry a = entry_of(7, 1), b = entry_of(7, 2),
                                      c = entry_of(8, 3);
    assert_false(is_there(a));
    ff_client_memo_put(memo, &a);
    ff_client_memo_put(memo, &c);
    assert_true(is_there(a) && is_there(c) && !is_there(b));
    /* Half of the hash is not enough. */
    struct ff_client_memo_entry other = a, found;
    other.hash.high ^= 1;
    assert_false(ff_client_memo_find(memo, other.hash, &found));
    ff_client_memo_put(memo, &b);
    assert_true(is_there(b) && is_there(c) && !is_there(a));
}

/* Nor is a slot waited for. */
static void a_slot_that_is_written_is_let_be(void **state)
{
    (void)state;
    const struct ff_client_memo_entry a = entry_of(9, 11), b = entry_of(9, 12);
    struct ff_client_memo_slot *slot = &memo->slots[9];
    ff_client_memo_put(memo, &a);
    slot->count++;
    assert_false(is_there(a));
    ff_client_memo_put(memo, &b);
    assert_false(is_there(b));
    slot->count++;
    assert_true(is_there(a) && !is_there(b));
}

static void a_period_is_forgotten(void **state)
{
    (void)state;
    const struct ff_client_memo_entry a = entry_of(11, 21), b = entry_of(12, 22);
    ff_client_memo_put(memo, &a);
    ff_client_memo_put(memo, &b);
    ff_client_memo_forget(memo, a.period);
    assert_true(!is_there(a) && is_there(b));
    for (size_t i = 0; i < FF_CLIENT_MEMO_WORDS; i++)
        assert_int_equal(memo->slots[11].words[i], 0);
    ff_client_memo_put(memo, &a);
    assert_true(is_there(a));
}

/* Puts and finds what two entries of a slot alternately are. */
static void *put_and_find(void *argument)
{
    size_t *torn = argument;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        const struct ff_client_memo_entry entry = entry_of(42, 100 + i % 2);
        struct ff_client_memo_entry found;
        ff_client_memo_put(memo, &entry);
        for (uint64_t which = 100; which < 102; which++) {
            const struct ff_client_memo_entry whole = entry_of(42, which);
            if (ff_client_memo_find(memo, whole.hash, &found))
                *torn += memcmp(&found, &whole, sizeof found) != 0;
        }
    }
    return NULL;
}

static void nobody_finds_half_of_one(void **state)
{
    (void)state;
    pthread_t threads[READERS];
    size_t torn[READERS] = { 0 };
    for (size_t i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, put_and_find, &torn[i]), 0);
    for (size_t i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(torn[i], 0);
    }
    assert_true(is_there(entry_of(42, 100)) || is_there(entry_of(42, 101)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_found),
        cmocka_unit_test(a_slot_that_is_written_is_let_be),
        cmocka_unit_test(a_period_is_forgotten),
        cmocka_unit_test(nobody_finds_half_of_one),
    };
    return cmocka_run_group_tests(tests, open_memo, close_memo);
}
