/* footfall report: rollups, from a store or from files, to a report. */
#include <stdlib.h>

#include "footfall/store.h"
#include "output.h"

static void complain(void *context, const char *sentence)
{
    bool *has_complaints = context;
    *has_complaints = true;
    ff_say("%s; left out", sentence);
}

static enum ff_err read_store(const struct ff_options *o, struct ff_rollup_list *list,
                              bool *has_complaints, struct ff_fault *fault)
{
    const struct ff_store_query query = { .dir = o->store,
                                          .site = o->site,
                                          .from = o->from,
                                          .to = o->to,
                                          .complain = complain,
                                          .context = has_complaints };
    FF_TRY(ff_store_read(&query, list, fault));
    if (list->n)
        return FF_OK;
    return ff_fault_set(fault, FF_ERR_DATA, "%.200s: no rollups %s", o->store,
                        o->from == INT32_MIN && o->to == INT32_MAX
                            ? "in this store"
                            : "of the days asked for");
}

static int by_start(const void *a, const void *b)
{
    const struct ff_rollup *x = *(struct ff_rollup *const *)a;
    const struct ff_rollup *y = *(struct ff_rollup *const *)b;
    return (x->start > y->start) - (x->start < y->start);
}

/* Leaves only the rollups of the days asked for. */
static void select_days(const struct ff_options *o, struct ff_rollup_list *list)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i]->start >= o->from && list->items[i]->end <= o->to)
            list->items[n++] = list->items[i];
        else
            ff_rollup_destroy(list->items[i]);
    }
    list->n = n;
}

static enum ff_err read_files(const struct ff_options *o, struct ff_rollup_list *list,
                              struct ff_fault *fault)
{
    for (size_t i = 0; i < o->n_files; i++)
        FF_TRY(ff_rollup_read_file(list, o->files[i], fault));
    select_days(o, list);
    if (list->n == 0)
        return ff_fault_set(fault, FF_ERR_DATA, "no rollups of the days asked for");
    qsort(list->items, list->n, sizeof *list->items, by_start);
    return FF_OK;
}

enum ff_err ff_report_command(const struct ff_options *options, enum ff_exit *exit,
                              struct ff_fault *fault)
{
    struct ff_rollup_list list = { 0 };
    const struct ff_run_lines lines = { 0 };
    bool has_complaints = false;
    if ((options->store != NULL) == (options->n_files > 0))
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "report takes --store DIR, or rollup files (FILE.cbor...)");
    FF_TRY(ff_outputs_check(options, fault));
    enum ff_err err = options->store
                          ? read_store(options, &list, &has_complaints, fault)
                          : read_files(options, &list, fault);
    if (!err)
        err = ff_outputs_write(options, &list, &lines, fault);
    ff_rollup_list_clear(&list);
    if (!err && has_complaints)
        *exit = FF_EXIT_LOOK;
    return err;
}
