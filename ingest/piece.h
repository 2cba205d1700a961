/* A piece of an input: a block of whole lines that one worker reads, and what the lines
 * came to beside their hits. Pieces may be read in any order and by several threads;
 * what they came to is added to their input in the input's order. */
#ifndef FF_PIECE_H
#define FF_PIECE_H

#include "footfall/apart.h"
#include "formats.h"

/* Lines that carry no readable time, waiting for the period they belong to. */
struct ff_waiting {
    uint64_t malformed, blank;
};

/* A majority vote (Boyer and Moore 1981) on the network that most hits come from.
 * `same` are those that were the candidate's of their time. */
struct ff_majority {
    uint64_t net, votes; /* of the candidate */
    uint64_t same, hits;
};

/* What the lines came to. Owned by whoever holds it; cleared by ff_findings_clear. */
struct ff_findings {
    uint64_t lines, duplicates, rejects[FF_REJECTS];
    uint64_t first_reject_line; /* within the piece, from 1; 0: none */
    uint32_t first_reject_column;
    enum ff_reject first_reject;
    uint8_t seen;   /* as ff_parser's */
    bool has_times; /* of any record */
    int64_t least_time, most_time;
    struct ff_offset_stats offsets[FF_OFFSETS];
    uint32_t n_offsets;
    struct ff_waiting before; /* before the first line that has a period */
    bool has_period;
    int64_t first_time, last_time, reaches; /* of lines that have a period */
    struct ff_period_lines *periods;        /* in the order they came up */
    size_t n_periods, period_at;            /* period_at: the last line's */
    struct ff_majority majority;
};

/* Adds a line's zone. */
static inline void ff_offsets_add(struct ff_offset_stats offsets[FF_OFFSETS],
                                  uint32_t *n, int32_t east, uint64_t lines)
{
    uint32_t i = 0;
    if (*n && offsets[0].east == east) {
        offsets[0].lines += lines;
        return;
    }
    while (i < *n && offsets[i].east != east)
        i++;
    if (i == FF_OFFSETS)
        i--;
    if (i == *n)
        offsets[(*n)++] = (struct ff_offset_stats) { east, 0 };
    offsets[i].lines += lines;
}

/* Adds lines to a period of the list, which grows; *at is where the last ones went.
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_periods_add(struct ff_period_lines **periods, size_t *n,
                                       size_t *at, int32_t start, uint64_t lines,
                                       struct ff_fault *fault);

/* Adds the earliest and the latest time of some records. */
static inline void ff_findings_add_times(struct ff_findings *found, int64_t least,
                                         int64_t most)
{
    if (!found->has_times || least < found->least_time)
        found->least_time = least;
    if (!found->has_times || most > found->most_time)
        found->most_time = most;
    found->has_times = true;
}

/* Adds a hit of a network. Without a branch: whether it is the candidate's, nobody can
 * guess. */
static inline void ff_majority_vote(struct ff_majority *majority, uint64_t net)
{
    const uint64_t is_for = (majority->net == net) | (majority->votes == 0);
    majority->hits++;
    majority->same += is_for;
    majority->votes += 2 * is_for - 1;
    majority->net ^= (majority->net ^ net) & -is_for;
}

struct ff_input;

/* A hit's order: its input's rank, and below that the place of its line in the text. */
#define FF_ORDER_FILE_SHIFT 40

struct ff_piece {
    _Alignas(FF_APART) struct ff_input *input; /* what is found changes at every line */
    struct ff_span text;
    uint64_t order;      /* of its first byte: see ff_hit */
    uint64_t first_line; /* its number, where the input has overlaps; else 0 */
    bool is_long;        /* behind the text is one more line, which is too long */
    bool is_known;       /* its input's format is, and does not change any more */
    bool is_ordered;     /* the input's own parser reads it, before the next piece */
    struct ff_findings found;
};

void ff_findings_clear(struct ff_findings *found);

#endif
