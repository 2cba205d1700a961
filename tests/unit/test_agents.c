/* What agent strings say: everyday browsers, apps, televisions, robots and AI, by a
 * table; then emptiness, escapes, hostile strings, and the bounds of what is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../ingest/agents.c"

#define KHTML "AppleWebKit/537.36 (KHTML, like Gecko) "
#define APPLE "AppleWebKit/605.1.15 (KHTML, like Gecko) "

struct expected {
    const char *agent;
    const char *browser, *system, *device;
    enum ff_robot robot;
    const char *name, *operator, * purpose;
};

/* clang-format off */
static const struct expected table[] = {
    { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) " KHTML "Chrome/126.0.0.0 Safari/537.36",
      "Chrome 126", "Windows", "desktop", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) " KHTML "Chrome/124.0.0.0 Safari/537.36",
      "Chrome 124", "Mac OS X", "desktop", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " KHTML "Chrome/125.0.0.0 Safari/537.36",
      "Chrome 125", "Chrome OS", "desktop", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) " KHTML "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
      "Edge 126", "Windows", "desktop", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) " KHTML "Chrome/126.0.0.0 Safari/537.36 OPR/112.0.0.0",
      "Opera 112", "Windows", "desktop", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
      "Firefox 128", "Windows", "desktop", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
      "Firefox 127", "Ubuntu", "desktop", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (X11; Linux x86_64) " KHTML "Chrome/120.0.0.0 Safari/537.36",
      "Chrome 120", "Linux", "desktop", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) " APPLE "Version/17.5 Safari/605.1.15",
      "Safari 17", "Mac OS X", "desktop", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) " APPLE "Version/17.5 Mobile/15E148 Safari/604.1",
      "Mobile Safari 17", "iOS", "mobile", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) " APPLE "Version/16.6 Mobile/15E148 Safari/604.1",
      "Mobile Safari 16", "iOS", "tablet", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) " APPLE "CriOS/126.0.6478.108 Mobile/15E148 Safari/604.1",
      "Chrome Mobile iOS 126", "iOS", "mobile", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) " APPLE "Mobile/15E148 Safari/604.1 MetaIAB Facebook",
      "Mobile Safari", "iOS", "mobile", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (Linux; Android 10; K) " KHTML "Chrome/126.0.0.0 Mobile Safari/537.36",
      "Chrome Mobile 126", "Android", "mobile", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (Linux; Android 12; SM-T220) " KHTML "Chrome/126.0.0.0 Safari/537.36",
      "Chrome 126", "Android", "tablet", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (Linux; Android 14; SM-S918B) " KHTML "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
      "Samsung Internet 25", "Android", "mobile", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0",
      "Firefox Mobile 128", "Android", "mobile", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (Android 13; Tablet; rv:128.0) Gecko/128.0 Firefox/128.0",
      "Firefox Mobile 128", "Android", "tablet", FF_HUMAN, "", "", "" },
    /* A build of Android 15 that crawler-user-agents takes for a crawler. */
    { "Mozilla/5.0 (Linux; Android 15; CPH2665 Build/AP3A.240617.008; wv) " KHTML "Version/4.0 Chrome/143.0.7499.34 Mobile Safari/537.36",
      "Chrome Mobile WebView 143", "Android", "mobile", FF_HUMAN, "", "", "" },
    { "Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16",
      "Opera Mini 36", "Android", "mobile", FF_HUMAN, "", "", "" },
    { "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; Tablet PC 2.0)",
      "IE 8", "Windows", "desktop", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
      "IE 11", "Windows", "desktop", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) " KHTML "Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15063",
      "Edge Mobile 15", "Windows Phone", "mobile", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) " KHTML "76.0.3809.146/6.0 TV Safari/537.36",
      "Safari", "Tizen", "other", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (PlayStation 4 11.00) " APPLE "Version/14.0 Safari/605.1.15",
      "Safari 14", "(unknown)", "other", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) " KHTML "Chrome/44.0.2403.71 Safari/537.36 Edge/44.18363.8131",
      "Edge 44", "Windows", "other", FF_HUMAN, "", "", "" },
    /* A phone whose name holds a robot's word. */
    { "Mozilla/5.0 (Linux; Android 9; CUBOT X19) " KHTML "Chrome/110.0.0.0 Mobile Safari/537.36",
      "Chrome Mobile 110", "Android", "mobile", FF_HUMAN, "", "", "" },
    /* A family that uap-core takes from free text: no word of ours. */
    { "MyPrivateName/12 CFNetwork/1410.0.3 Darwin/22.6.0",
      "(unknown)", "iOS", "mobile", FF_HUMAN, "", "", "" },
    { "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
      "Googlebot 2", "(unknown)", "other", FF_ROBOT_DECLARED, "Googlebot", "", "" },
    { "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
      "bingbot 2", "(unknown)", "other", FF_ROBOT_DECLARED, "bingbot", "", "" },
    { "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
      "AhrefsBot 7", "(unknown)", "other", FF_ROBOT_DECLARED, "AhrefsBot", "", "" },
    { "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
      "FacebookBot 1", "(unknown)", "other", FF_ROBOT_DECLARED, "facebookexternalhit", "", "" },
    { "curl/8.5.0", "curl 8", "(unknown)", "other", FF_ROBOT_DECLARED, "curl", "", "" },
    { "Wget/1.21.3", "Wget 1", "(unknown)", "other", FF_ROBOT_DECLARED, "wget", "", "" },
    { "python-requests/2.31.0", "Python Requests 2", "(unknown)", "other", FF_ROBOT_DECLARED, "python-requests", "", "" },
    { "Go-http-client/1.1", "Go-http-client 1", "(unknown)", "other", FF_ROBOT_DECLARED, "Go-http-client", "", "" },
    { "libwww-perl/6.67", "libwww-perl 6", "(unknown)", "other", FF_ROBOT_DECLARED, "libwww-perl", "", "" },
    /* In no list by name; uap-core says spider. */
    { "Mozilla/5.0 (compatible; JaneDoesOwnCrawler/1.0)",
      "(unknown)", "(unknown)", "other", FF_ROBOT_DECLARED, "(other robot)", "", "" },
    { "Mozilla/5.0 " KHTML "; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
      "GPTBot 1", "(unknown)", "other", FF_ROBOT_AI, "GPTBot", "OpenAI", "training" },
    { "Mozilla/5.0 " KHTML "; compatible; OAI-SearchBot/1.0; +https://openai.com/searchbot",
      "OAI-SearchBot 1", "(unknown)", "other", FF_ROBOT_AI, "OAI-SearchBot", "OpenAI", "search" },
    { "Mozilla/5.0 " KHTML "; compatible; ChatGPT-User/1.0; +https://openai.com/bot",
      "(unknown)", "(unknown)", "other", FF_ROBOT_AI, "ChatGPT-User", "OpenAI", "assistant" },
    { "Mozilla/5.0 " KHTML "; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
      "ClaudeBot 1", "(unknown)", "other", FF_ROBOT_AI, "ClaudeBot", "Anthropic", "training" },
    { "Claude-User (claude-code/2.0.1; +https://support.anthropic.com/)",
      "(unknown)", "(unknown)", "other", FF_ROBOT_AI, "Claude-User", "Anthropic", "assistant" },
    { "Mozilla/5.0 (compatible; PERPLEXITYBOT/1.0; +https://perplexity.ai/perplexitybot)",
      "(unknown)", "(unknown)", "other", FF_ROBOT_AI, "PerplexityBot", "Perplexity", "search" },
    { "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) " APPLE "Version/13.1.1 Safari/605.1.15 (Applebot-Extended/0.1)",
      "Applebot", "Mac OS X", "desktop", FF_ROBOT_AI, "Applebot-Extended", "Apple", "training" },
    { "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
      "(unknown)", "(unknown)", "other", FF_ROBOT_AI, "meta-externalagent", "Meta", "training" },
    { "CCBot/2.0 (https://commoncrawl.org/faq/)",
      "CCBot 2", "(unknown)", "other", FF_ROBOT_AI, "CCBot", "Common Crawl", "training" },
    { "-", "(unknown)", "(unknown)", "other", FF_ROBOT_DECLARED, "(no agent)", "", "" },
    { "", "(unknown)", "(unknown)", "other", FF_ROBOT_DECLARED, "(no agent)", "", "" },
    { " \t ", "(unknown)", "(unknown)", "other", FF_ROBOT_DECLARED, "(no agent)", "", "" },
    { "x", "(unknown)", "(unknown)", "other", FF_HUMAN, "", "", "" },
};
/* clang-format on */

static const struct ff_agent *read_as(struct ff_agents *agents, const char *text)
{
    struct ff_fault fault;
    const struct ff_agent *agent, *slow;
    assert_int_equal(ff_agent_read(agents, ff_span_of(text), &agent, &fault), FF_OK);
    assert_int_equal(ff_agent_read_slowly(agents, ff_span_of(text), &slow, &fault),
                     FF_OK);
    assert_ptr_equal(agent, slow);
    return agent;
}

static int differs(const char *what, struct ff_span got, const char *expected,
                   const char *agent)
{
    if (ff_span_equal(got, ff_span_of(expected)))
        return 0;
    print_error("%s\n  %s is \"%.*s\", not \"%s\"\n", agent, what, (int)got.len,
                got.data, expected);
    return 1;
}

static void reads_what_agents_say(void **state)
{
    int wrong = 0;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct expected *e = &table[i];
        const struct ff_agent *a = read_as(*state, e->agent);
        wrong += differs("browser", a->browser, e->browser, e->agent);
        wrong += differs("system", a->system, e->system, e->agent);
        wrong += differs("device", a->device, e->device, e->agent);
        wrong += differs("name", a->name, e->name, e->agent);
        wrong += differs("operator", a->run_by, e->operator, e->agent);
        wrong += differs("purpose", a->purpose, e->purpose, e->agent);
        assert_int_equal(a->robot, e->robot);
        assert_true(ff_span_starts(a->browser, a->family));
    }
    assert_int_equal(wrong, 0);
}

static void gives_equal_agents_once(void **state)
{
    const struct ff_agent *a = read_as(*state, "Mozilla/5.0 (Windows NT 10.0) " KHTML
                                               "Chrome/126.0.1 Safari/537.36");
    const struct ff_agent *b = read_as(*state, "Mozilla/5.0 (Windows NT 6.1) " KHTML
                                               "Chrome/126.0.2 Safari/537.36");
    const struct ff_agent *c = read_as(*state, "Mozilla/5.0 (Windows NT 6.1) " KHTML
                                               "Chrome/127.0.2 Safari/537.36");
    assert_ptr_equal(a, b);
    assert_ptr_not_equal(b, c);
}

static void undoes_log_escapes(void **state)
{
    assert_ptr_equal(read_as(*state, "\\x22GPTBot/1.0\\x22"),
                     read_as(*state, "\\\"GPTBot/1.0\\\""));
    assert_true(
        ff_span_equal(read_as(*state, "GPT\\x42ot/1.0")->name, FF_SPAN("GPTBot")));
}

static void takes_words_only_where_they_stand_alone(void **state)
{
    assert_int_equal(read_as(*state, "XGPTBotX/1")->robot,
                     FF_ROBOT_AI); /* a robots' list */
    assert_int_equal(read_as(*state, "Precursor/1.0 Firefox/1")->robot, FF_HUMAN);
    assert_int_equal(read_as(*state, "Cursor/1.0 Firefox/1")->robot, FF_ROBOT_AI);
}

static void reads_versions_of_three_digits_only(void **state)
{
    const char *const form = "Mozilla/5.0 (Windows NT 10.0) Gecko/1 Firefox/%s.0";
    char text[100];
    snprintf(text, sizeof text, form, "999");
    assert_true(ff_span_equal(read_as(*state, text)->browser, FF_SPAN("Firefox 999")));
    snprintf(text, sizeof text, form, "20260101");
    assert_true(ff_span_equal(read_as(*state, text)->browser, FF_SPAN("Firefox")));
}

static void looks_at_1024_bytes(void **state)
{
    struct ff_fault fault;
    const struct ff_agent *agent;
    char text[200000];
    memset(text, 'a', sizeof text);
    memcpy(text + 1024, "GPTBot/1.0", 10);
    const struct ff_span all = { text, sizeof text };
    assert_int_equal(ff_agent_read(*state, all, &agent, &fault), FF_OK);
    assert_int_equal(agent->robot, FF_HUMAN);
    memcpy(text + 1014, "GPTBot/1.0", 10);
    text[1013] = ' ';
    assert_int_equal(ff_agent_read(*state, all, &agent, &fault), FF_OK);
    assert_int_equal(agent->robot, FF_ROBOT_AI);
}

/* Strings that make backtracking long, and bytes of every sort. */
static void survives_hostile_strings(void **state)
{
    static const char *const parts[] = {
        "Mozilla ",
        "Android ",
        "Mobile ",
        "; ",
        "iPhone ",
        "Build/",
        "Safari/",
        "bot ",
        "HbbTV/1.1.1 (",
        "CFNetwork ",
        " Darwin/",
        "(((((",
        "\\",
        "\\x",
        "\xff\xfe",
        "A1",
        "Version/1.",
        "Spider ",
        "Linux ",
        "; Android 1-1-1; ",
        "\n",
        "Windows Phone ",
    };
    struct ff_fault fault;
    const struct ff_agent *agent;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        for (size_t j = 0; j < sizeof parts / sizeof *parts; j++) {
            char text[1100];
            size_t n = 0;
            for (size_t k = 0; n + 20 < sizeof text; k++) {
                const char *part = k % 2 ? parts[i] : parts[j];
                memcpy(text + n, part, strlen(part));
                n += strlen(part);
            }
            assert_int_equal(
                ff_agent_read(*state, (struct ff_span) { text, n }, &agent, &fault),
                FF_OK);
        }
    }
    char bytes[256];
    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    assert_int_equal(
        ff_agent_read(*state, (struct ff_span) { bytes, 256 }, &agent, &fault), FF_OK);
}

static void bounds_what_it_interns(void **state)
{
    struct ff_fault fault;
    const struct ff_agent *agent;
    (void)state;
    struct ff_agents *agents;
    assert_int_equal(ff_agents_create(&agents, &fault), FF_OK);
    static const char *const families[] = {
        "Firefox",   "Chromium", "Opera",     "Vivaldi", "SeaMonkey",
        "Waterfox",  "Camino",   "Iceweasel", "Midori",  "Puffin",
        "Konqueror", "Flock",    "Snapchat",
    };
    static const char *const systems[] = { "Windows NT 10.0", "Ubuntu", "Fedora" };
    char text[200];
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        for (size_t s = 0; s < sizeof systems / sizeof *systems; s++) {
            for (int v = 0; v < 1000; v++) {
                snprintf(text, sizeof text, "X (%s) %s/%d.1.0.0", systems[s],
                         families[f], v);
                assert_int_equal(
                    ff_agent_read(agents, ff_span_of(text), &agent, &fault), FF_OK);
            }
        }
    }
    /* Versions have been left out at the bound, families and robots stay. */
    assert_int_equal(ff_agent_read(agents,
                                   FF_SPAN("X (Windows NT 10.0) Thunderbird/77.1.0"),
                                   &agent, &fault),
                     FF_OK);
    assert_true(ff_span_equal(agent->browser, FF_SPAN("Thunderbird")));
    assert_int_equal(ff_agent_read(agents, FF_SPAN("GPTBot/1.0"), &agent, &fault),
                     FF_OK);
    assert_true(ff_span_equal(agent->name, FF_SPAN("GPTBot")));
    ff_agents_destroy(agents);
}

static void bounds_the_memo(void **state)
{
    struct ff_fault fault;
    struct ff_agent_memo *memo;
    const struct ff_agent first = { 0 }, rest = { 0 };
    (void)state;
    assert_int_equal(ff_agent_memo_create(&memo, &fault), FF_OK);
    const struct ff_span kept = FF_SPAN("asked for again and again");
    assert_null(ff_agent_memo_get(memo, kept));
    ff_agent_memo_put(memo, kept, &first);
    char text[1024];
    memset(text, 'a', sizeof text);
    for (int i = 0; i < 20000; i++) {
        const int n = snprintf(text, sizeof text, "%d", i);
        text[n] = 'a';
        const struct ff_span span = { text, i % 2 ? sizeof text : (size_t)n };
        assert_null(ff_agent_memo_get(memo, span));
        ff_agent_memo_put(memo, span, &rest);
        assert_ptr_equal(ff_agent_memo_get(memo, span), &rest);
        assert_ptr_equal(ff_agent_memo_get(memo, kept), &first);
        assert_true(ff_agent_memo_count(memo) <= 2 * FF_AGENT_MEMO_STRINGS);
    }
    assert_null(ff_agent_memo_get(memo, FF_SPAN("0")));
    ff_agent_memo_destroy(memo);
}

/* Which agents share a place nobody outside can know: else ever new strings of a few
 * thousand browsers and versions, all of one place, would each be compared with all. */
static void has_slots_that_nobody_can_foresee(void **state)
{
    struct ff_fault fault;
    struct ff_agents *agents[2];
    size_t n_same = 0;
    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(ff_agents_create(&agents[i], &fault), FF_OK);
    for (uint16_t version = 0; version < 64; version++) {
        const struct facts facts = { .version = version };
        n_same += find_slot(agents[0], &facts) == find_slot(agents[1], &facts);
    }
    assert_true(n_same < 64);
    for (int i = 0; i < 2; i++)
        ff_agents_destroy(agents[i]);
}

static void compiles_every_pattern(void **state)
{
    struct ff_fault fault;
    struct ff_patterns *patterns;
    const struct ff_pattern *found;
    (void)state;
    assert_int_equal(ff_patterns_create(&ff_agents_data, &patterns, &fault), FF_OK);
    ff_patterns_look_slowly(patterns, FF_SPAN("x"));
    for (int section = 0; section < FF_SECTIONS; section++) {
        assert_int_equal(
            ff_patterns_first(patterns, (enum ff_section)section, &found, &fault),
            FF_OK);
        assert_null(found);
    }
    assert_int_equal(ff_patterns_broken(patterns), 0);
    ff_patterns_destroy(patterns);
}

static void has_words_in_order(void **state)
{
    (void)state;
    for (size_t i = FF_WORDS_FIXED + 1; i < ff_agents_data.n_words; i++)
        assert_true(
            ff_span_compare(ff_agents_data.words[i - 1], ff_agents_data.words[i]) < 0);
    assert_true(ff_span_equal(ff_agents_data.words[FF_WORD_OTHER], FF_SPAN("other")));
}

static int open_agents(void **state)
{
    struct ff_fault fault;
    struct ff_agents *agents;
    if (ff_agents_create(&agents, &fault))
        return -1;
    *state = agents;
    return 0;
}

static int close_agents(void **state)
{
    ff_agents_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_agents_say),
        cmocka_unit_test(gives_equal_agents_once),
        cmocka_unit_test(undoes_log_escapes),
        cmocka_unit_test(takes_words_only_where_they_stand_alone),
        cmocka_unit_test(reads_versions_of_three_digits_only),
        cmocka_unit_test(looks_at_1024_bytes),
        cmocka_unit_test(survives_hostile_strings),
        cmocka_unit_test(bounds_what_it_interns),
        cmocka_unit_test(bounds_the_memo),
        cmocka_unit_test(has_slots_that_nobody_can_foresee),
        cmocka_unit_test(compiles_every_pattern),
        cmocka_unit_test(has_words_in_order),
    };
    return cmocka_run_group_tests(tests, open_agents, close_agents);
}
