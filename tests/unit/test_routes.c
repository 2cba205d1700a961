/* Templates: which path fits which, what is refused and where. The closest template is
 * also found by trying all of them by the definition in the manual. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "page.h"
#include "routes.h"

static struct ff_scrub *scrub;

static int set_up(void **state)
{
    struct ff_fault fault;
    (void)state;
    return ff_scrub_create(&scrub, &fault) == FF_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    ff_scrub_destroy(scrub);
    return 0;
}

static struct ff_routes *compile(struct ff_span text)
{
    struct ff_routes *routes;
    struct ff_fault fault = { "" };
    if (ff_routes_compile(&routes, "r", text, scrub, &fault) != FF_OK)
        fail_msg("%s", fault.text);
    return routes;
}

static struct ff_span match(const struct ff_routes *routes, const char *target)
{
    struct ff_path path;
    ff_path_split(ff_span_of(target), &path);
    return ff_routes_match(routes, &path);
}

struct match_case {
    const char *target, *key; /* "": none */
};

static void paths_fit_the_closest(void **state)
{
    static const char text[] = "\xEF\xBB\xBF# the site\r\n"
                               "/docs/*\r\n"
                               "/:lang/about\n"
                               "  /blog/:year/:slug\t# posts\n"
                               "\n"
                               "/blog/:year/archive/\n"
                               "/blog/2024/:slug\n"
                               "/shop/{category}/item-{id}.html\n"
                               "/shop/{category}/{name}.html\n"
                               "/shop/{category}/item-{id}\n"
                               "/shop/:all/*rest\n"
                               "/users/:id/settings\n"
                               "/users/settings\n"
                               "/~{user}\n"
                               "/caf\xC3\xA9/:x\n"
                               "/%41%2a%3A/{y}\n"
                               "/wiki/Special:Search\n"
                               "/1/2/3/4/5/6/7/:h/*\n"
                               "/";
    static const struct match_case cases[] = {
        { "/", "/" },
        { "//", "/" },
        { "/docs", "" },
        { "/docs/", "" },
        { "/docs/a", "/docs/*" },
        { "/docs/a/b/c/d/e/f/g/h/i/j", "/docs/*" },
        { "/docs/about", "/docs/*" }, /* text is closer, from the left */
        { "/de/about", "/:lang/about" },
        { "/de/about/", "/:lang/about" },
        { "/de/About", "" },
        { "/blog/2023/x", "/blog/:year/:slug" },
        { "/blog/2023/archive", "/blog/:year/archive/" },
        { "/blog/2024/archive", "/blog/2024/:slug" },
        { "/blog/2024/archive/x", "" },
        { "/blog/%32024/x", "/blog/2024/:slug" },
        { "/blog/./2024//y/", "/blog/2024/:slug" },
        { "/blog;a=1/2024;b/y", "/blog/2024/:slug" },
        { "/shop/a/item-7.html", "/shop/{category}/item-{id}.html" },
        { "/shop/a/item-.html", "/shop/{category}/item-{id}" },
        { "/shop/a/b.html", "/shop/{category}/{name}.html" },
        { "/shop/a/item-7", "/shop/{category}/item-{id}" },
        { "/shop/a/item-", "/shop/:all/*rest" }, /* back from item-{id} */
        { "/shop/a/item-7.html/x", "/shop/:all/*rest" },
        { "/shop/a", "" },
        { "/users/settings", "/users/settings" },
        { "/users/anna/settings", "/users/:id/settings" },
        { "/users/anna", "" },
        { "/~anna", "/~{user}" },
        { "/%7Eanna", "/~{user}" },
        { "/~", "" },
        { "/caf%c3%a9/1", "/caf%C3%A9/:x" },
        { "/caf\xC3\xA9/1", "/caf%C3%A9/:x" },
        { "/A*:/1", "/A%2A%3A/{y}" },
        { "/wiki/Special:Search", "/wiki/Special:Search" },
        { "/1/2/3/4/5/6/7/8/9", "/1/2/3/4/5/6/7/:h/*" },
        { "/1/2/3/4/5/6/7/8/9/10/11", "/1/2/3/4/5/6/7/:h/*" },
        { "/1/2/3/4/5/6/7/8", "" },
    };
    (void)state;
    struct ff_routes *routes = compile(FF_SPAN(text));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct ff_span key = match(routes, cases[i].target);
        if (!ff_span_equal(key, ff_span_of(cases[i].key)))
            fail_msg("%s gave \"%.*s\"", cases[i].target, (int)key.len, key.data);
        assert_true(key.len == 0 || ff_routes_have(routes, key));
    }
    assert_false(ff_routes_have(routes, FF_SPAN("/docs")));
    ff_routes_destroy(routes);
}

struct refused_case {
    const char *text, *place, *why;
};

static void wrong_lines_are_told(void **state)
{
    static const struct refused_case cases[] = {
        { "/a\nb", "r:2:1: ", "begins with \"/\"" },
        { "\"/a\"", "r:1:1: ", "begins with \"/\"" },
        { "/a /b", "r:1:4: ", "one template" },
        { "/\xC3\xA9 x", "r:1:4: ", "one template" }, /* characters, not bytes */
        { "/a?b", "r:1:3: ", "queries" },
        { "/a#b", "r:1:3: ", "comment" },
        { "/a;b", "r:1:3: ", "parameters" },
        { "/a//b", "r:1:4: ", "empty segments" },
        { "/a/../b", "r:1:4: ", "dot segments" },
        { "/a/*/b", "r:1:4: ", "nothing can follow" },
        { "/a/*/", "r:1:4: ", "nothing can follow" },
        { "/a/b*", "r:1:5: ", "at the end" },
        { "/a/*.html", "r:1:4: ", "before a name" },
        { "/a/:/b", "r:1:4: ", "a placeholder is" },
        { "/a/{x", "r:1:4: ", "a placeholder is" },
        { "/a/x{1}", "r:1:5: ", "a placeholder is" },
        { "/a/{aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}", "r:1:4: ", "at most 32" },
        { "/a/x}", "r:1:5: ", "no { opens" },
        { "/a/{x}{y}", "r:1:7: ", "one placeholder" },
        { "/a/:x-:y", "r:1:7: ", "one placeholder" },
        { "/1/2/3/4/5/6/7/8/9", "r:1:18: ", "at most 8" },
        { "/ok\n/x/jane@example.com/y", "r:2:4: ", "personal data" },
        { "/x/%6aane%2540example.com", "r:1:4: ", "personal data" },
        { "/x/{id}-1234567", "r:1:8: ", "personal data" },
        { "/~anna", "r:1:2: ", "personal data" },
        { "/a/:x\n# no\n/a/{y}/", "r:3:1: ", "as line 1" },
        { "/a/*\n/a/*b", "r:2:1: ", "as line 1" },
        { "/a\r\n/b\r/c", "r:2:3: ", "control" },
        { "/a\n/\xE2\x80\xAEx", "r:2:2: ", "control" },
        { "/a\xC3\n", "r:1:3: ", "UTF-8" },
        { "/\xFF", "r:1:2: ", "UTF-8" },
        { "\xFF\xFE/\x01", "r: ", "UTF-16" },
        { "\x7F"
          "ELF",
          "r:1:1: ", "control" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ff_routes *routes;
        struct ff_fault fault = { "" };
        const enum ff_err err =
            ff_routes_compile(&routes, "r", ff_span_of(cases[i].text), scrub, &fault);
        const struct ff_span text = ff_span_of(fault.text);
        if (err != FF_ERR_USAGE || !ff_span_starts(text, ff_span_of(cases[i].place)) ||
            !strstr(fault.text, cases[i].why))
            fail_msg("case %zu: %d \"%s\"", i, err, fault.text);
    }
}

static void expect_refused(struct ff_span text, const char *why)
{
    struct ff_routes *routes;
    struct ff_fault fault = { "" };
    assert_int_equal(ff_routes_compile(&routes, "r", text, scrub, &fault),
                     FF_ERR_USAGE);
    if (!strstr(fault.text, why))
        fail_msg("\"%s\"", fault.text);
}

static void sizes_are_bounded(void **state)
{
    enum { SIZE = 1 << 18 };
    char *const text = malloc(SIZE);
    (void)state;
    expect_refused((struct ff_span) { "/a\0b", 4 }, "r:1:3: a control character");
    memset(text, 'a', SIZE);
    text[0] = '/';
    expect_refused((struct ff_span) { text, SIZE }, "r:1:1025: the line is longer");
    expect_refused((struct ff_span) { text, 100 }, "too long");
    memset(text, '/', SIZE);
    expect_refused((struct ff_span) { text, 1000 }, "empty segments");
    size_t n = 0;
    for (int i = 0; i < 3; i++)
        n += (size_t)snprintf(text + n, SIZE - n, "/a%060d", 0);
    for (size_t i = 0; i < n; i++)
        text[i] = text[i] == '0' ? 'b' : text[i];
    n += (size_t)snprintf(text + n, SIZE - n, "/:ten_bytes");
    ff_routes_destroy(compile((struct ff_span) { text, n - 1 }));
    n += (size_t)snprintf(text + n, SIZE - n, "/ccc");
    expect_refused((struct ff_span) { text, n }, "at most 200 bytes");
    n = 0;
    for (int i = 0; i < FF_ROUTES_MOST; i++)
        n += (size_t)snprintf(text + n, SIZE - n, "/a/b/c/d/e/f/g/n%d\n", i);
    struct ff_routes *routes = compile((struct ff_span) { text, n });
    assert_true(ff_span_equal(match(routes, "/a/b/c/d/e/f/g/n4095"),
                              FF_SPAN("/a/b/c/d/e/f/g/n4095")));
    ff_routes_destroy(routes);
    n += (size_t)snprintf(text + n, SIZE - n, "/x/y/z/u/v/w/s/t");
    expect_refused((struct ff_span) { text, n }, "r:4097:1: more than 4096");
    free(text);
}

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

/* How close a template's segment is to a path's: 0 not at all, 1 for a placeholder, 2
 * and more for text around one, 1000 for text. */
static int closeness(struct ff_span segment, struct ff_span s)
{
    const size_t open = ff_span_find(segment, '{');
    const size_t close = ff_span_find(segment, '}');
    if (segment.data[0] == ':')
        return 1;
    if (open == segment.len)
        return ff_span_equal(segment, s) ? 1000 : 0;
    const struct ff_span before = { segment.data, open };
    const struct ff_span after = ff_span_from(segment, close + 1);
    const size_t around = before.len + after.len;
    if (s.len <= around || !ff_span_starts(s, before) || !ff_span_ends(s, after))
        return 0;
    return around ? (int)(2 + 10 * around + before.len) : 1;
}

static struct ff_span cut_segment(struct ff_span *rest)
{
    const struct ff_span all = ff_span_from(*rest, 1);
    const struct ff_span segment = { all.data, ff_span_find(all, '/') };
    *rest = ff_span_from(all, segment.len);
    return segment;
}

/* Closeness of each segment, from the left; false if the path does not fit. "*" is
 * nearest to nothing. */
static bool compare_segments(struct ff_span template, struct ff_span path, int rank[8])
{
    memset(rank, 0, 8 * sizeof *rank);
    for (int i = 0; i < 8; i++) {
        if (template.len == 0 || path.len == 0)
            return template.len == 0 && path.len == 0;
        const struct ff_span of_template = cut_segment(&template);
        if (ff_span_equal(of_template, FF_SPAN("*")))
            return true;
        rank[i] = closeness(of_template, cut_segment(&path));
        if (rank[i] == 0)
            return false;
    }
    return false;
}

static void make_line(uint64_t *seed, char *out, bool is_path)
{
    static const char *const pieces[] = { "a",   "b",    "ab",    "abb",  ":x",
                                          "{y}", "a{z}", "{z}bb", "{z}b", "a{z}b" };
    size_t n = 0;
    const uint32_t depth = 1 + next_random(seed) % 4;
    for (uint32_t i = 0; i < depth; i++)
        n += (size_t)snprintf(out + n, 64 - n, "/%s",
                              pieces[next_random(seed) % (is_path ? 4 : 10)]);
    if (!is_path && next_random(seed) % 4 == 0)
        snprintf(out + n, 64 - n, "/*");
}

static void the_closest_is_the_best_of_all(void **state)
{
    enum { LINES = 12 };
    uint64_t seed = 11;
    unsigned n_found = 0, n_worlds = 0;
    (void)state;
    for (int world = 0; world < 3000; world++) {
        char lines[LINES][64], text[LINES * 64];
        size_t n = 0;
        struct ff_routes *routes;
        struct ff_fault fault;
        for (int i = 0; i < LINES; i++) {
            make_line(&seed, lines[i], false);
            n += (size_t)snprintf(text + n, sizeof text - n, "%s\n", lines[i]);
        }
        if (ff_routes_compile(&routes, "r", (struct ff_span) { text, n }, scrub,
                              &fault) != FF_OK)
            continue; /* two for the same paths */
        n_worlds++;
        for (int i = 0; i < 20; i++) {
            char path[64];
            const char *best = "";
            int best_rank[8], rank[8];
            make_line(&seed, path, true);
            for (int j = 0; j < LINES; j++) {
                if (!compare_segments(ff_span_of(lines[j]), ff_span_of(path), rank))
                    continue;
                int order = *best ? 0 : 1;
                for (int k = 0; k < 8 && order == 0; k++)
                    order = (rank[k] > best_rank[k]) - (rank[k] < best_rank[k]);
                if (order <= 0)
                    continue;
                best = lines[j];
                memcpy(best_rank, rank, sizeof rank);
            }
            const struct ff_span key = match(routes, path);
            if (!ff_span_equal(key, ff_span_of(best)))
                fail_msg("%s gave %.*s, not %s, of\n%s", path, (int)key.len, key.data,
                         best, text);
            n_found += *best != '\0';
        }
        ff_routes_destroy(routes);
    }
    assert_in_range(n_worlds, 200, 3000);
    assert_in_range(n_found, 2000, UINT32_MAX);
}

static void keys_are_templates(void **state)
{
    char name[] = "/tmp/test_routes.XXXXXX";
    struct ff_pages *pages;
    struct ff_routes *routes;
    struct ff_fault fault;
    struct ff_page page;
    struct ff_arena arena;
    FILE *file = fdopen(mkstemp(name), "w");
    (void)state;
    fputs("/:page\n/u/:id\n/u/faq\n/files/{name}.pdf\n/search/:x\n", file);
    fclose(file);
    ff_arena_init(&arena, 4096, 1 << 20);
    assert_int_equal(ff_pages_create(&pages, &fault), FF_OK);
    assert_int_equal(ff_routes_load(&routes, name, scrub, &fault), FF_OK);
    ff_pages_route(pages, routes);
    static const struct {
        const char *target, *key, *path;
        enum ff_path_kind kind;
    } cases[] = {
        { "/u/anna?x=1", "/u/:id", "/u/{id}", FF_PATH_PAGE },
        { "/u/faq", "/u/faq", "/u/{id}", FF_PATH_PAGE },
        { "/u/anna/x", "/u/{id}/x", "/u/{id}/x", FF_PATH_PAGE },
        { "/files/a.pdf", "/files/{name}.pdf", "/files/a.pdf", FF_PATH_DOWNLOAD },
        { "/robots.txt", "/:page", "/robots.txt", FF_PATH_OTHER },
        { "/a%00", "(invalid)", "(invalid)", FF_PATH_PAGE },
        { "/u/a%2500", "(invalid)", "(invalid)", FF_PATH_PAGE },
        { "*", "(invalid)", "(invalid)", FF_PATH_OTHER },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(
            ff_page_read(pages, ff_span_of(cases[i].target), &arena, &page, &fault),
            FF_OK);
        if (!ff_span_equal(page.key, ff_span_of(cases[i].key)) ||
            !ff_span_equal(page.path, ff_span_of(cases[i].path)))
            fail_msg("%s gave %.*s, %.*s", cases[i].target, (int)page.key.len,
                     page.key.data, (int)page.path.len, page.path.data);
        assert_int_equal(page.kind, cases[i].kind);
        assert_int_equal(page.is_robots_txt, i == 4);
    }
    assert_int_equal(
        ff_page_read(pages, FF_SPAN("/search/x?q=hats"), &arena, &page, &fault), FF_OK);
    assert_true(page.is_search && ff_span_equal(page.key, FF_SPAN("/search/:x")));
    ff_pages_destroy(pages);
    ff_routes_destroy(routes);
    ff_arena_clear(&arena);
    remove(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_fit_the_closest),
        cmocka_unit_test(wrong_lines_are_told),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(the_closest_is_the_best_of_all),
        cmocka_unit_test(keys_are_templates),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
