/* The cells of a table: exact counts of every key. Visitors are counted one after the
 * other, grouped by network, so one stamp in a cell tells whether it has seen the
 * visit, the visitor and the network that is being counted.
 *
 * A cell that is rare in the end folds, and its visitors have to be told apart in what
 * it folds into. So each visitor of a cell is marked down until the cell can stand: of
 * those that stay rare all are, of the others few. No second walk is needed. */
#ifndef FF_CELLS_H
#define FF_CELLS_H

#include "keys.h"

/* A table's cell 0 is "other". */
#define FF_CELL_OTHER 0
/* Measures beside the first, that are sums. */
#define FF_CELL_MORE 3

struct ff_threshold {
    uint32_t visitors, networks;
};

struct ff_cell {
    uint64_t key;
    uint64_t count; /* the additive measure */
    uint32_t visitors;
    uint32_t networks;       /* until it is settled */
    uint32_t seen;           /* number of the visit that was counted last */
    uint32_t target : 30;    /* the cell it is published in: itself, a section, other */
    uint32_t is_barred : 1;  /* may be no row, whatever its counts */
    uint32_t is_settled : 1; /* has been seen to stand while it was counted */
};

/* That a cell has counted a visitor; of pages, a visit. */
struct ff_mark {
    uint32_t cell, visit;
};

/* Where a visitor's visits begin, by the numbers that marks have; and whether it is the
 * first of its network. */
struct ff_start {
    uint32_t visit : 31;
    uint32_t is_network : 1;
};

/* Of a walk, in order. */
struct ff_starts {
    struct ff_start *items;
    uint32_t n, cap;
};

/* Who is being counted: numbers of visits, from 1. All of a visitor's are not less than
 * `visitor`, all of a network's not less than `network`. */
struct ff_now {
    uint32_t visit, visitor, network;
};

struct ff_cells {
    const struct ff_keys *keys;
    const struct ff_starts *starts; /* of the walk that counts */
    const struct ff_secret *secret;
    enum ff_table table;
    struct ff_threshold least; /* 0: a closed list */
    struct ff_cell *cells;
    uint64_t (*more)[FF_CELL_MORE]; /* measures behind the first; NULL: it has none */
    uint32_t n, cap;
    uint32_t cap_more; /* not less than cap, if there are any */
    uint32_t *slots;   /* places in `cells` by hash of key */
    uint32_t mask;
    uint16_t *near; /* places of keys that were counted lately, by their low bits */
    uint32_t near_mask;
    struct ff_mark *marks;
    uint32_t n_marks, cap_marks;
    size_t most_bytes; /* of cells and marks */
    bool is_full;      /* to be thinned before the next count */
    bool is_capped;    /* cells were thinned */
    bool is_closed;    /* new keys are in "other" */
    bool is_out_of_memory;
};

/* False when memory ran out; to be cleared in any case. */
FF_MUST_USE bool ff_cells_init(struct ff_cells *cells, const struct ff_keys *keys,
                               enum ff_table table, struct ff_threshold least);
/* Bytes of cells and marks. */
size_t ff_cells_bytes(const struct ff_cells *cells);
/* After cells were taken out: gives back what they held, and makes the slots anew.
 * False when memory ran out. */
FF_MUST_USE bool ff_cells_shrink(struct ff_cells *cells);
void ff_cells_clear(struct ff_cells *cells);
/* The same, but for the marks. */
void ff_cells_keep_marks(struct ff_cells *cells);

/* Place of a new cell; "other" when memory ran out. */
uint32_t ff_cells_add(struct ff_cells *cells, uint64_t key);

/* Adds another's cells. places[i] becomes where its cell i is here; there must be room
 * for from->n. */
void ff_cells_join(struct ff_cells *cells, const struct ff_cells *from,
                   uint32_t *places);

static inline uint32_t ff_cells_hash(const struct ff_cells *cells, uint64_t key)
{
    return (uint32_t)ff_hash_number(cells->secret, key);
}

/* Have the slot of a key that has this hash, and, once that is there, the cell, read
 * ahead of a count. */
static inline void ff_cells_foresee_slot(const struct ff_cells *cells, uint32_t hash)
{
    __builtin_prefetch(&cells->slots[hash & cells->mask]);
}

static inline void ff_cells_foresee_cell(const struct ff_cells *cells, uint32_t hash)
{
    __builtin_prefetch(&cells->cells[cells->slots[hash & cells->mask]]);
}

/* Place of the cell of `key`, which has this hash; FF_CELL_OTHER if there is none. */
static inline uint32_t ff_cells_find_hashed(const struct ff_cells *cells, uint64_t key,
                                            uint32_t hash)
{
    uint32_t at = hash & cells->mask;
    for (; cells->slots[at]; at = (at + 1) & cells->mask)
        if (cells->cells[cells->slots[at]].key == key)
            return cells->slots[at];
    return FF_CELL_OTHER;
}

static inline uint32_t ff_cells_find(const struct ff_cells *cells, uint64_t key)
{
    return ff_cells_find_hashed(cells, key, ff_cells_hash(cells, key));
}

/* Where in `near` a key may be: numbers of words are small, and codes of countries and
 * languages are two letters, so mostly each has a place of its own. */
static inline uint16_t *ff_cells_near(const struct ff_cells *cells, uint64_t key)
{
    return &cells->near[(key ^ key >> 3 ^ key >> 27) & cells->near_mask];
}

static inline bool ff_cell_is_section(const struct ff_cell *cell)
{
    return cell->key & FF_SECTION_KEY;
}

/* Whether a cell may be a row of its own, so far. */
static inline bool ff_cell_stands(const struct ff_cells *cells,
                                  const struct ff_cell *cell)
{
    return (cell->visitors >= cells->least.visitors) &
           (cell->networks >= cells->least.networks) & !cell->is_barred;
}

/* Counts who is there now. Gives whether the visit is new to the cell, and the visitor.
 */
struct ff_news {
    bool visit, visitor;
};
static inline struct ff_news ff_cell_see(struct ff_cell *cell, const struct ff_now *now)
{
    const struct ff_news news = { cell->seen != now->visit, cell->seen < now->visitor };
    cell->visitors += news.visitor;
    cell->networks += cell->seen < now->network;
    cell->seen = now->visit;
    return news;
}

/* Makes room: see thin.c. Places of cells change. */
void ff_cells_thin(struct ff_cells *cells);

/* Counts `n` into the cell of `key`, for whoever is there now (NULL: nobody). Gives its
 * place, which is good until the next count. */
uint32_t ff_cells_count(struct ff_cells *cells, const struct ff_now *now, uint64_t key,
                        uint64_t n);
/* The same, for a key whose hash is known and that is not looked for in `near`. */
uint32_t ff_cells_count_hashed(struct ff_cells *cells, const struct ff_now *now,
                               uint64_t key, uint32_t hash, uint64_t n);

/* Whether a cell is a row of its own. */
static inline bool ff_cell_is_row(const struct ff_cells *cells, uint32_t i)
{
    return i != FF_CELL_OTHER && cells->cells[i].target == i &&
           cells->cells[i].count > 0;
}

#endif
