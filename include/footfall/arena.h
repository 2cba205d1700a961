/* Memory that is freed together: a list of blocks and a bump pointer. An arena has a
 * cap in bytes; at the cap (and when memory runs out) it gives NULL and stays usable.
 * What it held is wiped before it goes back. Not for threads to share. */
#ifndef FOOTFALL_ARENA_H
#define FOOTFALL_ARENA_H

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "footfall/span.h"
#include "footfall/wipe.h"

struct ff_arena_block {
    struct ff_arena_block *next;
    size_t size;
    _Alignas(16) unsigned char bytes[];
};

/* Set up by ff_arena_init, released by ff_arena_clear; owned by whoever holds it. */
struct ff_arena {
    struct ff_arena_block *blocks; /* the newest first; it is the one in use */
    size_t used;                   /* bytes taken of the newest block */
    size_t held_bytes;             /* bytes of all blocks */
    size_t cap_bytes;
    size_t block_bytes;
};

/* `cap_bytes` bounds what all blocks may hold; blocks have `block_bytes` or, for a
 * larger request, what it needs. */
static inline void ff_arena_init(struct ff_arena *arena, size_t block_bytes,
                                 size_t cap_bytes)
{
    *arena = (struct ff_arena) { .cap_bytes = cap_bytes, .block_bytes = block_bytes };
}

/* Wipes and frees every block; what was taken from the arena dies here. Usable again
 * after. */
static inline void ff_arena_clear(struct ff_arena *arena)
{
    while (arena->blocks) {
        struct ff_arena_block *next = arena->blocks->next;
        ff_wipe_free(arena->blocks, sizeof *next + arena->blocks->size);
        arena->blocks = next;
    }
    arena->used = arena->held_bytes = 0;
}

/* Forgets what was taken but keeps one block, so that a batch costs no malloc. */
static inline void ff_arena_reset(struct ff_arena *arena)
{
    while (arena->blocks && arena->blocks->next) {
        struct ff_arena_block *next = arena->blocks->next;
        arena->held_bytes -= arena->blocks->size;
        ff_wipe_free(arena->blocks, sizeof *next + arena->blocks->size);
        arena->blocks = next;
    }
    arena->used = 0;
}

/* `align` is a power of two up to 16. NULL at the cap or when memory ran out. */
static inline void *ff_arena_take(struct ff_arena *arena, size_t size, size_t align)
{
    assert(align && align <= 16 && (align & (align - 1)) == 0);
    struct ff_arena_block *block = arena->blocks;
    size_t at = (arena->used + align - 1) & ~(align - 1);
    if (!block || at > block->size || size > block->size - at) {
        const size_t want = size > arena->block_bytes ? size : arena->block_bytes;
        if (want > arena->cap_bytes || arena->held_bytes > arena->cap_bytes - want)
            return NULL;
        struct ff_arena_block *fresh =
            (struct ff_arena_block *)malloc(sizeof *fresh + want);
        if (!fresh)
            return NULL;
        fresh->next = block;
        fresh->size = want;
        arena->blocks = fresh;
        arena->held_bytes += want;
        block = fresh;
        at = 0;
    }
    arena->used = at + size;
    return block->bytes + at;
}

#define FF_ARENA_NEW(arena, type, count)                                               \
    ((type *)ff_arena_take((arena), sizeof(type) * (count), _Alignof(type)))

/* A copy of `s` in the arena; its data is NULL when the arena is at its cap. */
static inline struct ff_span ff_arena_copy(struct ff_arena *arena, struct ff_span s)
{
    char *copy = (char *)ff_arena_take(arena, s.len ? s.len : 1, 1);
    if (copy && s.len)
        memcpy(copy, s.data, s.len);
    return (struct ff_span) { copy, copy ? s.len : 0 };
}

#endif
