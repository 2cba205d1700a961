/* footfall rollup: the nightly job. A period is computed whole, or not at all. */

#include "footfall/store.h"
#include "pipeline.h"

struct job {
    const struct ff_options *options;
    const char *site;
    unsigned written, kept;
    bool has_gaps;
};

static enum ff_err is_in_store(const struct job *job, int32_t start, bool *has,
                               struct ff_fault *fault)
{
    return ff_store_has(job->options->store, job->site, job->options->grain, start, has,
                        fault);
}

/* The period before is in the store: then what the logs begin with is this one's. */
static enum ff_err follows_store(const struct job *job, int32_t start, bool *follows,
                                 struct ff_fault *fault)
{
    const int32_t before = ff_period_start(job->options->grain, start - 1);
    return is_in_store(job, before, follows, fault);
}

static void say_period(const struct ff_rollup *rollup, const char *what)
{
    const struct ff_date d = ff_date_of_day(rollup->start);
    ff_say("%04d-%02u-%02u: %s", (int)d.year, d.month, d.day, what);
}

static enum ff_err keep(struct job *job, const struct ff_rollup *rollup,
                        const struct ff_period_state *state, struct ff_fault *fault)
{
    bool has, has_beginning = state->has_beginning;
    FF_TRY(is_in_store(job, rollup->start, &has, fault));
    if (has) {
        job->kept++;
        return FF_OK;
    }
    if (!state->has_end)
        return FF_OK; /* not over yet: another night's */
    if (!has_beginning)
        FF_TRY(follows_store(job, rollup->start, &has_beginning, fault));
    if (!has_beginning) {
        say_period(rollup, "its beginning is in none of the logs; left out");
        job->has_gaps = true;
        return FF_OK;
    }
    FF_TRY(ff_store_write(job->options->store, rollup, fault));
    job->written++;
    return FF_OK;
}

static enum ff_err take(void *context, struct ff_rollup *rollup,
                        const struct ff_period_state *state, struct ff_fault *fault)
{
    const enum ff_err err = keep(context, rollup, state, fault);
    ff_rollup_destroy(rollup);
    return err;
}

enum ff_err ff_rollup_command(const struct ff_options *options, enum ff_exit *exit,
                              struct ff_fault *fault)
{
    struct job job = { .options = options,
                       .site = options->site ? options->site : FF_DEFAULT_SITE };
    struct ff_pipeline_result result;
    if (!options->store)
        return ff_fault_set(fault, FF_ERR_USAGE, "rollup takes --store DIR");
    if (options->n_files == 0)
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "rollup takes log files, or - for standard input");
    if (!ff_store_is_site_name(ff_span_of(job.site)))
        return ff_fault_set(
            fault, FF_ERR_USAGE,
            "--site %.80s: a site in a store is named by letters, digits, "
            "\".\", \"-\" and \"_\", 64 at most",
            job.site);
    ff_store_sweep(options->store, job.site);
    FF_TRY(ff_pipeline(options, take, &job, &result, fault));
    ff_say("%s/%s: %u new, %u there already", options->store, job.site, job.written,
           job.kept);
    if (result.needs_a_look || job.has_gaps)
        *exit = FF_EXIT_LOOK;
    return FF_OK;
}
