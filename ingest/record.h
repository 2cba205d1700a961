/* A record: one log line as spans into it. It may identify a person and is private to
 * ingest. Spans point into the line or into the parser's memory and die at the next
 * line. */
#ifndef FF_RECORD_H
#define FF_RECORD_H

#include <stdint.h>

#include "footfall/span.h"

/* Fields that a format may lack as a whole. A field that is there but "-" is present
 * and empty. */
enum ff_record_has {
    FF_HAS_AGENT = 1,
    FF_HAS_REFERRER = 2,
    FF_HAS_LANGUAGE = 4,
    FF_HAS_VHOST = 8,
    FF_HAS_RESPONSE_TIME = 16,
    FF_HAS_CONTENT_TYPE = 32,
    /* No field: what combined lines lack is not set, and not to be read. */
    FF_IS_COMBINED = 64,
};

/* What most lines have comes first, so that it shares cache lines. */
struct ff_record {
    int64_t time; /* seconds since 1970-01-01 UTC */
    uint64_t bytes;
    int32_t east; /* the zone it was written in, seconds east of UTC; 0 if unknown */
    uint16_t status;
    uint8_t has;             /* enum ff_record_has */
    bool opts_out;           /* Sec-GPC: 1 or DNT: 1 is logged */
    struct ff_span client;   /* address or host name as written; never empty */
    struct ff_span method;   /* empty when the request field is garbage */
    struct ff_span target;   /* as in the request line, log escapes not undone */
    struct ff_span referrer; /* log escapes not undone; empty for "-" */
    struct ff_span agent;
    /* What combined lines lack begins here. */
    struct ff_span vhost;
    struct ff_span language;
    struct ff_span content_type; /* of the response; empty for "-" */
    struct ff_span fetch_dest;   /* Sec-Fetch-Dest, if logged */
    struct ff_span purpose;      /* Sec-Purpose or Purpose, if logged */
    struct ff_span forwarded;    /* X-Forwarded-For or the like, if logged */
    uint64_t response_us;        /* time taken, microseconds, if `has` says so */
};

/* Whether what combined lines lack is set. */
static inline bool ff_record_has_rest(const struct ff_record *record)
{
    return !(record->has & FF_IS_COMBINED);
}

/* A record of nothing. Copied from one, since compilers make a slow `rep stos` of an
 * assignment of zeros. */
static inline void ff_record_clear(struct ff_record *record)
{
    static const struct ff_record none;
    *record = none;
}

/* Clears the spans that combined lines lack, for a reader that fills the rest. */
static inline void ff_record_clear_rest(struct ff_record *record)
{
    const struct ff_span none = { NULL, 0 };
    record->vhost = none;
    record->language = none;
    record->content_type = none;
    record->fetch_dest = none;
    record->purpose = none;
    record->forwarded = none;
}

#endif
