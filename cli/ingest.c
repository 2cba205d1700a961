/* footfall ingest: logs to hits, for footfall aggregate in another process. The address
 * and the key end here; tokens go through the pipe, and belong nowhere else. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "crew.h"
#include "footfall/apart.h"
#include "footfall/hit_stream.h"
#include "logs.h"
#include "pipeline.h"
#include "progress.h"

/* So long hits may wait for others, while a pipe gives little. */
#define WAIT_SECONDS 0.5
/* So long a pipe's first lines are waited for, before the first of them are handed on.
 */
#define LOOK_MS 250

/* What a reader has given. */
struct given {
    _Alignas(FF_APART) _Atomic uint64_t lines; /* for the display */
    int64_t from, to;                          /* of the period of the last hit */
    int64_t last_time;                         /* of all hits; INT64_MIN: none yet */
};

struct work {
    const struct ff_options *options;
    struct ff_ingest *ingest;
    struct ff_hit_writer *writer;
    struct ff_crew *crew;
    struct ff_progress progress;
    struct given *given;       /* a reader's each */
    uint64_t lines_at_release; /* read when a period was closed early last */
    struct ff_foresight foresight;
    /* The first days of periods that have a key. */
    pthread_mutex_t periods_lock;
    int32_t *periods;
    size_t n, cap;
    double flushed;        /* of the monotonic clock: when the leader saw no hit wait */
    _Atomic bool is_over;  /* a reader had an error: a pipe is not waited for */
    enum ff_err err;       /* of what was done while no line came; between calls of */
    struct ff_fault fault; /* idle nobody looks */
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Tokens of one period can be told from each other, so none are left lying about. */
static enum ff_err refuse_a_disk(struct ff_fault *fault)
{
    struct stat out;
    if (fstat(STDOUT_FILENO, &out) != 0)
        return ff_fault_set(fault, FF_ERR_IO, "standard output is closed");
    const bool is_disk = S_ISREG(out.st_mode) || S_ISBLK(out.st_mode);
    if (!is_disk && !isatty(STDOUT_FILENO))
        return FF_OK;
    return ff_fault_set(fault, FF_ERR_USAGE,
                        "hits are pseudonymous, and not for %s: pipe them into "
                        "footfall aggregate",
                        is_disk ? "a disk" : "a terminal");
}

/* With the lock of the periods. */
static enum ff_err add_period(struct work *work, int32_t start, struct ff_fault *fault)
{
    for (size_t i = 0; i < work->n; i++)
        if (work->periods[i] == start)
            return FF_OK;
    if (work->n == work->cap) {
        const size_t cap = work->cap ? work->cap * 2 : 16;
        int32_t *periods = realloc(work->periods, cap * sizeof *periods);
        if (!periods)
            return ff_fault_nomem(fault);
        work->periods = periods;
        work->cap = cap;
    }
    work->periods[work->n++] = start;
    return FF_OK;
}

static enum ff_err note_period(struct work *work, struct given *given, int64_t time,
                               struct ff_fault *fault)
{
    const struct ff_options *o = work->options;
    if (time >= given->from && time < given->to)
        return FF_OK;
    const int32_t start = ff_period_start(o->grain, ff_zone_day(&o->zone, time));
    given->from = ff_zone_midnight(&o->zone, start);
    given->to = ff_zone_midnight(&o->zone, ff_period_end(o->grain, start));
    pthread_mutex_lock(&work->periods_lock);
    const enum ff_err err = add_period(work, start, fault);
    pthread_mutex_unlock(&work->periods_lock);
    return err;
}

static enum ff_err give(struct work *work, size_t reader, const struct ff_batch *batch,
                        struct ff_fault *fault)
{
    struct given *given = &work->given[reader];
    uint64_t lines = 0;
    for (size_t i = 0; i < batch->n; i++) {
        const int64_t time = batch->hits[i].time;
        lines += batch->hits[i].lines;
        given->last_time = time > given->last_time ? time : given->last_time;
        FF_TRY(note_period(work, given, time, fault));
    }
    atomic_fetch_add_explicit(&given->lines, lines, memory_order_relaxed);
    return ff_hit_writer_add(work->writer, reader, batch->hits, batch->n, fault);
}

/* ---- the crew's work ---- */

static enum ff_err read_batch(struct work *work, size_t reader, bool *is_over,
                              struct ff_fault *fault)
{
    struct ff_batch batch;
    FF_TRY(ff_ingest_next(work->ingest, reader, NULL, &batch, fault));
    FF_TRY(give(work, reader, &batch, fault));
    *is_over = batch.n == 0;
    if (reader > 0)
        return FF_OK;
    /* The leader sees to everybody's. */
    const double time = now();
    if (time - work->flushed < WAIT_SECONDS)
        return FF_OK;
    work->flushed = time;
    return ff_hit_writer_flush(work->writer, fault);
}

static enum ff_err step(void *context, size_t reader, bool *is_over,
                        struct ff_fault *fault)
{
    struct work *work = context;
    const enum ff_err err = read_batch(work, reader, is_over, fault);
    if (err)
        atomic_store(&work->is_over, true);
    return err;
}

static void show(void *context)
{
    struct work *work = context;
    uint64_t lines = 0;
    if (!ff_progress_is_due(&work->progress))
        return;
    for (size_t i = 0; i < work->options->jobs; i++)
        lines += atomic_load_explicit(&work->given[i].lines, memory_order_relaxed);
    ff_progress_show(&work->progress, work->ingest, lines);
}

static void stop(void *context)
{
    struct work *work = context;
    ff_ingest_stop(work->ingest);
}

/* Ten times a second while a pipe gives nothing, from whichever reader waits for it;
 * false ends the input. */
static bool idle(void *context)
{
    struct work *work = context;
    if (work->writer && !work->err)
        work->err = ff_hit_writer_flush(work->writer, &work->fault);
    return !work->err && !atomic_load(&work->is_over);
}

/* ---- rounds ---- */

/* Periods that footfall aggregate closes now: no token of theirs can be made again. */
static void forget(struct work *work, int64_t settled)
{
    const struct ff_options *o = work->options;
    size_t n = 0;
    for (size_t i = 0; i < work->n; i++) {
        const int32_t start = work->periods[i];
        const int64_t end = ff_zone_midnight(&o->zone, ff_period_end(o->grain, start));
        if (end + FF_DISORDER_SECONDS <= settled)
            ff_ingest_forget(work->ingest, start);
        else
            work->periods[n++] = start;
    }
    if (n < work->n) {
        for (size_t i = 0; i < o->jobs; i++)
            work->given[i].from = work->given[i].to = 0;
        work->lines_at_release = ff_logs_lines(work->ingest);
        work->foresight.is_near = false;
    }
    work->n = n;
}

/* As footfall run, so that both close a period behind the same lines. */
static void foresee_close(struct work *work)
{
    const struct ff_options *o = work->options;
    int64_t last_time = INT64_MIN, end = INT64_MAX;
    for (size_t i = 0; i < o->jobs; i++)
        if (work->given[i].last_time > last_time)
            last_time = work->given[i].last_time;
    for (size_t i = 0; i < work->n; i++) {
        const int32_t day = ff_period_end(o->grain, work->periods[i]);
        const int64_t its = ff_zone_midnight(&o->zone, day);
        end = its < end ? its : end;
    }
    ff_logs_foresee_close(&work->foresight, work->ingest, last_time,
                          work->lines_at_release, end);
}

static enum ff_err settle(struct work *work, int64_t settled, struct ff_fault *fault)
{
    if (settled == INT64_MAX ||
        ff_logs_lines(work->ingest) - work->lines_at_release < FF_OPEN_LINES)
        return FF_OK;
    forget(work, settled);
    return ff_hit_writer_settle(work->writer, settled, fault);
}

static enum ff_err give_round(struct work *work, struct ff_fault *fault)
{
    struct ff_batch batch;
    int64_t settled;
    const bool is_long = ff_ingest_is_long_round(work->ingest);
    FF_TRY(ff_crew_round(work->crew, is_long, fault));
    FF_TRY(ff_ingest_end_round(work->ingest, &batch, &settled, fault));
    FF_TRY(give(work, 0, &batch, fault));
    FF_TRY(settle(work, settled, fault));
    foresee_close(work);
    return FF_OK;
}

static enum ff_err give_all(struct work *work, struct ff_fault *fault)
{
    bool more;
    for (;;) {
        FF_TRY(ff_ingest_begin_round(work->ingest, &more, fault));
        if (!more)
            break;
        FF_TRY(give_round(work, fault));
    }
    if (work->err)
        *fault = work->fault;
    return work->err;
}

/* In a pipe of the usual 64 KiB each process mostly waits for the other. What is not a
 * pipe, or may not be as large, stays as it is. */
static void widen_pipe(void)
{
#if defined F_SETPIPE_SZ
    (void)fcntl(STDOUT_FILENO, F_SETPIPE_SZ, 1 << 20);
#endif
}

static enum ff_err begin(struct work *work, struct ff_fault *fault)
{
    const struct ff_options *o = work->options;
    const struct ff_logs_settings logs = { .n_readers = o->jobs,
                                           .idle = { idle, work },
                                           .look_ms = LOOK_MS };
    const struct ff_crew_work crew = {
        .context = work, .step = step, .show = show, .stop = stop
    };
    work->given = ff_apart_take(o->jobs, sizeof *work->given);
    if (!work->given)
        return ff_fault_nomem(fault);
    for (size_t i = 0; i < o->jobs; i++)
        work->given[i] = (struct given) { .last_time = INT64_MIN };
    FF_TRY(ff_crew_create(&work->crew, o->jobs, &crew, fault));
    FF_TRY(ff_logs_open(&work->ingest, o, &logs, fault));
    struct ff_hit_stream_header header = { .grain = o->grain,
                                           .begins = ff_logs_begin(work->ingest) };
    const char *site = o->site ? o->site : FF_DEFAULT_SITE;
    if (strlen(site) >= sizeof header.site)
        return ff_fault_set(fault, FF_ERR_USAGE, "--site %.80s...: too long", site);
    widen_pipe();
    memcpy(header.site, site, strlen(site));
    memcpy(header.zone, o->zone.name, sizeof header.zone);
    return ff_hit_writer_create(&work->writer, STDOUT_FILENO, o->jobs, &header, fault);
}

static enum ff_err end(struct work *work, bool *needs_a_look, struct ff_fault *fault)
{
    const struct ff_stray_lines strays = ff_ingest_strays(work->ingest);
    *needs_a_look = ff_logs_tell(work->ingest);
    ff_logs_hint(work->ingest, work->options);
    const struct ff_hit_stream_trailer trailer = {
        .malformed = strays.malformed,
        .blank = strays.blank,
        .excluded = strays.excluded,
        .duplicates = ff_logs_duplicates(work->ingest),
        .needs_a_look = *needs_a_look,
    };
    return ff_hit_writer_end(work->writer, &trailer, fault);
}

enum ff_err ff_ingest_command(const struct ff_options *options, enum ff_exit *exit,
                              struct ff_fault *fault)
{
    struct work work = { .options = options,
                         .foresight = { .last_time = INT64_MIN },
                         .periods_lock = PTHREAD_MUTEX_INITIALIZER };
    bool needs_a_look = false;
    if (options->n_files == 0)
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "ingest takes log files, or - for standard input");
    FF_TRY(refuse_a_disk(fault));
    ff_progress_begin(&work.progress, options->wants_progress);
    enum ff_err err = begin(&work, fault);
    if (!err)
        err = give_all(&work, fault);
    ff_progress_end(&work.progress);
    if (!err)
        err = end(&work, &needs_a_look, fault);
    ff_hit_writer_destroy(work.writer);
    ff_ingest_close(work.ingest);
    ff_crew_destroy(work.crew);
    free(work.given);
    free(work.periods);
    if (!err && needs_a_look)
        *exit = FF_EXIT_LOOK;
    return err;
}
