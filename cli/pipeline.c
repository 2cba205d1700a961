#include "pipeline.h"

#include <pthread.h>
#include <stdlib.h>

#include "logs.h"
#include "readers.h"

/* A longer stretch without a line is not filled with empty periods. */
#define MOST_GAP_DAYS 400

struct pipeline {
    const struct ff_options *options;
    const struct ff_pipeline_sink *sink;
    struct ff_ingest *ingest;
    struct ff_readers *readers;
    struct ff_progress progress;
    int64_t first_time, last_time; /* of readable lines, those left unread too */
    bool has_released;
    int32_t next; /* the day after the period released last */
    bool needs_a_look;
    size_t n_released, n_folded; /* periods; those that fold a lot */
    size_t n_capped;             /* and those for which --memory was too little */
    int32_t capped_start;        /* the first of these */
    unsigned folded;             /* thousandths, of the one that folds most */
    int32_t folded_start;
    uint64_t lines_at_release; /* read when a period was closed early last */
    struct ff_foresight foresight;
    bool is_all_read;
};

/* A third: with more page views past their section a longer period is worth a hint. */
#define FOLDED_A_LOT 333

static enum ff_err open_stages(struct pipeline *p, struct ff_fault *fault)
{
    const size_t n = p->sink->counts_as_peers ? 1 : p->options->jobs;
    if (!p->sink->hits) {
        const struct ff_logs_settings logs = { .content_key = p->sink->content_key,
                                               .counts_as_peers =
                                                   p->sink->counts_as_peers,
                                               .n_readers = n,
                                               .look_ms = FF_LOOK_WHOLE };
        FF_TRY(ff_logs_open(&p->ingest, p->options, &logs, fault));
    }
    return ff_readers_create(&p->readers, p->options, n, fault);
}

static int64_t seconds_of(const struct pipeline *p, int32_t day)
{
    return ff_zone_midnight(&p->options->zone, day);
}

static void note_folded(struct pipeline *p, int32_t start, unsigned folded)
{
    p->n_released++;
    p->n_folded += folded > FOLDED_A_LOT;
    if (folded <= p->folded)
        return;
    p->folded = folded;
    p->folded_start = start;
}

static enum ff_err release_one(struct pipeline *p, int32_t start,
                               struct ff_fault *fault)
{
    struct ff_rollup *rollup;
    unsigned folded;
    /* The key goes before the counts do: no token of this period can be made again. */
    if (p->ingest)
        ff_ingest_forget(p->ingest, start);
    FF_TRY(ff_readers_release(p->readers, start, &rollup, &folded, fault));
    note_folded(p, start, folded);
    if (rollup->is_capped && p->n_capped++ == 0)
        p->capped_start = start;
    p->has_released = true;
    p->next = rollup->end;
    const int64_t end = seconds_of(p, rollup->end);
    const struct ff_period_state state = {
        .has_beginning = p->first_time <= seconds_of(p, start) + p->options->lead,
        .has_end = p->last_time >= end || p->options->now >= end + p->options->grace,
        .is_early = !p->is_all_read,
    };
    return p->sink->take(p->sink->context, rollup, &state, fault);
}

/* The day after the last period before `start` that is released, or that a log left
 * unread reaches into. */
static bool find_end_before(const struct pipeline *p, int32_t start, int32_t *end)
{
    const struct ff_options *o = p->options;
    bool is_found = p->has_released && p->next <= start;
    *end = p->next;
    for (size_t i = 0; p->ingest && i < ff_ingest_inputs(p->ingest); i++) {
        const struct ff_input_stats *s = ff_ingest_input(p->ingest, i);
        if (!s->is_skipped)
            continue;
        const int32_t day = ff_zone_day(&o->zone, s->reaches);
        const int32_t its = ff_period_end(o->grain, ff_period_start(o->grain, day));
        if (its > start || (is_found && its <= *end))
            continue;
        *end = its;
        is_found = true;
    }
    return is_found;
}

/* Periods between the last one and `start` that have no line, if the logs reach over
 * them: quiet days do not break the chain. A line whose date is far off is no reason to
 * fill years. */
static enum ff_err release_gap(struct pipeline *p, int32_t start,
                               struct ff_fault *fault)
{
    int32_t next;
    if (!find_end_before(p, start, &next) || start - next > MOST_GAP_DAYS)
        return FF_OK;
    while (next < start) {
        FF_TRY(release_one(p, next, fault));
        next = p->next;
    }
    return FF_OK;
}

static enum ff_err release(struct pipeline *p, int32_t start, struct ff_fault *fault)
{
    if (p->sink->fills_gaps)
        FF_TRY(release_gap(p, start, fault));
    return release_one(p, start, fault);
}

/* Closes what is over while there is more to read, so that memory stays flat over a
 * long archive. */
static enum ff_err release_early(struct pipeline *p, int64_t settled,
                                 struct ff_fault *fault)
{
    int32_t start;
    /* Who made the hits has counted the lines. */
    const uint64_t lines = p->ingest ? ff_logs_lines(p->ingest) : UINT64_MAX;
    if (lines - p->lines_at_release < FF_OPEN_LINES)
        return FF_OK;
    while (ff_readers_earliest(p->readers, &start) &&
           seconds_of(p, ff_period_end(p->options->grain, start)) +
                   FF_DISORDER_SECONDS <=
               settled) {
        FF_TRY(release(p, start, fault));
        p->lines_at_release = p->ingest ? lines : 0;
        p->foresight.is_near = false;
    }
    return FF_OK;
}

static void note_times(struct pipeline *p)
{
    const struct ff_readers_stats stats = ff_readers_stats(p->readers);
    if (stats.first_time < p->first_time)
        p->first_time = stats.first_time;
    if (stats.last_time > p->last_time)
        p->last_time = stats.last_time;
}

/* What was read up to here is counted, and no line before `settled` is expected. */
static enum ff_err settle(struct pipeline *p, int64_t settled, struct ff_fault *fault)
{
    note_times(p);
    return settled == INT64_MAX ? FF_OK : release_early(p, settled, fault);
}

static void foresee_close(struct pipeline *p)
{
    int32_t start;
    const int64_t end = ff_readers_earliest(p->readers, &start)
                            ? seconds_of(p, ff_period_end(p->options->grain, start))
                            : INT64_MAX;
    ff_logs_foresee_close(&p->foresight, p->ingest, p->last_time, p->lines_at_release,
                          end);
}

static enum ff_err read_logs(struct pipeline *p, struct ff_fault *fault)
{
    bool more;
    p->first_time = ff_logs_begin(p->ingest);
    for (;;) {
        int64_t settled;
        FF_TRY(ff_ingest_begin_round(p->ingest, &more, fault));
        if (!more)
            return FF_OK;
        FF_TRY(ff_readers_round(p->readers, p->ingest, &p->progress, &settled, fault));
        FF_TRY(settle(p, settled, fault));
        foresee_close(p);
    }
}

static enum ff_err read_hits(struct pipeline *p, struct ff_fault *fault)
{
    int64_t settled;
    p->first_time = p->sink->hits_begin;
    for (;;) {
        FF_TRY(ff_readers_hits_round(p->readers, p->sink->hits, fault));
        if (!ff_hit_reader_go_on(p->sink->hits, &settled))
            break;
        FF_TRY(settle(p, settled, fault));
    }
    note_times(p);
    return FF_OK;
}

static enum ff_err read_all(struct pipeline *p, struct ff_fault *fault)
{
    FF_TRY(p->ingest ? read_logs(p, fault) : read_hits(p, fault));
    ff_progress_end(&p->progress);
    p->is_all_read = true;
    int32_t start;
    while (ff_readers_earliest(p->readers, &start))
        FF_TRY(release(p, start, fault));
    return FF_OK;
}

/* Of what is read from the logs themselves. */
static void tell_of_logs(struct pipeline *p, struct ff_pipeline_result *result)
{
    p->needs_a_look |= ff_logs_tell(p->ingest);
    if (!p->sink->counts_as_peers)
        ff_logs_hint(p->ingest, p->options);
    const struct ff_stray_lines strays = ff_ingest_strays(p->ingest);
    result->lines.duplicate = ff_logs_duplicates(p->ingest);
    result->lines.malformed = strays.malformed;
    result->lines.excluded = strays.excluded;
    result->lines.blank = strays.blank;
}

/* What ingest, in a process of its own, says of them. */
static void tell_of_hits(struct pipeline *p, struct ff_pipeline_result *result)
{
    const struct ff_hit_stream_trailer *t = ff_hit_reader_trailer(p->sink->hits);
    if (t->needs_a_look)
        ff_say("the logs need a look: footfall ingest has said why");
    p->needs_a_look |= t->needs_a_look;
    result->lines.duplicate = t->duplicates;
    result->lines.malformed = t->malformed;
    result->lines.excluded = t->excluded;
    result->lines.blank = t->blank;
}

/* What `n` periods have, as one sentence a run: a year of days that fold is no year of
 * sentences. `start` is the one to name; how many they are stands between both texts.
 */
static void tell_of_periods(const struct pipeline *p, size_t n, int32_t start,
                            const char *before, const char *on, const char *behind)
{
    static const char *const names[] = { "days", "weeks", "months" };
    const struct ff_date d = ff_date_of_day(start);
    char among[80] = "";
    if (n == 0)
        return;
    if (p->n_released > 1)
        snprintf(among, sizeof among, " (%s %zu of %zu %s)", on, n, p->n_released,
                 names[p->options->grain]);
    ff_say("%04d-%02u-%02u: %s%s%s", (int)d.year, d.month, d.day, before, among,
           behind);
}

static void tell_folded(const struct pipeline *p)
{
    static const char *const longer[] = {
        [FF_DAY] = "; --period week would keep more of them",
        [FF_WEEK] = "; --period month would keep more of them",
        [FF_MONTH] = "",
    };
    char share[80];
    snprintf(share, sizeof share,
             "%u %% of the page views are on pages with too few visitors to name",
             p->folded / 10);
    tell_of_periods(p, p->n_folded, p->folded_start, share, "more than a third on",
                    longer[p->options->grain]);
}

static void tell_capped(const struct pipeline *p)
{
    tell_of_periods(p, p->n_capped, p->capped_start, "--memory was reached", "on",
                    ": some keys and visitors are counted in sums only");
}

static void tell(struct pipeline *p, struct ff_pipeline_result *result)
{
    const struct ff_readers_stats stats = ff_readers_stats(p->readers);
    if (p->ingest)
        tell_of_logs(p, result);
    else
        tell_of_hits(p, result);
    tell_capped(p);
    if (!p->sink->counts_as_peers)
        tell_folded(p);
    if (stats.late) {
        ff_say(
            "%llu lines came more than two hours out of order, after their period was "
            "closed; they count as outside",
            (unsigned long long)stats.late);
        p->needs_a_look = true;
    }
    result->lines.outside = stats.outside + stats.late;
    result->needs_a_look = p->needs_a_look;
}

static void *close_logs(void *ingest)
{
    ff_ingest_close(ingest);
    return NULL;
}

/* The sink need not wait for all that was read to be wiped; nobody goes on before it
 * is. */
static enum ff_err finish(struct pipeline *p, struct ff_pipeline_result *result,
                          struct ff_fault *fault)
{
    pthread_t thread;
    const bool has_thread = p->ingest && ff_readers_are_several(p->readers) &&
                            pthread_create(&thread, NULL, close_logs, p->ingest) == 0;
    const enum ff_err err = p->sink->finish(p->sink->context, result, fault);
    if (has_thread) {
        pthread_join(thread, NULL);
        p->ingest = NULL;
    }
    return err;
}

enum ff_err ff_pipeline(const struct ff_options *options,
                        const struct ff_pipeline_sink *sink,
                        struct ff_pipeline_result *result, struct ff_fault *fault)
{
    struct pipeline p = { .options = options,
                          .sink = sink,
                          .first_time = INT64_MAX,
                          .last_time = INT64_MIN,
                          .foresight = { .last_time = INT64_MIN } };
    *result = (struct ff_pipeline_result) { 0 };
    ff_progress_begin(&p.progress, options->wants_progress);
    enum ff_err err = open_stages(&p, fault);
    if (!err && sink->opened)
        err = sink->opened(sink->context, p.ingest, fault);
    if (!err)
        err = read_all(&p, fault);
    if (!err && sink->ended)
        err = sink->ended(sink->context, fault);
    if (!err) {
        tell(&p, result);
        if (sink->last)
            sink->last(sink->context, &result->lines);
    }
    ff_progress_end(&p.progress);
    if (!err && sink->finish)
        err = finish(&p, result, fault);
    ff_readers_destroy(p.readers);
    ff_ingest_close(p.ingest);
    return err;
}
