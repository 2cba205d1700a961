#include "pipeline.h"

#include <stdlib.h>

#include "data.h"
#include "footfall/aggregate.h"
#include "footfall/ingest.h"
#include "progress.h"

/* Lines may come so much out of order before their period is given up. */
#define DISORDER_SECONDS 7200
/* Periods whose end is behind are closed early only when all open ones hold more. */
#define OPEN_BYTES ((size_t)64 << 20)
/* Logs that begin within a period's first hour have its beginning. */
#define LEAD_SECONDS 3600
/* A period is over so long after its end even if no line says so. */
#define GRACE_SECONDS 600

struct pipeline {
    const struct ff_options *options;
    ff_pipeline_take *take;
    void *context;
    struct ff_ingest *ingest;
    struct ff_aggregate *aggregate;
    struct ff_progress progress;
    int64_t first_time, last_time; /* of readable lines */
    uint64_t outside;
    bool needs_a_look;
};

static enum ff_err open_stages(struct pipeline *p, struct ff_fault *fault)
{
    const struct ff_options *o = p->options;
    char countries[PATH_MAX];
    struct ff_ingest_settings in = {
        .files = o->files,
        .n_files = o->n_files,
        .format = o->format,
        .site = o->site,
        .own_hosts = o->own_hosts,
        .n_own_hosts = o->n_own_hosts,
        .country_db = o->geo,
        .grain = o->grain,
        .zone = &o->zone,
        .client_from = o->client_from,
        .exclude_nets = { o->exclude_nets, o->n_exclude_nets },
        .exclude_paths = { o->exclude_paths, o->n_exclude_paths },
        .exclude_agents = { o->exclude_agents, o->n_exclude_agents }
    };
    if (!o->geo && ff_data_countries(countries))
        in.country_db = countries;
    if (o->geo && strcmp(o->geo, "none") == 0)
        in.country_db = NULL;
    FF_TRY(ff_ingest_open(&p->ingest, &in, fault));
    const struct ff_aggregate_settings agg = { .site =
                                                   o->site ? o->site : FF_DEFAULT_SITE,
                                               .grain = o->grain,
                                               .zone = &o->zone,
                                               .profile = FF_INTERNAL_PROFILE,
                                               .visit_timeout = o->visit_timeout,
                                               .memory_bytes = o->memory_bytes };
    return ff_aggregate_create(&p->aggregate, &agg, fault);
}

static int64_t seconds_of(const struct pipeline *p, int32_t day)
{
    return ff_zone_midnight(&p->options->zone, day);
}

static enum ff_err release(struct pipeline *p, int32_t start, struct ff_fault *fault)
{
    struct ff_rollup *rollup;
    /* The key goes before the counts do: no token of this period can be made again. */
    ff_ingest_forget(p->ingest, start);
    FF_TRY(ff_aggregate_release(p->aggregate, start, &rollup, fault));
    const unsigned folded = ff_aggregate_folded(p->aggregate);
    const struct ff_date d = ff_date_of_day(start);
    if (folded > 333)
        ff_say("%04d-%02u-%02u: %u %% of the page views are on pages with too few "
               "visitors to name; a longer --period would keep more of them",
               (int)d.year, d.month, d.day, folded / 10);
    if (rollup->is_capped)
        ff_say(
            "%04d-%02u-%02u: --memory was reached: some keys and visitors are counted "
            "in sums only",
            (int)d.year, d.month, d.day);
    const int64_t end = seconds_of(p, rollup->end);
    const struct ff_period_state state = {
        .has_beginning = p->first_time <= seconds_of(p, start) + LEAD_SECONDS,
        .has_end = p->last_time >= end || p->options->now >= end + GRACE_SECONDS,
    };
    return p->take(p->context, rollup, &state, fault);
}

/* Closes what is over while more is being read, so that memory stays flat over a long
 * archive. */
static enum ff_err release_early(struct pipeline *p, int64_t settled,
                                 struct ff_fault *fault)
{
    int32_t start;
    while (ff_aggregate_held_bytes(p->aggregate) > OPEN_BYTES &&
           ff_aggregate_earliest(p->aggregate, &start) &&
           seconds_of(p, ff_period_end(p->options->grain, start)) + DISORDER_SECONDS <=
               settled)
        FF_TRY(release(p, start, fault));
    return FF_OK;
}

static bool is_wanted(const struct pipeline *p, int64_t time)
{
    const struct ff_options *o = p->options;
    const int32_t start = ff_period_start(o->grain, ff_zone_day(&o->zone, time));
    return start >= o->from && ff_period_end(o->grain, start) <= o->to;
}

/* Hands over the hits of periods that are asked for; the others' lines are outside. */
static enum ff_err add(struct pipeline *p, const struct ff_batch *batch,
                       struct ff_fault *fault)
{
    const bool is_open = p->options->from == INT32_MIN && p->options->to == INT32_MAX;
    size_t from = 0;
    for (size_t i = 0; i < batch->n; i++) {
        const struct ff_hit *hit = &batch->hits[i];
        if (hit->time < p->first_time)
            p->first_time = hit->time;
        if (hit->time > p->last_time)
            p->last_time = hit->time;
        if (is_open || is_wanted(p, hit->time))
            continue;
        p->outside += hit->lines;
        FF_TRY(ff_aggregate_add(p->aggregate, batch->hits + from, i - from, fault));
        from = i + 1;
    }
    return ff_aggregate_add(p->aggregate, batch->hits + from, batch->n - from, fault);
}

static enum ff_err read_all(struct pipeline *p, struct ff_fault *fault)
{
    struct ff_batch batch;
    for (;;) {
        FF_TRY(ff_ingest_next(p->ingest, &batch, fault));
        if (batch.n == 0)
            break;
        FF_TRY(add(p, &batch, fault));
        FF_TRY(release_early(p, batch.settled, fault));
        ff_progress_show(&p->progress, p->ingest);
    }
    ff_progress_end(&p->progress);
    int32_t start;
    while (ff_aggregate_earliest(p->aggregate, &start))
        FF_TRY(release(p, start, fault));
    return FF_OK;
}

/* The first line that could not be read: where, why, never what. */
static void tell_malformed(struct pipeline *p, const struct ff_input_stats *s)
{
    uint64_t malformed = 0;
    for (int i = 0; i < FF_REJECTS; i++)
        malformed += s->rejects[i];
    if (malformed * 100 <= s->lines)
        return;
    p->needs_a_look = true;
    if (!s->format)
        ff_say("%s: in no known format; its %llu lines count as malformed (--format "
               "names one)",
               s->path, (unsigned long long)malformed);
    else
        ff_say("%s: %llu of %llu lines cannot be read as %s; the first is line %llu, "
               "column %u: %s",
               s->path, (unsigned long long)malformed, (unsigned long long)s->lines,
               s->format, (unsigned long long)s->first_reject_line,
               s->first_reject_column, ff_reject_text(s->first_reject));
}

static void tell_what_needs_a_look(struct pipeline *p)
{
    for (size_t i = 0; i < ff_ingest_inputs(p->ingest); i++) {
        const struct ff_input_stats *s = ff_ingest_input(p->ingest, i);
        if (s->is_damaged) {
            ff_say("%s; what came before is counted", s->damage);
            p->needs_a_look = true;
        }
        tell_malformed(p, s);
    }
    const uint64_t late = ff_aggregate_late(p->aggregate);
    if (late) {
        ff_say(
            "%llu lines came more than two hours out of order, after their period was "
            "closed; they count as outside",
            (unsigned long long)late);
        p->needs_a_look = true;
    }
    if (ff_ingest_is_one_network(p->ingest) && !p->options->client_from)
        ff_say(
            "nearly all hits come from one network: behind a proxy the log needs the "
            "client's own address (or X-Forwarded-For and --client-from forwarded)");
    const struct ff_span host = ff_ingest_guessed_host(p->ingest);
    if (host.len)
        ff_say("taking %.*s for the site's own host (--site or --own-host tell better)",
               (int)host.len, host.data);
}

enum ff_err ff_pipeline(const struct ff_options *options, ff_pipeline_take *take,
                        void *context, struct ff_pipeline_result *result,
                        struct ff_fault *fault)
{
    struct pipeline p = { .options = options,
                          .take = take,
                          .context = context,
                          .first_time = INT64_MAX,
                          .last_time = INT64_MIN };
    *result = (struct ff_pipeline_result) { 0 };
    ff_progress_begin(&p.progress, options->wants_progress);
    enum ff_err err = open_stages(&p, fault);
    if (!err)
        err = read_all(&p, fault);
    if (!err) {
        tell_what_needs_a_look(&p);
        const struct ff_stray_lines strays = ff_ingest_strays(p.ingest);
        result->lines.outside = p.outside + ff_aggregate_late(p.aggregate);
        result->lines.malformed = strays.malformed;
        result->lines.excluded = strays.excluded;
        result->lines.blank = strays.blank;
        result->needs_a_look = p.needs_a_look;
    }
    ff_progress_end(&p.progress);
    ff_aggregate_destroy(p.aggregate);
    ff_ingest_close(p.ingest);
    return err;
}
