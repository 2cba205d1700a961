/* What a panel among others and one on its own page share. */
#ifndef FF_DASHBOARD_PANEL_H
#define FF_DASHBOARD_PANEL_H

#include "dashboard.h"

#define FF_PANEL_GAP   2 /* columns */
#define FF_PANEL_SHARE 7

/* Rows in the order that is asked for. Borrows the panel. */
struct ff_panel_sorted {
    const struct ff_board_panel *panel;
    struct ff_board_column column;
    bool is_rising;
    uint16_t order[FF_BOARD_ROWS];
    uint64_t most; /* of the column, over the rows */
};

void ff_panel_sort(struct ff_panel_sorted *sorted, const struct ff_board_panel *panel,
                   const struct ff_dashboard_sort *by);
/* What a cell counts, a rate in millionths; and as it is shown. */
uint64_t ff_panel_figure(const struct ff_board_row *row,
                         const struct ff_board_column *column);
struct ff_words ff_panel_words(const struct ff_board_row *row,
                               const struct ff_board_column *column);
enum ff_look ff_panel_bar_look(enum ff_panel id, const struct ff_board_row *row);
/* Why there is no row, in so many columns; or NULL. `text` is room for it. */
const char *ff_panel_nothing(const struct ff_board *board,
                             const struct ff_board_panel *panel, char *text,
                             size_t size, int width);
/* "3 Downloads ------- ", and its look. */
void ff_panel_draw_title(const struct ff_dashboard *dashboard, enum ff_panel id,
                         struct ff_canvas *canvas, struct ff_strip at);
/* The key, and behind it what else is known of it where there is room for it. */
void ff_panel_draw_key(struct ff_canvas *canvas, struct ff_strip at,
                       const struct ff_board_row *row);

#endif
