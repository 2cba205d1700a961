/* Personal data in a rollup's keys, for audits: the rules that ingest scrubs by. */
#ifndef FOOTFALL_PERSONAL_H
#define FOOTFALL_PERSONAL_H

#include <stdbool.h>

#include "footfall/err.h"
#include "footfall/span.h"

struct ff_personal;

/* `routes` is the file of the site's own templates, whose lines are no personal data,
 * or NULL. On FF_OK *out is the caller's, for one thread. FF_ERR_IO and FF_ERR_USAGE:
 * the file cannot be read or has a line that is no template; FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_personal_create(struct ff_personal **out, const char *routes,
                                           struct ff_fault *fault);
void ff_personal_destroy(struct ff_personal *personal);

/* Whether a part of a key looks like personal data. A path is looked at segment by
 * segment, as it was scrubbed; placeholders ("{email}", ":id" of a template) are none.
 * Out of memory counts as found. */
bool ff_personal_finds(struct ff_personal *personal, struct ff_span text);

#endif
