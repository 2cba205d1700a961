/* The overview: a banner, the headline figures, requests a second, and as many panels
 * as there is room for. */
#include <stdio.h>
#include <string.h>

#include "dashboard.h"
#include "footfall/text.h"

/* A panel at least. */
#define PANEL_LINES   5
#define PANEL_COLUMNS 38
#define PANEL_GAP     2
/* A figure of the headline. */
#define FIGURE_MIN 11
#define FIGURE_MAX 18
/* What stands beside the chart of requests. */
#define RATE_COLUMNS 22
#define HOUR_COLUMNS 3
#define HOURS_LABEL  9
#define HOURS_FROM   150 /* columns of a terminal that has the hours too */
/* Lines of a terminal on which a panel's page has these too. */
#define HEADLINES_FROM 12
#define CHARTS_FROM    20
/* "2026-03-02 ", and what "footfall" takes of the banner. */
#define DATE_COLUMNS 11
#define NAME_COLUMNS 11

/* ---- banner and footer ---- */

/* The first that fits, each shorter than the one before; the last one if none does. */
static const char *fitting(const struct ff_canvas *canvas, const char *const texts[],
                           int n, int width)
{
    int i = 0;
    while (i < n - 1 && ff_canvas_width(canvas, texts[i]) > width)
        i++;
    return texts[i];
}

static void draw_banner(const struct ff_dashboard *d,
                        const struct ff_dashboard_figures *f, struct ff_canvas *canvas)
{
    struct ff_strip at = { 0, 0, canvas->columns };
    const char *paused = d->is_paused ? "PAUSED  " : "";
    const char *hour = strlen(f->time) > DATE_COLUMNS ? f->time + DATE_COLUMNS : "";
    char whole[128], dated[96], brief[96];
    snprintf(whole, sizeof whole, "%s%s  provisional ", paused, f->time);
    snprintf(dated, sizeof dated, "%s%s ", paused, f->time);
    snprintf(brief, sizeof brief, "%s%s ", paused, hour);
    const char *const texts[] = { whole, dated, brief };
    ff_canvas_fill(canvas, at, FF_CANVAS_BANNER);
    const int right =
        ff_canvas_put_right(canvas, at, FF_CANVAS_BANNER,
                            fitting(canvas, texts, 3, at.width - NAME_COLUMNS));
    at.column = 1;
    at.width = canvas->columns - right - 3;
    const int left = ff_canvas_put(canvas, at, FF_CANVAS_BANNER, "footfall");
    at.column += left + 2;
    at.width -= left + 2;
    if (f->board && at.width > 0)
        ff_canvas_put(canvas, at, FF_CANVAS_BANNER, f->board->site);
}

#define FOOTERS 4

static void draw_footer(const struct ff_dashboard *d,
                        const struct ff_dashboard_figures *f, struct ff_canvas *canvas)
{
    static const char *const keys[][FOOTERS] = {
        [FF_PAGE_OVERVIEW] = { "1-9 0 e b open  Tab choose  s sort  r reverse  p pause "
                               " "
                               "? help  q quit",
                               "1-9 0 e b open  s sort  p pause  ? help  q quit",
                               "1-9 0 e b open  ? help  q quit", "? help  q quit" },
        [FF_PAGE_PANEL] = { "arrows scroll  Tab next  s sort  r reverse  o overview  "
                            "p pause  ? help  q quit",
                            "arrows scroll  s r sort  o overview  ? help  q quit",
                            "o overview  ? help  q quit", "? help  q quit" },
        [FF_PAGE_HELP] = { "any key goes back  q quit", "any key  q quit",
                           "any key  q quit", "any key  q quit" },
    };
    static const char *const more[] = { "any key: the rest  q quit",
                                        "any key  q quit" };
    struct ff_strip at = { canvas->lines - 1, 0, canvas->columns };
    ff_canvas_fill(canvas, at, FF_CANVAS_BANNER);
    at.column = 1;
    at.width -= 2;
    const char *text = d->page == FF_PAGE_HELP && d->help_next
                           ? fitting(canvas, more, 2, at.width)
                           : fitting(canvas, keys[d->page], FOOTERS, at.width);
    /* What went wrong comes first. */
    ff_canvas_put(canvas, at, FF_CANVAS_BANNER, f->message[0] ? f->message : text);
}

/* ---- headline ---- */

struct headline {
    const char *label;
    struct ff_words figure;
    enum ff_look look;
};
#define HEADLINES_MOST 11

static struct ff_words known(const struct ff_board *board, uint64_t n)
{
    return board->has_totals ? ff_words_count(n) : (struct ff_words) { "-" };
}

/* In the order of what a narrow terminal keeps. */
static int make_headlines(const struct ff_dashboard_figures *f,
                          struct headline all[HEADLINES_MOST])
{
    const struct ff_board *b = f->board;
    const struct ff_totals *t = &b->totals;
    const uint64_t errors = b->client_errors + b->server_errors;
    const bool has_bytes = b->has_totals && b->profile != FF_PARTNER_PROFILE;
    const struct headline headlines[HEADLINES_MOST] = {
        { "visits now",
          f->active ? ff_words_count(f->active) : (struct ff_words) { "-" },
          FF_CANVAS_GOOD },
        { "visitors", known(b, t->visitors), FF_CANVAS_STRONG },
        { "visits", known(b, t->visits), FF_CANVAS_STRONG },
        { "page views", known(b, t->page_views), FF_CANVAS_STRONG },
        { "downloads", known(b, t->downloads), FF_CANVAS_STRONG },
        { "searches", known(b, t->site_searches), FF_CANVAS_STRONG },
        { "errors", ff_words_count(errors),
          errors ? FF_CANVAS_WARNING : FF_CANVAS_STRONG },
        { "robots", ff_words_share(b->robots, b->robots + b->human), FF_CANVAS_STRONG },
        { "bounces",
          b->has_totals ? ff_words_share(t->bounces, t->visits)
                        : (struct ff_words) { "-" },
          FF_CANVAS_STRONG },
        { "sent", has_bytes ? ff_words_bytes(t->bytes) : (struct ff_words) { "-" },
          FF_CANVAS_STRONG },
        { "unreadable", ff_words_count(b->malformed),
          b->malformed ? FF_CANVAS_WARNING : FF_CANVAS_STRONG },
    };
    for (int i = 0; i < HEADLINES_MOST; i++)
        all[i] = headlines[i];
    return HEADLINES_MOST;
}

static void draw_headlines(const struct ff_dashboard_figures *f,
                           struct ff_canvas *canvas, struct ff_area area)
{
    struct headline all[HEADLINES_MOST];
    int n = make_headlines(f, all);
    if (n > area.width / FIGURE_MIN)
        n = area.width / FIGURE_MIN;
    const int room = n ? area.width / n : 0;
    const int width = room > FIGURE_MAX ? FIGURE_MAX : room;
    for (int i = 0; i < n; i++) {
        struct ff_strip at = { area.line, area.column + i * width, width - 1 };
        ff_canvas_put(canvas, at, FF_CANVAS_FAINT, all[i].label);
        at.line++;
        ff_canvas_put(canvas, at, all[i].look, all[i].figure.text);
    }
}

/* ---- charts ---- */

/* Seconds, the newest at the right edge, and beside them what they come to. */
static void draw_rates(const struct ff_dashboard_figures *f, struct ff_canvas *canvas,
                       struct ff_area area)
{
    const int chart = area.width - RATE_COLUMNS;
    const struct ff_rates *rates = f->rates;
    const size_t room = chart > 0 ? (size_t)chart : 0;
    const size_t n = rates->n < room ? rates->n : room;
    const uint64_t *values = rates->seconds + (rates->n - n);
    uint64_t most = 0;
    for (size_t i = 0; i < n; i++)
        most = values[i] > most ? values[i] : most;
    char text[80];
    struct ff_strip at = { area.line, area.column, RATE_COLUMNS - 1 };
    snprintf(text, sizeof text, "%s requests/s",
             ff_words_count(ff_rates_last(rates)).text);
    ff_canvas_put(canvas, at, FF_CANVAS_STRONG, text);
    at.line++;
    snprintf(text, sizeof text, "%s lines", ff_words_count(f->lines).text);
    ff_canvas_put(canvas, at, FF_CANVAS_FAINT, text);
    at.line++;
    snprintf(text, sizeof text, "peak %s", ff_words_count(most).text);
    if (area.height > 2)
        ff_canvas_put(canvas, at, FF_CANVAS_FAINT, text);
    at = (struct ff_strip) { area.line + area.height - 1,
                             area.column + area.width - (int)n, (int)n };
    const struct ff_bars bars = { values, n, most, area.height, 1 };
    ff_canvas_bars(canvas, at, FF_CANVAS_BAR, &bars);
}

static void draw_hours(const struct ff_board *board, struct ff_canvas *canvas,
                       struct ff_area area)
{
    uint64_t most = 0;
    for (int i = 0; i < FF_BOARD_HOURS; i++)
        most = board->hours[i] > most ? board->hours[i] : most;
    struct ff_strip at = { area.line, area.column, HOURS_LABEL };
    ff_canvas_put(canvas, at, FF_CANVAS_FAINT, "visits");
    at.line++;
    ff_canvas_put(canvas, at, FF_CANVAS_FAINT, "by hour");
    at = (struct ff_strip) { area.line + area.height - 1, area.column + HOURS_LABEL,
                             area.width - HOURS_LABEL };
    for (int i = 0; i < FF_BOARD_HOURS; i += 3) {
        const struct ff_strip place = { at.line, at.column + i * HOUR_COLUMNS, 2 };
        char label[8];
        snprintf(label, sizeof label, "%02d", i);
        ff_canvas_put(canvas, place, FF_CANVAS_FAINT, label);
    }
    at.line--;
    const struct ff_bars bars = { board->hours, FF_BOARD_HOURS, most, area.height - 1,
                                  HOUR_COLUMNS };
    if (board->has_hours)
        ff_canvas_bars(canvas, at, FF_CANVAS_BAR, &bars);
}

static void draw_charts(const struct ff_dashboard_figures *f, struct ff_canvas *canvas,
                        struct ff_area area)
{
    const int hours = HOURS_LABEL + FF_BOARD_HOURS * HOUR_COLUMNS;
    struct ff_area rates = area;
    if (canvas->columns >= HOURS_FROM && area.height > 2) {
        rates.width -= hours + 4;
        const struct ff_area right = { area.line, area.column + rates.width + 4, hours,
                                       area.height };
        draw_hours(f->board, canvas, right);
    }
    draw_rates(f, canvas, rates);
}

/* ---- panels ---- */

static int columns_of_panels(int width)
{
    return width < 2 * PANEL_COLUMNS ? 1 : width < 140 ? 2 : width < 220 ? 3 : 4;
}

/* Those that do not fit come when the chosen one is among them. */
static void draw_panels(const struct ff_dashboard *d, const struct ff_board *board,
                        struct ff_canvas *canvas, struct ff_area area)
{
    const int across = columns_of_panels(area.width);
    int down = area.height / PANEL_LINES;
    if (down < 1)
        down = 1;
    if (down > (FF_PANELS + across - 1) / across)
        down = (FF_PANELS + across - 1) / across;
    const int shown = across * down;
    const int first = (int)d->chosen / shown * shown;
    const int width = (area.width - (across - 1) * PANEL_GAP) / across;
    for (int i = 0; i < shown && first + i < FF_PANELS; i++) {
        const int x = i % across, y = i / across;
        const int top = area.height * y / down, bottom = area.height * (y + 1) / down;
        /* A blank line below, where there is room for one. */
        const int gap = bottom - top >= PANEL_LINES + 3;
        const struct ff_area place = { area.line + top,
                                       area.column + x * (width + PANEL_GAP), width,
                                       bottom - top - gap };
        ff_panel_draw_small(d, board, (enum ff_panel)(first + i), canvas, place);
    }
}

/* On a low terminal a panel's page has its rows, not all that is above them. */
static void draw_body(struct ff_dashboard *d, const struct ff_dashboard_figures *f,
                      struct ff_canvas *canvas)
{
    const bool is_panel = d->page == FF_PAGE_PANEL;
    struct ff_area area = { 1, 1, canvas->columns - 2, 2 };
    if (!is_panel || canvas->lines >= HEADLINES_FROM) {
        draw_headlines(f, canvas, area);
        area.line += 2 + (canvas->lines >= 40);
    }
    if (!is_panel || canvas->lines >= CHARTS_FROM) {
        area.height = canvas->lines >= 40 ? 5 : 2;
        draw_charts(f, canvas, area);
        area.line += area.height + (canvas->lines >= 24);
    }
    area.height = canvas->lines - 1 - area.line;
    if (area.height < 2)
        return;
    if (is_panel)
        ff_panel_draw_page(d, f->board, canvas, area);
    else
        draw_panels(d, f->board, canvas, area);
}

void ff_dashboard_draw(struct ff_dashboard *d, const struct ff_dashboard_figures *f,
                       struct ff_canvas *canvas)
{
    ff_canvas_blank(canvas);
    if (canvas->columns < 20 || canvas->lines < 4) {
        ff_canvas_put(canvas, (struct ff_strip) { 0, 0, canvas->columns },
                      FF_CANVAS_PLAIN, "too small");
        return;
    }
    const struct ff_area whole = { 1, 1, canvas->columns - 2, canvas->lines - 2 };
    if (d->page == FF_PAGE_HELP)
        ff_dashboard_draw_help(d, canvas, whole);
    else if (f->board)
        draw_body(d, f, canvas);
    else
        ff_canvas_put(canvas, (struct ff_strip) { 2, 1, canvas->columns - 2 },
                      FF_CANVAS_PLAIN, "Waiting for the first lines of the log.");
    draw_banner(d, f, canvas);
    draw_footer(d, f, canvas);
}
