/* An index over records in an array: hash to place. Slots are 8 bytes and lie beside
 * the records, so that a probe costs one cache miss; the tag is 32 bits of the hash, so
 * that a record is touched only when it most likely is the one. A tag may be a part of
 * a token: slots are wiped before they go back. */
#ifndef FF_INDEX_H
#define FF_INDEX_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "footfall/wipe.h"
#include "pages.h"

#define FF_INDEX_NONE UINT32_MAX

struct ff_index_slot {
    uint32_t tag;
    uint32_t item; /* place of the record + 1; 0 is a free slot */
};

/* Zeroed at the start; freed by ff_index_clear. */
struct ff_index {
    struct ff_index_slot *slots;
    uint32_t mask, n;
};

static inline size_t ff_index_bytes(const struct ff_index *index)
{
    return index->slots ? ((size_t)index->mask + 1) * sizeof *index->slots : 0;
}

static inline void ff_index_clear(struct ff_index *index)
{
    ff_wipe(index->slots, ff_index_bytes(index));
    ff_pages_free(index->slots, ff_index_bytes(index));
    *index = (struct ff_index) { 0 };
}

/* The next record that may have this hash; FF_INDEX_NONE when there is none. *probe is
 * 0 at the start of a search and kept between calls. */
static inline uint32_t ff_index_next(const struct ff_index *index, uint64_t hash,
                                     uint32_t *probe)
{
    if (!index->slots)
        return FF_INDEX_NONE;
    for (;; ++*probe) {
        const struct ff_index_slot slot =
            index->slots[((uint32_t)hash + *probe) & index->mask];
        if (slot.item == 0)
            return FF_INDEX_NONE;
        if (slot.tag == (uint32_t)hash) {
            ++*probe;
            return slot.item - 1;
        }
    }
}

/* The record that has this hash if it has the slot where it is looked for first, as
 * what was added a short while ago does (ff_index_add_front); else any one. Without a
 * branch. The index must have one. */
static inline uint32_t ff_index_guess(const struct ff_index *index, uint64_t hash)
{
    const uint32_t item = index->slots[(uint32_t)hash & index->mask].item;
    return item - (item != 0);
}

static inline void ff_index_put(struct ff_index *index, uint32_t tag, uint32_t item)
{
    uint32_t at = tag & index->mask;
    while (index->slots[at].item)
        at = (at + 1) & index->mask;
    index->slots[at] = (struct ff_index_slot) { tag, item };
}

/* Puts in the records of so many slots of another index. Which of those are free nobody
 * can foresee: first the others are gathered, without a branch. */
static inline void ff_index_put_all(struct ff_index *index,
                                    const struct ff_index_slot *slots, size_t n)
{
    struct ff_index_slot taken[64];
    for (size_t i = 0; i < n; i += sizeof taken / sizeof *taken) {
        size_t n_taken = 0;
        for (size_t j = 0; j < sizeof taken / sizeof *taken; j++) {
            taken[n_taken] = slots[i + j];
            n_taken += slots[i + j].item != 0;
        }
        for (size_t j = 0; j < n_taken; j++)
            ff_index_put(index, taken[j].tag, taken[j].item);
    }
    ff_wipe(taken, sizeof taken);
}

/* Makes room for one more; half the slots stay free. False when memory ran out. */
static inline bool ff_index_reserve(struct ff_index *index)
{
    if (index->slots && index->n < index->mask / 2)
        return true;
    const size_t old = index->slots ? (size_t)index->mask + 1 : 0;
    const size_t size = old ? old * 2 : 256;
    struct ff_index_slot *slots =
        size <= UINT32_MAX / 2 ? ff_pages_take(size * sizeof *slots) : NULL;
    if (!slots)
        return false;
    /* Not calloc: of a page that is read before it is written the system gives first
     * its page of zeroes, and then another. */
    memset(slots, 0, size * sizeof *slots);
    struct ff_index bigger = { slots, (uint32_t)size - 1, index->n };
    ff_index_put_all(&bigger, index->slots, old);
    ff_index_clear(index);
    *index = bigger;
    return true;
}

/* Bytes that ff_index_reserve would add now. */
static inline size_t ff_index_growth(const struct ff_index *index)
{
    if (!index->slots)
        return 256 * sizeof *index->slots;
    return index->n < index->mask / 2 ? 0 : ff_index_bytes(index);
}

/* Whether one more may be added without ff_index_reserve, where that has no room:
 * searches are longer then. A quarter of the slots stays free. */
static inline bool ff_index_can_fill_up(const struct ff_index *index)
{
    return index->slots && index->n < index->mask - index->mask / 4;
}

/* Has the slot of a hash read ahead of a search. */
static inline void ff_index_prefetch(const struct ff_index *index, uint64_t hash)
{
    if (index->slots)
        __builtin_prefetch(&index->slots[(uint32_t)hash & index->mask]);
}

/* Adds a record that is not in the index, after ff_index_reserve. */
static inline void ff_index_add(struct ff_index *index, uint64_t hash, uint32_t place)
{
    ff_index_put(index, (uint32_t)hash, place + 1);
    index->n++;
}

/* The same, but the record gets the slot where it is looked for first, and those that
 * are there and behind move on: for records that are mostly looked for when new. */
static inline void ff_index_add_front(struct ff_index *index, uint64_t hash,
                                      uint32_t place)
{
    struct ff_index_slot moved = { (uint32_t)hash, place + 1 };
    for (uint32_t at = moved.tag & index->mask; moved.item;
         at = (at + 1) & index->mask) {
        const struct ff_index_slot there = index->slots[at];
        index->slots[at] = moved;
        moved = there;
    }
    index->n++;
}

#endif
