/* Kinds of files that are told by their first bytes but not read: the user gets the
 * name of the kind and what to do, not a count of malformed lines. */
#ifndef FF_UNREADABLE_H
#define FF_UNREADABLE_H

#include "magic.h"

/* Why an input that begins with `head` is not read, as the end of a sentence that
 * begins with its name, or NULL. *needs_more: `head` is a beginning of such only. */
const char *ff_unreadable(struct ff_span head, bool *needs_more);

#endif
