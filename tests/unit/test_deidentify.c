/* Which clients are one visitor and which one network, and that nothing but the key of
 * the period can tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "deidentify.h"

static struct ff_keyring *ring;

static int open_ring(void **state)
{
    (void)state;
    struct ff_fault fault;
    return ff_keyring_create(&ring, &fault) == FF_OK ? 0 : -1;
}

static int close_ring(void **state)
{
    (void)state;
    ff_keyring_destroy(ring);
    return 0;
}

static const struct ff_key *key_of(int32_t start)
{
    const struct ff_key *key;
    struct ff_fault fault;
    assert_int_equal(ff_keyring_key(ring, start, &key, &fault), FF_OK);
    return key;
}

static struct ff_token token_on(int32_t start, const char *client, const char *agent)
{
    const struct ff_key *key = key_of(start);
    const struct ff_span name = ff_span_of(client);
    const struct ff_address address = ff_address_read(name);
    return ff_deidentify(key, &address, name,
                         ff_deidentify_agent(key, ff_span_of(agent)));
}

static struct ff_token token(const char *client, const char *agent)
{
    return token_on(20000, client, agent);
}

enum same { NOTHING = 0, NETWORK = 1, VISITOR = 2, BOTH = 3 };

static void expect(const char *a, const char *b, enum same want)
{
    const struct ff_token x = token(a, "Mozilla/5.0"), y = token(b, "Mozilla/5.0");
    const int got =
        (x.net == y.net ? NETWORK : 0) | (x.visitor == y.visitor ? VISITOR : 0);
    if (got != (int)want)
        fail_msg("%s and %s: %d, not %d", a, b, got, want);
}

static void v4_is_one_visitor_an_address_and_one_network_a_24(void **state)
{
    (void)state;
    expect("192.0.2.1", "192.0.2.1", BOTH);
    expect("192.0.2.1", "192.0.2.2", NETWORK);
    expect("192.0.2.1", "192.0.3.1", NOTHING);
    expect("192.0.2.1", "193.0.2.1", NOTHING);
    expect("192.0.2.1", "::ffff:192.0.2.1", BOTH);
    expect("192.0.2.1", "::ffff:192.0.2.9", NETWORK);
    expect("192.0.2.1", "192.0.2.1:4711", BOTH);
}

static void v6_is_one_visitor_a_64_and_one_network_a_48(void **state)
{
    (void)state;
    expect("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", BOTH);
    expect("2001:db8:1:2::1", "2001:db8:1:3::1", NETWORK);
    expect("2001:db8:1:2::1", "2001:db8:2:2::1", NOTHING);
    expect("2001:db8:1:2::1", "2001:DB8:1:2:0:0:0:9", BOTH);
    expect("2001:db8:1:2::1", "[2001:db8:1:2::7]:443", BOTH);
    expect("fe80::1%eth0", "fe80::1", BOTH);
    /* The same bytes as an IPv4 and as an IPv6 address are two things. */
    expect("32.1.13.184", "2001:db8::", NOTHING);
}

static void tunnels_give_nobody_networks_of_its_own(void **state)
{
    (void)state;
    /* 6to4: 192.0.2.1 and 192.0.2.77, each a /48. */
    expect("2002:c000:201::1", "2002:c000:24d::1", NETWORK);
    expect("2002:c000:201::1", "192.0.2.9", NETWORK);
    expect("2002:c000:201::1", "2002:c000:201::2", BOTH);
    expect("2002:c000:201::1", "2002:c000:301::1", NOTHING);
    /* Teredo: two servers. */
    expect("2001:0:c000:201::1", "2001:0:cb00:7101::1", NETWORK);
    expect("2001:0:c000:201::1", "2001:1:c000:201::1", NOTHING);
}

static void names_are_hashed_as_such(void **state)
{
    (void)state;
    expect("pc1.example.net", "pc1.example.net", BOTH);
    expect("pc1.example.net", "PC1.Example.NET", BOTH);
    expect("pc1.example.net", "pc2.example.net", NETWORK);
    expect("pc1.example.net", "pc1.example.org", NOTHING);
    expect("localhost", "localhost", BOTH);
    expect("localhost", "otherhost", NOTHING);
    /* A network's name alone is no member of it. */
    expect("example.net", "pc1.example.net", NOTHING);
}

static void the_agent_is_part_of_the_visitor_only(void **state)
{
    (void)state;
    static const char *const clients[] = { "192.0.2.1", "2001:db8::1",
                                           "pc.example.net" };
    for (size_t i = 0; i < 3; i++) {
        const struct ff_token a = token(clients[i], "a"), b = token(clients[i], "b");
        const struct ff_token none = token(clients[i], "");
        assert_true(a.net == b.net && a.net == none.net);
        assert_true(a.visitor != b.visitor && a.visitor != none.visitor);
    }
    /* Name and agent do not run into one another. */
    assert_true(token("pc.example.net", "x").visitor !=
                token("pc.example.netx", "").visitor);
}

/* Each bit of what tells visitors apart does, and so does each of the network's. */
static void each_bit_makes_another_token(void **state)
{
    (void)state;
    static const struct {
        const char *client;
        unsigned net_bits, visitor_bits;
    } cases[] = { { "198.51.100.7", 24, 32 }, { "2a00:db8:1:2::1", 48, 64 } };
    const struct ff_key *key = key_of(20000);
    for (size_t i = 0; i < 2; i++) {
        const struct ff_span name = ff_span_of(cases[i].client);
        const struct ff_address address = ff_address_read(name);
        const struct ff_token token = ff_deidentify(key, &address, name, 12345);
        for (unsigned bit = 0; bit < 64; bit++) {
            const uint64_t agent = 12345 ^ (uint64_t)1 << bit;
            const struct ff_token other = ff_deidentify(key, &address, name, agent);
            assert_true(other.visitor != token.visitor && other.net == token.net);
        }
        for (unsigned bit = 0; bit < 8 * sizeof address.bytes; bit++) {
            struct ff_address near = address;
            near.bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
            const struct ff_token other = ff_deidentify(key, &near, name, 12345);
            assert_int_equal(other.net != token.net, bit < cases[i].net_bits);
            assert_int_equal(other.visitor != token.visitor,
                             bit < cases[i].visitor_bits);
        }
    }
}

static void nobody_has_no_token(void **state)
{
    (void)state;
    const struct ff_token nobody = token("-", "Mozilla/5.0");
    assert_true(nobody.net == 0 && nobody.visitor == 0);
}

static void periods_have_keys_of_their_own(void **state)
{
    (void)state;
    const struct ff_token monday = token_on(100, "192.0.2.1", "a");
    const struct ff_token tuesday = token_on(101, "192.0.2.1", "a");
    assert_true(monday.visitor != tuesday.visitor && monday.net != tuesday.net);
    assert_true(token_on(100, "192.0.2.1", "a").visitor == monday.visitor);
    assert_ptr_not_equal(key_of(100), key_of(101));

    struct ff_keyring *other;
    struct ff_fault fault;
    const struct ff_key *key;
    const struct ff_span name = FF_SPAN("192.0.2.1");
    const struct ff_address address = ff_address_read(name);
    assert_int_equal(ff_keyring_create(&other, &fault), FF_OK);
    assert_int_equal(ff_keyring_key(other, 100, &key, &fault), FF_OK);
    const uint64_t agent = ff_deidentify_agent(key, FF_SPAN("a"));
    assert_true(agent != ff_deidentify_agent(key_of(100), FF_SPAN("a")));
    assert_true(ff_deidentify(key, &address, name, agent).visitor != monday.visitor);
    ff_keyring_destroy(other);
}

static void what_is_forgotten_cannot_be_made_again(void **state)
{
    (void)state;
    const struct ff_token before = token_on(200, "192.0.2.1", "a");
    const struct ff_token neighbour = token_on(201, "192.0.2.1", "a");
    ff_keyring_forget(ring, 200);
    ff_keyring_forget(ring, 999); /* of no period: nothing happens */
    const struct ff_token after = token_on(200, "192.0.2.1", "a");
    assert_true(before.visitor != after.visitor && before.net != after.net);
    assert_true(token_on(201, "192.0.2.1", "a").visitor == neighbour.visitor);
}

static void the_last_key_is_had_without_waiting(void **state)
{
    (void)state;
    const struct ff_key *key = key_of(300);
    assert_ptr_equal(ff_keyring_last(ring, 300), key);
    assert_null(ff_keyring_last(ring, 301));
    assert_null(ff_keyring_last(ring, 0));
    assert_ptr_not_equal(key_of(301), key);
    assert_null(ff_keyring_last(ring, 300));
    assert_ptr_equal(key_of(300), key);
    ff_keyring_forget(ring, 300);
    assert_null(ff_keyring_last(ring, 300));
    assert_null(ff_keyring_last(ring, 0));
}

static void many_periods_at_once(void **state)
{
    (void)state;
    struct ff_token first[100];
    for (int32_t day = 0; day < 100; day++)
        first[day] = token_on(1000 + day, "192.0.2.1", "a");
    for (int32_t day = 0; day < 100; day += 3)
        ff_keyring_forget(ring, 1000 + day);
    for (int32_t day = 0; day < 100; day++) {
        const bool is_same =
            token_on(1000 + day, "192.0.2.1", "a").visitor == first[day].visitor;
        assert_int_equal(is_same, day % 3 != 0);
    }
}

/* The last vector of SipHash's authors (key 00..0f, message 00..0e): what libsodium
 * calls crypto_shorthash is SipHash-2-4. */
static void the_hash_is_siphash_2_4(void **state)
{
    (void)state;
    unsigned char key[crypto_shorthash_KEYBYTES], message[15],
        out[crypto_shorthash_BYTES];
    static const unsigned char want[] = {
        0xe5, 0x45, 0xbe, 0x49, 0x61, 0xca, 0x29, 0xa1
    };
    for (unsigned char i = 0; i < sizeof key; i++)
        key[i] = i;
    memcpy(message, key, sizeof message);
    crypto_shorthash(out, message, sizeof message, key);
    assert_memory_equal(out, want, sizeof want);
    assert_string_equal(crypto_shorthash_primitive(), "siphash24");
}

/* Nothing links a visitor's tokens of two days: over 10,000 visitors, each of the 64
 * bits of their XOR is a fair coin (6 standard deviations), their sum too. */
static void tokens_of_two_days_cannot_be_linked(void **state)
{
    (void)state;
    enum { VISITORS = 10000 };
    unsigned ones[64] = { 0 };
    for (unsigned i = 0; i < VISITORS; i++) {
        char client[32];
        snprintf(client, sizeof client, "10.%u.%u.%u", i / 2500, i / 50 % 50, i % 50);
        const uint64_t diff =
            token_on(300, client, "a").visitor ^ token_on(301, client, "a").visitor;
        for (int bit = 0; bit < 64; bit++)
            ones[bit] += diff >> bit & 1;
    }
    double sum = 0;
    for (int bit = 0; bit < 64; bit++) {
        assert_true(fabs(ones[bit] - VISITORS / 2.0) < 6 * sqrt(VISITORS / 4.0));
        sum += ones[bit];
    }
    assert_true(fabs(sum - 64 * VISITORS / 2.0) < 6 * sqrt(64 * VISITORS / 4.0));
}

/* One bit of the address changed flips about half of the token's. */
static void neighbours_have_nothing_in_common(void **state)
{
    (void)state;
    uint64_t flipped = 0;
    for (unsigned i = 0; i < 256; i++) {
        char client[32], next[32];
        snprintf(client, sizeof client, "198.51.100.%u", i);
        snprintf(next, sizeof next, "198.51.100.%u", i ^ 1);
        const uint64_t diff = token(client, "a").visitor ^ token(next, "a").visitor;
        flipped += (uint64_t)__builtin_popcountll(diff);
    }
    assert_true(fabs((double)flipped - 256 * 32) < 5 * sqrt(256 * 16) * 1.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(v4_is_one_visitor_an_address_and_one_network_a_24),
        cmocka_unit_test(v6_is_one_visitor_a_64_and_one_network_a_48),
        cmocka_unit_test(tunnels_give_nobody_networks_of_its_own),
        cmocka_unit_test(names_are_hashed_as_such),
        cmocka_unit_test(the_agent_is_part_of_the_visitor_only),
        cmocka_unit_test(each_bit_makes_another_token),
        cmocka_unit_test(nobody_has_no_token),
        cmocka_unit_test(periods_have_keys_of_their_own),
        cmocka_unit_test(what_is_forgotten_cannot_be_made_again),
        cmocka_unit_test(the_last_key_is_had_without_waiting),
        cmocka_unit_test(many_periods_at_once),
        cmocka_unit_test(the_hash_is_siphash_2_4),
        cmocka_unit_test(tokens_of_two_days_cannot_be_linked),
        cmocka_unit_test(neighbours_have_nothing_in_common),
    };
    return cmocka_run_group_tests(tests, open_ring, close_ring);
}
