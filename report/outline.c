#include "outline.h"

#include <stdlib.h>

#include "change.h"
#include "comparison.h"

/* clang-format off */
const struct ff_section ff_sections[FF_SECTIONS] = {
    { "Where visits came from", 3,
      { FF_SOURCES, FF_CAMPAIGNS, FF_EXTERNAL_SEARCHES } },
    { "What was read", 4,
      { FF_PAGES, FF_ENTRY_PAGES, FF_EXIT_PAGES, FF_TRANSITIONS } },
    { "Downloads, searches, goals", 3,
      { FF_DOWNLOADS, FF_SITE_SEARCHES, FF_GOALS } },
    { "Who visited", 5,
      { FF_COUNTRIES, FF_LANGUAGES, FF_BROWSERS, FF_SYSTEMS, FF_DEVICES } },
    { "When and how long", 4,
      { FF_HOURS, FF_WEEKDAYS, FF_VISIT_DEPTH, FF_VISIT_DURATION } },
    { "What the server answered", 4,
      { FF_STATUSES, FF_METHODS_TABLE, FF_NOT_FOUND, FF_RESPONSE_TIMES } },
    { "Robots", 2,
      { FF_ROBOTS_TABLE, FF_AI_CRAWLERS } },
};

const struct ff_definition ff_definitions[FF_DEFINITIONS] = {
    { "Page view", "a page that a human got (GET, status 200 or 304); style sheets, "
                   "scripts, images, feeds, APIs and downloads are none" },
    { "Visitor", "one network address and browser within one period, with at least one "
                 "visit; nobody is known again in the next period" },
    { "Visit", "what one visitor asked for with no pause over 30 minutes, at least one "
               "page view or download; cut at the period's end" },
    { "Bounce", "a visit of one page view, no download, no search on the site and no goal" },
    { "Length of a visit", "from its first to its last page view; visits of one page "
                           "view have none" },
    { "Download", "a file on the download list; all requests of it in one visit are "
                  "one download, whole or in parts" },
    { "Source", "where a visit's first page view or download came from" },
    { "Robot", "a visitor that says it is one, scans, reads robots.txt or asks for "
               "more than 1,000 pages in a visit; never in the human figures" },
    { "Section", "a path that ends in /*: all pages under it that were too rare to be "
                 "shown by themselves" },
};
/* clang-format on */

bool ff_outline_shows(const struct ff_view *view, const struct ff_view_table *table)
{
    if (table == &view->tables[FF_WEEKDAYS] && view->n_days < 7)
        return false;
    return table->is_present && table->total > 0;
}

bool ff_outline_lists(const struct ff_view *view, const struct ff_view_table *table,
                      bool is_withheld)
{
    if (table == &view->tables[FF_WEEKDAYS] || table == &view->tables[FF_GOALS])
        return false;
    if (!ff_profile_has(view->profile, (enum ff_table)(table - view->tables)))
        return false;
    return is_withheld ? !table->is_present : table->is_present && table->total == 0;
}

void ff_outline_lines(const struct ff_view *view,
                      struct ff_line_class classes[FF_LINE_CLASSES])
{
    static const char *const human[FF_HUMAN_CLASSES] = {
        "page views", "assets",    "downloads",     "parts of downloads",
        "other",      "redirects", "client errors", "server errors",
    };
    static const char *const robots[FF_ROBOTS] = { "", "declared", "AI", "scanners",
                                                   "behave like one" };
    const struct ff_reconciliation *sums = &view->sums;
    size_t n = 0;
    classes[n++] = (struct ff_line_class) { "human", "", view->human, false };
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        classes[n++] = (struct ff_line_class) { human[i], "", sums->human[i], true };
    classes[n++] = (struct ff_line_class) { "robots", "", view->robots, false };
    for (int i = FF_HUMAN + 1; i < FF_ROBOTS; i++)
        classes[n++] = (struct ff_line_class) { robots[i], "", sums->robots[i], true };
    const struct ff_line_class rest[] = {
        { "malformed", "could not be read", sums->malformed, false },
        { "duplicate", "given twice, counted once", view->run.duplicate, false },
        { "outside", "of other periods, or late for theirs", view->run.outside, false },
        { "excluded", "opted out, filtered, or of other hosts", sums->excluded, false },
        { "blank", "no request in them", sums->blank, false },
    };
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        classes[n++] = rest[i];
}

static struct ff_words say(const char *text)
{
    struct ff_words words;
    snprintf(words.text, sizeof words.text, "%s", text);
    return words;
}

static struct ff_words say_median(const struct ff_view_totals *totals)
{
    struct ff_words words = { "-" };
    if (totals->has_median)
        words = ff_words_seconds(totals->median_seconds);
    return words;
}

size_t ff_outline_headlines(const struct ff_view *view,
                            struct ff_headline headlines[FF_HEADLINES])
{
    const struct ff_view_totals *totals = &view->totals;
    const struct ff_totals *sums = &totals->sums;
    if (!totals->is_known)
        return 0;
    uint64_t hundredths;
    const bool has_pages = ff_view_pages_per_visit(totals, &hundredths);
    const struct ff_headline all[FF_HEADLINES] = {
        { ff_words_measure(view, "visitors"), ff_words_count(sums->visitors), { "" } },
        { say("visits"), ff_words_count(sums->visits), { "" } },
        { say("page views"), ff_words_count(sums->page_views), { "" } },
        { say("pages a visit"),
          has_pages ? ff_words_hundredths(hundredths) : say("-"),
          { "" } },
        { say("median visit"), say_median(totals),
          say(totals->has_median ? "about" : "") },
        { say("bounces"), ff_words_count(sums->bounces),
          ff_words_share(sums->bounces, sums->visits) },
        { say("downloads"), ff_words_count(sums->downloads), { "" } },
        { say("site searches"), ff_words_count(sums->site_searches), { "" } },
        { say("data sent"), ff_words_bytes(sums->bytes), { "" } },
    };
    memcpy(headlines, all, sizeof all);
    /* The last are bytes, which partners are not given. */
    return view->profile == FF_PARTNER_PROFILE ? FF_HEADLINES - 1 : FF_HEADLINES;
}

size_t ff_outline_columns(const struct ff_view *view, const struct ff_view_table *table,
                          struct ff_column columns[FF_COLUMNS])
{
    const struct ff_table_info *info = table->info;
    size_t n = 0;
    for (unsigned m = 0; m < info->n_measures; m++) {
        if (view->profile == FF_PARTNER_PROFILE && ff_measure_is_bytes(info, m))
            continue;
        columns[n++] = (struct ff_column) {
            .measure = (uint8_t)m,
            .is_bytes = ff_measure_is_bytes(info, m),
            .label = ff_words_measure(view, info->measures[m]),
        };
        if (m == 0 && ff_comparison_is_there(view))
            columns[n++] =
                (struct ff_column) { .is_change = true, .label = { "change" } };
        if (strcmp(info->measures[m], "clicks") == 0)
            columns[n++] = (struct ff_column) { .measure = (uint8_t)m,
                                                .is_rate = true,
                                                .label = { "click rate" } };
    }
    return n;
}

struct ff_words ff_outline_cell(const struct ff_view *view,
                                const struct ff_view_table *table,
                                const struct ff_view_row *row,
                                const struct ff_column *column)
{
    if (column->is_change)
        return ff_change_of_row(view, table, row);
    const uint64_t n = row->measures[column->measure];
    if (column->is_rate)
        return ff_words_share(n, row->measures[0]);
    return column->is_bytes ? ff_words_bytes(n) : ff_words_count(n);
}

static struct ff_words month_of(int32_t day)
{
    struct ff_words words = ff_words_date(day);
    words.text[sizeof "2026-03" - 1] = '\0';
    return words;
}

enum ff_err ff_outline_bars(const struct ff_view *view, size_t most,
                            struct ff_bar **bars, size_t *n, struct ff_fault *fault)
{
    const bool is_by_month = view->n_days > most && view->grain != FF_MONTH;
    *n = 0;
    *bars = (struct ff_bar *)calloc(view->n_days, sizeof **bars);
    if (!*bars)
        return ff_fault_nomem(fault);
    for (size_t i = 0; i < view->n_days; i++) {
        const struct ff_view_day *day = &view->days[i];
        const struct ff_words label = is_by_month || view->grain == FF_MONTH
                                          ? month_of(day->start)
                                          : ff_words_date(day->start);
        if (*n == 0 || strcmp((*bars)[*n - 1].label.text, label.text) != 0)
            (*bars)[(*n)++].label = label;
        struct ff_bar *bar = &(*bars)[*n - 1];
        bar->n_withheld += !day->totals.is_known;
        bar->is_known = bar->is_known || day->totals.is_known;
        bar->visits += day->totals.sums.visits;
        bar->page_views += day->totals.sums.page_views;
    }
    return FF_OK;
}
