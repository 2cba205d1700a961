/* The stage's outside: the parts put together. What readers share is made here; what
 * each has of its own, when it first reads. */
#include "footfall/ingest.h"

#include <sodium.h>
#include <stdlib.h>

#include "own_host.h"
#include "round.h"

struct ff_ingest {
    struct ff_ingest_settings settings;
    struct ff_secret *secret;
    struct ff_keyring *keyring;
    struct ff_agents *agents;
    struct ff_client_memo *clients;
    struct ff_places *places;
    struct ff_exclusions *exclusions;
    struct ff_peers *peers; /* NULL unless the settings want them */
    struct ff_referrers *referrers;
    struct ff_routes *routes; /* NULL: none */
    struct ff_fields *fields; /* the first reader's, until it has them */
    struct ff_inputs *inputs;
    struct ff_round *round;
    struct ff_worker **workers; /* a reader each; NULL until it reads */
    pthread_mutex_t lock;       /* of keyring and agents */
    struct ff_own_host own_host;
};

const char *ff_reject_text(enum ff_reject reject)
{
    static const char *const texts[FF_REJECTS] = {
        [FF_REJECT_NONE] = "readable",
        [FF_REJECT_SHAPE] = "the fields are not the format's",
        [FF_REJECT_CLIENT] = "the client is no address and no host name",
        [FF_REJECT_TIME] = "there is no such time",
        [FF_REJECT_STATUS] = "the status is not three digits",
        [FF_REJECT_SIZE] = "the size is no number",
        [FF_REJECT_LONG] = "the line is longer than 256 KiB",
        [FF_REJECT_UNKNOWN] = "the file is in no known format",
    };
    return texts[reject];
}

static enum ff_err look(void *context, struct ff_parser *parser, struct ff_span text,
                        struct ff_fault *fault)
{
    struct ff_ingest *in = context;
    if (in->settings.site || in->settings.n_own_hosts)
        return FF_OK;
    return ff_own_host_count(&in->own_host, in->fields, parser, text, fault);
}

/* Says which hosts are the site's own: those named, else the guess. */
static enum ff_err set_own_hosts(struct ff_ingest *in, struct ff_fault *fault)
{
    struct ff_span hosts[FF_OWN_HOST_CANDIDATES];
    size_t n = 0;
    if (in->settings.n_own_hosts >= FF_OWN_HOST_CANDIDATES)
        return ff_fault_set(fault, FF_ERR_USAGE, "more than %d own hosts",
                            FF_OWN_HOST_CANDIDATES - 1);
    if (in->settings.site)
        hosts[n++] = ff_span_of(in->settings.site);
    for (size_t i = 0; i < in->settings.n_own_hosts; i++)
        hosts[n++] = ff_span_of(in->settings.own_hosts[i]);
    const struct ff_span guess = ff_own_host_best(&in->own_host);
    if (n == 0 && guess.len)
        hosts[n++] = guess;
    FF_TRY(ff_referrers_create(&in->referrers, hosts, n, fault));
    ff_fields_set_referrers(in->fields, in->referrers);
    return FF_OK;
}

/* Once, for all readers. */
static enum ff_err load_routes(struct ff_ingest *in, struct ff_fault *fault)
{
    struct ff_scrub *scrub;
    FF_TRY(ff_scrub_create(&scrub, fault));
    const enum ff_err err =
        ff_routes_load(&in->routes, in->settings.routes, scrub, fault);
    ff_scrub_destroy(scrub);
    return err;
}

static enum ff_err make_fields(const struct ff_ingest *in, struct ff_fields **out,
                               struct ff_fault *fault)
{
    FF_TRY(ff_fields_create(out, in->secret, in->exclusions, fault));
    ff_fields_route(*out, in->routes);
    const enum ff_err err = ff_fields_extend(*out, &in->settings.download_extensions,
                                             &in->settings.search_parameters, fault);
    if (err) {
        ff_fields_destroy(*out);
        *out = NULL;
    }
    return err;
}

static enum ff_err open_parts(struct ff_ingest *in, struct ff_fault *fault)
{
    if (sodium_init() < 0)
        return ff_fault_set(fault, FF_ERR_IO, "no source of random numbers");
    in->secret = sodium_malloc(sizeof *in->secret);
    if (!in->secret)
        return ff_fault_nomem(fault);
    if (!ff_secret_init(in->secret))
        return ff_fault_set(fault, FF_ERR_IO, "no source of random numbers");
    FF_TRY(ff_exclusions_create(&in->exclusions, &in->settings, fault));
    FF_TRY(ff_keyring_create(&in->keyring, fault));
    FF_TRY(ff_agents_create(&in->agents, fault));
    FF_TRY(ff_client_memo_create(&in->clients, fault));
    if (in->settings.country_db)
        FF_TRY(ff_places_open(&in->places, in->settings.country_db, fault));
    if (in->settings.routes)
        FF_TRY(load_routes(in, fault));
    FF_TRY(make_fields(in, &in->fields, fault));
    if (in->settings.counts_as_peers)
        FF_TRY(ff_peers_create(&in->peers, in->secret, in->settings.zone,
                               FF_PEERS_VISITORS, fault));
    FF_TRY(ff_inputs_open(&in->inputs, &in->settings, look, in, fault));
    FF_TRY(set_own_hosts(in, fault));
    in->workers = calloc(in->settings.n_readers, sizeof(struct ff_worker *));
    if (!in->workers)
        return ff_fault_nomem(fault);
    return ff_round_create(&in->round, in->inputs, &in->settings, fault);
}

enum ff_err ff_ingest_open(struct ff_ingest **out,
                           const struct ff_ingest_settings *settings,
                           struct ff_fault *fault)
{
    *out = NULL;
    struct ff_ingest *in = calloc(1, sizeof *in);
    if (!in)
        return ff_fault_nomem(fault);
    in->settings = *settings;
    assert(!settings->counts_as_peers || settings->n_readers <= 1);
    if (in->settings.n_readers == 0)
        in->settings.n_readers = 1;
    pthread_mutex_init(&in->lock, NULL);
    const bool is_known =
        !settings->client_from || strcmp(settings->client_from, "forwarded") == 0;
    const enum ff_err err =
        is_known ? open_parts(in, fault)
                 : ff_fault_set(fault, FF_ERR_USAGE,
                                "--client-from can be \"forwarded\", not \"%.80s\"",
                                settings->client_from);
    if (err) {
        ff_ingest_close(in);
        return err;
    }
    *out = in;
    return FF_OK;
}

void ff_ingest_close(struct ff_ingest *in)
{
    if (!in)
        return;
    for (size_t i = 0; in->workers && i < in->settings.n_readers; i++)
        ff_worker_destroy(in->workers[i]);
    free(in->workers);
    ff_round_destroy(in->round);
    ff_inputs_close(in->inputs);
    ff_peers_destroy(in->peers);
    ff_fields_destroy(in->fields);
    ff_referrers_destroy(in->referrers);
    ff_routes_destroy(in->routes);
    ff_places_close(in->places);
    ff_exclusions_destroy(in->exclusions);
    ff_client_memo_destroy(in->clients);
    ff_agents_destroy(in->agents);
    ff_keyring_destroy(in->keyring);
    sodium_free(in->secret);
    pthread_mutex_destroy(&in->lock);
    ff_wipe_free(in, sizeof *in);
    ff_wipe_stack();
}

void ff_ingest_forget(struct ff_ingest *in, int32_t start)
{
    ff_client_memo_forget(in->clients, start);
    ff_keyring_forget(in->keyring, start);
    ff_places_forget(in->places);
}

bool ff_ingest_is_one_network(const struct ff_ingest *in)
{
    const struct ff_majority majority = ff_round_majority(in->round);
    return majority.hits >= 1000 && majority.same * 10 >= majority.hits * 9;
}

/* Fields of a reader's own. The first one has those that looked at the inputs. */
static enum ff_err take_fields(struct ff_ingest *in, size_t reader,
                               struct ff_fields **out, struct ff_fault *fault)
{
    if (reader == 0) {
        *out = in->fields;
        in->fields = NULL;
        return FF_OK;
    }
    FF_TRY(make_fields(in, out, fault));
    ff_fields_set_referrers(*out, in->referrers);
    return FF_OK;
}

static enum ff_err make_worker(struct ff_ingest *in, size_t reader,
                               struct ff_fault *fault)
{
    struct ff_fields *fields;
    const struct ff_worker_parts parts = {
        .settings = &in->settings,
        .clients = { in->clients, &in->lock, in->keyring, in->agents, in->places,
                     in->exclusions, in->secret },
        .peers = in->peers,
    };
    FF_TRY(take_fields(in, reader, &fields, fault));
    return ff_worker_create(&in->workers[reader], &parts, fields, fault);
}

enum ff_err ff_ingest_begin_round(struct ff_ingest *in, bool *more,
                                  struct ff_fault *fault)
{
    return ff_round_begin(in->round, more, fault);
}

bool ff_ingest_is_long_round(const struct ff_ingest *in)
{
    return ff_round_is_long(in->round);
}

void ff_ingest_shorten_round(struct ff_ingest *in)
{
    ff_round_shorten(in->round);
}

enum ff_err ff_ingest_next(struct ff_ingest *in, size_t reader,
                           const struct ff_ahead *ahead, struct ff_batch *out,
                           struct ff_fault *fault)
{
    assert(reader < in->settings.n_readers);
    *out = (struct ff_batch) { .n = 0 };
    if (!in->workers[reader])
        FF_TRY(make_worker(in, reader, fault));
    return ff_round_next(in->round, reader, in->workers[reader], ahead, out, fault);
}

void ff_ingest_stop(struct ff_ingest *in)
{
    ff_round_stop(in->round);
}

enum ff_err ff_ingest_end_round(struct ff_ingest *in, struct ff_batch *out,
                                int64_t *settled, struct ff_fault *fault)
{
    *out = (struct ff_batch) { .n = 0 };
    FF_TRY(ff_round_end(in->round, &out->hits, &out->n, fault));
    *settled = ff_inputs_settled(in->inputs);
    return FF_OK;
}

void ff_ingest_progress(const struct ff_ingest *in, uint64_t *bytes, uint64_t *total)
{
    ff_round_progress(in->round, bytes, total);
}

bool ff_ingest_content(const struct ff_ingest *in, size_t i, struct ff_content *out)
{
    const struct ff_input *input = ff_inputs_at(in->inputs, i);
    *out = input->content;
    return input->has_content;
}

void ff_ingest_skip(struct ff_ingest *in, size_t i, int64_t last_time)
{
    struct ff_input *input = ff_inputs_at(in->inputs, i);
    assert(!input->has_time && input->can_be_reread);
    input->stats.is_skipped = input->is_done = input->has_time = true;
    input->time = input->front = input->stats.reaches = last_time;
}

size_t ff_ingest_period_lines(const struct ff_ingest *in, size_t i,
                              const struct ff_period_lines **out)
{
    const struct ff_input *input = ff_inputs_at(in->inputs, i);
    *out = input->periods;
    return input->n_periods;
}

struct ff_stray_lines ff_ingest_strays(const struct ff_ingest *in)
{
    return ff_round_strays(in->round);
}

size_t ff_ingest_inputs(const struct ff_ingest *in)
{
    return ff_inputs_count(in->inputs);
}

const struct ff_input_stats *ff_ingest_input(const struct ff_ingest *in, size_t i)
{
    return &ff_inputs_at(in->inputs, i)->stats;
}

const struct ff_peer_count *ff_ingest_peers(const struct ff_ingest *in)
{
    return in->peers ? ff_peers_counts(in->peers) : NULL;
}

bool ff_ingest_format(size_t i, const char **name, const char **about)
{
    const struct ff_format *format = ff_format_list() + i;
    *name = format->name;
    *about = format->about;
    return format->name != NULL;
}

struct ff_span ff_ingest_guessed_host(const struct ff_ingest *in)
{
    return ff_own_host_best(&in->own_host);
}
