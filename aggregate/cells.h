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
    uint32_t networks : 31;
    uint32_t is_barred : 1; /* may be no row, whatever its counts */
    uint32_t seen;          /* number of the visit that was counted last */
    uint32_t target;        /* the cell it is published in: itself, a section, other */
};

/* That a cell has counted a visitor; of pages, a visit. */
struct ff_mark {
    uint32_t cell, visit;
};

/* Who is being counted: numbers of visits, from 1. All of a visitor's are not less than
 * `visitor`, all of a network's not less than `network`. */
struct ff_now {
    uint32_t visit, visitor, network;
};

struct ff_cells {
    const struct ff_keys *keys;
    const struct ff_secret *secret;
    enum ff_table table;
    struct ff_threshold least; /* 0: a closed list */
    struct ff_cell *cells;
    uint64_t (*more)[FF_CELL_MORE]; /* measures behind the first; NULL: it has none */
    uint32_t n, cap;
    uint32_t *slots; /* places in `cells` by hash of key */
    uint32_t mask;
    struct ff_mark *marks;
    uint32_t n_marks, cap_marks;
    bool is_out_of_memory;
};

/* False when memory ran out; to be cleared in any case. */
FF_MUST_USE bool ff_cells_init(struct ff_cells *cells, const struct ff_keys *keys,
                               enum ff_table table, struct ff_threshold least);
void ff_cells_clear(struct ff_cells *cells);

/* Place of a new cell; "other" when memory ran out. For ff_cells_at. */
uint32_t ff_cells_add(struct ff_cells *cells, uint64_t key);
void ff_cells_grow_marks(struct ff_cells *cells);

/* Adds another's cells. places[i] becomes where its cell i is here; there must be room
 * for from->n. */
void ff_cells_join(struct ff_cells *cells, const struct ff_cells *from,
                   uint32_t *places);

/* Place of the cell of `key`; FF_CELL_OTHER if there is none. */
static inline uint32_t ff_cells_find(const struct ff_cells *cells, uint64_t key)
{
    uint32_t at = (uint32_t)ff_hash_number(cells->secret, key) & cells->mask;
    for (; cells->slots[at]; at = (at + 1) & cells->mask)
        if (cells->cells[cells->slots[at]].key == key)
            return cells->slots[at];
    return FF_CELL_OTHER;
}

/* Whether a cell may be a row of its own, so far. */
static inline bool ff_cell_stands(const struct ff_cells *cells,
                                  const struct ff_cell *cell)
{
    return cell->visitors >= cells->least.visitors &&
           cell->networks >= cells->least.networks && !cell->is_barred;
}

/* Counts who is there now. Gives whether the visit is new to the cell, and the visitor.
 */
struct ff_news {
    bool visit, visitor;
};
static inline struct ff_news ff_cell_see(struct ff_cell *cell, const struct ff_now *now)
{
    const struct ff_news news = { cell->seen != now->visit, cell->seen < now->visitor };
    if (news.visitor) {
        cell->visitors++;
        cell->networks += cell->seen < now->network;
    }
    cell->seen = now->visit;
    return news;
}

/* The same for the cell at `i`, and marks it down if need be. */
static inline void ff_cells_see(struct ff_cells *cells, uint32_t i,
                                const struct ff_now *now)
{
    struct ff_cell *cell = &cells->cells[i];
    if (cell->seen == now->visit)
        return;
    const struct ff_news news = ff_cell_see(cell, now);
    const bool is_pages = cells->table == FF_PAGES;
    if (is_pages)
        cells->more[i][0]++;
    if ((!is_pages && !news.visitor) || !cells->least.visitors ||
        ff_cell_stands(cells, cell))
        return;
    if (cells->n_marks == cells->cap_marks)
        ff_cells_grow_marks(cells);
    if (cells->n_marks < cells->cap_marks)
        cells->marks[cells->n_marks++] = (struct ff_mark) { i, now->visit };
}

/* Counts `n` into the cell of `key`. Gives its place. */
static inline uint32_t ff_cells_count(struct ff_cells *cells, uint64_t key, uint64_t n)
{
    uint32_t i = ff_cells_find(cells, key);
    if (i == FF_CELL_OTHER)
        i = ff_cells_add(cells, key);
    cells->cells[i].count += n;
    return i;
}

/* Whether a cell is a row of its own. */
static inline bool ff_cell_is_row(const struct ff_cells *cells, uint32_t i)
{
    return i != FF_CELL_OTHER && cells->cells[i].target == i &&
           cells->cells[i].count > 0;
}

#endif
