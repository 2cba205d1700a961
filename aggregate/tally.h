/* The tally of a period: exact counts of every cell, never written. It is filled by
 * walking the visitors grouped by network, so that distinct visitors and networks of a
 * cell are counted exactly with one stamp each. */
#ifndef FF_TALLY_H
#define FF_TALLY_H

#include "visits.h"

#define FF_CELL_MEASURES 4
/* Every table's cell 0 is "other". */
#define FF_CELL_OTHER 0
/* Set in the key of a section (of pages, or a browser's family, or a channel). */
#define FF_SECTION_KEY ((uint64_t)1 << 63)

struct ff_cell {
    uint64_t key;
    uint64_t measures[FF_CELL_MEASURES]; /* as in ff_table_infos, visitors left out */
    uint32_t visitors, networks;
    uint32_t seen_visitor, seen_network, seen_visit; /* stamps */
    uint32_t target; /* the cell it is published in: itself, a section, or other */
};

struct ff_cells {
    struct ff_cell *cells;
    uint32_t n, cap;
    struct ff_index index;
};

/* What a walk counts: all cells, or only what is folded into sections or into other. */
enum ff_pass { FF_PASS_CELLS, FF_PASS_SECTIONS, FF_PASS_OTHER };

struct ff_tally {
    struct ff_visitors *visitors;
    uint32_t *by_network;      /* places of visitors, grouped by network */
    struct ff_names names;     /* browsers, systems, devices, robots */
    struct ff_names campaigns; /* three numbers of visitors->sources, as bytes */
    struct ff_cells tables[FF_TABLES];
    struct ff_reconciliation reconciliation;
    struct ff_totals totals;
    uint32_t networks; /* distinct, of totals.visitors */
    struct ff_walk walk;
    /* Of the walk that is going on: */
    enum ff_pass pass;
    uint32_t mask;                    /* bit of each table that is counted */
    uint32_t visitor, network, visit; /* stamps, from 1 */
    uint32_t seen_network;            /* the last that `networks` has counted */
    bool is_visitor; /* the hits are a visitor's, not just a client's */
    bool is_out_of_memory;
};

/* Borrows `visitors`, whose names it adds sections to. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_tally_init(struct ff_tally *tally,
                                      struct ff_visitors *visitors,
                                      struct ff_fault *fault);
void ff_tally_clear(struct ff_tally *tally);

/* Walks all visitors. FF_PASS_CELLS makes and counts every cell, totals and the
 * reconciliation, once; the others count the targets of cells of the tables in `mask`,
 * whose counts must be zero. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_tally_walk(struct ff_tally *tally, enum ff_pass pass,
                                      uint32_t mask, struct ff_fault *fault);

/* Place of the cell with `key`, made if need be; 0 (other) when memory ran out. */
uint32_t ff_tally_cell(struct ff_tally *tally, enum ff_table table, uint64_t key);

#endif
