/* The report for a terminal or a mail. All that we write ourselves is ASCII, bars too:
 * a renderer knows no locale, and "#" reads the same over ssh, in a pager and in print.
 * Keys are UTF-8, made inert. No line is wider than the settings' columns. */
#include "renderers.h"

#include <stdlib.h>

#include "change.h"
#include "comparison.h"
#include "inert.h"
#include "outline.h"
#include "receipt.h"
#include "text_table.h"
#include "view.h"
#include "words.h"

#define COLUMNS_MIN 40
#define COLUMNS_MAX 240
#define BARS_MAX    62
/* From so many columns on, headlines have the other span's figure, and their remark. */
#define COMPARED      60
#define COMPARED_WIDE 70
/* From so many columns on, the receipt's labels have a column of their own. */
#define LABELLED 60

static void put_heading(FILE *out, const struct ff_render_settings *settings,
                        const char *title)
{
    putc('\n', out);
    ff_text_look(out, settings, FF_LOOK_HEADING);
    fprintf(out, "%s\n", title);
    for (size_t i = 0; title[i]; i++)
        putc('=', out);
    ff_text_look(out, settings, FF_LOOK_PLAIN);
    putc('\n', out);
}

/* Words of `text` in lines of at most `columns`, each behind `margin` blanks. `*at` is
 * the column to go on from; 0 begins a paragraph. */
static void put_words(FILE *out, const char *text, size_t margin, size_t columns,
                      size_t *at)
{
    while (*text) {
        const size_t len = strcspn(text, " ");
        if (*at == 0 || *at + 1 + len > columns) {
            fprintf(out, "%s%*s", *at ? "\n" : "", (int)margin, "");
            *at = margin;
        } else {
            putc(' ', out);
            ++*at;
        }
        fwrite(text, 1, len, out);
        *at += len;
        text += len + strspn(text + len, " ");
    }
}

static void put_wrapped(FILE *out, const char *text, size_t columns, size_t *at)
{
    put_words(out, text, 2, columns, at);
}

static void put_title(FILE *out, const struct ff_view *view,
                      const struct ff_render_settings *settings)
{
    const size_t columns = settings->columns;
    const struct ff_pieces site = { .at = { view->site }, .n = 1 };
    fputs("footfall: ", out);
    ff_inert_shortened(out, &site, columns - 36); /* what follows is so long */
    fprintf(out, ", %s", ff_words_date(view->from).text);
    if (view->end - 1 > view->from)
        fprintf(out, " to %s", ff_words_date(view->end - 1).text);
    const struct ff_pieces zone = { .at = { view->zone }, .n = 1 };
    fputs("\nTime zone: ", out);
    ff_inert_shortened(out, &zone, columns - 30); /* the profile has 19 */
    fprintf(out, "; profile %s\n", ff_profile_names[view->profile]);
    if (view->is_provisional) {
        ff_text_look(out, settings, FF_LOOK_WARNING);
        fputs("PROVISIONAL: a period is not whole.", out);
        ff_text_look(out, settings, FF_LOOK_PLAIN);
        putc('\n', out);
    }
}

/* One figure: 31 columns, and up to 9 more for a remark; two of them make 80. */
static void put_headline(FILE *out, const struct ff_headline *line, bool is_last)
{
    char remark[16] = "";
    if (line->remark.text[0])
        snprintf(remark, sizeof remark, " (%.10s)", line->remark.text);
    fprintf(out, "  %-14s%15s", line->label.text, line->figure.text);
    if (is_last)
        fprintf(out, "%s\n", remark);
    else
        fprintf(out, "%-9s", remark);
}

static void put_compared_head(FILE *out, size_t columns)
{
    if (columns >= COMPARED_WIDE)
        fprintf(out, "  %-14s%15s%25s%14s\n", "", "this span", "other span", "change");
    else if (columns >= COMPARED)
        fprintf(out, "  %-14s%15s%15s%14s\n", "", "this span", "other span", "change");
    else
        fprintf(out, "  %-14s%15s%9s\n", "", "this span", "change");
}

/* The figure, its remark, what it is in the other span, and the change: what there is
 * room for. */
static void put_compared(FILE *out, const struct ff_headline *line,
                         const struct ff_headline_change *change, size_t columns)
{
    char remark[16] = "";
    if (line->remark.text[0])
        snprintf(remark, sizeof remark, " (%.10s)", line->remark.text);
    fprintf(out, "  %-14s%15s", line->label.text, line->figure.text);
    if (columns >= COMPARED_WIDE)
        fprintf(out, "%-10s", remark);
    if (columns >= COMPARED)
        fprintf(out, "%15s", change->other.text);
    const int width = columns >= COMPARED ? 14 : 9;
    const bool fits = strlen(change->change.text) < (size_t)width;
    fprintf(out, "%*s\n", width, fits ? change->change.text : FF_CHANGE_MARK);
}

static void put_all_compared(FILE *out, const struct ff_view *view,
                             const struct ff_headline *all, size_t n, size_t columns)
{
    struct ff_headline_change changes[FF_HEADLINES];
    ff_change_of_headlines(view, changes);
    put_compared_head(out, columns);
    for (size_t i = 0; i < n; i++)
        put_compared(out, &all[i], &changes[i], columns);
}

static void put_comparison(FILE *out, const struct ff_view *view, size_t columns)
{
    struct ff_sentence sentence;
    size_t at = 0;
    if (!ff_comparison_sentence(view, &sentence))
        return;
    putc('\n', out);
    put_wrapped(out, sentence.text, columns, &at);
    putc('\n', out);
}

static void put_headlines(FILE *out, const struct ff_view *view, size_t columns)
{
    struct ff_headline all[FF_HEADLINES];
    const size_t n = ff_outline_headlines(view, all);
    putc('\n', out);
    if (n && ff_comparison_is_there(view)) {
        put_all_compared(out, view, all, n, columns);
        return;
    }
    if (n == 0) {
        char why[80];
        size_t at = 0;
        snprintf(why, sizeof why, "No totals: %s.", ff_words_absent(view).text);
        put_wrapped(out, why, columns, &at);
        putc('\n', out);
    }
    const size_t per_line = columns >= 80 ? 2 : 1;
    for (size_t i = 0; i < n; i++)
        put_headline(out, &all[i], i % per_line == per_line - 1 || i + 1 == n);
}

static void put_bar(FILE *out, const struct ff_render_settings *settings,
                    const struct ff_bar *bar, uint64_t most)
{
    if (!bar->is_known) {
        fprintf(out, "  %-14s %12s  withheld\n", bar->label.text, "-");
        return;
    }
    fprintf(out, "  %-14s %12s  ", bar->label.text, ff_words_count(bar->visits).text);
    ff_text_look(out, settings, FF_LOOK_BAR);
    ff_text_bar(out, bar->visits, most, settings->columns - 31);
    ff_text_look(out, settings, FF_LOOK_PLAIN);
    putc('\n', out);
}

static enum ff_err put_chart(FILE *out, const struct ff_view *view,
                             const struct ff_render_settings *settings,
                             struct ff_fault *fault)
{
    struct ff_bar *bars;
    size_t n;
    FF_TRY(ff_outline_bars(view, BARS_MAX, &bars, &n, fault));
    const char *grain = n < view->n_days ? "month" : ff_view_grain_name(view);
    char title[32];
    snprintf(title, sizeof title, "Visits a %s", grain);
    put_heading(out, settings, title);
    uint64_t most = 0;
    for (size_t i = 0; i < n; i++)
        most = bars[i].visits > most ? bars[i].visits : most;
    for (size_t i = 0; i < n; i++)
        put_bar(out, settings, &bars[i], most);
    free(bars);
    return FF_OK;
}

static enum ff_err put_section(FILE *out, const struct ff_view *view,
                               const struct ff_section *section,
                               const struct ff_render_settings *settings,
                               struct ff_fault *fault)
{
    bool has_heading = false;
    for (size_t i = 0; i < section->n; i++) {
        const struct ff_view_table *table = &view->tables[section->tables[i]];
        if (!ff_outline_shows(view, table))
            continue;
        if (!has_heading)
            put_heading(out, settings, section->title);
        else
            putc('\n', out);
        has_heading = true;
        FF_TRY(ff_text_table(out, view, table, settings, fault));
    }
    return FF_OK;
}

/* One line for all tables that have nothing to show, and why. */
static void put_unshown(FILE *out, const struct ff_view *view, bool is_withheld,
                        const char *why, size_t columns)
{
    size_t at = 0;
    for (int i = 0; i < FF_VIEW_TABLES; i++) {
        const struct ff_view_table *table = &view->tables[ff_view_order[i]];
        if (!ff_outline_lists(view, table, is_withheld))
            continue;
        if (at == 0) {
            putc('\n', out);
            put_wrapped(out, why, columns - 1, &at);
        } else {
            putc(',', out);
            at++;
        }
        put_wrapped(out, table->info->title, columns - 1, &at);
    }
    if (at)
        fputs(".\n", out);
}

static void put_reconciliation(FILE *out, const struct ff_view *view,
                               const struct ff_render_settings *settings)
{
    struct ff_line_class classes[FF_LINE_CLASSES];
    ff_outline_lines(view, classes);
    put_heading(out, settings, "Every line accounted for");
    for (size_t i = 0; i < FF_LINE_CLASSES; i++) {
        const struct ff_line_class *line = &classes[i];
        const struct ff_words count = ff_words_count(line->lines);
        if (line->is_part)
            fprintf(out, "    %-20s %14s\n", line->label, count.text);
        else if (line->meaning[0] && settings->columns >= 80)
            fprintf(out, "  %-12s %24s  %s\n", line->label, count.text, line->meaning);
        else
            fprintf(out, "  %-12s %24s\n", line->label, count.text);
    }
    fprintf(out, "  %-12s %24s\n", "lines", ff_words_count(view->lines).text);
}

/* A paragraph for each thing that the receipt is about, its label before it. */
static void put_receipt(FILE *out, const struct ff_view *view,
                        const struct ff_render_settings *settings)
{
    const size_t columns = settings->columns, margin = columns >= LABELLED ? 16 : 4;
    struct ff_receipt_line line;
    const char *label = "";
    size_t at = 0;
    put_heading(out, settings, "Privacy receipt");
    for (unsigned i = 0; ff_receipt_line(view, i, &line); i++) {
        if (!line.sentence.text[0])
            continue;
        if (strcmp(label, line.label) != 0) {
            label = line.label;
            if (at)
                putc('\n', out);
            const bool has_room = columns >= LABELLED;
            fprintf(out, has_room ? "  %-13s" : "  %s\n", label);
            at = has_room ? margin - 1 : 0;
        } else if (line.is_item) {
            at = columns;
        }
        put_words(out, line.sentence.text, margin, columns, &at);
    }
    putc('\n', out);
}

static void put_imprint(FILE *out, const struct ff_view *view, size_t columns)
{
    size_t at = 0;
    putc('\n', out);
    char end[128];
    snprintf(end, sizeof end, "Profile %s, k %lu, kn %lu, rules version %lu, footfall",
             ff_profile_names[view->profile], (unsigned long)view->k,
             (unsigned long)view->kn, (unsigned long)view->rules);
    put_wrapped(out, end, columns, &at);
    put_wrapped(out, view->version, columns - 1, &at);
    fputs(".\n", out);
}

enum ff_err ff_render_text(FILE *out, const struct ff_view *view,
                           const struct ff_render_settings *settings,
                           struct ff_fault *fault)
{
    if (settings->is_brief)
        return ff_render_brief(out, view, settings, fault);
    struct ff_render_settings bounded = *settings;
    if (bounded.columns < COLUMNS_MIN)
        bounded.columns = COLUMNS_MIN;
    if (bounded.columns > COLUMNS_MAX)
        bounded.columns = COLUMNS_MAX;
    put_title(out, view, &bounded);
    put_comparison(out, view, bounded.columns);
    put_headlines(out, view, bounded.columns);
    if (view->n_days > 1)
        FF_TRY(put_chart(out, view, &bounded, fault));
    for (size_t i = 0; i < FF_SECTIONS; i++)
        FF_TRY(put_section(out, view, &ff_sections[i], &bounded, fault));
    put_unshown(out, view, false, "Nothing to show in:", bounded.columns);
    char why[96];
    snprintf(why, sizeof why, "Withheld (%s):", ff_words_absent(view).text);
    put_unshown(out, view, true, why, bounded.columns);
    put_reconciliation(out, view, &bounded);
    put_receipt(out, view, &bounded);
    put_imprint(out, view, bounded.columns);
    return ff_words_written(out, fault);
}
