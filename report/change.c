#include "change.h"

#include "comparison.h"

static struct ff_words say(const char *text)
{
    struct ff_words words;
    snprintf(words.text, sizeof words.text, "%s", text);
    return words;
}

struct ff_words ff_change_percent(uint64_t now, uint64_t other)
{
    struct ff_words words;
    const bool is_less = now < other;
    const double apart = (double)(is_less ? other - now : now - other);
    if (other == 0)
        return say(now ? "new" : "0.0 %");
    const double permille = apart * 1000 / (double)other + 0.5;
    if (permille >= 9995)
        return say(">+999 %");
    const unsigned rounded = (unsigned)permille;
    snprintf(words.text, sizeof words.text, "%s%u.%u %%",
             rounded == 0 ? ""
             : is_less    ? "-"
                          : "+",
             rounded / 10, rounded % 10);
    return words;
}

typedef struct ff_words words_of(uint64_t n);

static struct ff_words difference(uint64_t now, uint64_t other, words_of *in_words)
{
    struct ff_words words;
    const bool is_less = now < other;
    const char *sign = now == other ? "" : is_less ? "-" : "+";
    snprintf(words.text, sizeof words.text, "%s%.40s " FF_CHANGE_MARK, sign,
             in_words(is_less ? other - now : now - other).text);
    return words;
}

static struct ff_words change(uint64_t now, uint64_t other, bool is_whole,
                              words_of *in_words)
{
    return is_whole ? ff_change_percent(now, other) : difference(now, other, in_words);
}

/* Whether a key without a row is 0 in this table, and not one of "other". */
static bool is_closed(const struct ff_view *view, const struct ff_view_table *table)
{
    return table->info->threshold == 0 || table == &view->tables[FF_WEEKDAYS];
}

static bool is_whole_table(const struct ff_view *view,
                           const struct ff_view_table *table)
{
    return table->periods == view->n_days;
}

static bool is_whole_row(const struct ff_view *view, const struct ff_view_table *table,
                         const struct ff_view_row *row)
{
    return is_closed(view, table) ? is_whole_table(view, table)
                                  : row->periods == view->n_days;
}

static const struct ff_view_table *other_table(const struct ff_view *view,
                                               const struct ff_view_table *table)
{
    return &view->other.view->tables[table - view->tables];
}

struct ff_words ff_change_of_row(const struct ff_view *view,
                                 const struct ff_view_table *table,
                                 const struct ff_view_row *row)
{
    const struct ff_view *other = view->other.view;
    const struct ff_view_table *others = other_table(view, table);
    const struct ff_view_row none = { 0 };
    if (!others->is_present || (!row->other && !is_closed(other, others)))
        return say(FF_CHANGE_MARK);
    const struct ff_view_row *before = row->other ? row->other : &none;
    return change(row->measures[0], before->measures[0],
                  is_whole_row(view, table, row) && is_whole_row(other, others, before),
                  ff_words_count);
}

struct ff_words ff_change_of_total(const struct ff_view *view,
                                   const struct ff_view_table *table)
{
    const struct ff_view_table *others = other_table(view, table);
    if (!others->is_present)
        return say(FF_CHANGE_MARK);
    return change(table->total, others->total,
                  is_whole_table(view, table) &&
                      is_whole_table(view->other.view, others),
                  ff_words_count);
}

/* ---- headlines ---- */

/* What a headline counts, in both spans; `is_sum` is false for what cannot be
 * subtracted where days are withheld. */
struct pair {
    bool is_known, is_sum;
    uint64_t now, other;
    words_of *in_words;
};

static struct pair sums(uint64_t now, uint64_t other)
{
    return (struct pair) { true, true, now, other, ff_words_count };
}

static struct pair pages_a_visit(const struct ff_view *view)
{
    struct pair pair = { .in_words = ff_words_hundredths };
    pair.is_known = ff_view_pages_per_visit(&view->totals, &pair.now) &&
                    ff_view_pages_per_visit(&view->other.view->totals, &pair.other);
    return pair;
}

static struct pair medians(const struct ff_view *view)
{
    const struct ff_view_totals *ours = &view->totals;
    const struct ff_view_totals *theirs = &view->other.view->totals;
    return (struct pair) { ours->has_median && theirs->has_median, false,
                           ours->median_seconds, theirs->median_seconds,
                           ff_words_seconds };
}

void ff_change_of_headlines(const struct ff_view *view,
                            struct ff_headline_change changes[FF_HEADLINES])
{
    const struct ff_view *other = view->other.view;
    struct ff_headline theirs[FF_HEADLINES];
    const size_t n_theirs = ff_outline_headlines(other, theirs);
    const struct ff_totals *a = &view->totals.sums, *b = &other->totals.sums;
    const struct pair pairs[FF_HEADLINES] = {
        sums(a->visitors, b->visitors),
        sums(a->visits, b->visits),
        sums(a->page_views, b->page_views),
        pages_a_visit(view),
        medians(view),
        sums(a->bounces, b->bounces),
        sums(a->downloads, b->downloads),
        sums(a->site_searches, b->site_searches),
        { true, true, a->bytes, b->bytes, ff_words_bytes },
    };
    const bool is_whole = view->n_unknown_days + other->n_unknown_days == 0;
    for (size_t i = 0; i < FF_HEADLINES; i++) {
        const struct pair *pair = &pairs[i];
        struct ff_headline_change *out = &changes[i];
        out->other = i < n_theirs ? theirs[i].figure : say("-");
        if (i >= n_theirs || !pair->is_known)
            out->change = say("-");
        else if (!is_whole && !pair->is_sum)
            out->change = say(FF_CHANGE_MARK);
        else
            out->change = change(pair->now, pair->other, is_whole, pair->in_words);
    }
}
