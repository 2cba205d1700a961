/* What replacing a file (footfall/store.h) and making a folder share. */
#ifndef FF_FILE_H
#define FF_FILE_H

#include <stdbool.h>

/* Sees to it that the folder which `path` is in has its name on the disk. False: errno.
 */
bool ff_file_sync_folder(const char *path);

#endif
