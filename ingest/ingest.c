/* One line's way: inputs give it, its format makes a record of it, fields and clients
 * make a hit of the record. What is no hit is counted by reason and belongs to the
 * period of the readable line before it in its file, else of the next. */
#include "footfall/ingest.h"

#include <sodium.h>
#include <stdlib.h>

#include "clients.h"
#include "exclusions.h"
#include "fields.h"
#include "inputs.h"
#include "own_host.h"
#include "peers.h"

/* A readable line can bring the waiting lines before it along: two hits more. */
#define ROOM (FF_BATCH_HITS + 2)

/* A majority vote (Boyer and Moore 1981) on the network that most hits come from. */
struct crowd {
    uint64_t net, votes; /* of the candidate */
    uint64_t same, hits; /* hits since it became that */
};

struct ff_ingest {
    struct ff_ingest_settings settings;
    struct ff_secret *secret;
    struct ff_keyring *keyring;
    struct ff_agents *agents;
    struct ff_places *places;
    struct ff_clients *clients;
    struct ff_exclusions *exclusions;
    struct ff_fields *fields;
    struct ff_peers *peers; /* NULL unless the settings want them */
    struct ff_inputs *inputs;
    struct ff_input *input;  /* the one being read, or NULL */
    struct ff_cutter cutter; /* of its block */
    struct ff_own_host own_host;
    struct ff_stray_lines strays;
    struct ff_hit *hits;
    size_t n;
    bool is_forwarded;        /* the address that counts is the forwarded one */
    int64_t day_from, day_to; /* the last line's day, in seconds */
    int32_t period;           /* the period it is in */
    struct crowd crowd;
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
    in->hits = calloc(ROOM, sizeof *in->hits);
    in->secret = sodium_malloc(sizeof *in->secret);
    if (!in->hits || !in->secret)
        return ff_fault_nomem(fault);
    if (!ff_secret_init(in->secret))
        return ff_fault_set(fault, FF_ERR_IO, "no source of random numbers");
    FF_TRY(ff_exclusions_create(&in->exclusions, &in->settings, fault));
    FF_TRY(ff_keyring_create(&in->keyring, fault));
    FF_TRY(ff_agents_create(&in->agents, fault));
    if (in->settings.country_db)
        FF_TRY(ff_places_open(&in->places, in->settings.country_db, fault));
    const struct ff_clients_parts parts = { in->keyring, in->agents, in->places,
                                            in->exclusions, in->secret };
    FF_TRY(ff_clients_create(&in->clients, &parts, fault));
    FF_TRY(ff_fields_create(&in->fields, in->secret, in->exclusions, fault));
    FF_TRY(ff_fields_extend(in->fields, &in->settings.download_extensions,
                            &in->settings.search_parameters, fault));
    if (in->settings.counts_as_peers)
        FF_TRY(ff_peers_create(&in->peers, in->secret, in->settings.zone,
                               FF_PEERS_VISITORS, fault));
    FF_TRY(ff_inputs_open(&in->inputs, &in->settings, look, in, fault));
    return set_own_hosts(in, fault);
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
    ff_cutter_init(&in->cutter);
    in->is_forwarded = settings->client_from != NULL;
    const bool is_known =
        !in->is_forwarded || strcmp(settings->client_from, "forwarded") == 0;
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
    ff_clients_destroy(in->clients);
    ff_places_close(in->places);
    ff_exclusions_destroy(in->exclusions);
    ff_agents_destroy(in->agents);
    ff_keyring_destroy(in->keyring);
    sodium_free(in->secret);
    ff_wipe_free(in->hits, ROOM * sizeof *in->hits); /* tokens */
    ff_wipe_free(in, sizeof *in);
    ff_wipe_stack();
}

void ff_ingest_forget(struct ff_ingest *in, int32_t start)
{
    ff_clients_forget(in->clients, start);
    ff_keyring_forget(in->keyring, start);
}

static void give_lines(struct ff_ingest *in, enum ff_kind kind, int64_t time,
                       uint32_t lines)
{
    if (lines)
        in->hits[in->n++] =
            (struct ff_hit) { .kind = (uint8_t)kind, .time = time, .lines = lines };
}

/* Gives the lines that waited for a period, which is that of `time`. */
static void give_waiting(struct ff_ingest *in, struct ff_input *input, int64_t time)
{
    give_lines(in, FF_LINE_MALFORMED, time, input->waiting.malformed);
    give_lines(in, FF_LINE_BLANK, time, input->waiting.blank);
    input->waiting = (struct ff_waiting) { 0 };
}

static void end_input(struct ff_ingest *in, struct ff_input *input)
{
    if (input->has_time) {
        give_waiting(in, input, input->time);
        return;
    }
    in->strays.malformed += input->waiting.malformed;
    in->strays.blank += input->waiting.blank;
    input->waiting = (struct ff_waiting) { 0 };
}

static void reject(struct ff_input *input, enum ff_reject why)
{
    struct ff_input_stats *stats = &input->stats;
    if (!stats->first_reject_line) {
        stats->first_reject_line = input->line;
        stats->first_reject_column = input->parser.column;
        stats->first_reject = why;
    }
    stats->rejects[why]++;
    input->waiting.malformed++;
}

/* A period's new key gives the same network another token: then the vote goes on. */
static void vote(struct crowd *crowd, uint64_t net)
{
    crowd->hits++;
    if (crowd->net == net) {
        crowd->votes++;
        crowd->same++;
    } else if (crowd->votes) {
        crowd->votes--;
    } else {
        crowd->net = net;
        crowd->votes = 1;
        crowd->same++;
    }
}

bool ff_ingest_is_one_network(const struct ff_ingest *in)
{
    return in->crowd.hits >= 1000 && in->crowd.same * 10 >= in->crowd.hits * 9;
}

static int32_t period_of(struct ff_ingest *in, int64_t time)
{
    if (time < in->day_from || time >= in->day_to) {
        const int32_t day = ff_zone_day(in->settings.zone, time);
        in->day_from = ff_zone_midnight(in->settings.zone, day);
        in->day_to = ff_zone_midnight(in->settings.zone, day + 1);
        in->period = ff_period_start(in->settings.grain, day);
    }
    return in->period;
}

/* "host:443" without its port. */
static struct ff_span without_port(struct ff_span host)
{
    size_t end = host.len;
    while (end && host.data[end - 1] >= '0' && host.data[end - 1] <= '9')
        end--;
    if (end && end < host.len && host.data[end - 1] == ':')
        host.len = end - 1;
    return host;
}

static bool is_host(struct ff_span host, const char *name)
{
    const struct ff_span own = ff_span_of(name), www = FF_SPAN("www.");
    if (ff_span_equal_nocase(host, own))
        return true;
    if (ff_span_starts(own, www))
        return ff_span_equal_nocase(host, ff_span_from(own, www.len));
    return ff_span_starts(host, www) &&
           ff_span_equal_nocase(ff_span_from(host, www.len), own);
}

/* Where lines carry a virtual host and the site is named, other hosts' lines are not
 * the site's. */
static bool is_other_host(const struct ff_ingest *in, const struct ff_record *record)
{
    const struct ff_ingest_settings *s = &in->settings;
    if (!(record->has & FF_HAS_VHOST) || !s->site)
        return false;
    const struct ff_span host = without_port(record->vhost);
    if (is_host(host, s->site))
        return false;
    for (size_t i = 0; i < s->n_own_hosts; i++)
        if (is_host(host, s->own_hosts[i]))
            return false;
    return true;
}

/* Notes a readable line of an input for its period. */
static enum ff_err note_time(struct ff_ingest *in, struct ff_input *input, int64_t time,
                             struct ff_fault *fault)
{
    const int32_t start = period_of(in, time);
    input->time = time;
    input->has_time = true;
    if (time > input->stats.reaches)
        input->stats.reaches = time;
    size_t i = input->period_at;
    if (i >= input->n_periods || input->periods[i].start != start)
        for (i = 0; i < input->n_periods && input->periods[i].start != start; i++)
            ;
    if (i == input->n_periods) {
        struct ff_period_lines *grown =
            realloc(input->periods, (i + 1) * sizeof *grown);
        if (!grown)
            return ff_fault_nomem(fault);
        input->periods = grown;
        grown[input->n_periods++] = (struct ff_period_lines) { start, 0 };
    }
    input->period_at = i;
    input->periods[i].lines++;
    return FF_OK;
}

/* A line of another host, of one who opts out (Sec-GPC, DNT), or of an excluded client.
 */
static enum ff_err give_excluded(struct ff_ingest *in, struct ff_input *input,
                                 int64_t time, struct ff_fault *fault)
{
    give_waiting(in, input, input->has_time ? input->time : time);
    give_lines(in, FF_LINE_EXCLUDED, time, 1);
    return note_time(in, input, time, fault);
}

/* A record becomes a hit; the address ends here. */
static enum ff_err give_hit(struct ff_ingest *in, struct ff_input *input,
                            const struct ff_record *record, struct ff_fault *fault)
{
    struct ff_hit hit = { .time = record->time,
                          .order = (uint64_t)input->ordinal << 40 | input->line };
    enum ff_client_fate fate;
    FF_TRY(ff_client_read(in->clients, record, period_of(in, record->time), &hit, &fate,
                          fault));
    if (fate == FF_CLIENT_MALFORMED) {
        input->parser.column = 1;
        reject(input, FF_REJECT_CLIENT);
        return FF_OK;
    }
    if (fate == FF_CLIENT_EXCLUDED) {
        return give_excluded(in, input, record->time, fault);
    }
    FF_TRY(ff_fields_read(in->fields, record, &hit, fault));
    vote(&in->crowd, hit.net);
    if (in->peers && hit.kind < FF_KINDS)
        FF_TRY(ff_peers_add(in->peers, record, &hit, fault));
    give_waiting(in, input, input->has_time ? input->time : record->time);
    in->hits[in->n++] = hit;
    return note_time(in, input, record->time, fault);
}

/* A line that another input has too. A comment may still say what the next ones hold.
 */
static enum ff_err skip_duplicate(struct ff_input *input, struct ff_span line)
{
    struct ff_record record;
    input->stats.duplicates++;
    if (line.len && line.data[0] == '#' && input->parser.format)
        (void)ff_parser_read(&input->parser, line, &record);
    return FF_OK;
}

static enum ff_err read_line(struct ff_ingest *in, struct ff_input *input,
                             const struct ff_marked_line *marked,
                             struct ff_fault *fault)
{
    const struct ff_span line = marked->text;
    input->line++;
    input->stats.lines++;
    if (input->n_overlaps && ff_input_is_duplicate(input, input->line))
        return skip_duplicate(input, line);
    input->parser.column = 1;
    if (input->is_long) {
        reject(input, FF_REJECT_LONG);
        return FF_OK;
    }
    struct ff_record record;
    enum ff_reject why =
        line.len && line.data[0] != '#' ? FF_REJECT_UNKNOWN : FF_REJECT_BLANK;
    if (input->parser.format)
        why = ff_parser_read_marked(&input->parser, marked, &record);
    if (why == FF_REJECT_BLANK) {
        input->waiting.blank++;
        return FF_OK;
    }
    if (why) {
        reject(input, why);
        return FF_OK;
    }
    ff_input_note_record(input, &record);
    if (is_other_host(in, &record) || record.opts_out) {
        return give_excluded(in, input, record.time, fault);
    }
    if (in->is_forwarded && record.forwarded.len)
        record.client = ff_address_forwarded(record.forwarded);
    return give_hit(in, input, &record, fault);
}

enum ff_err ff_ingest_next(struct ff_ingest *in, struct ff_batch *out,
                           struct ff_fault *fault)
{
    ff_fields_new_batch(in->fields);
    in->n = 0;
    while (in->n < FF_BATCH_HITS && !ff_fields_batch_is_full(in->fields)) {
        struct ff_marked_line line;
        if (!in->input || in->cutter.left.len == 0) {
            /* What a pipe has given so far is not held back for more to come. */
            if (in->n)
                break;
            FF_TRY(ff_inputs_next(in->inputs, &in->input, fault));
            if (!in->input)
                break;
            ff_cutter_take(&in->cutter, in->input->left);
            in->input->left.len = 0;
            if (in->input->is_done) {
                end_input(in, in->input);
                in->input = NULL;
                continue;
            }
        }
        if (ff_cutter_next(&in->cutter, &line))
            FF_TRY(read_line(in, in->input, &line, fault));
    }
    *out = (struct ff_batch) { .hits = in->hits,
                               .n = in->n,
                               .settled = ff_inputs_settled(in->inputs) };
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
