/* Hits between two processes: a CBOR sequence (RFC 8742) that aggregate/hit_stream.cddl
 * describes: a header, frames of hits, a trailer. Tokens are in it, keys are not: it is
 * pseudonymous, and belongs into a pipe. Frames stand alone but for the agents, which
 * are told once and have a number from then on; several threads may write them, and
 * several read them, in any order. */
#ifndef FOOTFALL_HIT_STREAM_H
#define FOOTFALL_HIT_STREAM_H

#include "footfall/err.h"
#include "footfall/hit.h"
#include "footfall/period.h"
#include "footfall/zone.h"

#define FF_HIT_STREAM_VERSION 2
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

/* Writes the header to `fd`, which stays the caller's. Hits come from `n_readers` of an
 * ingest. On FF_OK *out is the caller's. FF_ERR_IO: it cannot be written to, which the
 * sentence says. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_hit_writer_create(struct ff_hit_writer **out, int fd,
                                             size_t n_readers,
                                             const struct ff_hit_stream_header *header,
                                             struct ff_fault *fault);
/* Hits of the reader of that number, below n_readers; readers may be threads. Nothing
 * of the hits is kept but what is copied. A text of more than 4 KiB, which no rollup
 * could have, is cut. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_hit_writer_add(struct ff_hit_writer *writer, size_t reader,
                                          const struct ff_hit *hits, size_t n,
                                          struct ff_fault *fault);
/* Writes the hits that were given and are not written yet, while readers go on. From
 * any thread. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_hit_writer_flush(struct ff_hit_writer *writer,
                                            struct ff_fault *fault);
/* Says that no hit before `time` is expected after those that were given. Like the
 * next, while no reader gives any. FF_ERR_IO, FF_ERR_NOMEM. */
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

/* Reads the header from `fd`, which stays the caller's, for `n_seats` threads that take
 * hits; `name` is for messages and must live as long. On FF_OK *out is the caller's.
 * FF_ERR_DATA: what comes is no such stream, or of another version. FF_ERR_IO,
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_hit_reader_create(struct ff_hit_reader **out, int fd,
                                             const char *name, size_t n_seats,
                                             struct ff_hit_stream_header *header,
                                             struct ff_fault *fault);

/* Reading goes in rounds: to where the writer says what is settled, or to the end. The
 * next hits for the thread in that seat, valid until its next call but for their
 * agents, which live as long as the reader; *n is 0 when the round is over for it, and
 * once any seat has had an error. FF_ERR_DATA: the stream is damaged, cut off, or holds
 * what no hit can; FF_ERR_IO. */
FF_MUST_USE enum ff_err ff_hit_reader_next(struct ff_hit_reader *reader, size_t seat,
                                           const struct ff_hit **hits, size_t *n,
                                           struct ff_fault *fault);
/* Ends the round early: there must be no other. Any thread may. */
void ff_hit_reader_stop(struct ff_hit_reader *reader);
/* When the round is over for all seats: false at the end of the stream, else no hit
 * before *settled is expected in the rounds to come. */
bool ff_hit_reader_go_on(struct ff_hit_reader *reader, int64_t *settled);
/* After FF_ERR_DATA in several seats: what is wrong first in the stream, however fast
 * each was. */
void ff_hit_reader_first_fault(const struct ff_hit_reader *reader,
                               struct ff_fault *fault);
/* At the end of the stream. */
const struct ff_hit_stream_trailer *
ff_hit_reader_trailer(const struct ff_hit_reader *reader);
/* Wipes and frees. NULL is allowed. */
void ff_hit_reader_destroy(struct ff_hit_reader *reader);

#endif
