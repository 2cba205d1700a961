/* The site's own templates (--routes): which paths are one page to the operator. */
#ifndef FF_ROUTES_H
#define FF_ROUTES_H

#include "path.h"
#include "scrub.h"

/* Most templates of a file, and its size. */
enum { FF_ROUTES_MOST = 4096, FF_ROUTES_BYTES = 1 << 20 };

struct ff_routes;

/* Compiles the text of a routes file; `name` is for the sentence. On FF_OK *out is the
 * caller's; it does not point into its arguments. FF_ERR_USAGE with name, line (from 1)
 * and column (characters, from 1): a line that is no template, or the same as one
 * before. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_routes_compile(struct ff_routes **out, const char *name,
                                          struct ff_span text,
                                          const struct ff_scrub *scrub,
                                          struct ff_fault *fault);
/* The same from a file. FF_ERR_IO: it cannot be read; FF_ERR_USAGE also: it is larger
 * than FF_ROUTES_BYTES. */
FF_MUST_USE enum ff_err ff_routes_load(struct ff_routes **out, const char *path,
                                       const struct ff_scrub *scrub,
                                       struct ff_fault *fault);
/* Reading is for any number of threads. NULL is allowed. */
void ff_routes_destroy(struct ff_routes *routes);

/* The template of a valid path: a page key that lives as long as `routes`; empty if no
 * template fits. Of several the most specific, segment by segment from the left: text,
 * then a placeholder with text around it (the more the better), then a placeholder,
 * then "*". A slash at the end makes no difference. */
struct ff_span ff_routes_match(const struct ff_routes *routes,
                               const struct ff_path *path);

/* Whether a key is one of the templates. */
bool ff_routes_have(const struct ff_routes *routes, struct ff_span key);

#endif
