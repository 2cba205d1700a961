/* When a table's cells have no more room, those that one network has seen fold first,
 * into their sections; sections that one network has seen, into "other"; if that is not
 * enough, those that two have seen, and so on; at last all that is rare. The marks
 * stay, one for each visitor of a section, so that its visitors are exact whenever it
 * folded. A key that comes again begins at nothing: what it had is in its section. */
#include "thin.h"

/* With so many networks a cell may stand one day, whatever the settings. */
#define LEVELS 4
/* So many marks ahead a cell is read. */
#define AHEAD 16

/* Goes along a walk's starts with the visits that it comes across, in order. */
struct trail {
    const struct ff_starts *starts;
    uint32_t at, base;
    struct ff_now now;
};

/* The first start from `at` on that is of a later visitor than `visit` is of. In
 * strides that grow, then halve: most tables' marks are far apart. */
static uint32_t pass(const struct ff_starts *starts, uint32_t at, uint32_t visit)
{
    uint32_t stride = 1;
    for (; stride <= starts->n - at && starts->items[at + stride - 1].visit <= visit;
         stride *= 2)
        at += stride;
    for (; stride; stride /= 2)
        if (stride <= starts->n - at && starts->items[at + stride - 1].visit <= visit)
            at += stride;
    return at;
}

static void follow(struct trail *trail, uint32_t visit)
{
    const struct ff_start *items = trail->starts->items;
    const uint32_t from = trail->at;
    trail->now.visit = trail->base + visit;
    trail->at = pass(trail->starts, from, visit);
    if (trail->at == from)
        return;
    trail->now.visitor = trail->base + items[trail->at - 1].visit;
    /* The network's first: not far back, or before `from` and known. */
    for (uint32_t i = trail->at; i > from; i--) {
        if (!items[i - 1].is_network)
            continue;
        trail->now.network = trail->base + items[i - 1].visit;
        return;
    }
}

void ff_marks_count(struct ff_cells *cells, const struct ff_mark *marks, uint32_t n,
                    const struct ff_starts *starts, uint32_t base, bool is_final)
{
    struct trail trail = { .starts = starts, .base = base };
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t cell = marks[i].cell;
        if (i + AHEAD < n)
            __builtin_prefetch(&cells->cells[marks[i + AHEAD].cell]);
        uint32_t target = cells->cells[cell].target;
        if (target == cell && cell && !ff_cell_is_section(&cells->cells[cell]))
            continue;
        if (is_final)
            target = cells->cells[target].target;
        if ((target == FF_CELL_OTHER) != is_final)
            continue;
        follow(&trail, marks[i].visit);
        const struct ff_news news = ff_cell_see(&cells->cells[target], &trail.now);
        if (cells->table == FF_PAGES && news.visit)
            cells->more[target][0]++;
    }
}

void ff_cells_add_measures(struct ff_cells *cells, uint32_t target, uint32_t cell)
{
    cells->cells[target].count += cells->cells[cell].count;
    for (int i = 0; cells->more && cells->table != FF_PAGES && i < FF_CELL_MORE; i++)
        cells->more[target][i] += cells->more[cell][i];
}

static void forget_visitors(struct ff_cells *cells, uint32_t i)
{
    cells->cells[i].visitors = cells->cells[i].networks = cells->cells[i].seen = 0;
    if (cells->table == FF_PAGES)
        cells->more[i][0] = 0;
}

void ff_cells_fold_rare(struct ff_cells *cells, uint32_t level)
{
    const uint32_t n = cells->n;
    for (uint32_t i = 1; i < n; i++) {
        const struct ff_cell *cell = &cells->cells[i];
        if (ff_cell_is_section(cell) || cell->networks > level ||
            ff_cell_stands(cells, cell))
            continue;
        const uint64_t section = ff_key_section(cells->keys, cells->table, cell->key);
        uint32_t target = section ? ff_cells_find(cells, section) : FF_CELL_OTHER;
        if (section && target == FF_CELL_OTHER)
            target = ff_cells_add(cells, section);
        cells->cells[i].target = target;
        if (target != FF_CELL_OTHER)
            ff_cells_add_measures(cells, target, i);
    }
    for (uint32_t i = 1; i < cells->n; i++)
        if (ff_cell_is_section(&cells->cells[i]))
            forget_visitors(cells, i);
    /* If it stood once, it does. */
    if (!ff_cell_stands(cells, &cells->cells[FF_CELL_OTHER]))
        forget_visitors(cells, FF_CELL_OTHER);
}

bool ff_cells_fold_sections(struct ff_cells *cells, uint32_t level)
{
    bool has_other = cells->cells[FF_CELL_OTHER].count > 0;
    for (uint32_t i = 1; i < cells->n; i++) {
        struct ff_cell *cell = &cells->cells[i];
        if (ff_cell_is_section(cell) && cell->networks <= level &&
            !ff_cell_stands(cells, cell))
            cell->target = FF_CELL_OTHER;
        if (cell->target != FF_CELL_OTHER)
            continue;
        has_other = true;
        ff_cells_add_measures(cells, FF_CELL_OTHER, i);
    }
    return has_other;
}

/* ---- when room gets short ---- */

/* Marks go to where their cells went, one for each visitor there (of pages, visit). */
static void move_marks(struct ff_cells *cells, const uint32_t *places)
{
    struct trail trail = { .starts = cells->starts };
    const bool has_other = !ff_cell_stands(cells, &cells->cells[FF_CELL_OTHER]);
    uint32_t n = 0;
    for (uint32_t i = 0; i < cells->n; i++)
        if (i == FF_CELL_OTHER || ff_cell_is_section(&cells->cells[i]))
            cells->cells[i].seen = 0;
    for (uint32_t i = 0; i < cells->n_marks; i++) {
        const struct ff_mark mark = { places[cells->marks[i].cell],
                                      cells->marks[i].visit };
        struct ff_cell *cell = &cells->cells[mark.cell];
        if (mark.cell == FF_CELL_OTHER && !has_other)
            continue;
        if (mark.cell == FF_CELL_OTHER || ff_cell_is_section(cell)) {
            follow(&trail, mark.visit);
            const bool is_new = cells->table == FF_PAGES
                                    ? cell->seen != trail.now.visit
                                    : cell->seen < trail.now.visitor;
            cell->seen = trail.now.visit;
            if (!is_new)
                continue;
        }
        cells->marks[n++] = mark;
    }
    cells->n_marks = n;
}

/* Takes out the cells that have folded. */
static bool take_out(struct ff_cells *cells)
{
    uint32_t *places = malloc(cells->n * sizeof *places);
    if (!places)
        return false;
    uint32_t n = 1;
    places[FF_CELL_OTHER] = FF_CELL_OTHER;
    for (uint32_t i = 1; i < cells->n; i++)
        places[i] = cells->cells[i].target == i ? n++ : FF_CELL_OTHER;
    for (uint32_t i = 1; i < cells->n; i++)
        if (cells->cells[i].target != i)
            places[i] = places[cells->cells[i].target];
    for (uint32_t i = 1; i < cells->n; i++) {
        if (cells->cells[i].target != i)
            continue;
        const uint32_t place = places[i];
        cells->cells[place] = cells->cells[i];
        cells->cells[place].target = place;
        if (cells->more)
            memcpy(cells->more[place], cells->more[i], sizeof cells->more[i]);
    }
    cells->n = n;
    move_marks(cells, places);
    free(places);
    return true;
}

void ff_cells_thin(struct ff_cells *cells)
{
    const size_t most_bytes = cells->most_bytes, enough = most_bytes / 4 * 3;
    cells->is_full = false;
    cells->is_capped = true;
    cells->most_bytes = SIZE_MAX;
    for (uint32_t level = 1; level <= LEVELS + 1; level++) {
        const uint32_t networks = level <= LEVELS ? level : UINT32_MAX;
        ff_cells_fold_rare(cells, networks);
        ff_marks_count(cells, cells->marks, cells->n_marks, cells->starts, 0, false);
        ff_cells_fold_sections(cells, networks);
        ff_marks_count(cells, cells->marks, cells->n_marks, cells->starts, 0, true);
        if (!take_out(cells) || !ff_cells_shrink(cells)) {
            cells->is_out_of_memory = true;
            return;
        }
        if (ff_cells_bytes(cells) <= enough) {
            cells->most_bytes = most_bytes;
            return;
        }
    }
    /* Rows and sections alone fill the table: what is new is in "other" from now on,
     * and there is nothing left to grow. */
    cells->is_closed = true;
}
