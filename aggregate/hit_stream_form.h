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

/* What an item behind the header is: its first field. */
enum ff_stream_kind {
    FF_STREAM_FRAME,
    FF_STREAM_TELLS_AGENTS,
    FF_STREAM_SETTLED,
    FF_STREAM_TRAILER,
    FF_STREAM_KINDS,
};
/* Fields, with the first; a frame's columns come on top. */
enum {
    FF_STREAM_FRAME_FIELDS = 5,
    FF_STREAM_TELLS_FIELDS = 2,
    FF_STREAM_SETTLED_FIELDS = 2,
    FF_STREAM_TRAILER_COUNTS = 4,
    FF_STREAM_TRAILER_FIELDS = 2 + FF_STREAM_TRAILER_COUNTS,
    FF_STREAM_AGENT_TEXTS = 7,
};

/* A frame's texts: a hit has its key, its term and its origin's four. Their numbers are
 * of two bytes. */
#define FF_STREAM_OF_HIT     6
#define FF_STREAM_TEXTS_MOST (FF_STREAM_HITS * FF_STREAM_OF_HIT)
static_assert(FF_STREAM_TEXTS_MOST <= UINT16_MAX, "numbers of texts");
/* Their bytes together, and one hit's at most. */
#define FF_STREAM_TEXT_BYTES ((size_t)512 << 10)
#define FF_STREAM_HIT_MOST   ((size_t)FF_STREAM_OF_HIT * FF_STREAM_TEXT)
/* An agent's, with heads. */
#define FF_STREAM_AGENT_MOST ((size_t)FF_STREAM_AGENT_TEXTS * (FF_STREAM_TEXT + 3) + 16)

/* The agents of a stream: its browsers have versions, and nobody has so many. */
#define FF_STREAM_AGENTS      UINT16_MAX
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

/* What a frame has, by columns, in the order they are written in: texts and origins,
 * which have numbers from 1, and hits. 0 names none. */
struct ff_stream_columns {
    uint16_t len[FF_STREAM_TEXTS_MOST];
    uint32_t number[FF_STREAM_TEXTS_MOST];
    uint8_t channel[FF_STREAM_HITS];
    uint16_t name[FF_STREAM_HITS], medium[FF_STREAM_HITS], campaign[FF_STREAM_HITS];
    uint16_t origin_term[FF_STREAM_HITS];
    uint32_t origin_number[FF_STREAM_HITS];
    int64_t time[FF_STREAM_HITS];
    uint64_t order[FF_STREAM_HITS], net[FF_STREAM_HITS], visitor[FF_STREAM_HITS];
    uint64_t bytes[FF_STREAM_HITS];
    uint16_t agent[FF_STREAM_HITS], origin[FF_STREAM_HITS];
    uint16_t key[FF_STREAM_HITS], term[FF_STREAM_HITS];
    uint32_t lines[FF_STREAM_HITS];
    uint16_t status[FF_STREAM_HITS], country[FF_STREAM_HITS], language[FF_STREAM_HITS];
    uint8_t kind[FF_STREAM_HITS], method[FF_STREAM_HITS], response[FF_STREAM_HITS];
    uint8_t flags[FF_STREAM_HITS];
};
enum ff_column {
    FF_TEXT_LEN,
    FF_TEXT_NUMBER,
    FF_TEXT_COLUMNS,
    FF_ORIGIN_CHANNEL = FF_TEXT_COLUMNS,
    FF_ORIGIN_NAME,
    FF_ORIGIN_MEDIUM,
    FF_ORIGIN_CAMPAIGN,
    FF_ORIGIN_TERM,
    FF_ORIGIN_NUMBER,
    FF_ORIGIN_COLUMNS,
    FF_HIT_TIME = FF_ORIGIN_COLUMNS,
    FF_HIT_ORDER,
    FF_HIT_NET,
    FF_HIT_VISITOR,
    FF_HIT_BYTES,
    FF_HIT_AGENT,
    FF_HIT_ORIGIN,
    FF_HIT_KEY,
    FF_HIT_TERM,
    FF_HIT_LINES,
    FF_HIT_STATUS,
    FF_HIT_COUNTRY,
    FF_HIT_LANGUAGE,
    FF_HIT_KIND,
    FF_HIT_METHOD,
    FF_HIT_RESPONSE,
    FF_HIT_FLAGS,
    FF_STREAM_COLUMNS,
};

/* Where each is in struct ff_stream_columns, for a loop over them. */
struct ff_stream_column {
    const char *name; /* for messages */
    size_t offset;
    uint8_t tag, size; /* bytes of a value */
};
extern const struct ff_stream_column ff_stream_columns[FF_STREAM_COLUMNS];

/* Whether `n` values, as they lie in memory, are written as one: those that are all the
 * same and of less than eight bytes. */
static inline bool ff_stream_is_one(const void *values, size_t n, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)values;
    return n > 0 && size < sizeof(uint64_t) &&
           memcmp(bytes, bytes + size, (n - 1) * size) == 0;
}

#endif
