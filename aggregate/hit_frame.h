/* A frame of the hit stream, taken apart: what its hits name, and then its hits, some
 * at a time. Each value is one that a hit can have before the hit is handed out. */
#ifndef FF_HIT_FRAME_H
#define FF_HIT_FRAME_H

#include "cbor_cursor.h"
#include "hit_stream_form.h"

/* Hits that are made at once: they stay in the processor's first cache. */
#define FF_FRAME_HITS 128

struct ff_frame_text {
    const char *data;
    uint32_t len;
    uint32_t number; /* of a key; 0: none */
};

/* A column's values, in the item; or one that stands for all of them. */
struct ff_frame_column {
    const unsigned char *values; /* not aligned */
    bool is_one;
    uint32_t one;
    unsigned char same[FF_FRAME_HITS * sizeof(uint32_t)]; /* as many as are looked at */
};

/* Large; begins with zeros. Borrows the item that it was read from and the agents. */
struct ff_hit_frame {
    const char *name;                     /* of the stream */
    uint64_t begin;                       /* where the item is in it */
    const struct ff_agent *const *agents; /* by number; 0 is none */
    uint32_t n_agents;                    /* that were told before */
    uint32_t n_texts, n_origins;
    uint32_t n, at; /* hits, and those of them that were made */
    struct ff_frame_text texts[FF_STREAM_TEXTS_MOST + 1];
    struct ff_origin origins[FF_STREAM_HITS + 1];
    struct ff_frame_column columns[FF_STREAM_COLUMNS];
    struct ff_hit hits[FF_FRAME_HITS];
};

/* Reads on behind the kind; afterwards all its hits are such as can be. FF_ERR_DATA. */
FF_MUST_USE enum ff_err ff_hit_frame_read(struct ff_hit_frame *frame,
                                          struct ff_cbor_cursor *cursor);

/* The frame's next hits, valid until the next call; 0 of them behind the last. */
size_t ff_hit_frame_next(struct ff_hit_frame *frame, const struct ff_hit **hits);

#endif
