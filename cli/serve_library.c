#include "serve_library.h"

#include <assert.h>
#include <stddef.h>

/* What the headers say is true of this one. */
static_assert(MHD_VERSION < 0x02000000, "the library that is opened has another name");

enum ff_err ff_mhd_open(struct ff_mhd *mhd, struct ff_fault *fault)
{
#define ROW(function) { #function, offsetof(struct ff_mhd, function) },
    static const struct ff_library_function functions[] = { FF_MHD_FUNCTIONS(ROW) };
    return ff_library_open("libmicrohttpd.so.12", "serve", functions,
                           sizeof functions / sizeof *functions, mhd, fault);
}
