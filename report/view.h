/* The view: one summed model of a span of rollups, and all that a renderer knows. It
 * holds no rule of its own but sums, an order and a median; what a rollup withheld is
 * withheld here too. Private to report. */
#ifndef FOOTFALL_VIEW_H
#define FOOTFALL_VIEW_H

#include "footfall/report.h"

/* The rollup's tables and the one that only reports have: weekdays, made from the days.
 */
enum ff_view_table_id { FF_WEEKDAYS = FF_TABLES, FF_VIEW_TABLES };

/* Every id of a table once, in the order of the contract (DESIGN 4). */
extern const uint8_t ff_view_order[FF_VIEW_TABLES];

/* Monday first. */
extern const struct ff_span ff_weekday_names[7];

/* The key (FF_KEY_PARTS spans) is borrowed from a rollup. `periods` counts those in
 * which the key was a row: in the others it may be in "other", so the measures are "at
 * least" so many when it is below the view's days. */
struct ff_view_row {
    const struct ff_span *key;
    uint64_t measures[FF_MEASURES];
    uint32_t periods;
    const struct ff_view_row *other; /* of that key in the other span's view, or NULL */
};

/* As ff_table_data: absent if it stands in no period, else the sums of those in which
 * it stands. The rows are the view's. */
struct ff_view_table {
    const struct ff_table_info *info;
    bool is_present;
    struct ff_view_row *rows;
    size_t n_rows;
    uint64_t other, total;
    size_t periods; /* in which it stands */
};

struct ff_view_totals {
    bool is_known; /* false: under k visitors (in every period, for the sum) */
    struct ff_totals sums;
    bool has_median;
    uint64_t median_seconds;
};

struct ff_view_day {
    int32_t start;
    struct ff_view_totals totals;
};

/* The span that a view is held against. */
struct ff_view_other {
    bool is_asked;
    struct ff_days days;
    size_t n_periods;     /* in these days, there or not */
    struct ff_view *view; /* of those that are there; NULL if none is */
};

/* Owned by whoever created it, until ff_view_destroy; spans, `rollups` and `version`
 * are borrowed and must live as long. */
struct ff_view {
    struct ff_rollup *const *rollups;
    const char *version;
    struct ff_span site, zone;
    enum ff_profile profile;
    enum ff_grain grain;
    uint32_t k, kn, rules;
    int32_t from, end; /* first day, first day after */
    bool is_provisional;
    struct ff_run_lines run;

    struct ff_reconciliation sums; /* the rollups' and the run's */
    uint64_t human, robots, lines; /* lines: every class */

    struct ff_view_totals totals;
    struct ff_view_day *days; /* one a rollup */
    size_t n_days;
    size_t n_unknown_days; /* under k visitors */
    size_t n_bare_days;    /* known, but no table stands beside the robots' */
    size_t n_partial_days, n_capped_days;

    struct ff_view_table tables[FF_VIEW_TABLES]; /* by enum ff_table and the above */

    struct ff_view_other other;
};

/* Whether there is a day in them, and all have dates with four digits of year. */
bool ff_view_is_span(struct ff_days days);

/* Why two rollups cannot be added or compared, whatever their days; NULL if they can.
 */
const char *ff_view_misfit(const struct ff_rollup *a, const struct ff_rollup *b);

/* Page views a visit in hundredths, rounded; false when there was no visit. */
bool ff_view_pages_per_visit(const struct ff_view_totals *totals, uint64_t *hundredths);

/* Whether a row's counts are lower bounds: it was a row in some periods only. */
bool ff_view_row_is_least(const struct ff_view *view, const struct ff_view_table *table,
                          const struct ff_view_row *row);

/* "day", "week", "month". */
const char *ff_view_grain_name(const struct ff_view *view);

/* Share of one in the whole in thousandths, at most 1000; 0 of nothing. */
unsigned ff_view_permille(uint64_t part, uint64_t whole);

/* Sums of one rollup, as lines: human, robots, all. */
uint64_t ff_reconciliation_human(const struct ff_reconciliation *sums);
uint64_t ff_reconciliation_robots(const struct ff_reconciliation *sums);

#endif
