/* footfall report: rollups, from a store or from files, to a report. */
#include <stdlib.h>

#include "footfall/store.h"
#include "output.h"

/* What was read, and which of it is shown. */
struct spans {
    struct ff_rollup_list all;          /* owns the rollups */
    struct ff_rollup_list shown, other; /* point to them; the arrays are their own */
    struct ff_days other_days;
    bool is_read_twice; /* the store is being read for `other` */
    bool has_complaints;
};

static void clear(struct spans *spans)
{
    free(spans->shown.items);
    free(spans->other.items);
    ff_rollup_list_clear(&spans->all);
}

static void complain(void *context, const char *sentence)
{
    struct spans *spans = context;
    spans->has_complaints = true;
    ff_say("%s; left out%s", sentence,
           spans->is_read_twice ? " of the comparison" : "");
}

static enum ff_err read_store(const struct ff_options *o, struct ff_days days,
                              struct spans *spans, struct ff_fault *fault)
{
    const struct ff_store_query query = { .dir = o->store,
                                          .site = o->site,
                                          .from = days.from,
                                          .to = days.end,
                                          .profile = o->profile,
                                          .complain = complain,
                                          .context = spans };
    return ff_store_read(&query, &spans->all, fault);
}

static enum ff_err read_files(const struct ff_options *o, struct spans *spans,
                              struct ff_fault *fault)
{
    for (size_t i = 0; i < o->n_files; i++)
        FF_TRY(ff_rollup_read_file(&spans->all, o->files[i], fault));
    return FF_OK;
}

static int by_start(const void *a, const void *b)
{
    const struct ff_rollup *x = *(struct ff_rollup *const *)a;
    const struct ff_rollup *y = *(struct ff_rollup *const *)b;
    return (x->start > y->start) - (x->start < y->start);
}

/* The rollups from the `first`-th on whose periods are in `days`, in their order. */
static enum ff_err select_days(const struct ff_rollup_list *all, size_t first,
                               struct ff_days days, struct ff_rollup_list *out,
                               struct ff_fault *fault)
{
    out->items = malloc((all->n + 1) * sizeof(struct ff_rollup *));
    if (!out->items)
        return ff_fault_nomem(fault);
    for (size_t i = first; i < all->n; i++)
        if (all->items[i]->start >= days.from && all->items[i]->end <= days.end)
            out->items[out->n++] = all->items[i];
    qsort(out->items, out->n, sizeof(struct ff_rollup *), by_start);
    return FF_OK;
}

static enum ff_err choose_shown(const struct ff_options *o, struct spans *spans,
                                struct ff_fault *fault)
{
    const struct ff_days days = { o->from, o->to };
    FF_TRY(o->store ? read_store(o, days, spans, fault) : read_files(o, spans, fault));
    FF_TRY(select_days(&spans->all, 0, days, &spans->shown, fault));
    if (spans->shown.n)
        return FF_OK;
    if (!o->store)
        return ff_fault_set(fault, FF_ERR_DATA, "no rollups of the days asked for");
    return ff_fault_set(fault, FF_ERR_DATA, "%.200s: no rollups %s", o->store,
                        o->from == INT32_MIN && o->to == INT32_MAX
                            ? "in this store"
                            : "of the days asked for");
}

/* The days are those that the first span has, whatever was asked for: a month that is
 * half over is held against half a month. */
static enum ff_err choose_other(const struct ff_options *o, struct spans *spans,
                                struct ff_fault *fault)
{
    const struct ff_rollup *first = spans->shown.items[0];
    const struct ff_rollup *last = spans->shown.items[spans->shown.n - 1];
    const struct ff_days days = { first->start, last->end };
    const size_t n_before = o->store ? spans->all.n : 0;
    spans->other_days = ff_compare_days(&o->compare, first->grain, days);
    if (spans->other_days.from >= spans->other_days.end)
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "--compare: there is no whole %s in these days",
                            first->grain == FF_MONTH ? "month" : "week");
    spans->is_read_twice = true;
    if (o->store)
        FF_TRY(read_store(o, spans->other_days, spans, fault));
    return select_days(&spans->all, n_before, spans->other_days, &spans->other, fault);
}

/* The report says so, too, but it may be read much later. */
static void say_none_is_there(struct spans *spans)
{
    const struct ff_date from = ff_date_of_day(spans->other_days.from);
    const struct ff_date to = ff_date_of_day(spans->other_days.end - 1);
    spans->has_complaints = true;
    ff_say("--compare: no rollups of %04d-%02d-%02d to %04d-%02d-%02d", (int)from.year,
           from.month, from.day, (int)to.year, to.month, to.day);
}

static enum ff_err report(const struct ff_options *o, struct spans *spans,
                          struct ff_fault *fault)
{
    const struct ff_run_lines lines = { 0 };
    const bool is_compared = o->compare.kind != FF_COMPARE_NOTHING;
    FF_TRY(choose_shown(o, spans, fault));
    if (is_compared)
        FF_TRY(choose_other(o, spans, fault));
    const struct ff_comparison comparison = { spans->other_days, &spans->other };
    FF_TRY(ff_outputs_write(o, &spans->shown, is_compared ? &comparison : NULL, &lines,
                            fault));
    if (is_compared && spans->other.n == 0)
        say_none_is_there(spans);
    return FF_OK;
}

enum ff_err ff_report_command(const struct ff_options *options, enum ff_exit *exit,
                              struct ff_fault *fault)
{
    struct spans spans = { 0 };
    if ((options->store != NULL) == (options->n_files > 0))
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "report takes --store DIR, or rollup files (FILE.cbor...)");
    FF_TRY(ff_outputs_check(options, fault));
    const enum ff_err err = report(options, &spans, fault);
    if (!err && spans.has_complaints)
        *exit = FF_EXIT_LOOK;
    clear(&spans);
    return err;
}
