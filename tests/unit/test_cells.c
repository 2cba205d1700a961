/* Cells are found by their keys, whatever happened to them in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cells.h"

/* More than a table's places for keys that were counted lately. */
#define KEYS 5000

static struct ff_secret secret;
static struct ff_dictionary words;
static struct ff_keys keys = { .words = &words };
static struct ff_starts starts;
static struct ff_cells cells;

static int open_cells(void **state)
{
    (void)state;
    words.keys.secret = &secret;
    if (!ff_secret_init(&secret))
        return -1;
    /* Numbers are hours: no key of these asks for a word. */
    const struct ff_threshold two = { 2, 2 };
    const bool is_done = ff_cells_init(&cells, &keys, FF_HOURS, two);
    cells.starts = &starts;
    return is_done ? 0 : -1;
}

static int close_cells(void **state)
{
    (void)state;
    ff_cells_clear(&cells);
    return 0;
}

static void count_one(uint64_t key, uint64_t n)
{
    const uint32_t at = ff_cells_count(&cells, NULL, key, n);
    assert_in_range(at, 1, cells.n - 1);
    assert_int_equal(cells.cells[at].key, key);
}

static void count_all(uint64_t n)
{
    for (uint64_t key = 0; key < KEYS; key++)
        count_one(key, n);
}

static void test_each_key_has_a_cell(void **state)
{
    (void)state;
    count_all(1);
    count_all(2);
    assert_int_equal(cells.n, 1 + KEYS);
    for (uint32_t i = 1; i < cells.n; i++)
        assert_int_equal(cells.cells[i].count, 3);
}

static void test_a_key_that_folded_begins_anew(void **state)
{
    (void)state;
    count_all(1);
    cells.most_bytes = 0;
    ff_cells_thin(&cells);
    assert_int_equal(cells.n, 1);
    assert_int_equal(cells.cells[FF_CELL_OTHER].count, KEYS);
    cells.is_closed = false;
    /* Those first whose places are the last that were noted. */
    for (uint64_t key = KEYS; key-- > 0;)
        count_one(key, 2);
    assert_int_equal(cells.n, 1 + KEYS);
    for (uint32_t i = 1; i < cells.n; i++)
        assert_int_equal(cells.cells[i].count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_key_has_a_cell, open_cells,
                                        close_cells),
        cmocka_unit_test_setup_teardown(test_a_key_that_folded_begins_anew, open_cells,
                                        close_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
