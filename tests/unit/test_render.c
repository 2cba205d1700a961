/* The four forms of a report, and that no key gets out of any of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>
#include <stdio.h>

#include "footfall/report.h"
#include "hand_rollup.h"
#include "inert.h"
#include "page_assets.h"
#include "words.h"

static const struct ff_render_settings plain = { .rows = 20, .columns = 80 };

/* The list as a report of that form; free() is the caller's. */
static char *render(const struct ff_rollup_list *list, const char *ending,
                    const struct ff_render_settings *settings)
{
    const struct ff_view_settings view_settings = { .version = "1.2.3",
                                                    .run = { .duplicate = 7 } };
    struct ff_view *view;
    struct ff_fault fault;
    assert_int_equal(ff_view_create(&view, list, &view_settings, &fault), FF_OK);
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    const struct ff_renderer *renderer = ff_renderer_for(ending);
    assert_non_null(renderer);
    assert_int_equal(renderer->render(out, view, settings, &fault), FF_OK);
    fclose(out);
    assert_int_equal(strlen(text), len); /* no NUL came through */
    ff_view_destroy(view);
    return text;
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("not there: %s", part);
}

static void has_not(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("must not be there: %s", part);
}

/* Two days; the second is withheld. */
static void make_plain(struct ff_rollup_list *list)
{
    struct ff_rollup *day = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    day->has_totals = true;
    day->totals = (struct ff_totals) { 1200, 1500, 4201, 600, 30, 0, 12345678 };
    day->reconciliation.human[FF_CLASS_PAGE_VIEWS] = 4201;
    day->reconciliation.robots[FF_ROBOT_AI] = 40;
    HAND_TABLE(day, FF_PAGES, 201, { { "/" }, { 3000, 1400, 1100 } },
               { { "/b/*" }, { 600, 500, 400 } }, { { "/a" }, { 400, 300, 250 } });
    HAND_TABLE(day, FF_TRANSITIONS, 0, { { "/", "/a" }, { 90, 80 } });
    HAND_TABLE(day, FF_SOURCES, 10, { { "direct" }, { 900, 800, 2000, 300 } },
               { { "search engine", "Google" }, { 590, 500, 2000, 300 } });
    HAND_TABLE(day, FF_CAMPAIGNS, 0, { { "news", "", "spring" }, { 20, 19, 3 } });
    HAND_TABLE(day, FF_SITE_SEARCHES, 0, { { "boots" }, { 40, 30, 6, 4, 25 } });
    HAND_TABLE(day, FF_HOURS, 0, { { "10" }, { 800, 2201 } },
               { { "9" }, { 700, 2000 } });
    HAND_TABLE(day, FF_VISIT_DURATION, 0, { { "1-1.5 min" }, { 600 } });
    HAND_TABLE(day, FF_AI_CRAWLERS, 0,
               { { "GPTBot", "OpenAI", "training" }, { 40, 38, 5000 } });
    hand_table(day, FF_DOWNLOADS, NULL, 0, 0);
    hand_add(list, day);
    hand_add(list, hand_rollup(FF_DAY, hand_date(2026, 3, 3)));
}

static void test_json(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_plain(&list);
    char *json = render(&list, "x.json", &plain);
    has(json, "{\n  \"footfall\": {\"version\": \"1.2.3\", \"rules\": 1},\n"
              "  \"site\": \"hand.example\",\n  \"profile\": \"internal\",\n"
              "  \"k\": 10,\n  \"kn\": 5,\n  \"period\": \"day\",\n"
              "  \"time_zone\": \"UTC\",\n"
              "  \"from\": \"2026-03-02\",\n  \"to\": \"2026-03-03\",\n"
              "  \"provisional\": false,\n");
    has(json, "    \"lines\": 4248,\n    \"human\": 4201,\n    \"robots\": 40,\n"
              "    \"malformed\": 0,\n    \"duplicate\": 7,\n    \"outside\": 0,\n"
              "    \"excluded\": 0,\n    \"blank\": 0,\n");
    has(json, "\"robots_by_class\": {\"declared\": 0, \"ai\": 40, \"scanner\": 0, "
              "\"behaving\": 0}");
    has(json, "\"bytes\": 12345678, \"median_visit_seconds\": 75, "
              "\"pages_per_visit\": 2.80},\n");
    has(json, "{\"date\": \"2026-03-03\", \"visitors\": null, \"visits\": null, "
              "\"page_views\": null, \"bounces\": null, \"downloads\": null, "
              "\"site_searches\": null, \"bytes\": null, "
              "\"median_visit_seconds\": null, \"pages_per_visit\": null}\n");
    has(json, "        {\"key\": \"/\", \"page_views\": 3000, \"visits\": 1400, "
              "\"visitors\": 1100, \"periods\": 1},\n");
    has(json, "      \"other\": {\"page_views\": 201},\n"
              "      \"total\": {\"page_views\": 4201}\n");
    has(json, "{\"key\": [\"/\", \"/a\"], \"transitions\": 90,");
    has(json, "{\"key\": [\"direct\", \"\"], \"visits\": 900,");
    has(json, "{\"key\": [\"news\", \"\", \"spring\"], ");
    has(json, "{\"key\": \"GPTBot\", \"operator\": \"OpenAI\", \"purpose\": "
              "\"training\", \"hits\": 40, \"page_views\": 38, \"bytes\": 5000, "
              "\"periods\": 1}");
    has(json, "\"downloads\": {\n      \"rows\": [],\n"
              "      \"other\": {\"downloads\": 0},\n"
              "      \"total\": {\"downloads\": 0}\n    }");
    has(json, "\"goals\": {\n      \"rows\": [],\n      \"other\": null,\n"
              "      \"total\": null\n    }");
    free(json);
    ff_rollup_list_clear(&list);
}

static void test_csv(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_plain(&list);
    char *csv = render(&list, "x.csv", &plain);
    assert_memory_equal(csv, "date,table,key,metric,value\n", 28);
    has(csv, "\n2026-03-02,totals,,visits,1500\n");
    has(csv, "\n2026-03-02,totals,,pages_per_visit,2.80\n");
    has(csv, "\n2026-03-02,pages,/,page_views,3000\n");
    has(csv, "\n2026-03-02,pages,/b/*,visitors,400\n");
    has(csv, "\n2026-03-02,pages,(other),page_views,201\n");
    has(csv, "\n2026-03-02,transitions,/ -> /a,transitions,90\n");
    has(csv, "\n2026-03-02,sources,direct,visits,900\n");
    has(csv, "\n2026-03-02,sources,search engine / Google,bounces,300\n");
    has(csv, "\n2026-03-02,campaigns,news /  / spring,visits,20\n");
    has(csv, "\n2026-03-02,weekdays,monday,visits,1500\n");
    has(csv, "\n2026-03-02,reconciliation,human / page_views,lines,4201\n");
    has(csv, "\n,reconciliation,duplicate,lines,7\n");
    /* A withheld day has its lines and nothing else. */
    has(csv, "\n2026-03-03,reconciliation,robots / ai,lines,0\n");
    has_not(csv, "2026-03-03,totals");
    has_not(csv, "2026-03-03,weekdays");
    has_not(csv, "\r");
    free(csv);
    ff_rollup_list_clear(&list);
}

static void test_text(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_plain(&list);
    char *text = render(&list, "x.txt", &plain);
    has(text, "footfall: hand.example, 2026-03-02 to 2026-03-03\n");
    has(text, "  visitor-days            1,200");
    has(text, "  median visit       1 min 15 s (about)");
    has(text, "(40.0 %)\n");
    has(text, "  2026-03-03                -  withheld\n");
    has(text, "  / -> /a  ");
    has(text, "  other, too rare to show          201\n");
    has(text, "  search engine / Google  ");
    has(text, "75.0 %"); /* the click rate: 30 of 40 */
    has(text, "  lines                           4,248\n");
    has(text, "Nothing to show in: Downloads.\n");
    has(text, "\n  Profile internal, k 10, kn 5, rules version 1, footfall 1.2.3.\n");
    /* Hours stand in their own order, not by count. */
    assert_true(strstr(text, "\n  9   ") < strstr(text, "\n  10   "));
    free(text);
    ff_rollup_list_clear(&list);
}

static void test_rows_bound_the_text_only(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_plain(&list);
    const struct ff_render_settings one = { .rows = 1, .columns = 80 };
    char *text = render(&list, "x.txt", &one);
    has(text, "  and 2 more                     1,000\n"); /* 600 + 400 */
    has_not(text, "/b/*  ");
    free(text);
    char *html = render(&list, "x.html", &one),
         *whole = render(&list, "x.html", &plain);
    assert_string_equal(html, whole);
    free(html);
    free(whole);
    char *json = render(&list, "x.json", &one);
    has(json, "\"/b/*\"");
    free(json);
    ff_rollup_list_clear(&list);
}

static void test_text_keeps_its_columns(void **state)
{
    (void)state;
    static const unsigned widths[] = { 40, 60, 80, 120 };
    char wide[301];
    for (size_t i = 0; i + 1 < sizeof wide; i++)
        wide[i] = (char)('a' + i % 26);
    wide[sizeof wide - 1] = '\0';
    const struct hand_row rows[] = {
        { { wide, "/b", wide }, { 123456789, 99999999, 99999999, 9999999, 999999 } },
        { { "/\xe6\x97\xa5\xe6\x9c\xac", wide, "" }, { 5, 5, 5, 5, 5 } },
    };
    struct ff_rollup *day = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    for (int t = 0; t < FF_TABLES; t++)
        hand_table(day, (enum ff_table)t, rows, 2, 17);
    struct ff_rollup_list list = { 0 };
    hand_add(&list, day);
    hand_add(&list, hand_rollup(FF_DAY, hand_date(2026, 3, 3)));
    for (size_t n = 0; n < 2 * sizeof widths / sizeof *widths; n++) {
        const size_t i = n / 2;
        const struct ff_render_settings settings = { .rows = 20,
                                                     .columns = widths[i],
                                                     .is_brief = n % 2 };
        char *text = render(&list, ".txt", &settings);
        for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
            const struct ff_span s = { line, strcspn(line, "\n") };
            if (ff_inert_width(s) > widths[i])
                fail_msg("%u columns: %.*s", widths[i], (int)s.len, s.data);
            if (s.len && s.data[s.len - 1] == ' ')
                fail_msg("blanks at the end: %.*s", (int)s.len, s.data);
        }
        free(text);
    }
    ff_rollup_list_clear(&list);
}

#define WIDE_EQUALS "\xef\xbc\x9d" /* U+FF1D */
#define OVERRIDE    "\xe2\x80\xae" /* U+202E, right-to-left override */

static void make_hostile(struct ff_rollup_list *list)
{
    struct ff_rollup *day = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    day->site = FF_SPAN("</title><script>s</script>\x1b]0;x\x07");
    HAND_TABLE(day, FF_PAGES, 0, { { "/<script>alert(1)</script>" }, { 99, 9, 9 } },
               { { "=cmd|' /C calc'!A0" }, { 98, 9, 9 } },
               { { "\x1b[31mred\x1b]0;title\x07" }, { 97, 9, 9 } },
               { { "/a" OVERRIDE "b" }, { 96, 9, 9 } },
               { { "/\"x\" onload='y', z" }, { 95, 9, 9 } },
               { { "/new\nline,2026-03-02" }, { 94, 9, 9 } },
               { { "/bad\xff\xc0\xaf\xed\xa0\x80" }, { 93, 9, 9 } },
               { { "\tx" }, { 92, 9, 9 } }, { { "@x" }, { 91, 9, 9 } },
               { { "-1" }, { 90, 9, 9 } }, { { "+1" }, { 89, 9, 9 } },
               { { "\rx" }, { 88, 9, 9 } },
               { { "/c1\xc2\x9b"
                   "31m" },
                 { 87, 9, 9 } },
               { { "{{7*7}}&amp;" }, { 86, 9, 9 } },
               { { WIDE_EQUALS "1" }, { 85, 9, 9 } });
    HAND_TABLE(day, FF_TRANSITIONS, 0, { { "=1", "<b>" }, { 50, 9 } });
    HAND_TABLE(day, FF_AI_CRAWLERS, 0, { { "<i>", "\"o", "=p" }, { 9, 9, 9 } });
    hand_add(list, day);
}

/* No control but the line's end, and no mark that turns the direction. */
static void assert_quiet(const char *text)
{
    const struct ff_span s = ff_span_of(text);
    for (size_t at = 0; at < s.len;) {
        const uint32_t c = ff_utf8_next(s, &at);
        if (c != '\n' && ff_is_hostile(c))
            fail_msg("U+%04X got through", (unsigned)c);
    }
}

static void test_hostile_keys_in_json(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_hostile(&list);
    char *json = render(&list, "x.json", &plain);
    assert_quiet(json);
    has_not(json, "<");
    has(json, "\"\\u001b[31mred\\u001b]0;title\\u0007\"");
    has(json, "\"/a\\u202eb\"");
    has(json, "\"/\\\"x\\\" onload='y', z\"");
    has(json, "\"/new\\u000aline,2026-03-02\"");
    free(json);
    ff_rollup_list_clear(&list);
}

static void test_hostile_keys_in_csv(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_hostile(&list);
    char *csv = render(&list, "x.csv", &plain);
    assert_quiet(csv);
    has(csv, ",pages,\"'=cmd|' /C calc'!A0\",page_views,98\n");
    has(csv, ",pages,\"'@x\",page_views,91\n");
    has(csv, ",pages,\"'-1\",page_views,90\n");
    has(csv, ",pages,\"'+1\",page_views,89\n");
    has(csv, ",pages,\"'" WIDE_EQUALS "1\",page_views,85\n");
    has(csv, ",pages,\"'\xef\xbf\xbdx\",page_views,92\n"); /* the tab */
    has(csv, ",pages,\"'\xef\xbf\xbdx\",page_views,88\n"); /* the CR */
    has(csv, ",pages,\"/\"\"x\"\" onload='y', z\",page_views,95\n");
    has(csv, ",pages,\"/new\xef\xbf\xbdline,2026-03-02\",page_views,94\n");
    has(csv, ",transitions,\"'=1 -> <b>\",transitions,50\n");
    free(csv);
    ff_rollup_list_clear(&list);
}

static void test_hostile_keys_in_text(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_hostile(&list);
    char *text = render(&list, "x.txt", &plain);
    assert_quiet(text);
    has(text, "\xef\xbf\xbd[31mred\xef\xbf\xbd]0;title\xef\xbf\xbd ");
    has(text, "/a\xef\xbf\xbd"
              "b ");
    free(text);
    ff_rollup_list_clear(&list);
}

/* The markup has one piece of data, the site's name; the keys are packed. */
static void test_hostile_site_in_html(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_hostile(&list);
    char *html = render(&list, "x.html", &plain);
    has(html, "<title>&lt;/title&gt;&lt;script&gt;s&lt;/script&gt;");
    has(html, "<h1><bdi>&lt;/title&gt;&lt;script&gt;s&lt;/script&gt;");
    has_not(html, "<script>s");
    has_not(html, "\x1b");
    has_not(html, OVERRIDE);
    has_not(html, "calc'!A0");
    free(html);
    ff_rollup_list_clear(&list);
}

static void test_policy_of_the_page(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_plain(&list);
    char *html = render(&list, "x.html", &plain);
    has(html, "content=\"default-src 'none'; script-src 'sha256-");
    has(html, "; connect-src 'none'; base-uri 'none'; form-action 'none'\">");
    has_not(html, "unsafe-inline");
    has_not(html, "@import");
    free(html);
    const struct ff_render_settings live = { .live_seconds = 10 };
    html = render(&list, "x.html", &live);
    has(html, "; connect-src 'self'; ");
    free(html);
    const struct ff_render_settings served = { .data_url = "/data.json?site=\"x\"" };
    html = render(&list, "x.html", &served);
    has(html, "; connect-src 'self'; ");
    has(html, " id=\"data\" data-url=\"/data.json?site=&quot;x&quot;\"></script>");
    free(html);
    ff_rollup_list_clear(&list);
}

/* What a browser does: hash what stands between the tags, compare with the policy. */
static void assert_digest(const char *html, const char *begin, const char *end,
                          const struct ff_page_asset *asset)
{
    const char *from = strstr(html, begin);
    assert_non_null(from);
    from += strlen(begin);
    const size_t len = (size_t)(strstr(from, end) - from);
    assert_int_equal(len, asset->len);
    unsigned char sum[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(sum, (const unsigned char *)from, len);
    char digest[64] = "sha256-";
    sodium_bin2base64(digest + 7, sizeof digest - 7, sum, sizeof sum,
                      sodium_base64_VARIANT_ORIGINAL);
    assert_string_equal(asset->digest, digest);
    has(html, digest);
}

static void test_page_has_its_digests(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_plain(&list);
    char *html = render(&list, "x.html", &plain);
    assert_digest(html, "<style>", "</style>", &ff_page_style);
    assert_digest(html, "<script>", "</script>", &ff_page_script);
    assert_true(ff_page_style.len + ff_page_script.len < 500 * 1000);
    free(html);
    ff_rollup_list_clear(&list);
}

static void test_headlines_without_a_script(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_plain(&list);
    char *html = render(&list, "x.html", &plain);
    has(html, "<noscript>");
    has(html, "<p>visitor-days: 1,200</p>\n<p>visits: 1,500</p>\n");
    has(html, "<p>bounces: 600 (40.0 %)</p>\n");
    free(html);
    ff_rollup_list_clear(&list);
}

static void test_nothing_known(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    hand_add(&list, hand_rollup(FF_DAY, hand_date(2026, 3, 2)));
    char *json = render(&list, "x.json", &plain);
    has(json, "  \"totals\": null,\n");
    free(json);
    char *text = render(&list, "x.txt", &plain);
    has(text, "No totals: fewer than 10 visitors or 5 networks a day.\n");
    has(text,
        "Withheld (fewer than 10 visitors or 5 networks a day): Pages, Entry pages,");
    free(text);
    char *html = render(&list, "x.html", &plain);
    has(html, "No totals: fewer than 10 visitors or 5 networks a day.");
    free(html);
    ff_rollup_list_clear(&list);
}

static void test_renderers_by_ending(void **state)
{
    (void)state;
    assert_string_equal(ff_renderer_for("/tmp/x.HTML")->ending, ".html");
    assert_string_equal(ff_renderer_for("a.json.csv")->ending, ".csv");
    assert_ptr_equal(ff_renderer_for("x.txt"), ff_renderer_text());
    assert_null(ff_renderer_for("x.cbor"));
    assert_null(ff_renderer_for("json"));
    assert_null(ff_renderer_for(""));
}

static void test_a_full_disk_is_told(void **state)
{
    (void)state;
    struct ff_rollup_list list = { 0 };
    make_plain(&list);
    const struct ff_view_settings settings = { .version = "1" };
    static const char *const endings[] = { ".txt", ".json", ".csv", ".html" };
    for (size_t i = 0; i < 4; i++) {
        FILE *full = fopen("/dev/full", "w");
        assert_non_null(full);
        struct ff_view *view;
        struct ff_fault fault;
        assert_int_equal(ff_view_create(&view, &list, &settings, &fault), FF_OK);
        assert_int_equal(
            ff_renderer_for(endings[i])->render(full, view, &plain, &fault), FF_ERR_IO);
        has(fault.text, "cannot write the report");
        ff_view_destroy(view);
        fclose(full);
    }
    ff_rollup_list_clear(&list);
}

static void assert_shortened(const char *from, size_t columns, const char *to)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    const struct ff_pieces pieces = { .at = { ff_span_of(from) }, .n = 1 };
    const size_t width = ff_inert_shortened(out, &pieces, columns);
    fclose(out);
    assert_string_equal(text, to);
    assert_true(width <= columns);
    free(text);
}

static void test_shortening(void **state)
{
    (void)state;
    assert_shortened("/abc", 4, "/abc");
    assert_shortened("/abcdefghij", 9, "/ab...hij");
    assert_shortened("/abcdefghij", 8, "/ab...ij");
    /* Five wide characters are ten columns; half of one is not shown. */
    assert_shortened("\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5", 9,
                     "\xe6\x97\xa5...\xe6\x97\xa5");
}

static void test_words(void **state)
{
    (void)state;
    assert_string_equal(ff_words_count(0).text, "0");
    assert_string_equal(ff_words_count(999).text, "999");
    assert_string_equal(ff_words_count(1000).text, "1,000");
    assert_string_equal(ff_words_count(UINT64_MAX).text, "18,446,744,073,709,551,615");
    assert_string_equal(ff_words_bytes(999).text, "999 B");
    assert_string_equal(ff_words_bytes(1000).text, "1.0 kB");
    assert_string_equal(ff_words_bytes(999999).text, "999.9 kB");
    assert_string_equal(ff_words_bytes(12345678).text, "12.3 MB");
    assert_string_equal(ff_words_bytes(UINT64_MAX).text, "18.4 EB");
    assert_string_equal(ff_words_seconds(59).text, "59 s");
    assert_string_equal(ff_words_seconds(75).text, "1 min 15 s");
    assert_string_equal(ff_words_seconds(7260).text, "2 h 1 min");
    assert_string_equal(ff_words_share(1, 3).text, "33.3 %");
    assert_string_equal(ff_words_share(5, 0).text, "-");
    assert_string_equal(ff_words_hundredths(205).text, "2.05");
    assert_string_equal(ff_words_date(0).text, "1970-01-01");
    assert_string_equal(ff_words_date(-1).text, "1969-12-31");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_rows_bound_the_text_only),
        cmocka_unit_test(test_text_keeps_its_columns),
        cmocka_unit_test(test_hostile_keys_in_json),
        cmocka_unit_test(test_hostile_keys_in_csv),
        cmocka_unit_test(test_hostile_keys_in_text),
        cmocka_unit_test(test_hostile_site_in_html),
        cmocka_unit_test(test_policy_of_the_page),
        cmocka_unit_test(test_page_has_its_digests),
        cmocka_unit_test(test_headlines_without_a_script),
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_renderers_by_ending),
        cmocka_unit_test(test_a_full_disk_is_told),
        cmocka_unit_test(test_shortening),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
