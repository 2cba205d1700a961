/* Where the bytes stand in a text that fields are told apart by: quotes, backslashes
 * and control characters, of which line ends are one. Found for many bytes at once by
 * the processor's vectors, so that a parser reads places instead of searching. */
#ifndef FF_MARKS_H
#define FF_MARKS_H

#include <endian.h>
#include <stdint.h>

#include "footfall/span.h"

/* Text that is looked at in one go; places fit in 16 bits. */
#define FF_MARKS_WINDOW 16384

/* The marks of a text: where they are, and which bytes they are. A few more than are
 * counted may be written. */
#define FF_MARKS_ROOM (FF_MARKS_WINDOW + 64)
struct ff_marks {
    uint16_t at[FF_MARKS_ROOM];
    char bytes[FF_MARKS_ROOM];
};

/* Writes each '"', '\\' and byte below ' ' of the text, in order, and gives their
 * number. `text` has at most FF_MARKS_WINDOW bytes. */
typedef size_t ff_marks_find(struct ff_span text, struct ff_marks *marks);

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
    const char *base;     /* what the marks' places count from */
    size_t next, n_marks; /* of the marks */
    struct ff_marks marks;
};

#define FF_MARKS_AHEAD 8

/* A line, and the marks in it. */
struct ff_marked_line {
    struct ff_span text;   /* without its LF or CRLF */
    const char *base;      /* what the places count from */
    const uint16_t *marks; /* in order, without its end's */
    const char *bytes;     /* the marks themselves; FF_MARKS_AHEAD can be read */
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

/* The first line end of the marks from `next` on; their number if there is none. Eight
 * are looked at together: the zero bytes of their difference to line ends carry a bit
 * into the highest of the first one, and none before it. */
static inline size_t ff_cutter_end(const struct ff_cutter *cutter)
{
    const uint64_t ones = 0x0101010101010101u;
    const char *from = cutter->marks.bytes + cutter->next;
    const size_t left = cutter->n_marks - cutter->next;
    uint64_t other;
    memcpy(&other, from, sizeof other);
    other = le64toh(other) ^ ones * '\n';
    const uint64_t zeros = (other - ones) & ~other & ones * 0x80;
    size_t n = zeros ? (unsigned)__builtin_ctzll(zeros) / 8 : 8;
    if (!zeros && left > 8)
        n = ff_span_find((struct ff_span) { from, left }, '\n');
    return cutter->next + (n < left ? n : left);
}

/* The next line; false at the end of the text. Its last line may have no LF. */
static inline bool ff_cutter_next(struct ff_cutter *cutter, struct ff_marked_line *line)
{
    if (cutter->left.len == 0)
        return false;
    const size_t first = cutter->next, end = ff_cutter_end(cutter);
    if (end == cutter->n_marks) {
        ff_cutter_look(cutter, line);
        return true;
    }
    const char *start = cutter->left.data, *last = cutter->base + cutter->marks.at[end];
    *line = (struct ff_marked_line) { .text = { start, (size_t)(last - start) },
                                      .base = cutter->base,
                                      .marks = cutter->marks.at + first,
                                      .bytes = cutter->marks.bytes + first,
                                      .n_marks = end - first };
    cutter->next = end + 1;
    cutter->left.len -= line->text.len + 1;
    cutter->left.data = last + 1;
    ff_cutter_cut_cr(line);
    return true;
}

#endif
