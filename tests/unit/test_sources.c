/* DIR/SITE/sources: what it remembers, and what it makes of a damaged file. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above it */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "footfall/sources.h"

#define PATH "s/site/sources"

/* Each test has a folder of its own and is in it. */
static int enter_folder(void **state)
{
    char *folder = strdup("/tmp/footfall-sources-XXXXXX");
    *state = folder;
    return folder && mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", (const char *)*state);
    free(*state);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static struct ff_digest digest(unsigned seed)
{
    struct ff_digest d;
    for (unsigned i = 0; i < sizeof d.bytes; i++)
        d.bytes[i] = (unsigned char)(seed * 31 + i * 7);
    return d;
}

/* A file of so many bytes whose heads are told by `beginning`. */
static struct ff_content content(unsigned beginning, uint64_t bytes, unsigned n_heads)
{
    struct ff_content c = { .file_bytes = bytes,
                            .first = digest(beginning + 100),
                            .last = digest((unsigned)bytes + 200),
                            .n_heads = n_heads };
    for (unsigned i = 0; i < n_heads; i++)
        c.heads[i] = digest(beginning * 3 + i);
    return c;
}

static void note(struct ff_sources *s, struct ff_content c, int64_t last_time,
                 const struct ff_period_lines *periods, size_t n)
{
    struct ff_fault fault;
    assert_int_equal(ff_sources_note(s, &c, last_time, periods, n, &fault), FF_OK);
}

static struct ff_sources read_back(bool is_damaged)
{
    struct ff_sources s;
    struct ff_fault fault;
    bool damaged;
    assert_int_equal(ff_sources_read(&s, "s", "site", &damaged, &fault), FF_OK);
    assert_int_equal(damaged, is_damaged);
    return s;
}

static void write_it(const struct ff_sources *s)
{
    struct ff_fault fault;
    assert_int_equal(ff_sources_write(s, "s", "site", &fault), FF_OK);
}

static void nothing_there(void **state)
{
    (void)state;
    struct ff_sources a = read_back(false), b = read_back(false);
    assert_int_equal(a.n, 0);
    assert_memory_not_equal(a.key, b.key, sizeof a.key); /* a new one each time */
    ff_sources_clear(&a);
    ff_sources_clear(&b);
    assert_int_not_equal(access("s", F_OK), 0); /* a look makes no folder */
}

static void round_trip(void **state)
{
    (void)state;
    struct ff_sources a = read_back(false);
    const struct ff_period_lines periods[] = { { 20514, 123 },
                                               { 20515, UINT64_MAX },
                                               { -3, 1 } };
    for (unsigned i = 0; i < 200; i++) /* more than the first allocation */
        note(&a, content(i, 1000 + i, i % 4), INT64_C(1772409600) + i, periods, i % 4);
    note(&a, content(300, UINT64_MAX, 3), -1, periods, 3);
    write_it(&a);
    struct ff_sources b = read_back(false);
    assert_memory_equal(a.key, b.key, sizeof a.key);
    assert_int_equal(b.n, 201);
    for (size_t i = 0; i < b.n; i++) {
        const struct ff_known_source *x = &a.items[i], *y = &b.items[i];
        assert_true(ff_content_is_same(&x->content, &y->content));
        assert_int_equal(x->content.n_heads, y->content.n_heads);
        for (unsigned j = 0; j < x->content.n_heads; j++)
            assert_true(ff_digest_equal(&x->content.heads[j], &y->content.heads[j]));
        assert_int_equal(x->last_time, y->last_time);
        assert_int_equal(x->n_periods, y->n_periods);
        for (size_t j = 0; j < x->n_periods; j++) {
            assert_int_equal(x->periods[j].start, y->periods[j].start);
            assert_int_equal(x->periods[j].lines, y->periods[j].lines);
        }
    }
    struct stat info;
    assert_int_equal(stat(PATH, &info), 0);
    assert_int_equal(info.st_mode & 077, 0); /* the key is the store's own */
    ff_sources_clear(&a);
    ff_sources_clear(&b);
}

static void noted_again(void **state)
{
    (void)state;
    struct ff_sources s = read_back(false);
    const struct ff_period_lines one[] = { { 5, 10 } }, two[] = { { 5, 10 }, { 6, 1 } };
    note(&s, content(1, 1000, 3), 50, one, 1);
    note(&s, content(2, 1000, 3), 60, one, 1);
    note(&s, content(1, 1000, 3), 70, two, 2);
    assert_int_equal(s.n, 2);
    const struct ff_content c = content(1, 1000, 3);
    const struct ff_known_source *found = ff_sources_find(&s, &c);
    assert_non_null(found);
    assert_int_equal(found->last_time, 70);
    assert_int_equal(found->n_periods, 2);
    ff_sources_clear(&s);
}

static void the_very_same(void **state)
{
    (void)state;
    struct ff_sources s = read_back(false);
    note(&s, content(1, 1000, 3), 50, NULL, 0);
    struct ff_content c = content(1, 1000, 3);
    assert_non_null(ff_sources_find(&s, &c));
    c.n_heads = 0; /* of the file as it is, not of what is in it */
    assert_non_null(ff_sources_find(&s, &c));
    c.file_bytes++;
    assert_null(ff_sources_find(&s, &c));
    c = content(1, 1000, 3);
    c.last.bytes[15] ^= 1;
    assert_null(ff_sources_find(&s, &c));
    c = content(1, 1000, 3);
    c.first.bytes[0] ^= 1;
    assert_null(ff_sources_find(&s, &c));
    ff_sources_clear(&s);
}

/* The longest head that both have decides; without one, the very same file. */
static void begins_alike(void **state)
{
    (void)state;
    for (unsigned a = 0; a <= FF_CONTENT_HEADS; a++) {
        for (unsigned b = 0; b <= FF_CONTENT_HEADS; b++) {
            const unsigned n = a < b ? a : b;
            struct ff_content x = content(1, 1000, a), y = content(1, 2000, b);
            assert_int_equal(ff_content_begins_alike(&x, &y), n > 0);
            if (!n) {
                y = content(1, 1000, b);
                assert_true(ff_content_begins_alike(&x, &y));
                continue;
            }
            y.heads[n - 1].bytes[3] ^= 1;
            assert_false(ff_content_begins_alike(&x, &y));
            assert_false(ff_content_begins_alike(&y, &x));
        }
    }
}

static void lines_of_what_begins_alike(void **state)
{
    (void)state;
    struct ff_sources s = read_back(false);
    const struct ff_period_lines few[] = { { 5, 10 } };
    const struct ff_period_lines more[] = { { 5, 300 }, { 6, 20 } };
    note(&s, content(1, 1000, 2), 50, few, 1);
    note(&s, content(1, 9000, 3), 90, more, 2);
    note(&s, content(2, 9000, 3), 90, (const struct ff_period_lines[]) { { 5, 999 } },
         1);
    const struct ff_content packed = content(1, 400, 3), other = content(3, 400, 3);
    assert_int_equal(ff_sources_lines(&s, &packed, 5), 300);
    assert_int_equal(ff_sources_lines(&s, &packed, 6), 20);
    assert_int_equal(ff_sources_lines(&s, &packed, 7), 0);
    assert_int_equal(ff_sources_lines(&s, &other, 5), 0);
    ff_sources_clear(&s);
}

static void put(const char *text, size_t len)
{
    mkdir("s", 0755);
    mkdir("s/site", 0755);
    FILE *file = fopen(PATH, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

#define KEY    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DIGEST "00112233445566778899aabbccddeeff"
#define BEGIN  "footfall-sources 1\nkey " KEY "\n"
#define FILES                                                                          \
    "content 12 " DIGEST " " DIGEST " " DIGEST " - - 1772409600\nperiod 20514 3\n"

static void accepted(void **state)
{
    (void)state;
    put(BEGIN, strlen(BEGIN));
    struct ff_sources s = read_back(false);
    assert_int_equal(s.n, 0);
    assert_int_equal(s.key[0], 0x01);
    ff_sources_clear(&s);
    put(BEGIN FILES FILES, strlen(BEGIN FILES FILES));
    s = read_back(false);
    assert_int_equal(s.n, 2);
    assert_int_equal(s.items[0].content.n_heads, 1);
    assert_int_equal(s.items[1].n_periods, 1);
    ff_sources_clear(&s);
}

/* Nothing of a damaged file is believed, and the key is a new one. */
static void damaged(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "footfall-sources 1\n",
        "footfall-sources 2\nkey " KEY "\n",
        "footfall-sources 1\nkey 01\n",
        "footfall-sources 1\nkey " KEY "00\n",
        "footfall-sources 1\nKEY " KEY "\n",
        BEGIN "content\n",
        BEGIN "period 20514 3\n", /* of no content */
        BEGIN FILES "surprise 1\n",
        BEGIN FILES "\n",
        BEGIN FILES "period 20514\n",
        BEGIN FILES "period 20514 3 4\n",
        BEGIN FILES "period 2",
        BEGIN "content 12 " DIGEST " " DIGEST " " DIGEST " - - 17 more\n",
        BEGIN "content 12 " DIGEST " " DIGEST " " DIGEST " - -\n",
        BEGIN "content 12 " DIGEST " - - - - 17\n",
        BEGIN "content 12 " DIGEST " " DIGEST " - " DIGEST " - 17\n", /* a hole */
        BEGIN "content 12 " DIGEST " " DIGEST " ghij - - 17\n",
        BEGIN "content twelve " DIGEST " " DIGEST " - - - 17\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        put(texts[i], strlen(texts[i]));
        struct ff_sources s = read_back(true);
        assert_int_equal(s.n, 0);
        assert_int_not_equal(s.key[0] | s.key[1] << 8 | s.key[2] << 16, 0x452301);
        ff_sources_clear(&s);
    }
}

/* Cut off at any byte: damaged, or (at the end of a line) what was there before. */
static void cut_off_anywhere(void **state)
{
    (void)state;
    static const char text[] = BEGIN FILES;
    for (size_t len = 0; len < sizeof text - 1; len++) {
        put(text, len);
        const bool is_whole = len >= strlen(BEGIN) && text[len - 1] == '\n';
        struct ff_sources s = read_back(!is_whole);
        ff_sources_clear(&s);
    }
}

/* Bytes that are no text, and a line without end. */
static void garbage(void **state)
{
    (void)state;
    char bytes[4096] = { 0 };
    put(bytes, sizeof bytes);
    struct ff_sources s = read_back(true);
    memset(bytes, 'a', sizeof bytes);
    put(bytes, sizeof bytes);
    s = read_back(true);
    memcpy(bytes, BEGIN, strlen(BEGIN));
    put(bytes, sizeof bytes);
    s = read_back(true);
    put(BEGIN "period 1 1\0more\n", sizeof(BEGIN "period 1 1\0more\n") - 1);
    s = read_back(true);
    ff_sources_clear(&s);
}

static void cannot_be_read(void **state)
{
    (void)state;
    struct ff_sources s;
    struct ff_fault fault = { "" };
    bool is_damaged;
    put("", 0);
    assert_int_equal(unlink(PATH), 0);
    assert_int_equal(symlink("sources", PATH), 0); /* names itself */
    assert_int_equal(ff_sources_read(&s, "s", "site", &is_damaged, &fault), FF_ERR_IO);
    assert_non_null(strstr(fault.text, PATH));
    ff_sources_clear(&s);
}

/* There is an end to what it remembers: the oldest go. */
static void oldest_are_forgotten(void **state)
{
    (void)state;
    struct ff_sources s = read_back(false);
    for (unsigned i = 0; i < 8200; i++) {
        struct ff_content c = content(1, i, 3);
        c.last.bytes[0] = (unsigned char)i;
        c.last.bytes[1] = (unsigned char)(i >> 8);
        note(&s, c, i, NULL, 0);
    }
    write_it(&s);
    ff_sources_clear(&s);
    s = read_back(false);
    assert_int_equal(s.n, 8192);
    assert_int_equal(s.items[0].last_time, 8);
    ff_sources_clear(&s);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, enter_folder, leave_folder)
    const struct CMUnitTest tests[] = {
        TEST(nothing_there), TEST(round_trip),     TEST(noted_again),
        TEST(the_very_same), TEST(begins_alike),   TEST(lines_of_what_begins_alike),
        TEST(accepted),      TEST(damaged),        TEST(cut_off_anywhere),
        TEST(garbage),       TEST(cannot_be_read), TEST(oldest_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
