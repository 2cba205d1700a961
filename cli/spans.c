#include "spans.h"

#include <stdlib.h>

static enum ff_err read_store(const struct ff_span_query *q, struct ff_days days,
                              struct ff_spans *spans, struct ff_fault *fault)
{
    const struct ff_store_query query = { .dir = q->store,
                                          .site = q->site,
                                          .from = days.from,
                                          .to = days.end,
                                          .profile = q->profile,
                                          .complain = q->complain,
                                          .context = q->context };
    return ff_store_read(&query, &spans->all, fault);
}

static enum ff_err read_files(const struct ff_span_query *q, struct ff_spans *spans,
                              struct ff_fault *fault)
{
    for (size_t i = 0; i < q->n_files; i++)
        FF_TRY(ff_rollup_read_file(&spans->all, q->files[i], fault));
    return FF_OK;
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
    ff_rollup_list_sort(out);
    return FF_OK;
}

static enum ff_err choose_shown(const struct ff_span_query *q, struct ff_spans *spans,
                                struct ff_fault *fault)
{
    FF_TRY(q->store ? read_store(q, q->days, spans, fault)
                    : read_files(q, spans, fault));
    FF_TRY(select_days(&spans->all, 0, q->days, &spans->shown, fault));
    if (spans->shown.n)
        return FF_OK;
    if (!q->store)
        return ff_fault_set(fault, FF_ERR_DATA, "no rollups of the days asked for");
    return ff_fault_set(fault, FF_ERR_DATA, "%.200s: no rollups %s", q->store,
                        q->days.from == INT32_MIN && q->days.end == INT32_MAX
                            ? "in this store"
                            : "of the days asked for");
}

/* The days are those that the first span has, whatever was asked for: a month that is
 * half over is held against half a month. */
static enum ff_err choose_other(const struct ff_span_query *q, struct ff_spans *spans,
                                struct ff_fault *fault)
{
    const struct ff_rollup *first = spans->shown.items[0];
    const struct ff_rollup *last = spans->shown.items[spans->shown.n - 1];
    const struct ff_days days = { first->start, last->end };
    const size_t n_before = q->store ? spans->all.n : 0;
    spans->other_days = ff_compare_days(&q->compare, first->grain, days);
    if (spans->other_days.from >= spans->other_days.end)
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "--compare: there is no whole %s in these days",
                            first->grain == FF_MONTH ? "month" : "week");
    spans->is_reading_other = true;
    if (q->store)
        FF_TRY(read_store(q, spans->other_days, spans, fault));
    return select_days(&spans->all, n_before, spans->other_days, &spans->other, fault);
}

enum ff_err ff_spans_read(struct ff_spans *spans, const struct ff_span_query *query,
                          struct ff_fault *fault)
{
    FF_TRY(choose_shown(query, spans, fault));
    return query->compare.kind == FF_COMPARE_NOTHING
               ? FF_OK
               : choose_other(query, spans, fault);
}

void ff_spans_clear(struct ff_spans *spans)
{
    free(spans->shown.items);
    free(spans->other.items);
    ff_rollup_list_clear(&spans->all);
}
