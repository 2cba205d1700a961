/* Lines go through in groups: all of a group are read and their look-ups begun, then
 * their look-ups are ended, so that the memory they touch is there by then and its
 * latency is waited for once, not at every line.
 *
 * What is no hit is counted by reason and belongs to the period of the readable line
 * before it in its file, else of the next. */
#include "worker.h"

#include <stdlib.h>

#include "address.h"
#include "inputs.h"
#include "marks.h"

#define GROUP_LINES 32
/* Lines from one whose look-up goes on to the one whose look-up ends. */
#define LOOK_AHEAD 8
/* A line can bring the lines that waited before it along: two hits more; and so can the
 * end of the piece. */
#define GROUP_HITS (3 * GROUP_LINES + 2)
static_assert(FF_BATCH_HITS >= GROUP_HITS, "room for a group");

/* A line of the group, read. */
struct line {
    enum ff_reject why; /* FF_REJECT_BLANK too */
    bool is_duplicate;
    bool is_excluded; /* before its client is looked at */
    uint32_t column;
    uint64_t order;
    struct ff_record record;
    struct ff_client_key client;
    struct ff_memo_key target;
};

struct ff_worker {
    const struct ff_ingest_settings *settings;
    struct ff_clients *clients;
    struct ff_fields *fields;
    struct ff_peers *peers;
    char *memory;
    struct ff_piece *piece;
    struct ff_parser *parser;       /* of the piece: the input's or `own` */
    struct ff_parser own;           /* for inputs that need not be read in order */
    const struct ff_input *own_for; /* the one it is for, or NULL */
    struct ff_waiting waiting;      /* since the last line that has a period */
    int64_t day_from, day_to;       /* the last line's day, in seconds */
    int32_t period;                 /* the period it is in */
    struct ff_hit *hits;
    size_t n_hits;
    size_t n_lines;
    struct line lines[GROUP_LINES];
    struct ff_cutter cutter;
};

enum ff_err ff_worker_create(struct ff_worker **out,
                             const struct ff_worker_parts *parts,
                             struct ff_fields *fields, struct ff_fault *fault)
{
    *out = NULL;
    struct ff_worker *w = calloc(1, sizeof *w);
    if (!w) {
        ff_fields_destroy(fields);
        return ff_fault_nomem(fault);
    }
    w->settings = parts->settings;
    w->peers = parts->peers;
    w->fields = fields;
    ff_cutter_init(&w->cutter);
    w->hits = calloc(FF_BATCH_HITS, sizeof *w->hits);
    w->memory = aligned_alloc(FF_LINES_ALIGNMENT, FF_LINES_BYTES);
    enum ff_err err = w->hits && w->memory ? FF_OK : ff_fault_nomem(fault);
    if (!err)
        err = ff_clients_create(&w->clients, &parts->clients, fault);
    if (err) {
        ff_worker_destroy(w);
        return err;
    }
    *out = w;
    return FF_OK;
}

void ff_worker_destroy(struct ff_worker *w)
{
    if (!w)
        return;
    ff_clients_destroy(w->clients);
    ff_fields_destroy(w->fields);
    ff_parser_close(&w->own);
    ff_wipe_free(w->memory, FF_LINES_BYTES);
    if (w->hits)
        ff_wipe_free(w->hits, FF_BATCH_HITS * sizeof *w->hits); /* tokens */
    ff_wipe_free(w, sizeof *w);
}

char *ff_worker_memory(struct ff_worker *w)
{
    return w->memory;
}

/* A parser of the worker's own for the input; no format: it is in none that we know. */
static enum ff_err open_own(struct ff_worker *w, const struct ff_input *input,
                            struct ff_fault *fault)
{
    w->parser = &w->own;
    if (w->own_for == input && w->own.format == input->guess.format)
        return FF_OK;
    ff_parser_close(&w->own);
    w->own_for = NULL;
    if (input->guess.format)
        FF_TRY(ff_parser_open_guess(&w->own, &input->guess, input->spec, fault));
    w->own_for = input;
    return FF_OK;
}

enum ff_err ff_worker_begin(struct ff_worker *w, struct ff_piece *piece,
                            struct ff_fault *fault)
{
    w->piece = piece;
    w->parser = &piece->input->parser;
    if (!piece->is_ordered)
        FF_TRY(open_own(w, piece->input, fault));
    w->parser->has = piece->input->guess.has;
    w->parser->seen = 0;
    w->waiting = (struct ff_waiting) { 0 };
    ff_cutter_take(&w->cutter, piece->text);
    return FF_OK;
}

struct ff_piece *ff_worker_end(struct ff_worker *w)
{
    struct ff_piece *piece = w->piece;
    if (piece)
        piece->found.seen = w->parser->seen;
    w->piece = NULL;
    return piece;
}

static void give_lines(struct ff_worker *w, enum ff_kind kind, int64_t time,
                       uint64_t lines)
{
    if (lines)
        w->hits[w->n_hits++] = (struct ff_hit) { .kind = (uint8_t)kind,
                                                 .time = time,
                                                 .lines = (uint32_t)lines };
}

/* The lines before this one that had no time: they belong to the period before, or, at
 * the piece's beginning, to what only the pieces before can tell. */
static void settle_waiting(struct ff_worker *w)
{
    struct ff_findings *found = &w->piece->found;
    if (found->has_period) {
        give_lines(w, FF_LINE_MALFORMED, found->last_time, w->waiting.malformed);
        give_lines(w, FF_LINE_BLANK, found->last_time, w->waiting.blank);
    } else {
        found->before.malformed += w->waiting.malformed;
        found->before.blank += w->waiting.blank;
    }
    w->waiting = (struct ff_waiting) { 0 };
}

static void reject(struct ff_worker *w, enum ff_reject why, uint32_t column)
{
    struct ff_findings *found = &w->piece->found;
    if (!found->first_reject_line) {
        found->first_reject_line = found->lines;
        found->first_reject_column = column;
        found->first_reject = why;
    }
    found->rejects[why]++;
    w->waiting.malformed++;
}

static int32_t period_of(struct ff_worker *w, int64_t time)
{
    if (time < w->day_from || time >= w->day_to) {
        const int32_t day = ff_zone_day(w->settings->zone, time);
        w->day_from = ff_zone_midnight(w->settings->zone, day);
        w->day_to = ff_zone_midnight(w->settings->zone, day + 1);
        w->period = ff_period_start(w->settings->grain, day);
    }
    return w->period;
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
    if (ff_span_equal(host, own) || ff_span_equal_nocase(host, own))
        return true;
    if (ff_span_starts(own, www))
        return ff_span_equal_nocase(host, ff_span_from(own, www.len));
    return ff_span_starts(host, www) &&
           ff_span_equal_nocase(ff_span_from(host, www.len), own);
}

/* Where lines carry a virtual host and the site is named, other hosts' lines are not
 * the site's. */
static bool is_other_host(const struct ff_worker *w, const struct ff_record *record)
{
    const struct ff_ingest_settings *s = w->settings;
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

/* Notes a readable line's time and zone. */
static void note_record(struct ff_findings *found, const struct ff_record *record)
{
    if (!found->has_times)
        found->least_time = found->most_time = record->time;
    found->has_times = true;
    if (record->time < found->least_time)
        found->least_time = record->time;
    if (record->time > found->most_time)
        found->most_time = record->time;
    if (found->n_offsets == 1 && found->offsets[0].east == record->east)
        found->offsets[0].lines++;
    else
        ff_offsets_add(found->offsets, &found->n_offsets, record->east, 1);
}

/* Notes a readable line for its period. */
static enum ff_err note_time(struct ff_worker *w, int64_t time, struct ff_fault *fault)
{
    struct ff_findings *found = &w->piece->found;
    if (!found->has_period) {
        found->first_time = found->reaches = time;
        found->has_period = true;
    }
    found->last_time = time;
    if (time > found->reaches)
        found->reaches = time;
    const int32_t period = period_of(w, time);
    if (found->period_at < found->n_periods &&
        found->periods[found->period_at].start == period) {
        found->periods[found->period_at].lines++;
        return FF_OK;
    }
    return ff_periods_add(&found->periods, &found->n_periods, &found->period_at, period,
                          1, fault);
}

/* A line of another host, of one who opts out (Sec-GPC, DNT), or of an excluded client.
 */
static enum ff_err give_excluded(struct ff_worker *w, int64_t time,
                                 struct ff_fault *fault)
{
    settle_waiting(w);
    give_lines(w, FF_LINE_EXCLUDED, time, 1);
    return note_time(w, time, fault);
}

/* A record becomes a hit; the address ends here. */
static enum ff_err give_hit(struct ff_worker *w, const struct line *line,
                            struct ff_fault *fault)
{
    const struct ff_record *record = &line->record;
    struct ff_hit *hit = &w->hits[w->n_hits];
    enum ff_client_fate fate;
    *hit = (struct ff_hit) { .time = record->time, .order = line->order };
    FF_TRY(ff_client_read(w->clients, record, &line->client, hit, &fate, fault));
    if (fate == FF_CLIENT_MALFORMED) {
        reject(w, FF_REJECT_CLIENT, 1);
        return FF_OK;
    }
    if (fate == FF_CLIENT_EXCLUDED)
        return give_excluded(w, record->time, fault);
    FF_TRY(ff_fields_read(w->fields, record, line->target, hit, fault));
    ff_crowd_vote(&w->piece->found.crowd, hit->net);
    if (w->peers && hit->kind < FF_KINDS)
        FF_TRY(ff_peers_add(w->peers, record, hit, fault));
    if (w->waiting.malformed || w->waiting.blank) {
        const struct ff_hit moved = *hit;
        settle_waiting(w);
        w->hits[w->n_hits] = moved;
    }
    w->n_hits++;
    return note_time(w, record->time, fault);
}

/* The second half of a line's way. */
static enum ff_err settle(struct ff_worker *w, const struct line *line,
                          struct ff_fault *fault)
{
    struct ff_findings *found = &w->piece->found;
    found->lines++;
    if (line->is_duplicate) {
        found->duplicates++;
    } else if (line->why == FF_REJECT_BLANK) {
        w->waiting.blank++;
    } else if (line->why) {
        reject(w, line->why, line->column);
    } else {
        note_record(found, &line->record);
        return line->is_excluded ? give_excluded(w, line->record.time, fault)
                                 : give_hit(w, line, fault);
    }
    return FF_OK;
}

/* Whether another input has the line that is read next, too. */
static bool is_duplicate(const struct ff_worker *w)
{
    const struct ff_piece *piece = w->piece;
    const uint64_t number = piece->first_line + piece->found.lines + w->n_lines;
    return piece->input->n_overlaps && ff_input_is_duplicate(piece->input, number);
}

static enum ff_reject parse(struct ff_worker *w, const struct ff_marked_line *text,
                            struct line *line)
{
    struct ff_parser *parser = w->parser;
    if (!parser->format)
        return text->text.len && text->text.data[0] != '#' ? FF_REJECT_UNKNOWN
                                                           : FF_REJECT_BLANK;
    const enum ff_reject why = ff_parser_read_marked(parser, text, &line->record);
    line->column = parser->column;
    return why;
}

/* Whether all that the record points to is in the line: else it is in the parser's own
 * memory and gone with the next line. */
static bool is_in_line(const struct ff_parser *parser, const struct ff_record *r,
                       struct ff_span line)
{
    if (parser->format->parse_marked && !parser->carrier.kind)
        return !parser->keeps_text;
    const struct ff_span *const spans[] = {
        &r->client,   &r->agent, &r->target,       &r->method,     &r->referrer,
        &r->language, &r->vhost, &r->content_type, &r->fetch_dest, &r->purpose
    };
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        if (spans[i]->len &&
            (spans[i]->data < line.data || spans[i]->data >= line.data + line.len))
            return false;
    return true;
}

/* The first half of a line's way. False: nothing can be read before it is settled. */
static bool read_line(struct ff_worker *w, const struct ff_marked_line *text)
{
    const struct ff_piece *piece = w->piece;
    struct line *line = &w->lines[w->n_lines];
    line->column = 1;
    line->order = piece->order + (uint64_t)(text->text.data - piece->text.data);
    line->is_duplicate = is_duplicate(w);
    w->n_lines++;
    if (line->is_duplicate) {
        /* A comment may still say what the next ones hold. */
        if (text->text.len && text->text.data[0] == '#' && w->parser->format)
            (void)ff_parser_read(w->parser, text->text, &line->record);
        return true;
    }
    line->why = parse(w, text, line);
    if (line->why)
        return true;
    struct ff_record *record = &line->record;
    line->is_excluded = is_other_host(w, record) || record->opts_out;
    if (line->is_excluded)
        return true;
    if (w->settings->client_from && record->forwarded.len)
        record->client = ff_address_forwarded(record->forwarded);
    line->client = ff_client_look(w->clients, record, period_of(w, record->time));
    line->target = ff_fields_look(w->fields, record);
    return is_in_line(w->parser, record, text->text);
}

/* The line behind the piece's text that is too long. */
static enum ff_err settle_long(struct ff_worker *w, struct ff_fault *fault)
{
    w->n_lines = 0;
    w->lines[0] = (struct line) { .why = FF_REJECT_LONG,
                                  .is_duplicate = is_duplicate(w),
                                  .column = 1 };
    w->piece->is_long = false;
    return settle(w, &w->lines[0], fault);
}

static void look_on(const struct ff_worker *w, const struct line *line)
{
    if (!line->is_duplicate && !line->why && !line->is_excluded)
        ff_fields_look_on(w->fields, line->target);
}

enum ff_err ff_worker_next(struct ff_worker *w, const struct ff_hit **hits, size_t *n,
                           struct ff_fault *fault)
{
    w->n_hits = 0;
    *hits = w->hits;
    *n = 0;
    if (!w->piece)
        return FF_OK;
    ff_fields_new_batch(w->fields);
    while (w->n_hits + GROUP_HITS <= FF_BATCH_HITS) {
        struct ff_marked_line text;
        if (ff_fields_batch_is_full(w->fields)) {
            if (w->n_hits)
                break;
            ff_fields_new_batch(w->fields);
        }
        w->n_lines = 0;
        while (w->n_lines < GROUP_LINES && ff_cutter_next(&w->cutter, &text))
            if (!read_line(w, &text))
                break;
        if (w->n_lines == 0)
            break;
        for (size_t i = 0; i < w->n_lines; i++) {
            if (i + LOOK_AHEAD < w->n_lines)
                look_on(w, &w->lines[i + LOOK_AHEAD]);
            FF_TRY(settle(w, &w->lines[i], fault));
        }
    }
    if (w->cutter.left.len == 0) {
        if (w->piece->is_long)
            FF_TRY(settle_long(w, fault));
        settle_waiting(w);
    }
    *n = w->n_hits;
    return FF_OK;
}
