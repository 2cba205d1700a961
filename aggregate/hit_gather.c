#include "hit_gather.h"

#include <stdlib.h>

#include "footfall/wipe.h"

/* ---- items ---- */

/* Tag 24 and the head of a byte string. */
enum { HEAD_ROOM = 16 };

bool ff_stream_item_init(struct ff_cbor_writer *item)
{
    item->most = FF_STREAM_ITEM_MAX;
    return ff_cbor_reserve(item, HEAD_ROOM + FF_STREAM_ITEM_MAX);
}

void ff_stream_item_begin(struct ff_cbor_writer *item)
{
    item->len = HEAD_ROOM;
}

struct ff_span ff_stream_item_end(struct ff_cbor_writer *item)
{
    unsigned char room[2 * HEAD_ROOM];
    struct ff_cbor_writer head = { .bytes = room, .cap = sizeof room };
    const size_t len = item->len - HEAD_ROOM;
    if (item->is_out || len > FF_STREAM_ITEM_MAX)
        return (struct ff_span) { NULL, 0 };
    ff_cbor_put_tag(&head, FF_STREAM_TAG_ITEM);
    ff_cbor_put_bytes_head(&head, len);
    assert(head.len <= HEAD_ROOM);
    unsigned char *begin = item->bytes + HEAD_ROOM - head.len;
    memcpy(begin, room, head.len);
    return (struct ff_span) { (const char *)begin, head.len + len };
}

/* ---- what hits name ---- */

bool ff_hit_gather_init(struct ff_hit_gather *g, uint32_t reader, uint32_t n_readers)
{
    g->reader = reader;
    g->n_readers = n_readers;
    g->frame = 1;
    g->texts = malloc(FF_STREAM_TEXT_BYTES);
    return g->texts && ff_stream_item_init(&g->item);
}

void ff_hit_gather_clear(struct ff_hit_gather *g)
{
    free(g->texts);
    ff_wipe_free(g->item.bytes, g->item.cap);
    ff_wipe(g, sizeof *g);
}

static uint16_t put_text(struct ff_hit_gather *g, struct ff_span text, uint32_t number)
{
    if (text.len == 0)
        return 0;
    text = ff_stream_cut(text);
    memcpy(g->texts + g->texts_len, text.data, text.len);
    g->texts_len += text.len;
    g->columns.len[g->n_texts] = (uint16_t)text.len;
    g->columns.number[g->n_texts] = number;
    return (uint16_t)++g->n_texts;
}

/* Readers number their words each for itself; in the stream no two share a number. One
 * that would be too large is left out. */
static uint32_t number_of(const struct ff_hit_gather *g, uint32_t number)
{
    const uint64_t apart = (uint64_t)number * g->n_readers + g->reader;
    return number && apart <= UINT32_MAX ? (uint32_t)apart : 0;
}

/* Where the place of what has this number is noted; *is_known says that it is. Without
 * a number it has to be put again. */
static struct ff_gathered_word *place_of(struct ff_hit_gather *g,
                                         struct ff_gathered_word *words,
                                         uint32_t number, bool *is_known)
{
    struct ff_gathered_word *word = &words[number % FF_WORD_NUMBERS];
    *is_known = number && word->number == number && word->frame == g->frame;
    word->number = number;
    word->frame = g->frame;
    return word;
}

static uint16_t put_key(struct ff_hit_gather *g, const struct ff_hit *hit)
{
    bool is_known;
    struct ff_gathered_word *word = place_of(g, g->keys, hit->key_number, &is_known);
    if (!is_known)
        word->place = put_text(g, hit->key, number_of(g, hit->key_number));
    return (uint16_t)word->place;
}

static uint16_t put_origin(struct ff_hit_gather *g, const struct ff_origin *origin)
{
    struct ff_stream_columns *c = &g->columns;
    const uint32_t i = g->n_origins++;
    c->channel[i] = (uint8_t)origin->channel;
    c->name[i] = put_text(g, origin->name, 0);
    c->medium[i] = put_text(g, origin->medium, 0);
    c->campaign[i] = put_text(g, origin->campaign, 0);
    c->origin_term[i] = put_text(g, origin->term, 0);
    c->origin_number[i] = number_of(g, origin->number);
    return (uint16_t)g->n_origins;
}

static uint16_t place_of_origin(struct ff_hit_gather *g, const struct ff_origin *origin)
{
    bool is_known;
    if (!origin || origin->channel == FF_DIRECT)
        return 0;
    if (origin->channel == FF_INTERNAL) {
        if (!g->within)
            g->within = put_origin(g, origin);
        return g->within;
    }
    struct ff_gathered_word *word = place_of(g, g->origins, origin->number, &is_known);
    if (!is_known)
        word->place = put_origin(g, origin);
    return (uint16_t)word->place;
}

/* ---- the frame ---- */

void ff_hit_gather_add(struct ff_hit_gather *g, const struct ff_hit *hit,
                       uint16_t agent)
{
    struct ff_stream_columns *c = &g->columns;
    const uint32_t i = g->n++;
    assert(i < FF_STREAM_HITS);
    c->time[i] = hit->time;
    c->order[i] = hit->order;
    c->net[i] = hit->net;
    c->visitor[i] = hit->visitor;
    c->bytes[i] = hit->bytes;
    c->agent[i] = agent;
    c->origin[i] = place_of_origin(g, hit->origin);
    c->key[i] = put_key(g, hit);
    c->term[i] = put_text(g, hit->term, 0);
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

bool ff_hit_gather_is_full(const struct ff_hit_gather *g)
{
    return g->n == FF_STREAM_HITS ||
           g->texts_len + FF_STREAM_HIT_MOST > FF_STREAM_TEXT_BYTES;
}

static void put_column(struct ff_cbor_writer *item,
                       const struct ff_stream_column *column, const void *values,
                       size_t n)
{
    if (ff_stream_is_one(values, n, column->size)) {
        uint32_t value = 0;
        memcpy(&value, values, column->size);
        ff_cbor_put_uint(item, value);
        return;
    }
    ff_cbor_put_tag(item, column->tag);
    ff_cbor_put_bytes(item, values, n * column->size);
}

/* How many, and the columns from `from` up to `to` of so many values. */
static void put_columns(struct ff_hit_gather *g, uint32_t n, enum ff_column from,
                        enum ff_column to)
{
    ff_cbor_put_uint(&g->item, n);
    for (unsigned i = from; i < to; i++) {
        const struct ff_stream_column *column = &ff_stream_columns[i];
        put_column(&g->item, column, (unsigned char *)&g->columns + column->offset, n);
    }
}

struct ff_span ff_hit_gather_take(struct ff_hit_gather *g)
{
    struct ff_cbor_writer *item = &g->item;
    ff_stream_item_begin(item);
    ff_cbor_put_array(item, FF_STREAM_FRAME_FIELDS + FF_STREAM_COLUMNS);
    ff_cbor_put_uint(item, FF_STREAM_FRAME);
    ff_cbor_put_bytes(item, g->texts, g->texts_len);
    put_columns(g, g->n_texts, FF_TEXT_LEN, FF_TEXT_COLUMNS);
    put_columns(g, g->n_origins, FF_ORIGIN_CHANNEL, FF_ORIGIN_COLUMNS);
    put_columns(g, g->n, FF_HIT_TIME, FF_STREAM_COLUMNS);
    g->texts_len = g->n = g->n_texts = g->n_origins = g->within = 0;
    g->frame++;
    return ff_stream_item_end(item);
}
