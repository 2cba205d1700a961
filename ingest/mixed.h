/* Files that hold lines of several formats of the common log format family, such as the
 * log of a server with hosts of its own taste each. */
#ifndef FF_MIXED_H
#define FF_MIXED_H

#include "formats.h"

/* Fills guess->others from the lines that guess->format cannot read. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_mixed_find(struct ff_span text, struct ff_guess *guess,
                                      struct ff_fault *fault);

#endif
