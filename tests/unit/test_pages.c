/* Memory of any size: where it begins, that it holds what was put there, and that large
 * memory is the system's again at once. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pages.h"

static const size_t sizes[] = {
    1,
    FF_CACHE_LINE,
    FF_CACHE_LINE + 1,
    ((size_t)128 << 10) - 1,
    (size_t)128 << 10,
    ((size_t)192 << 10) + 1,
    (size_t)1 << 20,
    FF_HUGE_PAGE - 1,
    FF_HUGE_PAGE,
    2 * FF_HUGE_PAGE + FF_HUGE_PAGE / 2 + 3,
};
enum { N = sizeof sizes / sizeof *sizes };

/* Of the i-th byte. */
static unsigned char byte_of(size_t i)
{
    return (unsigned char)(i ^ i >> 8 ^ i >> 16);
}

static void fill(unsigned char *memory, size_t n)
{
    for (size_t i = 0; i < n; i++)
        memory[i] = byte_of(i);
}

static void check(const unsigned char *memory, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (memory[i] != byte_of(i))
            fail_msg("byte %zu of %zu is another", i, n);
}

static void is_aligned_and_holds_its_bytes(void **state)
{
    unsigned char *all[N];
    (void)state;
    for (int i = 0; i < N; i++) {
        all[i] = ff_pages_take(sizes[i]);
        assert_non_null(all[i]);
        const size_t unit = sizes[i] < FF_HUGE_PAGE ? FF_CACHE_LINE : FF_HUGE_PAGE;
        assert_int_equal((uintptr_t)all[i] % unit, 0);
        fill(all[i], sizes[i]);
    }
    for (int i = 0; i < N; i++) {
        check(all[i], sizes[i]);
        ff_pages_free(all[i], sizes[i]);
    }
}

static void resized_keeps_what_it_held(void **state)
{
    (void)state;
    for (int from = 0; from < N; from++)
        for (int to = 0; to < N; to++) {
            unsigned char *memory = ff_pages_resize(NULL, 0, sizes[from]);
            assert_non_null(memory);
            fill(memory, sizes[from]);
            memory = ff_pages_resize(memory, sizes[from], sizes[to]);
            assert_non_null(memory);
            check(memory, sizes[from] < sizes[to] ? sizes[from] : sizes[to]);
            fill(memory, sizes[to]);
            ff_pages_free(memory, sizes[to]);
        }
}

static bool is_mapped(void *page)
{
    unsigned char in_core;
    return mincore(page, 1, &in_core) == 0;
}

/* Also what was mapped for the sake of where it begins. */
static void large_memory_is_gone_when_freed(void **state)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    (void)state;
    for (int i = 0; i < N; i++) {
        if (sizes[i] < (size_t)128 << 10)
            continue;
        unsigned char *memory = ff_pages_take(sizes[i]);
        unsigned char *last = memory + (sizes[i] - 1) / page * page;
        assert_true(is_mapped(memory) && is_mapped(last));
        ff_pages_free(memory, sizes[i]);
        assert_false(is_mapped(memory) || is_mapped(last));
    }
}

static long pages_held(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld", &pages), 1);
    fclose(file);
    return pages;
}

static void nothing_is_left_behind(void **state)
{
    (void)state;
    const long before = pages_held();
    for (int round = 0; round < 100; round++)
        for (int i = 4; i < N; i++)
            ff_pages_free(ff_pages_take(sizes[i]), sizes[i]);
    assert_int_equal(pages_held(), before);
}

static void too_much_is_none(void **state)
{
    (void)state;
    const size_t sizes_too_large[] = { SIZE_MAX, SIZE_MAX - FF_HUGE_PAGE,
                                       SIZE_MAX / 2 };
    unsigned char *memory = ff_pages_take(FF_HUGE_PAGE);
    fill(memory, FF_HUGE_PAGE);
    for (int i = 0; i < 3; i++) {
        assert_null(ff_pages_take(sizes_too_large[i]));
        assert_null(ff_pages_resize(NULL, 0, sizes_too_large[i]));
        assert_null(ff_pages_resize(memory, FF_HUGE_PAGE, sizes_too_large[i]));
    }
    check(memory, FF_HUGE_PAGE);
    ff_pages_free(memory, FF_HUGE_PAGE);
    ff_pages_free(NULL, 0);
    ff_pages_free(NULL, FF_HUGE_PAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_aligned_and_holds_its_bytes),
        cmocka_unit_test(resized_keeps_what_it_held),
        cmocka_unit_test(large_memory_is_gone_when_freed),
        cmocka_unit_test(nothing_is_left_behind),
        cmocka_unit_test(too_much_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
