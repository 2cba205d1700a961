/* What several threads took in is released as if one had: the same bytes, whatever part
 * took which hit, in whatever order, and foreseen or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "hand_hits.h"
#include "hand_random.h"

enum { MOST_HITS = 60000, NAMES = 400 };

static struct ff_hit hits[MOST_HITS];
static size_t n_hits;
static char paths[NAMES][24], words[NAMES][24];
static struct ff_agent agents[NAMES];
static struct ff_origin origins[NAMES];
static struct hand_random dice;

static unsigned below(unsigned n)
{
    return (unsigned)hand_below(&dice, n);
}

/* The first ones much more often. */
static unsigned skewed(unsigned n)
{
    return below(1 + below(1 + below(n)));
}

static void make_words(void)
{
    for (unsigned i = 0; i < NAMES; i++) {
        snprintf(paths[i], sizeof paths[i], "/%u/%u", i % 9, i);
        snprintf(words[i], sizeof words[i], "Word %u", i);
        agents[i] = (struct ff_agent) { .browser = ff_span_of(words[i]),
                                        .system = FF_SPAN("Linux"),
                                        .name = ff_span_of(words[i]) };
        agents[i].robot = i % 10 < 8 ? FF_HUMAN : i % 10 - 7;
        origins[i] = (struct ff_origin) { .channel = i % FF_CHANNELS,
                                          .name = ff_span_of(words[i]) };
        if (i % 3 == 0)
            origins[i].term = ff_span_of(words[i % 7]);
        if (origins[i].channel == FF_CAMPAIGN)
            origins[i].campaign = ff_span_of(words[i % 5]);
    }
}

static void give(const struct ff_hit *like, uint32_t at)
{
    struct ff_hit *hit = &hits[n_hits++];
    *hit = *like;
    hit->time += at;
    hit->order = (uint64_t)below(3) << 40 | n_hits;
    switch (below(8)) {
    case 0:
    case 1:
    case 2:
        hit->key = ff_span_of(paths[skewed(NAMES)]);
        hit->origin = below(3) ? &origins[skewed(NAMES)] : NULL;
        hit->is_search = below(6) == 0;
        if (hit->is_search)
            hit->term = ff_span_of(below(4) ? words[skewed(30)] : "");
        break;
    case 3:
        hit->kind = FF_DOWNLOAD;
        hit->key = ff_span_of(paths[skewed(20)]);
        hit->status = below(2) ? 200 : 206;
        hit->bytes = hand_next(&dice) >> below(64);
        break;
    case 4:
        hit->kind = FF_CLIENT_ERROR;
        hit->status = 404;
        if (below(2))
            hit->key = ff_span_of(paths[skewed(NAMES)]);
        break;
    case 5:
        hit->kind = (uint8_t)below(FF_KINDS);
        hit->kind = hit->kind == FF_PAGE_VIEW || hit->kind == FF_DOWNLOAD ? FF_OTHER_OK
                                                                          : hit->kind;
        hit->method = (uint8_t)below(FF_METHODS);
        hit->status = (uint16_t)(100 + below(500));
        break;
    default:
        hit->kind = FF_ASSET;
        hit->response_time = (uint8_t)below(FF_RESPONSE_BUCKETS + 1);
    }
    if (below(20) == 0)
        hit->language = FF_CODE('a' + below(3), 'b');
    hit->is_robots_txt = below(3000) == 0;
    hit->has_client = below(100) != 0;
}

/* Times are few, so that order decides. */
static void make_visitor(unsigned i)
{
    struct ff_hit like = hand_hit(FF_PAGE_VIEW, "", 0);
    const unsigned agent = skewed(NAMES);
    const unsigned network = below(3) ? below(60) : 0;
    like.visitor = hand_token(i % 50 == 7 ? i | (uint64_t)1 << 40 : i);
    like.net = hand_token(100000 + network);
    like.agent = agent % 11 ? &agents[agent] : NULL;
    like.country = network % 4 ? FF_CODE('D', 'E') : FF_NO_CODE;
    for (unsigned n = 1 + skewed(30); n > 0; n--)
        give(&like, below(4) * 10000 + below(60));
}

/* Somebody with far more page views in a visit than a human has, or just as many. */
static void make_reader(unsigned i, unsigned page_views)
{
    struct ff_hit like = hand_hit(FF_PAGE_VIEW, paths[3], 0);
    like.visitor = hand_token(500000 + i);
    like.net = hand_token(100000 + i);
    for (unsigned n = 0; n < page_views; n++) {
        hits[n_hits] = like;
        hits[n_hits].time += 5 * n;
        hits[n_hits].order = n_hits;
        n_hits++;
    }
}

static void make_hits(unsigned seed)
{
    dice.state = seed;
    n_hits = 0;
    for (unsigned i = 0; i < 2000; i++)
        make_visitor(i);
    make_reader(1, 999);
    make_reader(2, 1000);
    make_reader(3, 1001);
    make_reader(4, 7000);
    for (unsigned i = 0; i < 30; i++)
        hits[n_hits++] = (struct ff_hit) {
            .kind = (uint8_t)(FF_LINE_MALFORMED + i % 3),
            .lines = i,
            .time = (int64_t)HAND_DAY * FF_DAY_SECONDS,
        };
    assert_true(n_hits <= MOST_HITS);
}

static void shuffle(void)
{
    for (size_t i = n_hits; i > 1; i--) {
        const size_t j = hand_below(&dice, i);
        const struct ff_hit hit = hits[i - 1];
        hits[i - 1] = hits[j];
        hits[j] = hit;
    }
}

/* By lot: all steps, or some only, or of hits that are others'. */
static void foresee(struct ff_aggregate *part, size_t i, size_t n)
{
    const size_t at = below(4) ? i : below((unsigned)(n_hits - n));
    for (unsigned step = 0; step < FF_FORESEEN_STEPS; step++)
        if (below(8))
            ff_aggregate_foresee(part, hits + at, n, step);
}

/* The rollup's bytes, malloc'd, after each hit went to one of `n` parts by lot. */
static unsigned char *release(size_t n, size_t *len)
{
    const struct ff_aggregate_settings settings = hand_settings(FF_DAY);
    struct ff_aggregate *parts[FF_AGGREGATE_PARTS];
    struct ff_fault fault;
    struct ff_rollup *rollup;
    unsigned char *bytes;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(ff_aggregate_create(&parts[i], &settings, &fault), FF_OK);
    for (size_t i = 0, some; i < n_hits; i += some) {
        some = 1 + hand_below(&dice, 40);
        some = i + some > n_hits ? n_hits - i : some;
        struct ff_aggregate *part = parts[hand_below(&dice, n)];
        if (n > 1)
            foresee(part, i, some);
        assert_int_equal(ff_aggregate_add(part, hits + i, some, &fault), FF_OK);
    }
    assert_int_equal(ff_aggregate_release_parts(parts, n, HAND_DAY, &rollup, &fault),
                     FF_OK);
    assert_false(rollup->is_capped);
    assert_true(rollup->has_totals);
    assert_int_equal(ff_rollup_encode(rollup, &bytes, len, &fault), FF_OK);
    ff_rollup_destroy(rollup);
    for (size_t i = 0; i < n; i++) {
        int32_t start;
        assert_false(ff_aggregate_earliest(parts[i], &start));
        assert_int_equal(ff_aggregate_held_bytes(parts[i]), 0);
        ff_aggregate_destroy(parts[i]);
    }
    return bytes;
}

static void the_same_bytes_for_any_parts(void **state)
{
    (void)state;
    static const size_t parts[] = { 1, 2, 7, 64 };
    make_words();
    for (unsigned seed = 1; seed <= 8; seed++) {
        size_t len, len_now;
        make_hits(seed);
        unsigned char *bytes = release(1, &len);
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            shuffle();
            unsigned char *now = release(parts[i], &len_now);
            if (len_now != len || memcmp(bytes, now, len) != 0)
                fail_msg("seed %u: %zu parts give another rollup", seed, parts[i]);
            free(now);
        }
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_bytes_for_any_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
