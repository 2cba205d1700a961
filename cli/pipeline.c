#include "pipeline.h"

#include <stdlib.h>

#include "data.h"
#include "footfall/ingest.h"
#include "readers.h"
#include "zone_hint.h"

/* Lines may come so much out of order before their period is given up. */
#define DISORDER_SECONDS 7200
/* Nothing is closed early before so many lines have been read since the last time: few
 * lines cost little memory, and may be in any order then. */
#define OPEN_LINES 1000000
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
    unsigned folded;             /* thousandths, of the one that folds most */
    int32_t folded_start;
    uint64_t lines_at_release; /* read when a period was closed early last */
};

/* A third: with more page views past their section a longer period is worth a hint. */
#define FOLDED_A_LOT 333

static enum ff_err open_stages(struct pipeline *p, struct ff_fault *fault)
{
    const struct ff_options *o = p->options;
    char countries[PATH_MAX];
    struct ff_ingest_settings in = {
        .files = o->files,
        .n_files = o->n_files,
        .format = o->format,
        .site = o->site,
        .own_hosts = o->own_hosts.items,
        .n_own_hosts = o->own_hosts.n,
        .country_db = o->geo,
        .grain = o->grain,
        .zone = &o->zone,
        .content_key = p->sink->content_key,
        .client_from = o->client_from,
        .exclude_nets = { o->exclude_nets.items, o->exclude_nets.n },
        .exclude_paths = { o->exclude_paths.items, o->exclude_paths.n },
        .exclude_agents = { o->exclude_agents.items, o->exclude_agents.n },
        .download_extensions = { o->download_extensions.items,
                                 o->download_extensions.n },
        .search_parameters = { o->search_parameters.items, o->search_parameters.n },
        .routes = o->routes,
        .counts_as_peers = p->sink->counts_as_peers,
        .n_readers = p->sink->counts_as_peers ? 1 : o->jobs,
    };
    if (!o->geo && ff_data_countries(countries))
        in.country_db = countries;
    if (o->geo && strcmp(o->geo, "none") == 0)
        in.country_db = NULL;
    FF_TRY(ff_ingest_open(&p->ingest, &in, fault));
    return ff_readers_create(&p->readers, o, in.n_readers, fault);
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
    ff_ingest_forget(p->ingest, start);
    FF_TRY(ff_readers_release(p->readers, start, &rollup, &folded, fault));
    note_folded(p, start, folded);
    const struct ff_date d = ff_date_of_day(start);
    if (rollup->is_capped)
        ff_say(
            "%04d-%02u-%02u: --memory was reached: some keys and visitors are counted "
            "in sums only",
            (int)d.year, d.month, d.day);
    p->has_released = true;
    p->next = rollup->end;
    const int64_t end = seconds_of(p, rollup->end);
    const struct ff_period_state state = {
        .has_beginning = p->first_time <= seconds_of(p, start) + p->options->lead,
        .has_end = p->last_time >= end || p->options->now >= end + p->options->grace,
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
    for (size_t i = 0; i < ff_ingest_inputs(p->ingest); i++) {
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

static uint64_t lines_read(const struct pipeline *p)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < ff_ingest_inputs(p->ingest); i++)
        lines += ff_ingest_input(p->ingest, i)->lines;
    return lines;
}

/* Closes what is over while there is more to read, so that memory stays flat over a
 * long archive. */
static enum ff_err release_early(struct pipeline *p, int64_t settled,
                                 struct ff_fault *fault)
{
    int32_t start;
    const uint64_t lines = lines_read(p);
    if (lines - p->lines_at_release < OPEN_LINES)
        return FF_OK;
    while (ff_readers_earliest(p->readers, &start) &&
           seconds_of(p, ff_period_end(p->options->grain, start)) + DISORDER_SECONDS <=
               settled) {
        FF_TRY(release(p, start, fault));
        p->lines_at_release = lines;
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

/* Where the logs begin is known before they are read, those that will not be too. */
static void note_beginnings(struct pipeline *p)
{
    for (size_t i = 0; i < ff_ingest_inputs(p->ingest); i++) {
        const int64_t begins = ff_ingest_input(p->ingest, i)->begins;
        if (begins != INT64_MIN && begins < p->first_time)
            p->first_time = begins;
    }
}

static enum ff_err read_all(struct pipeline *p, struct ff_fault *fault)
{
    bool more;
    note_beginnings(p);
    for (;;) {
        int64_t settled;
        FF_TRY(ff_ingest_begin_round(p->ingest, &more, fault));
        if (!more)
            break;
        FF_TRY(ff_readers_round(p->readers, p->ingest, &p->progress, &settled, fault));
        note_times(p);
        if (settled != INT64_MAX)
            FF_TRY(release_early(p, settled, fault));
    }
    ff_progress_end(&p->progress);
    int32_t start;
    while (ff_readers_earliest(p->readers, &start))
        FF_TRY(release(p, start, fault));
    return FF_OK;
}

/* The first line that could not be read: where, why, never what. */
/* The input for people. */
static const char *name_of(const struct ff_input_stats *s)
{
    return strcmp(s->path, "-") == 0 ? "standard input" : s->path;
}

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
               name_of(s), (unsigned long long)malformed);
    else
        ff_say("%s: %llu of %llu lines cannot be read as %s; the first is line %llu, "
               "column %u: %s",
               name_of(s), (unsigned long long)malformed, (unsigned long long)s->lines,
               s->format, (unsigned long long)s->first_reject_line,
               s->first_reject_column, ff_reject_text(s->first_reject));
}

static void tell_what_needs_a_look(struct pipeline *p)
{
    for (size_t i = 0; i < ff_ingest_inputs(p->ingest); i++) {
        const struct ff_input_stats *s = ff_ingest_input(p->ingest, i);
        if (s->is_damaged) {
            ff_say("%s%s", s->damage, s->lines ? "; what came before is counted" : "");
            p->needs_a_look = true;
        }
        tell_malformed(p, s);
    }
    const uint64_t late = ff_readers_stats(p->readers).late;
    if (late) {
        ff_say(
            "%llu lines came more than two hours out of order, after their period was "
            "closed; they count as outside",
            (unsigned long long)late);
        p->needs_a_look = true;
    }
}

/* One sentence a run: a year of days that fold is no year of sentences. */
static void tell_folded(const struct pipeline *p)
{
    static const char *const longer[] = {
        [FF_DAY] = "; --period week would keep more of them",
        [FF_WEEK] = "; --period month would keep more of them",
        [FF_MONTH] = "",
    };
    const struct ff_date d = ff_date_of_day(p->folded_start);
    static const char *const names[] = { "days", "weeks", "months" };
    char among[80] = "";
    if (p->n_folded == 0)
        return;
    if (p->n_released > 1)
        snprintf(among, sizeof among, " (more than a third on %zu of %zu %s)",
                 p->n_folded, p->n_released, names[p->options->grain]);
    ff_say("%04d-%02u-%02u: %u %% of the page views are on pages with too few visitors "
           "to name%s%s",
           (int)d.year, d.month, d.day, p->folded / 10, among,
           longer[p->options->grain]);
}

static void tell_hints(const struct pipeline *p)
{
    tell_folded(p);
    struct ff_zone_hint hint;
    if (ff_zone_hint(p->ingest, p->options, &hint))
        ff_say("%s", hint.text);
    if (ff_ingest_is_one_network(p->ingest) && !p->options->client_from)
        ff_say(
            "nearly all hits come from one network: behind a proxy the log needs the "
            "client's own address (or X-Forwarded-For and --client-from forwarded)");
    const struct ff_span host = ff_ingest_guessed_host(p->ingest);
    if (host.len)
        ff_say("taking %.*s for the site's own host (--site or --own-host tell better)",
               (int)host.len, host.data);
}

static uint64_t duplicates(const struct ff_ingest *ingest)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < ff_ingest_inputs(ingest); i++)
        sum += ff_ingest_input(ingest, i)->duplicates;
    return sum;
}

enum ff_err ff_pipeline(const struct ff_options *options,
                        const struct ff_pipeline_sink *sink,
                        struct ff_pipeline_result *result, struct ff_fault *fault)
{
    struct pipeline p = { .options = options,
                          .sink = sink,
                          .first_time = INT64_MAX,
                          .last_time = INT64_MIN };
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
        tell_what_needs_a_look(&p);
        if (!sink->counts_as_peers)
            tell_hints(&p);
        const struct ff_stray_lines strays = ff_ingest_strays(p.ingest);
        const struct ff_readers_stats stats = ff_readers_stats(p.readers);
        result->lines.outside = stats.outside + stats.late;
        result->lines.duplicate = duplicates(p.ingest);
        result->lines.malformed = strays.malformed;
        result->lines.excluded = strays.excluded;
        result->lines.blank = strays.blank;
        result->needs_a_look = p.needs_a_look;
        if (sink->last)
            sink->last(sink->context, &result->lines);
    }
    ff_progress_end(&p.progress);
    ff_readers_destroy(p.readers);
    ff_ingest_close(p.ingest);
    return err;
}
