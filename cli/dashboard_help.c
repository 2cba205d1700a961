#include <stdio.h>

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
    "A row stands for a group that is large enough; rarer keys are counted",
    "in their section (/blog/*) or in \"other\". No address is kept or shown.",
    "Requests are lines of the log, robots' too; errors are people's only.",
};

void ff_dashboard_draw_help(struct ff_canvas *canvas, struct ff_area area)
{
    struct ff_strip at = { area.line + 1, area.column, area.width };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++, at.line++) {
        const struct ff_strip left = { at.line, area.column + 1, 12 };
        const struct ff_strip right = { at.line, area.column + 15, area.width - 15 };
        ff_canvas_put(canvas, left, FF_CANVAS_TITLE, keys[i].key);
        ff_canvas_put(canvas, right, FF_CANVAS_PLAIN, keys[i].does);
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        at.line++;
        ff_canvas_put(canvas,
                      (struct ff_strip) { at.line, area.column + 1, area.width },
                      FF_CANVAS_PLAIN, words[i]);
    }
}
