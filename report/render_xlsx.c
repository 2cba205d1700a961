/* A workbook for a spreadsheet: a sheet a table, cells with types, so that nothing has
 * to be imported. Text is written as text whatever it begins with, so no key is a
 * formula. The first sheets say what the report is: its figures, its days, its lines,
 * and what was withheld. Tables are those of the whole span, as in the JSON.
 *
 * libxlsxwriter writes to names only, so it is given one of memory (memfd_create); it
 * keeps a sheet's XML in a temporary file without a name while it packs: released
 * counts, nothing of a visitor. The same view gives the same bytes. */
#include "renderers.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "inert.h"
#include "outline.h"
#include "receipt.h"
#include "view.h"
#include "words.h"
#include "xlsx_library.h"

/* Excel's bounds, less the head. */
#define ROWS_MAX    (1048576 - 2)
#define KEY_COLUMN  44.0
#define NUMBER_WIDE 14.0

/* A sheet being written, from top to bottom. */
struct page {
    struct ff_xlsx_library xlsx;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *head, *count, *share, *day, *wrapped;
    lxw_row_t row;
    lxw_error err; /* the first trouble */
};

static void note(struct page *page, lxw_error err)
{
    if (!page->err)
        page->err = err;
}

static void begin_sheet(struct page *page, const char *name)
{
    page->sheet = page->xlsx.workbook_add_worksheet(page->book, name);
    page->row = 0;
    if (!page->sheet)
        note(page, LXW_ERROR_MEMORY_MALLOC_FAILED);
}

static void put_text(struct page *page, lxw_col_t column, const char *text,
                     lxw_format *format)
{
    note(page, page->xlsx.worksheet_write_string(page->sheet, page->row, column, text,
                                                 format));
}

static void put_count(struct page *page, lxw_col_t column, uint64_t n)
{
    note(page, page->xlsx.worksheet_write_number(page->sheet, page->row, column,
                                                 (double)n, page->count));
}

/* Days as the spreadsheet's own, counted from 1899-12-30. */
static void put_day(struct page *page, lxw_col_t column, int32_t day)
{
    note(page, page->xlsx.worksheet_write_number(page->sheet, page->row, column,
                                                 (double)day + 25569, page->day));
}

/* Text of the log, made inert. */
static void put_key(struct page *page, lxw_col_t column, struct ff_span key)
{
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);
    if (!memory) {
        note(page, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    ff_inert_terminal(memory, key);
    if (fclose(memory) != 0)
        note(page, LXW_ERROR_MEMORY_MALLOC_FAILED);
    else
        put_text(page, column, text, NULL);
    free(text);
}

static void put_pair(struct page *page, const char *label, const char *text)
{
    put_text(page, 0, label, NULL);
    put_text(page, 1, text, NULL);
    page->row++;
}

static void put_summary(struct page *page, const struct ff_view *view)
{
    struct ff_headline all[FF_HEADLINES];
    const size_t n = ff_outline_headlines(view, all);
    begin_sheet(page, "Summary");
    note(page, page->xlsx.worksheet_set_column(page->sheet, 0, 0, 24, NULL));
    note(page, page->xlsx.worksheet_set_column(page->sheet, 1, 1, KEY_COLUMN, NULL));
    put_text(page, 0, "site", page->head);
    put_key(page, 1, view->site);
    page->row++;
    put_text(page, 0, "first day", NULL);
    put_day(page, 1, view->from);
    page->row++;
    put_text(page, 0, "last day", NULL);
    put_day(page, 1, view->end - 1);
    page->row++;
    put_text(page, 0, "time zone", NULL);
    put_key(page, 1, view->zone);
    page->row++;
    put_pair(page, "profile", ff_profile_names[view->profile]);
    put_pair(page, "whole", view->is_provisional ? "no, a period is not" : "yes");
    put_pair(page, "made by footfall", view->version);
    page->row++;
    if (n == 0)
        put_pair(page, "no totals", ff_words_absent(view).text);
    for (size_t i = 0; i < n; i++) {
        char figure[128];
        snprintf(figure, sizeof figure, "%s%s%s%s", all[i].figure.text,
                 all[i].remark.text[0] ? " (" : "", all[i].remark.text,
                 all[i].remark.text[0] ? ")" : "");
        put_pair(page, all[i].label.text, figure);
    }
    page->row++;
    for (size_t i = 0; i < FF_DEFINITIONS; i++)
        put_pair(page, ff_definitions[i].word, ff_definitions[i].meaning);
}

/* One line a period; a withheld figure is an empty cell. */
static void put_days(struct page *page, const struct ff_view *view)
{
    static const char *const heads[] = { "first day",     "visitors",
                                         "visits",        "page views",
                                         "bounces",       "downloads",
                                         "site searches", "median seconds of a visit",
                                         "bytes" };
    const bool has_bytes = view->profile != FF_PARTNER_PROFILE;
    begin_sheet(page, "Days");
    for (size_t i = 0; i < sizeof heads / sizeof *heads - !has_bytes; i++)
        put_text(page, (lxw_col_t)i, heads[i], page->head);
    note(page, page->xlsx.worksheet_set_column(page->sheet, 0, 8, NUMBER_WIDE, NULL));
    page->xlsx.worksheet_freeze_panes(page->sheet, 1, 1);
    for (size_t i = 0; i < view->n_days && i < ROWS_MAX; i++) {
        const struct ff_view_totals *totals = &view->days[i].totals;
        const struct ff_totals *sums = &totals->sums;
        page->row++;
        put_day(page, 0, view->days[i].start);
        if (!totals->is_known)
            continue;
        put_count(page, 1, sums->visitors);
        put_count(page, 2, sums->visits);
        put_count(page, 3, sums->page_views);
        put_count(page, 4, sums->bounces);
        put_count(page, 5, sums->downloads);
        put_count(page, 6, sums->site_searches);
        if (totals->has_median)
            put_count(page, 7, totals->median_seconds);
        if (has_bytes)
            put_count(page, 8, sums->bytes);
    }
}

static void put_lines(struct page *page, const struct ff_view *view)
{
    struct ff_line_class classes[FF_LINE_CLASSES];
    ff_outline_lines(view, classes);
    begin_sheet(page, "Lines");
    note(page, page->xlsx.worksheet_set_column(page->sheet, 0, 1, 24, NULL));
    put_text(page, 0, "lines", page->head);
    put_text(page, 1, "of them", page->head);
    put_text(page, 2, "count", page->head);
    for (size_t i = 0; i < FF_LINE_CLASSES; i++) {
        page->row++;
        put_text(page, classes[i].is_part ? 1 : 0, classes[i].label, NULL);
        put_count(page, 2, classes[i].lines);
    }
    page->row++;
    put_text(page, 0, "all", page->head);
    put_count(page, 2, view->lines);
}

/* The receipt: what each sentence is about, and the sentence. */
static void put_privacy(struct page *page, const struct ff_view *view)
{
    struct ff_receipt_line line;
    begin_sheet(page, "Privacy");
    note(page, page->xlsx.worksheet_set_column(page->sheet, 0, 0, 20, NULL));
    note(page, page->xlsx.worksheet_set_column(page->sheet, 1, 1, 100, NULL));
    for (unsigned i = 0; ff_receipt_line(view, i, &line); i++) {
        if (!line.sentence.text[0])
            continue;
        put_text(page, 0, line.label, NULL);
        put_text(page, 1, line.sentence.text, page->wrapped);
        page->row++;
    }
}

/* The measures that a sheet shows. */
struct shown {
    uint8_t measures[FF_MEASURES];
    lxw_col_t n;
};

static struct shown measures_of(const struct ff_view *view,
                                const struct ff_table_info *info)
{
    struct shown shown = { .n = 0 };
    for (unsigned m = 0; m < info->n_measures; m++)
        if (view->profile != FF_PARTNER_PROFILE || !ff_measure_is_bytes(info, m))
            shown.measures[shown.n++] = (uint8_t)m;
    return shown;
}

static void put_table_head(struct page *page, const struct ff_view *view,
                           const struct ff_view_table *table, const struct shown *shown)
{
    const struct ff_table_info *info = table->info;
    const lxw_col_t parts = info->key_parts;
    for (lxw_col_t i = 0; i < parts; i++)
        put_text(page, i, info->key_names[i], page->head);
    for (lxw_col_t i = 0; i < shown->n; i++)
        put_text(page, parts + i,
                 ff_words_measure(view, info->measures[shown->measures[i]]).text,
                 page->head);
    const lxw_col_t last = parts + shown->n;
    put_text(page, last, "share", page->head);
    if (view->n_days > 1)
        put_text(page, last + 1, "rows in periods", page->head);
    note(page,
         page->xlsx.worksheet_set_column(page->sheet, 0, parts - 1, KEY_COLUMN, NULL));
    note(page, page->xlsx.worksheet_set_column(page->sheet, parts, last + 1,
                                               NUMBER_WIDE, NULL));
    page->xlsx.worksheet_freeze_panes(page->sheet, 1, parts);
}

static void put_share(struct page *page, lxw_col_t column, uint64_t part,
                      uint64_t whole)
{
    if (whole)
        note(page, page->xlsx.worksheet_write_number(page->sheet, page->row, column,
                                                     (double)part / (double)whole,
                                                     page->share));
}

static void put_row(struct page *page, const struct ff_view *view,
                    const struct ff_view_table *table, const struct ff_view_row *row,
                    const struct shown *shown)
{
    const lxw_col_t parts = table->info->key_parts;
    page->row++;
    for (lxw_col_t i = 0; i < parts; i++)
        put_key(page, i, row->key[i]);
    for (lxw_col_t i = 0; i < shown->n; i++)
        put_count(page, parts + i, row->measures[shown->measures[i]]);
    const lxw_col_t last = parts + shown->n;
    put_share(page, last, row->measures[0], table->total);
    if (view->n_days > 1)
        put_count(page, last + 1, row->periods);
}

static void put_table(struct page *page, const struct ff_view *view,
                      const struct ff_view_table *table)
{
    const struct ff_table_info *info = table->info;
    const struct shown shown = measures_of(view, info);
    begin_sheet(page, info->name);
    put_table_head(page, view, table, &shown);
    for (size_t i = 0; i < table->n_rows && i < ROWS_MAX; i++)
        put_row(page, view, table, &table->rows[i], &shown);
    if (page->row)
        note(page, page->xlsx.worksheet_autofilter(page->sheet, 0, 0, page->row,
                                                   info->key_parts + shown.n - 1));
    if (!info->threshold || !table->other)
        return;
    page->row++;
    put_text(page, 0, "(other)", NULL);
    put_count(page, info->key_parts, table->other);
    put_share(page, info->key_parts + shown.n, table->other, table->total);
}

static void add_formats(struct page *page)
{
    lxw_format **const formats[] = { &page->head, &page->count, &page->share,
                                     &page->day, &page->wrapped };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        *formats[i] = page->xlsx.workbook_add_format(page->book);
        if (!*formats[i]) {
            note(page, LXW_ERROR_MEMORY_MALLOC_FAILED);
            return;
        }
    }
    page->xlsx.format_set_bold(page->head);
    page->xlsx.format_set_num_format(page->count, "#,##0");
    page->xlsx.format_set_num_format(page->share, "0.0%");
    page->xlsx.format_set_num_format(page->day, "yyyy-mm-dd");
    page->xlsx.format_set_text_wrap(page->wrapped);
}

static void fill(struct page *page, const struct ff_view *view)
{
    /* When it was made is nobody's business, and would make each file another. */
    lxw_doc_properties properties = { .created = (time_t)view->end * 86400 };
    note(page, page->xlsx.workbook_set_properties(page->book, &properties));
    add_formats(page);
    if (page->err)
        return;
    put_summary(page, view);
    put_days(page, view);
    for (int i = 0; i < FF_VIEW_TABLES && !page->err; i++)
        if (view->tables[ff_view_order[i]].is_present)
            put_table(page, view, &view->tables[ff_view_order[i]]);
    put_lines(page, view);
    put_privacy(page, view);
}

/* What libxlsxwriter wrote into memory goes to `out`. */
static enum ff_err copy(FILE *out, int memory, struct ff_fault *fault)
{
    char block[1 << 16];
    ssize_t got;
    if (lseek(memory, 0, SEEK_SET) != 0)
        return ff_fault_set(fault, FF_ERR_IO, "cannot read the workbook again: %s",
                            strerror(errno));
    while ((got = read(memory, block, sizeof block)) > 0)
        fwrite(block, 1, (size_t)got, out);
    if (got < 0)
        return ff_fault_set(fault, FF_ERR_IO, "cannot read the workbook again: %s",
                            strerror(errno));
    return ff_words_written(out, fault);
}

enum ff_err ff_check_xlsx(struct ff_fault *fault)
{
    struct ff_xlsx_library library;
    return ff_xlsx_library_open(&library, fault);
}

enum ff_err ff_render_xlsx(FILE *out, const struct ff_view *view,
                           const struct ff_render_settings *settings,
                           struct ff_fault *fault)
{
    (void)settings; /* a workbook is always whole */
    char name[32];
    struct page page = { .row = 0 };
    FF_TRY(ff_xlsx_library_open(&page.xlsx, fault));
    const int memory = memfd_create("footfall", MFD_CLOEXEC);
    if (memory < 0)
        return ff_fault_set(fault, FF_ERR_IO, "no memory file for the workbook: %s",
                            strerror(errno));
    snprintf(name, sizeof name, "/proc/self/fd/%d", memory);
    page.book = page.xlsx.workbook_new(name);
    if (!page.book) {
        close(memory);
        return ff_fault_nomem(fault);
    }
    fill(&page, view);
    const lxw_error closed =
        page.xlsx.workbook_close(page.book); /* frees it, come what may */
    note(&page, closed);
    enum ff_err err = FF_OK;
    if (page.err == LXW_ERROR_MEMORY_MALLOC_FAILED)
        err = ff_fault_nomem(fault);
    else if (page.err)
        err = ff_fault_set(fault, FF_ERR_IO, "cannot make the workbook: %s",
                           page.xlsx.lxw_strerror(page.err));
    if (!err)
        err = copy(out, memory, fault);
    close(memory);
    return err;
}
