/* Room for visitors' events: each has one block, which is exchanged for the next size
 * when it is full. Blocks that were left are given out again. */
#ifndef FF_EVENT_POOL_H
#define FF_EVENT_POOL_H

#include "budget.h"
#include "event.h"

#define FF_BLOCK_SIZES 48

struct ff_event_chunk;

/* Owned by a period's visitors; zeroed but for the bounds at the start. */
struct ff_event_pool {
    struct ff_budget *budget;
    size_t most_bytes, held_bytes;
    struct ff_event_chunk *chunks; /* the newest first; blocks are cut from it */
    size_t used;                   /* of its events */
    void *left[FF_BLOCK_SIZES];    /* blocks to be given out again, by size */
};

/* Events of a block of this size (0, 1, ...): 4, 8, 12, 16, 24, 32, 48 and so on. */
static inline uint32_t ff_block_events(unsigned size)
{
    return (size % 2 ? 8u : 6u) << size / 2 & ~3u;
}

/* A block; NULL at the bound. */
struct ff_event *ff_event_pool_take(struct ff_event_pool *pool, unsigned size);
void ff_event_pool_leave(struct ff_event_pool *pool, struct ff_event *block,
                         unsigned size);
/* Wipes and frees all blocks, and no more: until it is cleared they count as held, and
 * none may be taken. */
void ff_event_pool_forget(struct ff_event_pool *pool);
void ff_event_pool_clear(struct ff_event_pool *pool);

#endif
