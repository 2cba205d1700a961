/* Fills a board from a view. Each panel is a table of the view, or the rows of one that
 * have a certain first part. Keys are made inert here, once. */
#include "footfall/board.h"

#include <assert.h>
#include <stdlib.h>

#include "inert.h"
#include "outline.h"
#include "view.h"

/* Columns that a key is kept for: more than a panel gives it. */
#define KEY_COLUMNS 200

struct source {
    const char *title; /* NULL: the table's */
    enum ff_table table;
    const char *only; /* rows whose key begins with this part */
};

static const struct source sources[FF_PANELS] = {
    [FF_PANEL_PAGES] = { NULL, FF_PAGES, NULL },
    [FF_PANEL_SOURCES] = { NULL, FF_SOURCES, NULL },
    [FF_PANEL_DOWNLOADS] = { NULL, FF_DOWNLOADS, NULL },
    [FF_PANEL_SEARCHES] = { "Searches", FF_SITE_SEARCHES, NULL },
    [FF_PANEL_STATUSES] = { NULL, FF_STATUSES, NULL },
    [FF_PANEL_COUNTRIES] = { NULL, FF_COUNTRIES, NULL },
    [FF_PANEL_AI_CRAWLERS] = { NULL, FF_AI_CRAWLERS, NULL },
    [FF_PANEL_AI_REFERRALS] = { "AI referrals", FF_SOURCES, "ai assistant" },
    [FF_PANEL_ERRORS] = { "Errors: not found", FF_NOT_FOUND, NULL },
    [FF_PANEL_ROBOTS] = { NULL, FF_ROBOTS_TABLE, NULL },
    [FF_PANEL_ENTRY_PAGES] = { NULL, FF_ENTRY_PAGES, NULL },
    [FF_PANEL_BROWSERS] = { NULL, FF_BROWSERS, NULL },
};

const char *ff_panel_title(enum ff_panel panel)
{
    const struct source *source = &sources[panel];
    return source->title ? source->title : ff_table_infos[source->table].title;
}

/* What is too long for the board's memory, too, as marks without a width may be, ends
 * before a character. */
static void copy(char *to, size_t size, const char *text, size_t len)
{
    if (len >= size) {
        len = size - 1;
        while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
            len--;
    }
    memcpy(to, text, len);
    to[len] = '\0';
}

static enum ff_err put_text(char *to, size_t size, const struct ff_pieces *pieces,
                            struct ff_fault *fault)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    if (!out)
        return ff_fault_nomem(fault);
    ff_inert_shortened(out, pieces, KEY_COLUMNS);
    const bool is_written = fclose(out) == 0;
    if (is_written)
        copy(to, size, text, len);
    free(text);
    return is_written ? FF_OK : ff_fault_nomem(fault);
}

/* A source is known by its name, if it has one; all else by its first part. */
static enum ff_err put_row(struct ff_board_row *to, const struct source *source,
                           const struct ff_view_row *row, struct ff_fault *fault)
{
    const struct ff_table_info *info = &ff_table_infos[source->table];
    const bool is_named = source->table == FF_SOURCES && row->key[1].len > 0;
    const struct ff_pieces key = { .at = { row->key[is_named] }, .n = 1 };
    struct ff_pieces remark = { .n = 0 };
    if (is_named && !source->only)
        remark.at[remark.n++] = row->key[0];
    for (size_t i = 1; source->table != FF_SOURCES && i < info->key_parts; i++) {
        if (i > 1)
            remark.at[remark.n++] = FF_SPAN(", ");
        remark.at[remark.n++] = row->key[i];
    }
    memcpy(to->measures, row->measures, sizeof to->measures);
    FF_TRY(put_text(to->key, sizeof to->key, &key, fault));
    return put_text(to->remark, sizeof to->remark, &remark, fault);
}

static void fill_columns(struct ff_board_panel *panel, const struct ff_view *view,
                         const struct ff_view_table *table)
{
    struct ff_column columns[FF_COLUMNS];
    const size_t n = ff_outline_columns(view, table, columns);
    for (size_t i = 0; i < n && panel->n_columns < FF_BOARD_COLUMNS; i++) {
        if (columns[i].is_change)
            continue;
        struct ff_board_column *column = &panel->columns[panel->n_columns++];
        *column = (struct ff_board_column) { .measure = columns[i].measure,
                                             .is_rate = columns[i].is_rate,
                                             .is_bytes = columns[i].is_bytes };
        snprintf(column->label, sizeof column->label, "%.23s", columns[i].label.text);
    }
}

static enum ff_err fill_panel(struct ff_board_panel *panel, const struct ff_view *view,
                              const struct source *source, struct ff_fault *fault)
{
    const struct ff_view_table *table = &view->tables[source->table];
    const bool is_part = source->only != NULL;
    panel->is_present = table->is_present;
    panel->n_columns = panel->n_rows = 0;
    panel->n_all = 0;
    panel->total = table->total;
    panel->other = is_part ? 0 : table->other;
    fill_columns(panel, view, table);
    for (size_t i = 0; i < table->n_rows; i++) {
        const struct ff_view_row *row = &table->rows[i];
        if (is_part && !ff_span_equal(row->key[0], ff_span_of(source->only)))
            continue;
        if (panel->n_all++ >= FF_BOARD_ROWS)
            continue;
        FF_TRY(put_row(&panel->rows[panel->n_rows++], source, row, fault));
    }
    return FF_OK;
}

/* An hour's key is its number. */
static void fill_hours(struct ff_board *board, const struct ff_view_table *table)
{
    board->has_hours = table->is_present;
    memset(board->hours, 0, sizeof board->hours);
    for (size_t i = 0; i < table->n_rows; i++) {
        const struct ff_span key = table->rows[i].key[0];
        unsigned hour = 0;
        for (size_t j = 0; j < key.len && hour < FF_BOARD_HOURS; j++)
            hour = hour * 10 + (unsigned)(key.data[j] - '0');
        if (hour < FF_BOARD_HOURS)
            board->hours[hour] = table->rows[i].measures[0];
    }
}

enum ff_err ff_board_fill(struct ff_board *board, const struct ff_view *view,
                          struct ff_fault *fault)
{
    const struct ff_pieces site = { .at = { view->site }, .n = 1 };
    FF_TRY(put_text(board->site, sizeof board->site, &site, fault));
    board->from = view->from;
    board->end = view->end;
    board->profile = view->profile;
    board->has_totals = view->totals.is_known;
    board->totals = view->totals.sums;
    snprintf(board->absent, sizeof board->absent, "%s", ff_words_absent(view).text);
    board->human = view->human;
    board->robots = view->robots;
    board->malformed = view->sums.malformed + view->run.malformed;
    board->client_errors = view->sums.human[FF_CLASS_CLIENT_ERRORS];
    board->server_errors = view->sums.human[FF_CLASS_SERVER_ERRORS];
    fill_hours(board, &view->tables[FF_HOURS]);
    for (size_t i = 0; i < FF_PANELS; i++)
        FF_TRY(fill_panel(&board->panels[i], view, &sources[i], fault));
    return FF_OK;
}
