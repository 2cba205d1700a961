#include "readers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "footfall/wipe.h"
#include "pipeline.h"

/* The other threads are first started when the first one has taken so many batches:
 * most logs of a night are read before a thread is there. */
#define BATCHES_ALONE 16
#define LEAST_MEMORY  ((size_t)1 << 20)

struct reader {
    struct ff_readers *all;
    size_t number;
    struct ff_aggregate *aggregate; /* NULL until it first reads */
    pthread_t thread;
    struct ff_readers_stats stats;
    _Atomic uint64_t lines; /* read so far, for the display */
    enum ff_err err;
    struct ff_fault fault;
};

struct ff_readers {
    const struct ff_options *options;
    struct ff_ingest *ingest; /* during a round */
    struct reader *readers;
    size_t n;                    /* at most */
    size_t n_begun;              /* those that have an aggregate: the first ones */
    struct ff_aggregate **parts; /* theirs */
};

struct ff_aggregate_settings ff_readers_settings(const struct ff_options *o, size_t n)
{
    const size_t memory = o->memory_bytes / n;
    return (struct ff_aggregate_settings) {
        .site = o->site ? o->site : FF_DEFAULT_SITE,
        .grain = o->grain,
        .zone = &o->zone,
        .profile = o->profile,
        .k = o->k,
        .kn = o->kn,
        .visit_timeout = o->visit_timeout,
        .goals = o->goals.items,
        .n_goals = o->goals.n,
        .memory_bytes = memory > LEAST_MEMORY ? memory : LEAST_MEMORY,
    };
}

static enum ff_err begin_reader(struct ff_readers *all, struct ff_fault *fault)
{
    const struct ff_aggregate_settings settings =
        ff_readers_settings(all->options, all->n);
    struct reader *reader = &all->readers[all->n_begun];
    FF_TRY(ff_aggregate_create(&reader->aggregate, &settings, fault));
    all->parts[all->n_begun++] = reader->aggregate;
    return FF_OK;
}

enum ff_err ff_readers_create(struct ff_readers **out, const struct ff_options *options,
                              size_t n, struct ff_fault *fault)
{
    *out = NULL;
    struct ff_readers *all = calloc(1, sizeof *all);
    if (!all)
        return ff_fault_nomem(fault);
    all->options = options;
    all->n = n;
    all->readers = calloc(all->n, sizeof *all->readers);
    all->parts = calloc(all->n, sizeof(struct ff_aggregate *));
    enum ff_err err = all->readers && all->parts ? FF_OK : ff_fault_nomem(fault);
    for (size_t i = 0; !err && i < all->n; i++) {
        struct reader *reader = &all->readers[i];
        reader->all = all;
        reader->number = i;
        reader->stats.first_time = INT64_MAX;
        reader->stats.last_time = INT64_MIN;
    }
    if (!err)
        err = begin_reader(all, fault);
    if (err) {
        ff_readers_destroy(all);
        return err;
    }
    *out = all;
    return FF_OK;
}

void ff_readers_destroy(struct ff_readers *all)
{
    if (!all)
        return;
    for (size_t i = 0; i < all->n_begun; i++)
        ff_aggregate_destroy(all->parts[i]);
    free(all->parts);
    free(all->readers);
    free(all);
}

static bool is_wanted(const struct ff_options *o, int64_t time)
{
    const int32_t start = ff_period_start(o->grain, ff_zone_day(&o->zone, time));
    return start >= o->from && ff_period_end(o->grain, start) <= o->to;
}

/* Counts what the batch tells of all its lines. */
static void note_lines(struct reader *reader, const struct ff_batch *batch)
{
    int64_t first = reader->stats.first_time, last = reader->stats.last_time;
    uint64_t lines = 0;
    for (size_t i = 0; i < batch->n; i++) {
        const struct ff_hit *hit = &batch->hits[i];
        lines += hit->lines;
        first = hit->time < first ? hit->time : first;
        last = hit->time > last ? hit->time : last;
    }
    reader->stats.first_time = first;
    reader->stats.last_time = last;
    atomic_fetch_add_explicit(&reader->lines, lines, memory_order_relaxed);
}

/* Hands over the hits of periods that are asked for; the others' lines are outside. */
static enum ff_err add(struct reader *reader, const struct ff_batch *batch,
                       struct ff_fault *fault)
{
    const struct ff_options *o = reader->all->options;
    const bool is_open = o->from == INT32_MIN && o->to == INT32_MAX;
    size_t from = 0;
    note_lines(reader, batch);
    for (size_t i = 0; !is_open && i < batch->n; i++) {
        const struct ff_hit *hit = &batch->hits[i];
        if (is_wanted(o, hit->time))
            continue;
        reader->stats.outside += hit->lines;
        FF_TRY(
            ff_aggregate_add(reader->aggregate, batch->hits + from, i - from, fault));
        from = i + 1;
    }
    return ff_aggregate_add(reader->aggregate, batch->hits + from, batch->n - from,
                            fault);
}

static enum ff_err read_batch(struct reader *reader, bool *is_over)
{
    struct ff_batch batch;
    FF_TRY(ff_ingest_next(reader->all->ingest, reader->number, &batch, &reader->fault));
    *is_over = batch.n == 0;
    return add(reader, &batch, &reader->fault);
}

static void *read_round(void *argument)
{
    struct reader *reader = argument;
    bool is_over = false;
    while (!is_over && !reader->err)
        reader->err = read_batch(reader, &is_over);
    if (reader->err)
        ff_ingest_stop(reader->all->ingest);
    ff_wipe_stack(); /* it goes back with the thread */
    return NULL;
}

/* Starts the other readers; gives how many there are then. A thread that cannot be had
 * is done without. */
static size_t start_others(struct ff_readers *all, enum ff_err *err,
                           struct ff_fault *fault)
{
    for (size_t i = 1; i < all->n; i++) {
        struct reader *reader = &all->readers[i];
        if (i == all->n_begun)
            *err = begin_reader(all, fault);
        if (*err || pthread_create(&reader->thread, NULL, read_round, reader) != 0)
            return i;
    }
    return all->n;
}

static uint64_t lines_so_far(const struct ff_readers *all)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < all->n_begun; i++)
        lines += atomic_load_explicit(&all->readers[i].lines, memory_order_relaxed);
    return lines;
}

/* The main thread's own reading, which starts the others and shows the progress. */
static enum ff_err lead_round(struct ff_readers *all, struct ff_progress *progress,
                              size_t *n_running)
{
    struct reader *first = &all->readers[0];
    const unsigned alone = all->n_begun > 1 ? 0 : BATCHES_ALONE;
    bool is_over = false;
    for (unsigned batches = 0; !is_over; batches++) {
        FF_TRY(read_batch(first, &is_over));
        if (batches == alone && !is_over) {
            enum ff_err err = FF_OK;
            *n_running = start_others(all, &err, &first->fault);
            if (err)
                return err;
        }
        ff_progress_show(progress, all->ingest, lines_so_far(all));
    }
    return FF_OK;
}

enum ff_err ff_readers_round(struct ff_readers *all, struct ff_ingest *ingest,
                             struct ff_progress *progress, int64_t *settled,
                             struct ff_fault *fault)
{
    size_t n_running = 1;
    struct ff_batch batch;
    all->ingest = ingest;
    all->readers[0].err = lead_round(all, progress, &n_running);
    if (all->readers[0].err)
        ff_ingest_stop(ingest);
    for (size_t i = 1; i < n_running; i++)
        pthread_join(all->readers[i].thread, NULL);
    for (size_t i = 0; i < n_running; i++) {
        if (!all->readers[i].err)
            continue;
        *fault = all->readers[i].fault;
        return all->readers[i].err;
    }
    FF_TRY(ff_ingest_end_round(ingest, &batch, settled, fault));
    return add(&all->readers[0], &batch, fault);
}

enum ff_err ff_readers_add(struct ff_readers *all, const struct ff_batch *batch,
                           struct ff_fault *fault)
{
    return add(&all->readers[0], batch, fault);
}

struct ff_readers_stats ff_readers_stats(const struct ff_readers *all)
{
    struct ff_readers_stats sum = { .first_time = INT64_MAX, .last_time = INT64_MIN };
    for (size_t i = 0; i < all->n_begun; i++) {
        const struct ff_readers_stats *one = &all->readers[i].stats;
        if (one->first_time < sum.first_time)
            sum.first_time = one->first_time;
        if (one->last_time > sum.last_time)
            sum.last_time = one->last_time;
        sum.outside += one->outside;
        sum.late += ff_aggregate_late(all->parts[i]);
    }
    return sum;
}

bool ff_readers_earliest(const struct ff_readers *all, int32_t *start)
{
    bool is_any = false;
    for (size_t i = 0; i < all->n_begun; i++) {
        int32_t its;
        if (!ff_aggregate_earliest(all->parts[i], &its) || (is_any && its >= *start))
            continue;
        *start = its;
        is_any = true;
    }
    return is_any;
}

enum ff_err ff_readers_release(struct ff_readers *all, int32_t start,
                               struct ff_rollup **out, unsigned *folded,
                               struct ff_fault *fault)
{
    FF_TRY(ff_aggregate_release_parts(all->parts, all->n_begun, start, out, fault));
    *folded = ff_aggregate_folded(all->parts[0]);
    return FF_OK;
}
