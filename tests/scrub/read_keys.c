/* Request targets from standard input, a line each; for each a line: the kind (page,
 * asset, download, other) and the page key. With "term" or "campaign": what is kept of
 * a search term or of utm_campaign, or an empty line. For scripts that know better. */
#include <stdio.h>
#include <stdlib.h>

#include "page.h"

static struct ff_span read_as(const struct ff_pages *pages, const char *how,
                              struct ff_span text, struct ff_arena *arena,
                              enum ff_path_kind *kind)
{
    struct ff_fault fault;
    struct ff_page page;
    struct ff_span term;
    if (*how == 't') {
        if (ff_page_term(pages, text, arena, &term, &fault) != FF_OK)
            exit(1);
        return term;
    }
    if (ff_page_read(pages, text, arena, &page, &fault) != FF_OK)
        exit(1);
    *kind = page.kind;
    return *how == 'c' ? page.campaign : page.key;
}

int main(int argc, char **argv)
{
    static const char *const kinds[] = { "page", "asset", "download", "other" };
    const char *const how = argc > 1 ? argv[1] : "key";
    struct ff_pages *pages;
    struct ff_fault fault;
    struct ff_arena arena;
    char *line = NULL;
    size_t size = 0;
    ssize_t len;
    if (ff_pages_create(&pages, &fault) != FF_OK)
        return 1;
    ff_arena_init(&arena, 4096, (size_t)1 << 20);
    while ((len = getline(&line, &size, stdin)) > 0) {
        enum ff_path_kind kind = FF_PATH_OTHER;
        const struct ff_span text = { line, (size_t)len - (line[len - 1] == '\n') };
        const struct ff_span out = read_as(pages, how, text, &arena, &kind);
        printf("%s\t%.*s\n", kinds[kind], (int)out.len, out.data);
        ff_arena_reset(&arena);
    }
    free(line);
    ff_arena_clear(&arena);
    ff_pages_destroy(pages);
    return 0;
}
