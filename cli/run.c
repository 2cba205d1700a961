/* footfall run: logs to a report, in one process. */
#include "output.h"
#include "pipeline.h"

struct run {
    struct ff_rollup_list rollups;
    bool is_provisional;
};

static enum ff_err take(void *context, struct ff_rollup *rollup,
                        const struct ff_period_state *state, struct ff_fault *fault)
{
    struct run *run = context;
    const bool is_whole = state->has_beginning && state->has_end;
    run->is_provisional |= !is_whole;
    rollup->is_partial = !is_whole;
    const enum ff_err err = ff_rollup_list_add(&run->rollups, rollup, fault);
    if (err)
        ff_rollup_destroy(rollup);
    return err;
}

enum ff_err ff_run_command(const struct ff_options *options, enum ff_exit *exit,
                           struct ff_fault *fault)
{
    struct run run = { 0 };
    struct ff_pipeline_result result;
    if (options->n_files == 0)
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "run takes log files, or - for standard input");
    FF_TRY(ff_outputs_check(options, fault));
    enum ff_err err = ff_pipeline(options, take, &run, &result, fault);
    if (!err && run.rollups.n == 0)
        err = ff_fault_set(fault, FF_ERR_DATA,
                           "no line that could be read%s: there is nothing to report",
                           result.lines.outside ? " in the days asked for" : "");
    if (!err) {
        result.lines.is_provisional = run.is_provisional;
        err = ff_outputs_write(options, &run.rollups, &result.lines, fault);
    }
    if (!err && result.needs_a_look)
        *exit = FF_EXIT_LOOK;
    ff_rollup_list_clear(&run.rollups);
    return err;
}
