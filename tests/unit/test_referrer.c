#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "referrer.h"
#include "referrer_table.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct fixture {
    struct ff_referrers *referrers;
    struct ff_arena arena;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    /* clang-format off */
    static const struct ff_span own[] = {
        { "Example.org", 11 },      { "www.shop.example", 16 }, { "intranet", 8 },
        { "192.0.2.80", 10 },       { "mail.google.com", 15 },  { "not a host", 10 },
        { "dev.example.org:8080", 20 },
    };
    /* clang-format on */
    struct ff_fault fault;
    ff_arena_init(&fixture.arena, 4096, 1 << 20);
    *state = &fixture;
    return ff_referrers_create(&fixture.referrers, own, COUNT(own), &fault);
}

static int tear_down(void **state)
{
    struct fixture *fixture = (struct fixture *)*state;
    ff_referrers_destroy(fixture->referrers);
    ff_arena_clear(&fixture->arena);
    return 0;
}

struct want {
    const char *referrer;
    enum ff_channel channel;
    const char *name;
    const char *term;
};

static bool is_text(struct ff_span span, const char *text)
{
    return ff_span_equal(span, ff_span_of(text ? text : ""));
}

static void check(struct fixture *fixture, const struct want *wants, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct ff_origin origin;
        struct ff_fault fault;
        const struct ff_span referrer = ff_span_of(wants[i].referrer);
        assert_int_equal(ff_referrer_read(fixture->referrers, referrer, &fixture->arena,
                                          &origin, &fault),
                         FF_OK);
        if (origin.channel != wants[i].channel ||
            !is_text(origin.name, wants[i].name) ||
            !is_text(origin.term, wants[i].term))
            fail_msg("%s: channel %d, \"%.*s\", \"%.*s\"", wants[i].referrer,
                     (int)origin.channel, (int)origin.name.len, origin.name.data,
                     (int)origin.term.len, origin.term.data);
        assert_int_equal(origin.medium.len + origin.campaign.len, 0);
    }
}

/* clang-format off */
static void nowhere_and_ourselves(void **state)
{
    static const struct want wants[] = {
        { "", FF_DIRECT, "", "" },
        { "-", FF_DIRECT, "", "" },
        { "https://example.org/", FF_INTERNAL, "", "" },
        { "https://www.example.org/a?b#c", FF_INTERNAL, "", "" },
        { "HTTP://EXAMPLE.ORG", FF_INTERNAL, "", "" },
        { "http://example.org:8080/x", FF_INTERNAL, "", "" },
        { "https://user:pw@example.org./", FF_INTERNAL, "", "" },
        { "https://shop.example/", FF_INTERNAL, "", "" },
        { "https://www.shop.example/", FF_INTERNAL, "", "" },
        { "https://dev.example.org/", FF_INTERNAL, "", "" },
        { "http://intranet/wiki", FF_INTERNAL, "", "" },
        { "http://192.0.2.80/", FF_INTERNAL, "", "" },
        { "https://mail.google.com/mail/u/0/", FF_INTERNAL, "", "" },
        { "https://blog.example.org/", FF_SITE, "example.org", "" },
        { "https://notexample.org/", FF_SITE, "notexample.org", "" },
        { "https://example.org.evil.example/", FF_SITE, "evil.example", "" },
        { "https://example.org@evil.example/", FF_SITE, "evil.example", "" },
    };
    check((struct fixture *)*state, wants, COUNT(wants));
}

static void assistants_first(void **state)
{
    static const struct want wants[] = {
        { "https://chatgpt.com/", FF_AI_ASSISTANT, "ChatGPT", "" },
        { "https://chat.openai.com/c/1", FF_AI_ASSISTANT, "ChatGPT", "" },
        { "https://www.perplexity.ai/search?q=shoes", FF_AI_ASSISTANT,
          "Perplexity", "" },
        { "https://perplexity.ai/", FF_AI_ASSISTANT, "Perplexity", "" },
        { "https://claude.ai/", FF_AI_ASSISTANT, "Claude", "" },
        { "https://gemini.google.com/app", FF_AI_ASSISTANT, "Gemini", "" },
        { "https://copilot.microsoft.com/", FF_AI_ASSISTANT, "Copilot", "" },
        { "https://www.bing.com/chat?q=a", FF_AI_ASSISTANT, "Copilot", "" },
        { "https://chat.deepseek.com/", FF_AI_ASSISTANT, "DeepSeek", "" },
        { "https://grok.com/", FF_AI_ASSISTANT, "Grok", "" },
        { "https://x.com/i/grok", FF_AI_ASSISTANT, "Grok", "" },
        { "https://x.com/i/grok?conversation=1", FF_AI_ASSISTANT, "Grok", "" },
        { "https://x.com/i/grok/share/1", FF_AI_ASSISTANT, "Grok", "" },
        { "https://x.com/i/grokking", FF_SOCIAL_NETWORK, "X (Twitter)", "" },
        { "https://x.com/", FF_SOCIAL_NETWORK, "X (Twitter)", "" },
        { "https://www.meta.ai/", FF_AI_ASSISTANT, "Meta AI", "" },
        { "https://chat.mistral.ai/chat", FF_AI_ASSISTANT, "Le Chat", "" },
        { "https://duck.ai/", FF_AI_ASSISTANT, "Duck.ai", "" },
        { "https://poe.com/", FF_AI_ASSISTANT, "Poe", "" },
        { "https://you.com/search?q=shoes", FF_AI_ASSISTANT, "You", "" },
        { "https://yiyan.baidu.com/", FF_AI_ASSISTANT, "Baidu AI", "" },
        { "https://notebooklm.google.com/", FF_AI_ASSISTANT, "NotebookLM", "" },
        { "android-app://com.openai.chatgpt/", FF_AI_ASSISTANT, "ChatGPT", "" },
        { "https://mistral.ai/", FF_SITE, "mistral.ai", "" },
    };
    check((struct fixture *)*state, wants, COUNT(wants));
}

static void search_engines_and_their_terms(void **state)
{
    static const struct want wants[] = {
        { "https://www.google.com/", FF_SEARCH_ENGINE, "Google", "" },
        { "https://www.google.com", FF_SEARCH_ENGINE, "Google", "" },
        { "https://www.google.de/", FF_SEARCH_ENGINE, "Google", "" },
        { "https://google.co.uk/search?q=web+log", FF_SEARCH_ENGINE,
          "Google", "web+log" },
        { "https://www.google.com.au/url?sa=t&q=a%20b&x=1#q=no", FF_SEARCH_ENGINE,
          "Google",
          "a%20b" },
        { "https://www.google.cat/", FF_SEARCH_ENGINE, "Google", "" },
        { "http://www.google.com/search?q=&q=late", FF_SEARCH_ENGINE,
          "Google", "late" },
        { "http://www.google.com/search?hq=no", FF_SEARCH_ENGINE, "Google", "" },
        { "http://www.google.com/search?q", FF_SEARCH_ENGINE, "Google", "" },
        { "http://www.google.com?q=x", FF_SEARCH_ENGINE, "Google", "x" },
        { "https://images.google.fr/imgres?q=cat", FF_SEARCH_ENGINE,
          "Google Images", "cat" },
        { "https://news.google.com/", FF_SEARCH_ENGINE, "Google News", "" },
        { "https://www.google.it/maps/place", FF_SEARCH_ENGINE, "Google Maps", "" },
        { "https://cse.google.com.tr/cse?query=a", FF_SEARCH_ENGINE,
          "Google Custom Search",
          "a" },
        { "https://sites.google.com/view/x", FF_SITE, "google.com", "" },
        { "https://www.google.evil.example/", FF_SITE, "evil.example", "" },
        { "https://google.com.evil.example/", FF_SITE, "evil.example", "" },
        { "https://www.bing.com/search?q=a&form=QBLH", FF_SEARCH_ENGINE, "Bing", "a" },
        { "https://cn.bing.com/search?Q=b", FF_SEARCH_ENGINE, "Bing", "b" },
        { "https://www.bing.com/images/search?q=c", FF_SEARCH_ENGINE,
          "Bing Images", "c" },
        { "https://duckduckgo.com/", FF_SEARCH_ENGINE, "DuckDuckGo", "" },
        { "https://html.duckduckgo.com/html?q=d", FF_SEARCH_ENGINE, "DuckDuckGo", "d" },
        { "https://de.search.yahoo.com/search?p=e", FF_SEARCH_ENGINE, "Yahoo!", "e" },
        { "https://www.ecosia.org/search?q=f", FF_SEARCH_ENGINE, "Ecosia", "f" },
        { "https://yandex.ru/search/?text=%D1%8F", FF_SEARCH_ENGINE,
          "Yandex", "%D1%8F" },
        { "https://yandex.com.tr/search?text=g", FF_SEARCH_ENGINE, "Yandex", "g" },
        { "https://www.baidu.com/s?ie=utf-8&wd=h", FF_SEARCH_ENGINE, "Baidu", "h" },
        { "https://www.startpage.com/do/search?query=i", FF_SEARCH_ENGINE,
          "Startpage", "i" },
        { "https://search.brave.com/search?q=j", FF_SEARCH_ENGINE, "Brave", "j" },
        { "https://www.qwant.com/?q=k", FF_SEARCH_ENGINE, "Qwant", "k" },
        { "https://kagi.com/search?q=l", FF_SEARCH_ENGINE, "Kagi", "l" },
        { "https://suche.t-online.de/fast-cgi/tsc?q=m", FF_SEARCH_ENGINE,
          "T-Online", "m" },
        { "https://suche.web.de/web?q=n&su=o", FF_SEARCH_ENGINE, "WEB.DE Search", "o" },
        { "https://search.naver.com/search.naver?query=p", FF_SEARCH_ENGINE,
          "Naver", "p" },
        { "https://apollo.lv/portal/search/?q=q", FF_SEARCH_ENGINE, "Apollo lv", "q" },
        { "https://apollo.lv/portal/", FF_SITE, "apollo.lv", "" },
        { "https://www.cnn.com/", FF_SITE, "cnn.com", "" },
        { "https://www.cnn.com/search?query=r", FF_SEARCH_ENGINE, "Google", "r" },
        { "android-app://com.google.android.googlequicksearchbox/", FF_SEARCH_ENGINE,
          "Google", "" },
        { "android-app://com.google.android.googlequicksearchbox/https/www.google.com",
          FF_SEARCH_ENGINE, "Google", "" },
    };
    check((struct fixture *)*state, wants, COUNT(wants));
}

static void social_networks_and_mail(void **state)
{
    static const struct want wants[] = {
        { "https://www.facebook.com/", FF_SOCIAL_NETWORK, "Facebook", "" },
        { "https://lm.facebook.com/l.php?u=x", FF_SOCIAL_NETWORK, "Facebook", "" },
        { "https://l.instagram.com/?u=x", FF_SOCIAL_NETWORK, "Instagram", "" },
        { "https://t.co/abc", FF_SOCIAL_NETWORK, "X (Twitter)", "" },
        { "https://twitter.com/", FF_SOCIAL_NETWORK, "X (Twitter)", "" },
        { "https://www.linkedin.com/feed/", FF_SOCIAL_NETWORK, "LinkedIn", "" },
        { "android-app://com.linkedin.android/", FF_SOCIAL_NETWORK, "LinkedIn", "" },
        { "https://old.reddit.com/r/x", FF_SOCIAL_NETWORK, "Reddit", "" },
        { "https://news.ycombinator.com/item?id=1", FF_SOCIAL_NETWORK,
          "Hacker News", "" },
        { "https://m.youtube.com/watch?v=x", FF_SOCIAL_NETWORK, "YouTube", "" },
        { "https://www.pinterest.co.uk/", FF_SOCIAL_NETWORK, "Pinterest", "" },
        { "https://bsky.app/", FF_SOCIAL_NETWORK, "Bluesky", "" },
        { "https://hachyderm.io/@someone", FF_SOCIAL_NETWORK, "Mastodon", "" },
        { "https://someone.tumblr.com/", FF_SOCIAL_NETWORK, "Tumblr", "" },
        { "https://some_one.livejournal.com/1", FF_SOCIAL_NETWORK, "LiveJournal", "" },
        { "https://web.telegram.org/", FF_SOCIAL_NETWORK, "Telegram", "" },
        { "android-app://org.telegram.messenger/", FF_SOCIAL_NETWORK, "Telegram", "" },
        { "android-app://com.slack", FF_SOCIAL_NETWORK, "Slack", "" },
        { "android-app://com.Slack/", FF_SOCIAL_NETWORK, "Slack", "" },
        { "ios-app://284882215/", FF_SOCIAL_NETWORK, "Facebook", "" },
        { "https://github.com/a/b", FF_SOCIAL_NETWORK, "GitHub", "" },
        { "https://alice.github.io/", FF_SITE, "github.io", "" },
        { "https://outlook.live.com/mail/0/", FF_EMAIL, "Outlook", "" },
        { "https://outlook.office.com/", FF_EMAIL, "Outlook", "" },
        { "https://eur01.safelinks.protection.outlook.com/?url=x", FF_EMAIL,
          "Outlook", "" },
        { "https://inbox.google.com/", FF_EMAIL, "Gmail", "" },
        { "android-app://com.google.android.gm/", FF_EMAIL, "Gmail", "" },
        { "https://mail.yahoo.com/d/folders/1", FF_EMAIL, "Yahoo! Mail", "" },
        { "https://mail.proton.me/u/0/inbox", FF_EMAIL, "Proton Mail", "" },
        { "https://www.gmx.net/", FF_EMAIL, "GMX", "" },
        { "https://3c.web.de/", FF_EMAIL, "WEB.DE", "" },
        { "https://email.t-online.de/em", FF_EMAIL, "T-Online Mail", "" },
        { "https://e.mail.ru/inbox/", FF_EMAIL, "Mail.ru", "" },
        { "https://go.mail.ru/search?q=a", FF_SEARCH_ENGINE, "Mail.ru Search", "a" },
        { "https://my.mail.ru/", FF_SOCIAL_NETWORK, "My World@Mail.Ru", "" },
        { "https://app.fastmail.com/", FF_EMAIL, "Fastmail", "" },
        { "https://mail.zoho.eu/zm/", FF_EMAIL, "Zoho Mail", "" },
        { "https://www.icloud.com/mail/", FF_EMAIL, "iCloud Mail", "" },
        { "https://mail.yandex.ru/", FF_EMAIL, "Yandex Mail", "" },
    };
    check((struct fixture *)*state, wants, COUNT(wants));
}

static void other_sites(void **state)
{
    static const struct want wants[] = {
        { "https://blog.example.com/a/b?c=d", FF_SITE, "example.com", "" },
        { "http://a.b.c.example.co.uk/", FF_SITE, "example.co.uk", "" },
        { "https://WWW.Example.COM/", FF_SITE, "example.com", "" },
        { "//cdn.example.net/x", FF_SITE, "example.net", "" },
        { "https://example.com:8443/", FF_SITE, "example.com", "" },
        { "https://example.com:/", FF_SITE, "example.com", "" },
        { "https://a:b@c@example.com/", FF_SITE, "example.com", "" },
        { "https://example.com?x=/y", FF_SITE, "example.com", "" },
        { "https://example.com#x", FF_SITE, "example.com", "" },
        { "https://shop.city.kawasaki.jp/", FF_SITE, "city.kawasaki.jp", "" },
        { "https://x.y.other.kawasaki.jp/", FF_SITE, "y.other.kawasaki.jp", "" },
        { "https://alice.blogspot.com/", FF_SITE, "blogspot.com", "" },
        { "https://x.s3.eu-west-1.amazonaws.com/", FF_SITE, "amazonaws.com", "" },
        { "https://www.xn--bcher-kva.example/", FF_SITE, "xn--bcher-kva.example", "" },
        { "https://www.gov.uk/browse", FF_SITE, "gov.uk", "" },
        { "https://gov.uk/", FF_SITE, "gov.uk", "" },
        { "https://www.com/", FF_SITE, "www.com", "" },
        { "https://www.ck/", FF_SITE, "www.ck", "" },
        { "https://under_score.example.com/", FF_SITE, "example.com", "" },
        { "https://a.b.unknowntld/", FF_SITE, "b.unknowntld", "" },
        { "https://1.2.3.4.5.6.7.8.9.10.11.12.example.com/", FF_SITE,
          "example.com", "" },
        { "http://some-hidden-service.onion/", FF_SITE,
          "some-hidden-service.onion", "" },
    };
    check((struct fixture *)*state, wants, COUNT(wants));
}

static void what_has_no_domain(void **state)
{
    static const struct want wants[] = {
        { "http://192.0.2.1/", FF_SITE, "(ip)", "" },
        { "http://192.0.2.1:8080/a", FF_SITE, "(ip)", "" },
        { "http://[2001:db8::1]/", FF_SITE, "(ip)", "" },
        { "http://[2001:db8::1]:80/", FF_SITE, "(ip)", "" },
        { "http://0x7f.1/", FF_SITE, "(ip)", "" },
        { "http://2130706433/", FF_SITE, "(ip)", "" },
        { "http://284882215/", FF_SITE, "(ip)", "" },
        { "http://localhost:3000/", FF_SITE, "(private)", "" },
        { "http://wiki/page", FF_SITE, "(private)", "" },
        { "http://printer.local/", FF_SITE, "(private)", "" },
        { "http://a.internal/", FF_SITE, "(private)", "" },
        { "http://mail.firm.corp/", FF_SITE, "(private)", "" },
        { "http://nas.lan/", FF_SITE, "(private)", "" },
        { "http://router.home.arpa/", FF_SITE, "(private)", "" },
        { "http://app.localhost/", FF_SITE, "(private)", "" },
        { "http://ci.test/", FF_SITE, "(private)", "" },
        { "http://1.2.0.192.in-addr.arpa/", FF_SITE, "(private)", "" },
        { "http://local.example/", FF_SITE, "local.example", "" },
        { "android-app://com.example.unknown/", FF_SITE, "(app)", "" },
        { "android-app://", FF_SITE, "(app)", "" },
        { "ios-app://123456789/", FF_SITE, "(app)", "" },
        { "about:blank", FF_SITE, "(invalid)", "" },
        { "file:///C:/x.html", FF_SITE, "(invalid)", "" },
        { "javascript:void(0)", FF_SITE, "(invalid)", "" },
        { "ftp://ftp.example.com/", FF_SITE, "(invalid)", "" },
        { "example.com", FF_SITE, "(invalid)", "" },
        { "/relative", FF_SITE, "(invalid)", "" },
        { "https://", FF_SITE, "(invalid)", "" },
        { "https:///path", FF_SITE, "(invalid)", "" },
        { "https://./", FF_SITE, "(invalid)", "" },
        { "https://a..example.com/", FF_SITE, "(invalid)", "" },
        { "https://.example.com/", FF_SITE, "(invalid)", "" },
        { "https://exa mple.com/", FF_SITE, "(invalid)", "" },
        { "https://ex%61mple.com/", FF_SITE, "(invalid)", "" },
        { "https://b\xc3\xbc" "cher.example/", FF_SITE, "(invalid)", "" },
        { "https://b\\xC3\\xBCcher.example/", FF_SITE, "(invalid)", "" },
        { "https://under_score.com/", FF_SITE, "(invalid)", "" },
        { "https://a.-example.com/", FF_SITE, "(invalid)", "" },
        { "https://a.example-.com/", FF_SITE, "(invalid)", "" },
        { "https://example.com:80x/", FF_SITE, "(invalid)", "" },
        { "https://[::1/", FF_SITE, "(invalid)", "" },
        { "https://[example.com]/", FF_SITE, "(invalid)", "" },
        { "https://example.com\\\"onload=\\\"x", FF_SITE, "(invalid)", "" },
        { "--", FF_SITE, "(invalid)", "" },
        { " ", FF_SITE, "(invalid)", "" },
    };
    check((struct fixture *)*state, wants, COUNT(wants));
}
/* clang-format on */

static void long_ones_are_bounded(void **state)
{
    struct fixture *fixture = (struct fixture *)*state;
    static const struct {
        size_t label, host;
        const char *name;
    } cases[] = {
        { 50, 253, "com" },       { 50, 254, "(invalid)" },    { 63, 200, "com" },
        { 64, 200, "(invalid)" }, { 50, 100000, "(invalid)" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = (char *)malloc(cases[i].host + 8);
        assert_non_null(text);
        memcpy(text, "https://", 8);
        memset(text + 8, 'a', cases[i].host);
        for (size_t at = cases[i].label; at < cases[i].host; at += cases[i].label + 1)
            text[8 + at] = '.';
        memcpy(text + 8 + cases[i].host - 6, "bb.com", 6);
        text[8 + cases[i].host - 7] = '.';
        struct ff_origin origin;
        struct ff_fault fault;
        assert_int_equal(ff_referrer_read(fixture->referrers,
                                          (struct ff_span) { text, cases[i].host + 8 },
                                          &fixture->arena, &origin, &fault),
                         FF_OK);
        assert_int_equal(origin.channel, FF_SITE);
        assert_true(
            is_text(origin.name, cases[i].name[0] == 'c' ? "bb.com" : "(invalid)"));
        free(text);
    }
}

static void a_long_term_is_left_out(void **state)
{
    struct fixture *fixture = (struct fixture *)*state;
    char text[3000] = "https://www.google.com/search?q=";
    const size_t before = strlen(text);
    memset(text + before, 'a', sizeof text - before);
    struct ff_origin origin;
    struct ff_fault fault;
    struct ff_span referrer = { text, before + 1024 };
    assert_int_equal(ff_referrer_read(fixture->referrers, referrer, &fixture->arena,
                                      &origin, &fault),
                     FF_OK);
    assert_int_equal(origin.term.len, 1024);
    referrer.len++;
    assert_int_equal(ff_referrer_read(fixture->referrers, referrer, &fixture->arena,
                                      &origin, &fault),
                     FF_OK);
    assert_int_equal(origin.term.len, 0);
    assert_true(is_text(origin.name, "Google"));
}

static void a_full_arena_is_told(void **state)
{
    struct fixture *fixture = (struct fixture *)*state;
    struct ff_arena arena;
    ff_arena_init(&arena, 8, 8);
    struct ff_origin origin;
    struct ff_fault fault;
    assert_int_equal(ff_referrer_read(fixture->referrers,
                                      FF_SPAN("https://long.example.com/"), &arena,
                                      &origin, &fault),
                     FF_ERR_NOMEM);
    assert_int_equal(ff_referrer_read(fixture->referrers,
                                      FF_SPAN("https://google.com/?q=123456789"),
                                      &arena, &origin, &fault),
                     FF_ERR_NOMEM);
    assert_int_equal(ff_referrer_read(fixture->referrers,
                                      FF_SPAN("https://google.com/"), &arena, &origin,
                                      &fault),
                     FF_OK);
    ff_arena_clear(&arena);
}

static void hosts_of_urls(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "https://www.Example.com:8080/a", "www.example.com" },
        { "http://u@example.com.", "example.com" },
        { "http://[2001:DB8::1]:80/", "[2001:db8::1]" },
        { "http://localhost/", "localhost" },
        { "android-app://com.example/", "" },
        { "", "" },
        { "-", "" },
        { "example.com", "" },
        { "http://a b/", "" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char host[254] = "?";
        const size_t len = ff_referrer_host(ff_span_of(cases[i][0]), host);
        assert_true(is_text((struct ff_span) { host, len }, cases[i][1]));
    }
}

static void campaign_sources(void **state)
{
    const struct fixture *fixture = (const struct fixture *)*state;
    static const struct {
        const char *source;
        enum ff_channel channel;
        const char *name; /* NULL: no known product */
    } cases[] = {
        { "chatgpt.com", FF_AI_ASSISTANT, "ChatGPT" },
        { "ChatGPT", FF_AI_ASSISTANT, "ChatGPT" },
        { "openai", FF_AI_ASSISTANT, "ChatGPT" },
        { "perplexity", FF_AI_ASSISTANT, "Perplexity" },
        { "www.perplexity.ai", FF_AI_ASSISTANT, "Perplexity" },
        { "copilot.microsoft.com", FF_AI_ASSISTANT, "Copilot" },
        { "gemini", FF_AI_ASSISTANT, "Gemini" },
        { "meta.ai", FF_AI_ASSISTANT, "Meta AI" },
        { "google", FF_SEARCH_ENGINE, "Google" },
        { "GOOGLE", FF_SEARCH_ENGINE, "Google" },
        { "google.co.uk", FF_SEARCH_ENGINE, "Google" },
        { "bing", FF_SEARCH_ENGINE, "Bing" },
        { "yahoo", FF_SEARCH_ENGINE, "Yahoo!" },
        { "facebook", FF_SOCIAL_NETWORK, "Facebook" },
        { "facebook.com", FF_SOCIAL_NETWORK, "Facebook" },
        { "www.facebook.com", FF_SOCIAL_NETWORK, "Facebook" },
        { "twitter", FF_SOCIAL_NETWORK, "X (Twitter)" },
        { "linkedin", FF_SOCIAL_NETWORK, "LinkedIn" },
        { "gmail", FF_EMAIL, "Gmail" },
        { "newsletter", FF_DIRECT, NULL },
        { "email", FF_DIRECT, NULL },
        { "inbox", FF_DIRECT, NULL },
        { "you", FF_DIRECT, NULL },
        { "free", FF_DIRECT, NULL },
        { "example.com", FF_DIRECT, NULL },
        { "com", FF_DIRECT, NULL },
        { "google.*", FF_DIRECT, NULL },
        { "284882215", FF_DIRECT, NULL },
        { "=google", FF_DIRECT, NULL },
        { "", FF_DIRECT, NULL },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum ff_channel channel = FF_DIRECT;
        struct ff_span name = { "", 0 };
        const bool known = ff_referrer_product(
            fixture->referrers, ff_span_of(cases[i].source), &channel, &name);
        if (known != (cases[i].name != NULL) || channel != cases[i].channel ||
            !is_text(name, cases[i].name))
            fail_msg("%s: %d %.*s", cases[i].source, (int)channel, (int)name.len,
                     name.data);
    }
}

/* Each row of the table is found by its own host, path and parameter. */
static void every_rule_can_be_reached(void **state)
{
    (void)state;
    size_t n = 0;
    for (uint32_t slot = 0; slot <= ff_referrer_host_slots_mask; slot++) {
        if (!ff_referrer_host_slots[slot])
            continue;
        const struct ff_referrer_rule *rule =
            &ff_referrer_rules[ff_referrer_host_slots[slot] - 1];
        for (;; rule++, n++) {
            char host[256], rest[256];
            const int stem = (int)strcspn(rule->host, "*");
            snprintf(host, sizeof host, "%.*s%s", stem, rule->host,
                     rule->host[stem] ? "co.uk" : "");
            snprintf(rest, sizeof rest, "%s?%.*s=x", rule->path,
                     (int)strcspn(rule->parameters, ","), rule->parameters);
            const struct ff_referrer_rule *found =
                ff_referrer_rule_find(ff_span_of(host), ff_span_of(rest));
            /* A host's rule for all paths yields to its rule for a parameter. */
            assert_non_null(found);
            if (found != rule && !found->needs_parameter)
                fail_msg("%s%s", host, rest);
            if (!rule->has_next)
                break;
        }
        n++;
    }
    assert_true(n > 1000);
}

static void without_own_hosts(void **state)
{
    (void)state;
    struct ff_referrers *referrers;
    struct ff_fault fault;
    assert_int_equal(ff_referrers_create(&referrers, NULL, 0, &fault), FF_OK);
    struct ff_arena arena;
    ff_arena_init(&arena, 4096, 4096);
    struct ff_origin origin;
    assert_int_equal(ff_referrer_read(referrers, FF_SPAN("https://example.org/"),
                                      &arena, &origin, &fault),
                     FF_OK);
    assert_int_equal(origin.channel, FF_SITE);
    ff_arena_clear(&arena);
    ff_referrers_destroy(referrers);
    ff_referrers_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nowhere_and_ourselves),
        cmocka_unit_test(assistants_first),
        cmocka_unit_test(search_engines_and_their_terms),
        cmocka_unit_test(social_networks_and_mail),
        cmocka_unit_test(other_sites),
        cmocka_unit_test(what_has_no_domain),
        cmocka_unit_test(long_ones_are_bounded),
        cmocka_unit_test(a_long_term_is_left_out),
        cmocka_unit_test(a_full_arena_is_told),
        cmocka_unit_test(hosts_of_urls),
        cmocka_unit_test(campaign_sources),
        cmocka_unit_test(every_rule_can_be_reached),
        cmocka_unit_test(without_own_hosts),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
