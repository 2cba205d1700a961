/* Pages that are there before they are needed, for tables that are looked up before
 * they are written to. Otherwise the first look at a page is given the one of zeroes
 * that all share, and the first write puts another one in its place: that is two
 * faults, and all other threads are stopped to be told of it (a TLB shootdown). */
#ifndef FF_READY_H
#define FF_READY_H

#include <stdint.h>
#include <sys/mman.h>

#define FF_READY_PAGE ((uintptr_t)4096)

/* Gives the whole pages within `memory`, which is private and may be written to, pages
 * of their own. A system that cannot, leaves them as they are. */
static inline void ff_ready(void *memory, size_t bytes)
{
#ifdef MADV_POPULATE_WRITE
    const uintptr_t at = (uintptr_t)memory;
    const uintptr_t from = (at + FF_READY_PAGE - 1) & ~(FF_READY_PAGE - 1);
    const uintptr_t to = (at + bytes) & ~(FF_READY_PAGE - 1);
    if (from < to)
        (void)madvise((char *)memory + (from - at), to - from, MADV_POPULATE_WRITE);
#else
    (void)memory, (void)bytes;
#endif
}

#endif
