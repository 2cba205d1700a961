/* Tokens of one visitor on two days, for two sites, in two runs have nothing in common;
 * within a day networks are told apart exactly (tests/privacy/README.md: T8). The keys
 * are random: each check here fails by chance once in a million runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "deidentify.h"
#include "hand_random.h"

enum { VISITORS = 100000, DAY = 20000, BITS = 128 };

static struct ff_keyring *open_ring(void)
{
    struct ff_keyring *ring;
    struct ff_fault fault;
    assert_int_equal(ff_keyring_create(&ring, &fault), FF_OK);
    return ring;
}

static const struct ff_key *key_of(struct ff_keyring *ring, int32_t day)
{
    const struct ff_key *key;
    struct ff_fault fault;
    assert_int_equal(ff_keyring_key(ring, day, &key, &fault), FF_OK);
    return key;
}

static struct ff_token token(const struct ff_key *key, const char *client)
{
    const struct ff_span name = ff_span_of(client);
    const struct ff_address address = ff_address_read(name);
    return ff_deidentify(key, &address, name,
                         ff_deidentify_agent(key, FF_SPAN("Mozilla/5.0")));
}

/* Each in a network of its own, so that all halves are independent. */
static struct ff_token token_of(const struct ff_key *key, unsigned i)
{
    char client[40];
    if (i % 2)
        snprintf(client, sizeof client, "2001:db8:%x:%x::7", i / 2, i & 0xffff);
    else
        snprintf(client, sizeof client, "%u.%u.%u.7", 10 + (i >> 16), i >> 8 & 255,
                 i & 255);
    return token(key, client);
}

/* The value that chi squared with `df` degrees exceeds once in a million times (Wilson
 * and Hilferty 1931). */
static double chi_squared_bound(double df)
{
    const double z = 4.7534, part = 2 / (9 * df);
    return df * pow(1 - part + z * sqrt(part), 3);
}

/* How many of the 128 bits differ must be as if coins had been thrown. */
static void expect_coins(const unsigned counts[BITS + 1], const char *what)
{
    enum { FIRST = 46, LAST = 82 }; /* beyond, fewer than ten are expected each */
    double chi = 0, below = 0, above = 0, seen_below = 0, seen_above = 0;
    for (int i = 0; i <= BITS; i++) {
        const double p = exp(lgamma(BITS + 1) - lgamma(i + 1) - lgamma(BITS - i + 1) -
                             BITS * log(2));
        const double want = VISITORS * p, off = counts[i] - want;
        if (i < FIRST)
            below += want, seen_below += counts[i];
        else if (i > LAST)
            above += want, seen_above += counts[i];
        else
            chi += off * off / want;
    }
    chi += (seen_below - below) * (seen_below - below) / below;
    chi += (seen_above - above) * (seen_above - above) / above;
    const double bound = chi_squared_bound(LAST - FIRST + 2);
    if (chi > bound)
        fail_msg("%s: chi squared %.1f, more than %.1f", what, chi, bound);
}

static void compare(const struct ff_key *a, const struct ff_key *b, const char *what)
{
    unsigned counts[BITS + 1] = { 0 };
    for (unsigned i = 0; i < VISITORS; i++) {
        const struct ff_token x = token_of(a, i), y = token_of(b, i);
        assert_true(x.net != y.net && x.visitor != y.visitor);
        counts[__builtin_popcountll(x.net ^ y.net) +
               __builtin_popcountll(x.visitor ^ y.visitor)]++;
    }
    expect_coins(counts, what);
}

static void days_have_nothing_in_common(void **state)
{
    (void)state;
    struct ff_keyring *ring = open_ring();
    /* Both are asked for first: a key is given as long as its ring is. */
    (void)key_of(ring, DAY);
    compare(key_of(ring, DAY), key_of(ring, DAY + 1), "two days");
    ff_keyring_destroy(ring);
}

/* A site is computed by a run of its own. */
static void sites_and_runs_have_nothing_in_common(void **state)
{
    (void)state;
    struct ff_keyring *one = open_ring(), *two = open_ring();
    compare(key_of(one, DAY), key_of(two, DAY), "two runs");
    ff_keyring_destroy(one);
    ff_keyring_destroy(two);
}

static void a_forgotten_day_has_another_key(void **state)
{
    (void)state;
    struct ff_keyring *ring = open_ring();
    const struct ff_token before = token_of(key_of(ring, DAY), 1);
    ff_keyring_forget(ring, DAY);
    const struct ff_token after = token_of(key_of(ring, DAY), 1);
    assert_true(before.net != after.net && before.visitor != after.visitor);
    ff_keyring_destroy(ring);
}

struct member {
    uint64_t net;
    unsigned network;
};

static int by_net(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->net != y->net)
        return x->net < y->net ? -1 : 1;
    return (x->network > y->network) - (x->network < y->network);
}

/* A hundred thousand visitors of a few thousand networks: as many halves as networks,
 * each of one network only. */
static void a_network_is_one_half_and_no_other(void **state)
{
    (void)state;
    static struct member members[VISITORS];
    static bool is_seen[1 << 13];
    struct hand_random random = { 8 };
    struct ff_keyring *ring = open_ring();
    const struct ff_key *key = key_of(ring, DAY);
    unsigned networks = 0, halves = 0;
    for (unsigned i = 0; i < VISITORS; i++) {
        const unsigned n = (unsigned)hand_below(&random, 1 << 13);
        const unsigned host = (unsigned)hand_next(&random);
        char client[64];
        if (n % 2)
            snprintf(client, sizeof client, "2001:db8:%x:%x:%x::%x", n, host & 0xffff,
                     host >> 16, i & 0xffff);
        else
            snprintf(client, sizeof client, "198.%u.%u.%u", n >> 8, n & 255,
                     host & 255);
        members[i] = (struct member) { token(key, client).net, n };
        networks += !is_seen[n];
        is_seen[n] = true;
    }
    qsort(members, VISITORS, sizeof *members, by_net);
    for (unsigned i = 0; i < VISITORS; i++) {
        const bool is_new = i == 0 || members[i].net != members[i - 1].net;
        halves += is_new;
        if (!is_new)
            assert_int_equal(members[i].network, members[i - 1].network);
    }
    assert_int_equal(halves, networks);
    ff_keyring_destroy(ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_have_nothing_in_common),
        cmocka_unit_test(sites_and_runs_have_nothing_in_common),
        cmocka_unit_test(a_forgotten_day_has_another_key),
        cmocka_unit_test(a_network_is_one_half_and_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
