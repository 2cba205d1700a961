/* Structures that lie apart: where they begin, that they are zeroed, and that what
 * cannot be is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "footfall/apart.h"

struct one {
    _Alignas(FF_APART) unsigned char bytes[3];
};
struct more {
    _Alignas(FF_APART) unsigned char bytes[FF_APART + 1];
};

/* Memory of the heap is mostly dirty when it was somebody's before. */
static void make_dirty(size_t bytes)
{
    void *memory = malloc(bytes);
    assert_non_null(memory);
    memset(memory, 0xA5, bytes);
    __asm__ __volatile__("" : : "r"(memory) : "memory");
    free(memory);
}

static void no_two_share_two_lines(void **state)
{
    (void)state;
    assert_int_equal(sizeof(struct one), FF_APART);
    assert_int_equal(sizeof(struct more), 2 * FF_APART);
    for (size_t n = 1; n <= 9; n++) {
        make_dirty(n * sizeof(struct more));
        struct more *items = ff_apart_take(n, sizeof *items);
        assert_non_null(items);
        assert_int_equal((uintptr_t)items % FF_APART, 0);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < sizeof items[i].bytes; k++)
                assert_int_equal(items[i].bytes[k], 0);
        free(items);
    }
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    assert_null(ff_apart_take(0, sizeof(struct one)));
    assert_null(ff_apart_take(1, sizeof(struct one) + 1));
    assert_null(ff_apart_take(SIZE_MAX / FF_APART + 1, sizeof(struct one)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_share_two_lines),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
