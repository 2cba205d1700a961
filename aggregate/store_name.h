/* Names of files in the store: 2026-03-02.internal.cbor, 2026-W10.internal.cbor (ISO
 * 8601), 2026-03.internal.cbor. One name a period and profile, one period a name. */
#ifndef FF_STORE_NAME_H
#define FF_STORE_NAME_H

#include <dirent.h>

#include "footfall/rollup.h"

#define FF_STORE_NAME_SIZE 64

struct ff_store_name {
    enum ff_grain grain;
    enum ff_profile profile;
    int32_t start;
    char text[FF_STORE_NAME_SIZE];
};

/* The name of a period; `start` is its first day, of the years 1 to 9999. */
struct ff_store_name ff_store_name_of(enum ff_grain grain, enum ff_profile profile,
                                      int32_t start);

/* Reads a file's name; false when it is none that ff_store_name_of gives. */
bool ff_store_name_read(struct ff_store_name *name, const char *text);

/* Grown with realloc; the holder frees `items`. */
struct ff_store_names {
    struct ff_store_name *items;
    size_t n, cap;
};

/* The rollups in a folder by their names, in order of first day. Other files are none
 * of ours. FF_ERR_IO, FF_ERR_NOMEM; what was found stays the caller's to free. */
FF_MUST_USE enum ff_err ff_store_names_read(struct ff_store_names *names,
                                            const char *path, struct ff_fault *fault);

/* The next name in a folder; NULL at its end, when errno is 0, and on errors. */
const char *ff_store_next_entry(DIR *folder);

#endif
