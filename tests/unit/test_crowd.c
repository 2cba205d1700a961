/* The visitors of several parts are grouped by network, each record once, whether few
 * of them are put into their buckets by one thread or many by several. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crowd.h"

#define PARTS  6
#define SHARES 7

static struct ff_secret secret;
static struct ff_budget budget;
static struct ff_visitors parts[PARTS];
static struct ff_visitors *pointers[PARTS];

/* Of about every second network and of every visitor both of some parts have records.
 */
static void fill(uint32_t part, uint32_t n)
{
    const struct ff_aggregate_settings settings = { .grain = FF_DAY,
                                                    .visit_timeout = 1800 };
    struct ff_fault fault;
    ff_visitors_init(&parts[part], &secret, &budget, &settings, 20000);
    for (uint32_t i = 0; i < n; i++) {
        const uint64_t who = i * (uint64_t)(part % 2 + 1);
        const struct ff_hit hit = { .kind = FF_ASSET,
                                    .has_client = true,
                                    .time = parts[part].from + 1,
                                    .status = 200,
                                    .net = ff_hash_number(&secret, who / 3),
                                    .visitor = who };
        assert_int_equal(ff_visitors_add(&parts[part], &hit, 1, &fault), FF_OK);
    }
    assert_int_equal(parts[part].n, n);
}

static void expect_record(const struct ff_member *member)
{
    const struct ff_visitor *record = ff_member_record(member);
    assert_true(record->net == member->net);
    assert_true(record->visitor == member->visitor);
    assert_true(record->bytes == 0); /* no other member is this one */
    ((struct ff_visitor *)record)->bytes = 1;
}

/* In order within a bucket, and buckets in order: each network is in one place. */
static void expect_order(const struct ff_member *a, const struct ff_member *b)
{
    assert_true(a->net < b->net || (a->net == b->net && a->visitor <= b->visitor));
}

static void expect_grouped(const uint32_t *sizes)
{
    struct ff_crowd crowd;
    struct ff_fault fault;
    uint32_t all = 0, end = 0;
    budget.cap = SIZE_MAX / 2;
    assert_true(ff_secret_init(&secret));
    for (uint32_t i = 0; i < PARTS; i++) {
        fill(i, sizes[i]);
        pointers[i] = &parts[i];
        all += sizes[i];
    }
    assert_int_equal(ff_crowd_join(&crowd, pointers, PARTS, &fault), FF_OK);
    assert_int_equal(crowd.n, all);
    for (uint32_t i = 0; i < SHARES; i++) {
        assert_int_equal(ff_crowd_share(&crowd, i, SHARES), end);
        const uint32_t from = end;
        end = ff_crowd_share(&crowd, i + 1, SHARES);
        ff_crowd_group(&crowd, from, end);
    }
    assert_int_equal(end, all);
    for (uint32_t i = 0; i < all; i++) {
        expect_record(&crowd.members[i]);
        if (i)
            expect_order(&crowd.members[i - 1], &crowd.members[i]);
    }
    ff_crowd_clear(&crowd);
    for (uint32_t i = 0; i < PARTS; i++)
        ff_visitors_clear(&parts[i]);
}

static void test_few(void **state)
{
    (void)state;
    expect_grouped((const uint32_t[PARTS]) { 40, 0, 7, 300, 1, 90 });
}

static void test_many(void **state)
{
    (void)state;
    expect_grouped((const uint32_t[PARTS]) { 9000, 0, 12000, 3000, 1, 7000 });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
