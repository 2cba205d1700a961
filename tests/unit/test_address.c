#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "address.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct ff_address read_text(const char *text)
{
    return ff_address_read(ff_span_of(text));
}

/* Text, and the same address as inet_pton reads it; v4 in dots. */
static void addresses_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *same;
    } cases[] = {
        { "192.0.2.1", "192.0.2.1" },
        { "0.0.0.0", "0.0.0.0" },
        { "255.255.255.255", "255.255.255.255" },
        { "8.8.4.4:443", "8.8.4.4" },
        { "8.8.4.4:65535", "8.8.4.4" },
        { "[8.8.4.4]:80", "8.8.4.4" },
        { "::", "::" },
        { "::1", "::1" },
        { "1::", "1::" },
        { "2001:db8::1", "2001:db8::1" },
        { "2001:DB8::AbCd", "2001:db8::abcd" },
        { "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
        { "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7::" },
        { "::2:3:4:5:6:7:8", "::2:3:4:5:6:7:8" },
        { "1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201" },
        { "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
        { "::192.0.2.1", "::c000:201" },
        { "[2001:db8::1]", "2001:db8::1" },
        { "[2001:db8::1]:8443", "2001:db8::1" },
        { "fe80::1%eth0", "fe80::1" },
        { "[fe80::1%25en0]:80", "fe80::1" },
        { "fe80::1%2", "fe80::1" },
        { "::ffff:8.8.8.8", "8.8.8.8" },
        { "::ffff:0808:0808", "8.8.8.8" },
        { "::FFFF:8.8.8.8", "8.8.8.8" },
        { "[::ffff:8.8.8.8]:80", "8.8.8.8" },
        { "0:0:0:0:0:ffff:0808:0808", "8.8.8.8" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct ff_address got = read_text(cases[i].text);
        const bool is_v6 = strchr(cases[i].same, ':') != NULL;
        uint8_t want[16] = { 0 };
        assert_int_equal(inet_pton(is_v6 ? AF_INET6 : AF_INET, cases[i].same, want), 1);
        assert_int_equal(got.kind, is_v6 ? FF_CLIENT_V6 : FF_CLIENT_V4);
        assert_memory_equal(got.bytes, want, 16);
    }
}

static void what_is_no_address_is_a_name_or_bad(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *text;
        enum ff_client kind;
    } cases[] = {
        { "-", FF_CLIENT_NONE },
        { "unix:", FF_CLIENT_NONE },
        { "unix:/run/a", FF_CLIENT_BAD },
        { "", FF_CLIENT_BAD },
        { "--", FF_CLIENT_BAD },
        { "localhost", FF_CLIENT_NAME },
        { "crawl-66-249.example.com", FF_CLIENT_NAME },
        { "Host_1.Example.COM.", FF_CLIENT_NAME },
        { "1.example", FF_CLIENT_NAME },
        { "3com.com", FF_CLIENT_NAME },
        { "xn--bcher-kva.example", FF_CLIENT_NAME },
        { "a..b", FF_CLIENT_BAD },
        { ".a", FF_CLIENT_BAD },
        { ".", FF_CLIENT_BAD },
        { "-a.example", FF_CLIENT_BAD },
        { "a-.example", FF_CLIENT_BAD },
        { "a b", FF_CLIENT_BAD },
        { "a/b", FF_CLIENT_BAD },
        { "b\xc3\xbc" "cher.example", FF_CLIENT_BAD },
        { "256.1.1.1", FF_CLIENT_BAD },
        { "1.2.3", FF_CLIENT_BAD },
        { "1.2.3.4.5", FF_CLIENT_BAD },
        { "1.2.3.", FF_CLIENT_BAD },
        { "01.2.3.4", FF_CLIENT_BAD },
        { "1.2.3.4 ", FF_CLIENT_BAD },
        { "1.2.3.4:", FF_CLIENT_BAD },
        { "1.2.3.4:65536", FF_CLIENT_BAD },
        { "1.2.3.4:8a", FF_CLIENT_BAD },
        { "1.2.3.4, 5.6.7.8", FF_CLIENT_BAD },
        { "12345", FF_CLIENT_BAD },
        { ":", FF_CLIENT_BAD },
        { ":::", FF_CLIENT_BAD },
        { "1:", FF_CLIENT_BAD },
        { ":1", FF_CLIENT_BAD },
        { "1::2::3", FF_CLIENT_BAD },
        { "1:2:3:4:5:6:7", FF_CLIENT_BAD },
        { "1:2:3:4:5:6:7:8:9", FF_CLIENT_BAD },
        { "1:2:3:4:5:6:7:8::", FF_CLIENT_BAD },
        { "::1:2:3:4:5:6:7:8", FF_CLIENT_BAD },
        { "1:2:3:4:5:6:7:1.2.3.4", FF_CLIENT_BAD },
        { "::1.2.3", FF_CLIENT_BAD },
        { "::1.2.3.4:5", FF_CLIENT_BAD },
        { "::12345", FF_CLIENT_BAD },
        { "::g", FF_CLIENT_BAD },
        { "fe80::1%", FF_CLIENT_BAD },
        { "fe80::1%e/0", FF_CLIENT_BAD },
        { "[::1", FF_CLIENT_BAD },
        { "[]", FF_CLIENT_BAD },
        { "[", FF_CLIENT_BAD },
        { "[::1]x", FF_CLIENT_BAD },
        { "[::1]:", FF_CLIENT_BAD },
        { "host:80", FF_CLIENT_BAD },
        { "\\x16\\x03", FF_CLIENT_BAD },
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct ff_address got = read_text(cases[i].text);
        if (got.kind != cases[i].kind)
            fail_msg("\"%s\": %d", cases[i].text, (int)got.kind);
    }
    const struct ff_address nul = ff_address_read((struct ff_span) { "::1%a\0", 6 });
    assert_int_equal(nul.kind, FF_CLIENT_BAD);
}

static void names_are_bounded(void **state)
{
    (void)state;
    char name[300];
    memset(name, 'a', sizeof name);
    for (size_t i = 60; i < sizeof name; i += 60)
        name[i] = '.';
    assert_int_equal(ff_address_read((struct ff_span) { name, 253 }).kind,
                     FF_CLIENT_NAME);
    assert_int_equal(ff_address_read((struct ff_span) { name, 254 }).kind,
                     FF_CLIENT_BAD);
    memset(name, 'a', 64);
    assert_int_equal(ff_address_read((struct ff_span) { name, 63 }).kind,
                     FF_CLIENT_NAME);
    assert_int_equal(ff_address_read((struct ff_span) { name, 64 }).kind,
                     FF_CLIENT_BAD);
}

/* The first and last address of each range, and their neighbours (IANA special-purpose
 * registries). */
static void special_ranges(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *text;
        bool special;
    } cases[] = {
        { "0.0.0.0", true },         { "0.255.255.255", true },
        { "1.0.0.0", false },        { "9.255.255.255", false },
        { "10.0.0.0", true },        { "10.255.255.255", true },
        { "11.0.0.0", false },       { "100.63.255.255", false },
        { "100.64.0.0", true },      { "100.127.255.255", true },
        { "100.128.0.0", false },    { "126.255.255.255", false },
        { "127.0.0.1", true },       { "128.0.0.0", false },
        { "169.253.255.255", false }, { "169.254.169.254", true },
        { "169.255.0.0", false },    { "172.15.255.255", false },
        { "172.16.0.0", true },      { "172.31.255.255", true },
        { "172.32.0.0", false },     { "192.0.0.255", true },
        { "192.0.1.0", false },      { "192.0.2.0", true },
        { "192.0.3.0", false },      { "192.88.98.255", false },
        { "192.88.99.1", true },     { "192.167.255.255", false },
        { "192.168.1.1", true },     { "192.169.0.0", false },
        { "198.17.255.255", false }, { "198.18.0.0", true },
        { "198.19.255.255", true },  { "198.20.0.0", false },
        { "198.51.100.7", true },    { "198.51.101.0", false },
        { "203.0.113.255", true },   { "203.0.114.0", false },
        { "223.255.255.255", false }, { "224.0.0.1", true },
        { "240.0.0.1", true },       { "255.255.255.255", true },
        { "::", true },              { "::1", true },
        { "::ffff:10.0.0.1", true }, { "::ffff:8.8.8.8", false },
        { "::8.8.8.8", true },       { "64:ff9b::8.8.8.8", false },
        { "64:ff9b:1::1", true },    { "100::1", true },
        { "1fff:ffff::", true },     { "2000::", false },
        { "2001::1", true },         { "2001:1ff:ffff::", true },
        { "2001:200::", false },     { "2001:db7::", false },
        { "2001:db8::1", true },     { "2001:db9::", false },
        { "2002:808:808::1", true }, { "2003::", false },
        { "2a00:1450::", false },    { "3ffe:ffff::", false },
        { "3fff:fff::1", true },     { "3fff:1000::", false },
        { "4000::", true },          { "5f00::1", true },
        { "fc00::1", true },         { "fdff::1", true },
        { "fe80::1", true },         { "fec0::1", true },
        { "ff02::1", true },         { "localhost", false },
        { "-", false },              { "?", false },
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct ff_address address = read_text(cases[i].text);
        if (ff_address_is_special(&address) != cases[i].special)
            fail_msg("%s", cases[i].text);
    }
}

/* Random strings of an address's letters are addresses exactly if inet_pton says so. */
static void same_as_inet_pton(void **state)
{
    (void)state;
    static const char letters[] = "0123456789afAF::::....";
    uint32_t seed = 20260302;
    for (int round = 0; round < 300000; round++) {
        char text[24];
        size_t n = 0;
        const size_t length = 2 + (seed >> 8) % 18;
        while (n < length) {
            seed = seed * 1664525 + 1013904223;
            text[n++] = letters[(seed >> 16) % (sizeof letters - 1)];
        }
        text[n] = '\0';
        if (!memchr(text, ':', n) || text[n - 1] == '.')
            continue;
        const struct ff_address got = read_text(text);
        uint8_t want[16];
        const bool is_v6 = inet_pton(AF_INET6, text, want) == 1;
        if (is_v6 && got.kind == FF_CLIENT_V6)
            assert_memory_equal(got.bytes, want, 16);
        else if (is_v6 && got.kind == FF_CLIENT_V4)
            assert_memory_equal(got.bytes, want + 12, 4);
        else if (is_v6 || got.kind == FF_CLIENT_V6)
            fail_msg("\"%s\": %d", text, (int)got.kind);
    }
}

/* The same of digits and dots, near to what is one. Nothing behind them is read: where
 * sanitizers look they end where their memory does. */
static void same_as_inet_pton_in_four_parts(void **state)
{
    (void)state;
    uint32_t seed = 20261130, n_read = 0;
    for (int round = 0; round < 400000; round++) {
        char text[32] = "";
        for (int part = 0; part < 4; part++) {
            static const char *const forms[] = { "%u", "%u", "%u", "%u",
                                                 "%u", "%u", "0%u" };
            seed = seed * 1664525 + 1013904223;
            const unsigned digits = (seed >> 8) % 3, most = digits == 0   ? 10
                                                            : digits == 1 ? 100
                                                                          : 270;
            size_t n = strlen(text);
            n += (size_t)snprintf(text + n, 8, forms[(seed >> 10) % 7],
                                  (seed >> 16) % most);
            if (part < 3)
                snprintf(text + n, 2, "%c", seed % 97 == 0 ? '1' : '.');
        }
        seed = seed * 1664525 + 1013904223;
        const size_t length = strlen(text);
        if (seed >> 28 == 0)
            text[(seed >> 8) % length] = "./:x0-a\xae"[(seed >> 4) % 8];
        char *copy = malloc(length);
        uint8_t want[4];
        assert_non_null(copy);
        memcpy(copy, text, length);
        const struct ff_address got =
            ff_address_read((struct ff_span) { copy, length });
        free(copy);
        const bool is_v4 = inet_pton(AF_INET, text, want) == 1;
        if (is_v4 != (got.kind == FF_CLIENT_V4) && !memchr(text, ':', length))
            fail_msg("\"%s\": %d", text, (int)got.kind);
        if (is_v4)
            assert_memory_equal(got.bytes, want, 4);
        n_read += is_v4;
    }
    assert_true(n_read > 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read),
        cmocka_unit_test(what_is_no_address_is_a_name_or_bad),
        cmocka_unit_test(names_are_bounded),
        cmocka_unit_test(special_ranges),
        cmocka_unit_test(same_as_inet_pton),
        cmocka_unit_test(same_as_inet_pton_in_four_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
