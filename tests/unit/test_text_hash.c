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

#include "group_line.h"
#include "hand_random.h"

static struct ff_secret secret;
static struct ff_text_hash seen[250000];
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

/* Ways that this processor has, one after the other. */
static void for_each_way(void (*test)(const struct ff_text_hash_way *way))
{
    struct ff_text_hash_way ways[FF_TEXT_HASH_WAYS];
    ff_text_hash_ways(ways);
    for (size_t i = 0; i < FF_TEXT_HASH_WAYS; i++)
        if (ways[i].hash)
            test(&ways[i]);
}

static struct ff_text_hash of_client(const struct ff_text_hash_way *way,
                                     struct ff_span client, struct ff_span agent,
                                     int32_t period)
{
    struct ff_group_line line = { .record = { .client = client, .agent = agent },
                                  .period = period };
    way->hash_lines(&secret, &line, 1);
    return line.hash.client;
}

static void note(struct ff_text_hash hash)
{
    assert_true(n_seen < sizeof seen / sizeof *seen);
    seen[n_seen++] = hash;
}

static void add(const struct ff_text_hash_way *way, struct ff_span text,
                uint64_t number)
{
    const struct ff_text_hash first = way->hash(&secret, text, number),
                              again = way->hash(&secret, text, number);
    assert_int_equal(order(&first, &again), 0);
    note(first);
}

static void add_two(const struct ff_text_hash_way *way, struct ff_span client,
                    struct ff_span agent, int32_t period)
{
    note(of_client(way, client, agent, period));
}

/* Zeros of any length, as client and agent and alone: only the lengths differ. */
static void lengths(const struct ff_text_hash_way *way)
{
    static const char zeros[300];
    for (size_t a = 0; a < 300; a++)
        for (size_t b = 0; b < 300; b += 7)
            add_two(way, (struct ff_span) { zeros, a }, (struct ff_span) { zeros, b },
                    0);
    check_seen();
    for (size_t len = 0; len < 300; len++)
        add(way, (struct ff_span) { zeros, len }, 0);
    check_seen();
}

/* A text cut in two at any place. */
static void cuts(const struct ff_text_hash_way *way)
{
    static char text[256];
    struct hand_random random = { 3 };
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)hand_next(&random);
    for (size_t at = 0; at <= sizeof text; at++)
        add_two(way, (struct ff_span) { text, at },
                (struct ff_span) { text + at, sizeof text - at }, 0);
    check_seen();
}

/* Each bit of texts of each length: alone, as a client and as an agent. */
enum place { ALONE, CLIENT, AGENT };
static void bits_at(const struct ff_text_hash_way *way, enum place place)
{
    static char text[220];
    const struct ff_span other = FF_SPAN("other");
    for (size_t len = 1; len <= sizeof text; len++) {
        for (size_t bit = 0; bit < len * 8; bit++) {
            const struct ff_span changed = { text, len };
            text[bit / 8] ^= (char)(1 << bit % 8);
            if (place == ALONE)
                add(way, changed, 0);
            else
                add_two(way, place == CLIENT ? changed : other,
                        place == CLIENT ? other : changed, 0);
            text[bit / 8] ^= (char)(1 << bit % 8);
        }
    }
    check_seen();
}

static void bits(const struct ff_text_hash_way *way)
{
    for (enum place place = ALONE; place <= AGENT; place++)
        bits_at(way, place);
}

/* Each bit of the number, and of a line's period; and whether it has an agent. */
static void numbers(const struct ff_text_hash_way *way)
{
    struct ff_group_line line = { .record = { .client = FF_SPAN("192.0.2.1") } };
    for (int bit = 0; bit < 64; bit++)
        add(way, FF_SPAN("text"), (uint64_t)1 << bit);
    check_seen();
    for (int bit = 0; bit < 32; bit++)
        add_two(way, line.record.client, line.record.agent,
                (int32_t)((uint32_t)1 << bit));
    add_two(way, line.record.client, line.record.agent, 0);
    line.record.has = FF_HAS_AGENT;
    way->hash_lines(&secret, &line, 1);
    note(line.hash.client);
    check_seen();
}

/* Blocks that change places, within a text and between the two; each block is a number,
 * so that the places' numbers cancel out where they are added to them. */
static void places(const struct ff_text_hash_way *way)
{
    static char text[256];
    struct hand_random random = { 5 };
    for (int32_t round = 0; round < 20000; round++) {
        memset(text, 0, sizeof text);
        for (size_t block = 0; block < 12; block++)
            text[block * 16] = (char)hand_below(&random, 16);
        /* The same text may come again: it is told apart by the number. */
        const size_t at = 16 * hand_below(&random, 13);
        add_two(way, (struct ff_span) { text, at },
                (struct ff_span) { text + at, 192 - at }, round);
    }
    check_seen();
    for (size_t i = 0; i < 12; i++) {
        memset(text, 0, sizeof text);
        text[i * 16] = 1;
        add_two(way, (struct ff_span) { text, 192 }, FF_SPAN(""), 0);
        add_two(way, FF_SPAN(""), (struct ff_span) { text, 192 }, 0);
        add_two(way, (struct ff_span) { text, 64 }, (struct ff_span) { text + 64, 128 },
                0);
    }
    check_seen();
    for (size_t i = 0; i < 12; i++) {
        memset(text, 0, sizeof text);
        text[i * 16] = 1;
        add(way, (struct ff_span) { text, 192 }, 0);
    }
    check_seen();
}

/* A line's hashes are its own, however many are hashed with it, and the target's is
 * that of the text alone. */
static void groups(const struct ff_text_hash_way *way)
{
    static char text[512];
    struct hand_random random = { 6 };
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)hand_next(&random);
    for (size_t round = 0; round < 2000; round++) {
        const size_t n = 1 + hand_below(&random, FF_GROUP_LINES);
        struct ff_group_line lines[FF_GROUP_LINES + 1];
        memset(lines, 0, sizeof lines);
        for (size_t i = 0; i < n; i++) {
            struct ff_record *record = &lines[i].record;
            record->client = (struct ff_span) { text + hand_below(&random, 9),
                                                hand_below(&random, i % 8 ? 40 : 150) };
            record->agent = (struct ff_span) { text + hand_below(&random, 9),
                                               hand_below(&random, 300) };
            record->target =
                (struct ff_span) { text + hand_below(&random, 9),
                                   hand_below(&random, i % 4 ? 100 : 300) };
            record->has = (uint8_t)hand_below(&random, 2);
            lines[i].period = (int32_t)hand_below(&random, 3);
        }
        way->hash_lines(&secret, lines, n);
        for (size_t i = 0; i < n; i++) {
            struct ff_group_line alone = lines[i];
            const struct ff_text_hash target =
                way->hash(&secret, lines[i].record.target, 0);
            way->hash_lines(&secret, &alone, 1);
            assert_int_equal(order(&lines[i].hash.client, &alone.hash.client), 0);
            assert_int_equal(order(&lines[i].hash.target, &target), 0);
        }
        const struct ff_line_hash none = { { 0, 0 }, { 0, 0 } };
        assert_memory_equal(&lines[n].hash, &none, sizeof none);
    }
}

/* A text at the very end of its page and one at the beginning: what is around it may
 * not be touched. */
static void ends(const struct ff_text_hash_way *way)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(pages, MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_READ | PROT_WRITE), 0);
    for (size_t len = 0; len <= 300; len++) {
        const struct ff_span first = { pages + page, len },
                             last = { pages + 2 * page - len, len };
        add(way, last, 0);
        add(way, first, 1);
        add_two(way, last, last, 2);
        add_two(way, first, first, 3);
    }
    check_seen();
    assert_int_equal(munmap(pages, 3 * page), 0);
}

static void another_secret(const struct ff_text_hash_way *way)
{
    struct ff_secret other;
    assert_true(ff_secret_init(&other));
    const struct ff_text_hash a = way->hash(&secret, FF_SPAN("a"), 0),
                              b = way->hash(&other, FF_SPAN("a"), 0);
    assert_int_not_equal(order(&a, &b), 0);
}

static void lines_are_hashed_alike_in_any_group(void **state)
{
    (void)state;
    for_each_way(groups);
}

static void nothing_around_is_touched(void **state)
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

static void numbers_tell(void **state)
{
    (void)state;
    for_each_way(numbers);
}

static void places_tell(void **state)
{
    (void)state;
    for_each_way(places);
}

static void another_secret_gives_others(void **state)
{
    (void)state;
    for_each_way(another_secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_hashed_alike_in_any_group),
        cmocka_unit_test(nothing_around_is_touched),
        cmocka_unit_test(lengths_tell),
        cmocka_unit_test(cuts_tell),
        cmocka_unit_test(bits_tell),
        cmocka_unit_test(numbers_tell),
        cmocka_unit_test(places_tell),
        cmocka_unit_test(another_secret_gives_others),
    };
    return cmocka_run_group_tests(tests, make_secret, NULL);
}
