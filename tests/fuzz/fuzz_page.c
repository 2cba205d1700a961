/* Request targets and search terms of any bytes: what comes out is short, clean,
 * without personal data's shapes, and stays the same when read again. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "page.h"
#include "scrub.h"
#include "utf8.h"

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_clean(struct ff_span s)
{
    struct ff_utf8 utf8 = { 0 };
    for (size_t i = 0; i < s.len; i++) {
        check(ff_utf8_feed(&utf8, (unsigned char)s.data[i]));
        check(utf8.missing > 0 || !ff_utf8_is_unsafe(utf8.code));
    }
    check(utf8.missing == 0);
}

static void check_key(const struct ff_pages *pages, struct ff_span key,
                      struct ff_arena *arena)
{
    struct ff_fault fault;
    struct ff_page again;
    check_clean(key);
    check(key.len > 0 && key.len <= 200);
    check(key.data[0] == '/' || ff_span_equal(key, FF_SPAN("(invalid)")));
    check(ff_page_read(pages, key, arena, &again, &fault) == FF_OK);
    check(ff_span_equal(again.key, key));
}

static void check_term(const struct ff_scrub *scrub, struct ff_span term)
{
    size_t n_spaces = 0, n_digits = 0;
    check_clean(term);
    check(term.len <= 50 && !ff_scrub_finds(scrub, term));
    for (size_t i = 0; i < term.len; i++) {
        n_spaces += term.data[i] == ' ';
        n_digits += term.data[i] >= '0' && term.data[i] <= '9';
    }
    check(n_spaces < 6 && n_digits < 5 && ff_span_find(term, '@') == term.len);
}

static void check_campaign(struct ff_span s)
{
    check(s.len <= 32);
    for (size_t i = 0; i < s.len && !ff_span_equal(s, FF_SPAN("(other)")); i++)
        check((s.data[i] >= 'a' && s.data[i] <= 'z') ||
              ff_span_find(FF_SPAN("0123456789_.-"), s.data[i]) < 13);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ff_pages *pages; /* made once; lives as long as the process */
    static struct ff_scrub *scrub;
    struct ff_fault fault;
    struct ff_page page;
    struct ff_span term;
    struct ff_arena arena;
    if (!pages) {
        check(ff_pages_create(&pages, &fault) == FF_OK);
        check(ff_scrub_create(&scrub, &fault) == FF_OK);
    }
    /* A copy of its own, so that a read past the end is seen. */
    char *copy = (char *)malloc(size ? size : 1);
    check(copy != NULL);
    for (size_t i = 0; i < size; i++)
        copy[i] = (char)data[i];
    const struct ff_span input = { copy, size };
    ff_arena_init(&arena, 4096, 1 << 20);
    check(ff_page_read(pages, input, &arena, &page, &fault) == FF_OK);
    check_key(pages, page.key, &arena);
    check(page.is_search || page.term.len == 0);
    check_term(scrub, page.term);
    check_campaign(page.source);
    check_campaign(page.medium);
    check_campaign(page.campaign);
    check(ff_page_term(pages, input, &arena, &term, &fault) == FF_OK);
    check_term(scrub, term);
    ff_arena_clear(&arena);
    free(copy);
    return 0;
}
