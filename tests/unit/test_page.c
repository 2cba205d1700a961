/* Page keys, kinds, site searches, campaigns; the lists' order. Expected values are
 * from DESIGN.md 1, RFC 3986 and privacy.md 3.11 and 3.12. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "page.h"
#include "rules.h"

struct fixture {
    struct ff_pages *pages;
    struct ff_arena arena;
    struct ff_fault fault;
    struct ff_page page;
};

static int set_up(void **state)
{
    static struct fixture fixture; /* cmocka hands it to each test */
    ff_arena_init(&fixture.arena, 4096, 1 << 20);
    *state = &fixture;
    return ff_pages_create(&fixture.pages, &fixture.fault) == FF_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    ff_arena_clear(&f->arena);
    ff_pages_destroy(f->pages);
    return 0;
}

static const struct ff_page *read_target(struct fixture *f, struct ff_span target)
{
    ff_arena_reset(&f->arena);
    assert_int_equal(ff_page_read(f->pages, target, &f->arena, &f->page, &f->fault),
                     FF_OK);
    return &f->page;
}

static void expect_key(struct fixture *f, const char *target, const char *key)
{
    const struct ff_span got = read_target(f, ff_span_of(target))->key;
    if (!ff_span_equal(got, ff_span_of(key)))
        fail_msg("\"%s\" gave \"%.*s\", not \"%s\"", target, (int)got.len, got.data,
                 key);
    char again[256];
    memcpy(again, got.data, got.len);
    const struct ff_span twice =
        read_target(f, (struct ff_span) { again, got.len })->key;
    if (!ff_span_equal(twice, ff_span_of(key)))
        fail_msg("again \"%s\" gave \"%.*s\"", key, (int)twice.len, twice.data);
}

struct key_case {
    const char *target, *key;
};

/* clang-format off */
static const struct key_case keys[] = {
    /* ordinary paths stay */
    { "/", "/" }, { "/about", "/about" }, { "/About/", "/About/" },
    { "/blog/2024/03/15/how-to-write-c17", "/blog/2024/03/15/how-to-write-c17" },
    { "/products/1234", "/products/1234" }, { "/docs/v2.1/install.html", "/docs/v2.1/install.html" },
    { "/wp-content/uploads/2024/05/brochure-2024.pdf", "/wp-content/uploads/2024/05/brochure-2024.pdf" },
    { "/cart/checkout", "/cart/checkout" }, { "/a...b/...", "/a...b/..." },
    { "/x!$&'()*+,=:@y", "/x!$&'()*+,=:@y" },
    /* query, fragment, parameters */
    { "/a?b=c", "/a" }, { "/a#b?c", "/a" }, { "/a/?", "/a/" },
    { "/a;jsessionid=1A2B/b;x;y/c", "/a/b/c" }, { "/a/;x", "/a/" }, { "/a%3Bb", "/a%3Bb" },
    /* slashes and dots */
    { "//a///b//", "/a/b/" }, { "/a/./b", "/a/b" }, { "/a/../b", "/b" }, { "/a/b/..", "/a/" },
    { "/a/b/.", "/a/b/" }, { "/../../a", "/a" }, { "/..", "/" }, { "/a/%2e%2E/b", "/b" },
    { "/a/..;x/b", "/b" }, { "/a/%2e", "/a/" }, { "/.a/..b", "/.a/..b" },
    /* percent-encoding: RFC 3986 6.2.2 */
    { "/%7Euser%2dx", "/{id}" }, { "/%41%62%2D%5f%2E%39", "/Ab-_.9" },
    { "/a%2fb%c3%a9", "/a%2Fb%C3%A9" }, { "/caf\xC3\xA9", "/caf%C3%A9" },
    { "/a b", "/a%20b" }, { "/a%20b", "/a%20b" }, { "/100%", "/100%25" }, { "/%zz", "/%25zz" },
    { "/%21!", "/%21!" }, { "/a|b^c`d<e>\"f", "/a%7Cb%5Ec%60d%3Ce%3E%22f" }, { "/[x]", "/%5Bx%5D" },
    { "/{x}", "/%7Bx%7D" }, { "/{email}", "/{email}" }, { "/{email", "/%7Bemail" },
    { "/%7Bemail%7D", "/%7Bemail%7D" },
    /* log escapes */
    { "/caf\\xC3\\xA9", "/caf%C3%A9" }, { "/a\\\"b", "/a%22b" }, { "/a\\\\b", "/a%5Cb" },
    /* absolute form, and what is no path */
    { "http://example.com/a", "/a" }, { "https://me:pw@example.com:8443/a?b", "/a" },
    { "HTTP://example.com", "/" }, { "http://example.com?q", "/" }, { "http://h/http://i/", "/http:/i/" },
    { "*", "(invalid)" }, { "", "(invalid)" }, { "example.com:443", "(invalid)" }, { "a/b", "(invalid)" },
    { "?a=b://c/d", "(invalid)" }, { "-", "(invalid)" }, { "//evil.com/x", "/evil.com/x" },
    /* not to be shown */
    { "/a%00", "(invalid)" }, { "/a\\x00b", "(invalid)" }, { "/a%0d%0aSet", "(invalid)" }, { "/a\x7F", "(invalid)" },
    { "/%c3", "(invalid)" }, { "/caf%E9", "(invalid)" }, { "/%C0%AF", "(invalid)" }, { "/%ED%A0%80", "(invalid)" },
    { "/%C2%85", "(invalid)" }, { "/%E2%80%AEtxt", "(invalid)" }, { "/a\\xE2\\x81\\xA6", "(invalid)" },
    { "/a%250a", "(invalid)" }, { "/a;x=%00/b", "(invalid)" },
    /* depth and length */
    { "/1/2/3/4/5/6/7/8", "/1/2/3/4/5/6/7/8" }, { "/1/2/3/4/5/6/7/8/", "/1/2/3/4/5/6/7/8/" },
    { "/1/2/3/4/5/6/7/8/9", "/1/2/3/4/5/6/7/8/..." }, { "/1/2/3/4/5/6/7/8/9/10/11/", "/1/2/3/4/5/6/7/8/..." },
    { "/1/2/3/4/5/6/7/8/9/10/../..", "/1/2/3/4/5/6/7/8/" },
    { "/1/2/3/4/5/6/7/8/9/10/../../../b", "/1/2/3/4/5/6/7/b" },
    { "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/b", /* 64 */
      "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/b" },
    { "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/b", "/{long}/b" },
    { "/\xD0\xB0\xD0\xB1\xD0\xB2\xD0\xB3\xD0\xB4\xD0\xB0\xD0\xB1\xD0\xB2\xD0\xB3\xD0\xB4\xD0\xB0\xD0\xB1\xD0\xB2"
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/b", /* 64 characters, 77 bytes */
      "/%D0%B0%D0%B1%D0%B2%D0%B3%D0%B4%D0%B0%D0%B1%D0%B2%D0%B3%D0%B4%D0%B0%D0%B1%D0%B2"
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/b" },
    { "/\xD0\xB0\xD0\xB1\xD0\xB2\xD0\xB3\xD0\xB4\xD0\xB0\xD0\xB1\xD0\xB2\xD0\xB3\xD0\xB4\xD0\xB0\xD0\xB1\xD0\xB2"
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/b", "/{long}/b" }, /* 65 */
    /* titles: 160 and 161 characters; a run of 24 and 25; three quarters of words, and less */
    { "/ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words"
      "-ten-words-ten-words-ten-words-ten-words-ten-wordss",
      "/ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words"
      "-ten-words-ten-words-ten-words-ten-words-ten-wordss" },
    { "/ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words-ten-words"
      "-ten-words-ten-words-ten-words-ten-words-ten-words-a", "/{long}" },
    { "/a-title-and-another-title-and-some-more-of-it-aaaaaaaaaaaaaaaaaaaaaaaa",
      "/a-title-and-another-title-and-some-more-of-it-aaaaaaaaaaaaaaaaaaaaaaaa" },
    { "/a-title-and-another-title-and-some-more-of-it-aaaaaaaaaaaaaaaaaaaaaaaaa", "/{long}" },
    { "/aaaa+aaa1+aaaa_aaaa+aaaa+aaa1+aaaa-aaaa+aaaa+aaa1+aaaa+aaaa+aaaa+aaaa",
      "/aaaa+aaa1+aaaa_aaaa+aaaa+aaa1+aaaa-aaaa+aaaa+aaa1+aaaa+aaaa+aaaa+aaaa" },
    { "/aaaa+aaa1+aaaa_aaaa+aaaa+aaa1+aaaa-aaaa+aaa2+aaa1+aaaa+aaaa+aaaa+aaaa", "/{long}" },
    { "/b1,b103,b105,b109,b111,b113,b135,b144,b148,b176,b186,b200,b221,b261", "/{long}" },
    /* persons, and what spans a slash */
    { "/user/alice/posts", "/user/{id}/posts" }, { "/us%65rs/alice", "/users/{id}" },
    { "/us%2565r/alice", "/us%2565r/{id}" }, { "/user/user/x", "/user/{id}/{id}" },
    { "/order/A17/track", "/order/{id}/track" }, { "/order/new", "/order/new" },
    { "/user/...", "/user/..." }, { "/user/", "/user/" }, { "/~alice/x.html", "/{id}/x.html" }, { "/%7Ealice", "/{id}" },
    { "/map/38.8895/-77.0352/", "/map/{geo}/{geo}/" }, { "/map/@38.8895,-77.0352", "/map/{id}" },
    { "/map/38.8895%2F-77.0352", "/map/{geo}" }, { "/v/1.25/2.5", "/v/1.25/2.5" },
    /* a find changes what is left of it */
    { "/a-1234567-b", "/a-{num}-b" }, { "/%61%20-1234567-%3B", "/a%20-{num}-%3B" },
    { "/x%252Fy-1234567", "/x%2Fy-{num}" },
    { "/%2525252525252541", "(invalid)" }, /* encoded time and again */
};

/* What must be seen raw, encoded, and encoded twice. */
static const struct key_case personal[] = {
    { "john.doe@example.com", "{email}" }, { "JANE+x@EXAMPLE.ORG", "{email}" },
    { "eyJhbGciOiJI.eyJzdWIiOiIx.dozjgNryP4J3", "{token}" }, { "eyJhbGciOiJI.eyJzdWIiOiIx", "{token}" },
    { "AKIAIOSFODNN7EXAMPLE", "{token}" }, { "xoxb-abcdefghijkl", "{token}" },
    { "123e4567-e89b-12d3-a456-426614174000", "{uuid}" }, { "123E4567E89B12D3A456426614174000", "{uuid}" },
    { "00:1a:2b:3c:4d:5e", "{mac}" }, { "AA-BB-CC-DD-EE-FF", "{mac}" },
    { "0123456789abcdef", "{hex}" }, { "DEADBEEF01DEADBEEF", "{hex}" },
    { "DE89370400440532013000", "{iban}" }, { "gb82-west-1234-5698-7654-32", "{iban}" },
    { "4111111111111111", "{card}" }, { "4111-1111-1111-1111", "{card}" },
    { "192.168.0.1", "{ip}" }, { "2001:db8::1", "{ip}" }, { "fe80::1", "{ip}" },
    { "+491701234567", "{phone}" }, { "0049-170-1234567", "{phone}" },
    { "078-05-1120", "{id}" }, { "AB123456C", "{id}" }, { "ab123456d", "{id}" },
    { "38.8895,-77.0352", "{geo}" }, { "48.85837~2.294481", "{geo}" },
    { "1234567", "{num}" }, { "20240315120000", "{num}" },
    { "~alice", "{id}" }, { "@alice", "{id}" },
    { "dGhpc0lzQVRva2Vu1", "{token}" }, { "k3j9x7q2w8z5v1m4", "{token}" },
};
/* clang-format on */

static void page_keys(void **state)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        expect_key(*state, keys[i].target, keys[i].key);
}

static void encode_all(const char *in, char out[static 1024])
{
    size_t n = 0;
    for (size_t i = 0; in[i]; i++)
        n += (size_t)snprintf(out + n, 1024 - n, "%%%02x", (unsigned char)in[i]);
}

static void personal_data_is_seen_through_encodings(void **state)
{
    for (size_t i = 0; i < sizeof personal / sizeof *personal; i++) {
        char once[1024], twice[1024], target[1100], key[128];
        encode_all(personal[i].target, once);
        snprintf(key, sizeof key, "/x/%s/y", personal[i].key);
        const char *const forms[] = { personal[i].target, once, twice };
        size_t n = 0; /* the second time only the percent signs, as browsers would */
        for (size_t j = 0; once[j]; j++)
            n += (size_t)snprintf(twice + n, sizeof twice - n,
                                  once[j] == '%' ? "%%25" : "%c", once[j]);
        for (size_t j = 0; j < 3; j++) {
            snprintf(target, sizeof target, "/x/%s/y?z", forms[j]);
            expect_key(*state, target, key);
        }
    }
}

static void long_keys_are_cut(void **state)
{
    struct fixture *f = *state;
    char target[2048], key[256];
    /* 4 x (1 + 60): cut in the fourth, at 197 bytes */
    size_t n = 0;
    for (int i = 0; i < 4; i++)
        n += (size_t)snprintf(target + n, sizeof target - n, "/%060d", 0);
    for (char *c = target; *c; c++)
        *c = *c == '0' ? 'a' : *c;
    snprintf(key, sizeof key, "%.197s...", target);
    expect_key(f, target, key);
    /* a character is not split */
    n = (size_t)snprintf(target, sizeof target, "/abcde/");
    for (int i = 0; i < 32; i++)
        n += (size_t)snprintf(target + n, sizeof target - n, "\xD0\xB1");
    snprintf(target + n, sizeof target - n, "/x");
    n = (size_t)snprintf(key, sizeof key, "/abcde/");
    for (int i = 0; i < 31; i++)
        n += (size_t)snprintf(key + n, sizeof key - n, "%%D0%%B1");
    snprintf(key + n, sizeof key - n, "...");
    expect_key(f, target, key);
    /* a whole long one fits, and is told by its key alone */
    n = (size_t)snprintf(target, sizeof target, "/");
    for (int i = 0; i < 32; i++)
        n += (size_t)snprintf(target + n, sizeof target - n, "%%d0%%b1");
    assert_int_equal(read_target(f, ff_span_of(target))->key.len, 193);
}

struct kind_case {
    const char *target;
    enum ff_path_kind kind;
};

/* clang-format off */
static const struct kind_case kinds[] = {
    { "/", FF_PATH_PAGE }, { "/about", FF_PATH_PAGE }, { "/a.html", FF_PATH_PAGE }, { "/a.HTM", FF_PATH_PAGE },
    { "/a.php?x=b.pdf", FF_PATH_PAGE }, { "/a.aspx", FF_PATH_PAGE }, { "/a.txt", FF_PATH_PAGE },
    { "/a.md", FF_PATH_PAGE }, { "/a.pdf/", FF_PATH_PAGE }, { "/.css", FF_PATH_PAGE }, { "/v1.2", FF_PATH_PAGE },
    { "/user/x.html", FF_PATH_PAGE }, { "/apis", FF_PATH_PAGE }, { "/_next", FF_PATH_PAGE },
    { "/wp-admin/", FF_PATH_PAGE }, { "/feed/me", FF_PATH_PAGE }, { "/docs/robots.txt", FF_PATH_PAGE },
    { "/caf%E9", FF_PATH_PAGE }, { "/sitemap.html", FF_PATH_PAGE },
    { "/a.css", FF_PATH_ASSET }, { "/a.JS?v=3", FF_PATH_ASSET }, { "/i/a.png", FF_PATH_ASSET },
    { "/f.woff2", FF_PATH_ASSET }, { "/favicon.ico", FF_PATH_ASSET }, { "/v/seg-1.ts", FF_PATH_ASSET },
    { "/v/a.m3u8", FF_PATH_ASSET }, { "/x.webmanifest", FF_PATH_ASSET }, { "/apple-touch-icon-152x152.png", FF_PATH_ASSET },
    { "/_next/static/chunks/a.js", FF_PATH_ASSET }, { "/api/logo.svg", FF_PATH_ASSET }, { "/a.min.css;v=1", FF_PATH_ASSET },
    { "/caf%E9.jpg", FF_PATH_ASSET }, { "/a%2Epng", FF_PATH_PAGE },
    { "/a.pdf", FF_PATH_DOWNLOAD }, { "/a/b.ZIP", FF_PATH_DOWNLOAD }, { "/a.tar.gz", FF_PATH_DOWNLOAD },
    { "/a.mp4", FF_PATH_DOWNLOAD }, { "/user/cv.pdf", FF_PATH_DOWNLOAD }, { "/api/manual.pdf", FF_PATH_DOWNLOAD },
    { "/My%20File.docx", FF_PATH_DOWNLOAD }, { "/a.p%64f", FF_PATH_DOWNLOAD }, { "/1/2/3/4/5/6/7/8/9/a.pdf", FF_PATH_DOWNLOAD },
    { "/robots.txt", FF_PATH_OTHER }, { "/ads.txt", FF_PATH_OTHER }, { "/humans.txt", FF_PATH_OTHER },
    { "/sitemap.xml", FF_PATH_OTHER }, { "/sitemap_index.xml.gz", FF_PATH_OTHER }, { "/a.json", FF_PATH_OTHER },
    { "/.well-known/security.txt", FF_PATH_OTHER }, { "/.well-known/x", FF_PATH_OTHER }, { "/browserconfig.xml", FF_PATH_OTHER },
    { "/feed", FF_PATH_OTHER }, { "/feed/", FF_PATH_OTHER }, { "/blog/rss", FF_PATH_OTHER }, { "/atom/", FF_PATH_OTHER },
    { "/api/v1/x", FF_PATH_OTHER }, { "/API", FF_PATH_OTHER }, { "/graphql", FF_PATH_OTHER }, { "/wp-json/wp/v2", FF_PATH_OTHER },
    { "/xmlrpc.php", FF_PATH_OTHER }, { "/wp-admin/admin-ajax.php", FF_PATH_OTHER }, { "/wp-cron.php", FF_PATH_OTHER },
    { "/cdn-cgi/l/email-protection", FF_PATH_OTHER }, { "/_next/data/b/x.json", FF_PATH_OTHER }, { "/_next/data/b", FF_PATH_OTHER },
    { "*", FF_PATH_OTHER }, { "", FF_PATH_OTHER }, { "example.com:443", FF_PATH_OTHER },
};
/* clang-format on */

static void path_kinds(void **state)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const enum ff_path_kind kind =
            read_target(*state, ff_span_of(kinds[i].target))->kind;
        if (kind != kinds[i].kind)
            fail_msg("\"%s\" is %d, not %d", kinds[i].target, kind, kinds[i].kind);
    }
    assert_true(read_target(*state, FF_SPAN("/robots.txt?x"))->is_robots_txt);
    assert_true(read_target(*state, FF_SPAN("http://h/%72obots.txt"))->is_robots_txt);
    assert_false(read_target(*state, FF_SPAN("/a/robots.txt"))->is_robots_txt);
}

struct search_case {
    const char *target;
    const char *term; /* NULL: no search; empty: withheld */
};

/* clang-format off */
static const struct search_case searches[] = {
    { "/search?q=Red+Shoes", "red shoes" }, { "/en/Search.php?a=b&query=x", "x" },
    { "/suche/?term=caf%C3%A9", "caf\xC3\xA9" }, { "/s%C3%B6k?s=bil", "bil" },
    { "/?s=hello", "hello" }, { "/index.php?s=hello&paged=2", "hello" },
    { "/buscar/2?keyword=uno&q=dos", "uno" }, { "/find?q=&query=second", "second" },
    { "/search?Q=x", "x" }, { "/search?q=\\xD0\\x96", "\xD0\xB6" },
    { "/search?q=me@example.com", "" }, { "/search?q=%FF", "" }, { "http://h?s=x", "x" },
    { "/search", NULL }, { "/search?q=", NULL }, { "/search?q=+%20", NULL }, { "/search?p=x", NULL },
    { "/about?q=x", NULL }, { "/?q=x", NULL }, { "/blog/?s=x", NULL }, { "/research?q=x", NULL },
    { "/?s", NULL }, { "/?#s=x", NULL },
};
/* clang-format on */

static void site_searches(void **state)
{
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
        const struct search_case *c = &searches[i];
        const struct ff_page *page = read_target(*state, ff_span_of(c->target));
        const char *const term = c->term ? c->term : "";
        if (page->is_search != (c->term != NULL) ||
            !ff_span_equal(page->term, ff_span_of(term)))
            fail_msg("\"%s\": %d \"%.*s\"", c->target, page->is_search,
                     (int)page->term.len, page->term.data);
    }
}

struct campaign_case {
    const char *target, *source, *medium, *campaign;
};

/* clang-format off */
static const struct campaign_case campaigns[] = {
    { "/?utm_source=News&utm_medium=E-Mail&utm_campaign=Summer+Sale", "news", "e-mail", "summer_sale" },
    { "/?mtm_source=a&pk_medium=b&UTM_CAMPAIGN=c%20d", "a", "b", "c_d" },
    { "/?utm_source=&pk_source=x", "x", "", "" }, { "/?utm_source=a&utm_source=b", "a", "", "" },
    { "/?utm_source=me@example.com", "(other)", "", "" }, { "/?utm_campaign=12345678", "", "", "(other)" },
    { "/?utm_source=-x&utm_medium=a%2Fb&utm_campaign=%C3%A9", "(other)", "(other)", "(other)" },
    { "/?utm_medium=abcdefghijklmnopqrstuvwxyzabcdef", "", "abcdefghijklmnopqrstuvwxyzabcdef", "" },
    { "/?utm_medium=abcdefghijklmnopqrstuvwxyzabcdefg", "", "(other)", "" },
    { "/?utm_source=+49-170-123-45-67&utm_medium=%2B49170+12+34&utm_campaign=x.+1+555+12+34", "(other)", "(other)", "(other)" },
    { "/?utm_source=mail-20260302&utm_campaign=a+-+b+2", "mail-20260302", "", "a_-_b_2" },
    { "/?utm_campaign=dGhpc0lzQVRva2Vu1", "", "", "(other)" }, { "/?utm_campaign=AB123456C", "", "", "(other)" },
    { "/?utm_campaign=spring_2024-06", "", "", "spring_2024-06" }, { "/?utm_campaign=a%2541", "", "", "(other)" },
    { "/?utm_sourcex=a&xutm_medium=b&utm_=c&utm=d", "", "", "" }, { "*?utm_source=a", "a", "", "" },
};
/* clang-format on */

static void campaigns_are_named(void **state)
{
    for (size_t i = 0; i < sizeof campaigns / sizeof *campaigns; i++) {
        const struct campaign_case *c = &campaigns[i];
        const struct ff_page *page = read_target(*state, ff_span_of(c->target));
        if (!ff_span_equal(page->source, ff_span_of(c->source)) ||
            !ff_span_equal(page->medium, ff_span_of(c->medium)) ||
            !ff_span_equal(page->campaign, ff_span_of(c->campaign)))
            fail_msg("\"%s\": %.*s, %.*s, %.*s", c->target, (int)page->source.len,
                     page->source.data, (int)page->medium.len, page->medium.data,
                     (int)page->campaign.len, page->campaign.data);
    }
}

static void lists_are_in_order(void **state)
{
    (void)state;
    for (enum ff_rules rules = 0; rules < FF_RULES_COUNT; rules++) {
        const struct ff_rules_list *list = ff_rules_list(rules);
        unsigned lengths = 0, letters = 0;
        for (size_t i = 0; i < list->n_items; i++) {
            const struct ff_span item = list->items[i];
            assert_true(i == 0 || ff_span_compare(list->items[i - 1], item) < 0);
            assert_true(ff_rules_have(rules, item));
            lengths |= 1u << (item.len & 31);
            letters |= 1u << (item.data[0] & 31);
        }
        assert_int_equal(lengths, list->lengths);
        assert_int_equal(letters, list->first_letters);
        assert_false(ff_rules_have(rules, FF_SPAN("")));
        assert_false(ff_rules_have(rules, FF_SPAN("zzz")));
    }
    for (size_t i = 0; i < ff_rules_list(FF_RULES_ASSETS)->n_items; i++)
        assert_false(ff_rules_have(FF_RULES_DOWNLOADS,
                                   ff_rules_list(FF_RULES_ASSETS)->items[i]));
}

/* A target of any size costs the arena nothing but its escapes and the key. */
static void huge_targets(void **state)
{
    struct fixture *f = *state;
    enum { SIZE = 256 * 1024 };
    char *target = malloc(SIZE);
    static const char *const patterns[] = { "/a",    "/..",  "%2541", "/1234567@b.co",
                                            "?q=a&", "/a;b", "(at)" };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        const size_t n = strlen(patterns[i]);
        target[0] = '/';
        for (size_t j = 1; j < SIZE; j++)
            target[j] = patterns[i][(j - 1) % n];
        const struct ff_page *page = read_target(f, (struct ff_span) { target, SIZE });
        assert_in_range(page->key.len, 1, 200);
        assert_in_range(f->arena.held_bytes, 0, 64 * 1024);
    }
    free(target);
}

static void no_memory(void **state)
{
    struct fixture *f = *state;
    struct ff_arena none;
    ff_arena_init(&none, 16, 0);
    static const char *const targets[] = { "/a", "/a\\x41" };
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(
            ff_page_read(f->pages, ff_span_of(targets[i]), &none, &f->page, &f->fault),
            FF_ERR_NOMEM);
    assert_int_equal(ff_page_read(f->pages, FF_SPAN("*"), &none, &f->page, &f->fault),
                     FF_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_keys),
        cmocka_unit_test(personal_data_is_seen_through_encodings),
        cmocka_unit_test(long_keys_are_cut),
        cmocka_unit_test(path_kinds),
        cmocka_unit_test(site_searches),
        cmocka_unit_test(campaigns_are_named),
        cmocka_unit_test(lists_are_in_order),
        cmocka_unit_test(huge_targets),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
