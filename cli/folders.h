/* Logs may be named by the folder they are in. */
#ifndef FF_FOLDERS_H
#define FF_FOLDERS_H

#include "options.h"

/* Puts a folder's files (regular ones, in order of their names, hidden ones and folders
 * in it left out) in its place in options->files; the texts are the options'.
 * FF_ERR_IO: it cannot be read, or has no file; FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_folders_expand(struct ff_options *options,
                                          struct ff_fault *fault);

#endif
