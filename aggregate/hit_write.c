/* The hit stream, written: hit_stream.cddl in C. Each reader's hits are gathered apart,
 * and a frame goes out whole, in one write. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "footfall/rollup.h"
#include "footfall/wipe.h"
#include "hit_gather.h"

/* Where an agent's number is looked for by its address: among all, and first among
 * those that a reader has met last. */
#define AGENT_SLOTS ((size_t)2 << 16)
#define AGENT_MEMO  ((size_t)2048)

struct agent_slot {
    const struct ff_agent *agent;
    uint16_t number;
};

struct gathering {
    struct ff_hit_gather frame;
    struct agent_slot memo[AGENT_MEMO];
};

struct seat {
    pthread_mutex_t lock;        /* taken before the writer's */
    struct gathering *gathering; /* NULL until the reader gives its first hits */
};

struct ff_hit_writer {
    int fd;
    struct seat *seats;
    size_t n_seats;
    pthread_mutex_t lock; /* of all that follows, and of who writes */
    uint32_t n_agents, n_untold;
    struct ff_cbor_writer
        untold; /* agents that have a number and are not written yet */
    struct ff_cbor_writer item;
    struct agent_slot slots[AGENT_SLOTS];
};

static enum ff_err write_all(int fd, struct ff_span bytes, struct ff_fault *fault)
{
    if (!bytes.data)
        return ff_fault_nomem(fault);
    while (bytes.len) {
        const ssize_t n = write(fd, bytes.data, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ff_fault_set(fault, FF_ERR_IO, "hits cannot be written: %s",
                                errno == EPIPE ? "whoever takes them is gone"
                                               : strerror(errno));
        bytes.data += n;
        bytes.len -= (size_t)n;
    }
    return FF_OK;
}

/* Begins an item of the writer's own, with the lock. */
static struct ff_cbor_writer *begin_item(struct ff_hit_writer *w, size_t fields,
                                         enum ff_stream_kind kind)
{
    ff_stream_item_begin(&w->item);
    ff_cbor_put_array(&w->item, fields);
    ff_cbor_put_uint(&w->item, kind);
    return &w->item;
}

static enum ff_err write_item(struct ff_hit_writer *w, struct ff_fault *fault)
{
    return write_all(w->fd, ff_stream_item_end(&w->item), fault);
}

static enum ff_err write_header(struct ff_hit_writer *w,
                                const struct ff_hit_stream_header *header,
                                struct ff_fault *fault)
{
    struct ff_cbor_writer *item = &w->item;
    ff_stream_item_begin(item);
    ff_cbor_put_tag(item, FF_STREAM_TAG_CBOR);
    ff_cbor_put_array(item, FF_STREAM_HEADER);
    ff_cbor_put_text(item, FF_SPAN(FF_STREAM_NAME));
    ff_cbor_put_uint(item, FF_HIT_STREAM_VERSION);
    ff_cbor_put_uint(item, FF_RULES_VERSION);
    ff_cbor_put_text(item, ff_span_of(header->site));
    ff_cbor_put_uint(item, header->grain);
    ff_cbor_put_text(item, ff_span_of(header->zone));
    if (header->begins == INT64_MAX)
        ff_cbor_put_null(item);
    else
        ff_cbor_put_int(item, header->begins);
    return write_item(w, fault);
}

static bool open_seats(struct ff_hit_writer *w, size_t n)
{
    w->seats = calloc(n, sizeof *w->seats);
    w->n_seats = w->seats ? n : 0;
    for (size_t i = 0; i < w->n_seats; i++)
        pthread_mutex_init(&w->seats[i].lock, NULL);
    return w->seats != NULL;
}

enum ff_err ff_hit_writer_create(struct ff_hit_writer **out, int fd, size_t n_readers,
                                 const struct ff_hit_stream_header *header,
                                 struct ff_fault *fault)
{
    *out = NULL;
    struct ff_hit_writer *w = calloc(1, sizeof *w);
    if (!w)
        return ff_fault_nomem(fault);
    w->fd = fd;
    pthread_mutex_init(&w->lock, NULL);
    const bool has_room = ff_stream_item_init(&w->untold) &&
                          ff_stream_item_init(&w->item) && open_seats(w, n_readers);
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
    for (size_t i = 0; i < w->n_seats; i++) {
        struct gathering *gathering = w->seats[i].gathering;
        if (gathering)
            ff_hit_gather_clear(&gathering->frame);
        free(gathering);
        pthread_mutex_destroy(&w->seats[i].lock);
    }
    free(w->seats);
    free(w->untold.bytes);
    free(w->item.bytes);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

/* ---- agents, with the lock ---- */

static void put_agent(struct ff_cbor_writer *out, const struct ff_agent *agent)
{
    const struct ff_span texts[FF_STREAM_AGENT_TEXTS] = { agent->family, agent->browser,
                                                          agent->system, agent->device,
                                                          agent->name,   agent->run_by,
                                                          agent->purpose };
    ff_cbor_put_array(out, 1 + FF_STREAM_AGENT_TEXTS);
    ff_cbor_put_uint(out, agent->robot);
    for (size_t i = 0; i < FF_STREAM_AGENT_TEXTS; i++)
        ff_cbor_put_bytes(out, texts[i].data, ff_stream_cut(texts[i]).len);
}

/* Before any frame that names one of them. */
static enum ff_err tell_agents(struct ff_hit_writer *w, struct ff_fault *fault)
{
    if (w->n_untold == 0)
        return FF_OK;
    struct ff_cbor_writer *item =
        begin_item(w, FF_STREAM_TELLS_FIELDS, FF_STREAM_TELLS_AGENTS);
    item->is_out = item->is_out || w->untold.is_out;
    ff_cbor_put_array(item, w->n_untold);
    ff_cbor_put_raw(item, w->untold.bytes, w->untold.len);
    w->untold.len = w->n_untold = 0;
    return write_item(w, fault);
}

static size_t hash_of(const struct ff_agent *agent)
{
    return ((uintptr_t)agent >> 4) * 0x9E3779B97F4A7C15u >> 32;
}

/* An agent is known by its address: equal ones have the same. */
static enum ff_err number_anew(struct ff_hit_writer *w, const struct ff_agent *agent,
                               uint16_t *number, struct ff_fault *fault)
{
    size_t at = hash_of(agent);
    struct agent_slot *slot;
    while ((slot = &w->slots[at++ % AGENT_SLOTS])->agent) {
        if (slot->agent != agent)
            continue;
        *number = slot->number;
        return FF_OK;
    }
    if (w->untold.len + FF_STREAM_AGENT_MOST > FF_STREAM_ITEM_MAX)
        FF_TRY(tell_agents(w, fault));
    assert(w->n_agents < FF_STREAM_AGENTS);
    *slot = (struct agent_slot) { agent, (uint16_t)++w->n_agents };
    put_agent(&w->untold, agent);
    w->n_untold++;
    *number = slot->number;
    return FF_OK;
}

/* ---- hits, with the seat's lock ---- */

static enum ff_err number_of_agent(struct ff_hit_writer *w, struct gathering *gathering,
                                   const struct ff_agent *agent, uint16_t *number,
                                   struct ff_fault *fault)
{
    struct agent_slot *known = &gathering->memo[hash_of(agent) % AGENT_MEMO];
    if (known->agent != agent) {
        pthread_mutex_lock(&w->lock);
        const enum ff_err err = number_anew(w, agent, &known->number, fault);
        pthread_mutex_unlock(&w->lock);
        known->agent = err ? NULL : agent;
        FF_TRY(err);
    }
    *number = known->number;
    return FF_OK;
}

static enum ff_err write_frame(struct ff_hit_writer *w, struct gathering *gathering,
                               struct ff_fault *fault)
{
    const struct ff_span frame = ff_hit_gather_take(&gathering->frame);
    pthread_mutex_lock(&w->lock);
    enum ff_err err = tell_agents(w, fault);
    if (!err)
        err = write_all(w->fd, frame, fault);
    pthread_mutex_unlock(&w->lock);
    return err;
}

static enum ff_err begin_gathering(struct ff_hit_writer *w, size_t reader,
                                   struct ff_fault *fault)
{
    struct seat *seat = &w->seats[reader];
    if (seat->gathering)
        return FF_OK;
    struct gathering *gathering = calloc(1, sizeof *gathering);
    if (!gathering)
        return ff_fault_nomem(fault);
    seat->gathering = gathering;
    return ff_hit_gather_init(&gathering->frame, (uint32_t)reader, (uint32_t)w->n_seats)
               ? FF_OK
               : ff_fault_nomem(fault);
}

static enum ff_err add(struct ff_hit_writer *w, size_t reader,
                       const struct ff_hit *hits, size_t n, struct ff_fault *fault)
{
    FF_TRY(begin_gathering(w, reader, fault));
    struct gathering *gathering = w->seats[reader].gathering;
    for (size_t i = 0; i < n; i++) {
        uint16_t agent = 0;
        if (hits[i].agent)
            FF_TRY(number_of_agent(w, gathering, hits[i].agent, &agent, fault));
        ff_hit_gather_add(&gathering->frame, &hits[i], agent);
        if (ff_hit_gather_is_full(&gathering->frame))
            FF_TRY(write_frame(w, gathering, fault));
    }
    return FF_OK;
}

enum ff_err ff_hit_writer_add(struct ff_hit_writer *w, size_t reader,
                              const struct ff_hit *hits, size_t n,
                              struct ff_fault *fault)
{
    assert(reader < w->n_seats);
    pthread_mutex_lock(&w->seats[reader].lock);
    const enum ff_err err = add(w, reader, hits, n, fault);
    pthread_mutex_unlock(&w->seats[reader].lock);
    return err;
}

enum ff_err ff_hit_writer_flush(struct ff_hit_writer *w, struct ff_fault *fault)
{
    enum ff_err err = FF_OK;
    for (size_t i = 0; !err && i < w->n_seats; i++) {
        struct seat *seat = &w->seats[i];
        pthread_mutex_lock(&seat->lock);
        if (seat->gathering && seat->gathering->frame.n)
            err = write_frame(w, seat->gathering, fault);
        pthread_mutex_unlock(&seat->lock);
    }
    return err;
}

enum ff_err ff_hit_writer_settle(struct ff_hit_writer *w, int64_t time,
                                 struct ff_fault *fault)
{
    FF_TRY(ff_hit_writer_flush(w, fault));
    ff_cbor_put_int(begin_item(w, FF_STREAM_SETTLED_FIELDS, FF_STREAM_SETTLED), time);
    return write_item(w, fault);
}

enum ff_err ff_hit_writer_end(struct ff_hit_writer *w,
                              const struct ff_hit_stream_trailer *trailer,
                              struct ff_fault *fault)
{
    const uint64_t counts[FF_STREAM_TRAILER_COUNTS] = {
        trailer->malformed, trailer->blank, trailer->excluded, trailer->duplicates
    };
    FF_TRY(ff_hit_writer_flush(w, fault));
    struct ff_cbor_writer *item =
        begin_item(w, FF_STREAM_TRAILER_FIELDS, FF_STREAM_TRAILER);
    for (size_t i = 0; i < FF_STREAM_TRAILER_COUNTS; i++)
        ff_cbor_put_uint(item, counts[i]);
    ff_cbor_put_flag(item, trailer->needs_a_look);
    return write_item(w, fault);
}
