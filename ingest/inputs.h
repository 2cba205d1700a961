/* The inputs of a run, read in the order of their times: each is looked at once
 * (format, first time), then files whose hours overlap are read in turns, a block from
 * whichever is behind, and others one after another, so that few are open at once. Not
 * for threads to share without a lock. */
#ifndef FF_INPUTS_H
#define FF_INPUTS_H

#include "formats.h"
#include "identity.h"
#include "lines.h"
#include "overlap.h"
#include "piece.h"
#include "stretches.h"

struct ff_input {
    struct ff_input_stats stats;
    struct ff_parser parser; /* while it is open; no format: it is in none we know */
    struct ff_lines *lines;  /* NULL while it is closed */
    int64_t time;            /* of the last readable line; before one, see has_time */
    bool has_time;
    int64_t front;      /* where its reading stands; before it has begun, first_time */
    bool is_ordered;    /* its lines must be read in order, by the one parser */
    bool is_busy;       /* it is ordered, and a piece of it is being read */
    bool is_shared;     /* it is shared out among readers */
    bool is_awaited;    /* a pipe that may rest: what it gave is not to wait for more */
    uint64_t share_at;  /* shared out up to here */
    int64_t first_time; /* of the first readable line; INT64_MIN if none is seen */
    bool is_done;
    bool can_be_reread; /* a file, no pipe */
    struct ff_source_file file;
    bool has_content;
    struct ff_content content;
    struct ff_period_lines *periods; /* in the order they came up */
    size_t n_periods, period_at;     /* period_at: the last line's */
    struct ff_guess guess;           /* what the first lines look like */
    const char *spec;                /* of the format, as for ff_parser_open */
    struct ff_overlap *overlaps;     /* lines that inputs before it have too */
    size_t n_overlaps;
    uint64_t
        next_line; /* number of the next piece's first line, where there are overlaps */
    uint32_t ordinal; /* rank in the order of (first_time, path) */
    struct ff_waiting waiting;
};

struct ff_inputs;

/* Called with the first block of each input that is in a known format, and a fresh
 * parser, while it is looked at. */
typedef enum ff_err ff_inputs_look(void *context, struct ff_parser *parser,
                                   struct ff_span text, struct ff_fault *fault);

/* Opens and looks at each file. On FF_OK *out is the caller's. Errors as
 * ff_ingest_open. */
FF_MUST_USE enum ff_err ff_inputs_open(struct ff_inputs **out,
                                       const struct ff_ingest_settings *settings,
                                       ff_inputs_look *look, void *context,
                                       struct ff_fault *fault);

/* Opens the inputs that have their turn; false in *more at the end of all. Before it,
 * all pieces that were taken have been added. FF_ERR_IO, NOMEM. */
FF_MUST_USE enum ff_err ff_inputs_open_next(struct ff_inputs *inputs, bool *more,
                                            struct ff_fault *fault);

/* After ff_inputs_open_next: the input that is to be shared out next, and what of it,
 * so many bytes at most; NULL if pieces of those that are open are to be taken instead.
 */
struct ff_input *ff_inputs_share(struct ff_inputs *inputs, uint64_t most_bytes,
                                 struct ff_range *out);
/* A range of it as a piece, in `memory`. Needs no lock. FF_ERR_IO. */
FF_MUST_USE enum ff_err ff_input_read_range(struct ff_input *input,
                                            struct ff_range range,
                                            struct ff_text_memory *memory,
                                            struct ff_piece *out,
                                            struct ff_fault *fault);
/* What was shared out last has all been read and added. */
void ff_input_end_share(struct ff_input *input);

/* The next piece of the open inputs, in `memory`; which it is does
 * not depend on how far those before it have been read. Its input is NULL when there is
 * none until ff_inputs_open_next; it has no lines when the next one would be of an
 * input that is busy. FF_ERR_IO, NOMEM. */
FF_MUST_USE enum ff_err ff_inputs_take(struct ff_inputs *inputs,
                                       struct ff_text_memory *memory,
                                       struct ff_piece *out, struct ff_fault *fault);

/* An ordered piece of the input has been read: the next one may be taken. */
void ff_input_piece_is_read(struct ff_input *input, const struct ff_findings *found);

/* Adds what a piece came to; the pieces before it have been. *before are lines without
 * a time before the piece's first one with a period, and the time they belong to.
 * FF_ERR_NOMEM. */
struct ff_settled_lines {
    struct ff_waiting lines;
    int64_t time;
};
FF_MUST_USE enum ff_err ff_input_add(struct ff_input *input,
                                     const struct ff_findings *found,
                                     struct ff_settled_lines *before,
                                     struct ff_fault *fault);

/* The time before which no line in order is expected any more; INT64_MAX at the end. */
int64_t ff_inputs_settled(const struct ff_inputs *inputs);

/* Whether the input's line number `line` is another's too. */
static inline bool ff_input_is_duplicate(const struct ff_input *input, uint64_t line)
{
    for (size_t i = 0; i < input->n_overlaps; i++)
        if (line - input->overlaps[i].from < input->overlaps[i].n)
            return true;
    return false;
}

size_t ff_inputs_count(const struct ff_inputs *inputs);
/* In the order of the settings. */
struct ff_input *ff_inputs_at(const struct ff_inputs *inputs, size_t i);

void ff_inputs_close(struct ff_inputs *inputs);

#endif
