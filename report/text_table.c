/* The layout is made from what is shown: keys take what they need, numbers their
 * widest, and a bar what remains. Where that is too narrow the bar goes first, then the
 * last columns, then the middle of long keys. */
#include "text_table.h"

#include <stdlib.h>

#include "change.h"
#include "comparison.h"
#include "inert.h"
#include "outline.h"
#include "words.h"

#define INDENT  2
#define GAP     2
#define KEY_MIN 24
#define BAR_MIN 6
#define BAR_MAX 24
#define ARROW   " -> "

struct layout {
    const struct ff_render_settings *settings;
    const struct ff_view *view;
    const struct ff_view_table *table;
    size_t *order;
    size_t n_shown;
    struct ff_column columns[FF_COLUMNS];
    size_t widths[FF_COLUMNS];
    size_t n_columns;
    size_t key, bar;
    bool has_least; /* a column of "+" stands behind the first numbers */
};

void ff_text_look(FILE *out, const struct ff_render_settings *settings,
                  enum ff_look look)
{
    /* The sixteen colours that every terminal has, as its user has chosen them. */
    static const char *const codes[] = {
        [FF_LOOK_PLAIN] = "\033[0m",    [FF_LOOK_HEADING] = "\033[1m",
        [FF_LOOK_BAR] = "\033[36m",     [FF_LOOK_FAINT] = "\033[2m",
        [FF_LOOK_WARNING] = "\033[33m",
    };
    if (settings->has_colour)
        fputs(codes[look], out);
}

void ff_text_bar(FILE *out, uint64_t n, uint64_t most, size_t columns)
{
    if (n == 0)
        return;
    const size_t len = ff_view_permille(n, most) * columns / 1000;
    for (size_t i = 0; i < (len ? len : 1); i++)
        putc('#', out);
}

static const struct ff_view_row *row_at(const struct layout *layout, size_t i)
{
    return &layout->table->rows[layout->order[i]];
}

static size_t widest_key(const struct layout *layout)
{
    size_t widest = strlen(layout->table->info->title);
    for (size_t i = 0; i < layout->n_shown; i++) {
        const struct ff_pieces key =
            ff_key_pieces(layout->table->info, row_at(layout, i)->key, ARROW);
        const size_t width = ff_pieces_width(&key);
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* Below a column: the sum, and its change. */
static struct ff_words total_cell(const struct layout *layout, size_t c)
{
    if (layout->columns[c].is_change)
        return ff_change_of_total(layout->view, layout->table);
    return c == 0 ? ff_words_count(layout->table->total) : (struct ff_words) { "" };
}

static size_t widest_cell(const struct layout *layout, size_t c)
{
    const struct ff_column *column = &layout->columns[c];
    size_t widest = strlen(column->label.text);
    for (size_t i = 0; i < layout->n_shown; i++) {
        const struct ff_words cell =
            ff_outline_cell(layout->view, layout->table, row_at(layout, i), column);
        const size_t width = strlen(cell.text);
        widest = width > widest ? width : widest;
    }
    const size_t total = strlen(total_cell(layout, c).text);
    return total > widest ? total : widest;
}

static void lay_out(struct layout *layout, size_t columns)
{
    layout->n_columns =
        ff_outline_columns(layout->view, layout->table, layout->columns);
    for (size_t i = 0; i < layout->n_shown; i++)
        layout->has_least |=
            ff_view_row_is_least(layout->view, layout->table, row_at(layout, i));
    size_t taken = INDENT + layout->has_least;
    for (size_t c = 0; c < layout->n_columns; c++) {
        layout->widths[c] = widest_cell(layout, c);
        taken += GAP + layout->widths[c];
    }
    while (layout->n_columns > 1 && taken + KEY_MIN > columns)
        taken -= GAP + layout->widths[--layout->n_columns];
    const size_t room = columns > taken ? columns - taken : 1;
    const size_t key = widest_key(layout);
    layout->key = key < KEY_MIN ? KEY_MIN : key;
    if (layout->key > room)
        layout->key = room;
    const size_t rest = room - layout->key;
    layout->bar = rest < GAP + BAR_MIN ? 0 : rest - GAP;
    if (layout->bar > BAR_MAX)
        layout->bar = BAR_MAX;
}

static void put_blanks(FILE *out, size_t n)
{
    fprintf(out, "%*s", (int)n, "");
}

static void put_head(FILE *out, const struct layout *layout)
{
    const struct ff_pieces title = { .at = { ff_span_of(layout->table->info->title) },
                                     .n = 1 };
    ff_text_look(out, layout->settings, FF_LOOK_HEADING);
    const size_t width = ff_inert_shortened(out, &title, layout->key + INDENT);
    ff_text_look(out, layout->settings, FF_LOOK_PLAIN);
    put_blanks(out, layout->key + INDENT - width);
    for (size_t c = 0; c < layout->n_columns; c++) {
        put_blanks(out, GAP);
        fprintf(out, "%*s", (int)layout->widths[c], layout->columns[c].label.text);
        if (c == 0 && layout->has_least && layout->n_columns > 1)
            putc(' ', out);
    }
    putc('\n', out);
}

static void put_row(FILE *out, const struct layout *layout,
                    const struct ff_view_row *row, uint64_t most)
{
    const struct ff_pieces key = ff_key_pieces(layout->table->info, row->key, ARROW);
    put_blanks(out, INDENT);
    const size_t width = ff_inert_shortened(out, &key, layout->key);
    put_blanks(out, layout->key - width);
    for (size_t c = 0; c < layout->n_columns; c++) {
        const struct ff_words cell =
            ff_outline_cell(layout->view, layout->table, row, &layout->columns[c]);
        put_blanks(out, GAP);
        fprintf(out, "%*s", (int)layout->widths[c], cell.text);
        if (c == 0 && layout->has_least)
            putc(ff_view_row_is_least(layout->view, layout->table, row) ? '+' : ' ',
                 out);
    }
    if (layout->bar) {
        put_blanks(out, GAP);
        ff_text_look(out, layout->settings, FF_LOOK_BAR);
        ff_text_bar(out, row->measures[0], most, layout->bar);
        ff_text_look(out, layout->settings, FF_LOOK_PLAIN);
    }
    putc('\n', out);
}

/* A line of one figure: what is not shown, other, total. */
static void put_sum(FILE *out, const struct layout *layout, const char *label,
                    uint64_t n)
{
    fprintf(out, "%*s%-*.*s%*s%*s", INDENT, "", (int)layout->key, (int)layout->key,
            label, GAP, "", (int)layout->widths[0], ff_words_count(n).text);
}

static void put_total(FILE *out, const struct layout *layout)
{
    put_sum(out, layout, "total", layout->table->total);
    if (layout->n_columns > 1 && layout->columns[1].is_change)
        fprintf(out, "%*s%*s", GAP + layout->has_least, "", (int)layout->widths[1],
                total_cell(layout, 1).text);
    putc('\n', out);
}

/* What stands below the rows. */
static void put_sums(FILE *out, const struct layout *layout, uint64_t more)
{
    const struct ff_view_table *table = layout->table;
    ff_text_look(out, layout->settings, FF_LOOK_FAINT);
    if (layout->n_shown < table->n_rows) {
        char label[64];
        snprintf(label, sizeof label, "and %s more",
                 ff_words_count(table->n_rows - layout->n_shown).text);
        put_sum(out, layout, label, more);
        putc('\n', out);
    }
    if (table->other) {
        put_sum(out, layout, "other, too rare to show", table->other);
        putc('\n', out);
    }
    put_total(out, layout);
    ff_text_look(out, layout->settings, FF_LOOK_PLAIN);
}

static void put_rows(FILE *out, const struct layout *layout)
{
    const struct ff_view_table *table = layout->table;
    uint64_t most = 0, more = 0;
    for (size_t i = 0; i < layout->n_shown; i++)
        most = row_at(layout, i)->measures[0] > most ? row_at(layout, i)->measures[0]
                                                     : most;
    for (size_t i = 0; i < layout->n_shown; i++)
        put_row(out, layout, row_at(layout, i), most);
    for (size_t i = layout->n_shown; i < table->n_rows; i++)
        more += row_at(layout, i)->measures[0];
    put_sums(out, layout, more);
}

enum ff_err ff_text_table(FILE *out, const struct ff_view *view,
                          const struct ff_view_table *table,
                          const struct ff_render_settings *settings,
                          struct ff_fault *fault)
{
    struct layout layout = {
        .settings = settings, .view = view, .table = table, .n_shown = table->n_rows
    };
    if (!ff_words_is_ordinal(table) && layout.n_shown > settings->rows)
        layout.n_shown = settings->rows;
    layout.order =
        (size_t *)malloc((table->n_rows ? table->n_rows : 1) * sizeof *layout.order);
    if (!layout.order)
        return ff_fault_nomem(fault);
    ff_words_order(table, layout.order);
    lay_out(&layout, settings->columns);
    put_head(out, &layout);
    put_rows(out, &layout);
    free(layout.order);
    return FF_OK;
}
