/* footfall run: logs to a report, in one process. */
#include "run.h"

#include <stdlib.h>

#include "output.h"
#include "readers.h"
#include "shelf.h"

struct run {
    const struct ff_options *options;
    const struct ff_run_source *source;
    struct ff_shelf shelf;          /* of rollups, until all are read */
    struct ff_rollup_list rollups;  /* from then on */
    struct ff_period_state *states; /* of each of them */
    size_t cap;
    bool is_provisional;
};

/* Of the rollup that comes next. */
static enum ff_err note_state(struct run *run, const struct ff_period_state *state,
                              struct ff_fault *fault)
{
    if (run->shelf.n == run->cap) {
        const size_t cap = run->cap ? run->cap * 2 : 32;
        struct ff_period_state *states = realloc(run->states, cap * sizeof *states);
        if (!states)
            return ff_fault_nomem(fault);
        run->states = states;
        run->cap = cap;
    }
    run->states[run->shelf.n] = *state;
    return FF_OK;
}

static enum ff_err take(void *context, struct ff_rollup *rollup,
                        const struct ff_period_state *state, struct ff_fault *fault)
{
    struct run *run = context;
    const bool is_whole = state->has_beginning && state->has_end;
    run->is_provisional |= !is_whole;
    rollup->is_partial = !is_whole;
    enum ff_err err = note_state(run, state, fault);
    if (!err)
        err = ff_shelf_add(&run->shelf, rollup, state->is_early, fault);
    if (err)
        ff_rollup_destroy(rollup);
    return err;
}

/* The period that is now, without a line: so that lines that belong to no period are
 * accounted for all the same. */
static enum ff_err add_empty(struct run *run, const struct ff_options *o,
                             struct ff_fault *fault)
{
    struct ff_aggregate *aggregate;
    struct ff_rollup *rollup = NULL;
    const struct ff_aggregate_settings settings = ff_readers_settings(o, 1);
    FF_TRY(ff_aggregate_create(&aggregate, &settings, fault));
    const int32_t start = ff_period_start(o->grain, ff_zone_day(&o->zone, o->now));
    const enum ff_err err = ff_aggregate_release(aggregate, start, &rollup, fault);
    ff_aggregate_destroy(aggregate);
    if (err)
        return err;
    const struct ff_period_state nothing = { .has_beginning = false };
    return take(run, rollup, &nothing, fault);
}

/* When all was read without trouble: a stream of hits that breaks off leaves the store
 * as it was. */
static enum ff_err keep_all(const struct run *run, struct ff_keep *keep,
                            struct ff_fault *fault)
{
    for (size_t i = 0; i < run->rollups.n; i++)
        FF_TRY(ff_keep_rollup(keep, run->rollups.items[i], &run->states[i], fault));
    return FF_OK;
}

/* When all was read and counted. */
static enum ff_err finish(void *context, struct ff_pipeline_result *result,
                          struct ff_fault *fault)
{
    struct run *run = context;
    const struct ff_options *o = run->options;
    struct ff_keep *keep = run->source->keep;
    const size_t n = run->shelf.n;
    if (n == 0) {
        ff_say("no line could be read%s: the report has nothing but their number",
               result->lines.outside ? " of the days asked for" : "");
        result->needs_a_look = true;
        FF_TRY(add_empty(run, o, fault));
    }
    FF_TRY(ff_shelf_take_all(&run->shelf, &run->rollups, fault));
    if (keep && n)
        FF_TRY(keep_all(run, keep, fault));
    if (keep && o->outputs.n == 0)
        return FF_OK;
    /* A log whose days are in disorder has them released in disorder, too. */
    ff_rollup_list_sort(&run->rollups);
    result->lines.is_provisional = run->is_provisional;
    return ff_outputs_write(o, &run->rollups, NULL, &result->lines, fault);
}

enum ff_err ff_run(const struct ff_options *options, const struct ff_run_source *source,
                   enum ff_exit *exit, struct ff_fault *fault)
{
    struct run run = { .options = options, .source = source };
    const struct ff_pipeline_sink sink = { .context = &run,
                                           .take = take,
                                           .finish = finish,
                                           .hits = source->hits,
                                           .hits_begin = source->hits_begin,
                                           .fills_gaps = source->keep != NULL };
    struct ff_pipeline_result result;
    const enum ff_err err = ff_pipeline(options, &sink, &result, fault);
    if (!err && result.needs_a_look)
        *exit = FF_EXIT_LOOK;
    ff_shelf_clear(&run.shelf);
    ff_rollup_list_clear(&run.rollups);
    free(run.states);
    return err;
}

enum ff_err ff_run_command(const struct ff_options *options, enum ff_exit *exit,
                           struct ff_fault *fault)
{
    const struct ff_run_source logs = { .hits = NULL };
    if (options->n_files == 0)
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "run takes log files, or - for standard input");
    FF_TRY(ff_outputs_check(options, fault));
    return ff_run(options, &logs, exit, fault);
}
