/* What replacing a file (footfall/store.h) and making a folder share. */
#ifndef FF_FILE_H
#define FF_FILE_H

#include <stdbool.h>

#include "footfall/err.h"

/* Sees to it that the folder which `path` is in has its name on the disk. False: errno.
 */
bool ff_file_sync_folder(const char *path);

/* ff_file_replace of a regular file that nobody but its owner may read. */
FF_MUST_USE enum ff_err ff_file_replace_private(const char *path, const void *bytes,
                                                size_t len, struct ff_fault *fault);

#endif
