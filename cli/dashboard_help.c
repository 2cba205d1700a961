#include <stdio.h>
#include <string.h>

#include "dashboard.h"

struct help {
    const char *key, *does;
};

static const struct help keys[] = {
    { "1-9 0 e b", "open a panel, or close it" },
    { "Tab, arrows", "choose a panel; Enter opens it" },
    { "s, r", "sort the chosen panel by its next column; reverse the order" },
    { "arrows, j k", "scroll the panel that is open; so do PgUp, PgDn, Home, End" },
    { "o, Esc", "the overview" },
    { "p, Space", "pause: the screen stands still, reading goes on" },
    { "Ctrl-L", "draw the screen anew" },
    { "?, h", "this help" },
    { "q", "quit: what was read is reported as at the end of the log" },
};

static const char *const words[] = {
    "All figures are provisional: what the period would be if it ended now.",
    "visits now: people with a page view or download within the visit timeout.",
    ("A row stands for a group that is large enough; rarer keys are counted "
     "in their section (/blog/*) or in \"other\". No address is kept or shown."),
    "Requests are lines of the log, robots' too; errors are people's only.",
};

/* A terminal that is narrower has what a key does below it. */
#define NARROW     44
#define DOES_FROM  14
#define BELOW_FROM 3

/* Lines of the help, those on the canvas from `first` on. */
struct page {
    struct ff_canvas *canvas;
    struct ff_area area;
    int first, next;
};

static void put(const struct page *page, int from, enum ff_look look, const char *text)
{
    const int line = page->next - page->first;
    if (line >= 0 && line < page->area.height)
        ff_canvas_put(page->canvas,
                      (struct ff_strip) { page->area.line + line,
                                          page->area.column + from,
                                          page->area.width - from },
                      look, text);
}

/* As much of an ASCII text as fits, up to a blank if there is one. */
static size_t piece_of(const char *text, size_t width)
{
    size_t end = strlen(text);
    if (end <= width)
        return end;
    end = width;
    while (end && text[end] != ' ')
        end--;
    return end ? end : width;
}

static void put_wrapped(struct page *page, int from, const char *text)
{
    char line[128];
    const int most = (int)sizeof line - 1;
    const int room = page->area.width - from < most ? page->area.width - from : most;
    while (*text && room > 0) {
        const size_t len = piece_of(text, (size_t)room);
        snprintf(line, sizeof line, "%.*s", (int)len, text);
        put(page, from, FF_CANVAS_PLAIN, line);
        page->next++;
        text += len + (text[len] == ' ');
    }
}

void ff_dashboard_draw_help(struct ff_dashboard *d, struct ff_canvas *canvas,
                            struct ff_area area)
{
    const bool is_narrow = area.width < NARROW;
    struct page page = { canvas, area, d->help_first, 0 };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        put(&page, 0, FF_CANVAS_TITLE, keys[i].key);
        page.next += is_narrow;
        put_wrapped(&page, is_narrow ? BELOW_FROM : DOES_FROM, keys[i].does);
    }
    page.next++;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        put_wrapped(&page, 0, words[i]);
    const int end = d->help_first + area.height;
    d->help_next = end < page.next ? end : 0;
}
