/* Tidy CSV: date,table,key,metric,value; one figure a line, one date (the first day of
 * its period) for each rollup, so that a pivot table makes every sum that the other
 * forms show. What belongs to no period (a run's duplicate lines, thresholds) has an
 * empty date. A withheld figure has no line. There is no line for a table's total: rows
 * and "(other)" add up to it, and a sum over all would count it twice.
 *
 * RFC 4180 but for the line ends, which are LF: every spreadsheet reads them, and the
 * value is the last column, where a CR would stick to each number in Unix tools. */
#include "renderers.h"

#include <inttypes.h>

#include "inert.h"
#include "receipt.h"
#include "view.h"
#include "words.h"

/* Where the lines go, and the date that they begin with. */
struct sheet {
    FILE *out;
    struct ff_words date;
};

/* One cell of our own words. */
static struct ff_pieces word(struct ff_span text)
{
    return (struct ff_pieces) { .at = { text }, .n = 1 };
}

static void begin_line(const struct sheet *sheet, const char *table,
                       const struct ff_pieces *key, const char *metric)
{
    fprintf(sheet->out, "%s,%s,", sheet->date.text, table);
    ff_inert_csv(sheet->out, key);
    fprintf(sheet->out, ",%s,", metric);
}

static void put_line(const struct sheet *sheet, const char *table,
                     const struct ff_pieces *key, const char *metric, uint64_t value)
{
    begin_line(sheet, table, key, metric);
    fprintf(sheet->out, "%" PRIu64 "\n", value);
}

static void put_class(const struct sheet *sheet, const char *key, uint64_t lines)
{
    const struct ff_pieces cell = word(ff_span_of(key));
    put_line(sheet, "reconciliation", &cell, "lines", lines);
}

/* The classes that lines divide into, by kind; no sums of them. */
static void put_reconciliation(const struct sheet *sheet,
                               const struct ff_reconciliation *sums)
{
    for (int i = 0; i < FF_HUMAN_CLASSES; i++) {
        const struct ff_pieces key = {
            .at = { FF_SPAN("human / "), ff_span_of(ff_human_class_names[i]) }, .n = 2
        };
        put_line(sheet, "reconciliation", &key, "lines", sums->human[i]);
    }
    for (int i = FF_HUMAN + 1; i < FF_ROBOTS; i++) {
        const struct ff_pieces key = {
            .at = { FF_SPAN("robots / "), ff_span_of(ff_robot_names[i]) }, .n = 2
        };
        put_line(sheet, "reconciliation", &key, "lines", sums->robots[i]);
    }
    put_class(sheet, "malformed", sums->malformed);
    put_class(sheet, "excluded", sums->excluded);
    put_class(sheet, "blank", sums->blank);
}

static void put_run(const struct sheet *sheet, const struct ff_run_lines *run)
{
    put_class(sheet, "malformed", run->malformed);
    put_class(sheet, "duplicate", run->duplicate);
    put_class(sheet, "outside", run->outside);
    put_class(sheet, "excluded", run->excluded);
    put_class(sheet, "blank", run->blank);
}

/* Where the period's page views are counted. */
static void put_page_shares(const struct sheet *sheet, const struct ff_rollup *rollup)
{
    const struct ff_page_shares shares = ff_receipt_pages(rollup);
    const struct {
        const char *key;
        uint64_t n;
    } places[] = {
        { "named", shares.named },
        { "sections", shares.sections },
        { "other", shares.other },
        { "withheld", shares.withheld },
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const struct ff_pieces key = word(ff_span_of(places[i].key));
        put_line(sheet, "privacy", &key, "page_views", places[i].n);
    }
}

/* What holds for all periods: the profile is the key. */
static void put_thresholds(const struct sheet *sheet, const struct ff_view *view)
{
    const struct ff_receipt r = ff_receipt_of(view);
    const struct ff_pieces key = word(ff_span_of(ff_profile_names[view->profile]));
    put_line(sheet, "privacy", &key, "k", r.k);
    put_line(sheet, "privacy", &key, "kn", r.kn);
    put_line(sheet, "privacy", &key, "search_k", r.search_k);
    put_line(sheet, "privacy", &key, "search_kn", r.search_kn);
    put_line(sheet, "privacy", &key, "rounding", r.rounding);
}

static void put_totals(const struct sheet *sheet, const struct ff_view_totals *totals)
{
    const struct ff_pieces none = word(FF_SPAN(""));
    const struct ff_totals *sums = &totals->sums;
    put_line(sheet, "totals", &none, "visitors", sums->visitors);
    put_line(sheet, "totals", &none, "visits", sums->visits);
    put_line(sheet, "totals", &none, "page_views", sums->page_views);
    put_line(sheet, "totals", &none, "bounces", sums->bounces);
    put_line(sheet, "totals", &none, "downloads", sums->downloads);
    put_line(sheet, "totals", &none, "site_searches", sums->site_searches);
    put_line(sheet, "totals", &none, "bytes", sums->bytes);
    if (totals->has_median)
        put_line(sheet, "totals", &none, "median_visit_seconds",
                 totals->median_seconds);
    uint64_t hundredths;
    if (!ff_view_pages_per_visit(totals, &hundredths))
        return;
    begin_line(sheet, "totals", &none, "pages_per_visit");
    fprintf(sheet->out, "%s\n", ff_words_hundredths(hundredths).text);
}

static void put_table(const struct sheet *sheet, const struct ff_table_info *info,
                      const struct ff_table_data *table)
{
    for (size_t i = 0; i < table->n_rows; i++) {
        const struct ff_pieces key = ff_key_pieces(info, table->rows[i].key, " -> ");
        for (unsigned m = 0; m < info->n_measures; m++)
            put_line(sheet, info->name, &key, info->measures[m],
                     table->rows[i].measures[m]);
    }
    const struct ff_pieces other = word(FF_SPAN("(other)"));
    if (info->threshold > 0 && table->other > 0)
        put_line(sheet, info->name, &other, info->measures[0], table->other);
}

/* Derived, like the view's: a day has one weekday. */
static void put_weekday(const struct sheet *sheet, const struct ff_view *view,
                        const struct ff_view_day *day)
{
    const struct ff_table_info *info = view->tables[FF_WEEKDAYS].info;
    const struct ff_pieces key = word(ff_weekday_names[ff_weekday_of_day(day->start)]);
    put_line(sheet, info->name, &key, "visits", day->totals.sums.visits);
    put_line(sheet, info->name, &key, "page_views", day->totals.sums.page_views);
}

static void put_period(FILE *out, const struct ff_view *view, size_t i)
{
    const struct ff_rollup *rollup = view->rollups[i];
    const struct ff_view_day *day = &view->days[i];
    const struct sheet sheet = { out, ff_words_date(day->start) };
    put_reconciliation(&sheet, &rollup->reconciliation);
    put_page_shares(&sheet, rollup);
    if (day->totals.is_known)
        put_totals(&sheet, &day->totals);
    for (int t = 0; t < FF_VIEW_TABLES; t++) {
        const int id = ff_view_order[t];
        if (id < FF_TABLES && rollup->tables[id].is_present)
            put_table(&sheet, &ff_table_infos[id], &rollup->tables[id]);
        else if (id == FF_WEEKDAYS && view->tables[id].is_present &&
                 day->totals.is_known)
            put_weekday(&sheet, view, day);
    }
}

enum ff_err ff_render_csv(FILE *out, const struct ff_view *view,
                          const struct ff_render_settings *settings,
                          struct ff_fault *fault)
{
    (void)settings; /* CSV is always whole */
    fputs("date,table,key,metric,value\n", out);
    for (size_t i = 0; i < view->n_days; i++)
        put_period(out, view, i);
    const struct sheet run = { .out = out, .date = { "" } };
    /* Last: spreadsheets guess columns by their first rows. */
    put_run(&run, &view->run);
    put_thresholds(&run, view);
    return ff_words_written(out, fault);
}
