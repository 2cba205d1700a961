/* Personal data in strings that visitors write: patterns with validators, run only on
 * what a byte-class scan finds suspicious. */
#ifndef FF_SCRUB_H
#define FF_SCRUB_H

#include "footfall/arena.h"
#include "footfall/err.h"

struct ff_scrub;

/* Compiles the patterns, for one thread: matching needs memory of their own. On FF_OK
 * *out is the caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_scrub_create(struct ff_scrub **out, struct ff_fault *fault);
void ff_scrub_destroy(struct ff_scrub *scrub);

/* One path segment, percent-decoded. `before` is the segment before it (for rules such
 * as /user/NAME), empty at the start. *out is `segment` itself where there is nothing
 * to hide, a placeholder such as "{email}", or a copy in the arena with placeholders in
 * it. A match limit hit gives "(invalid)". FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_scrub_segment(const struct ff_scrub *scrub,
                                         struct ff_span before, struct ff_span segment,
                                         struct ff_arena *arena, struct ff_span *out,
                                         struct ff_fault *fault);

/* Whether any rule finds personal data in a text such as a search term. */
bool ff_scrub_finds(const struct ff_scrub *scrub, struct ff_span text);

#endif
