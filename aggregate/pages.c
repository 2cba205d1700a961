#include "pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* What is smaller is left to malloc. */
#define LARGE ((size_t)128 << 10)
/* No system has larger pages, but for its huge ones. */
#define PAGE ((size_t)64 << 10)

static size_t round_up(size_t bytes, size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

static void *map(size_t bytes)
{
    void *memory = mmap(NULL, round_up(bytes, PAGE), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

/* Begins on a huge page: what is before that, and behind the end, goes back. */
static void *map_huge(size_t bytes)
{
    const size_t wanted = round_up(bytes, PAGE);
    unsigned char *memory = map(wanted + FF_HUGE_PAGE);
    if (!memory)
        return NULL;
    const size_t before = -(uintptr_t)memory & (FF_HUGE_PAGE - 1);
    if (before)
        (void)munmap(memory, before);
    (void)munmap(memory + before + wanted, FF_HUGE_PAGE - before);
    (void)madvise(memory + before, bytes / FF_HUGE_PAGE * FF_HUGE_PAGE, MADV_HUGEPAGE);
    return memory + before;
}

void *ff_pages_take(size_t bytes)
{
    if (bytes > SIZE_MAX - 2 * FF_HUGE_PAGE)
        return NULL;
    if (bytes < LARGE)
        return aligned_alloc(FF_CACHE_LINE, round_up(bytes, FF_CACHE_LINE));
    return bytes < FF_HUGE_PAGE ? map(bytes) : map_huge(bytes);
}

void ff_pages_free(void *memory, size_t bytes)
{
    if (bytes < LARGE)
        free(memory);
    else if (memory)
        (void)munmap(memory, round_up(bytes, PAGE));
}

/* One of both is not large: from the heap to the system's, or the other way. */
static void *move(void *memory, size_t old, size_t bytes)
{
    void *moved = bytes < LARGE ? malloc(bytes) : map(bytes);
    if (moved && old)
        memcpy(moved, memory, old < bytes ? old : bytes);
    if (moved)
        ff_pages_free(memory, old);
    return moved;
}

void *ff_pages_resize(void *memory, size_t old, size_t bytes)
{
    if (bytes > SIZE_MAX - PAGE)
        return NULL;
    if (old < LARGE && bytes < LARGE)
        return realloc(memory, bytes);
    if (old < LARGE || bytes < LARGE)
        return move(memory, old, bytes);
    void *moved =
        mremap(memory, round_up(old, PAGE), round_up(bytes, PAGE), MREMAP_MAYMOVE);
    return moved == MAP_FAILED ? NULL : moved;
}
