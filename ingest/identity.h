/* A file's content told by keyed digests (footfall/content.h). */
#ifndef FF_IDENTITY_H
#define FF_IDENTITY_H

#include "footfall/content.h"
#include "footfall/err.h"
#include "footfall/span.h"

/* `text` is the beginning of the decompressed content, as much as there is at hand or
 * all of it. FF_ERR_IO: the file cannot be read. */
FF_MUST_USE enum ff_err ff_identity_read(struct ff_content *out, const char *path,
                                         struct ff_span text, const unsigned char *key,
                                         struct ff_fault *fault);

#endif
