#include "receipt.h"

#include <inttypes.h>

#include "comparison.h"

/* ---- facts ---- */

struct ff_page_shares ff_receipt_pages(const struct ff_rollup *rollup)
{
    const struct ff_table_data *pages = &rollup->tables[FF_PAGES];
    struct ff_page_shares shares = { .other = pages->other };
    if (!pages->is_present) {
        shares.withheld = rollup->reconciliation.human[FF_CLASS_PAGE_VIEWS];
        return shares;
    }
    for (size_t i = 0; i < pages->n_rows; i++) {
        const struct ff_row *row = &pages->rows[i];
        const bool is_section = ff_span_ends(row->key[0], FF_SPAN("/*"));
        *(is_section ? &shares.sections : &shares.named) += row->measures[0];
    }
    return shares;
}

struct ff_receipt ff_receipt_of(const struct ff_view *view)
{
    const unsigned factor = ff_table_infos[FF_SITE_SEARCHES].threshold;
    struct ff_receipt receipt = {
        .k = view->k,
        .kn = view->kn,
        .search_k = (uint64_t)view->k * factor,
        .search_kn = (uint64_t)view->kn * factor,
        .totals_k = view->k,
        .tables_k = (uint64_t)view->k * FF_TABLES_FLOOR,
        .rounding = view->profile == FF_PARTNER_PROFILE ? FF_PARTNER_STEP : 1,
    };
    struct ff_page_shares *sums = &receipt.page_views;
    for (size_t i = 0; i < view->n_days; i++) {
        const struct ff_page_shares more = ff_receipt_pages(view->rollups[i]);
        sums->named += more.named;
        sums->sections += more.sections;
        sums->other += more.other;
        sums->withheld += more.withheld;
    }
    return receipt;
}

const char *const ff_receipt_list_names[FF_RECEIPT_LISTS] = { "kept", "never_kept",
                                                              "risks" };

/* clang-format off */
static const struct ff_receipt_fact kept[] = {
    { "paths", "paths of pages and files, without their query and with personal data "
               "replaced", false, false },
    { "search_terms", "search terms", false, false },
    { "referrer_names", "the name of the site that a visit came from", false, false },
    { "campaigns", "campaigns' names", false, false },
    { "countries", "country", false, false },
    { "languages", "language", false, false },
    { "browsers", "browser and its major version", false, false },
    { "systems", "system", false, false },
    { "devices", "kind of device", false, false },
    { "hours", "hour of the day", false, false },
    { "visits", "length and depth of visits", false, false },
    { "answers", "status and method", false, false },
    { "not_found", "paths that were not found", true, false },
    { "response_times", "response times", true, false },
    { "bytes", "bytes sent", true, false },
    { "robots", "robots' names", false, false },
    { 0 },
};
static const struct ff_receipt_fact never[] = {
    { "addresses", "addresses", false, false },
    { "agents", "agent strings", false, false },
    { "queries", "queries beyond search terms and campaigns", false, false },
    { "referrer_paths", "referrers' paths", false, false },
    { "users", "login names", false, false },
    { "cookies", "cookies", false, false },
    { "times", "the time of a request", false, false },
    { "identifiers", "an identifier of a visitor or a visit", false, false },
    { "journeys", "one visitor's way through the site", false, false },
    { 0 },
};
static const struct ff_receipt_fact risks[] = {
    { "linked_tables",
      "Counts are exact: tables that overlap (a browser and its system, a page and its "
      "entries) can be subtracted, and a few people be left. So this report is for those "
      "who may read the log; --profile partner makes one for others.", true, false },
    { "linked_tables",
      "Rounding hides differences under 5. Tables that overlap (a browser and its "
      "system) can still be subtracted and hint at a group that is a little larger.",
      false, true },
    { "sent_traffic",
      "Who sends traffic of their own from many networks can lift a row over the "
      "threshold, and who knows all others in a row can tell whether one more was "
      "there.", false, false },
    { "names",
      "A person's name in a path or a search looks like any word: it is shown when "
      "enough visitors asked for it.", false, false },
    { "many_addresses",
      "One person with several browsers or addresses counts as several visitors, so a "
      "row may stand for fewer people than visitors.", false, false },
    { "raw_logs",
      "The logs themselves still hold everything: they need a deadline of their own.",
      false, false },
    { 0 },
};
/* clang-format on */

const struct ff_receipt_fact *ff_receipt_next(enum ff_receipt_list list,
                                              enum ff_profile profile, size_t *at)
{
    static const struct ff_receipt_fact *const lists[FF_RECEIPT_LISTS] = { kept, never,
                                                                           risks };
    const bool is_partner = profile == FF_PARTNER_PROFILE;
    for (;;) {
        const struct ff_receipt_fact *fact = &lists[list][*at];
        if (!fact->name)
            return NULL;
        ++*at;
        if (!(is_partner ? fact->is_internal : fact->is_partner))
            return fact;
    }
}

/* ---- sentences; each writes one, or leaves it empty ---- */

typedef void write_sentence(const struct ff_view *view, char *text, size_t size);

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void say_for_whom(const struct ff_view *view, char *text, size_t size)
{
    snprintf(text, size,
             view->profile == FF_PARTNER_PROFILE
                 ? "Anyone, also outside the site's team (profile partner)."
                 : "The site's own team, who may read the log (profile internal).");
}

static void say_rows(const struct ff_view *view, char *text, size_t size)
{
    const struct ff_receipt r = ff_receipt_of(view);
    snprintf(text, size,
             "Every row stands for at least %" PRIu32 " visitors from %" PRIu32
             " networks in a %s (search terms: %" PRIu64 " and %" PRIu64
             "); robots are named from a closed list.",
             r.k, r.kn, ff_view_grain_name(view), r.search_k, r.search_kn);
}

static void say_folded(const struct ff_view *view, char *text, size_t size)
{
    (void)view;
    snprintf(text, size,
             "What is rarer is counted in its section (a path that ends in /*), in its "
             "family or channel, and else in \"other\", which stands for as many "
             "visitors or is not shown.");
}

static void say_shares(const struct ff_view *view, char *text, size_t size)
{
    const struct ff_receipt r = ff_receipt_of(view);
    const struct ff_page_shares *p = &r.page_views;
    const uint64_t all = p->named + p->sections + p->other + p->withheld;
    if (all == 0)
        return;
    const int len = snprintf(
        text, size, "Of %s page views, %s are on pages by name, %s in sections, %s in ",
        ff_words_count(all).text, ff_words_share(p->named, all).text,
        ff_words_share(p->sections, all).text, ff_words_share(p->other, all).text);
    snprintf(text + len, size - (size_t)len, "\"other\" and %s in no table.",
             ff_words_share(p->withheld, all).text);
}

static void say_small_periods(const struct ff_view *view, char *text, size_t size)
{
    const struct ff_receipt r = ff_receipt_of(view);
    snprintf(text, size,
             "A %s with fewer than %" PRIu64 " visitors or %" PRIu32
             " networks shows its lines only, one with fewer than %" PRIu64
             " visitors no tables.",
             ff_view_grain_name(view), r.totals_k, view->kn, r.tables_k);
}

static void say_withheld(const struct ff_view *view, char *text, size_t size)
{
    if (view->n_unknown_days + view->n_bare_days)
        snprintf(text, size,
                 "Withheld here: the totals of %zu and the tables of %zu of %zu %s%s.",
                 view->n_unknown_days, view->n_unknown_days + view->n_bare_days,
                 view->n_days, ff_view_grain_name(view), plural(view->n_days));
}

static void say_rounding(const struct ff_view *view, char *text, size_t size)
{
    snprintf(text, size,
             view->profile == FF_PARTNER_PROFILE
                 ? "Counts are rounded to the nearest 5, and sums are those of rounded "
                   "parts. Bytes, paths that were not found and response times are not "
                   "given to partners."
                 : "Counts are exact, not rounded.");
}

static void say_least(const struct ff_view *view, char *text, size_t size)
{
    if (view->n_days > 1)
        snprintf(text, size,
                 "A + behind a count: in some %ss the row was too rare to be shown, so "
                 "it is at least so many.",
                 ff_view_grain_name(view));
}

static void say_partial(const struct ff_view *view, char *text, size_t size)
{
    if (view->n_partial_days)
        snprintf(text, size,
                 "Of %zu %s%s the beginning was missing when they were counted.",
                 view->n_partial_days, ff_view_grain_name(view),
                 plural(view->n_partial_days));
}

static void say_capped(const struct ff_view *view, char *text, size_t size)
{
    if (view->n_capped_days)
        snprintf(text, size,
                 "In %zu %s%s a memory bound was reached: some rare keys went to "
                 "\"other\" unseen.",
                 view->n_capped_days, ff_view_grain_name(view),
                 plural(view->n_capped_days));
}

static void say_changes(const struct ff_view *view, char *text, size_t size)
{
    if (ff_comparison_is_there(view))
        snprintf(text, size,
                 "A ~ in a change: in some %ss of one span the figure was withheld or "
                 "the row too rare to be shown, so it is no percentage but the "
                 "difference of what was shown, if there is one. Sections, families "
                 "and \"(other)\" hold what is rare, which need not be the same in "
                 "both spans.",
                 ff_view_grain_name(view));
}

static void say_key(const struct ff_view *view, char *text, size_t size)
{
    const char *grain = ff_view_grain_name(view);
    snprintf(
        text, size,
        "Visitors were told apart by a random key that was never written down, one "
        "a %s, destroyed when its %s was counted: nobody can be known again in "
        "another %s.",
        grain, grain, grain);
}

/* The list's words, with commas. */
static void say_list(enum ff_receipt_list list, const char *before,
                     const struct ff_view *view, char *text, size_t size)
{
    const struct ff_receipt_fact *fact;
    size_t at = 0, len = 0;
    while ((fact = ff_receipt_next(list, view->profile, &at)) && len < size)
        len += (size_t)snprintf(text + len, size - len, "%s%s", len ? ", " : before,
                                fact->words);
    if (len < size)
        snprintf(text + len, size - len, ".");
}

static void say_kept(const struct ff_view *view, char *text, size_t size)
{
    say_list(FF_RECEIPT_KEPT, "Counts of groups by: ", view, text, size);
}

static void say_never(const struct ff_view *view, char *text, size_t size)
{
    say_list(FF_RECEIPT_NEVER, "In no file and no report: ", view, text, size);
}

/* clang-format off */
static const struct {
    const char *about, *label;
    write_sentence *write;
} lines[] = {
    { "audience", "For",         say_for_whom },
    { "rows",     "Rows",        say_rows },
    { "rows",     "Rows",        say_folded },
    { "folded",   "Page views",  say_shares },
    { "small",    "Few visitors", say_small_periods },
    { "small",    "Few visitors", say_withheld },
    { "counts",   "Counts",      say_rounding },
    { "counts",   "Counts",      say_partial },
    { "counts",   "Counts",      say_capped },
    { NULL,       "Marks",       say_least },
    { NULL,       "Marks",       say_changes },
    { "key",      "Key",         say_key },
    { "kept",     "Kept",        say_kept },
    { "never_kept", "Never kept", say_never },
};
/* clang-format on */

bool ff_receipt_line(const struct ff_view *view, unsigned n,
                     struct ff_receipt_line *line)
{
    const unsigned n_lines = sizeof lines / sizeof *lines;
    char *text = line->sentence.text;
    text[0] = '\0';
    if (n < n_lines) {
        line->about = lines[n].about;
        line->label = lines[n].label;
        line->is_item = false;
        lines[n].write(view, text, sizeof line->sentence.text);
        return true;
    }
    const struct ff_receipt_fact *risk = NULL;
    size_t at = 0;
    for (unsigned i = n_lines; i <= n; i++)
        risk = ff_receipt_next(FF_RECEIPT_RISKS, view->profile, &at);
    if (!risk)
        return false;
    line->about = ff_receipt_list_names[FF_RECEIPT_RISKS];
    line->label = "Risks left";
    line->is_item = true;
    snprintf(text, sizeof line->sentence.text, "%s", risk->words);
    return true;
}
