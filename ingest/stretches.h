/* A plain file is shared out before it is read: each reader has a stretch of its own,
 * takes one range of it after the other, and reads that without waiting for anybody. So
 * its lines come one after the other, and a visitor's mostly to one reader. Who has
 * none left takes half of what another has left. The last bytes are nobody's and come
 * in small ranges, so that all end together. */
#ifndef FF_STRETCHES_H
#define FF_STRETCHES_H

#include "lines.h"

/* Bytes of a file, `to` not among them. A line belongs to the range that the newline
 * before it is in; the first line to the one from 0. */
struct ff_range {
    uint64_t from, to;
};

/* A range has so many bytes at most: with what its last line may stand out by, they fit
 * into FF_LINES_BYTES. Whole pages. */
#define FF_RANGE_BYTES ((uint64_t)FF_LINE_MAX - FF_LINES_ALIGNMENT)

/* The small ones of a share's last bytes: a seventh. */
#define FF_RANGE_SMALL_BYTES (FF_RANGE_BYTES / 7)

/* Reads the range's lines into `memory`. *out: whole lines, perhaps
 * none; `is_long`: behind them is one more that is longer than FF_LINE_MAX, not given.
 * The source is a plain file and may be read by others meanwhile. FF_ERR_IO. */
FF_MUST_USE enum ff_err ff_range_read(const struct ff_source *source,
                                      struct ff_range range,
                                      struct ff_text_memory *memory,
                                      struct ff_block *out, struct ff_fault *fault);

/* What readers have left. Not for threads to share without a lock. */
struct ff_stretches {
    struct ff_range *left; /* of each reader */
    size_t n;
    struct ff_range last; /* of whoever has nothing left */
};

/* For `n` readers; freed by ff_stretches_clear. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_stretches_init(struct ff_stretches *stretches, size_t n,
                                          struct ff_fault *fault);
void ff_stretches_clear(struct ff_stretches *stretches);

/* Shares `whole` out, of which nobody has anything left. */
void ff_stretches_share(struct ff_stretches *stretches, struct ff_range whole);

/* The reader's next range; false when nobody has any left. */
bool ff_stretches_take(struct ff_stretches *stretches, size_t reader,
                       struct ff_range *out);

#endif
