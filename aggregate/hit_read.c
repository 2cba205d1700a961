/* The hit stream, read. Nobody says that it comes from us: an item is read whole,
 * within a bound, and each value is one that a hit can have before the hit is handed
 * out. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cbor_expect.h"
#include "footfall/arena.h"
#include "footfall/rollup.h"
#include "footfall/tables.h"
#include "hit_stream_form.h"

/* The years 1 to 9999, a day off at each end, so that any zone's are in them. */
#define FIRST_TIME (-62135596800 + FF_DAY_SECONDS)
#define LAST_TIME  (253402300799 - FF_DAY_SECONDS)
#define TEXTS_MOST (FF_STREAM_HITS * FF_STREAM_OF_HIT)

struct ff_hit_reader {
    int fd;
    const char *name;
    uint64_t at; /* bytes of the stream that are read */
    struct ff_arena arena;
    const struct ff_agent **agents; /* by number; 0 is none */
    uint32_t n_agents;
    uint32_t n_texts, n_origins, n_hits; /* of the frame */
    struct ff_hit_stream_trailer trailer;
    unsigned char item[FF_STREAM_ITEM_MAX];
    struct ff_span texts[TEXTS_MOST + 1];
    struct ff_origin origins[FF_STREAM_HITS + 1];
    struct ff_stream_columns columns;
    struct ff_hit hits[FF_STREAM_HITS];
};

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
static enum ff_err read_item(struct ff_hit_reader *r, struct ff_cbor_cursor *out,
                             struct ff_fault *fault)
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
        .bytes = r->item, .len = len, .name = r->name, .fault = fault
    };
    return read_all(r, r->item, len, fault);
}

static enum ff_err expect_end(struct ff_cbor_cursor *c)
{
    return ff_cbor_left(c) ? ff_cbor_fault(c, c->at, "more than there should be")
                           : FF_OK;
}

/* ---- header and trailer ---- */

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

/* A time, or null for what is not known. */
static enum ff_err expect_time(struct ff_cbor_cursor *c, const char *what, int64_t *out)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_next(c, &item));
    if (item.type == FF_CBOR_NULL)
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
    FF_TRY(read_item(r, &c, fault));
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
    FF_TRY(expect_time(&c, "beginning", &header->begins));
    return expect_end(&c);
}

static enum ff_err read_trailer(struct ff_hit_reader *r, struct ff_cbor_cursor *c)
{
    struct ff_hit_stream_trailer *t = &r->trailer;
    uint64_t *const counts[] = { &t->malformed, &t->blank, &t->excluded,
                                 &t->duplicates };
    const size_t n = sizeof counts / sizeof *counts;
    FF_TRY(ff_cbor_expect_start(c, FF_CBOR_MAP, "trailer", n + 1));
    for (size_t i = 0; i < n; i++) {
        FF_TRY(ff_cbor_expect_key(c, "trailer", i));
        FF_TRY(ff_cbor_expect_count(c, "trailer", counts[i]));
        /* So that sums of some of them fit. */
        if (*counts[i] >> 60)
            return ff_cbor_fault(c, c->at, "trailer: so many lines there are not");
    }
    FF_TRY(ff_cbor_expect_key(c, "trailer", n));
    FF_TRY(ff_cbor_expect_flag(c, "trailer", &t->needs_a_look));
    return expect_end(c);
}

/* ---- what hits name ---- */

static enum ff_err expect_list(struct ff_cbor_cursor *c, const char *what, size_t most,
                               uint32_t *n)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_ARRAY, what, &item));
    if (item.value > most)
        return ff_cbor_fault(c, item.at, "%s: too many", what);
    *n = (uint32_t)item.value;
    return FF_OK;
}

static enum ff_err expect_text(struct ff_cbor_cursor *c, const char *what,
                               struct ff_span *out)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_BYTES, what, &item));
    if (item.text.len > FF_STREAM_TEXT)
        return ff_cbor_fault(c, item.at, "%s: longer than any", what);
    *out = item.text;
    return FF_OK;
}

static enum ff_err read_texts(struct ff_hit_reader *r, struct ff_cbor_cursor *c)
{
    FF_TRY(expect_list(c, "texts", TEXTS_MOST, &r->n_texts));
    for (uint32_t i = 1; i <= r->n_texts; i++)
        FF_TRY(expect_text(c, "text", &r->texts[i]));
    return FF_OK;
}

static enum ff_err read_agent(struct ff_hit_reader *r, struct ff_cbor_cursor *c)
{
    struct ff_agent *agent = FF_ARENA_NEW(&r->arena, struct ff_agent, 1);
    uint32_t robot;
    if (!agent)
        return ff_cbor_fault(c, c->at, "agents: too many");
    struct ff_span *const texts[] = { &agent->family, &agent->browser, &agent->system,
                                      &agent->device, &agent->name,    &agent->run_by,
                                      &agent->purpose };
    const size_t n = sizeof texts / sizeof *texts;
    FF_TRY(ff_cbor_expect_start(c, FF_CBOR_ARRAY, "agent", n + 1));
    FF_TRY(ff_cbor_expect_number(c, "agent", FF_HUMAN, FF_ROBOT_AI, &robot));
    agent->robot = (enum ff_robot)robot;
    for (size_t i = 0; i < n; i++) {
        struct ff_span text = { "", 0 };
        FF_TRY(expect_text(c, "agent", &text));
        /* Robots are named in the rollup without a threshold. */
        if (!ff_rollup_is_text(text))
            return ff_cbor_fault(c, c->at, "agent: no name");
        *texts[i] = ff_arena_copy(&r->arena, text);
        if (!texts[i]->data)
            return ff_cbor_fault(c, c->at, "agents: too many");
    }
    r->agents[++r->n_agents] = agent;
    return FF_OK;
}

static enum ff_err read_agents(struct ff_hit_reader *r, struct ff_cbor_cursor *c)
{
    uint32_t n = 0;
    FF_TRY(expect_list(c, "agents", FF_STREAM_AGENTS - r->n_agents, &n));
    for (uint32_t i = 0; i < n; i++)
        FF_TRY(read_agent(r, c));
    return FF_OK;
}

static enum ff_err read_origin(struct ff_hit_reader *r, struct ff_cbor_cursor *c,
                               struct ff_origin *origin)
{
    struct ff_span *const parts[] = { &origin->name, &origin->medium, &origin->campaign,
                                      &origin->term };
    uint32_t number;
    FF_TRY(ff_cbor_expect_start(c, FF_CBOR_ARRAY, "origin", 5));
    FF_TRY(ff_cbor_expect_number(c, "origin", FF_DIRECT, FF_CHANNELS - 1, &number));
    origin->channel = (enum ff_channel)number;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        FF_TRY(ff_cbor_expect_number(c, "origin", 0, r->n_texts, &number));
        *parts[i] = r->texts[number];
    }
    return FF_OK;
}

static enum ff_err read_origins(struct ff_hit_reader *r, struct ff_cbor_cursor *c)
{
    FF_TRY(expect_list(c, "origins", FF_STREAM_HITS, &r->n_origins));
    for (uint32_t i = 1; i <= r->n_origins; i++)
        FF_TRY(read_origin(r, c, &r->origins[i]));
    return FF_OK;
}

/* ---- hits ---- */

static enum ff_err read_columns(struct ff_hit_reader *r, struct ff_cbor_cursor *c)
{
    FF_TRY(ff_cbor_expect_number(c, "hits", 0, FF_STREAM_HITS, &r->n_hits));
    for (size_t i = 0; i < FF_STREAM_COLUMNS; i++) {
        const struct ff_stream_column *column = &ff_stream_columns[i];
        const size_t len = (size_t)r->n_hits * column->size;
        struct ff_cbor_item item;
        FF_TRY(ff_cbor_expect(c, FF_CBOR_TAG, column->name, &item));
        if (item.value != column->tag)
            return ff_cbor_fault(c, item.at, "%s: not of its type", column->name);
        FF_TRY(ff_cbor_expect(c, FF_CBOR_BYTES, column->name, &item));
        if (item.text.len != len)
            return ff_cbor_fault(c, item.at, "%s: not as many as there are hits",
                                 column->name);
        if (len)
            memcpy((unsigned char *)&r->columns + column->offset, item.text.data, len);
    }
    return expect_end(c);
}

static bool is_code(uint16_t code, char first, char last)
{
    const int a = code >> 8, b = code & 255;
    return code == FF_NO_CODE || (a >= first && a <= last && b >= first && b <= last);
}

/* Whether a hit can be so. */
static bool is_hit(const struct ff_hit_reader *r, uint32_t i)
{
    const struct ff_stream_columns *c = &r->columns;
    const bool is_lines = c->kind[i] >= FF_KINDS;
    return c->time[i] >= FIRST_TIME && c->time[i] <= LAST_TIME &&
           c->order[i] >> 60 == 0 && c->bytes[i] <= INT64_MAX &&
           c->agent[i] <= r->n_agents && c->origin[i] <= r->n_origins &&
           c->key[i] <= r->n_texts && c->term[i] <= r->n_texts &&
           (is_lines ? c->lines[i] > 0 : c->lines[i] == 1) && c->status[i] < 1000 &&
           is_code(c->country[i], 'A', 'Z') && is_code(c->language[i], 'a', 'z') &&
           c->kind[i] <= FF_LINE_EXCLUDED && c->method[i] < FF_METHODS &&
           c->response[i] <= FF_RESPONSE_BUCKETS && c->flags[i] < 8;
}

static void make_hit(struct ff_hit_reader *r, uint32_t i)
{
    const struct ff_stream_columns *c = &r->columns;
    r->hits[i] = (struct ff_hit) {
        .time = c->time[i],
        .order = c->order[i],
        .net = c->net[i],
        .visitor = c->visitor[i],
        .bytes = c->bytes[i],
        .agent = r->agents[c->agent[i]],
        .origin = c->origin[i] ? &r->origins[c->origin[i]] : NULL,
        .key = r->texts[c->key[i]],
        .key_number = c->key_number[i],
        .term = r->texts[c->term[i]],
        .lines = c->lines[i],
        .status = c->status[i],
        .country = c->country[i],
        .language = c->language[i],
        .kind = c->kind[i],
        .method = c->method[i],
        .response_time = c->response[i],
        .is_search = c->flags[i] & FF_STREAM_SEARCH,
        .is_robots_txt = c->flags[i] & FF_STREAM_ROBOTS_TXT,
        .has_client = c->flags[i] & FF_STREAM_CLIENT,
    };
}

static enum ff_err read_frame(struct ff_hit_reader *r, struct ff_cbor_cursor *c,
                              struct ff_hit_frame *frame)
{
    FF_TRY(ff_cbor_expect_start(c, FF_CBOR_ARRAY, "frame", 5 + FF_STREAM_COLUMNS));
    FF_TRY(expect_time(c, "settled", &frame->settled));
    FF_TRY(read_texts(r, c));
    FF_TRY(read_agents(r, c));
    FF_TRY(read_origins(r, c));
    FF_TRY(read_columns(r, c));
    for (uint32_t i = 0; i < r->n_hits; i++) {
        if (!is_hit(r, i))
            return damaged(r, c->fault, "this frame has a hit that cannot be");
        make_hit(r, i);
    }
    frame->hits = r->hits;
    frame->n = r->n_hits;
    return FF_OK;
}

enum ff_err ff_hit_reader_next(struct ff_hit_reader *r, struct ff_hit_frame *frame,
                               struct ff_fault *fault)
{
    struct ff_cbor_cursor c;
    *frame = (struct ff_hit_frame) { .settled = INT64_MIN };
    FF_TRY(read_item(r, &c, fault));
    frame->is_end = c.len > 0 && c.bytes[0] >> 5 == FF_CBOR_MAP;
    return frame->is_end ? read_trailer(r, &c) : read_frame(r, &c, frame);
}

const struct ff_hit_stream_trailer *ff_hit_reader_trailer(const struct ff_hit_reader *r)
{
    return &r->trailer;
}

enum ff_err ff_hit_reader_create(struct ff_hit_reader **out, int fd, const char *name,
                                 struct ff_hit_stream_header *header,
                                 struct ff_fault *fault)
{
    *out = NULL;
    struct ff_hit_reader *r = calloc(1, sizeof *r);
    if (!r)
        return ff_fault_nomem(fault);
    r->fd = fd;
    r->name = name;
    ff_arena_init(&r->arena, (size_t)64 << 10, FF_STREAM_AGENT_BYTES);
    r->agents = calloc(FF_STREAM_AGENTS + 1, sizeof *r->agents);
    const enum ff_err err =
        r->agents ? read_header(r, header, fault) : ff_fault_nomem(fault);
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
    ff_arena_clear(&r->arena);
    free(r->agents);
    ff_wipe_free(r, sizeof *r);
}
