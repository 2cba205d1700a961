/* The form of the hit stream that its writer and its reader share: hit_stream.cddl's
 * numbers. */
#ifndef FF_HIT_STREAM_FORM_H
#define FF_HIT_STREAM_FORM_H

#include <assert.h>

#include "footfall/hit_stream.h"

#define FF_STREAM_TAG_ITEM 24 /* RFC 8949 3.4.5.1 */
#define FF_STREAM_TAG_CBOR 55799
#define FF_STREAM_NAME     "footfall-hits"
#define FF_STREAM_HEADER   7 /* fields */
#define FF_STREAM_HITS     4096
#define FF_STREAM_TEXT     4096 /* bytes of one */
#define FF_STREAM_ITEM_MAX ((size_t)1 << 20)

/* A frame's texts together, with their heads; one hit's at most. */
#define FF_STREAM_TEXTS ((size_t)512 << 10)
#define FF_STREAM_OF_HIT                                                               \
    13 /* its key and term, its origin's four, its agent's seven                       \
        */
#define FF_STREAM_HIT_MOST ((size_t)FF_STREAM_OF_HIT * (FF_STREAM_TEXT + 3) + 64)

/* The agents of a stream: its browsers have versions, and nobody has so many. */
#define FF_STREAM_AGENTS      65536
#define FF_STREAM_AGENT_BYTES ((size_t)32 << 20)

/* Little-endian typed arrays (RFC 8746). */
enum {
    FF_STREAM_U8 = 64,
    FF_STREAM_U16 = 69,
    FF_STREAM_U32 = 70,
    FF_STREAM_U64 = 71,
    FF_STREAM_I64 = 79,
};

enum { FF_STREAM_SEARCH = 1, FF_STREAM_ROBOTS_TXT = 2, FF_STREAM_CLIENT = 4 };

/* A frame's hits by columns, in the order they are written in; texts and origins by
 * number, 0 for none. */
struct ff_stream_columns {
    int64_t time[FF_STREAM_HITS];
    uint64_t order[FF_STREAM_HITS], net[FF_STREAM_HITS], visitor[FF_STREAM_HITS];
    uint64_t bytes[FF_STREAM_HITS];
    uint32_t agent[FF_STREAM_HITS], origin[FF_STREAM_HITS], key[FF_STREAM_HITS];
    uint32_t key_number[FF_STREAM_HITS], term[FF_STREAM_HITS], lines[FF_STREAM_HITS];
    uint16_t status[FF_STREAM_HITS], country[FF_STREAM_HITS], language[FF_STREAM_HITS];
    uint8_t kind[FF_STREAM_HITS], method[FF_STREAM_HITS], response[FF_STREAM_HITS];
    uint8_t flags[FF_STREAM_HITS];
};

/* Where each is in struct ff_stream_columns, for a loop over them. */
struct ff_stream_column {
    const char *name; /* for messages */
    size_t offset;
    uint8_t tag, size; /* bytes of a value */
};
#define FF_STREAM_COLUMNS 18
extern const struct ff_stream_column ff_stream_columns[FF_STREAM_COLUMNS];

#endif
