/* Content that two inputs share: a copy, a beginning, a part inside another, or the end
 * of one that is the beginning of the other. It is found by time and the first line,
 * and verified line for line, by readers of its own, before anything of it is counted.
 */
#ifndef FF_OVERLAP_H
#define FF_OVERLAP_H

#include "formats.h"
#include "source.h"

/* An input that can be read again. */
struct ff_overlap_input {
    const char *path;
    const struct ff_guess *guess; /* its format, and what is before its lines */
    const char *spec;             /* as for ff_parser_open_guess */
    int64_t first_time;           /* of its first readable line */
    struct ff_source_file file;
};

/* `n` lines of an input, from line `from` on (from 1), are in another too. */
struct ff_overlap {
    uint64_t from, n;
};

/* Finds lines of `later`: what its beginning (whose first time is not before
 * `earlier`'s) and `earlier` share; n is 0 if nothing. A whole input that the other
 * begins with counts whatever its size; anything else only from 64 lines over 2 seconds
 * on, so that two servers' honest twins stay. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_overlap_find(const struct ff_overlap_input *earlier,
                                        const struct ff_overlap_input *later,
                                        struct ff_overlap *out, struct ff_fault *fault);

/* The same seen from the other side: lines of `outer` that the beginning of `inner`
 * stands in. */
FF_MUST_USE enum ff_err ff_overlap_find_inside(const struct ff_overlap_input *outer,
                                               const struct ff_overlap_input *inner,
                                               struct ff_overlap *out,
                                               struct ff_fault *fault);

#endif
