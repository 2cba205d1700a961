/* A frame of the hit stream as it is gathered by one thread, column by column, and then
 * put into its bytes. */
#ifndef FF_HIT_GATHER_H
#define FF_HIT_GATHER_H

#include "cbor_writer.h"
#include "hit_stream_form.h"

/* The place in this frame of what has a number: a key's text, an origin. */
struct ff_gathered_word {
    uint32_t number, place, frame;
};

/* Owned by whoever holds it; begun with zeros by ff_hit_gather_init, wiped and freed by
 * ff_hit_gather_clear. Not for threads to share without a lock. */
struct ff_hit_gather {
    uint32_t reader, n_readers;
    uint32_t frame; /* from 1: which one it is */
    uint32_t n, n_texts, n_origins;
    uint16_t within;      /* the origin that is the site itself, once it has a number */
    unsigned char *texts; /* one behind the other, in FF_STREAM_TEXT_BYTES */
    size_t texts_len;
    struct ff_cbor_writer item; /* never grows: nothing with tokens is left behind */
    struct ff_gathered_word keys[FF_WORD_NUMBERS], origins[FF_WORD_NUMBERS];
    struct ff_stream_columns columns;
};

/* Of the hits of `reader`, one of `n_readers` whose words are numbered apart. False
 * when memory ran out. */
bool ff_hit_gather_init(struct ff_hit_gather *gather, uint32_t reader,
                        uint32_t n_readers);
void ff_hit_gather_clear(struct ff_hit_gather *gather);

/* Adds a hit of an agent that has this number. There is room: see ff_hit_gather_full.
 */
void ff_hit_gather_add(struct ff_hit_gather *gather, const struct ff_hit *hit,
                       uint16_t agent);

/* Whether there may be no room for another hit. */
bool ff_hit_gather_is_full(const struct ff_hit_gather *gather);

/* Puts the frame into the bytes of an item (ff_stream_item), valid until the next hit
 * is added, and begins another. NULL in the span: memory ran out. */
struct ff_span ff_hit_gather_take(struct ff_hit_gather *gather);

/* An item is put together behind room for its head. */
void ff_stream_item_begin(struct ff_cbor_writer *item);
/* The item with its head, borrowed; NULL when memory ran out. */
struct ff_span ff_stream_item_end(struct ff_cbor_writer *item);
/* Room for the largest item, so that it never grows; false when memory ran out. */
bool ff_stream_item_init(struct ff_cbor_writer *item);

/* A text is cut at what the stream takes. */
static inline struct ff_span ff_stream_cut(struct ff_span text)
{
    if (text.len > FF_STREAM_TEXT)
        text.len = FF_STREAM_TEXT;
    return text;
}

#endif
