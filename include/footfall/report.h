/* Report: rollups in, something to read out. Nothing it links to can represent a
 * visitor. */
#ifndef FOOTFALL_REPORT_H
#define FOOTFALL_REPORT_H

#include "footfall/err.h"
#include "footfall/rollup.h"

/* What the run that made the report knows beside the rollups. Zero for a report from
 * files. */
struct ff_run_lines {
    uint64_t duplicate, outside;         /* lines of no rollup here */
    uint64_t malformed, excluded, blank; /* lines that belong to no period */
    bool is_provisional;                 /* a period may not be whole */
};

/* Days from `from` up to, and without, `end`; none if from >= end. */
struct ff_days {
    int32_t from, end;
};

/* Which span a report is held against. */
enum ff_compare_kind {
    FF_COMPARE_NOTHING,
    FF_COMPARE_PREVIOUS, /* as many days, weeks or months, right before */
    FF_COMPARE_YEAR,     /* 364 days before, on the same weekdays; months: 12 before */
    FF_COMPARE_DAYS,     /* those named, cut to whole weeks and months */
};

struct ff_compare {
    enum ff_compare_kind kind;
    struct ff_days days; /* for FF_COMPARE_DAYS */
};

/* The other span of a report whose rollups are of that grain and are the whole periods
 * of `days`. Whole periods too; none if no whole period is in the days named. */
struct ff_days ff_compare_days(const struct ff_compare *compare, enum ff_grain grain,
                               struct ff_days days);

/* The other span and those of its rollups that there are: fewer than the span's
 * periods, or none, is no error, and every report says so. They are held to what
 * ff_view_create asks of the first span's, must be like them in all but their days, and
 * must outlive the view; they may be of the same days, and be the same rollups. */
struct ff_comparison {
    struct ff_days days;
    const struct ff_rollup_list *rollups;
};

struct ff_view_settings {
    struct ff_run_lines run;
    const char *version;                    /* footfall's */
    const struct ff_comparison *comparison; /* NULL: none */
};

struct ff_view;

/* One summed model of the rollups, which must be of one site, profile and grain, in
 * order of their first day and not overlapping; they must outlive the view. With a
 * comparison, a second model of its rollups, beside it. On FF_OK *out is the caller's.
 * FF_ERR_USAGE: the rollups do not fit together (the sentence says which two and why),
 * or there are none. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_view_create(struct ff_view **out,
                                       const struct ff_rollup_list *rollups,
                                       const struct ff_view_settings *settings,
                                       struct ff_fault *fault);
void ff_view_destroy(struct ff_view *view);

struct ff_render_settings {
    size_t rows;      /* most rows of a table in the text report; no other is cut */
    unsigned columns; /* width of the text report */
    bool is_brief;    /* the text report is ten lines for a mail */
    bool has_colour;  /* the text report may have a terminal's colours (ECMA-48) */

    /* Of the page. Somebody named the days: it opens on all of them, else on the last
     * week or four of a long span. */
    bool is_span_asked;
    /* So often it looks whether there is a newer one of itself; 0: it is
     * written once. */
    unsigned live_seconds;
    /* Where it gets its data, on the server that it is from; NULL: it holds it. */
    const char *data_url;
};

/* One renderer a file, one line each in a table; `ending` is the file name's, with its
 * dot. They write to `out` and return FF_ERR_IO when it cannot be written. */
struct ff_renderer {
    const char *ending;
    enum ff_err (*render)(FILE *out, const struct ff_view *view,
                          const struct ff_render_settings *settings,
                          struct ff_fault *fault);
    /* Whether it can: FF_ERR_IO when a library that it takes is not installed. NULL:
     * it always can. */
    enum ff_err (*check)(struct ff_fault *fault);
};

/* What the page adds up, as JSON (report/page_data.c): the view's periods and those of
 * its comparison, one by one. A page with a data_url asks for this. FF_ERR_IO when it
 * cannot be written, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_page_data_write(FILE *out, const struct ff_view *view,
                                           const struct ff_render_settings *settings,
                                           struct ff_fault *fault);

/* The words of every report and what they mean, for people. */
void ff_report_print_words(FILE *out);

/* The renderer for a path by its ending, or NULL. */
const struct ff_renderer *ff_renderer_for(const char *path);
/* The text renderer. */
const struct ff_renderer *ff_renderer_text(void);
/* ".txt .json .csv .html .xlsx", for messages. Static storage. */
const char *ff_renderer_endings(void);

#endif
