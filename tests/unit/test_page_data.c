/* The columns that the page adds up, against what they must be by hand. How the page
 * reads them: tests/web. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <zlib.h>

#include "footfall/report.h"
#include "hand_rollup.h"
#include "page_data.h"

static const struct ff_render_settings plain = { .rows = 1 };

static struct ff_view *view_of(const struct ff_rollup_list *list,
                               const struct ff_comparison *comparison)
{
    const struct ff_view_settings settings = { .version = "1.2.3",
                                               .run = { .duplicate = 7 },
                                               .comparison = comparison };
    struct ff_view *view;
    struct ff_fault fault;
    assert_int_equal(ff_view_create(&view, list, &settings, &fault), FF_OK);
    return view;
}

typedef enum ff_err writer(FILE *out, const struct ff_view *view,
                           const struct ff_render_settings *settings,
                           struct ff_fault *fault);

static char *write_with(writer *write, const struct ff_view *view,
                        const struct ff_render_settings *settings)
{
    struct ff_fault fault;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    assert_int_equal(write(out, view, settings, &fault), FF_OK);
    fclose(out);
    return text;
}

static char *data_of(const struct ff_rollup_list *list)
{
    struct ff_view *view = view_of(list, NULL);
    char *json = write_with(ff_page_data_write, view, &plain);
    ff_view_destroy(view);
    return json;
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("not there: %s\nin: %s", part, text);
}

static int32_t march(int day)
{
    return ff_day_of_date(hand_date(2026, 3, day));
}

/* Three days: the second has the second page first, the third is withheld. */
static void make_days(struct ff_rollup_list *list)
{
    struct ff_rollup *day = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    day->has_totals = true;
    day->totals = (struct ff_totals) { 12, 15, 42, 6, 3, 1, 1000 };
    day->reconciliation.human[FF_CLASS_PAGE_VIEWS] = 42;
    day->reconciliation.robots[FF_ROBOT_AI] = 4;
    day->reconciliation.malformed = 2;
    HAND_TABLE(day, FF_PAGES, 2, { { "/" }, { 30, 14, 11 } },
               { { "/a" }, { 10, 9, 8 } });
    HAND_TABLE(day, FF_SOURCES, 0, { { "direct" }, { 9, 8, 20, 3 } },
               { { "site", "/a" }, { 6, 5, 20, 3 } });
    hand_add(list, day);
    day = hand_rollup(FF_DAY, hand_date(2026, 3, 3));
    day->has_totals = true;
    day->is_partial = day->is_capped = true;
    day->totals = (struct ff_totals) { 10, 11, 30, 5, 0, 0, 900 };
    HAND_TABLE(day, FF_PAGES, 0, { { "/b" }, { 20, 9, 9 } },
               { { "/a" }, { 10, 9, 8 } });
    hand_add(list, day);
    hand_add(list, hand_rollup(FF_DAY, hand_date(2026, 3, 4)));
}

static void test_columns(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_days(&list);
    char *json = data_of(&list);
    has(json, "{\"format\":1,\"version\":\"1.2.3\",\"site\":\"hand.example\","
              "\"zone\":\"UTC\",\"profile\":\"internal\",\"grain\":\"day\","
              "\"rules\":1,\"k\":10,\"kn\":5,\"row_cap\":24400,\"live_seconds\":0,"
              "\"asked\":false,\"span\":[20514,20517],\"compare\":null,"
              "\"run\":{\"duplicate\":7,");
    has(json, "\"receipt\":{\"kept\":[\"paths\",\"search_terms\",");
    has(json, "],\"never_kept\":[\"addresses\",\"agents\",");
    has(json, "],\"risks\":[\"linked_tables\",\"sent_traffic\",");
    has(json, "\"periods\":{\"start\":[20514,20515,20516],\"end\":[20515,20516,20517],"
              "\"partial\":[0,1,0],\"capped\":[0,1,0]}");
    has(json, "\"visitors\":[12,10,null],\"visits\":[15,11,null],");
    has(json, "\"bytes\":[1000,900,null]}");
    has(json, "\"lines\":{\"human\":{\"page_views\":[42,0,0],");
    has(json, "\"robots\":{\"declared\":[0,0,0],\"ai\":[4,0,0],");
    has(json, "\"malformed\":[2,0,0],\"excluded\":[0,0,0],\"blank\":[0,0,0]}");
    free(json);
    ff_rollup_list_clear(&list);
}

static void test_tables(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_days(&list);
    char *json = data_of(&list);
    /* Keys are /, /a, /b: the first day has 0 and 1, the second 1 and 2. */
    has(json, "\"pages\":{\"parts\":[\"page\"],\"measures\":[\"page_views\","
              "\"visits\",\"visitors\"],\"threshold\":1,\"rows\":[2,2,-1],"
              "\"ids\":[0,0,1,0],\"values\":[[30,10,10,20],[14,9,9,9],"
              "[11,8,8,9]],\"other\":[2,0,0],\"total\":[42,30,0],"
              "\"cut\":[0,0,0],\"cut_sum\":[0,0,0],\"keys\":[0,1,2]}");
    free(json);
    ff_rollup_list_clear(&list);
}

static void test_strings_are_shared(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_days(&list);
    char *json = data_of(&list);
    /* Strings in the order of asking: /, /a, /b, direct, "", site. */
    has(json, "\"keys\":[3,4,5,1]}");
    has(json, "\"strings\":[\"/\",\"/a\",\"/b\",\"direct\",\"\",\"site\"]}\n");
    free(json);
    ff_rollup_list_clear(&list);
}

/* Of 366 days one has more rows than a day may show. */
static void test_the_smallest_rows_are_cut(void **state)
{
    (void)state;
    static struct hand_row rows[203];
    static char keys[203][8];
    struct ff_rollup_list list = { 0 };
    for (size_t i = 0; i < 203; i++) {
        snprintf(keys[i], sizeof keys[i], "/%zu", i);
        rows[i] = (struct hand_row) { { keys[i] }, { 1000 - i, 20, 20 } };
    }
    struct ff_rollup *day = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    hand_table(day, FF_PAGES, rows, 203, 11);
    hand_add(&list, day);
    for (int32_t i = 1; i < 366; i++)
        hand_add(&list, hand_rollup(FF_DAY, ff_date_of_day(march(2) + i)));
    char *json = data_of(&list);
    has(json, "\"row_cap\":200,");
    has(json, "\"rows\":[200,-1,");
    has(json, "\"cut\":[3,0,");
    has(json, "\"cut_sum\":[2397,0,"); /* 800 + 799 + 798 */
    has(json, "\"/199\"");
    assert_null(strstr(json, "\"/200\""));
    free(json);
    ff_rollup_list_clear(&list);
}

/* Both spans are in it once, whatever they share. */
static void test_comparison(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_days(&list);
    struct ff_rollup_list shown = { list.items + 1, 2, 2 };
    const struct ff_rollup_list other = { list.items, 2, 2 };
    const struct ff_comparison comparison = { { march(1), march(4) }, &other };
    struct ff_view *view = view_of(&shown, &comparison);
    char *json = write_with(ff_page_data_write, view, &plain);
    has(json, "\"span\":[20515,20517],\"compare\":[20513,20516],");
    has(json, "\"periods\":{\"start\":[20514,20515,20516],");
    free(json);
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

static void test_hostile_strings_stay_in_quotes(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    struct ff_rollup *day = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    day->site = FF_SPAN("</script>");
    HAND_TABLE(day, FF_PAGES, 0, { { "</script><b>\"\n\xe2\x80\xae" }, { 9, 9, 9 } });
    hand_add(&list, day);
    char *json = data_of(&list);
    has(json, "\"site\":\"\\u003c/script>\"");
    has(json, "\"\\u003c/script>\\u003cb>\\\"\\u000a\\u202e\"");
    assert_null(strchr(json, '<'));
    free(json);
    ff_rollup_list_clear(&list);
}

static size_t decode_base64(const char *text, unsigned char *out)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t n = 0;
    unsigned word = 0, bits = 0;
    for (; *text && *text != '='; text++) {
        const char *digit = strchr(digits, *text);
        assert_non_null(digit);
        word = word << 6 | (unsigned)(digit - digits);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[n++] = (unsigned char)(word >> bits);
        }
    }
    return n;
}

static void test_block_is_the_data_packed(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_days(&list);
    struct ff_view *view = view_of(&list, NULL);
    char *json = write_with(ff_page_data_write, view, &plain);
    char *block = write_with(ff_page_block, view, &plain);
    assert_int_equal(strlen(block) % 4, 0);
    unsigned char *packed = malloc(strlen(block));
    uLongf len = strlen(json) + 1;
    unsigned char *again = calloc(1, len);
    assert_non_null(packed);
    assert_non_null(again);
    assert_int_equal(uncompress(again, &len, packed, decode_base64(block, packed)),
                     Z_OK);
    assert_string_equal((const char *)again, json);
    free(again);
    free(packed);
    free(block);
    free(json);
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_strings_are_shared),
        cmocka_unit_test(test_the_smallest_rows_are_cut),
        cmocka_unit_test(test_comparison),
        cmocka_unit_test(test_hostile_strings_stay_in_quotes),
        cmocka_unit_test(test_block_is_the_data_packed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
