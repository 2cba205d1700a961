/* SipHash of a few words, held against the paper's example and libsodium's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#include "siphash.h"

/* Words as the function wants them, byte by byte. */
static uint64_t hash_bytes(const unsigned char key[16], const unsigned char *bytes,
                           size_t len)
{
    uint64_t words[8] = { 0 };
    const size_t n = len / 8 + 1;
    for (size_t i = 0; i < len; i++)
        words[i / 8] |= (uint64_t)bytes[i] << 8 * (i % 8);
    words[n - 1] |= (uint64_t)len << 56;
    return ff_siphash(key, words, n);
}

/* Appendix A. */
static void the_papers_example(void **state)
{
    (void)state;
    unsigned char bytes[16];
    for (unsigned char i = 0; i < 16; i++)
        bytes[i] = i;
    assert_true(hash_bytes(bytes, bytes, 15) == 0xa129ca6149be45e5u);
}

static void same_as_libsodium(void **state)
{
    (void)state;
    for (size_t len = 0; len < 63; len++) {
        for (int round = 0; round < 100; round++) {
            unsigned char key[crypto_shorthash_KEYBYTES], bytes[63], out[8];
            uint64_t want = 0;
            randombytes_buf(key, sizeof key);
            randombytes_buf(bytes, sizeof bytes);
            crypto_shorthash(out, bytes, len, key);
            for (unsigned i = 0; i < 8; i++)
                want |= (uint64_t)out[i] << 8 * i;
            assert_true(hash_bytes(key, bytes, len) == want);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_papers_example),
        cmocka_unit_test(same_as_libsodium),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
