/* Where the bytes stand in a text that fields are told apart by: quotes, backslashes
 * and control characters, of which line ends are one. Found for many bytes at once by
 * the processor's vectors, so that a parser reads places instead of searching. */
#ifndef FF_MARKS_H
#define FF_MARKS_H

#include <stdint.h>

#include "footfall/span.h"

/* Text that is looked at in one go; places fit in 16 bits. */
#define FF_MARKS_WINDOW 16384

/* Writes the place of each '"', '\\' and byte below ' ' of the text, in order, and
 * gives their number. `text` has at most FF_MARKS_WINDOW bytes; `at` has room for
 * FF_MARKS_ROOM, since a few more than are counted may be written. */
#define FF_MARKS_ROOM (FF_MARKS_WINDOW + 64)
typedef size_t ff_marks_find(struct ff_span text, uint16_t *at);

/* All ways there are, for tests: they give the same. A way without a name is none. */
struct ff_marks_way {
    const char *name;
    ff_marks_find *find; /* NULL: not on this processor */
};
#define FF_MARKS_WAYS 4
void ff_marks_ways(struct ff_marks_way ways[FF_MARKS_WAYS]);

/* The fastest one that the processor has. */
ff_marks_find *ff_marks_best(void);

/* A text that is cut into lines, a window of marks at a time. */
struct ff_cutter {
    ff_marks_find *find;
    struct ff_span left;  /* text not cut yet */
    const char *base;     /* what the places in `at` count from */
    size_t next, n_marks; /* of `at` */
    uint16_t at[FF_MARKS_ROOM];
};

/* A line, and the marks in it. */
struct ff_marked_line {
    struct ff_span text;   /* without its LF or CRLF */
    const char *base;      /* what the places count from */
    const uint16_t *marks; /* in order, without its end's */
    size_t n_marks;        /* 0 for a line longer than a window, whatever is in it */
};

static inline void ff_cutter_init(struct ff_cutter *cutter)
{
    cutter->find = ff_marks_best();
    cutter->left.len = cutter->next = cutter->n_marks = 0;
}

/* Takes a text to cut, which must stay as it is. */
static inline void ff_cutter_take(struct ff_cutter *cutter, struct ff_span text)
{
    cutter->left = text;
    cutter->next = cutter->n_marks = 0;
}

/* Looks at the text from the next line on; for ff_cutter_next. */
void ff_cutter_look(struct ff_cutter *cutter, struct ff_marked_line *line);

/* A CR at the line's end is none of it, nor of its marks. */
static inline void ff_cutter_cut_cr(struct ff_marked_line *line)
{
    if (line->text.len && line->text.data[line->text.len - 1] == '\r') {
        line->text.len--;
        line->n_marks--;
    }
}

/* The next line; false at the end of the text. Its last line may have no LF. */
static inline bool ff_cutter_next(struct ff_cutter *cutter, struct ff_marked_line *line)
{
    if (cutter->left.len == 0)
        return false;
    size_t next = cutter->next;
    while (next < cutter->n_marks && cutter->base[cutter->at[next]] != '\n')
        next++;
    if (next == cutter->n_marks) {
        ff_cutter_look(cutter, line);
        return true;
    }
    const char *start = cutter->left.data, *end = cutter->base + cutter->at[next];
    *line = (struct ff_marked_line) { .text = { start, (size_t)(end - start) },
                                      .base = cutter->base,
                                      .marks = cutter->at + cutter->next,
                                      .n_marks = next - cutter->next };
    cutter->next = next + 1;
    cutter->left.len -= line->text.len + 1;
    cutter->left.data = end + 1;
    ff_cutter_cut_cr(line);
    return true;
}

#endif
