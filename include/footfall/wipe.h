/* Memory that held a person is overwritten before it is given back: what is freed stays
 * readable in the process, in a core dump, in swap. */
#ifndef FOOTFALL_WIPE_H
#define FOOTFALL_WIPE_H

#include <stdlib.h>
#include <string.h>

/* Zeroes that no optimizer takes for useless. `size` may be 0. */
static inline void ff_wipe(void *memory, size_t size)
{
    if (!size)
        return;
    memset(memory, 0, size);
    __asm__ __volatile__("" : : "r"(memory) : "memory");
}

/* As free, for `size` bytes. NULL is allowed. */
static inline void ff_wipe_free(void *memory, size_t size)
{
    if (memory)
        ff_wipe(memory, size);
    free(memory);
}

/* As realloc from `old` bytes to more, but the old place is wiped. On NULL it is as it
 * was. */
static inline void *ff_wipe_grow(void *memory, size_t old, size_t size)
{
    void *grown = malloc(size);
    if (grown && old)
        memcpy(grown, memory, old);
    if (grown)
        ff_wipe_free(memory, old);
    return grown;
}

/* What calls that have returned left on the stack: addresses, keys, pieces of lines.
 * None of ours goes deeper than this below its caller. */
#define FF_WIPE_STACK_BYTES ((size_t)128 * 1024)
__attribute__((noinline, unused)) static void ff_wipe_stack(void)
{
    unsigned char below[FF_WIPE_STACK_BYTES];
    ff_wipe(below, sizeof below);
}

#endif
