#include "canvas.h"

#include <stdlib.h>

#include "footfall/text.h"

#define ELLIPSIS      0x2026u
#define RULE          0x2500u
#define LEFT_EIGHTHS  0x2590u /* less the eighths: seven eighths are 0x2589 */
#define LOWER_EIGHTHS 0x2580u /* and the eighths: one is 0x2581 */

/* ---- the grid ---- */

bool ff_canvas_resize(struct ff_canvas *canvas, int columns, int lines)
{
    if (columns > FF_CANVAS_COLUMNS_MOST)
        columns = FF_CANVAS_COLUMNS_MOST;
    if (lines > FF_CANVAS_LINES_MOST)
        lines = FF_CANVAS_LINES_MOST;
    ff_canvas_clear(canvas);
    if (columns < 1 || lines < 1)
        return true;
    canvas->cells = calloc((size_t)columns * (size_t)lines, sizeof *canvas->cells);
    if (!canvas->cells)
        return false;
    canvas->columns = columns;
    canvas->lines = lines;
    ff_canvas_blank(canvas);
    return true;
}

void ff_canvas_blank(struct ff_canvas *canvas)
{
    const size_t n = (size_t)canvas->columns * (size_t)canvas->lines;
    for (size_t i = 0; i < n; i++)
        canvas->cells[i] = (struct ff_cell) { .c = { ' ' } };
}

void ff_canvas_clear(struct ff_canvas *canvas)
{
    free(canvas->cells);
    canvas->cells = NULL;
    canvas->columns = canvas->lines = 0;
}

/* NULL outside of the grid: whoever draws need not know its size. */
static struct ff_cell *cell_at(const struct ff_canvas *canvas, int line, int column)
{
    if (line < 0 || line >= canvas->lines || column < 0 || column >= canvas->columns)
        return NULL;
    return &canvas->cells[(size_t)line * (size_t)canvas->columns + (size_t)column];
}

static void set(struct ff_canvas *canvas, int line, int column, enum ff_look look,
                uint32_t c)
{
    struct ff_cell *cell = cell_at(canvas, line, column);
    if (cell)
        *cell = (struct ff_cell) { .c = { c }, .look = look };
}

/* The part of the strip that is on the grid. */
static struct ff_strip clip(const struct ff_canvas *canvas, struct ff_strip at)
{
    if (at.width > canvas->columns - at.column)
        at.width = canvas->columns - at.column;
    if (at.width < 0)
        at.width = 0;
    return at;
}

/* ---- text ---- */

static uint32_t shown(const struct ff_canvas *canvas, struct ff_span text, size_t *at)
{
    const uint32_t c = ff_utf8_next(text, at);
    if (canvas->is_ascii && (c < 0x20 || c > 0x7e))
        return '?';
    return ff_is_hostile(c) ? FF_REPLACEMENT : c;
}

int ff_canvas_width(const struct ff_canvas *canvas, const char *text)
{
    const struct ff_span span = ff_span_of(text);
    int width = 0;
    for (size_t at = 0; at < span.len;)
        width += ff_width(shown(canvas, span, &at));
    return width;
}

static void add_mark(struct ff_cell *cell, uint32_t c)
{
    for (int i = 1; cell && cell->c[0] && i < FF_CELL_CODES; i++)
        if (cell->c[i] == 0) {
            cell->c[i] = c;
            return;
        }
}

/* What is written of a text: its columns below `head`, and those from `tail` on. */
struct cut {
    int head, tail;
};

static int put_cut(struct ff_canvas *canvas, struct ff_strip at, enum ff_look look,
                   const char *text, struct cut cut)
{
    const struct ff_span span = ff_span_of(text);
    int seen = 0, to = at.column, last = -1;
    bool is_cut = false;
    for (size_t i = 0; i < span.len;) {
        const uint32_t c = shown(canvas, span, &i);
        const int width = ff_width(c);
        if (seen + width <= cut.head || seen >= cut.tail) {
            if (width == 0 && last >= 0)
                add_mark(cell_at(canvas, at.line, last), c);
            if (width) {
                set(canvas, at.line, to, look, c);
                last = to;
            }
            if (width == 2)
                set(canvas, at.line, to + 1, look, 0);
            to += width;
        } else if (!is_cut) {
            set(canvas, at.line, to++, look, canvas->is_ascii ? '~' : ELLIPSIS);
            is_cut = true;
            last = -1;
        }
        seen += width;
    }
    return to - at.column;
}

int ff_canvas_put(struct ff_canvas *canvas, struct ff_strip at, enum ff_look look,
                  const char *text)
{
    at = clip(canvas, at);
    const int width = ff_canvas_width(canvas, text);
    struct cut cut = { width, width };
    if (at.width == 0)
        return 0;
    if (width > at.width) {
        cut.tail = width - (at.width - 1) / 2;
        cut.head = at.width - 1 - (at.width - 1) / 2;
    }
    return put_cut(canvas, at, look, text, cut);
}

int ff_canvas_put_right(struct ff_canvas *canvas, struct ff_strip at, enum ff_look look,
                        const char *text)
{
    at = clip(canvas, at);
    const int width = ff_canvas_width(canvas, text);
    if (width < at.width) {
        at.column += at.width - width;
        at.width = width;
    }
    return ff_canvas_put(canvas, at, look, text);
}

/* ---- shapes ---- */

void ff_canvas_rule(struct ff_canvas *canvas, struct ff_strip at, enum ff_look look)
{
    at = clip(canvas, at);
    for (int i = 0; i < at.width; i++)
        set(canvas, at.line, at.column + i, look, canvas->is_ascii ? '-' : RULE);
}

void ff_canvas_fill(struct ff_canvas *canvas, struct ff_strip at, enum ff_look look)
{
    at = clip(canvas, at);
    for (int i = 0; i < at.width; i++)
        set(canvas, at.line, at.column + i, look, ' ');
}

/* Eighths of `room` whole cells for n of most: at least one for what is not 0. */
static unsigned eighths(uint64_t n, uint64_t most, int room)
{
    if (n == 0 || most == 0 || room <= 0)
        return 0;
    const double share = n >= most ? 1 : (double)n / (double)most;
    const unsigned part = (unsigned)(share * room * 8 + 0.5);
    return part ? part : 1;
}

void ff_canvas_bar(struct ff_canvas *canvas, struct ff_strip at, enum ff_look look,
                   uint64_t n, uint64_t most)
{
    at = clip(canvas, at);
    unsigned rest = eighths(n, most, at.width);
    if (canvas->is_ascii && rest)
        rest = rest < 8 ? 8 : rest / 8 * 8;
    for (int i = 0; i < at.width && rest; i++) {
        const unsigned part = rest < 8 ? rest : 8;
        const uint32_t block = LEFT_EIGHTHS - part;
        set(canvas, at.line, at.column + i, look, canvas->is_ascii ? '#' : block);
        rest -= part;
    }
}

/* The lowest cell of a column has its eighths first. ASCII has three heights. */
static uint32_t column_part(const struct ff_canvas *canvas, unsigned part)
{
    static const char levels[] = " ..::::##";
    return canvas->is_ascii ? (uint32_t)levels[part] : LOWER_EIGHTHS + part;
}

void ff_canvas_bars(struct ff_canvas *canvas, struct ff_strip at, enum ff_look look,
                    const struct ff_bars *bars)
{
    at = clip(canvas, at);
    const int thick = bars->wide > 1 ? bars->wide - 1 : 1;
    for (size_t i = 0; i < bars->n; i++) {
        const int from = (int)i * bars->wide;
        unsigned rest = eighths(bars->values[i], bars->most, bars->height);
        for (int up = 0; up < bars->height && rest; up++) {
            const unsigned part = rest < 8 ? rest : 8;
            for (int j = from; j < from + thick && j < at.width; j++)
                set(canvas, at.line - up, at.column + j, look,
                    column_part(canvas, part));
            rest -= part;
        }
    }
}
