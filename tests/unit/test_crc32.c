/* gzip's checksum against its definition, bit by bit (RFC 1952, 8), at every length at
 * which it is made in another way, and behind any other bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "crc32.h"
#include "hand_random.h"

static uint32_t defined(uint32_t crc, const unsigned char *data, size_t len)
{
    crc = ~crc;
    for (size_t i = 0; i < len; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
    }
    return ~crc;
}

static void the_check_value(void **state)
{
    (void)state;
    assert_int_equal(ff_crc32(0, (const unsigned char *)"123456789", 9), 0xCBF43926);
    assert_int_equal(ff_crc32(0, (const unsigned char *)"", 0), 0);
}

/* The texts lie in memory of their own, so that a sanitizer sees what is read beyond.
 */
static void all_lengths(void **state)
{
    (void)state;
    struct hand_random random = { 32 };
    for (size_t len = 1; len <= 1000; len++) {
        unsigned char *data = malloc(len);
        assert_non_null(data);
        for (size_t i = 0; i < len; i++)
            data[i] = (unsigned char)hand_next(&random);
        const uint32_t before = len % 3 ? (uint32_t)hand_next(&random) : 0;
        assert_int_equal(ff_crc32(before, data, len), defined(before, data, len));
        free(data);
    }
}

/* Each single bit counts, wherever it is, and so do zeros. */
static void one_bit(void **state)
{
    (void)state;
    unsigned char data[600] = { 0 };
    for (size_t bit = 0; bit < 8 * sizeof data; bit++) {
        data[bit / 8] = (unsigned char)(1u << bit % 8);
        assert_int_equal(ff_crc32(0, data, sizeof data), defined(0, data, sizeof data));
        data[bit / 8] = 0;
    }
    for (size_t len = 0; len <= sizeof data; len++)
        assert_int_equal(ff_crc32(0, data, len), defined(0, data, len));
}

static void in_pieces(void **state)
{
    (void)state;
    static unsigned char data[20000];
    struct hand_random random = { 7 };
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)hand_next(&random);
    const uint32_t whole = defined(0, data, sizeof data);
    for (int round = 0; round < 100; round++) {
        uint32_t crc = 0;
        for (size_t at = 0, n; at < sizeof data; at += n) {
            n = 1 + hand_below(&random, 2000);
            n = n < sizeof data - at ? n : sizeof data - at;
            crc = ff_crc32(crc, data + at, n);
        }
        assert_int_equal(crc, whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_check_value),
        cmocka_unit_test(all_lengths),
        cmocka_unit_test(one_bit),
        cmocka_unit_test(in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
