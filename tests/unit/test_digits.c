/* Digits that are read eight at a time are what they are one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "hand_random.h"
#include "values.h"

static bool read_one_by_one(const char *text, size_t n, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (uint64_t)(text[i] - '0');
    }
    return n > 0;
}

/* `n` bytes and no more, so that sanitizers see a read past them. */
static void check_number(const char *text, size_t n)
{
    uint64_t want, got;
    uint16_t status;
    char *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    memcpy(copy, text, n);
    const struct ff_span span = { copy, n };
    const bool is_number = read_one_by_one(text, n, &want);
    assert_int_equal(ff_value_number(span, 18, &got), is_number);
    if (is_number)
        assert_int_equal(got, want);
    assert_int_equal(ff_value_status(span, &status), is_number && n == 3);
    if (is_number && n == 3)
        assert_int_equal(status, want);
    free(copy);
}

static void check_eight(const char *text, size_t n)
{
    uint64_t want;
    const bool is_number = read_one_by_one(text, n, &want);
    const uint64_t digits = ff_digits_at(text, n);
    assert_int_equal(ff_digits_are(digits), is_number);
    if (is_number)
        assert_int_equal(ff_digits_sum(digits), want);
}

/* Each byte at each place of numbers of each length. */
static void any_byte_is_a_digit_or_none(void **state)
{
    (void)state;
    struct hand_random random = { 3 };
    char text[24];
    for (size_t n = 0; n <= 18; n++)
        for (size_t place = 0; place <= n; place++)
            for (unsigned byte = 0; byte < 256; byte++) {
                for (size_t i = 0; i < sizeof text; i++)
                    text[i] = (char)('0' + hand_below(&random, 10));
                text[place] = (char)byte;
                check_number(text, n);
                if (n >= 1 && n <= 8)
                    check_eight(text, n);
            }
}

/* Bytes that are next to digits, or carry, come together in all ways. */
static void odd_bytes_come_together(void **state)
{
    (void)state;
    static const char bytes[] = "0189/:\x7f\x80\xb0\xb9\xff\x10 -.";
    struct hand_random random = { 4 };
    for (int i = 0; i < 200000; i++) {
        char text[8];
        const uint64_t some = i % 2 ? 4 : sizeof bytes - 1;
        for (size_t k = 0; k < sizeof text; k++)
            text[k] = bytes[hand_below(&random, some)];
        const size_t n = 1 + hand_below(&random, sizeof text);
        check_number(text, n);
        check_eight(text, n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_byte_is_a_digit_or_none),
        cmocka_unit_test(odd_bytes_come_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
