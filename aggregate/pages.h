/* Memory for what may be large. From 128 KiB on it is the system's own, not the heap's:
 * given back, it is gone from the process at once, and leaves no gap that the next day
 * finds too small. (glibc's malloc keeps large blocks in its heap once one was freed.)
 * Who frees says how large it was, as was asked for. */
#ifndef FF_PAGES_H
#define FF_PAGES_H

#include <stddef.h>

#define FF_HUGE_PAGE  ((size_t)2 << 20)
#define FF_CACHE_LINE ((size_t)64)

/* Begins on a cache line, is not zeroed, and goes back by ff_pages_free. Its whole huge
 * pages are such, where the system has them: it gives one in a third of the time that
 * its small ones take, and the processor finds what lies in it with fewer detours. NULL
 * when memory ran out. */
void *ff_pages_take(size_t bytes);
/* NULL is allowed. What may be of a person is wiped before (ff_wipe). */
void ff_pages_free(void *memory, size_t bytes);
/* As realloc from `old` bytes, 0 with NULL: for arrays of numbers that are no tokens,
 * as the old place is not wiped. Large ones move without a copy, and have small pages.
 */
void *ff_pages_resize(void *memory, size_t old, size_t bytes);

#endif
