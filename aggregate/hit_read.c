/* The hit stream, read. Nobody says that it comes from us: an item is read whole,
 * within a bound, and each value is one that a hit can have before the hit is handed
 * out. Threads take the frames one by one, in their order, and take them apart side by
 * side. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "cbor_expect.h"
#include "footfall/arena.h"
#include "footfall/rollup.h"
#include "hit_frame.h"

struct seat {
    struct ff_hit_frame frame;
    unsigned char item[FF_STREAM_ITEM_MAX];
};

struct ff_hit_reader {
    int fd;
    const char *name;
    size_t n_seats;
    struct seat **seats;
    pthread_mutex_t lock; /* of all that follows */
    uint64_t at;          /* bytes of the stream that are read */
    struct ff_arena arena;
    const struct ff_agent **agents; /* by number; 0 is none. Those told do not change */
    uint32_t n_agents;
    bool is_over; /* the round */
    bool is_end;
    int64_t settled;
    uint64_t fault_at; /* of the first fault: UINT64_MAX is none */
    struct ff_fault fault;
    struct ff_hit_stream_trailer trailer;
};

/* A seat's memory is first there when somebody takes it. */
static enum ff_err open_seat(struct ff_hit_reader *r, size_t number,
                             struct ff_fault *fault)
{
    if (r->seats[number])
        return FF_OK;
    struct seat *seat = calloc(1, sizeof *seat);
    if (!seat)
        return ff_fault_nomem(fault);
    seat->frame.name = r->name;
    seat->frame.agents = r->agents;
    r->seats[number] = seat;
    return FF_OK;
}

/* ---- items, with the lock ---- */

static enum ff_err damaged(const struct ff_hit_reader *r, struct ff_fault *fault,
                           const char *what)
{
    return ff_fault_set(fault, FF_ERR_DATA, "%s: byte %llu: %s", r->name,
                        (unsigned long long)r->at, what);
}

/* Exactly `len` bytes. */
static enum ff_err read_all(struct ff_hit_reader *r, unsigned char *bytes, size_t len,
                            struct ff_fault *fault)
{
    while (len) {
        const ssize_t n = read(r->fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ff_fault_set(fault, FF_ERR_IO, "%s: %s", r->name, strerror(errno));
        if (n == 0 && r->at == 0)
            return ff_fault_set(fault, FF_ERR_DATA,
                                "%s: no hits came: footfall ingest says why", r->name);
        if (n == 0)
            return damaged(r, fault,
                           "the hits are cut off here: nothing is made of "
                           "what came before");
        bytes += n;
        len -= (size_t)n;
        r->at += (uint64_t)n;
    }
    return FF_OK;
}

/* The next item's bytes: tag 24 and a byte string, in their shortest form. */
static enum ff_err read_item(struct ff_hit_reader *r, struct seat *seat,
                             struct ff_cbor_cursor *out, struct ff_fault *fault)
{
    static const uint32_t least[] = { 24, UINT8_MAX + 1, UINT16_MAX + 1 };
    unsigned char head[3], length[4];
    const uint64_t at = r->at;
    FF_TRY(read_all(r, head, sizeof head, fault));
    const unsigned info = head[2] & 31u;
    uint32_t len = info;
    bool is_good = head[0] == 0xd8 && head[1] == FF_STREAM_TAG_ITEM &&
                   head[2] >> 5 == FF_CBOR_BYTES && info <= 26;
    if (is_good && info >= 24) {
        const size_t n = (size_t)1 << (info - 24);
        FF_TRY(read_all(r, length, n, fault));
        len = 0;
        for (size_t i = 0; i < n; i++)
            len = len << 8 | length[i];
        is_good = len >= least[info - 24] && len <= FF_STREAM_ITEM_MAX;
    }
    if (!is_good) {
        r->at = at;
        return damaged(r, fault, "these are no hits of footfall ingest");
    }
    *out = (struct ff_cbor_cursor) {
        .bytes = seat->item, .len = len, .begin = r->at, .name = r->name, .fault = fault
    };
    return read_all(r, seat->item, len, fault);
}

/* ---- header and trailer ---- */

static enum ff_err expect_end(struct ff_cbor_cursor *c)
{
    return ff_cbor_left(c) ? ff_cbor_fault(c, c->at, "more than there should be")
                           : FF_OK;
}

static enum ff_err expect_name(struct ff_cbor_cursor *c, const char *what, char *out,
                               size_t size)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_TEXT, what, &item));
    if (item.text.len == 0 || item.text.len >= size || !ff_rollup_is_text(item.text))
        return ff_cbor_fault(c, item.at, "%s: no such name", what);
    memcpy(out, item.text.data, item.text.len);
    out[item.text.len] = '\0';
    return FF_OK;
}

/* A time; null is `unknown`, if that may be. */
static enum ff_err expect_time(struct ff_cbor_cursor *c, const char *what,
                               bool may_be_unknown, int64_t *out)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_next(c, &item));
    if (item.type == FF_CBOR_NULL && may_be_unknown)
        return FF_OK;
    const bool is_number = item.type == FF_CBOR_UINT || item.type == FF_CBOR_NEGINT;
    if (!is_number || item.value > INT64_MAX || !ff_cbor_is_shortest(&item))
        return ff_cbor_fault(c, item.at, "%s: no time", what);
    *out = item.type == FF_CBOR_UINT ? (int64_t)item.value : -1 - (int64_t)item.value;
    return FF_OK;
}

static enum ff_err read_header(struct ff_hit_reader *r,
                               struct ff_hit_stream_header *header,
                               struct ff_fault *fault)
{
    struct ff_cbor_cursor c;
    struct ff_cbor_item item;
    uint32_t grain;
    uint64_t version, rules;
    *header = (struct ff_hit_stream_header) { .begins = INT64_MAX };
    FF_TRY(read_item(r, r->seats[0], &c, fault));
    FF_TRY(ff_cbor_expect(&c, FF_CBOR_TAG, "header", &item));
    if (item.value != FF_STREAM_TAG_CBOR)
        return damaged(r, fault, "these are no hits of footfall ingest");
    FF_TRY(ff_cbor_expect_start(&c, FF_CBOR_ARRAY, "header", FF_STREAM_HEADER));
    FF_TRY(ff_cbor_expect(&c, FF_CBOR_TEXT, "header", &item));
    if (!ff_span_equal(item.text, FF_SPAN(FF_STREAM_NAME)))
        return damaged(r, fault, "these are no hits of footfall ingest");
    FF_TRY(ff_cbor_expect_count(&c, "version", &version));
    FF_TRY(ff_cbor_expect_count(&c, "rules", &rules));
    if (version != FF_HIT_STREAM_VERSION || rules != FF_RULES_VERSION)
        return damaged(r, fault,
                       "the hits are those of another version of footfall ingest");
    FF_TRY(expect_name(&c, "site", header->site, sizeof header->site));
    FF_TRY(ff_cbor_expect_number(&c, "period", FF_DAY, FF_MONTH, &grain));
    header->grain = (enum ff_grain)grain;
    FF_TRY(expect_name(&c, "zone", header->zone, sizeof header->zone));
    FF_TRY(expect_time(&c, "beginning", true, &header->begins));
    return expect_end(&c);
}

static enum ff_err read_trailer(struct ff_hit_reader *r, struct ff_cbor_cursor *c)
{
    struct ff_hit_stream_trailer *t = &r->trailer;
    uint64_t *const counts[FF_STREAM_TRAILER_COUNTS] = { &t->malformed, &t->blank,
                                                         &t->excluded, &t->duplicates };
    for (size_t i = 0; i < FF_STREAM_TRAILER_COUNTS; i++) {
        FF_TRY(ff_cbor_expect_count(c, "trailer", counts[i]));
        /* So that sums of some of them fit. */
        if (*counts[i] >> 60)
            return ff_cbor_fault(c, c->at, "trailer: so many lines there are not");
    }
    FF_TRY(ff_cbor_expect_flag(c, "trailer", &t->needs_a_look));
    r->is_end = true;
    return expect_end(c);
}

static enum ff_err read_settled(struct ff_hit_reader *r, struct ff_cbor_cursor *c)
{
    FF_TRY(expect_time(c, "settled", false, &r->settled));
    return expect_end(c);
}

/* ---- agents, with the lock ---- */

static enum ff_err expect_text(struct ff_cbor_cursor *c, struct ff_span *out)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_BYTES, "agent", &item));
    /* Robots are named in the rollup without a threshold. */
    if (item.text.len > FF_STREAM_TEXT || !ff_rollup_is_text(item.text))
        return ff_cbor_fault(c, item.at, "agent: no name");
    *out = item.text;
    return FF_OK;
}

static enum ff_err read_agent(struct ff_hit_reader *r, struct ff_cbor_cursor *c)
{
    struct ff_agent *agent = FF_ARENA_NEW(&r->arena, struct ff_agent, 1);
    uint32_t robot;
    if (!agent)
        return ff_cbor_fault(c, c->at, "agents: too many");
    struct ff_span *const texts[FF_STREAM_AGENT_TEXTS] = {
        &agent->family, &agent->browser, &agent->system, &agent->device,
        &agent->name,   &agent->run_by,  &agent->purpose
    };
    FF_TRY(ff_cbor_expect_start(c, FF_CBOR_ARRAY, "agent", 1 + FF_STREAM_AGENT_TEXTS));
    FF_TRY(ff_cbor_expect_number(c, "agent", FF_HUMAN, FF_ROBOT_AI, &robot));
    agent->robot = (enum ff_robot)robot;
    for (size_t i = 0; i < FF_STREAM_AGENT_TEXTS; i++) {
        struct ff_span text = { "", 0 };
        FF_TRY(expect_text(c, &text));
        *texts[i] = ff_arena_copy(&r->arena, text);
        if (!texts[i]->data)
            return ff_cbor_fault(c, c->at, "agents: too many");
    }
    agent->number = ++r->n_agents;
    r->agents[agent->number] = agent;
    return FF_OK;
}

static enum ff_err read_agents(struct ff_hit_reader *r, struct ff_cbor_cursor *c)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_ARRAY, "agents", &item));
    if (item.value == 0 || item.value > FF_STREAM_AGENTS - r->n_agents)
        return ff_cbor_fault(c, item.at, "agents: none, or too many");
    for (uint64_t i = 0; i < item.value; i++)
        FF_TRY(read_agent(r, c));
    return expect_end(c);
}

/* ---- rounds ---- */

static enum ff_err expect_kind(struct ff_cbor_cursor *c, uint32_t *kind)
{
    static const uint32_t fields[FF_STREAM_KINDS] = {
        [FF_STREAM_FRAME] = FF_STREAM_FRAME_FIELDS + FF_STREAM_COLUMNS,
        [FF_STREAM_TELLS_AGENTS] = FF_STREAM_TELLS_FIELDS,
        [FF_STREAM_SETTLED] = FF_STREAM_SETTLED_FIELDS,
        [FF_STREAM_TRAILER] = FF_STREAM_TRAILER_FIELDS,
    };
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_ARRAY, "item", &item));
    FF_TRY(ff_cbor_expect_number(c, "item", 0, FF_STREAM_KINDS - 1, kind));
    if (item.value != fields[*kind])
        return ff_cbor_fault(c, item.at, "item: not of its length");
    return FF_OK;
}

/* With the lock: reads to the next frame, whose cursor stands behind its kind, or to
 * the end of the round. */
static enum ff_err read_on(struct ff_hit_reader *r, struct seat *seat,
                           struct ff_cbor_cursor *c, struct ff_fault *fault)
{
    while (!r->is_over) {
        uint32_t kind;
        FF_TRY(read_item(r, seat, c, fault));
        FF_TRY(expect_kind(c, &kind));
        if (kind == FF_STREAM_FRAME)
            return FF_OK;
        if (kind == FF_STREAM_TELLS_AGENTS) {
            FF_TRY(read_agents(r, c));
            continue;
        }
        FF_TRY(kind == FF_STREAM_SETTLED ? read_settled(r, c) : read_trailer(r, c));
        r->is_over = true;
    }
    return FF_OK;
}

/* The seat's next frame; it has no hits when the round is over. */
static enum ff_err take_frame(struct ff_hit_reader *r, struct seat *seat, bool *is_any,
                              struct ff_fault *fault)
{
    struct ff_cbor_cursor c = { .begin = 0 };
    pthread_mutex_lock(&r->lock);
    const enum ff_err err = read_on(r, seat, &c, fault);
    *is_any = !r->is_over;
    r->is_over |= err != FF_OK;
    seat->frame.begin = err ? r->at : c.begin;
    seat->frame.n_agents = r->n_agents;
    pthread_mutex_unlock(&r->lock);
    return err || !*is_any ? err : ff_hit_frame_read(&seat->frame, &c);
}

/* Of all faults the one that is first in the stream; there is no other round. */
static void note_fault(struct ff_hit_reader *r, uint64_t at,
                       const struct ff_fault *fault)
{
    pthread_mutex_lock(&r->lock);
    r->is_over = true;
    if (at < r->fault_at) {
        r->fault_at = at;
        r->fault = *fault;
    }
    pthread_mutex_unlock(&r->lock);
}

static enum ff_err next(struct ff_hit_reader *r, struct seat *seat,
                        const struct ff_hit **hits, size_t *n, struct ff_fault *fault)
{
    bool is_any = true;
    for (;;) {
        *n = ff_hit_frame_next(&seat->frame, hits);
        if (*n || !is_any)
            return FF_OK;
        FF_TRY(take_frame(r, seat, &is_any, fault));
    }
}

enum ff_err ff_hit_reader_next(struct ff_hit_reader *r, size_t number,
                               const struct ff_hit **hits, size_t *n,
                               struct ff_fault *fault)
{
    assert(number < r->n_seats);
    *n = 0;
    FF_TRY(open_seat(r, number, fault));
    const enum ff_err err = next(r, r->seats[number], hits, n, fault);
    if (err)
        note_fault(r, r->seats[number]->frame.begin, fault);
    return err;
}

void ff_hit_reader_stop(struct ff_hit_reader *r)
{
    pthread_mutex_lock(&r->lock);
    r->is_over = true;
    pthread_mutex_unlock(&r->lock);
}

bool ff_hit_reader_go_on(struct ff_hit_reader *r, int64_t *settled)
{
    *settled = r->settled;
    r->is_over = r->is_end;
    return !r->is_end;
}

void ff_hit_reader_first_fault(const struct ff_hit_reader *r, struct ff_fault *fault)
{
    if (r->fault_at != UINT64_MAX)
        *fault = r->fault;
}

const struct ff_hit_stream_trailer *ff_hit_reader_trailer(const struct ff_hit_reader *r)
{
    return &r->trailer;
}

static bool begin(struct ff_hit_reader *r, size_t n_seats)
{
    r->n_seats = n_seats;
    r->seats = calloc(n_seats, sizeof *r->seats);
    r->agents = calloc(FF_STREAM_AGENTS + 1, sizeof *r->agents);
    return r->seats && r->agents;
}

enum ff_err ff_hit_reader_create(struct ff_hit_reader **out, int fd, const char *name,
                                 size_t n_seats, struct ff_hit_stream_header *header,
                                 struct ff_fault *fault)
{
    *out = NULL;
    struct ff_hit_reader *r = calloc(1, sizeof *r);
    if (!r)
        return ff_fault_nomem(fault);
    r->fd = fd;
    r->name = name;
    r->fault_at = UINT64_MAX;
    pthread_mutex_init(&r->lock, NULL);
    ff_arena_init(&r->arena, (size_t)64 << 10, FF_STREAM_AGENT_BYTES);
    enum ff_err err = begin(r, n_seats) ? FF_OK : ff_fault_nomem(fault);
    if (!err)
        err = open_seat(r, 0, fault);
    if (!err)
        err = read_header(r, header, fault);
    if (err) {
        ff_hit_reader_destroy(r);
        return err;
    }
    *out = r;
    return FF_OK;
}

void ff_hit_reader_destroy(struct ff_hit_reader *r)
{
    if (!r)
        return;
    for (size_t i = 0; r->seats && i < r->n_seats; i++)
        ff_wipe_free(r->seats[i], sizeof *r->seats[i]);
    free(r->seats);
    free(r->agents);
    ff_arena_clear(&r->arena);
    pthread_mutex_destroy(&r->lock);
    free(r);
}
