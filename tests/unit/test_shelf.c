/* What lies on the shelf comes back as it was, in order, packed or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "hand_rollup.h"
#include "shelf.h"

/* Of a day of March, whose counts tell which. */
static struct ff_rollup *day(int d)
{
    struct ff_rollup *rollup = hand_rollup(FF_DAY, hand_date(2026, 3, d));
    const struct hand_row rows[] = {
        { { "googlebot" }, { (uint64_t)d * 1000, 20, 300 } },
        { { "bingbot" }, { (uint64_t)d, 1, 30 } },
    };
    hand_table(rollup, FF_ROBOTS_TABLE, rows, 2, 0);
    rollup->is_partial = d % 2;
    return rollup;
}

static void encode(const struct ff_rollup *rollup, unsigned char **bytes, size_t *len)
{
    struct ff_fault fault;
    assert_int_equal(ff_rollup_encode(rollup, bytes, len, &fault), FF_OK);
}

static void comes_back_as_it_was(void **state)
{
    enum { DAYS = 31 };
    struct ff_fault fault;
    struct ff_shelf shelf = { 0 };
    struct ff_rollup_list list = { 0 };
    (void)state;
    for (int d = 1; d <= DAYS; d++) {
        assert_int_equal(ff_shelf_add(&shelf, day(d), d % 3, &fault), FF_OK);
        assert_int_equal(!shelf.items[d - 1].rollup, d % 3 != 0);
    }
    assert_int_equal(ff_shelf_take_all(&shelf, &list, &fault), FF_OK);
    assert_int_equal(list.n, DAYS);
    assert_int_equal(shelf.n, 0);
    for (int d = 1; d <= DAYS; d++) {
        struct ff_rollup *want = day(d);
        unsigned char *a, *b;
        size_t n_a, n_b;
        encode(want, &a, &n_a);
        encode(list.items[d - 1], &b, &n_b);
        assert_int_equal(n_a, n_b);
        assert_memory_equal(a, b, n_a);
        free(a);
        free(b);
        ff_rollup_destroy(want);
    }
    ff_rollup_list_clear(&list);
    ff_shelf_clear(&shelf);
}

/* Such a site has no file: encoding would refuse it. */
static void what_has_no_form_waits_as_it_is(void **state)
{
    struct ff_fault fault;
    struct ff_shelf shelf = { 0 };
    struct ff_rollup_list list = { 0 };
    struct ff_rollup *rollup = day(1);
    (void)state;
    rollup->site = FF_SPAN("no\nsite");
    assert_int_equal(ff_shelf_add(&shelf, rollup, true, &fault), FF_OK);
    assert_int_equal(ff_shelf_take_all(&shelf, &list, &fault), FF_OK);
    assert_ptr_equal(list.items[0], rollup);
    ff_rollup_list_clear(&list);
    ff_shelf_clear(&shelf);
}

static void what_was_not_taken_is_freed(void **state)
{
    struct ff_fault fault;
    struct ff_shelf shelf = { 0 };
    (void)state;
    assert_int_equal(ff_shelf_add(&shelf, day(1), true, &fault), FF_OK);
    assert_int_equal(ff_shelf_add(&shelf, day(2), false, &fault), FF_OK);
    ff_shelf_clear(&shelf); /* the leak checkers look */
    assert_null(shelf.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_as_it_was),
        cmocka_unit_test(what_has_no_form_waits_as_it_is),
        cmocka_unit_test(what_was_not_taken_is_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
