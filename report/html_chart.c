/* Visits and page views over the days: columns on one scale, page views wide and light,
 * visits narrow and dark before them. The drawing stretches with the page, so its
 * numbers and dates stand outside it, in the page's own text size. */
#include "html.h"

#include <stdlib.h>

#include "outline.h"
#include "words.h"

#define BARS_MAX 400
#define WIDTH    1000
#define HEIGHT   1000
#define TICKS    4
#define CROWD    120
#define LABELS   8 /* up to so many bars, each has its date */

/* The least of 4, 8, 12, 20, 40, 80, 120, ... that is not below, so that quarters are
 * whole numbers. */
static uint64_t axis_top(uint64_t most)
{
    static const uint64_t steps[] = { 4, 8, 12, 20 };
    for (uint64_t ten = 1; ten < UINT64_MAX / 200; ten *= 10)
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
            if (steps[i] * ten >= most)
                return steps[i] * ten;
    return UINT64_MAX;
}

static unsigned height_of(uint64_t n, uint64_t top)
{
    return n >= top ? HEIGHT : (unsigned)((double)n / (double)top * HEIGHT + 0.5);
}

static void put_rect(FILE *out, const char *class, double x, double width,
                     unsigned height)
{
    /* Thousandths as integers: no locale may put a comma here. */
    const unsigned x1 = (unsigned)(x * 1000), w1 = (unsigned)(width * 1000);
    fprintf(out,
            "<rect class=\"%s\" x=\"%u.%03u\" y=\"%u\" width=\"%u.%03u\" "
            "height=\"%u\"/>",
            class, x1 / 1000, x1 % 1000, HEIGHT - height, w1 / 1000, w1 % 1000, height);
}

/* A column's width and its two parts' margins, in the drawing's units. */
struct slot {
    double width, outer, inner;
};

static void put_column(FILE *out, const struct ff_view *view, const struct ff_bar *bar,
                       double x, struct slot slot, uint64_t top)
{
    const double wide = slot.width - 2 * slot.outer;
    const double narrow = slot.width - 2 * slot.inner;
    fputs("<g><title>", out);
    ff_html_words(out, bar->label.text);
    if (!bar->is_known) {
        fprintf(out, ": withheld, fewer than %lu visitors or %lu networks</title>",
                (unsigned long)view->k, (unsigned long)view->kn);
        put_rect(out, "no", x + slot.outer, wide, HEIGHT);
    } else {
        fprintf(out, ": %s visits, %s page views</title>",
                ff_words_count(bar->visits).text, ff_words_count(bar->page_views).text);
        put_rect(out, "pv", x + slot.outer, wide, height_of(bar->page_views, top));
        put_rect(out, "vi", x + slot.inner, narrow, height_of(bar->visits, top));
    }
    fputs("</g>\n", out);
}

static void put_drawing(FILE *out, const struct ff_view *view,
                        const struct ff_bar *bars, size_t n, uint64_t top)
{
    fputs("<svg viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\" role=\"img\" "
          "aria-labelledby=\"ct cd\"><title id=\"ct\">Visits and page views</title>"
          "<desc id=\"cd\">",
          out);
    fprintf(
        out,
        "A column for each %s from %s to %s; the same figures are in the table that "
        "follows.</desc>\n",
        n < view->n_days ? "month" : ff_view_grain_name(view), bars[0].label.text,
        bars[n - 1].label.text);
    for (unsigned i = 0; i <= TICKS; i++)
        fprintf(out, "<line class=\"grid\" x1=\"0\" x2=\"%u\" y1=\"%u\" y2=\"%u\"/>\n",
                WIDTH, HEIGHT / TICKS * i, HEIGHT / TICKS * i);
    const double pitch = (double)WIDTH / (double)n;
    /* A few columns would be walls, and gaps between very many a flicker. */
    const double width = n < 4 ? pitch * (double)n / 4 : pitch;
    const double gap = n > CROWD ? 0 : width;
    const struct slot slot = { width, gap * .08, gap * .22 };
    for (size_t i = 0; i < n; i++)
        put_column(out, view, &bars[i], pitch * (double)i + (pitch - width) / 2, slot,
                   top);
    fputs("</svg>\n", out);
}

static void put_labels(FILE *out, const struct ff_bar *bars, size_t n)
{
    fputs(n <= LABELS ? "<div class=\"x all\" aria-hidden=\"true\">"
                      : "<div class=\"x\" aria-hidden=\"true\">",
          out);
    const size_t step = n <= LABELS ? 1 : (n - 1) / 2;
    for (size_t i = 0; i < n && (n <= LABELS || i <= 2 * step); i += step) {
        const char *label = bars[n > LABELS && i == 2 * step ? n - 1 : i].label.text;
        /* Month and day are enough where every column has its label. */
        fprintf(out, "<span>%s</span>",
                n <= LABELS && n > 3 && strlen(label) == 10 ? label + 5 : label);
    }
    fputs("</div>\n", out);
}

static void put_figure(FILE *out, const struct ff_view *view, const struct ff_bar *bars,
                       size_t n)
{
    uint64_t most = 1;
    for (size_t i = 0; i < n; i++) {
        most = bars[i].visits > most ? bars[i].visits : most;
        most = bars[i].page_views > most ? bars[i].page_views : most;
    }
    const uint64_t top = axis_top(most);
    fprintf(out,
            "<figure class=\"card\"><figcaption><b>Visits and page views a %s</b>"
            "<span><span class=\"sw v\"></span>visits</span>"
            "<span><span class=\"sw p\"></span>page views</span></figcaption>\n"
            "<div class=\"plot\"><div class=\"y\" aria-hidden=\"true\">",
            n < view->n_days ? "month" : ff_view_grain_name(view));
    for (unsigned i = 0; i <= TICKS; i++)
        fprintf(out, "<span>%s</span>", ff_words_count(top / TICKS * (TICKS - i)).text);
    fputs("</div>\n", out);
    put_drawing(out, view, bars, n, top);
    put_labels(out, bars, n);
    fputs("</div></figure>\n", out);
}

static void put_cell(FILE *out, bool is_known, uint64_t n)
{
    fprintf(out, "<td>%s</td>", is_known ? ff_words_count(n).text : "\xe2\x80\x93");
}

static void put_days(FILE *out, const struct ff_view *view)
{
    fprintf(out,
            "<div class=\"card\"><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
            "aria-label=\"Figures a %s\"><table><thead><tr><th scope=\"col\">%s</th>"
            "<th scope=\"col\">visitors</th><th scope=\"col\">visits</th>"
            "<th scope=\"col\">page views</th></tr></thead>\n<tbody>\n",
            ff_view_grain_name(view), ff_view_grain_name(view));
    for (size_t i = 0; i < view->n_days; i++) {
        const struct ff_view_totals *totals = &view->days[i].totals;
        fprintf(out, "<tr><th scope=\"row\">%s</th>",
                ff_words_date(view->days[i].start).text);
        put_cell(out, totals->is_known, totals->sums.visitors);
        put_cell(out, totals->is_known, totals->sums.visits);
        put_cell(out, totals->is_known, totals->sums.page_views);
        fputs("</tr>\n", out);
    }
    fputs("</tbody></table></div></div>\n", out);
}

enum ff_err ff_html_chart(FILE *out, const struct ff_view *view, struct ff_fault *fault)
{
    struct ff_bar *bars;
    size_t n;
    FF_TRY(ff_outline_bars(view, BARS_MAX, &bars, &n, fault));
    fputs("<div class=\"wide\">\n", out);
    put_figure(out, view, bars, n);
    put_days(out, view);
    fputs("</div>\n", out);
    free(bars);
    return FF_OK;
}
