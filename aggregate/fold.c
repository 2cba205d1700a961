/* Folding, in walks over the visitors: the cells are counted; rare ones fold into their
 * section, which is counted; sections that are still rare fold into "other", which is
 * counted; and while "other" cannot stand, the smallest rows go into it, one, then two,
 * then four, and it is counted again. */
#include "fold.h"

#include "keys.h"

static bool stands(const struct ff_cell *cell, const struct ff_threshold *least)
{
    return cell->visitors >= least->visitors && cell->networks >= least->networks;
}

static bool has_threshold(const struct ff_folded_table *table)
{
    return table->threshold.visitors > 0;
}

static void zero(struct ff_cell *cell)
{
    *cell = (struct ff_cell) { .key = cell->key, .target = cell->target };
}

/* Sends each rare cell to its section's cell, or to "other". True if a section was
 * made. */
static bool fold_into_sections(struct ff_tally *t, enum ff_table table,
                               const struct ff_threshold *least)
{
    struct ff_cells *cells = &t->tables[table];
    const uint32_t n = cells->n;
    for (uint32_t i = 1; i < n; i++) {
        const uint64_t key = cells->cells[i].key;
        if (stands(&cells->cells[i], least) && ff_key_may_stand(t, table, key))
            continue;
        const uint64_t section = ff_key_section(t, table, key);
        const uint32_t target =
            section ? ff_tally_cell(t, table, section) : FF_CELL_OTHER;
        cells->cells[i].target = target;
    }
    return cells->n > n;
}

/* Sends each section that is still rare to "other". True if "other" has something. */
static bool fold_into_other(struct ff_cells *cells, const struct ff_threshold *least)
{
    bool has_other = false;
    for (uint32_t i = 1; i < cells->n; i++) {
        struct ff_cell *cell = &cells->cells[i];
        if (cell->key & FF_SECTION_KEY && !stands(cell, least))
            cell->target = FF_CELL_OTHER;
        has_other |= cell->target == FF_CELL_OTHER;
    }
    return has_other;
}

/* A row on its way into "other". */
struct candidate {
    uint32_t cell;
    uint32_t visitors;
    struct ff_span parts[FF_KEY_PARTS];
};

static int by_visitors(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->visitors != y->visitors)
        return x->visitors < y->visitors ? -1 : 1;
    for (int i = 0; i < FF_KEY_PARTS; i++) {
        const int order = ff_span_compare(x->parts[i], y->parts[i]);
        if (order)
            return order;
    }
    return 0;
}

/* Rows of a table, the smallest first: they go into "other" in this order. */
struct queue {
    struct candidate *rows;
    struct ff_arena arena;
    uint32_t n, taken;
    uint32_t step; /* how many go next time */
};

static bool fill_queue(struct queue *q, const struct ff_tally *t, enum ff_table table)
{
    const struct ff_cells *cells = &t->tables[table];
    ff_arena_init(&q->arena, 4096, SIZE_MAX);
    q->rows = malloc(cells->n * sizeof *q->rows);
    q->step = 1;
    if (!q->rows)
        return false;
    for (uint32_t i = 1; i < cells->n; i++) {
        if (!ff_cell_is_row(cells, i))
            continue;
        struct candidate *row = &q->rows[q->n++];
        row->cell = i;
        row->visitors = cells->cells[i].visitors;
        ff_key_text(t, table, cells->cells[i].key, &q->arena, row->parts);
        if (!row->parts[0].data)
            return false;
    }
    qsort(q->rows, q->n, sizeof *q->rows, by_visitors);
    return true;
}

static void clear_queue(struct queue *q)
{
    free(q->rows);
    ff_arena_clear(&q->arena);
}

/* Sends the next rows into "other"; false when there is none left. */
static bool pull(struct queue *q, struct ff_cells *cells)
{
    if (q->taken == q->n)
        return false;
    for (uint32_t i = 0; i < q->step && q->taken < q->n; i++)
        cells->cells[q->rows[q->taken++].cell].target = FF_CELL_OTHER;
    q->step *= 2;
    return true;
}

/* Counts "other" of the tables in `mask` until it stands or nothing is left to add. */
static enum ff_err settle_other(struct ff_tally *t,
                                struct ff_folded_table tables[FF_TABLES], uint32_t mask,
                                struct ff_fault *fault)
{
    struct queue queues[FF_TABLES] = { 0 };
    enum ff_err err = FF_OK;
    while (mask && !err) {
        for (int i = 0; i < FF_TABLES; i++)
            if (mask >> i & 1)
                zero(&t->tables[i].cells[FF_CELL_OTHER]);
        err = ff_tally_walk(t, FF_PASS_OTHER, mask, fault);
        for (int i = 0; i < FF_TABLES && !err; i++) {
            if (!(mask >> i & 1))
                continue;
            if (stands(&t->tables[i].cells[FF_CELL_OTHER], &tables[i].threshold)) {
                mask &= ~(1u << i);
                continue;
            }
            if (!queues[i].rows && !fill_queue(&queues[i], t, (enum ff_table)i)) {
                err = ff_fault_nomem(fault);
            } else if (!pull(&queues[i], &t->tables[i])) {
                tables[i].is_present = false;
                mask &= ~(1u << i);
            }
        }
    }
    for (int i = 0; i < FF_TABLES; i++)
        clear_queue(&queues[i]);
    return err;
}

enum ff_err ff_fold(struct ff_tally *t, struct ff_folded_table tables[FF_TABLES],
                    struct ff_fault *fault)
{
    static_assert(FF_TABLES <= 32, "a bit each");
    uint32_t sections = 0, others = 0;
    for (int i = 0; i < FF_TABLES; i++) {
        tables[i].is_present = true;
        if (has_threshold(&tables[i]) &&
            fold_into_sections(t, (enum ff_table)i, &tables[i].threshold))
            sections |= 1u << i;
    }
    if (sections)
        FF_TRY(ff_tally_walk(t, FF_PASS_SECTIONS, sections, fault));
    for (int i = 0; i < FF_TABLES; i++)
        if (has_threshold(&tables[i]) &&
            fold_into_other(&t->tables[i], &tables[i].threshold))
            others |= 1u << i;
    return settle_other(t, tables, others, fault);
}
