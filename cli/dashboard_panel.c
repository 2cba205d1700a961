/* A panel, small among others. Keys get what the figures leave; a bar shows the column
 * that the rows are sorted by. */
#include <stdio.h>
#include <stdlib.h>

#include "dashboard_panel.h"
#include "footfall/text.h"

#define FIGURE_MIN 6
/* From so many columns on, a small panel has shares. */
#define WIDE 56

/* What a cell counts; a rate in millionths. */
uint64_t ff_panel_figure(const struct ff_board_row *row,
                         const struct ff_board_column *column)
{
    const uint64_t n = row->measures[column->measure];
    if (!column->is_rate)
        return n;
    return row->measures[0] ? (uint64_t)((double)n * 1e6 / (double)row->measures[0])
                            : 0;
}

struct ff_words ff_panel_words(const struct ff_board_row *row,
                               const struct ff_board_column *column)
{
    const uint64_t n = row->measures[column->measure];
    if (column->is_rate)
        return ff_words_share(n, row->measures[0]);
    return column->is_bytes ? ff_words_bytes(n) : ff_words_count(n);
}

static int by_figure(const void *a, const void *b, void *context)
{
    const struct ff_panel_sorted *s = context;
    const uint16_t i = *(const uint16_t *)a, j = *(const uint16_t *)b;
    const uint64_t x = ff_panel_figure(&s->panel->rows[i], &s->column);
    const uint64_t y = ff_panel_figure(&s->panel->rows[j], &s->column);
    if (x != y)
        return (x > y) == s->is_rising ? 1 : -1;
    return (i > j) - (i < j);
}

void ff_panel_sort(struct ff_panel_sorted *s, const struct ff_board_panel *panel,
                   const struct ff_dashboard_sort *by)
{
    s->panel = panel;
    s->column = panel->columns[by->column % panel->n_columns];
    s->is_rising = by->is_rising;
    s->most = 0;
    for (uint16_t i = 0; i < panel->n_rows; i++) {
        const uint64_t n = ff_panel_figure(&panel->rows[i], &s->column);
        s->order[i] = i;
        s->most = n > s->most ? n : s->most;
    }
    qsort_r(s->order, panel->n_rows, sizeof *s->order, by_figure, s);
}

enum ff_look ff_panel_bar_look(enum ff_panel id, const struct ff_board_row *row)
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

/* Why there is no row, in so many columns; or NULL. A panel that is a part of a table
 * does not know what of it is too rare. */
const char *ff_panel_nothing(const struct ff_board *board,
                             const struct ff_board_panel *panel, char *text,
                             size_t size, int width)
{
    if (panel->n_rows)
        return NULL;
    if (panel->is_present && panel->other) {
        snprintf(text, size, "all too rare to show: %s",
                 ff_words_count(panel->other).text);
        return text;
    }
    if (panel->is_present)
        return panel->total ? "none, or too rare to show" : "none so far";
    const int len = snprintf(text, size, "withheld: %s", board->absent);
    return len > width ? "withheld: too few visitors" : text;
}

/* "3 Downloads ------- ", and its look. */
void ff_panel_draw_title(const struct ff_dashboard *d, enum ff_panel id,
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

/* The key, and behind it what else is known of it where there is room for it. */
void ff_panel_draw_key(struct ff_canvas *canvas, struct ff_strip at,
                       const struct ff_board_row *row)
{
    const int len = ff_canvas_put(canvas, at, FF_CANVAS_PLAIN, row->key);
    at.column += len + FF_PANEL_GAP;
    at.width -= len + FF_PANEL_GAP;
    if (at.width >= ff_canvas_width(canvas, row->remark))
        ff_canvas_put(canvas, at, FF_CANVAS_FAINT, row->remark);
}

struct small {
    int key, figure, share, bar;
};

static struct small lay_out_small(const struct ff_canvas *canvas,
                                  const struct ff_panel_sorted *s, int width, int n)
{
    struct small w = { .figure = ff_canvas_width(canvas, s->column.label) };
    w.figure = w.figure > FIGURE_MIN ? w.figure : FIGURE_MIN;
    for (int i = 0; i < n; i++) {
        const struct ff_words words =
            ff_panel_words(&s->panel->rows[s->order[i]], &s->column);
        const int len = (int)strlen(words.text);
        w.figure = len > w.figure ? len : w.figure;
    }
    w.share = width >= WIDE && !s->column.is_rate && s->column.measure == 0
                  ? FF_PANEL_SHARE + FF_PANEL_GAP
                  : 0;
    w.bar = width / 5;
    w.key = width - w.figure - w.share - w.bar - 2 * FF_PANEL_GAP;
    return w;
}

static void draw_small_row(struct ff_canvas *canvas, struct ff_strip at,
                           const struct ff_panel_sorted *s, const struct small *w,
                           const struct ff_board_row *row, enum ff_look look)
{
    at.width = w->key;
    ff_panel_draw_key(canvas, at, row);
    at.column += w->key + FF_PANEL_GAP;
    at.width = w->figure;
    ff_canvas_put_right(canvas, at, FF_CANVAS_STRONG,
                        ff_panel_words(row, &s->column).text);
    at.column += w->figure;
    at.width = w->share;
    if (w->share)
        ff_canvas_put_right(canvas, at, FF_CANVAS_FAINT,
                            ff_words_share(row->measures[0], s->panel->total).text);
    at.column += w->share + FF_PANEL_GAP;
    at.width = w->bar;
    ff_canvas_bar(canvas, at, look, ff_panel_figure(row, &s->column), s->most);
}

void ff_panel_draw_small(const struct ff_dashboard *d, const struct ff_board *board,
                         enum ff_panel id, struct ff_canvas *canvas,
                         struct ff_area area)
{
    const struct ff_board_panel *panel = &board->panels[id];
    struct ff_strip at = { area.line, area.column, area.width };
    struct ff_panel_sorted s;
    char why[96];
    ff_panel_draw_title(d, id, canvas, at);
    const char *absent = ff_panel_nothing(board, panel, why, sizeof why, area.width);
    at.line++;
    if (absent) {
        ff_canvas_put(canvas, at, FF_CANVAS_FAINT, absent);
        return;
    }
    ff_panel_sort(&s, panel, &d->sorts[id]);
    const int n =
        (int)panel->n_rows < area.height - 1 ? (int)panel->n_rows : area.height - 1;
    const struct small w = lay_out_small(canvas, &s, area.width, n);
    const int label = (int)strlen(s.column.label);
    const int figures_end = area.column + w.key + FF_PANEL_GAP + w.figure;
    const struct ff_strip head = { area.line, figures_end - label - 1, label + 2 };
    if (head.column > area.column + 4 + (int)strlen(ff_panel_title(id))) {
        ff_canvas_fill(canvas, head, FF_CANVAS_PLAIN);
        ff_canvas_put(canvas,
                      (struct ff_strip) { area.line, figures_end - label, label },
                      FF_CANVAS_FAINT, s.column.label);
    }
    for (int i = 0; i < n; i++) {
        const struct ff_board_row *row = &panel->rows[s.order[i]];
        draw_small_row(canvas, at, &s, &w, row, ff_panel_bar_look(id, row));
        at.line++;
    }
}
