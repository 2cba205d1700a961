/* footfall rollup: the nightly job. A period is computed whole, or not at all; one that
 * the store has is left alone. So the job can be killed at any instant, run twice, or
 * over overlapping files: the store's rollups are the same bytes. */
#include <stdlib.h>

#include "footfall/store.h"
#include "late.h"
#include "pipeline.h"

struct job {
    const struct ff_options *options;
    const char *site;
    struct ff_ingest *ingest;
    struct ff_sources before, now; /* what was known when the job began, and is now */
    unsigned written, kept, open, skipped, without_beginning;
    bool needs_a_look; /* stderr has said what */
    uint64_t
        late; /* lines of periods that the store had, which were not made from them */
};

static enum ff_err has_period(const struct job *job, int32_t start, bool *has,
                              struct ff_fault *fault)
{
    const struct ff_options *o = job->options;
    return ff_store_has(o->store, job->site, o->profile, o->grain, start, has, fault);
}

/* Whether --keep deletes a period's rollup: then none is made either. */
static bool is_too_old(const struct job *job, int32_t start)
{
    const struct ff_options *o = job->options;
    return o->keep_days && ff_period_end(o->grain, start) <=
                               ff_zone_day(&o->zone, o->now) - (int32_t)o->keep_days;
}

/* Whether the store has every period that a source gave lines to. Periods of another
 * length are another run's: what they say is worth nothing here. */
static enum ff_err is_used_up(const struct job *job,
                              const struct ff_known_source *source, bool *is,
                              struct ff_fault *fault)
{
    *is = source->last_time != INT64_MIN && source->n_periods;
    for (size_t i = 0; i < source->n_periods && *is; i++) {
        const int32_t start = source->periods[i].start;
        if (ff_period_start(job->options->grain, start) != start)
            *is = false;
        else if (!is_too_old(job, start))
            FF_TRY(has_period(job, start, is, fault));
    }
    return FF_OK;
}

/* Leaves unread what can say nothing new. */
static enum ff_err opened(void *context, struct ff_ingest *ingest,
                          struct ff_fault *fault)
{
    struct job *job = context;
    struct ff_content content;
    job->ingest = ingest;
    if (job->options->replaces)
        return FF_OK;
    for (size_t i = 0; i < ff_ingest_inputs(ingest); i++) {
        if (!ff_ingest_content(ingest, i, &content))
            continue;
        const struct ff_known_source *source = ff_sources_find(&job->before, &content);
        bool is = false;
        if (source)
            FF_TRY(is_used_up(job, source, &is, fault));
        if (!is)
            continue;
        ff_ingest_skip(ingest, i, source->last_time);
        job->skipped++;
    }
    return FF_OK;
}

/* Says what the inputs have given so far, before the first rollup made of it is in the
 * store: a run that is killed in between is only read again. */
static enum ff_err note_sources(struct job *job, struct ff_fault *fault)
{
    struct ff_content content;
    for (size_t i = 0; i < ff_ingest_inputs(job->ingest); i++) {
        const struct ff_period_lines *periods;
        const size_t n = ff_ingest_period_lines(job->ingest, i, &periods);
        const struct ff_input_stats *s = ff_ingest_input(job->ingest, i);
        if (n && ff_ingest_content(job->ingest, i, &content))
            FF_TRY(ff_sources_note(&job->now, &content,
                                   s->is_whole ? s->reaches : INT64_MIN, periods, n,
                                   fault));
    }
    return job->options->is_dry
               ? FF_OK
               : ff_sources_write(&job->now, job->options->store, job->site, fault);
}

static void say_period(const struct ff_rollup *rollup, const char *what)
{
    const struct ff_date d = ff_date_of_day(rollup->start);
    ff_say("%04d-%02u-%02u: %s", (int)d.year, d.month, d.day, what);
}

static enum ff_err write_rollup(struct job *job, struct ff_rollup *rollup,
                                struct ff_fault *fault)
{
    uint32_t revision;
    struct ff_fault trouble;
    const enum ff_err err =
        ff_store_revision(job->options->store, rollup, &revision, &trouble);
    if (err)
        return ff_fault_set(fault, err, "%.400s%s", trouble.text,
                            err == FF_ERR_DATA ? "; delete it, and it is computed anew"
                                               : "");
    rollup->revision = revision + 1;
    job->written++;
    if (job->options->is_dry) {
        say_period(rollup, revision ? "would be replaced" : "would be written");
        return FF_OK;
    }
    FF_TRY(note_sources(job, fault));
    FF_TRY(ff_store_write(job->options->store, rollup, fault));
    if (revision)
        say_period(rollup, "replaced; whoever holds both revisions can subtract them");
    return FF_OK;
}

/* A period that the store has. A rollup that cannot be read is named, and the rest of
 * the night goes on. */
static enum ff_err leave(struct job *job, const struct ff_rollup *rollup,
                         struct ff_fault *fault)
{
    uint64_t late;
    struct ff_fault trouble;
    const struct ff_late_context context = { job->options->store, job->ingest,
                                             &job->before };
    job->kept++;
    const enum ff_err err = ff_late_lines(&context, rollup, &late, &trouble);
    if (err == FF_ERR_DATA) {
        ff_say("%s; it is left as it is (delete it, and it is computed anew)",
               trouble.text);
        job->needs_a_look = true;
        return FF_OK;
    }
    if (err) {
        *fault = trouble;
        return err;
    }
    job->late += late;
    return FF_OK;
}

/* The period before is in the store: then what the logs begin with is this one's. */
static enum ff_err has_beginning(const struct job *job, const struct ff_rollup *rollup,
                                 const struct ff_period_state *state, bool *has,
                                 struct ff_fault *fault)
{
    *has = state->has_beginning;
    if (*has)
        return FF_OK;
    return has_period(job, ff_period_start(rollup->grain, rollup->start - 1), has,
                      fault);
}

/* Said once: when the store has the period after it, a night before this one has said
 * so, and the log is still there. */
static enum ff_err leave_out(struct job *job, const struct ff_rollup *rollup,
                             struct ff_fault *fault)
{
    bool is_told;
    FF_TRY(has_period(job, rollup->end, &is_told, fault));
    job->without_beginning++;
    if (is_told)
        return FF_OK;
    job->needs_a_look = true;
    say_period(rollup, "its beginning is in none of the logs, so it is left out "
                       "(--partial keeps it, marked)");
    return FF_OK;
}

static enum ff_err keep(struct job *job, struct ff_rollup *rollup,
                        const struct ff_period_state *state, struct ff_fault *fault)
{
    bool is_there, is_whole;
    if (is_too_old(job, rollup->start))
        return FF_OK;
    FF_TRY(has_period(job, rollup->start, &is_there, fault));
    if (is_there && !job->options->replaces)
        return leave(job, rollup, fault);
    if (!state->has_end) {
        job->open++; /* not over yet: another night's */
        return FF_OK;
    }
    FF_TRY(has_beginning(job, rollup, state, &is_whole, fault));
    rollup->is_partial = !is_whole;
    if (is_whole || job->options->takes_partial)
        return write_rollup(job, rollup, fault);
    return leave_out(job, rollup, fault);
}

static enum ff_err take(void *context, struct ff_rollup *rollup,
                        const struct ff_period_state *state, struct ff_fault *fault)
{
    const enum ff_err err = keep(context, rollup, state, fault);
    ff_rollup_destroy(rollup);
    return err;
}

static enum ff_err ended(void *context, struct ff_fault *fault)
{
    return note_sources(context, fault);
}

static enum ff_err forget_old(struct job *job, struct ff_fault *fault)
{
    const struct ff_options *o = job->options;
    unsigned n = 0;
    if (!o->keep_days)
        return FF_OK;
    const int32_t today = ff_zone_day(&o->zone, o->now);
    FF_TRY(ff_store_forget(o->store, job->site, today - (int32_t)o->keep_days,
                           o->is_dry, &n, fault));
    if (n)
        ff_say("%u rollups older than %u days %s", n, o->keep_days,
               o->is_dry ? "would be deleted" : "deleted");
    return FF_OK;
}

static void wait_for_lock(const char *sentence)
{
    ff_say("%s", sentence);
}

/* Appends ", 3 there already" and the like, if there is something to tell. */
static void append(char *line, size_t size, unsigned n, const char *what)
{
    const size_t len = strlen(line);
    if (n)
        snprintf(line + len, size - len, ", %u %s", n, what);
}

/* One line for the job's mail. */
static void sum_up(const struct job *job)
{
    char line[256] = "";
    append(line, sizeof line, job->kept, "there already");
    append(line, sizeof line, job->open, "not over yet");
    append(line, sizeof line, job->without_beginning, "without a beginning");
    append(line, sizeof line, job->skipped,
           job->skipped == 1 ? "log known already" : "logs known already");
    ff_say("%s/%s: %u %s%s", job->options->store, job->site, job->written,
           job->options->is_dry ? "to write" : "new", line);
}

static enum ff_err work(struct job *job, struct ff_pipeline_result *result,
                        struct ff_fault *fault)
{
    const struct ff_options *o = job->options;
    bool is_damaged;
    FF_TRY(ff_sources_read(&job->before, o->store, job->site, &is_damaged, fault));
    FF_TRY(ff_sources_read(&job->now, o->store, job->site, &is_damaged, fault));
    memcpy(job->now.key, job->before.key, sizeof job->now.key);
    if (is_damaged)
        ff_say("%s/%s/sources is damaged: every log is read again", o->store,
               job->site);
    const struct ff_pipeline_sink sink = { .context = job,
                                           .take = take,
                                           .opened = opened,
                                           .ended = ended,
                                           .content_key = job->before.key,
                                           .fills_gaps = true };
    FF_TRY(ff_pipeline(o, &sink, result, fault));
    FF_TRY(forget_old(job, fault));
    if (job->late)
        ff_say("%llu %s of periods that the store had already, made without them "
               "(--replace computes those anew)",
               (unsigned long long)job->late, job->late == 1 ? "line is" : "lines are");
    sum_up(job);
    return FF_OK;
}

static enum ff_err check(const struct job *job, struct ff_fault *fault)
{
    if (!job->options->store)
        return ff_fault_set(fault, FF_ERR_USAGE, "rollup takes --store DIR");
    if (job->options->n_files == 0)
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "rollup takes log files, or - for standard input");
    if (!ff_store_is_site_name(ff_span_of(job->site)))
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "--site %.80s: a site in a store is named by letters, "
                            "digits, \".\", \"-\" and \"_\", 64 at most",
                            job->site);
    return FF_OK;
}

enum ff_err ff_rollup_command(const struct ff_options *options, enum ff_exit *exit,
                              struct ff_fault *fault)
{
    struct job job = { .options = options,
                       .site = options->site ? options->site : FF_DEFAULT_SITE };
    struct ff_pipeline_result result = { .needs_a_look = false };
    int lock = -1;
    FF_TRY(check(&job, fault));
    if (!options->is_dry) {
        FF_TRY(ff_store_lock(options->store, job.site, wait_for_lock, &lock, fault));
        ff_store_sweep(options->store, job.site);
    }
    const enum ff_err err = work(&job, &result, fault);
    ff_sources_clear(&job.before);
    ff_sources_clear(&job.now);
    ff_store_unlock(lock);
    if (!err && (result.needs_a_look || job.needs_a_look || job.late))
        *exit = FF_EXIT_LOOK;
    return err;
}
