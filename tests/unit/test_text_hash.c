/* Hashes of texts: what differs in any way has another one, whichever way they are
 * made.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hand_random.h"
#include "text_hash.h"

static struct ff_secret secret;
static struct ff_text_hash seen[200000];
static size_t n_seen;

static int make_secret(void **state)
{
    (void)state;
    return ff_secret_init(&secret) ? 0 : -1;
}

static int order(const void *a, const void *b)
{
    const struct ff_text_hash *x = a, *y = b;
    if (x->high != y->high)
        return x->high < y->high ? -1 : 1;
    return (x->low > y->low) - (x->low < y->low);
}

/* No two that were added are the same; nor are their low bits more often than by
 * chance.
 */
static void check_seen(void)
{
    static unsigned buckets[256];
    memset(buckets, 0, sizeof buckets);
    qsort(seen, n_seen, sizeof *seen, order);
    for (size_t i = 1; i < n_seen; i++)
        assert_int_not_equal(order(&seen[i - 1], &seen[i]), 0);
    for (size_t i = 0; i < n_seen; i++)
        buckets[seen[i].low & 255]++;
    for (size_t i = 0; n_seen > 10000 && i < 256; i++)
        assert_in_range(buckets[i], n_seen / 256 / 4, n_seen / 256 * 4);
    n_seen = 0;
}

static void add(ff_text_hasher *hash, struct ff_span a, struct ff_span b, uint64_t n)
{
    assert_true(n_seen < sizeof seen / sizeof *seen);
    seen[n_seen] = hash(&secret, a, b, n);
    const struct ff_text_hash again = hash(&secret, a, b, n);
    assert_memory_equal(&seen[n_seen], &again, sizeof again);
    n_seen++;
}

static void for_each_way(void (*test)(ff_text_hasher *hash))
{
    struct ff_text_hash_way ways[FF_TEXT_HASH_WAYS];
    ff_text_hash_ways(ways);
    for (size_t i = 0; i < FF_TEXT_HASH_WAYS; i++)
        if (ways[i].hash)
            test(ways[i].hash);
}

/* Zeros of any length, in either place: only the lengths differ. */
static void lengths(ff_text_hasher *hash)
{
    static const char zeros[300];
    for (size_t a = 0; a < 300; a++)
        for (size_t b = 0; b < 300; b += 7)
            add(hash, (struct ff_span) { zeros, a }, (struct ff_span) { zeros, b }, 0);
    check_seen();
}

/* A text cut in two at any place. */
static void cuts(ff_text_hasher *hash)
{
    static char text[256];
    struct hand_random random = { 3 };
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)hand_next(&random);
    for (size_t at = 0; at <= sizeof text; at++)
        add(hash, (struct ff_span) { text, at },
            (struct ff_span) { text + at, sizeof text - at }, 0);
    check_seen();
}

/* Each bit of texts of each length, and of the number. */
static void bits(ff_text_hasher *hash)
{
    static char text[160];
    const struct ff_span other = FF_SPAN("other");
    for (size_t len = 1; len <= sizeof text; len++) {
        for (size_t bit = 0; bit < len * 8; bit++) {
            text[bit / 8] ^= (char)(1 << bit % 8);
            add(hash, (struct ff_span) { text, len }, other, 0);
            text[bit / 8] ^= (char)(1 << bit % 8);
        }
    }
    for (int bit = 0; bit < 64; bit++)
        add(hash, (struct ff_span) { text, 20 }, other, (uint64_t)1 << bit);
    check_seen();
}

/* Blocks that change places, within a text and between the two; each block is a number,
 * so that the places' numbers cancel out where they are added to them. */
static void places(ff_text_hasher *hash)
{
    static char text[256];
    struct hand_random random = { 5 };
    for (int round = 0; round < 20000; round++) {
        memset(text, 0, sizeof text);
        for (size_t block = 0; block < 8; block++)
            text[block * 16] = (char)hand_below(&random, 16);
        /* The same text may come again: it is told apart by the number. */
        const size_t at = 16 * hand_below(&random, 9);
        add(hash, (struct ff_span) { text, at },
            (struct ff_span) { text + at, 128 - at }, (uint64_t)round);
    }
    check_seen();
    for (size_t i = 0; i < 8; i++) {
        memset(text, 0, sizeof text);
        text[i * 16] = 1;
        add(hash, (struct ff_span) { text, 128 }, FF_SPAN(""), 0);
        add(hash, FF_SPAN(""), (struct ff_span) { text, 128 }, 0);
        add(hash, (struct ff_span) { text, 64 }, (struct ff_span) { text + 64, 64 }, 0);
    }
    check_seen();
}

/* A line's hashes are those of its texts. */
static void lines_are_hashed_as_their_texts(void **state)
{
    (void)state;
    static char text[512];
    struct ff_text_hash_way ways[FF_TEXT_HASH_WAYS];
    struct hand_random random = { 6 };
    ff_text_hash_ways(ways);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)hand_next(&random);
    for (size_t i = 0; i < FF_TEXT_HASH_WAYS * 2000; i++) {
        const struct ff_text_hash_way *way = &ways[i % FF_TEXT_HASH_WAYS];
        const struct ff_line_texts texts = {
            .client = { text + hand_below(&random, 9), hand_below(&random, 40) },
            .agent = { text + hand_below(&random, 9), hand_below(&random, 300) },
            .target = { text + hand_below(&random, 9), hand_below(&random, 100) },
            .number = hand_next(&random),
        };
        struct ff_line_hash got;
        if (!way->hash)
            continue;
        way->hash_line(&secret, &texts, &got);
        const struct ff_text_hash client = way->hash(&secret, texts.client, texts.agent,
                                                     texts.number),
                                  target =
                                      way->hash(&secret, texts.target, FF_SPAN(""), 0);
        assert_int_equal(order(&got.client, &client), 0);
        assert_int_equal(order(&got.target, &target), 0);
    }
}

/* A text at the very end of its page: behind it nothing may be touched. */
static void ends(ff_text_hasher *hash)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(pages, MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    for (size_t len = 0; len <= 300; len++)
        add(hash, (struct ff_span) { pages + page - len, len }, FF_SPAN("other"), 0);
    check_seen();
    assert_int_equal(munmap(pages, 2 * page), 0);
}

static void nothing_behind_is_touched(void **state)
{
    (void)state;
    for_each_way(ends);
}

static void lengths_tell(void **state)
{
    (void)state;
    for_each_way(lengths);
}

static void cuts_tell(void **state)
{
    (void)state;
    for_each_way(cuts);
}

static void bits_tell(void **state)
{
    (void)state;
    for_each_way(bits);
}

static void places_tell(void **state)
{
    (void)state;
    for_each_way(places);
}

static void another_secret_gives_others(void **state)
{
    (void)state;
    struct ff_text_hash_way ways[FF_TEXT_HASH_WAYS];
    struct ff_secret other;
    assert_true(ff_secret_init(&other));
    ff_text_hash_ways(ways);
    for (size_t i = 0; i < FF_TEXT_HASH_WAYS; i++) {
        if (!ways[i].hash)
            continue;
        const struct ff_text_hash a = ways[i].hash(&secret, FF_SPAN("a"), FF_SPAN(""),
                                                   0),
                                  b = ways[i].hash(&other, FF_SPAN("a"), FF_SPAN(""),
                                                   0);
        assert_int_not_equal(order(&a, &b), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_hashed_as_their_texts),
        cmocka_unit_test(nothing_behind_is_touched),
        cmocka_unit_test(lengths_tell),
        cmocka_unit_test(cuts_tell),
        cmocka_unit_test(bits_tell),
        cmocka_unit_test(places_tell),
        cmocka_unit_test(another_secret_gives_others),
    };
    return cmocka_run_group_tests(tests, make_secret, NULL);
}
