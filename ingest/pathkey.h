/* The page key: a path in normal form, cut, without personal data. */
#ifndef FF_PATHKEY_H
#define FF_PATHKEY_H

#include "path.h"
#include "scrub.h"

enum { FF_PATHKEY_LEN = 200 };

/* At most FF_PATHKEY_LEN bytes of ASCII, in the arena, or "(invalid)" (static): for
 * what is no path, has control characters or hides them, or would not stop changing. A
 * path of more than 8 segments has "..." as its ninth; one too long in bytes ends in
 * "...". FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_pathkey_build(const struct ff_path *path,
                                         const struct ff_scrub *scrub,
                                         struct ff_arena *arena, struct ff_span *out,
                                         struct ff_fault *fault);

/* Adds a percent-encoded text in the normal form of keys to the *len bytes in `out`.
 * False: it does not fit; `out` is then unfinished. */
bool ff_pathkey_append(struct ff_span s, char out[static FF_PATHKEY_LEN], size_t *len);

#endif
