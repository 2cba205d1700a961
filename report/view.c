/* Rollups -> view. Sums only: a figure that no rollup has is in no view. Two things are
 * derived, because nothing else can know them: weekdays (from the days' totals) and the
 * median of the visits' duration (from its buckets). */
#include "view.h"

#include <stdlib.h>

#include "comparison.h"
#include "durations.h"
#include "row_sums.h"
#include "words.h"

/* 0001-01-01 and 9999-12-31: dates that have four digits of year. */
#define DAY_MIN (-719162)
#define DAY_MAX 2932896

/* clang-format off */
static const struct ff_table_info weekdays_info = {
    "weekdays", "Days of the week", 1, 2,
    { "visits", "page_views" }, { "weekday" }, -1, 1,
};

const uint8_t ff_view_order[FF_VIEW_TABLES] = {
    FF_PAGES, FF_ENTRY_PAGES, FF_EXIT_PAGES, FF_TRANSITIONS, FF_DOWNLOADS,
    FF_SITE_SEARCHES, FF_EXTERNAL_SEARCHES, FF_SOURCES, FF_CAMPAIGNS, FF_COUNTRIES,
    FF_LANGUAGES, FF_BROWSERS, FF_SYSTEMS, FF_DEVICES, FF_HOURS, FF_WEEKDAYS,
    FF_VISIT_DEPTH, FF_VISIT_DURATION, FF_GOALS, FF_STATUSES, FF_METHODS_TABLE,
    FF_NOT_FOUND, FF_RESPONSE_TIMES, FF_ROBOTS_TABLE, FF_AI_CRAWLERS,
};

const struct ff_span ff_weekday_names[7] = {
    { "monday", 6 }, { "tuesday", 7 }, { "wednesday", 9 }, { "thursday", 8 },
    { "friday", 6 }, { "saturday", 8 }, { "sunday", 6 },
};

/* A row's key is FF_KEY_PARTS spans, also where there is one. */
static const struct ff_span weekday_keys[7][FF_KEY_PARTS] = {
    { { "monday", 6 } }, { { "tuesday", 7 } }, { { "wednesday", 9 } },
    { { "thursday", 8 } }, { { "friday", 6 } }, { { "saturday", 8 } },
    { { "sunday", 6 } },
};
/* clang-format on */

bool ff_view_is_span(struct ff_days days)
{
    return days.from >= DAY_MIN && days.end <= DAY_MAX && days.from < days.end;
}

static enum ff_err check_days(const struct ff_rollup *rollup, struct ff_fault *fault)
{
    if (ff_view_is_span((struct ff_days) { rollup->start, rollup->end }))
        return FF_OK;
    return ff_fault_set(fault, FF_ERR_USAGE,
                        "a rollup's period, day %ld to %ld of 1970, is no span of days "
                        "that can be shown",
                        (long)rollup->start, (long)rollup->end);
}

const char *ff_view_misfit(const struct ff_rollup *a, const struct ff_rollup *b)
{
    if (!ff_span_equal(a->site, b->site))
        return "they are of two sites";
    if (a->profile != b->profile)
        return "one is internal, the other for partners";
    if (a->grain != b->grain)
        return "their periods are of different length";
    if (!ff_span_equal(a->zone, b->zone))
        return "their days are of two time zones";
    if (a->k != b->k || a->kn != b->kn)
        return "their thresholds (k, kn) differ";
    if (a->rules != b->rules)
        return "they were counted under different versions of the rules";
    return NULL;
}

/* Why two rollups that follow each other cannot be added, or NULL. */
static const char *misfit(const struct ff_rollup *a, const struct ff_rollup *b)
{
    const char *why = ff_view_misfit(a, b);
    if (why)
        return why;
    if (b->start < a->end)
        return b->start < a->start ? "they are not in order of their days"
                                   : "their days overlap";
    return NULL;
}

static enum ff_err check_fit(const struct ff_rollup_list *rollups,
                             struct ff_fault *fault)
{
    if (rollups->n == 0)
        return ff_fault_set(fault, FF_ERR_USAGE, "there is no rollup to report on");
    for (size_t i = 0; i < rollups->n; i++)
        FF_TRY(check_days(rollups->items[i], fault));
    for (size_t i = 1; i < rollups->n; i++) {
        const char *why = misfit(rollups->items[i - 1], rollups->items[i]);
        if (!why)
            continue;
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "the rollups of %s and %s cannot be in one report: %s",
                            ff_words_date(rollups->items[i - 1]->start).text,
                            ff_words_date(rollups->items[i]->start).text, why);
    }
    return FF_OK;
}

uint64_t ff_reconciliation_human(const struct ff_reconciliation *sums)
{
    uint64_t human = 0;
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        human += sums->human[i];
    return human;
}

uint64_t ff_reconciliation_robots(const struct ff_reconciliation *sums)
{
    uint64_t robots = 0;
    for (int i = FF_HUMAN + 1; i < FF_ROBOTS; i++)
        robots += sums->robots[i];
    return robots;
}

static void add_reconciliation(struct ff_reconciliation *sums,
                               const struct ff_reconciliation *more)
{
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        sums->human[i] += more->human[i];
    for (int i = FF_HUMAN + 1; i < FF_ROBOTS; i++)
        sums->robots[i] += more->robots[i];
    sums->malformed += more->malformed;
    sums->excluded += more->excluded;
    sums->blank += more->blank;
}

static void sum_lines(struct ff_view *view)
{
    for (size_t i = 0; i < view->n_days; i++)
        add_reconciliation(&view->sums, &view->rollups[i]->reconciliation);
    struct ff_run_lines *run = &view->run;
    uint64_t *const classes[] = { &run->malformed, &run->duplicate, &run->outside,
                                  &run->excluded, &run->blank };
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        *classes[i] = ff_profile_count(view->profile, *classes[i]);
    view->sums.malformed += view->run.malformed;
    view->sums.excluded += view->run.excluded;
    view->sums.blank += view->run.blank;
    view->human = ff_reconciliation_human(&view->sums);
    view->robots = ff_reconciliation_robots(&view->sums);
    view->lines = view->human + view->robots + view->sums.malformed +
                  view->run.duplicate + view->run.outside + view->sums.excluded +
                  view->sums.blank;
}

static void add_totals(struct ff_totals *sums, const struct ff_totals *more)
{
    sums->visitors += more->visitors;
    sums->visits += more->visits;
    sums->page_views += more->page_views;
    sums->bounces += more->bounces;
    sums->downloads += more->downloads;
    sums->site_searches += more->site_searches;
    sums->bytes += more->bytes;
}

static bool has_tables(const struct ff_rollup *rollup)
{
    for (int t = 0; t < FF_TABLES; t++)
        if (ff_table_infos[t].threshold > 0 && rollup->tables[t].is_present)
            return true;
    return false;
}

static void add_day(struct ff_view *view, size_t i)
{
    const struct ff_rollup *rollup = view->rollups[i];
    struct ff_view_day *day = &view->days[i];
    *day = (struct ff_view_day) { .start = rollup->start };
    view->n_partial_days += rollup->is_partial;
    view->n_capped_days += rollup->is_capped;
    if (!rollup->has_totals) {
        view->n_unknown_days++;
        return;
    }
    view->n_bare_days += !has_tables(rollup);
    day->totals.is_known = true;
    day->totals.sums = rollup->totals;
    day->totals.has_median = ff_durations_table_median(
        &rollup->tables[FF_VISIT_DURATION], &day->totals.median_seconds);
    view->totals.is_known = true;
    add_totals(&view->totals.sums, &rollup->totals);
}

static enum ff_err sum_table(struct ff_view *view, int t, struct ff_fault *fault)
{
    struct ff_view_table *table = &view->tables[t];
    struct ff_row_sums sums;
    ff_row_sums_init(&sums, table->info);
    enum ff_err err = FF_OK;
    for (size_t i = 0; i < view->n_days && err == FF_OK; i++) {
        const struct ff_table_data *more = &view->rollups[i]->tables[t];
        if (!more->is_present)
            continue;
        table->is_present = true;
        table->periods++;
        table->other += more->other;
        table->total += more->total;
        err = ff_row_sums_add(&sums, more, fault);
    }
    if (err == FF_OK)
        table->rows = ff_row_sums_take(&sums, &table->n_rows);
    ff_row_sums_clear(&sums);
    return err;
}

/* Only days have a weekday. */
static enum ff_err derive_weekdays(struct ff_view *view, struct ff_fault *fault)
{
    struct ff_view_table *table = &view->tables[FF_WEEKDAYS];
    if (view->grain != FF_DAY || !view->totals.is_known)
        return FF_OK;
    struct ff_view_row rows[7] = { 0 };
    for (size_t i = 0; i < view->n_days; i++) {
        const struct ff_view_day *day = &view->days[i];
        if (!day->totals.is_known)
            continue;
        struct ff_view_row *row = &rows[ff_weekday_of_day(day->start)];
        row->measures[0] += day->totals.sums.visits;
        row->measures[1] += day->totals.sums.page_views;
        row->periods++;
    }
    table->rows = (struct ff_view_row *)malloc(sizeof rows);
    if (!table->rows)
        return ff_fault_nomem(fault);
    for (int i = 0; i < 7; i++) {
        rows[i].key = weekday_keys[i];
        if (rows[i].periods)
            table->rows[table->n_rows++] = rows[i];
    }
    qsort(table->rows, table->n_rows, sizeof *table->rows, ff_view_row_compare);
    table->is_present = true;
    table->periods = view->n_days - view->n_unknown_days;
    table->total = view->totals.sums.visits;
    return FF_OK;
}

static void derive_median(struct ff_view *view)
{
    struct ff_durations durations = { 0 };
    const struct ff_view_table *table = &view->tables[FF_VISIT_DURATION];
    for (size_t i = 0; i < table->n_rows; i++)
        ff_durations_add(&durations, table->rows[i].key[0], table->rows[i].measures[0]);
    view->totals.has_median =
        ff_durations_median(&durations, &view->totals.median_seconds);
}

static void describe(struct ff_view *view, const struct ff_rollup_list *rollups,
                     const struct ff_view_settings *settings)
{
    const struct ff_rollup *first = rollups->items[0];
    *view = (struct ff_view) {
        .rollups = rollups->items,
        .n_days = rollups->n,
        .version = settings->version,
        .run = settings->run,
        .site = first->site,
        .zone = first->zone,
        .profile = first->profile,
        .grain = first->grain,
        .k = first->k,
        .kn = first->kn,
        .rules = first->rules,
        .from = first->start,
        .end = rollups->items[rollups->n - 1]->end,
    };
    for (int t = 0; t < FF_TABLES; t++)
        view->tables[t].info = &ff_table_infos[t];
    view->tables[FF_WEEKDAYS].info = &weekdays_info;
}

static enum ff_err fill(struct ff_view *view, struct ff_fault *fault)
{
    view->days = (struct ff_view_day *)calloc(view->n_days, sizeof *view->days);
    if (!view->days)
        return ff_fault_nomem(fault);
    sum_lines(view);
    for (size_t i = 0; i < view->n_days; i++)
        add_day(view, i);
    view->is_provisional = view->run.is_provisional || view->n_partial_days > 0;
    for (int t = 0; t < FF_TABLES; t++)
        FF_TRY(sum_table(view, t, fault));
    derive_median(view);
    return derive_weekdays(view, fault);
}

enum ff_err ff_view_create(struct ff_view **out, const struct ff_rollup_list *rollups,
                           const struct ff_view_settings *settings,
                           struct ff_fault *fault)
{
    *out = NULL;
    FF_TRY(check_fit(rollups, fault));
    struct ff_view *view = (struct ff_view *)malloc(sizeof *view);
    if (!view)
        return ff_fault_nomem(fault);
    describe(view, rollups, settings);
    enum ff_err err = fill(view, fault);
    if (err == FF_OK && settings->comparison)
        err = ff_comparison_create(view, settings, fault);
    if (err == FF_OK)
        *out = view;
    else
        ff_view_destroy(view);
    return err;
}

void ff_view_destroy(struct ff_view *view)
{
    if (!view)
        return;
    ff_view_destroy(view->other.view);
    for (int t = 0; t < FF_VIEW_TABLES; t++)
        free(view->tables[t].rows);
    free(view->days);
    free(view);
}

bool ff_view_pages_per_visit(const struct ff_view_totals *totals, uint64_t *hundredths)
{
    if (!totals->is_known || totals->sums.visits == 0)
        return false;
    const uint64_t visits = totals->sums.visits;
    *hundredths = (totals->sums.page_views * 100 + visits / 2) / visits;
    return true;
}

bool ff_view_row_is_least(const struct ff_view *view, const struct ff_view_table *table,
                          const struct ff_view_row *row)
{
    return table->info->threshold > 0 && table->info != &weekdays_info &&
           row->periods < view->n_days;
}

const char *ff_view_grain_name(const struct ff_view *view)
{
    static const char *const names[] = { "day", "week", "month" };
    return names[view->grain];
}

unsigned ff_view_permille(uint64_t part, uint64_t whole)
{
    if (whole == 0)
        return 0;
    return part >= whole ? 1000 : (unsigned)((double)part * 1000 / (double)whole + 0.5);
}
