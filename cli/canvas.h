/* A grid of character cells that something is drawn on, before a terminal gets it: so
 * what is drawn can be looked at without one. Nothing drawn reaches past its width or
 * the grid's edge. Text is UTF-8; what is hostile in it is never put into a cell. */
#ifndef FF_CANVAS_H
#define FF_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a cell looks; a terminal with few colours, or none, shows fewer of these apart.
 */
enum ff_look {
    FF_CANVAS_PLAIN,
    FF_CANVAS_FAINT,
    FF_CANVAS_STRONG,
    FF_CANVAS_TITLE,  /* of a panel */
    FF_CANVAS_CHOSEN, /* the panel's that keys act on */
    FF_CANVAS_BANNER, /* the first and the last line */
    FF_CANVAS_BAR,
    FF_CANVAS_GOOD,
    FF_CANVAS_NOTE,
    FF_CANVAS_WARNING,
    FF_CANVAS_BAD,
    FF_CANVAS_AI,
    FF_CANVAS_LOOKS,
};

/* A character and up to two marks upon it. A wide one has an empty cell (c[0] is 0)
 * behind it. */
#define FF_CELL_CODES 3
struct ff_cell {
    uint32_t c[FF_CELL_CODES];
    enum ff_look look;
};

struct ff_canvas {
    struct ff_cell *cells; /* line by line */
    int columns, lines;
    bool is_ascii; /* what is not ASCII is shown as "?", and bars are of "#" */
};

#define FF_CANVAS_COLUMNS_MOST 500
#define FF_CANVAS_LINES_MOST   200

/* Begin with zeros. Blank in a new size, cut to the most there may be; false when
 * memory ran out: it is empty then. ff_canvas_clear frees it. */
bool ff_canvas_resize(struct ff_canvas *canvas, int columns, int lines);
void ff_canvas_blank(struct ff_canvas *canvas);
void ff_canvas_clear(struct ff_canvas *canvas);

/* A part of a line. */
struct ff_strip {
    int line, column, width;
};

/* Text from the left; where it does not fit its middle is left out. Gives the columns
 * that it took. */
int ff_canvas_put(struct ff_canvas *canvas, struct ff_strip at, enum ff_look look,
                  const char *text);
/* The same against the right edge. */
int ff_canvas_put_right(struct ff_canvas *canvas, struct ff_strip at, enum ff_look look,
                        const char *text);
/* Columns that a text takes here. */
int ff_canvas_width(const struct ff_canvas *canvas, const char *text);
/* A line across; `look` of blanks too, for a banner. */
void ff_canvas_rule(struct ff_canvas *canvas, struct ff_strip at, enum ff_look look);
void ff_canvas_fill(struct ff_canvas *canvas, struct ff_strip at, enum ff_look look);
/* A bar for `n` of `most`, to an eighth of a column; something for all but 0. */
void ff_canvas_bar(struct ff_canvas *canvas, struct ff_strip at, enum ff_look look,
                   uint64_t n, uint64_t most);
/* Values as columns next to each other, from the left. */
struct ff_bars {
    const uint64_t *values;
    size_t n;
    uint64_t most;    /* that is `height` lines tall */
    int height, wide; /* columns that one takes, a gap included if it is 2 or more */
};
/* They stand on the strip and grow upwards, to an eighth of a line. */
void ff_canvas_bars(struct ff_canvas *canvas, struct ff_strip at, enum ff_look look,
                    const struct ff_bars *bars);

#endif
