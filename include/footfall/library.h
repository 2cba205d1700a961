/* A library that few commands need is opened by those: libmicrohttpd and libxlsxwriter
 * bring eleven others along, TLS and all, whose loading would take a third of a short
 * run. */
#ifndef FOOTFALL_LIBRARY_H
#define FOOTFALL_LIBRARY_H

#include <stddef.h>

#include "footfall/err.h"

/* One of its functions, and where the pointer to it belongs in the caller's table. */
struct ff_library_function {
    const char *name;
    size_t at;
};

/* A member of a table, for a list of functions that it is made from: called as the
 * function is. */
#define FF_LIBRARY_MEMBER(function) __typeof__(function) *(function);

/* Opens the library of that name (as "libz.so.1") and fills the table. It stays open
 * until the program ends: some do not like to be unloaded. FF_ERR_IO: it is not
 * installed, or lacks a function; `what` is what cannot be done then, as "to serve". */
FF_MUST_USE enum ff_err ff_library_open(const char *name, const char *what,
                                        const struct ff_library_function *functions,
                                        size_t n_functions, void *table,
                                        struct ff_fault *fault);

#endif
