/* Lines go through in groups, and a group in steps: first all of its lines are read,
 * then the look-ups of all are begun, taken on, and at last ended. So what a look-up
 * touches is asked for well before it is touched, its latency is waited for once and
 * not at every line, and each step's guesses at branches are its own.
 *
 * What is no hit is counted by reason and belongs to the period of the readable line
 * before it in its file, else of the next. */
#include "worker.h"

#include <stdlib.h>

#include "group.h"
#include "inputs.h"

/* A line can bring the lines that waited before it along: two hits more; and so can the
 * end of the piece. */
#define GROUP_HITS (3 * FF_GROUP_LINES + 2)
static_assert(FF_BATCH_HITS >= GROUP_HITS && FF_AHEAD_HITS >= GROUP_HITS, "a group");

struct ff_worker {
    const struct ff_ingest_settings *settings;
    struct ff_clients *clients;
    struct ff_fields *fields;
    struct ff_peers *peers;
    struct ff_piece *piece;
    struct ff_parser *parser;        /* of the piece: the input's or `own` */
    struct ff_parser own;            /* for inputs that need not be read in order */
    const struct ff_input *own_for;  /* the one it is for, or NULL */
    struct ff_waiting waiting;       /* since the last line that has a period */
    int64_t day_from, day_to;        /* the last line's day, in seconds */
    int32_t period;                  /* the period it is in */
    struct ff_period_lines *counted; /* where lines were counted last; NULL: none yet */
    struct ff_hit *hits;
    size_t n_hits;
    struct ff_group group;
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
    enum ff_err err = w->hits ? FF_OK : ff_fault_nomem(fault);
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
    if (w->hits)
        ff_wipe_free(w->hits, FF_BATCH_HITS * sizeof *w->hits); /* tokens */
    ff_wipe_free(w, sizeof *w);
}

/* A parser of the worker's own for the piece; no format: it is in none that we know. */
static enum ff_err open_own(struct ff_worker *w, const struct ff_piece *piece,
                            struct ff_fault *fault)
{
    const struct ff_input *input = piece->is_known ? piece->input : NULL;
    w->parser = &w->own;
    if (input && w->own_for == input)
        return FF_OK;
    ff_parser_close(&w->own);
    w->own_for = NULL;
    if (input)
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
        FF_TRY(open_own(w, piece, fault));
    w->parser->has = piece->is_known ? piece->input->guess.has : 0;
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

static inline int32_t period_of(struct ff_worker *w, int64_t time)
{
    if (time < w->day_from || time >= w->day_to) {
        const int32_t day = ff_zone_day(w->settings->zone, time);
        w->day_from = ff_zone_midnight(w->settings->zone, day);
        w->day_to = ff_zone_midnight(w->settings->zone, day + 1);
        w->period = ff_period_start(w->settings->grain, day);
    }
    return w->period;
}

/* A line of a period that is not the one before's. */
__attribute__((cold, noinline)) static enum ff_err
count_other(struct ff_worker *w, const struct ff_group_line *line,
            struct ff_fault *fault)
{
    struct ff_findings *found = &w->piece->found;
    if (!found->has_period) {
        found->first_time = found->reaches = line->record.time;
        found->has_period = true;
    }
    FF_TRY(ff_periods_add(&found->periods, &found->n_periods, &found->period_at,
                          line->period, 1, fault));
    w->counted = &found->periods[found->period_at];
    return FF_OK;
}

/* Notes a readable line for its period. */
static inline enum ff_err
note_time(struct ff_worker *w, const struct ff_group_line *line, struct ff_fault *fault)
{
    struct ff_findings *found = &w->piece->found;
    const int64_t time = line->record.time;
    if (w->counted && w->counted->start == line->period)
        w->counted->lines++;
    else
        FF_TRY(count_other(w, line, fault));
    found->last_time = time;
    found->reaches = time > found->reaches ? time : found->reaches;
    return FF_OK;
}

/* A line of another host, of one who opts out (Sec-GPC, DNT), or of an excluded client.
 */
__attribute__((cold, noinline)) static enum ff_err
give_excluded(struct ff_worker *w, const struct ff_group_line *line,
              struct ff_fault *fault)
{
    settle_waiting(w);
    give_lines(w, FF_LINE_EXCLUDED, line->record.time, 1);
    return note_time(w, line, fault);
}

/* The lines that waited go before the last hit. */
__attribute__((cold, noinline)) static void settle_waiting_first(struct ff_worker *w)
{
    const struct ff_hit moved = w->hits[--w->n_hits];
    settle_waiting(w);
    w->hits[w->n_hits++] = moved;
}

/* A record becomes a hit, if its client is to be counted; the address ends here. */
static inline enum ff_err make_hit(struct ff_worker *w, struct ff_group_line *line,
                                   enum ff_client_fate *fate, struct ff_fault *fault)
{
    const struct ff_record *record = &line->record;
    struct ff_hit *hit = &w->hits[w->n_hits];
    FF_TRY(ff_client_read(w->clients, line, hit, fate, fault));
    if (*fate != FF_CLIENT_COUNTS)
        return FF_OK;
    hit->time = record->time;
    hit->order = line->order;
    FF_TRY(
        ff_fields_read(w->fields, record, line->hash.target, &line->found, hit, fault));
    ff_majority_vote(&w->piece->found.majority, hit->net);
    if (w->peers && hit->kind < FF_KINDS)
        FF_TRY(ff_peers_add(w->peers, record, hit, fault));
    w->n_hits++;
    return FF_OK;
}

/* What is noted of a line that was to be a hit. */
__attribute__((noinline)) static enum ff_err note_hit(struct ff_worker *w,
                                                      const struct ff_group_line *line,
                                                      enum ff_client_fate fate,
                                                      struct ff_fault *fault)
{
    if (fate == FF_CLIENT_MALFORMED) {
        reject(w, FF_REJECT_CLIENT, 1);
        return FF_OK;
    }
    if (fate == FF_CLIENT_EXCLUDED)
        return give_excluded(w, line, fault);
    if (w->waiting.malformed | w->waiting.blank)
        settle_waiting_first(w);
    return note_time(w, line, fault);
}

/* The last step of a line that is no hit. */
__attribute__((cold, noinline)) static enum ff_err
settle_other(struct ff_worker *w, const struct ff_group_line *line,
             struct ff_fault *fault)
{
    switch (line->fate) {
    case FF_GROUP_COUNTS:
        break;
    case FF_GROUP_EXCLUDED:
        return give_excluded(w, line, fault);
    case FF_GROUP_BLANK:
        w->waiting.blank++;
        break;
    case FF_GROUP_REJECTED:
        reject(w, line->why, line->column);
        break;
    case FF_GROUP_DUPLICATE:
        w->piece->found.duplicates++;
        break;
    }
    return FF_OK;
}

/* Whether all of the group's lines count, and in the same period and zone as the first;
 * and what all their times lie between. */
static inline bool is_alike(struct ff_worker *w, int64_t *least, int64_t *most)
{
    const struct ff_group_line *lines = w->group.lines;
    int64_t from = lines[0].record.time, to = from;
    uint32_t other = 0;
    for (size_t i = 0; i < w->group.n; i++) {
        const struct ff_record *record = &lines[i].record;
        other |= (uint32_t)lines[i].fate ^ FF_GROUP_COUNTS;
        other |= (uint32_t)(record->east ^ lines[0].record.east);
        from = record->time < from ? record->time : from;
        to = record->time > to ? record->time : to;
    }
    *least = from;
    *most = to;
    if (other)
        return false;
    (void)period_of(w, from);
    return to < w->day_to;
}

/* A line that does not count goes along with the look-ups of those that do. */
static void look_at_nothing(struct ff_group_line *line)
{
    struct ff_record *record = &line->record;
    record->client = record->agent = record->target = FF_SPAN("");
}

/* The second step of a group whose lines are not all alike. */
__attribute__((cold, noinline)) static void look_up_each(struct ff_worker *w)
{
    struct ff_findings *found = &w->piece->found;
    struct ff_group_line *const end = w->group.lines + w->group.n;
    for (struct ff_group_line *line = w->group.lines; line < end; line++) {
        const int64_t time = line->record.time;
        if (line->fate != FF_GROUP_COUNTS)
            look_at_nothing(line);
        if (line->fate > FF_GROUP_EXCLUDED)
            continue;
        ff_offsets_add(found->offsets, &found->n_offsets, line->record.east, 1);
        ff_findings_add_times(found, time, time);
        line->period = period_of(w, time);
    }
}

/* The second step: the look-ups begin, and go on. Notes what readable lines have, too.
 */
static void look_up(struct ff_worker *w)
{
    struct ff_findings *found = &w->piece->found;
    struct ff_group *group = &w->group;
    int64_t least, most;
    group->is_alike = is_alike(w, &least, &most);
    if (group->is_alike) {
        ff_offsets_add(found->offsets, &found->n_offsets, group->lines[0].record.east,
                       group->n);
        ff_findings_add_times(found, least, most);
        group->most_time = most;
        for (size_t i = 0; i < group->n; i++)
            group->lines[i].period = w->period;
    } else {
        look_up_each(w);
    }
    ff_clients_look(w->clients, group->lines, group->n);
    for (size_t i = 0; i < group->n; i++)
        ff_fields_look(w->fields, group->lines[i].hash.target);
    for (size_t i = 0; i < group->n; i++)
        ff_fields_look_on(w->fields, group->lines[i].hash.target,
                          &group->lines[i].found);
}

/* The third: what is known of the targets, and the look-ups that follow from it. */
static void look_at_origins(struct ff_worker *w)
{
    struct ff_group_line *asking[FF_GROUP_LINES + 1];
    size_t n = 0;
    for (struct ff_group_line *line = w->group.lines;
         line < w->group.lines + w->group.n; line++) {
        if (line->fate != FF_GROUP_COUNTS)
            continue;
        asking[n] = line;
        n += ff_fields_find(w->fields, &line->record, line->hash.target, &line->found);
    }
    for (size_t i = 0; i < n; i++)
        ff_fields_look_origin(w->fields, &asking[i]->record, &asking[i]->found);
    for (size_t i = 0; i < n; i++)
        ff_fields_look_on_origin(w->fields, &asking[i]->found);
}

/* The line behind the piece's text that is too long. */
static enum ff_err settle_long(struct ff_worker *w, struct ff_fault *fault)
{
    w->group.n = 0;
    w->group.lines[0] =
        (struct ff_group_line) { .fate = ff_group_is_duplicate(w->piece, 0)
                                             ? FF_GROUP_DUPLICATE
                                             : FF_GROUP_REJECTED,
                                 .why = FF_REJECT_LONG,
                                 .column = 1 };
    w->piece->is_long = false;
    w->piece->found.lines++;
    return settle_other(w, &w->group.lines[0], fault);
}

/* A step ahead with the hits from `from` on. */
static inline void tell(const struct ff_worker *w, const struct ff_ahead *ahead,
                        size_t from, unsigned step)
{
    if (ahead)
        ahead->call(ahead->context, w->hits + from, w->n_hits - from, step);
}

/* What is noted of hits, for the first `n` lines of a group that are all alike. */
static void note_alike(struct ff_worker *w, size_t n)
{
    struct ff_findings *found = &w->piece->found;
    const struct ff_group_line *lines = w->group.lines;
    int64_t latest = w->group.most_time;
    if (n == 0)
        return;
    if (n < w->group.n) {
        latest = lines[0].record.time;
        for (size_t i = 1; i < n; i++)
            latest = lines[i].record.time > latest ? lines[i].record.time : latest;
    }
    found->lines += n;
    found->last_time = lines[n - 1].record.time;
    found->reaches = latest > found->reaches ? latest : found->reaches;
    w->counted->lines += n;
}

/* Hits with more to tell, and their lines. */
struct asking {
    struct {
        const struct ff_group_line *line;
        struct ff_hit *hit;
    } all[FF_GROUP_LINES + 1];
    size_t n;
};

/* Without a branch: nobody can guess which lines ask. */
static inline void add_asking(struct asking *asking, const struct ff_group_line *line,
                              struct ff_hit *hit)
{
    asking->all[asking->n].line = line;
    asking->all[asking->n].hit = hit;
    asking->n += line->found.is_asking;
}

static inline enum ff_err tell_asking(struct ff_worker *w, struct asking *asking,
                                      struct ff_fault *fault)
{
    for (size_t i = 0; i < asking->n; i++)
        FF_TRY(ff_fields_tell(w->fields, &asking->all[i].line->record,
                              &asking->all[i].line->found, asking->all[i].hit, fault));
    asking->n = 0;
    return FF_OK;
}

/* The last step. While lines are alike and hits, what is noted of each is noted once
 * for all. Hits that ask are told together, before any is moved. */
static enum ff_err settle(struct ff_worker *w, struct ff_fault *fault)
{
    bool is_alike = w->group.is_alike && w->counted && w->counted->start == w->period &&
                    (w->waiting.malformed | w->waiting.blank) == 0;
    struct asking asking;
    asking.n = 0;
    for (size_t i = 0; i < w->group.n; i++) {
        struct ff_group_line *line = &w->group.lines[i];
        enum ff_client_fate fate;
        if (!is_alike && line->fate != FF_GROUP_COUNTS) {
            w->piece->found.lines++;
            FF_TRY(settle_other(w, line, fault));
            continue;
        }
        struct ff_hit *hit = &w->hits[w->n_hits];
        FF_TRY(make_hit(w, line, &fate, fault));
        if (fate == FF_CLIENT_COUNTS)
            add_asking(&asking, line, hit);
        if (is_alike && fate == FF_CLIENT_COUNTS)
            continue;
        FF_TRY(tell_asking(w, &asking, fault));
        if (is_alike)
            note_alike(w, i);
        is_alike = false;
        w->piece->found.lines++;
        FF_TRY(note_hit(w, line, fate, fault));
    }
    if (is_alike)
        note_alike(w, w->group.n);
    return tell_asking(w, &asking, fault);
}

/* The steps of a group. The hits from *from on, the group's before, are told of on the
 * way, and then those of this one are. */
static inline enum ff_err take_group(struct ff_worker *w, const struct ff_ahead *ahead,
                                     size_t *from, struct ff_fault *fault)
{
    tell(w, ahead, *from, 1);
    look_up(w);
    tell(w, ahead, *from, 2);
    look_at_origins(w);
    FF_TRY(ff_clients_meet(w->clients, w->group.lines, w->group.n, fault));
    *from = w->n_hits;
    FF_TRY(settle(w, fault));
    tell(w, ahead, *from, 0);
    return FF_OK;
}

enum ff_err ff_worker_next(struct ff_worker *w, const struct ff_ahead *ahead,
                           struct ff_batch *out, struct ff_fault *fault)
{
    size_t from = 0;
    w->n_hits = 0;
    *out = (struct ff_batch) { .hits = w->hits };
    if (!w->piece)
        return FF_OK;
    const struct ff_findings *found = &w->piece->found;
    w->counted = found->n_periods ? &found->periods[found->period_at] : NULL;
    const struct ff_reading reading = { w->settings, w->piece, w->parser };
    ff_fields_new_batch(w->fields);
    while (w->n_hits + GROUP_HITS <= FF_BATCH_HITS) {
        if (ff_fields_batch_is_full(w->fields)) {
            if (w->n_hits)
                break;
            ff_fields_new_batch(w->fields);
        }
        if (!ff_group_read(&w->group, &reading, &w->cutter))
            break;
        FF_TRY(take_group(w, ahead, &from, fault));
    }
    for (unsigned step = 1; step < FF_AHEAD_STEPS; step++)
        tell(w, ahead, from, step);
    if (w->cutter.left.len == 0) {
        if (w->piece->is_long)
            FF_TRY(settle_long(w, fault));
        settle_waiting(w);
    }
    out->n = w->n_hits;
    return FF_OK;
}
