/* The stage's outside: the parts put together, and pieces handed from the inputs to the
 * worker. */
#include "footfall/ingest.h"

#include <sodium.h>
#include <stdlib.h>

#include "inputs.h"
#include "own_host.h"
#include "worker.h"

struct ff_ingest {
    struct ff_ingest_settings settings;
    struct ff_secret *secret;
    struct ff_keyring *keyring;
    struct ff_agents *agents;
    struct ff_places *places;
    struct ff_exclusions *exclusions;
    struct ff_peers *peers;   /* NULL unless the settings want them */
    struct ff_fields *fields; /* until the worker has them */
    struct ff_worker *worker;
    struct ff_inputs *inputs;
    bool is_reading; /* the worker has a piece */
    struct ff_own_host own_host;
    struct ff_stray_lines strays;
    struct ff_hit settled[2]; /* lines without a time, of a piece's beginning */
    uint64_t votes, hits;     /* see ff_crowd: same, hits */
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

/* Tells the fields which hosts are the site's own: those named, else the guess. */
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
    return ff_fields_own_hosts(in->fields, hosts, n, fault);
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
    if (in->settings.country_db)
        FF_TRY(ff_places_open(&in->places, in->settings.country_db, fault));
    FF_TRY(ff_fields_create(&in->fields, in->secret, in->exclusions, fault));
    FF_TRY(ff_fields_extend(in->fields, &in->settings.download_extensions,
                            &in->settings.search_parameters, fault));
    if (in->settings.counts_as_peers)
        FF_TRY(ff_peers_create(&in->peers, in->secret, in->settings.zone,
                               FF_PEERS_VISITORS, fault));
    FF_TRY(ff_inputs_open(&in->inputs, &in->settings, look, in, fault));
    FF_TRY(set_own_hosts(in, fault));
    const struct ff_worker_parts parts = {
        .settings = &in->settings,
        .clients = { in->keyring, in->agents, in->places, in->exclusions, in->secret },
        .peers = in->peers,
    };
    struct ff_fields *fields = in->fields;
    in->fields = NULL;
    return ff_worker_create(&in->worker, &parts, fields, fault);
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
    ff_inputs_close(in->inputs);
    ff_peers_destroy(in->peers);
    ff_fields_destroy(in->fields);
    ff_worker_destroy(in->worker);
    ff_places_close(in->places);
    ff_exclusions_destroy(in->exclusions);
    ff_agents_destroy(in->agents);
    ff_keyring_destroy(in->keyring);
    sodium_free(in->secret);
    ff_wipe_free(in, sizeof *in);
    ff_wipe_stack();
}

void ff_ingest_forget(struct ff_ingest *in, int32_t start)
{
    ff_worker_forget(in->worker, start);
    ff_keyring_forget(in->keyring, start);
}

bool ff_ingest_is_one_network(const struct ff_ingest *in)
{
    return in->hits >= 1000 && in->votes * 10 >= in->hits * 9;
}

static void end_input(struct ff_ingest *in, struct ff_input *input)
{
    in->strays.malformed += input->waiting.malformed;
    in->strays.blank += input->waiting.blank;
    input->waiting = (struct ff_waiting) { 0 };
}

/* Adds what the piece came to; gives hits for its lines that had no period before. */
static enum ff_err end_piece(struct ff_ingest *in, struct ff_batch *out,
                             struct ff_fault *fault)
{
    struct ff_piece *piece = ff_worker_piece(in->worker);
    struct ff_settled_lines before;
    FF_TRY(ff_input_add(piece->input, &piece->found, &before, fault));
    in->votes += piece->found.crowd.same;
    in->hits += piece->found.crowd.hits;
    ff_findings_clear(&piece->found);
    in->is_reading = false;
    const struct {
        enum ff_kind kind;
        uint64_t lines;
    } kinds[] = { { FF_LINE_MALFORMED, before.lines.malformed },
                  { FF_LINE_BLANK, before.lines.blank } };
    for (size_t i = 0; i < 2; i++)
        if (kinds[i].lines)
            in->settled[out->n++] =
                (struct ff_hit) { .kind = (uint8_t)kinds[i].kind,
                                  .time = before.time,
                                  .lines = (uint32_t)kinds[i].lines };
    out->hits = in->settled;
    return FF_OK;
}

/* Hands the next piece to the worker; false at the end of all. */
static enum ff_err begin_piece(struct ff_ingest *in, bool *is_over,
                               struct ff_fault *fault)
{
    struct ff_piece *piece = ff_worker_piece(in->worker);
    do {
        FF_TRY(ff_inputs_next(in->inputs, piece, fault));
        if (piece->input && piece->input->is_done)
            end_input(in, piece->input);
    } while (piece->input && piece->input->is_done);
    *is_over = !piece->input;
    in->is_reading = piece->input != NULL;
    if (in->is_reading)
        ff_worker_begin(in->worker);
    return FF_OK;
}

enum ff_err ff_ingest_next(struct ff_ingest *in, struct ff_batch *out,
                           struct ff_fault *fault)
{
    bool is_over = false;
    *out = (struct ff_batch) { .hits = NULL };
    while (out->n == 0 && !is_over) {
        if (!in->is_reading)
            FF_TRY(begin_piece(in, &is_over, fault));
        if (is_over)
            break;
        FF_TRY(ff_worker_next(in->worker, &out->hits, &out->n, fault));
        if (out->n == 0)
            FF_TRY(end_piece(in, out, fault));
    }
    out->settled = ff_inputs_settled(in->inputs);
    return FF_OK;
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
    input->time = input->stats.reaches = last_time;
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
    return in->strays;
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
