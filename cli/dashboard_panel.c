/* A panel, small among others or on a page of its own. Keys get what the figures leave;
 * a bar shows the column that the rows are sorted by. */
#include <stdio.h>
#include <stdlib.h>

#include "dashboard.h"
#include "footfall/text.h"

#define FIGURE_MIN  6
#define GAP         2
#define SHARE_WIDTH 7
/* From so many columns on, a small panel has shares. */
#define WIDE 56
/* A key on a page keeps so many columns; then the bar goes, then the last columns. */
#define KEY_MIN 20
#define BAR_MIN 8
#define BAR_MAX 40

struct sorted {
    const struct ff_board_panel *panel;
    struct ff_board_column column;
    bool is_rising;
    uint16_t order[FF_BOARD_ROWS];
    uint64_t most; /* of the column, over the rows */
};

/* What a cell counts; a rate in millionths. */
static uint64_t figure(const struct ff_board_row *row,
                       const struct ff_board_column *column)
{
    const uint64_t n = row->measures[column->measure];
    if (!column->is_rate)
        return n;
    return row->measures[0] ? (uint64_t)((double)n * 1e6 / (double)row->measures[0])
                            : 0;
}

static struct ff_words figure_words(const struct ff_board_row *row,
                                    const struct ff_board_column *column)
{
    const uint64_t n = row->measures[column->measure];
    if (column->is_rate)
        return ff_words_share(n, row->measures[0]);
    return column->is_bytes ? ff_words_bytes(n) : ff_words_count(n);
}

static int by_figure(const void *a, const void *b, void *context)
{
    const struct sorted *s = context;
    const uint16_t i = *(const uint16_t *)a, j = *(const uint16_t *)b;
    const uint64_t x = figure(&s->panel->rows[i], &s->column);
    const uint64_t y = figure(&s->panel->rows[j], &s->column);
    if (x != y)
        return (x > y) == s->is_rising ? 1 : -1;
    return (i > j) - (i < j);
}

static void sort(struct sorted *s, const struct ff_board_panel *panel,
                 const struct ff_dashboard_sort *by)
{
    s->panel = panel;
    s->column = panel->columns[by->column % panel->n_columns];
    s->is_rising = by->is_rising;
    s->most = 0;
    for (uint16_t i = 0; i < panel->n_rows; i++) {
        const uint64_t n = figure(&panel->rows[i], &s->column);
        s->order[i] = i;
        s->most = n > s->most ? n : s->most;
    }
    qsort_r(s->order, panel->n_rows, sizeof *s->order, by_figure, s);
}

static enum ff_look bar_look(enum ff_panel id, const struct ff_board_row *row)
{
    static const enum ff_look of_status[] = {
        FF_CANVAS_BAR,  FF_CANVAS_BAR,     FF_CANVAS_GOOD,
        FF_CANVAS_NOTE, FF_CANVAS_WARNING, FF_CANVAS_BAD,
    };
    if (id == FF_PANEL_STATUSES && row->key[0] >= '0' && row->key[0] <= '5')
        return of_status[row->key[0] - '0'];
    if (id == FF_PANEL_AI_CRAWLERS || id == FF_PANEL_AI_REFERRALS)
        return FF_CANVAS_AI;
    return id == FF_PANEL_ERRORS ? FF_CANVAS_WARNING : FF_CANVAS_BAR;
}

/* Why there is no row, in so many columns; or NULL. */
static const char *nothing(const struct ff_board *board,
                           const struct ff_board_panel *panel, char *text, size_t size,
                           int width)
{
    if (panel->is_present)
        return panel->n_rows ? NULL : "none so far";
    const int len = snprintf(text, size, "withheld: %s", board->absent);
    return len > width ? "withheld: too few visitors" : text;
}

/* "3 Downloads ------- ", and its look. */
static void draw_title(const struct ff_dashboard *d, enum ff_panel id,
                       struct ff_canvas *canvas, struct ff_strip at)
{
    const char key[] = { ff_dashboard_panel_key(id), '\0' };
    const bool is_chosen = d->chosen == id;
    const enum ff_look look = is_chosen ? FF_CANVAS_CHOSEN : FF_CANVAS_TITLE;
    ff_canvas_rule(canvas, at, FF_CANVAS_FAINT);
    ff_canvas_fill(canvas, (struct ff_strip) { at.line, at.column, 2 }, look);
    ff_canvas_put(canvas, (struct ff_strip) { at.line, at.column, 1 }, look, key);
    at.column += 2;
    at.width -= 2;
    const int len = ff_canvas_put(canvas, at, look, ff_panel_title(id));
    ff_canvas_fill(canvas, (struct ff_strip) { at.line, at.column + len, 1 },
                   FF_CANVAS_PLAIN);
}

/* ---- small ---- */

/* The key, and behind it what else is known of it where there is room for it. */
static void draw_key(struct ff_canvas *canvas, struct ff_strip at,
                     const struct ff_board_row *row)
{
    const int len = ff_canvas_put(canvas, at, FF_CANVAS_PLAIN, row->key);
    at.column += len + GAP;
    at.width -= len + GAP;
    if (at.width >= ff_canvas_width(canvas, row->remark))
        ff_canvas_put(canvas, at, FF_CANVAS_FAINT, row->remark);
}

struct small {
    int key, figure, share, bar;
};

static struct small lay_out_small(const struct ff_canvas *canvas,
                                  const struct sorted *s, int width, int n)
{
    struct small w = { .figure = ff_canvas_width(canvas, s->column.label) };
    w.figure = w.figure > FIGURE_MIN ? w.figure : FIGURE_MIN;
    for (int i = 0; i < n; i++) {
        const struct ff_words words =
            figure_words(&s->panel->rows[s->order[i]], &s->column);
        const int len = (int)strlen(words.text);
        w.figure = len > w.figure ? len : w.figure;
    }
    w.share = width >= WIDE && !s->column.is_rate && s->column.measure == 0
                  ? SHARE_WIDTH + GAP
                  : 0;
    w.bar = width / 5;
    w.key = width - w.figure - w.share - w.bar - 2 * GAP;
    return w;
}

static void draw_small_row(struct ff_canvas *canvas, struct ff_strip at,
                           const struct sorted *s, const struct small *w,
                           const struct ff_board_row *row, enum ff_look look)
{
    at.width = w->key;
    draw_key(canvas, at, row);
    at.column += w->key + GAP;
    at.width = w->figure;
    ff_canvas_put_right(canvas, at, FF_CANVAS_STRONG,
                        figure_words(row, &s->column).text);
    at.column += w->figure;
    at.width = w->share;
    if (w->share)
        ff_canvas_put_right(canvas, at, FF_CANVAS_FAINT,
                            ff_words_share(row->measures[0], s->panel->total).text);
    at.column += w->share + GAP;
    at.width = w->bar;
    ff_canvas_bar(canvas, at, look, figure(row, &s->column), s->most);
}

void ff_panel_draw_small(const struct ff_dashboard *d, const struct ff_board *board,
                         enum ff_panel id, struct ff_canvas *canvas,
                         struct ff_area area)
{
    const struct ff_board_panel *panel = &board->panels[id];
    struct ff_strip at = { area.line, area.column, area.width };
    struct sorted s;
    char why[96];
    draw_title(d, id, canvas, at);
    const char *absent = nothing(board, panel, why, sizeof why, area.width);
    at.line++;
    if (absent) {
        ff_canvas_put(canvas, at, FF_CANVAS_FAINT, absent);
        return;
    }
    sort(&s, panel, &d->sorts[id]);
    const int n =
        (int)panel->n_rows < area.height - 1 ? (int)panel->n_rows : area.height - 1;
    const struct small w = lay_out_small(canvas, &s, area.width, n);
    const int label = (int)strlen(s.column.label);
    const int figures_end = area.column + w.key + GAP + w.figure;
    const struct ff_strip head = { area.line, figures_end - label - 1, label + 2 };
    if (head.column > area.column + 4 + (int)strlen(ff_panel_title(id))) {
        ff_canvas_fill(canvas, head, FF_CANVAS_PLAIN);
        ff_canvas_put(canvas,
                      (struct ff_strip) { area.line, figures_end - label, label },
                      FF_CANVAS_FAINT, s.column.label);
    }
    for (int i = 0; i < n; i++) {
        const struct ff_board_row *row = &panel->rows[s.order[i]];
        draw_small_row(canvas, at, &s, &w, row, bar_look(id, row));
        at.line++;
    }
}

/* ---- on a page of its own ---- */

struct page {
    struct sorted sorted;
    uint32_t n_columns;
    int widths[FF_BOARD_COLUMNS];
    int key, bar;
};

static int widest(const struct ff_board_panel *panel,
                  const struct ff_board_column *column)
{
    int width = (int)strlen(column->label) + 2; /* with the mark of order */
    for (uint32_t i = 0; i < panel->n_rows; i++) {
        const int len = (int)strlen(figure_words(&panel->rows[i], column).text);
        width = len > width ? len : width;
    }
    return width;
}

static void lay_out_page(struct page *page, const struct ff_board_panel *panel,
                         int width)
{
    int taken = SHARE_WIDTH + GAP;
    page->n_columns = panel->n_columns;
    for (uint32_t i = 0; i < panel->n_columns; i++) {
        page->widths[i] = widest(panel, &panel->columns[i]);
        taken += page->widths[i] + GAP;
    }
    while (page->n_columns > 1 && taken + KEY_MIN > width)
        taken -= page->widths[--page->n_columns] + GAP;
    int rest = width - taken;
    page->bar = rest - KEY_MIN - GAP < BAR_MIN ? 0 : (rest - KEY_MIN - GAP) / 2;
    if (page->bar < BAR_MIN)
        page->bar = page->bar ? BAR_MIN : 0;
    page->bar = page->bar > BAR_MAX ? BAR_MAX : page->bar;
    page->key = rest - (page->bar ? page->bar + GAP : 0);
}

static void draw_page_head(const struct page *page, struct ff_canvas *canvas,
                           struct ff_strip at)
{
    static const char *const marks[2][2] = { { " \xe2\x96\xbc", " \xe2\x96\xb2" },
                                             { " v", " ^" } };
    at.column += page->key;
    for (uint32_t i = 0; i < page->n_columns; i++) {
        const struct ff_board_column *column = &page->sorted.panel->columns[i];
        const bool is_by = column->measure == page->sorted.column.measure &&
                           column->is_rate == page->sorted.column.is_rate;
        char label[40];
        snprintf(label, sizeof label, "%s%s", column->label,
                 is_by ? marks[canvas->is_ascii][page->sorted.is_rising] : "");
        at.column += GAP;
        at.width = page->widths[i];
        ff_canvas_put_right(canvas, at, is_by ? FF_CANVAS_STRONG : FF_CANVAS_FAINT,
                            label);
        at.column += at.width;
        if (i == 0) {
            at.width = SHARE_WIDTH + GAP;
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
    draw_key(canvas, at, row);
    at.column += page->key;
    for (uint32_t i = 0; i < page->n_columns; i++) {
        at.column += GAP;
        at.width = page->widths[i];
        ff_canvas_put_right(canvas, at, i ? FF_CANVAS_PLAIN : FF_CANVAS_STRONG,
                            figure_words(row, &panel->columns[i]).text);
        at.column += at.width;
        if (i == 0) {
            at.width = SHARE_WIDTH + GAP;
            ff_canvas_put_right(canvas, at, FF_CANVAS_FAINT,
                                ff_words_share(row->measures[0], panel->total).text);
            at.column += at.width;
        }
    }
    at.column += GAP;
    at.width = page->bar;
    ff_canvas_bar(canvas, at, look, figure(row, &page->sorted.column),
                  page->sorted.most);
}

/* "1-15 of 87" and what has no row, below a rule; the sum of all if there is room. */
static void draw_page_end(const struct ff_dashboard *d,
                          const struct ff_board_panel *panel, int n,
                          struct ff_canvas *canvas, struct ff_strip at)
{
    char text[200], all[80];
    ff_canvas_rule(canvas, at, FF_CANVAS_FAINT);
    at.line++;
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
    if (len + GAP + len_all <= at.width)
        ff_canvas_put_right(canvas, at, FF_CANVAS_FAINT, all);
}

void ff_panel_draw_page(struct ff_dashboard *d, const struct ff_board *board,
                        struct ff_canvas *canvas, struct ff_area area)
{
    const struct ff_board_panel *panel = &board->panels[d->chosen];
    struct ff_strip at = { area.line, area.column, area.width };
    struct page page;
    char why[96];
    draw_title(d, d->chosen, canvas, at);
    const char *absent = nothing(board, panel, why, sizeof why, area.width);
    at.line++;
    if (absent) {
        ff_canvas_put(canvas, at, FF_CANVAS_FAINT, absent);
        return;
    }
    sort(&page.sorted, panel, &d->sorts[d->chosen]);
    lay_out_page(&page, panel, area.width);
    draw_page_head(&page, canvas, at);
    const size_t room = area.height > 4 ? (size_t)area.height - 4 : 1;
    const size_t last = panel->n_rows > room ? panel->n_rows - room : 0;
    d->first = d->first > last ? last : d->first;
    int n = 0;
    for (size_t i = d->first; i < panel->n_rows && (size_t)n < room; i++, n++) {
        const struct ff_board_row *row = &panel->rows[page.sorted.order[i]];
        at.line++;
        draw_page_row(&page, canvas, at, row, bar_look(d->chosen, row));
    }
    at.line = area.line + area.height - 2;
    draw_page_end(d, panel, n, canvas, at);
}
