#include "comparison.h"

#include <stdlib.h>

/* ---- which days ---- */

/* First of the month that is `months` after that of `day`. */
static int32_t month_after(int32_t day, int32_t months)
{
    const struct ff_date date = ff_date_of_day(day);
    const int32_t month = date.year * 12 + date.month - 1 + months;
    const int32_t year = (month >= 0 ? month : month - 11) / 12;
    const struct ff_date first = { year, (uint8_t)(month - year * 12 + 1), 1 };
    return ff_day_of_date(first);
}

static int32_t months_of(struct ff_days days)
{
    const struct ff_date from = ff_date_of_day(days.from);
    const struct ff_date end = ff_date_of_day(days.end);
    return (end.year - from.year) * 12 + end.month - from.month;
}

/* Months have no common length: a quarter before this one is three months, not 91 days.
 */
static struct ff_days months_before(struct ff_days days, int32_t months)
{
    return (struct ff_days) { month_after(days.from, -months),
                              month_after(days.end, -months) };
}

static struct ff_days days_before(struct ff_days days, int32_t n)
{
    return (struct ff_days) { days.from - n, days.end - n };
}

/* The whole periods in the days. */
static struct ff_days whole_periods(enum ff_grain grain, struct ff_days days)
{
    const int32_t start = ff_period_start(grain, days.from);
    return (struct ff_days) { start < days.from ? ff_period_end(grain, start) : start,
                              ff_period_start(grain, days.end) };
}

static size_t count_periods(enum ff_grain grain, struct ff_days days)
{
    size_t n = 0;
    for (int32_t day = days.from; day < days.end; day = ff_period_end(grain, day))
        n++;
    return n;
}

struct ff_days ff_compare_days(const struct ff_compare *compare, enum ff_grain grain,
                               struct ff_days days)
{
    const bool is_months = grain == FF_MONTH;
    switch (compare->kind) {
    case FF_COMPARE_PREVIOUS:
        return is_months ? months_before(days, months_of(days))
                         : days_before(days, days.end - days.from);
    case FF_COMPARE_YEAR:
        return is_months ? months_before(days, 12) : days_before(days, 52 * 7);
    case FF_COMPARE_DAYS:
        return whole_periods(grain, compare->days);
    case FF_COMPARE_NOTHING:
        break;
    }
    return (struct ff_days) { 0, 0 };
}

/* ---- the other view, and the rows of one key in both ---- */

static int by_key(const void *a, const void *b)
{
    const struct ff_view_row *x = *(struct ff_view_row *const *)a;
    const struct ff_view_row *y = *(struct ff_view_row *const *)b;
    int order = 0;
    for (unsigned i = 0; i < FF_KEY_PARTS && !order; i++)
        order = ff_span_compare(x->key[i], y->key[i]);
    return order;
}

static struct ff_view_row **rows_by_key(const struct ff_view_table *table)
{
    struct ff_view_row **rows =
        (struct ff_view_row **)malloc(table->n_rows * sizeof(struct ff_view_row *));
    for (size_t i = 0; rows && i < table->n_rows; i++)
        rows[i] = &table->rows[i];
    if (rows)
        qsort(rows, table->n_rows, sizeof *rows, by_key);
    return rows;
}

static enum ff_err pair_rows(const struct ff_view_table *table,
                             const struct ff_view_table *other, struct ff_fault *fault)
{
    if (table->n_rows == 0 || other->n_rows == 0)
        return FF_OK;
    struct ff_view_row **ours = rows_by_key(table), **theirs = rows_by_key(other);
    const bool has_both = ours && theirs;
    for (size_t i = 0, j = 0; has_both && i < table->n_rows && j < other->n_rows;) {
        const int order = by_key(&ours[i], &theirs[j]);
        if (order == 0)
            ours[i]->other = theirs[j];
        i += order <= 0;
        j += order >= 0;
    }
    free(ours);
    free(theirs);
    return has_both ? FF_OK : ff_fault_nomem(fault);
}

static enum ff_err check_likeness(const struct ff_view *view,
                                  const struct ff_rollup_list *others,
                                  struct ff_fault *fault)
{
    const struct ff_rollup *ours = view->rollups[0], *theirs = others->items[0];
    const char *why = ff_view_misfit(theirs, ours);
    if (!why)
        return FF_OK;
    return ff_fault_set(
        fault, FF_ERR_USAGE, "the rollups of %s and %s cannot be compared: %s",
        ff_words_date(theirs->start).text, ff_words_date(ours->start).text, why);
}

enum ff_err ff_comparison_create(struct ff_view *view,
                                 const struct ff_view_settings *settings,
                                 struct ff_fault *fault)
{
    const struct ff_comparison *comparison = settings->comparison;
    const struct ff_view_settings plain = { .version = settings->version };
    struct ff_view_other *other = &view->other;
    if (!ff_view_is_span(comparison->days))
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "the days to compare with are no span that can be shown");
    *other = (struct ff_view_other) {
        .is_asked = true,
        .days = comparison->days,
        .n_periods = count_periods(view->grain, comparison->days),
    };
    if (comparison->rollups->n == 0)
        return FF_OK;
    FF_TRY(check_likeness(view, comparison->rollups, fault));
    FF_TRY(ff_view_create(&other->view, comparison->rollups, &plain, fault));
    for (int t = 0; t < FF_VIEW_TABLES; t++)
        FF_TRY(pair_rows(&view->tables[t], &other->view->tables[t], fault));
    return FF_OK;
}

bool ff_comparison_is_there(const struct ff_view *view)
{
    return view->other.view != NULL;
}

/* ---- in words ---- */

static const char *grains(const struct ff_view *view, size_t n, char out[static 8])
{
    snprintf(out, 8, "%s%s", ff_view_grain_name(view), n == 1 ? "" : "s");
    return out;
}

/* "2026-03-02 to 2026-03-08", or one date. */
static struct ff_words dates(struct ff_days days)
{
    struct ff_words words = ff_words_date(days.from);
    if (days.end - days.from > 1)
        snprintf(words.text, sizeof words.text, "%.16s to %.16s",
                 ff_words_date(days.from).text, ff_words_date(days.end - 1).text);
    return words;
}

static void add_text(struct ff_sentence *sentence, const char *text)
{
    const size_t len = strlen(sentence->text);
    snprintf(sentence->text + len, sizeof sentence->text - len, "%s", text);
}

/* What is not as it should be with the periods that are there. */
static void add_doubts(const struct ff_view *view, struct ff_sentence *sentence)
{
    const struct ff_view *other = view->other.view;
    char text[128], names[8];
    if (other->n_unknown_days + other->n_bare_days) {
        snprintf(text, sizeof text,
                 " Withheld in it: the totals of %zu and the tables of %zu of its %s.",
                 other->n_unknown_days, other->n_unknown_days + other->n_bare_days,
                 grains(view, 2, names));
        add_text(sentence, text);
    }
    if (other->n_partial_days) {
        snprintf(text, sizeof text,
                 " Of %zu of its %s the beginning was missing when they were counted.",
                 other->n_partial_days, grains(view, 2, names));
        add_text(sentence, text);
    }
}

bool ff_comparison_sentence(const struct ff_view *view, struct ff_sentence *sentence)
{
    const struct ff_view_other *other = &view->other;
    const struct ff_words span = dates(other->days);
    char *text = sentence->text;
    const size_t size = sizeof sentence->text;
    char names[8];
    if (!other->is_asked)
        return false;
    if (!other->view) {
        snprintf(text, size, "Nothing to compare with: of %s no %s is there.",
                 span.text, ff_view_grain_name(view));
        return true;
    }
    const size_t n = other->view->n_days;
    int len = snprintf(text, size, "Compared with %s", span.text);
    if (n == other->n_periods)
        len += snprintf(text + len, size - (size_t)len, " (%zu %s)", n,
                        grains(view, n, names));
    else
        len += snprintf(text + len, size - (size_t)len,
                        ", of which %zu of %zu %s %s there", n, other->n_periods,
                        grains(view, other->n_periods, names), n == 1 ? "is" : "are");
    if (n != view->n_days)
        snprintf(text + len, size - (size_t)len,
                 "; this report has %zu, so the sums are not of equally many %s.",
                 view->n_days, grains(view, 2, names));
    else
        snprintf(text + len, size - (size_t)len, ".");
    add_doubts(view, sentence);
    return true;
}
