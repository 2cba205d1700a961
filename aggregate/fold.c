/* Folding, a table at a time: rare cells fold into their section, which is counted;
 * sections that are still rare fold into "other", which is counted; and if "other"
 * cannot stand, the smallest row goes into it. One is enough: each row has the visitors
 * and networks that "other" needs. Counting is by the marks of rare cells: what a sum
 * is is added, who is in it is told apart by the numbers of visits. */
#include "fold.h"

#include "thin.h"

/* Whether row `a` goes into "other" before row `b`: it has fewer visitors, or a text
 * that comes first. */
static bool is_smaller(struct ff_cells *cells, struct ff_arena *arena, uint32_t a,
                       uint32_t b)
{
    const struct ff_cell *x = &cells->cells[a], *y = &cells->cells[b];
    if (x->visitors != y->visitors)
        return x->visitors < y->visitors;
    struct ff_span p[FF_KEY_PARTS], q[FF_KEY_PARTS];
    ff_key_text(cells->keys, cells->table, x->key, arena, p);
    ff_key_text(cells->keys, cells->table, y->key, arena, q);
    if (!p[0].data || !q[0].data) {
        cells->is_out_of_memory = true;
        return false;
    }
    for (int i = 0; i < FF_KEY_PARTS; i++) {
        const int order = ff_span_compare(p[i], q[i]);
        if (order)
            return order < 0;
    }
    return false;
}

/* Sends the smallest row into "other"; false when there is none. */
static bool give_up_a_row(struct ff_cells *cells)
{
    uint32_t smallest = FF_CELL_OTHER;
    struct ff_arena arena;
    ff_arena_init(&arena, 4096, SIZE_MAX);
    for (uint32_t i = 1; i < cells->n; i++)
        if (ff_cell_is_row(cells, i) &&
            (!smallest || is_smaller(cells, &arena, i, smallest)))
            smallest = i;
    ff_arena_clear(&arena);
    if (!smallest)
        return false;
    cells->cells[smallest].target = FF_CELL_OTHER;
    ff_cells_add_measures(cells, FF_CELL_OTHER, smallest);
    return true;
}

/* Counts all walks' marks, of numbers that go on from walk to walk. */
static void count_all(struct ff_tally *tallies, size_t n_tallies, enum ff_table table,
                      bool is_final)
{
    uint32_t base = 0;
    for (size_t i = 0; i < n_tallies; i++) {
        const struct ff_cells *marked = &tallies[i].tables[table];
        ff_marks_count(&tallies[0].tables[table], marked->marks, marked->n_marks,
                       &tallies[i].starts, base, is_final);
        base += tallies[i].now.visit;
    }
}

enum ff_err ff_fold(struct ff_tally *tallies, size_t n_tallies,
                    bool is_present[FF_TABLES], struct ff_fault *fault)
{
    for (int i = 0; i < FF_TABLES; i++) {
        struct ff_cells *cells = &tallies[0].tables[i];
        is_present[i] = true;
        if (!cells->least.visitors)
            continue;
        ff_cells_fold_rare(cells, UINT32_MAX);
        count_all(tallies, n_tallies, (enum ff_table)i, false);
        if (ff_cells_fold_sections(cells, UINT32_MAX)) {
            count_all(tallies, n_tallies, (enum ff_table)i, true);
            if (!ff_cell_stands(cells, &cells->cells[FF_CELL_OTHER]))
                is_present[i] = give_up_a_row(cells);
        }
        if (cells->is_out_of_memory)
            return ff_fault_nomem(fault);
    }
    return FF_OK;
}
