/* Memory that one thread writes at every line or batch and another one reads beside:
 * in a cache line of both, each write would take the line from the other's processor
 * ("false sharing": Intel 64 and IA-32 Architectures Optimization Reference Manual,
 * 11.6.3). */
#ifndef FOOTFALL_APART_H
#define FOOTFALL_APART_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Two cache lines: with a line the processor fetches its neighbour. For _Alignas of a
 * structure's first member, so that all of an array lie apart. */
#define FF_APART 128

/* As calloc, for structures aligned so; goes back by free. NULL when memory ran out. */
static inline void *ff_apart_take(size_t n, size_t size)
{
    if (n == 0 || size % FF_APART || n > SIZE_MAX / size)
        return NULL;
    void *memory = aligned_alloc(FF_APART, n * size);
    if (memory)
        memset(memory, 0, n * size);
    return memory;
}

#endif
