#include "cells.h"

#include "pages.h"

#define FIRST_CAP   16
#define FIRST_MARKS 64
/* A power of two. Transitions are too many for it. */
#define NEAR 1024

static bool has_more(enum ff_table table)
{
    const struct ff_table_info *info = &ff_table_infos[table];
    return info->n_measures - (info->visitors >= 0) > 1;
}

bool ff_cells_init(struct ff_cells *c, const struct ff_keys *keys, enum ff_table table,
                   struct ff_threshold least)
{
    *c = (struct ff_cells) { .keys = keys,
                             .secret = keys->words->keys.secret,
                             .table = table,
                             .least = least,
                             .n = 1, /* other */
                             .cap = FIRST_CAP,
                             .mask = 2 * FIRST_CAP - 1,
                             .most_bytes = SIZE_MAX };
    c->cells = calloc(c->cap, sizeof *c->cells);
    c->slots = calloc(c->mask + 1, sizeof *c->slots);
    c->near_mask = table == FF_TRANSITIONS ? 0 : NEAR - 1;
    c->near = calloc(c->near_mask + 1, sizeof *c->near);
    if (has_more(table)) {
        c->more = calloc(c->cap, sizeof *c->more);
        c->cap_more = c->cap;
    }
    return c->cells && c->slots && c->near && (c->more || !has_more(table));
}

void ff_cells_keep_marks(struct ff_cells *c)
{
    ff_pages_free(c->cells, c->cap * sizeof *c->cells);
    ff_pages_free(c->more, c->cap_more * sizeof *c->more);
    ff_pages_free(c->slots, ((size_t)c->mask + 1) * sizeof *c->slots);
    free(c->near);
    c->cells = NULL;
    c->more = NULL;
    c->slots = NULL;
    c->near = NULL;
    c->n = c->cap = c->cap_more = 0;
}

void ff_cells_clear(struct ff_cells *c)
{
    ff_cells_keep_marks(c);
    ff_pages_free(c->marks, c->cap_marks * sizeof *c->marks);
    *c = (struct ff_cells) { 0 };
}

size_t ff_cells_bytes(const struct ff_cells *c)
{
    return c->cap * (sizeof *c->cells + (c->more ? sizeof *c->more : 0)) +
           ((size_t)c->mask + 1) * sizeof *c->slots + c->cap_marks * sizeof *c->marks;
}

/* How many more there is to be room for: half as many, or a few if that would be too
 * much, and then it is time to thin. */
static uint32_t growth(struct ff_cells *c, uint32_t cap, size_t size)
{
    const uint32_t more = cap / 2 > FIRST_MARKS ? cap / 2 : FIRST_MARKS;
    if (ff_cells_bytes(c) + more * size <= c->most_bytes)
        return more;
    c->is_full = true;
    return FIRST_MARKS;
}

static void put(uint32_t *slots, uint32_t mask, uint64_t hash, uint32_t place)
{
    uint32_t at = (uint32_t)hash & mask;
    while (slots[at])
        at = (at + 1) & mask;
    slots[at] = place;
}

static bool make_slots(struct ff_cells *c, uint32_t mask)
{
    const size_t bytes = ((size_t)mask + 1) * sizeof(uint32_t);
    uint32_t *slots = ff_pages_take(bytes);
    if (!slots)
        return false;
    memset(slots, 0, bytes);
    for (uint32_t i = 1; i < c->n; i++)
        put(slots, mask, ff_hash_number(c->secret, c->cells[i].key), i);
    ff_pages_free(c->slots, ((size_t)c->mask + 1) * sizeof *slots);
    c->slots = slots;
    c->mask = mask;
    return true;
}

static bool resize_cells(struct ff_cells *c, uint32_t cap)
{
    struct ff_cell *cells =
        ff_pages_resize(c->cells, c->cap * sizeof *cells, cap * sizeof *cells);
    if (!cells)
        return false;
    c->cells = cells;
    c->cap = cap;
    return true;
}

static bool resize_more(struct ff_cells *c, uint32_t cap)
{
    if (!c->more)
        return true;
    uint64_t(*more)[FF_CELL_MORE] =
        ff_pages_resize(c->more, c->cap_more * sizeof *more, cap * sizeof *more);
    if (!more)
        return false;
    c->more = more;
    c->cap_more = cap;
    return true;
}

static bool resize_marks(struct ff_cells *c, uint32_t cap)
{
    struct ff_mark *marks =
        ff_pages_resize(c->marks, c->cap_marks * sizeof *marks, cap * sizeof *marks);
    if (!marks)
        return false;
    c->marks = marks;
    c->cap_marks = cap;
    return true;
}

static bool grow_cells(struct ff_cells *c)
{
    const size_t size =
        sizeof *c->cells + (c->more ? sizeof *c->more : 0) + 4 * sizeof *c->slots;
    const uint32_t cap = c->cap + growth(c, c->cap, size);
    return resize_more(c, cap) && resize_cells(c, cap);
}

bool ff_cells_shrink(struct ff_cells *c)
{
    memset(c->near, 0, (c->near_mask + 1) * sizeof *c->near);
    const uint32_t cap = c->n + c->n / 8 + FIRST_MARKS;
    if (cap >= c->cap)
        return make_slots(c, c->mask);
    uint32_t mask = 2 * FIRST_CAP - 1;
    while (mask / 2 < cap)
        mask = mask * 2 + 1;
    const uint32_t cap_marks = c->n_marks + c->n_marks / 8 + FIRST_MARKS;
    return resize_cells(c, cap) && resize_more(c, cap) &&
           (cap_marks >= c->cap_marks || resize_marks(c, cap_marks)) &&
           make_slots(c, mask);
}

uint32_t ff_cells_add(struct ff_cells *c, uint64_t key)
{
    if (c->is_closed)
        return FF_CELL_OTHER;
    if ((c->n == c->cap && !grow_cells(c)) ||
        (c->n > c->mask / 2 && !make_slots(c, c->mask * 2 + 1))) {
        c->is_out_of_memory = true;
        return FF_CELL_OTHER;
    }
    const bool is_section = key & FF_SECTION_KEY;
    c->cells[c->n] = (struct ff_cell) {
        .key = key,
        .is_barred = !is_section && !ff_key_may_stand(c->keys, c->table, key),
        .target = c->n,
    };
    if (c->more)
        memset(c->more[c->n], 0, sizeof c->more[c->n]);
    put(c->slots, c->mask, ff_hash_number(c->secret, key), c->n);
    return c->n++;
}

static void grow_marks(struct ff_cells *c)
{
    const uint32_t cap = c->cap_marks + growth(c, c->cap_marks, sizeof *c->marks);
    c->is_out_of_memory |= !resize_marks(c, cap);
}

/* Marks down that the cell at `i` has counted a visitor or, of pages, a visit. */
static __attribute__((noinline)) uint32_t mark(struct ff_cells *c, uint32_t i,
                                               uint32_t visit)
{
    if (c->n_marks == c->cap_marks)
        grow_marks(c);
    if (c->n_marks < c->cap_marks)
        c->marks[c->n_marks++] = (struct ff_mark) { i, visit };
    return i;
}

/* For a cell that has not been seen to stand: once it stands, it does, and networks are
 * counted no more. */
static __attribute__((noinline)) uint32_t see_at(struct ff_cells *c, uint32_t i,
                                                 const struct ff_now *now)
{
    struct ff_cell *cell = &c->cells[i];
    const struct ff_news news = ff_cell_see(cell, now);
    const bool is_pages = c->table == FF_PAGES;
    if (is_pages)
        c->more[i][0] += news.visit;
    cell->is_settled = ff_cell_stands(c, cell);
    if (cell->is_settled || !c->least.visitors)
        return i;
    return (is_pages ? news.visit : news.visitor) ? mark(c, i, now->visit) : i;
}

/* Counts into the cell at `i`, and marks it down if need be. What is new to a cell is
 * no branch's guess. */
static inline uint32_t count_at(struct ff_cells *c, uint32_t i,
                                const struct ff_now *now, uint64_t n)
{
    struct ff_cell *cell = &c->cells[i];
    cell->count += n;
    if (!now)
        return i;
    if (!cell->is_settled)
        return see_at(c, i, now);
    if (c->table == FF_PAGES)
        c->more[i][0] += cell->seen != now->visit;
    cell->visitors += cell->seen < now->visitor;
    cell->seen = now->visit;
    return i;
}

uint32_t ff_cells_count_hashed(struct ff_cells *c, const struct ff_now *now,
                               uint64_t key, uint32_t hash, uint64_t n)
{
    if (c->is_full)
        ff_cells_thin(c);
    uint32_t i = ff_cells_find_hashed(c, key, hash);
    if (i == FF_CELL_OTHER)
        i = ff_cells_add(c, key);
    return count_at(c, i, now, n);
}

static __attribute__((noinline)) uint32_t
find_and_count(struct ff_cells *c, const struct ff_now *now, uint64_t key, uint64_t n)
{
    const uint32_t i = ff_cells_count_hashed(c, now, key, ff_cells_hash(c, key), n);
    *ff_cells_near(c, key) = i <= UINT16_MAX ? (uint16_t)i : FF_CELL_OTHER;
    return i;
}

/* Not inlined: a dozen copies of it would not stay in the processor's cache of
 * instructions. What is seldom done is done by functions that it ends in, so that it
 * needs no stack. */
__attribute__((noinline)) uint32_t
ff_cells_count(struct ff_cells *c, const struct ff_now *now, uint64_t key, uint64_t n)
{
    const uint32_t i = *ff_cells_near(c, key);
    if (i == FF_CELL_OTHER || c->cells[i].key != key || c->is_full)
        return find_and_count(c, now, key, n);
    return count_at(c, i, now, n);
}

void ff_cells_join(struct ff_cells *c, const struct ff_cells *from, uint32_t *places)
{
    places[FF_CELL_OTHER] = FF_CELL_OTHER;
    for (uint32_t i = 0; i < from->n; i++) {
        const struct ff_cell *cell = &from->cells[i];
        const uint32_t at = i ? ff_cells_count(c, NULL, cell->key, cell->count) : 0;
        places[i] = at;
        c->cells[at].visitors += cell->visitors;
        c->cells[at].networks += cell->networks;
        c->cells[at].is_barred |= cell->is_barred;
        for (int m = 0; c->more && m < FF_CELL_MORE; m++)
            c->more[at][m] += from->more[i][m];
    }
    c->is_out_of_memory |= from->is_out_of_memory;
    c->is_capped |= from->is_capped;
}
