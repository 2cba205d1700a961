#include "event_pool.h"

#include "footfall/wipe.h"
#include "pages.h"

/* Blocks begin on a cache line: so do chunks, and all sizes are whole lines. */
#define FIRST_EVENTS 512 /* most days of a quiet site need no more */

struct ff_event_chunk {
    _Alignas(FF_CACHE_LINE) struct ff_event_chunk *next;
    size_t bytes;
    size_t n; /* of events: room, or, when it is no longer the newest, those in use */
    _Alignas(FF_CACHE_LINE) struct ff_event events[];
};

static size_t bytes_of(size_t events)
{
    return sizeof(struct ff_event_chunk) + events * sizeof(struct ff_event);
}

static bool has_room(const struct ff_event_pool *pool, size_t bytes)
{
    return pool->held_bytes + bytes <= pool->most_bytes &&
           ff_budget_has(pool->budget, bytes);
}

/* How large the next chunk is, which is to have room for so many events: as large as
 * what is held, up to a huge page. */
static size_t next_bytes(const struct ff_event_pool *pool, size_t events)
{
    const size_t least = bytes_of(events > FIRST_EVENTS ? events : FIRST_EVENTS);
    const size_t usual =
        pool->held_bytes < FF_HUGE_PAGE ? pool->held_bytes : FF_HUGE_PAGE;
    return usual > least && has_room(pool, usual) ? usual : least;
}

static struct ff_event_chunk *add_chunk(struct ff_event_pool *pool, size_t events)
{
    const size_t bytes = next_bytes(pool, events);
    struct ff_event_chunk *chunk = has_room(pool, bytes) ? ff_pages_take(bytes) : NULL;
    if (!chunk)
        return NULL;
    *chunk = (struct ff_event_chunk) {
        .next = pool->chunks,
        .bytes = bytes,
        .n = (bytes - sizeof *chunk) / sizeof(struct ff_event),
    };
    if (pool->chunks)
        pool->chunks->n = pool->used;
    pool->chunks = chunk;
    pool->used = 0;
    pool->held_bytes += bytes;
    pool->budget->used += bytes;
    return chunk;
}

static struct ff_event *take_left(struct ff_event_pool *pool, unsigned size)
{
    void *block = pool->left[size];
    if (block)
        memcpy(&pool->left[size], block, sizeof pool->left[size]);
    return block;
}

/* A part of a larger block that was left; its rest is left in pieces. */
static struct ff_event *cut(struct ff_event_pool *pool, unsigned size)
{
    for (unsigned larger = size + 1; larger < FF_BLOCK_SIZES; larger++) {
        struct ff_event *block = take_left(pool, larger);
        if (!block)
            continue;
        uint32_t at = ff_block_events(size), piece = larger;
        const uint32_t n = ff_block_events(larger);
        while (at < n) {
            while (ff_block_events(piece) > n - at)
                piece--;
            ff_event_pool_leave(pool, block + at, piece);
            at += ff_block_events(piece);
        }
        return block;
    }
    return NULL;
}

struct ff_event *ff_event_pool_take(struct ff_event_pool *pool, unsigned size)
{
    if (size >= FF_BLOCK_SIZES)
        return NULL;
    struct ff_event *block = take_left(pool, size);
    if (block)
        return block;
    const uint32_t events = ff_block_events(size);
    struct ff_event_chunk *chunk = pool->chunks;
    if ((!chunk || events > chunk->n - pool->used) &&
        !(chunk = add_chunk(pool, events)))
        return cut(pool, size);
    struct ff_event *taken = chunk->events + pool->used;
    pool->used += events;
    return taken;
}

void ff_event_pool_leave(struct ff_event_pool *pool, struct ff_event *block,
                         unsigned size)
{
    memcpy(block, &pool->left[size], sizeof pool->left[size]);
    pool->left[size] = block;
}

void ff_event_pool_forget(struct ff_event_pool *pool)
{
    if (pool->chunks)
        pool->chunks->n = pool->used;
    while (pool->chunks) {
        struct ff_event_chunk *next = pool->chunks->next;
        const size_t bytes = pool->chunks->bytes;
        ff_wipe(pool->chunks, bytes_of(pool->chunks->n));
        ff_pages_free(pool->chunks, bytes);
        pool->chunks = next;
    }
}

void ff_event_pool_clear(struct ff_event_pool *pool)
{
    ff_event_pool_forget(pool);
    if (pool->budget)
        pool->budget->used -= pool->held_bytes;
    *pool = (struct ff_event_pool) { .budget = pool->budget,
                                     .most_bytes = pool->most_bytes };
}
