/* Hits between two processes: a CBOR sequence (RFC 8742) that aggregate/hit_stream.cddl
 * describes: a header, frames of hits, a trailer. Tokens are in it, keys are not: it is
 * pseudonymous, and belongs into a pipe. Frames stand alone but for the agents, which
 * are told once and have a number from then on. */
#ifndef FOOTFALL_HIT_STREAM_H
#define FOOTFALL_HIT_STREAM_H

#include "footfall/err.h"
#include "footfall/hit.h"
#include "footfall/period.h"
#include "footfall/zone.h"

#define FF_HIT_STREAM_VERSION 1
#define FF_HIT_STREAM_SITE    256

/* What the hits were made under. */
struct ff_hit_stream_header {
    char site[FF_HIT_STREAM_SITE]; /* the rollups' */
    char zone[FF_ZONE_NAME];
    enum ff_grain grain; /* a key's life */
    int64_t begins;      /* the earliest beginning of a log; INT64_MAX: not known */
};

/* What the lines came to that gave no hits. */
struct ff_hit_stream_trailer {
    uint64_t malformed, blank, excluded; /* without a period: ff_stray_lines */
    uint64_t duplicates;
    bool needs_a_look; /* ingest has said what */
};

/* ---- writing ---- */

struct ff_hit_writer;

/* Writes the header to `fd`, which stays the caller's. On FF_OK *out is the caller's.
 * FF_ERR_IO: it cannot be written to, which the sentence says. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_hit_writer_create(struct ff_hit_writer **out, int fd,
                                             const struct ff_hit_stream_header *header,
                                             struct ff_fault *fault);
/* Nothing of the hits is kept but what is copied. A text of more than 4 KiB, which no
 * rollup could have, is cut. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_hit_writer_add(struct ff_hit_writer *writer,
                                          const struct ff_hit *hits, size_t n,
                                          struct ff_fault *fault);
/* Writes the hits that were given and are not written yet. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_hit_writer_flush(struct ff_hit_writer *writer,
                                            struct ff_fault *fault);
/* Says that no hit before `time` is expected after this. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_hit_writer_settle(struct ff_hit_writer *writer, int64_t time,
                                             struct ff_fault *fault);
/* Writes the trailer: without it the stream is cut off. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_hit_writer_end(struct ff_hit_writer *writer,
                                          const struct ff_hit_stream_trailer *trailer,
                                          struct ff_fault *fault);
/* Wipes and frees. NULL is allowed. */
void ff_hit_writer_destroy(struct ff_hit_writer *writer);

/* ---- reading ---- */

struct ff_hit_reader;

/* Reads the header from `fd`, which stays the caller's; `name` is for messages and must
 * live as long. On FF_OK *out is the caller's. FF_ERR_DATA: what comes is no such
 * stream, or of another version. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_hit_reader_create(struct ff_hit_reader **out, int fd,
                                             const char *name,
                                             struct ff_hit_stream_header *header,
                                             struct ff_fault *fault);

/* Some hits, valid until the next call but for their agents, which live as long as the
 * reader. */
struct ff_hit_frame {
    const struct ff_hit *hits;
    size_t n;
    int64_t settled; /* no hit before this is expected after them; INT64_MIN: unknown */
    bool is_end;     /* no frame but the trailer, then in ff_hit_reader_trailer */
};
/* FF_ERR_DATA: the stream is damaged, cut off, or holds what no hit can; FF_ERR_IO,
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_hit_reader_next(struct ff_hit_reader *reader,
                                           struct ff_hit_frame *frame,
                                           struct ff_fault *fault);
const struct ff_hit_stream_trailer *
ff_hit_reader_trailer(const struct ff_hit_reader *reader);
/* Wipes and frees. NULL is allowed. */
void ff_hit_reader_destroy(struct ff_hit_reader *reader);

#endif
