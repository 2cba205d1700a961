#include "logs.h"

#include <limits.h>

#include "command.h"
#include "data.h"
#include "zone_hint.h"

enum ff_err ff_logs_open(struct ff_ingest **out, const struct ff_options *o,
                         const struct ff_logs_settings *settings,
                         struct ff_fault *fault)
{
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
        .content_key = settings->content_key,
        .client_from = o->client_from,
        .exclude_nets = { o->exclude_nets.items, o->exclude_nets.n },
        .exclude_paths = { o->exclude_paths.items, o->exclude_paths.n },
        .exclude_agents = { o->exclude_agents.items, o->exclude_agents.n },
        .download_extensions = { o->download_extensions.items,
                                 o->download_extensions.n },
        .search_parameters = { o->search_parameters.items, o->search_parameters.n },
        .routes = o->routes,
        .counts_as_peers = settings->counts_as_peers,
        .n_readers = settings->n_readers,
        .idle = settings->idle,
        .is_live = settings->is_live,
        .look_ms = settings->look_ms,
    };
    if (!o->geo && ff_data_countries(countries))
        in.country_db = countries;
    if (o->geo && strcmp(o->geo, "none") == 0)
        in.country_db = NULL;
    return ff_ingest_open(out, &in, fault);
}

int64_t ff_logs_begin(const struct ff_ingest *ingest)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < ff_ingest_inputs(ingest); i++) {
        const int64_t begins = ff_ingest_input(ingest, i)->begins;
        if (begins != INT64_MIN && begins < first)
            first = begins;
    }
    return first;
}

/* The input for people. */
static const char *name_of(const struct ff_input_stats *s)
{
    return strcmp(s->path, "-") == 0 ? "standard input" : s->path;
}

/* Where the first line is that could not be read and why, never what it says. */
static bool tell_malformed(const struct ff_input_stats *s)
{
    uint64_t malformed = 0;
    for (int i = 0; i < FF_REJECTS; i++)
        malformed += s->rejects[i];
    if (malformed * 100 <= s->lines)
        return false;
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
    return true;
}

bool ff_logs_tell(const struct ff_ingest *ingest)
{
    bool needs_a_look = false;
    for (size_t i = 0; i < ff_ingest_inputs(ingest); i++) {
        const struct ff_input_stats *s = ff_ingest_input(ingest, i);
        if (s->is_damaged)
            ff_say("%s%s", s->damage, s->lines ? "; what came before is counted" : "");
        needs_a_look |= tell_malformed(s) | s->is_damaged;
    }
    return needs_a_look;
}

void ff_logs_hint(const struct ff_ingest *ingest, const struct ff_options *options)
{
    struct ff_zone_hint hint;
    if (ff_zone_hint(ingest, options, &hint))
        ff_say("%s", hint.text);
    if (ff_ingest_is_one_network(ingest) && !options->client_from)
        ff_say(
            "nearly all hits come from one network: behind a proxy the log needs the "
            "client's own address (or X-Forwarded-For and --client-from forwarded)");
    const struct ff_span host = ff_ingest_guessed_host(ingest);
    if (host.len)
        ff_say("taking %.*s for the site's own host (--site or --own-host tell better)",
               (int)host.len, host.data);
}

void ff_logs_foresee_close(struct ff_foresight *f, struct ff_ingest *ingest,
                           int64_t last_time, uint64_t lines_at_release, int64_t end)
{
    if (!f->is_near)
        f->round_seconds = f->last_time == INT64_MIN ? 0 : last_time - f->last_time;
    f->last_time = last_time;
    f->is_near |= ff_logs_lines(ingest) - lines_at_release >= FF_OPEN_LINES &&
                  end != INT64_MAX && last_time + 2 * f->round_seconds >= end;
    if (f->is_near)
        ff_ingest_shorten_round(ingest);
}

uint64_t ff_logs_duplicates(const struct ff_ingest *ingest)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < ff_ingest_inputs(ingest); i++)
        sum += ff_ingest_input(ingest, i)->duplicates;
    return sum;
}

uint64_t ff_logs_lines(const struct ff_ingest *ingest)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < ff_ingest_inputs(ingest); i++)
        lines += ff_ingest_input(ingest, i)->lines;
    return lines;
}
