/* Needs the country database that npm brings: FF_TEST_MMDB, or its place under
 * node_modules; without it the look-ups are skipped. The source is included so that
 * what is remembered can be looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../ingest/places.c"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define NPM_PLACE                                                                      \
    "node_modules/@ip-location-db/geo-whois-asn-country-mmdb/"                         \
    "geo-whois-asn-country.mmdb"

static const char *database(void)
{
    const char *path = getenv("FF_TEST_MMDB");
    path = path && *path ? path : NPM_PLACE;
    return access(path, R_OK) == 0 ? path : NULL;
}

static uint16_t country(const struct ff_places *places, const char *text)
{
    const struct ff_address address = ff_address_read(ff_span_of(text));
    return ff_place_of(places, &address);
}

/* Skips the test where there is none. */
static struct ff_places *open_database(void)
{
    struct ff_places *places;
    struct ff_fault fault = { "" };
    if (!database())
        skip();
    assert_int_equal(ff_places_open(&places, database(), &fault), FF_OK);
    return places;
}

static void countries_are_found(void **state)
{
    (void)state;
    struct ff_places *places = open_database();

    /* Ranges of national registries, a university and public bodies: that stay. */
    /* clang-format off */
    static const struct {
        const char *text;
        char country[2];
    } cases[] = {
        { "193.0.6.139", "NL" },        /* RIPE NCC */
        { "2001:67c:2e8::1", "NL" },
        { "129.132.1.1", "CH" },        /* ETH Zurich */
        { "202.12.27.33", "JP" },       /* WIDE */
        { "18.9.22.69", "US" },         /* MIT */
        { "::ffff:18.9.22.69", "US" },
        { "[::ffff:18.9.22.69]:80", "US" },
        { "18.9.22.69:1234", "US" },
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT(cases); i++) {
        const uint16_t code = country(places, cases[i].text);
        if (code != FF_CODE(cases[i].country[0], cases[i].country[1]))
            fail_msg("%s: %c%c", cases[i].text, code >> 8, code & 255);
    }
    /* clang-format off */
    static const char *const nowhere[] = {
        "192.168.1.1", "10.0.0.1",   "127.0.0.1",  "100.64.0.1",    "169.254.1.1",
        "224.0.0.1",   "192.0.2.1",  "::1",        "2001:db8::1",   "fe80::1%eth0",
        "ff02::1",     "fd00::1",    "-",          "example.com",   "?",
        "2002:1209:1645::1",
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT(nowhere); i++)
        assert_int_equal(country(places, nowhere[i]), FF_NO_CODE);

    /* Every answer is none or two capital letters. */
    for (uint32_t i = 0; i < 200000; i++) {
        struct ff_address address = { .kind = i & 1 ? FF_CLIENT_V4 : FF_CLIENT_V6 };
        const uint32_t bits = i * 2654435761u;
        memcpy(address.bytes, &bits, sizeof bits);
        const uint16_t code = ff_place_of(places, &address);
        const int a = code >> 8, b = code & 255;
        assert_true(code == FF_NO_CODE ||
                    (a >= 'A' && a <= 'Z' && b >= 'A' && b <= 'Z'));
    }
    ff_places_close(places);
}

/* The library's own answer. */
static uint16_t code_in(const MMDB_s *db, const struct ff_address *address)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    memcpy(&v4.sin_addr, address->bytes, 4);
    memcpy(&v6.sin6_addr, address->bytes, 16);
    int error;
    MMDB_lookup_result_s found = MMDB_lookup_sockaddr(
        db,
        address->kind == FF_CLIENT_V4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6,
        &error);
    MMDB_entry_data_s data;
    assert_int_equal(error, MMDB_SUCCESS);
    if (!found.found_entry || MMDB_get_value(&found.entry, &data, "country_code", NULL))
        return FF_NO_CODE;
    return FF_CODE(data.utf8_string[0], data.utf8_string[1]);
}

/* Networks are remembered where they are one country's, and not where two share them:
 * several addresses of each network, near to each other and far. */
static void what_is_remembered_is_right(void **state)
{
    (void)state;
    struct ff_places *places = open_database();
    MMDB_s db;
    size_t n_shared = 0;
    assert_int_equal(MMDB_open(database(), MMDB_MODE_MMAP, &db), MMDB_SUCCESS);
    for (uint32_t network = 0; network < 20000; network++) {
        uint16_t first = FF_NO_CODE;
        for (uint32_t i = 0; i < 16; i++) {
            /* 2001::/20 is given out in small networks, too. */
            const bool is_v4 = network & 1;
            const uint32_t where = network * 2654435761u,
                           within = (network * 16 + i) * 2246822519u;
            struct ff_address address = { .kind = is_v4 ? FF_CLIENT_V4 : FF_CLIENT_V6 };
            const uint8_t v4[] = { (uint8_t)(where >> 24), (uint8_t)(where >> 16),
                                   (uint8_t)(within >> 24), (uint8_t)(within >> 16) };
            const uint8_t v6[] = { 0x20,
                                   0x01,
                                   (uint8_t)(network >> 1 & 15),
                                   (uint8_t)(where >> 24),
                                   (uint8_t)(within >> 24),
                                   (uint8_t)(within >> 16) };
            memcpy(address.bytes, is_v4 ? v4 : v6, is_v4 ? sizeof v4 : sizeof v6);
            if (ff_address_is_special(&address))
                continue;
            const uint16_t code = ff_place_of(places, &address);
            assert_int_equal(code, code_in(&db, &address));
            n_shared += i > 0 && code != first;
            first = code;
        }
    }
    assert_true(n_shared > 1000);
    MMDB_close(&db);
    ff_places_close(places);
}

/* Whether the memory is all zeros. */
static bool is_blank(const void *memory, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (((const unsigned char *)memory)[i])
            return false;
    return true;
}

static void no_network_is_remembered_for_ever(void **state)
{
    (void)state;
    struct ff_places *places = open_database();
    const struct memo *memo = places->memo;
    const size_t bytes = offsetof(struct memo, codes);
    const uint16_t code = country(places, "193.0.6.139");
    (void)country(places, "18.9.22.69");
    (void)country(places, "2001:67c:2e8::1");
    assert_false(is_blank(memo->v4, sizeof memo->v4));
    assert_false(is_blank(memo->v4_late, sizeof memo->v4_late));
    assert_false(is_blank(memo->v6, sizeof memo->v6));
    ff_places_forget(places);
    assert_true(is_blank(memo, bytes));
    assert_int_equal(country(places, "193.0.6.139"), code);
    ff_places_close(places);
    ff_places_forget(NULL);
}

static void no_database_no_country(void **state)
{
    (void)state;
    assert_int_equal(country(NULL, "18.9.22.69"), FF_NO_CODE);
    ff_places_close(NULL);
}

static void faults_are_told(void **state)
{
    (void)state;
    struct ff_places *places = NULL;
    struct ff_fault fault = { "" };
    assert_int_equal(ff_places_open(&places, "/nonexistent.mmdb", &fault), FF_ERR_IO);
    assert_non_null(strstr(fault.text, "/nonexistent.mmdb"));
    assert_null(places);

    char path[] = "/tmp/footfall-places-XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, "no database\n", 12), 12);
    close(file);
    assert_int_equal(ff_places_open(&places, path, &fault), FF_ERR_DATA);
    assert_non_null(strstr(fault.text, path));
    assert_null(places);
    unlink(path);
}

/* A database of one node whose left half (0/1) has this data section, v4 only. */
static size_t tiny_database(uint8_t *out, const char *data, size_t data_len)
{
    /* clang-format off */
    static const char metadata[] =
        "\xab\xcd\xefMaxMind.com"
        "\xe9"
        "\x4anode_count\xc1\x01"
        "\x4brecord_size\xa1\x18"
        "\x4aip_version\xa1\x04"
        "\x4d" "database_type\x44test"
        "\x49languages\x00\x04"
        "\x5b" "binary_format_major_version\xa1\x02"
        "\x5b" "binary_format_minor_version\xa1\x00"
        "\x4b" "build_epoch\x04\x02\x60\x00\x00\x00"
        "\x4b" "description\xe0";
    /* clang-format on */
    static const uint8_t node[6] = { 0, 0, 17, 0, 0, 1 };
    memcpy(out, node, 6);
    memset(out + 6, 0, 16);
    memcpy(out + 22, data, data_len);
    memcpy(out + 22 + data_len, metadata, sizeof metadata - 1);
    return 22 + data_len + sizeof metadata - 1;
}

static enum ff_err open_tiny(const char *data, size_t data_len,
                             struct ff_places **places, struct ff_fault *fault)
{
    uint8_t bytes[600];
    const size_t n = tiny_database(bytes, data, data_len);
    char path[] = "/tmp/footfall-places-XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, n), n);
    close(file);
    const enum ff_err err = ff_places_open(places, path, fault);
    unlink(path);
    return err;
}

/* clang-format off */
#define TINY(data, places, fault) open_tiny(data, sizeof(data) - 1, places, fault)

static void both_schemas_are_read(void **state)
{
    (void)state;
    struct ff_places *places = NULL;
    struct ff_fault fault = { "" };
    if (TINY("\xe1\x4c" "country_code\x42" "au", &places, &fault) != FF_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(country(places, "8.8.8.8"), FF_CODE('A', 'U'));
    assert_int_equal(country(places, "200.8.8.8"), FF_NO_CODE);
    assert_int_equal(country(places, "2a00::1"), FF_NO_CODE);
    ff_places_close(places);

    if (TINY("\xe1\x47" "country\xe1\x48" "iso_code\x42NZ", &places, &fault) != FF_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(country(places, "8.8.8.8"), FF_CODE('N', 'Z'));
    ff_places_close(places);
}

static void a_database_without_countries_is_refused(void **state)
{
    (void)state;
    struct ff_places *places = NULL;
    struct ff_fault fault = { "" };
    assert_int_equal(TINY("\xe1\x44" "city\x42" "au", &places, &fault), FF_ERR_DATA);
    assert_non_null(strstr(fault.text, "without country_code"));
    assert_int_equal(TINY("\xe1\x4c" "country_code\x42ZZ", &places, &fault),
                     FF_ERR_DATA);
    assert_int_equal(TINY("\xe1\x4c" "country_code\x43" "AUS", &places, &fault),
                     FF_ERR_DATA);
    assert_int_equal(TINY("\xe1\x4c" "country_code\x42" "A1", &places, &fault),
                     FF_ERR_DATA);
    assert_null(places);
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(countries_are_found),
        cmocka_unit_test(what_is_remembered_is_right),
        cmocka_unit_test(no_network_is_remembered_for_ever),
        cmocka_unit_test(no_database_no_country),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(both_schemas_are_read),
        cmocka_unit_test(a_database_without_countries_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
