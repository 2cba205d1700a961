/* Allocations that fail on demand. The linker's --wrap sends every allocation of the
 * libraries under test here (see meson.build); those of shared libraries are asked for
 * by PCRE2's, zlib's and libsodium's own names. */
#ifndef FOOTFALL_FAILING_H
#define FOOTFALL_FAILING_H

#include <stdbool.h>

enum failing_mode {
    FAILING_ONCE,  /* the n-th allocation fails */
    FAILING_SINCE, /* and all behind it */
};

/* From now on the n-th (from 1) allocation fails; 0: none does. Counts begin anew. */
void failing_arm(unsigned n, enum failing_mode mode);
/* No more allocation fails or is counted. */
void failing_disarm(void);

/* Since failing_arm: how many were asked for, whether one failed, and how many of those
 * that were given are not yet freed. */
unsigned failing_asked(void);
bool failing_failed(void);
long failing_held(void);

#endif
