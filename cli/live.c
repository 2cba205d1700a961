/* footfall live: a log on standard input, watched. One thread reads, counts and closes
 * periods; what is shown is made by processes that are forked for it (live_snapshot.c),
 * so neither counting a snapshot nor a terminal that stalls holds the reading up. */
#include "live.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "logs.h"
#include "output.h"
#include "readers.h"

#define PIPE_BYTES (1 << 20)

/* After a signal what is in the pipe is read, for so long at most: a server that starts
 * its loggers again has written to the old one until then. */
#define DRAIN_SECONDS 2

/* The signals that end it are held, and looked for between two batches and while no
 * line comes: they interrupt nothing. */
static void hold_signals(struct ff_live *live)
{
    sigemptyset(&live->ends);
    sigaddset(&live->ends, SIGTERM);
    sigaddset(&live->ends, SIGINT);
    sigaddset(&live->ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &live->ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like any other */
}

static bool is_stopped(struct ff_live *live)
{
    const struct timespec at_once = { 0 };
    if (!live->is_stopped && sigtimedwait(&live->ends, NULL, &at_once) > 0) {
        live->is_stopped = true;
        live->stopped = ff_live_seconds();
    }
    return live->is_stopped;
}

/* Whether no more is read, though there may be more. */
static bool is_over(struct ff_live *live)
{
    return is_stopped(live) && ff_live_seconds() >= live->stopped + DRAIN_SECONDS;
}

double ff_live_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A machine may learn the time long after it began. */
int64_t ff_live_wall(const struct ff_live *live)
{
    return live->options->now + (time(NULL) - live->began);
}

/* ---- reading ---- */

static enum ff_err take(struct ff_live *live, const struct ff_batch *batch,
                        struct ff_fault *fault)
{
    const double now = ff_live_seconds();
    const int64_t idle = (int64_t)(now - live->last_read);
    const int64_t latest = ff_live_wall(live) + FF_DAY_SECONDS;
    for (size_t i = 0; i < batch->n; i++) {
        const struct ff_hit *hit = &batch->hits[i];
        live->lines += hit->lines;
        ff_live_clock_note(&live->clock, hit->time, i == 0 ? idle : 0, latest);
    }
    live->last_read = now;
    FF_TRY(ff_aggregate_add(live->aggregate, batch->hits, batch->n, fault));
    ff_live_note_late(live);
    FF_TRY(ff_live_close_due(live, fault));
    ff_live_show(live);
    return FF_OK;
}

/* Ten times a second while no line comes; false ends the input: after a signal the
 * first time. */
static bool idle(void *context)
{
    struct ff_live *live = context;
    if (live->aggregate && !live->err)
        live->err = ff_live_close_due(live, &live->fault);
    if (live->aggregate && !live->err)
        ff_live_show(live);
    return !is_stopped(live) && !live->err;
}

static enum ff_err read_round(struct ff_live *live, struct ff_fault *fault)
{
    struct ff_batch batch;
    int64_t settled;
    do {
        FF_TRY(ff_ingest_next(live->ingest, 0, NULL, &batch, fault));
        if (batch.n)
            FF_TRY(take(live, &batch, fault));
        if (is_over(live))
            ff_ingest_stop(live->ingest);
    } while (batch.n);
    FF_TRY(ff_ingest_end_round(live->ingest, &batch, &settled, fault));
    return batch.n ? take(live, &batch, fault) : FF_OK;
}

static enum ff_err read_all(struct ff_live *live, struct ff_fault *fault)
{
    bool more = true;
    while (!is_over(live)) {
        FF_TRY(ff_ingest_begin_round(live->ingest, &more, fault));
        if (!more)
            break;
        FF_TRY(read_round(live, fault));
    }
    if (live->err)
        *fault = live->fault;
    return live->err;
}

/* ---- beginning and end ---- */

/* A server waits where its log's pipe is full, as it may be while a large day is
 * closed: it gets as much room as the system gives to anybody. */
static void widen_pipe(void)
{
    if (fcntl(STDIN_FILENO, F_SETPIPE_SZ, PIPE_BYTES) < 0)
        return; /* no pipe, or the system allows less */
}

static enum ff_err begin(struct ff_live *live, struct ff_fault *fault)
{
    const struct ff_options *o = live->options;
    const struct ff_logs_settings logs = { .n_readers = 1,
                                           .idle = { idle, live },
                                           .is_live = true };
    const struct ff_aggregate_settings settings = ff_readers_settings(o, 1);
    FF_TRY(ff_aggregate_create(&live->aggregate, &settings, fault));
    widen_pipe();
    live->began = time(NULL);
    live->last_read = ff_live_seconds();
    return ff_logs_open(&live->ingest, o, &logs, fault);
}

static struct ff_run_lines lines_of(const struct ff_live *live)
{
    const struct ff_stray_lines strays = ff_ingest_strays(live->ingest);
    struct ff_run_lines lines = { .outside = ff_aggregate_late(live->aggregate),
                                  .malformed = strays.malformed,
                                  .excluded = strays.excluded,
                                  .blank = strays.blank };
    for (size_t i = 0; i < live->closed.n; i++)
        lines.is_provisional |= live->closed.items[i]->is_partial;
    return lines;
}

static enum ff_err end(struct ff_live *live, struct ff_fault *fault)
{
    FF_TRY(ff_live_close_all(live, fault));
    if (live->keep.store)
        ff_keep_sum_up(&live->keep);
    if (!live->is_stopped)
        live->needs_a_look |= ff_logs_tell(live->ingest);
    ff_live_tell_late(live);
    FF_TRY(ff_live_show_last(live, fault));
    if (live->closed.n == 0) {
        ff_say("no line could be read: there is nothing to show%s",
               live->options->outputs.n ? " or to write" : "");
        return FF_OK;
    }
    if (live->options->outputs.n == 0)
        return FF_OK;
    const struct ff_run_lines lines = lines_of(live);
    return ff_outputs_write(live->options, &live->closed, NULL, &lines, fault);
}

static enum ff_err check(const struct ff_live *live, struct ff_fault *fault)
{
    const struct ff_options *o = live->options;
    if (o->n_files > 1)
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "live watches one log, on its standard input");
    const bool is_standard = o->n_files == 0 || strcmp(o->files[0], "-") == 0;
    if (is_standard && isatty(STDIN_FILENO))
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "live takes a log on its standard input: tail -F "
                            "access.log | footfall live");
    for (size_t i = 0; i < o->outputs.n; i++)
        if (strcmp(o->outputs.items[i], "-") == 0)
            return ff_fault_set(fault, FF_ERR_USAGE,
                                "-o -: standard output has a line a minute; name a "
                                "file");
    FF_TRY(ff_outputs_check(o, fault));
    return live->keep.store ? ff_keep_check(&live->keep, fault) : FF_OK;
}

enum ff_err ff_live_command(const struct ff_options *options, enum ff_exit *exit,
                            struct ff_fault *fault)
{
    static const char *const standard_input[] = { "-" };
    struct ff_options o = *options; /* its texts stay the caller's */
    struct ff_live live = {
        .options = &o,
        .keep = { .store = o.store, .site = o.site ? o.site : FF_DEFAULT_SITE },
        .screen.held = { -1, -1 },
    };
    FF_TRY(check(&live, fault));
    if (o.n_files == 0) {
        o.files = standard_input;
        o.n_files = 1;
    }
    hold_signals(&live);
    ff_live_begin_snapshots(&live);
    enum ff_err err = begin(&live, fault);
    if (!err)
        err = read_all(&live, fault);
    ff_live_end_snapshots(&live);
    if (!err)
        err = end(&live, fault);
    if (!err && live.needs_a_look)
        *exit = FF_EXIT_LOOK;
    ff_held_end(&live.screen.held);
    ff_rollup_list_clear(&live.closed);
    ff_aggregate_destroy(live.aggregate);
    ff_ingest_close(live.ingest);
    return err;
}
