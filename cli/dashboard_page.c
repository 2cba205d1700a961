/* A panel on a page of its own: the columns that there is room for, and a bar of the
 * one that the rows are sorted by. */
#include <stdio.h>

#include "dashboard_panel.h"
#include "footfall/text.h"

/* A key on a page keeps so many columns; then the bar goes, then the last columns, and
 * at the least the share. */
#define KEY_MIN   20
#define KEY_LEAST 8
#define BAR_MIN   8
#define BAR_MAX   40
/* Lines of a page that says what has no row, and has a rule above that. */
#define END_FROM  4
#define RULE_FROM 6

struct page {
    struct ff_panel_sorted sorted;
    uint32_t n_columns; /* that there is room for: the first one, and the sorted one */
    uint32_t columns[FF_BOARD_COLUMNS];
    int widths[FF_BOARD_COLUMNS]; /* of them */
    int key, share, bar;
};

static int widest(const struct ff_board_panel *panel,
                  const struct ff_board_column *column)
{
    int width = (int)strlen(column->label) + 2; /* with the mark of order */
    for (uint32_t i = 0; i < panel->n_rows; i++) {
        const int len = (int)strlen(ff_panel_words(&panel->rows[i], column).text);
        width = len > width ? len : width;
    }
    return width;
}

/* The last one goes that the rows are not sorted by; how wide it was. */
static int drop_column(struct page *page, uint32_t sorted)
{
    uint32_t i = --page->n_columns;
    const uint32_t last = page->columns[i];
    const int last_width = page->widths[i];
    if (last != sorted || i == 1)
        return last_width;
    const int width = page->widths[--i];
    page->columns[i] = last;
    page->widths[i] = last_width;
    return width;
}

static void lay_out_page(struct page *page, const struct ff_board_panel *panel,
                         uint32_t sorted, int width)
{
    page->share = FF_PANEL_SHARE + FF_PANEL_GAP;
    int taken = page->share;
    page->n_columns = panel->n_columns;
    for (uint32_t i = 0; i < panel->n_columns; i++) {
        page->columns[i] = i;
        page->widths[i] = widest(panel, &panel->columns[i]);
        taken += page->widths[i] + FF_PANEL_GAP;
    }
    while (page->n_columns > 1 && taken + KEY_MIN > width)
        taken -= drop_column(page, sorted) + FF_PANEL_GAP;
    int rest = width - taken;
    if (rest < KEY_LEAST) {
        rest += page->share;
        page->share = 0;
    }
    page->bar = rest - KEY_MIN - FF_PANEL_GAP < BAR_MIN
                    ? 0
                    : (rest - KEY_MIN - FF_PANEL_GAP) / 2;
    if (page->bar < BAR_MIN)
        page->bar = page->bar ? BAR_MIN : 0;
    page->bar = page->bar > BAR_MAX ? BAR_MAX : page->bar;
    page->key = rest - (page->bar ? page->bar + FF_PANEL_GAP : 0);
}

static void draw_page_head(const struct page *page, struct ff_canvas *canvas,
                           struct ff_strip at)
{
    static const char *const marks[2][2] = { { " \xe2\x96\xbc", " \xe2\x96\xb2" },
                                             { " v", " ^" } };
    at.column += page->key;
    for (uint32_t i = 0; i < page->n_columns; i++) {
        const struct ff_board_column *column =
            &page->sorted.panel->columns[page->columns[i]];
        const bool is_by = column->measure == page->sorted.column.measure &&
                           column->is_rate == page->sorted.column.is_rate;
        char label[40];
        snprintf(label, sizeof label, "%s%s", column->label,
                 is_by ? marks[canvas->is_ascii][page->sorted.is_rising] : "");
        at.column += FF_PANEL_GAP;
        at.width = page->widths[i];
        ff_canvas_put_right(canvas, at, is_by ? FF_CANVAS_STRONG : FF_CANVAS_FAINT,
                            label);
        at.column += at.width;
        if (i == 0) {
            at.width = page->share;
            ff_canvas_put_right(canvas, at, FF_CANVAS_FAINT, "share");
            at.column += at.width;
        }
    }
}

static void draw_page_row(const struct page *page, struct ff_canvas *canvas,
                          struct ff_strip at, const struct ff_board_row *row,
                          enum ff_look look)
{
    const struct ff_board_panel *panel = page->sorted.panel;
    at.width = page->key;
    ff_panel_draw_key(canvas, at, row);
    at.column += page->key;
    for (uint32_t i = 0; i < page->n_columns; i++) {
        at.column += FF_PANEL_GAP;
        at.width = page->widths[i];
        ff_canvas_put_right(
            canvas, at, i ? FF_CANVAS_PLAIN : FF_CANVAS_STRONG,
            ff_panel_words(row, &panel->columns[page->columns[i]]).text);
        at.column += at.width;
        if (i == 0) {
            at.width = page->share;
            ff_canvas_put_right(canvas, at, FF_CANVAS_FAINT,
                                ff_words_share(row->measures[0], panel->total).text);
            at.column += at.width;
        }
    }
    at.column += FF_PANEL_GAP;
    at.width = page->bar;
    ff_canvas_bar(canvas, at, look, ff_panel_figure(row, &page->sorted.column),
                  page->sorted.most);
}

/* At the right of the title: columns that there is no room for, and the order that none
 * of those there are shows. */
static void draw_hidden(const struct ff_dashboard *d, const struct page *page,
                        struct ff_canvas *canvas, struct ff_strip at)
{
    const struct ff_board_panel *panel = page->sorted.panel;
    const uint32_t hidden = panel->n_columns - page->n_columns;
    const uint32_t sorted = d->sorts[d->chosen].column % panel->n_columns;
    const bool is_shown =
        page->columns[page->n_columns - 1] == sorted || sorted < page->n_columns;
    const int title = 2 + (int)strlen(ff_panel_title(d->chosen)) + FF_PANEL_GAP;
    char text[80];
    at.column += title;
    at.width -= title;
    if (!hidden)
        return;
    if (is_shown)
        snprintf(text, sizeof text, " %u %s hidden ", hidden,
                 hidden == 1 ? "column" : "columns");
    else
        snprintf(text, sizeof text, " by %s, %u hidden ", page->sorted.column.label,
                 hidden);
    ff_canvas_put_right(canvas, at, FF_CANVAS_FAINT, text);
}

/* "1-15 of 87" and what has no row; the sum of all if there is room. */
static void draw_page_end(const struct ff_dashboard *d,
                          const struct ff_board_panel *panel, int n,
                          struct ff_canvas *canvas, struct ff_strip at)
{
    char text[200], all[80];
    int len = snprintf(text, sizeof text, "%zu-%zu of %s", d->first + 1,
                       d->first + (size_t)n, ff_words_count(panel->n_all).text);
    if (panel->n_all > panel->n_rows)
        len += snprintf(text + len, sizeof text - (size_t)len,
                        " (the %u largest are here)", panel->n_rows);
    if (panel->other)
        len += snprintf(text + len, sizeof text - (size_t)len,
                        "; other, too rare to show: %s",
                        ff_words_count(panel->other).text);
    ff_canvas_put(canvas, at, FF_CANVAS_FAINT, text);
    const int len_all = snprintf(all, sizeof all, "all %s: %s", panel->columns[0].label,
                                 ff_words_count(panel->total).text);
    if (len + FF_PANEL_GAP + len_all <= at.width)
        ff_canvas_put_right(canvas, at, FF_CANVAS_FAINT, all);
}

void ff_panel_draw_page(struct ff_dashboard *d, const struct ff_board *board,
                        struct ff_canvas *canvas, struct ff_area area)
{
    const struct ff_board_panel *panel = &board->panels[d->chosen];
    const bool has_end = area.height >= END_FROM, has_rule = area.height >= RULE_FROM;
    struct ff_strip at = { area.line, area.column, area.width };
    struct page page;
    char why[96];
    ff_panel_draw_title(d, d->chosen, canvas, at);
    const char *absent = ff_panel_nothing(board, panel, why, sizeof why, area.width);
    if (absent) {
        at.line++;
        ff_canvas_put(canvas, at, FF_CANVAS_FAINT, absent);
        return;
    }
    ff_panel_sort(&page.sorted, panel, &d->sorts[d->chosen]);
    lay_out_page(&page, panel, d->sorts[d->chosen].column % panel->n_columns,
                 area.width);
    draw_hidden(d, &page, canvas, at);
    at.line++;
    draw_page_head(&page, canvas, at);
    const size_t room = (size_t)(area.height - 2 - has_end - has_rule);
    const size_t last = panel->n_rows > room ? panel->n_rows - room : 0;
    d->first = d->first > last ? last : d->first;
    int n = 0;
    for (size_t i = d->first; i < panel->n_rows && (size_t)n < room; i++, n++) {
        const struct ff_board_row *row = &panel->rows[page.sorted.order[i]];
        at.line++;
        draw_page_row(&page, canvas, at, row, ff_panel_bar_look(d->chosen, row));
    }
    at.line = area.line + area.height - 1;
    if (has_end)
        draw_page_end(d, panel, n, canvas, at);
    at.line--;
    if (has_rule)
        ff_canvas_rule(canvas, at, FF_CANVAS_FAINT);
}
