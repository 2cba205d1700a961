/* The brief: ten lines for a mail or a chat, each at most as wide as the settings'
 * columns. What there is of a table stands in one line, its largest rows first, as many
 * as fit. ASCII but for keys, as the text report is. */
#include "renderers.h"

#include <stdlib.h>

#include "change.h"
#include "comparison.h"
#include "inert.h"
#include "outline.h"
#include "view.h"
#include "words.h"

#define COLUMNS_MIN 40
#define LABEL       11
#define KEY_MAX     32
#define KEY_MIN     8

/* Places of ff_outline_headlines, and a new line. */
enum { VISITORS, VISITS, PAGE_VIEWS, PAGES_A_VISIT, MEDIAN, BOUNCES, BREAK };

static void put_title(FILE *out, const struct ff_view *view, size_t columns)
{
    const struct ff_pieces site = { .at = { view->site }, .n = 1 };
    ff_inert_shortened(out, &site, columns - 36); /* what follows is so long */
    fprintf(out, ", %s", ff_words_date(view->from).text);
    if (view->end - 1 > view->from)
        fprintf(out, " to %s", ff_words_date(view->end - 1).text);
    fprintf(out, ", %s\n", ff_profile_names[view->profile]);
}

/* Writes ", words" if there is room for it in the line. */
static void put_part(FILE *out, const char *words, size_t columns, size_t *at)
{
    const size_t len = strlen(words);
    if (*at + 2 + len > columns)
        return;
    fprintf(out, ", %s", words);
    *at += 2 + len;
}

static size_t put_label(FILE *out, const char *label)
{
    fprintf(out, "%-*s", LABEL, label);
    return LABEL;
}

/* The headlines that belong to visits, each "1,234 visits (+12.5 %)". */
static void put_headlines(FILE *out, const struct ff_view *view, size_t columns)
{
    struct ff_headline all[FF_HEADLINES];
    struct ff_headline_change changes[FF_HEADLINES];
    const size_t n = ff_outline_headlines(view, all);
    size_t at = put_label(out, "Visits");
    if (n == 0) {
        fprintf(out, "no totals: %.*s\n", (int)(columns - at - 11),
                ff_words_absent(view).text);
        return;
    }
    const bool is_compared = ff_comparison_is_there(view);
    if (is_compared)
        ff_change_of_headlines(view, changes);
    static const uint8_t order[] = { VISITS,        VISITORS, PAGE_VIEWS, BREAK,
                                     PAGES_A_VISIT, MEDIAN,   BOUNCES };
    for (size_t i = 0; i < sizeof order; i++) {
        if (order[i] == BREAK) {
            putc('\n', out);
            at = 0;
            continue;
        }
        const struct ff_headline *line = &all[order[i]];
        char words[160], remark[64] = "";
        if (is_compared)
            snprintf(remark, sizeof remark, " (%.40s)", changes[order[i]].change.text);
        else if (line->remark.text[0])
            snprintf(remark, sizeof remark, " (%.40s)", line->remark.text);
        if (order[i] == MEDIAN && !view->totals.has_median)
            continue;
        if (order[i] == MEDIAN && !is_compared)
            snprintf(words, sizeof words, "about %.48s a visit", line->figure.text);
        else
            snprintf(words, sizeof words, "%s %s%s", line->figure.text,
                     line->label.text, remark);
        if (at == 0)
            at = put_label(out, "Reading");
        if (at == LABEL)
            at += (size_t)fprintf(out, "%s", words);
        else
            put_part(out, words, columns, &at);
    }
    putc('\n', out);
}

/* "Chrome 126 1,234, Safari 500": rows of a table with their first measure. */
static void put_rows(FILE *out, const struct ff_view *view, int id, const char *label,
                     size_t columns)
{
    const struct ff_view_table *table = &view->tables[id];
    size_t at = put_label(out, label);
    if (!table->is_present || table->total == 0) {
        fputs(table->is_present ? "none\n" : "withheld\n", out);
        return;
    }
    size_t shown = 0;
    for (size_t i = 0; i < table->n_rows; i++) {
        const struct ff_words count = ff_words_count(table->rows[i].measures[0]);
        struct ff_pieces key = ff_key_pieces(table->info, table->rows[i].key, " -> ");
        if (id == FF_SOURCES && key.n > 1) /* the product says its channel */
            key = (struct ff_pieces) { .at = { table->rows[i].key[1] }, .n = 1 };
        const size_t taken = at + (shown ? 2 : 0) + 1 + strlen(count.text);
        size_t room = columns > taken ? columns - taken : 0;
        const size_t width = ff_pieces_width(&key);
        if (room < KEY_MIN && room < width)
            break;
        room = room > KEY_MAX ? KEY_MAX : room;
        fputs(shown ? ", " : "", out);
        at = taken + ff_inert_shortened(out, &key, room);
        fprintf(out, " %s", count.text);
        shown++;
    }
    if (shown == 0)
        fprintf(out, "too rare to show: %s", ff_words_count(table->other).text);
    putc('\n', out);
}

/* What AI crawlers took, and the visits that assistants sent back. */
static void put_ai(FILE *out, const struct ff_view *view, size_t columns)
{
    const struct ff_view_table *crawlers = &view->tables[FF_AI_CRAWLERS];
    const struct ff_view_table *sources = &view->tables[FF_SOURCES];
    uint64_t visits = 0;
    for (size_t i = 0; i < sources->n_rows; i++)
        if (ff_span_equal(sources->rows[i].key[0], FF_SPAN("ai assistant")))
            visits += sources->rows[i].measures[0];
    char words[96];
    size_t at = put_label(out, "AI");
    at += (size_t)fprintf(out, "%s hits of crawlers",
                          ff_words_count(crawlers->total).text);
    snprintf(words, sizeof words, "%s visits from assistants",
             ff_words_count(visits).text);
    if (sources->is_present)
        put_part(out, words, columns, &at);
    putc('\n', out);
}

static void put_lines(FILE *out, const struct ff_view *view, size_t columns)
{
    char words[96];
    size_t at = put_label(out, "Lines");
    at += (size_t)fprintf(out, "%s", ff_words_count(view->lines).text);
    if (view->lines) {
        snprintf(words, sizeof words, "%s by robots",
                 ff_words_share(view->robots, view->lines).text);
        put_part(out, words, columns, &at);
    }
    if (view->is_provisional)
        put_part(out, "PROVISIONAL", columns, &at);
    if (view->sums.malformed) {
        snprintf(words, sizeof words, "%s unreadable",
                 ff_words_count(view->sums.malformed).text);
        put_part(out, words, columns, &at);
    }
    snprintf(words, sizeof words, "a row is %u visitors or more", (unsigned)view->k);
    put_part(out, words, columns, &at);
    putc('\n', out);
}

enum ff_err ff_render_brief(FILE *out, const struct ff_view *view,
                            const struct ff_render_settings *settings,
                            struct ff_fault *fault)
{
    const size_t columns =
        settings->columns > COLUMNS_MIN ? settings->columns : COLUMNS_MIN;
    put_title(out, view, columns);
    put_headlines(out, view, columns);
    put_rows(out, view, FF_SOURCES, "Sources", columns);
    put_rows(out, view, FF_PAGES, "Pages", columns);
    put_rows(out, view, FF_DOWNLOADS, "Downloads", columns);
    put_rows(out, view, FF_SITE_SEARCHES, "Searches", columns);
    put_rows(out, view, FF_COUNTRIES, "Countries", columns);
    put_ai(out, view, columns);
    put_lines(out, view, columns);
    return ff_words_written(out, fault);
}
