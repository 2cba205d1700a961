/* The path of a request: its segments as requested. */
#ifndef FF_PATH_H
#define FF_PATH_H

#include "footfall/span.h"

enum { FF_PATH_DEPTH = 8, FF_PATH_SEGMENT_LEN = 64 };

/* Spans point into the path that was split; still percent-encoded. */
struct ff_path {
    struct ff_span
        segments[FF_PATH_DEPTH + 1]; /* the first ones, one more than shown */
    size_t depth;                    /* of the whole path */
    struct ff_span last;             /* segment, slash or not */
    bool ends_in_slash;
    bool is_valid; /* begins with "/"; decoded, UTF-8 without controls and the like */
};

/* Splits a path without query or fragment, log escapes undone. Segments are without
 * ";parameters"; empty and dot segments are resolved. */
void ff_path_split(struct ff_span s, struct ff_path *out);

/* Whether a text, one level of percent-encoding undone, is UTF-8 fit to be seen: no
 * controls, nothing that turns the direction of writing. */
bool ff_path_is_clean(struct ff_span path);

/* A segment decoded and in lower case (ASCII) in `out`, for looking it up; empty if it
 * does not fit. */
struct ff_span ff_path_fold(struct ff_span segment,
                            char out[static FF_PATH_SEGMENT_LEN]);

#endif
