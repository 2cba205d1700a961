/* What people read of a report as text, in which order and under which words. The page
 * has the same words in its catalogues (report/web/i18n). Private to report. */
#ifndef FOOTFALL_OUTLINE_H
#define FOOTFALL_OUTLINE_H

#include "view.h"
#include "words.h"

#define FF_SECTION_TABLES 6

/* Tables that belong together; `n` of them, by enum ff_view_table_id. */
struct ff_section {
    const char *title;
    uint8_t n;
    uint8_t tables[FF_SECTION_TABLES];
};

#define FF_SECTIONS 7
/* Every table is in one section; robots are last. */
extern const struct ff_section ff_sections[FF_SECTIONS];

/* Whether people are shown the table: it has something to show, and weekdays only when
 * the view has a week of days. */
bool ff_outline_shows(const struct ff_view *view, const struct ff_view_table *table);
/* Whether it is named among those that are withheld, or among those that are empty. */
bool ff_outline_lists(const struct ff_view *view, const struct ff_view_table *table,
                      bool is_withheld);

/* One line of the reconciliation: a class, and whether it is a part of the one above.
 */
struct ff_line_class {
    const char *label;
    const char *meaning;
    uint64_t lines;
    bool is_part;
};

#define FF_LINE_CLASSES (7 + FF_HUMAN_CLASSES + FF_ROBOTS - 1)
/* The classes that are no part add up to view->lines. */
void ff_outline_lines(const struct ff_view *view,
                      struct ff_line_class classes[FF_LINE_CLASSES]);

/* The headline figures: a label and what it reads, both as words. */
struct ff_headline {
    struct ff_words label;
    struct ff_words figure;
    struct ff_words remark; /* may be empty */
};

#define FF_HEADLINES 9
/* Gives how many there are: none when the totals are withheld. */
size_t ff_outline_headlines(const struct ff_view *view,
                            struct ff_headline headlines[FF_HEADLINES]);

/* A sentence of ours: ASCII, nothing in it is data. */
struct ff_sentence {
    char text[480];
};

/* A word of the rules and what it means. */
struct ff_definition {
    const char *word, *meaning;
};
#define FF_DEFINITIONS 9
extern const struct ff_definition ff_definitions[FF_DEFINITIONS];

/* One column of a table for people. */
struct ff_column {
    uint8_t measure;
    bool is_rate; /* measure's share of the additive one */
    bool is_bytes;
    bool is_change; /* of the additive measure, from the other span */
    struct ff_words label;
};
#define FF_COLUMNS (FF_MEASURES + 2)
/* The columns of a table: its measures, where there is another span the change of the
 * first, which stands behind it, and for searches the rate of clicks. */
size_t ff_outline_columns(const struct ff_view *view, const struct ff_view_table *table,
                          struct ff_column columns[FF_COLUMNS]);

/* What stands in a row's cell. The first one has a "+" behind it, which is the
 * renderer's to place, where ff_view_row_is_least. */
struct ff_words ff_outline_cell(const struct ff_view *view,
                                const struct ff_view_table *table,
                                const struct ff_view_row *row,
                                const struct ff_column *column);

/* Visits of a span for a chart: the days, or months when there are too many days for
 * the eye. */
struct ff_bar {
    struct ff_words label;
    uint64_t visits, page_views;
    uint32_t n_withheld; /* periods in it whose totals are not known */
    bool is_known;       /* at least one is */
};
/* Fills *bars (malloc'd, the caller's) with at most n_days of them. */
FF_MUST_USE enum ff_err ff_outline_bars(const struct ff_view *view, size_t most,
                                        struct ff_bar **bars, size_t *n,
                                        struct ff_fault *fault);

#endif
