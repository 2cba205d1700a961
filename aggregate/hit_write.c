/* The hit stream, written: hit_stream.cddl in C. A frame is gathered by columns and
 * goes out whole, in one write. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cbor_writer.h"
#include "footfall/rollup.h"
#include "footfall/wipe.h"
#include "hit_stream_form.h"

/* Where an agent's number is looked for by its address. */
#define AGENT_SLOTS (2 * FF_STREAM_AGENTS)

struct agent_slot {
    const struct ff_agent *agent;
    uint32_t number;
};
struct key_slot {
    uint32_t number, text, frame;
};

struct ff_hit_writer {
    int fd;
    uint32_t frame; /* its number, from 1 */
    uint32_t n, n_texts, n_origins, n_new_agents, n_agents;
    uint32_t within; /* the origin that is the site itself, once it has a number */
    /* The frame's parts as they are gathered, then all of it, then the same in its
     * bytes. None has to grow, so that nothing with tokens is left behind. */
    struct ff_cbor_writer texts, origins, agents, item, out;
    struct agent_slot slots[AGENT_SLOTS];
    struct key_slot keys[FF_WORD_NUMBERS];
    struct ff_stream_columns columns;
};

static enum ff_err write_all(int fd, const unsigned char *bytes, size_t len,
                             struct ff_fault *fault)
{
    while (len) {
        const ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ff_fault_set(fault, FF_ERR_IO, "hits cannot be written: %s",
                                errno == EPIPE ? "whoever takes them is gone"
                                               : strerror(errno));
        bytes += n;
        len -= (size_t)n;
    }
    return FF_OK;
}

/* Writes the item that was put together. */
static enum ff_err write_item(struct ff_hit_writer *w, struct ff_fault *fault)
{
    w->out.len = 0;
    ff_cbor_put_tag(&w->out, FF_STREAM_TAG_ITEM);
    ff_cbor_put_bytes(&w->out, w->item.bytes, w->item.len);
    if (w->item.is_out || w->out.is_out)
        return ff_fault_nomem(fault);
    return write_all(w->fd, w->out.bytes, w->out.len, fault);
}

static void put_time(struct ff_cbor_writer *w, int64_t time, int64_t unknown)
{
    if (time == unknown)
        ff_cbor_put_null(w);
    else
        ff_cbor_put_int(w, time);
}

static enum ff_err write_header(struct ff_hit_writer *w,
                                const struct ff_hit_stream_header *header,
                                struct ff_fault *fault)
{
    struct ff_cbor_writer *item = &w->item;
    ff_cbor_put_tag(item, FF_STREAM_TAG_CBOR);
    ff_cbor_put_array(item, FF_STREAM_HEADER);
    ff_cbor_put_text(item, FF_SPAN(FF_STREAM_NAME));
    ff_cbor_put_uint(item, FF_HIT_STREAM_VERSION);
    ff_cbor_put_uint(item, FF_RULES_VERSION);
    ff_cbor_put_text(item, ff_span_of(header->site));
    ff_cbor_put_uint(item, header->grain);
    ff_cbor_put_text(item, ff_span_of(header->zone));
    put_time(item, header->begins, INT64_MAX);
    return write_item(w, fault);
}

enum ff_err ff_hit_writer_create(struct ff_hit_writer **out, int fd,
                                 const struct ff_hit_stream_header *header,
                                 struct ff_fault *fault)
{
    *out = NULL;
    struct ff_hit_writer *w = calloc(1, sizeof *w);
    if (!w)
        return ff_fault_nomem(fault);
    w->fd = fd;
    w->frame = 1;
    struct ff_cbor_writer *const parts[] = { &w->texts, &w->origins, &w->agents,
                                             &w->item, &w->out };
    bool has_room = true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        parts[i]->most = FF_STREAM_ITEM_MAX;
        has_room = ff_cbor_reserve(parts[i], FF_STREAM_ITEM_MAX + 4096) && has_room;
    }
    const enum ff_err err =
        has_room ? write_header(w, header, fault) : ff_fault_nomem(fault);
    if (err) {
        ff_hit_writer_destroy(w);
        return err;
    }
    *out = w;
    return FF_OK;
}

void ff_hit_writer_destroy(struct ff_hit_writer *w)
{
    if (!w)
        return;
    free(w->texts.bytes);
    free(w->origins.bytes);
    free(w->agents.bytes);
    if (w->item.bytes)
        ff_wipe_free(w->item.bytes, w->item.cap);
    if (w->out.bytes)
        ff_wipe_free(w->out.bytes, w->out.cap);
    ff_wipe_free(w, sizeof *w);
}

/* ---- what hits name ---- */

static struct ff_span cut(struct ff_span text)
{
    if (text.len > FF_STREAM_TEXT)
        text.len = FF_STREAM_TEXT;
    return text;
}

static uint32_t put_text(struct ff_hit_writer *w, struct ff_span text)
{
    if (text.len == 0)
        return 0;
    text = cut(text);
    ff_cbor_put_bytes(&w->texts, text.data, text.len);
    return ++w->n_texts;
}

static uint32_t put_key(struct ff_hit_writer *w, const struct ff_hit *hit)
{
    struct key_slot *slot = &w->keys[hit->key_number % FF_WORD_NUMBERS];
    if (hit->key_number == 0)
        return put_text(w, hit->key);
    if (slot->number != hit->key_number || slot->frame != w->frame)
        *slot = (struct key_slot) { hit->key_number, put_text(w, hit->key), w->frame };
    return slot->text;
}

static uint32_t put_origin(struct ff_hit_writer *w, const struct ff_origin *origin)
{
    if (!origin || origin->channel == FF_DIRECT)
        return 0;
    const bool is_within = origin->channel == FF_INTERNAL;
    if (is_within && w->within)
        return w->within;
    ff_cbor_put_array(&w->origins, 5);
    ff_cbor_put_uint(&w->origins, origin->channel);
    ff_cbor_put_uint(&w->origins, put_text(w, origin->name));
    ff_cbor_put_uint(&w->origins, put_text(w, origin->medium));
    ff_cbor_put_uint(&w->origins, put_text(w, origin->campaign));
    ff_cbor_put_uint(&w->origins, put_text(w, origin->term));
    w->n_origins++;
    if (is_within)
        w->within = w->n_origins;
    return w->n_origins;
}

static void put_agent(struct ff_hit_writer *w, const struct ff_agent *agent)
{
    const struct ff_span texts[] = { agent->family, agent->browser, agent->system,
                                     agent->device, agent->name,    agent->run_by,
                                     agent->purpose };
    ff_cbor_put_array(&w->agents, 8);
    ff_cbor_put_uint(&w->agents, agent->robot);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ff_cbor_put_bytes(&w->agents, texts[i].data, cut(texts[i]).len);
    w->n_new_agents++;
}

/* An agent is known by its address: equal ones have the same. */
static uint32_t number_of_agent(struct ff_hit_writer *w, const struct ff_agent *agent)
{
    if (!agent)
        return 0;
    size_t at = ((uintptr_t)agent >> 4) * 0x9E3779B97F4A7C15u >> 32;
    struct agent_slot *slot;
    while ((slot = &w->slots[at++ % AGENT_SLOTS])->agent)
        if (slot->agent == agent)
            return slot->number;
    assert(w->n_agents < FF_STREAM_AGENTS);
    *slot = (struct agent_slot) { agent, ++w->n_agents };
    put_agent(w, agent);
    return slot->number;
}

/* ---- frames ---- */

static void put_columns(struct ff_hit_writer *w)
{
    for (size_t i = 0; i < FF_STREAM_COLUMNS; i++) {
        const struct ff_stream_column *column = &ff_stream_columns[i];
        ff_cbor_put_tag(&w->item, column->tag);
        ff_cbor_put_bytes(&w->item, (unsigned char *)&w->columns + column->offset,
                          (size_t)w->n * column->size);
    }
}

static enum ff_err write_frame(struct ff_hit_writer *w, int64_t settled,
                               struct ff_fault *fault)
{
    struct ff_cbor_writer *item = &w->item;
    const bool is_out = w->texts.is_out || w->origins.is_out || w->agents.is_out;
    item->len = 0;
    item->is_out = item->is_out || is_out;
    ff_cbor_put_array(item, 5 + FF_STREAM_COLUMNS);
    put_time(item, settled, INT64_MIN);
    ff_cbor_put_array(item, w->n_texts);
    ff_cbor_put_raw(item, w->texts.bytes, w->texts.len);
    ff_cbor_put_array(item, w->n_new_agents);
    ff_cbor_put_raw(item, w->agents.bytes, w->agents.len);
    ff_cbor_put_array(item, w->n_origins);
    ff_cbor_put_raw(item, w->origins.bytes, w->origins.len);
    ff_cbor_put_uint(item, w->n);
    put_columns(w);
    w->texts.len = w->agents.len = w->origins.len = 0;
    w->n = w->n_texts = w->n_new_agents = w->n_origins = w->within = 0;
    w->frame++;
    return write_item(w, fault);
}

static void put_hit(struct ff_hit_writer *w, const struct ff_hit *hit)
{
    struct ff_stream_columns *c = &w->columns;
    const uint32_t i = w->n++;
    c->time[i] = hit->time;
    c->order[i] = hit->order;
    c->net[i] = hit->net;
    c->visitor[i] = hit->visitor;
    c->bytes[i] = hit->bytes;
    c->agent[i] = number_of_agent(w, hit->agent);
    c->origin[i] = put_origin(w, hit->origin);
    c->key[i] = put_key(w, hit);
    c->key_number[i] = hit->key_number;
    c->term[i] = put_text(w, hit->term);
    c->lines[i] = hit->lines;
    c->status[i] = hit->status;
    c->country[i] = hit->country;
    c->language[i] = hit->language;
    c->kind[i] = hit->kind;
    c->method[i] = hit->method;
    c->response[i] = hit->response_time;
    c->flags[i] = (uint8_t)((hit->is_search ? FF_STREAM_SEARCH : 0) |
                            (hit->is_robots_txt ? FF_STREAM_ROBOTS_TXT : 0) |
                            (hit->has_client ? FF_STREAM_CLIENT : 0));
}

enum ff_err ff_hit_writer_add(struct ff_hit_writer *w, const struct ff_hit *hits,
                              size_t n, struct ff_fault *fault)
{
    for (size_t i = 0; i < n; i++) {
        put_hit(w, &hits[i]);
        const size_t texts = w->texts.len + w->agents.len + w->origins.len;
        if (w->n == FF_STREAM_HITS || texts + FF_STREAM_HIT_MOST > FF_STREAM_TEXTS)
            FF_TRY(write_frame(w, INT64_MIN, fault));
    }
    return FF_OK;
}

enum ff_err ff_hit_writer_flush(struct ff_hit_writer *w, struct ff_fault *fault)
{
    return w->n ? write_frame(w, INT64_MIN, fault) : FF_OK;
}

enum ff_err ff_hit_writer_settle(struct ff_hit_writer *w, int64_t time,
                                 struct ff_fault *fault)
{
    return write_frame(w, time, fault);
}

enum ff_err ff_hit_writer_end(struct ff_hit_writer *w,
                              const struct ff_hit_stream_trailer *trailer,
                              struct ff_fault *fault)
{
    const uint64_t counts[] = { trailer->malformed, trailer->blank, trailer->excluded,
                                trailer->duplicates };
    const size_t n = sizeof counts / sizeof *counts;
    FF_TRY(ff_hit_writer_flush(w, fault));
    w->item.len = 0;
    ff_cbor_put_map(&w->item, n + 1);
    for (size_t i = 0; i < n; i++) {
        ff_cbor_put_uint(&w->item, i);
        ff_cbor_put_uint(&w->item, counts[i]);
    }
    ff_cbor_put_uint(&w->item, n);
    ff_cbor_put_flag(&w->item, trailer->needs_a_look);
    return write_item(w, fault);
}
