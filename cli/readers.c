#include "readers.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "crew.h"
#include "footfall/apart.h"
#include "pipeline.h"

#define LEAST_MEMORY ((size_t)1 << 20)

struct reader {
    _Alignas(FF_APART) struct ff_aggregate *aggregate; /* NULL until it first reads */
    struct ff_readers_stats stats;
    _Atomic uint64_t lines; /* read so far, for the display */
};

struct ff_readers {
    const struct ff_options *options;
    struct ff_crew *crew;
    /* During a round: where hits come from, and who shows how far it is. */
    struct ff_ingest *ingest;
    struct ff_hit_reader *hits; /* instead of ingest */
    struct ff_progress *progress;
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

static enum ff_err prepare(void *context, size_t number, struct ff_fault *fault)
{
    struct ff_readers *all = context;
    if (number < all->n_begun)
        return FF_OK;
    const struct ff_aggregate_settings settings =
        ff_readers_settings(all->options, all->n);
    struct reader *reader = &all->readers[all->n_begun];
    FF_TRY(ff_aggregate_create(&reader->aggregate, &settings, fault));
    all->parts[all->n_begun++] = reader->aggregate;
    return FF_OK;
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
static enum ff_err add(struct ff_readers *all, size_t number,
                       const struct ff_batch *batch, struct ff_fault *fault)
{
    const struct ff_options *o = all->options;
    struct reader *reader = &all->readers[number];
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

/* ---- the crew's work ---- */

static_assert(FF_AHEAD_STEPS == FF_FORESEEN_STEPS && FF_AHEAD_HITS <= FF_FORESEEN_HITS,
              "what ingest tells ahead, aggregate foresees");

static void foresee(void *context, const struct ff_hit *hits, size_t n, unsigned step)
{
    ff_aggregate_foresee(context, hits, n, step);
}

static enum ff_err step(void *context, size_t number, bool *is_over,
                        struct ff_fault *fault)
{
    struct ff_readers *all = context;
    struct ff_batch batch;
    const struct ff_ahead ahead = { foresee, all->readers[number].aggregate };
    FF_TRY(all->hits
               ? ff_hit_reader_next(all->hits, number, &batch.hits, &batch.n, fault)
               : ff_ingest_next(all->ingest, number, &ahead, &batch, fault));
    *is_over = batch.n == 0;
    return add(all, number, &batch, fault);
}

static void stop(void *context)
{
    struct ff_readers *all = context;
    if (all->hits)
        ff_hit_reader_stop(all->hits);
    else
        ff_ingest_stop(all->ingest);
}

static void show(void *context)
{
    const struct ff_readers *all = context;
    uint64_t lines = 0;
    if (!all->progress || !ff_progress_is_due(all->progress))
        return;
    for (size_t i = 0; i < all->n_begun; i++)
        lines += atomic_load_explicit(&all->readers[i].lines, memory_order_relaxed);
    ff_progress_show(all->progress, all->ingest, lines);
}

/* ---- readers ---- */

static bool begin(struct ff_readers *all, size_t n)
{
    all->n = n;
    all->readers = ff_apart_take(n, sizeof *all->readers);
    all->parts = calloc(n, sizeof(struct ff_aggregate *));
    if (!all->readers || !all->parts)
        return false;
    for (size_t i = 0; i < n; i++) {
        all->readers[i].stats.first_time = INT64_MAX;
        all->readers[i].stats.last_time = INT64_MIN;
    }
    return true;
}

enum ff_err ff_readers_create(struct ff_readers **out, const struct ff_options *options,
                              size_t n, struct ff_fault *fault)
{
    *out = NULL;
    struct ff_readers *all = calloc(1, sizeof *all);
    if (!all)
        return ff_fault_nomem(fault);
    const struct ff_crew_work work = {
        .context = all, .step = step, .prepare = prepare, .show = show, .stop = stop
    };
    all->options = options;
    enum ff_err err = begin(all, n) ? FF_OK : ff_fault_nomem(fault);
    if (!err)
        err = ff_crew_create(&all->crew, n, &work, fault);
    if (!err)
        err = prepare(all, 0, fault);
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
    ff_crew_destroy(all->crew);
    free(all->parts);
    free(all->readers);
    free(all);
}

enum ff_err ff_readers_round(struct ff_readers *all, struct ff_ingest *ingest,
                             struct ff_progress *progress, int64_t *settled,
                             struct ff_fault *fault)
{
    struct ff_batch batch;
    all->ingest = ingest;
    all->progress = progress;
    FF_TRY(ff_crew_round(all->crew, ff_ingest_is_long_round(ingest), fault));
    FF_TRY(ff_ingest_end_round(ingest, &batch, settled, fault));
    return add(all, 0, &batch, fault);
}

enum ff_err ff_readers_hits_round(struct ff_readers *all, struct ff_hit_reader *hits,
                                  struct ff_fault *fault)
{
    all->hits = hits;
    const enum ff_err err = ff_crew_round(all->crew, false, fault);
    if (err == FF_ERR_DATA)
        ff_hit_reader_first_fault(hits, fault);
    return err;
}

bool ff_readers_are_several(const struct ff_readers *all)
{
    return all->n_begun > 1;
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
