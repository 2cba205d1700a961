/* The dashboard of live: what it shows and how keys change that. It knows a board, a
 * few live figures and a canvas, no terminal and no process (see screen.h). */
#ifndef FF_DASHBOARD_H
#define FF_DASHBOARD_H

#include "canvas.h"
#include "footfall/board.h"
#include "rates.h"

enum ff_dashboard_page { FF_PAGE_OVERVIEW, FF_PAGE_PANEL, FF_PAGE_HELP };

/* Keys that are no character; the others are their own. */
enum ff_dashboard_key {
    FF_KEY_UP = 0x110000,
    FF_KEY_DOWN,
    FF_KEY_PAGE_UP,
    FF_KEY_PAGE_DOWN,
    FF_KEY_HOME,
    FF_KEY_END,
    FF_KEY_LEFT,
    FF_KEY_RIGHT,
    FF_KEY_BACK_TAB,
    FF_KEY_HELP,
    FF_KEY_OTHER,
};

/* Everything is borrowed. */
struct ff_dashboard_figures {
    const struct ff_board *board; /* NULL: there is none yet */
    const struct ff_rates *rates;
    const char *time;    /* the log's clock */
    const char *message; /* the last one on stderr, or "" */
    uint64_t lines;
    uint32_t active; /* visits under way; 0: too few to tell */
};

/* Begin with zeros. */
struct ff_dashboard {
    enum ff_dashboard_page page, before_help;
    enum ff_panel chosen;
    struct ff_dashboard_sort {
        uint32_t column; /* modulo the columns that the panel has */
        bool is_rising;
    } sorts[FF_PANELS];
    size_t first; /* row of the panel's page that is shown first */
    /* Of the help: its line that is shown first, and the one that a key goes on to; 0:
     * its end is on the screen. */
    int help_first, help_next;
    bool is_paused, wants_end;
};

void ff_dashboard_key(struct ff_dashboard *dashboard, int key);

/* Draws anew. Moves `first` to where there are rows. */
void ff_dashboard_draw(struct ff_dashboard *dashboard,
                       const struct ff_dashboard_figures *figures,
                       struct ff_canvas *canvas);

/* The key that opens a panel. */
char ff_dashboard_panel_key(enum ff_panel panel);

/* ---- its parts ---- */

/* A part of the canvas. */
struct ff_area {
    int line, column, width, height;
};

/* The panel's page: all columns, a bar, and what is below the rows. */
void ff_panel_draw_page(struct ff_dashboard *dashboard, const struct ff_board *board,
                        struct ff_canvas *canvas, struct ff_area area);
/* A panel among others: the column that it is sorted by. */
void ff_panel_draw_small(const struct ff_dashboard *dashboard,
                         const struct ff_board *board, enum ff_panel id,
                         struct ff_canvas *canvas, struct ff_area area);
/* What keys there are, and what is shown: as much as fits, from help_first on. */
void ff_dashboard_draw_help(struct ff_dashboard *dashboard, struct ff_canvas *canvas,
                            struct ff_area area);

#endif
