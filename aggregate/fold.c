/* Folding, a table at a time: rare cells fold into their section, which is counted;
 * sections that are still rare fold into "other", which is counted; and if "other"
 * cannot stand, the smallest row goes into it. One is enough: each row has the visitors
 * and networks that "other" needs. Counting is by the marks of rare cells: what a sum
 * is is added, who is in it is told apart by the numbers of visits. */
#include "fold.h"

/* Goes along a walk's starts with the visits that it comes across, in order. */
struct trail {
    const struct ff_start *starts;
    uint32_t n, at;
    uint32_t base; /* numbers of the walks before this one are not above it */
    struct ff_now now;
};

static void follow(struct trail *trail, uint32_t visit)
{
    for (; trail->at < trail->n && trail->starts[trail->at].visit <= visit;
         trail->at++) {
        trail->now.visitor = trail->base + trail->starts[trail->at].visit;
        if (trail->starts[trail->at].is_network)
            trail->now.network = trail->now.visitor;
    }
    trail->now.visit = trail->base + visit;
}

/* Counts the visitors of rare cells into their targets: those of sections, or, when
 * they are final, those of "other". */
static void count_marks(struct ff_tally *tallies, size_t n_tallies, enum ff_table table,
                        bool is_final)
{
    struct ff_cells *cells = &tallies[0].tables[table];
    uint32_t base = 0;
    for (size_t i = 0; i < n_tallies; i++) {
        struct trail trail = { tallies[i].starts, tallies[i].n_starts, 0, base, { 0 } };
        const struct ff_cells *marked = &tallies[i].tables[table];
        for (uint32_t m = 0; m < marked->n_marks; m++) {
            const uint32_t cell = marked->marks[m].cell;
            uint32_t target = cells->cells[cell].target;
            if (target == cell)
                continue;
            if (is_final)
                target = cells->cells[target].target;
            if ((target == FF_CELL_OTHER) != is_final)
                continue;
            follow(&trail, marked->marks[m].visit);
            const struct ff_news news = ff_cell_see(&cells->cells[target], &trail.now);
            if (table == FF_PAGES && news.visit)
                cells->more[target][0]++;
        }
        base += tallies[i].now.visit;
    }
}

/* Adds what is a sum. Visits of pages are no sum. */
static void add_measures(struct ff_cells *cells, uint32_t target, uint32_t cell)
{
    cells->cells[target].count += cells->cells[cell].count;
    for (int i = 0; cells->more && cells->table != FF_PAGES && i < FF_CELL_MORE; i++)
        cells->more[target][i] += cells->more[cell][i];
}

/* Sends each rare cell to its section's cell, or to "other". */
static void fold_into_sections(struct ff_cells *cells)
{
    const uint32_t n = cells->n;
    for (uint32_t i = 1; i < n; i++) {
        if (ff_cell_stands(cells, &cells->cells[i]))
            continue;
        const uint64_t section =
            ff_key_section(cells->keys, cells->table, cells->cells[i].key);
        const uint32_t target =
            section ? ff_cells_count(cells, section, 0) : FF_CELL_OTHER;
        cells->cells[i].target = target;
        if (target != FF_CELL_OTHER)
            add_measures(cells, target, i);
    }
}

/* Sends each section that is still rare to "other", and adds up what "other" is. True
 * if there is anything in it. */
static bool fold_into_other(struct ff_cells *cells)
{
    bool has_other = false;
    for (uint32_t i = 1; i < cells->n; i++) {
        struct ff_cell *cell = &cells->cells[i];
        if (cell->key & FF_SECTION_KEY && !ff_cell_stands(cells, cell))
            cell->target = FF_CELL_OTHER;
        if (cell->target != FF_CELL_OTHER)
            continue;
        has_other = true;
        add_measures(cells, FF_CELL_OTHER, i);
    }
    return has_other;
}

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
    add_measures(cells, FF_CELL_OTHER, smallest);
    return true;
}

enum ff_err ff_fold(struct ff_tally *tallies, size_t n_tallies,
                    bool is_present[FF_TABLES], struct ff_fault *fault)
{
    for (int i = 0; i < FF_TABLES; i++) {
        struct ff_cells *cells = &tallies[0].tables[i];
        is_present[i] = true;
        if (!cells->least.visitors)
            continue;
        fold_into_sections(cells);
        count_marks(tallies, n_tallies, (enum ff_table)i, false);
        if (!fold_into_other(cells))
            continue;
        count_marks(tallies, n_tallies, (enum ff_table)i, true);
        if (!ff_cell_stands(cells, &cells->cells[FF_CELL_OTHER]))
            is_present[i] = give_up_a_row(cells);
        if (cells->is_out_of_memory)
            return ff_fault_nomem(fault);
    }
    return FF_OK;
}
