/* How other tools count, on lines few enough to count by hand. What each tool does with
 * the like was tried on the tool itself (tests/peers). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above it */
#include <cmocka.h>

#include <stdlib.h>

#include "peers.h"

#define MONDAY 1772409600 /* 2026-03-02 00:00:00 UTC */
#define AT(hour, minute, second)                                                       \
    (MONDAY + (hour)*3600 + (minute)*60 + (int64_t)(second))

static const struct ff_agent human = { .robot = FF_HUMAN };
static const struct ff_agent robot = { .robot = FF_ROBOT_DECLARED };

struct line {
    int64_t time;
    const char *client, *agent, *target;
    uint16_t status;
    enum ff_kind kind;
    bool is_robot;
    int32_t east;
};

static struct ff_secret secret;

static struct ff_peers *count(const struct line *lines, size_t n,
                              const struct ff_zone *zone, size_t most)
{
    struct ff_peers *peers;
    struct ff_fault fault;
    assert_int_equal(ff_peers_create(&peers, &secret, zone, most, &fault), FF_OK);
    for (size_t i = 0; i < n; i++) {
        const struct ff_record record = { .time = lines[i].time,
                                          .east = lines[i].east,
                                          .client = ff_span_of(lines[i].client),
                                          .agent = ff_span_of(lines[i].agent),
                                          .target = ff_span_of(lines[i].target),
                                          .status = lines[i].status };
        const struct ff_hit hit = { .kind = (uint8_t)lines[i].kind,
                                    .agent = lines[i].is_robot ? &robot : &human };
        assert_int_equal(ff_peers_add(peers, &record, &hit, &fault), FF_OK);
    }
    return peers;
}

struct expected {
    uint64_t visitors, visits;
};

static void assert_counts(const struct line *lines, size_t n,
                          const struct expected expected[FF_PEERS])
{
    struct ff_peers *peers = count(lines, n, NULL, FF_PEERS_VISITORS);
    const struct ff_peer_count *counts = ff_peers_counts(peers);
    for (int i = 0; i < FF_PEERS; i++) {
        assert_int_equal(counts[i].visitors, expected[i].visitors);
        assert_int_equal(counts[i].visits, expected[i].visits);
        assert_false(counts[i].is_capped);
    }
    ff_peers_destroy(peers);
}

/* GoAccess has no visits: 0. In the order of enum ff_peer. */
#define ASSERT_COUNTS(lines, goaccess, aw, aw_visits, wz, wz_visits, ma, ma_visits)    \
    assert_counts((lines), sizeof(lines) / sizeof *(lines),                            \
                  (const struct expected[FF_PEERS]) { { goaccess, 0 },                 \
                                                      { aw, aw_visits },               \
                                                      { wz, wz_visits },               \
                                                      { ma, ma_visits } })

static void nobody(void **state)
{
    (void)state;
    struct ff_peers *peers = count(NULL, 0, NULL, 1);
    for (int i = 0; i < FF_PEERS; i++)
        assert_int_equal(ff_peers_counts(peers)[i].visitors, 0);
    ff_peers_destroy(peers);
    ff_peers_destroy(NULL);
}

/* Two agents behind one address, the day after again. */
static void keys(void **state)
{
    (void)state;
    const struct line lines[] = {
        { AT(10, 0, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(10, 1, 0), "192.0.2.1", "B", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(34, 0, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(34, 0, 0), "192.0.2.2", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
    };
    ASSERT_COUNTS(lines, 4, 2, 3, 2, 3, 4, 4);
}

/* 30 minutes, a second more, 60 minutes, a second more. */
static void gaps(void **state)
{
    (void)state;
    const struct line lines[] = {
        { AT(1, 0, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(1, 29, 59), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(1, 59, 59), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(2, 30, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(3, 30, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(4, 30, 1), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
    };
    /* AWStats: after the last only. Webalizer: at 30 minutes too. Matomo: over 30. */
    ASSERT_COUNTS(lines, 1, 1, 2, 1, 5, 1, 4);
}

/* AWStats' and Webalizer's clocks stand still between pages; Matomo has no assets. */
static void assets_between(void **state)
{
    (void)state;
    const struct line lines[] = {
        { AT(1, 0, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(1, 20, 0), "192.0.2.1", "A", "/a.css", 200, FF_ASSET, false, 0 },
        { AT(1, 40, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(5, 0, 0), "192.0.2.2", "A", "/b.css", 200, FF_ASSET, false, 0 },
    };
    ASSERT_COUNTS(lines, 2, 1, 1, 2, 2, 1, 2);
}

/* A visit over midnight: one for Webalizer, two for AWStats (10000 is added to a number
 * like 20260302235000) and for Matomo. The month ends on no midnight here. */
static void midnight(void **state)
{
    (void)state;
    const struct line lines[] = {
        { AT(23, 50, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(24, 5, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
    };
    ASSERT_COUNTS(lines, 2, 1, 2, 1, 1, 2, 2);
}

/* The log's own clock: an hour east, the same two lines are of one day. Matomo's day is
 * that of --tz. */
static void log_clock(void **state)
{
    (void)state;
    const struct line lines[] = {
        { AT(23, 50, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 3600 },
        { AT(24, 5, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 3600 },
    };
    ASSERT_COUNTS(lines, 1, 1, 1, 1, 1, 2, 2);
    const struct ff_zone east = {
        .name = "East", .n = 1, .from = { 0 }, .east = { 3600 }
    };
    struct ff_peers *peers = count(lines, 2, &east, 8);
    assert_int_equal(ff_peers_counts(peers)[FF_PEER_MATOMO].visits, 1);
    ff_peers_destroy(peers);
}

static void months(void **state)
{
    (void)state;
    const struct line lines[] = {
        { AT(24 * 29 + 23, 59, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(24 * 30, 1, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
    };
    ASSERT_COUNTS(lines, 2, 2, 2, 2, 2, 2, 2);
}

static void robots(void **state)
{
    (void)state;
    const struct line lines[] = {
        { AT(1, 0, 0), "192.0.2.1", "Bot", "/", 200, FF_PAGE_VIEW, true, 0 },
        { AT(1, 0, 0), "192.0.2.2", "A", "/robots.txt", 200, FF_OTHER_OK, false, 0 },
    };
    /* AWStats takes who asks for robots.txt for a robot; Webalizer knows no .txt page.
     */
    ASSERT_COUNTS(lines, 2, 0, 0, 2, 1, 1, 1);
}

/* One client each, so that visitors tell what counted. */
static void what_counts(void **state)
{
    (void)state;
    const struct line error[] = {
        { AT(1, 0, 0), "192.0.2.1", "A", "/x", 404, FF_CLIENT_ERROR, false, 0 },
    };
    ASSERT_COUNTS(error, 0, 0, 0, 1, 1, 0, 0);
    const struct line failure[] = {
        { AT(1, 0, 0), "192.0.2.1", "A", "/x", 500, FF_SERVER_ERROR, false, 0 },
    };
    ASSERT_COUNTS(failure, 1, 0, 0, 1, 1, 0, 0);
    const struct line redirect[] = {
        { AT(1, 0, 0), "192.0.2.1", "A", "/x", 301, FF_REDIRECT, false, 0 },
    };
    ASSERT_COUNTS(redirect, 1, 0, 0, 1, 1, 0, 0);
    const struct line api[] = {
        { AT(1, 0, 0), "192.0.2.1", "A", "/api/x.json", 200, FF_OTHER_OK, false, 0 },
    };
    ASSERT_COUNTS(api, 1, 1, 1, 1, 0, 1, 1);
    const struct line download[] = {
        { AT(1, 0, 0), "192.0.2.1", "A", "/x.PDF?y", 200, FF_DOWNLOAD, false, 0 },
    };
    ASSERT_COUNTS(download, 1, 0, 0, 1, 0, 1, 1);
    const struct line dots[] = {
        { AT(1, 0, 0), "192.0.2.1", "A", "/v1.2/x", 200, FF_PAGE_VIEW, false, 0 },
    };
    ASSERT_COUNTS(dots, 1, 1, 1, 1, 0, 1, 1);
    const struct line query[] = {
        { AT(1, 0, 0), "192.0.2.1", "A", "/x.php?a=b.css", 200, FF_PAGE_VIEW, false,
          0 },
    };
    ASSERT_COUNTS(query, 1, 1, 1, 1, 1, 1, 1);
    const struct line garbage[] = {
        { AT(1, 0, 0), "192.0.2.1", "A", "", 400, FF_CLIENT_ERROR, false, 0 },
    };
    ASSERT_COUNTS(garbage, 0, 0, 0, 1, 1, 0, 0);
}

/* At the bound the visitors known go on, others are not told apart, and it says so. */
static void bound(void **state)
{
    (void)state;
    const struct line lines[] = {
        { AT(1, 0, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(1, 0, 0), "192.0.2.2", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(1, 0, 0), "192.0.2.3", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
        { AT(3, 0, 0), "192.0.2.1", "A", "/", 200, FF_PAGE_VIEW, false, 0 },
    };
    struct ff_peers *peers = count(lines, 4, NULL, 2);
    for (int i = 0; i < FF_PEERS; i++) {
        const struct ff_peer_count *c = &ff_peers_counts(peers)[i];
        assert_int_equal(c->visitors, 2);
        assert_int_equal(c->visits, i == FF_PEER_GOACCESS ? 0 : 3);
        assert_true(c->is_capped);
    }
    ff_peers_destroy(peers);
}

static void many(void **state)
{
    (void)state;
    enum { N = 20000 };
    struct line *lines = calloc(2 * N, sizeof *lines);
    char(*clients)[16] = calloc(N, sizeof *clients);
    assert_non_null(lines);
    assert_non_null(clients);
    for (int i = 0; i < 2 * N; i++) {
        snprintf(clients[i % N], sizeof *clients, "10.0.%d.%d", i % N / 256,
                 i % N % 256);
        lines[i] = (struct line) { .time = AT(1, 0, 0) + i / N,
                                   .client = clients[i % N],
                                   .agent = "A",
                                   .target = "/",
                                   .status = 200,
                                   .kind = FF_PAGE_VIEW };
    }
    assert_counts(
        lines, 2 * N,
        (const struct expected[FF_PEERS]) { { N, 0 }, { N, N }, { N, N }, { N, N } });
    free(lines);
    free(clients);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody),      cmocka_unit_test(keys),
        cmocka_unit_test(gaps),        cmocka_unit_test(assets_between),
        cmocka_unit_test(midnight),    cmocka_unit_test(log_clock),
        cmocka_unit_test(months),      cmocka_unit_test(robots),
        cmocka_unit_test(what_counts), cmocka_unit_test(bound),
        cmocka_unit_test(many),
    };
    if (!ff_secret_init(&secret))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
