/* A table as a card: each key stands on a bar of its share of the largest row. The bars
 * are drawn with SVG attributes, since the page's policy allows no inline style. */
#include "html.h"

#include <stdlib.h>

#include "change.h"
#include "comparison.h"
#include "inert.h"
#include "outline.h"
#include "words.h"

#define ARROW " \xe2\x86\x92 " /* U+2192, in our own hand */

void ff_html_words(FILE *out, const char *words)
{
    ff_inert_html(out, ff_span_of(words));
}

void ff_html_bar(FILE *out, uint64_t part, uint64_t whole)
{
    const unsigned permille = ff_view_permille(part, whole);
    if (permille == 0)
        return;
    fprintf(out,
            "<svg class=\"bar\" viewBox=\"0 0 1000 1\" preserveAspectRatio=\"none\" "
            "aria-hidden=\"true\"><rect width=\"%u\" height=\"1\"/></svg>",
            permille);
}

static void put_pieces(FILE *out, const struct ff_pieces *pieces)
{
    for (size_t i = 0; i < pieces->n; i++) {
        /* Each part by itself, and from the left: a path of Hebrew words is still a
         * path, its slashes must not change places. */
        if (i % 2 == 0)
            fputs("<bdi dir=\"ltr\">", out);
        ff_inert_html(out, pieces->at[i]);
        if (i % 2 == 0)
            fputs("</bdi>", out);
    }
}

struct card {
    const struct ff_view *view;
    const struct ff_view_table *table;
    struct ff_column columns[FF_COLUMNS];
    size_t n_columns;
};

static void put_head(FILE *out, const struct card *card)
{
    const struct ff_table_info *info = card->table->info;
    fputs("<div class=\"card\"><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
          "aria-label=\"",
          out);
    ff_html_words(out, info->title);
    fputs("\"><table><caption>", out);
    ff_html_words(out, info->title);
    fputs("</caption>\n<thead><tr><th scope=\"col\">", out);
    for (unsigned i = 0; i < info->key_parts; i++) {
        fputs(i ? (info == &ff_table_infos[FF_TRANSITIONS] ? ARROW : " / ") : "", out);
        ff_html_words(out, info->key_names[i]);
    }
    fputs("</th>", out);
    for (size_t c = 0; c < card->n_columns; c++) {
        fputs("<th scope=\"col\">", out);
        ff_html_words(out, card->columns[c].label.text);
        fputs("</th>", out);
    }
    fputs("</tr></thead>\n<tbody>\n", out);
}

static void put_row(FILE *out, const struct card *card, const struct ff_view_row *row,
                    uint64_t most)
{
    const struct ff_pieces key = ff_key_pieces(card->table->info, row->key, ARROW);
    fputs("<tr><th scope=\"row\">", out);
    ff_html_bar(out, row->measures[0], most);
    fputs("<bdi>", out);
    put_pieces(out, &key);
    fputs("</bdi></th>", out);
    for (size_t c = 0; c < card->n_columns; c++) {
        fputs("<td>", out);
        ff_html_words(
            out, ff_outline_cell(card->view, card->table, row, &card->columns[c]).text);
        if (c == 0 && ff_view_row_is_least(card->view, card->table, row))
            fputs("<span class=\"plus\" title=\"at least\">+</span>", out);
        fputs("</td>", out);
    }
    fputs("</tr>\n", out);
}

/* A row of one figure, and its change if there is one to be said. */
static void put_sum(FILE *out, const struct card *card, const char *label, uint64_t n,
                    const char *change)
{
    size_t used = 1;
    fputs("<tr><th scope=\"row\">", out);
    ff_html_words(out, label);
    fprintf(out, "</th><td>%s</td>", ff_words_count(n).text);
    if (change) {
        fputs("<td>", out);
        ff_html_words(out, change);
        fputs("</td>", out);
        used++;
    }
    if (card->n_columns > used)
        fprintf(out, "<td colspan=\"%u\"></td>", (unsigned)(card->n_columns - used));
    fputs("</tr>\n", out);
}

static void put_total(FILE *out, const struct card *card)
{
    struct ff_words change = { "" };
    const bool is_compared = ff_comparison_is_there(card->view);
    if (is_compared)
        change = ff_change_of_total(card->view, card->table);
    put_sum(out, card, "total", card->table->total, is_compared ? change.text : NULL);
}

static void put_foot(FILE *out, const struct card *card, size_t n_more, uint64_t more)
{
    fputs("</tbody>\n<tfoot>\n", out);
    if (n_more) {
        char label[64];
        snprintf(label, sizeof label, "and %s more", ff_words_count(n_more).text);
        put_sum(out, card, label, more, NULL);
    }
    if (card->table->other)
        put_sum(out, card, "other, too rare to show", card->table->other, NULL);
    put_total(out, card);
    fputs("</tfoot></table></div></div>\n", out);
}

static void put_card(FILE *out, const struct card *card, const size_t *order,
                     size_t n_shown)
{
    const struct ff_view_table *table = card->table;
    uint64_t most = 0, more = 0;
    for (size_t i = 0; i < table->n_rows; i++)
        most = table->rows[i].measures[0] > most ? table->rows[i].measures[0] : most;
    put_head(out, card);
    for (size_t i = 0; i < n_shown; i++)
        put_row(out, card, &table->rows[order[i]], most);
    for (size_t i = n_shown; i < table->n_rows; i++)
        more += table->rows[order[i]].measures[0];
    put_foot(out, card, table->n_rows - n_shown, more);
}

enum ff_err ff_html_table(FILE *out, const struct ff_view *view,
                          const struct ff_view_table *table,
                          const struct ff_render_settings *settings,
                          struct ff_fault *fault)
{
    struct card card = { .view = view, .table = table };
    card.n_columns = ff_outline_columns(view, table, card.columns);
    size_t n_shown = table->n_rows;
    if (!ff_words_is_ordinal(table) && n_shown > settings->rows)
        n_shown = settings->rows;
    size_t *order =
        (size_t *)malloc((table->n_rows ? table->n_rows : 1) * sizeof *order);
    if (!order)
        return ff_fault_nomem(fault);
    ff_words_order(table, order);
    put_card(out, &card, order, n_shown);
    free(order);
    return FF_OK;
}
