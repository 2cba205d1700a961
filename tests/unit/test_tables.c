/* The list of tables and the fixed buckets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "footfall/tables.h"

static void test_every_table_is_described(void **state)
{
    (void)state;
    for (int t = 0; t < FF_TABLES; t++) {
        const struct ff_table_info *info = &ff_table_infos[t];
        assert_non_null(info->name);
        assert_non_null(info->title);
        assert_in_range(info->key_parts, 1, FF_KEY_PARTS);
        assert_in_range(info->n_measures, 1, FF_MEASURES);
        for (int m = 0; m < FF_MEASURES; m++)
            assert_int_equal(info->measures[m] != NULL, m < info->n_measures);
        for (int p = 0; p < FF_KEY_PARTS; p++)
            assert_int_equal(info->key_names[p] != NULL, p < info->key_parts);
        if (info->visitors >= 0)
            assert_string_equal(info->measures[info->visitors], "visitors");
        else
            for (int m = 0; m < info->n_measures; m++)
                assert_string_not_equal(info->measures[m], "visitors");
    }
}

static void test_thresholds(void **state)
{
    (void)state;
    for (int t = 0; t < FF_TABLES; t++) {
        const int is_robots = t == FF_ROBOTS_TABLE || t == FF_AI_CRAWLERS;
        const int is_search = t == FF_SITE_SEARCHES || t == FF_EXTERNAL_SEARCHES;
        assert_int_equal(ff_table_infos[t].threshold, is_robots   ? 0
                                                      : is_search ? 2
                                                                  : 1);
    }
}

static void test_depth_buckets(void **state)
{
    (void)state;
    assert_string_equal(ff_depth_labels[ff_depth_bucket(1)], "1");
    assert_string_equal(ff_depth_labels[ff_depth_bucket(9)], "9");
    assert_string_equal(ff_depth_labels[ff_depth_bucket(10)], "10+");
    assert_string_equal(ff_depth_labels[ff_depth_bucket(1000)], "10+");
}

static void test_duration_buckets(void **state)
{
    (void)state;
    static const struct {
        uint64_t seconds;
        const char *label;
    } cases[] = {
        { 0, "0-10 s" },     { 9, "0-10 s" },         { 10, "10-20 s" },
        { 59, "45-60 s" },   { 60, "1-1.5 min" },     { 89, "1-1.5 min" },
        { 90, "1.5-2 min" }, { 3599, "45-60 min" },   { 3600, "1-1.5 h" },
        { 7199, "1.5-2 h" }, { 7200, "2 h +" },       { 86399, "2 h +" },
        { 420, "7-10 min" }, { UINT64_MAX, "2 h +" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(ff_duration_labels[ff_duration_bucket(cases[i].seconds)],
                            cases[i].label);
}

static void test_each_duration_is_in_its_bucket(void **state)
{
    (void)state;
    for (uint32_t seconds = 0; seconds <= 10000; seconds++) {
        const unsigned bucket = ff_duration_bucket(seconds);
        assert_in_range(bucket, 0, FF_DURATION_BUCKETS - 1);
        assert_true(seconds >= ff_duration_from[bucket]);
        assert_true(bucket == FF_DURATION_BUCKETS - 1 ||
                    seconds < ff_duration_from[bucket + 1]);
    }
}

static void assert_all_differ(const char *const *labels, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(labels[i], labels[j]);
}

static void test_labels_are_keys(void **state)
{
    (void)state;
    assert_all_differ(ff_depth_labels, FF_DEPTH_BUCKETS);
    assert_all_differ(ff_duration_labels, FF_DURATION_BUCKETS);
    assert_all_differ(ff_response_labels, FF_RESPONSE_BUCKETS);
    for (int i = 1; i < FF_DURATION_BUCKETS; i++)
        assert_true(ff_duration_from[i] > ff_duration_from[i - 1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_table_is_described),
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_depth_buckets),
        cmocka_unit_test(test_duration_buckets),
        cmocka_unit_test(test_each_duration_is_in_its_bucket),
        cmocka_unit_test(test_labels_are_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
