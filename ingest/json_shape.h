/* Reads a JSON line that differs from one before in nothing but its values, as most
 * lines of a log do: its marks tell where all of them are, and what stands between them
 * only has to be compared. */
#ifndef FF_JSON_SHAPE_H
#define FF_JSON_SHAPE_H

#include "json_scan.h"
#include "marks.h"

#define FF_JSON_GAPS      64
#define FF_JSON_GAP_WORDS 4

/* What stands between two values, with the quotes of those that are strings; or before
 * the first one, or behind the last. */
struct ff_json_gap {
    char text[FF_JSON_GAP_WORDS * 8];
    uint64_t mask[FF_JSON_GAP_WORDS]; /* ones where the text is */
    uint8_t len, n_marks;             /* of the text */
    uint8_t mark;                     /* where its first mark is */
    uint8_t value;                    /* where the one before it goes, of those found */
    bool is_string;                   /* that one */
};

/* Keys and what is between them, but no value. Zeroed at the start, and then kept with
 * its paths; its owner's to wipe, since keys may be what clients choose. */
struct ff_json_shape {
    uint64_t present, objects; /* of what is found in such a line */
    size_t n_marks;            /* of the line */
    size_t n_gaps;             /* below 2: there is no shape, or no value */
    struct ff_json_gap gaps[FF_JSON_GAPS];
};

/* Adds the next gap of a line that was read, and what is before it: a scalar or a
 * string, whose closing quote `text` begins with. There is room for FF_JSON_GAPS.
 * False: it is too long, or marks do not tell where the one before it is. */
bool ff_json_shape_add(struct ff_json_shape *shape, struct ff_span text, uint8_t value,
                       bool is_string);

/* Fills `found` with what ff_json_scan would, but not where values are in the line;
 * false when the line has another shape. */
bool ff_json_shape_read(const struct ff_json_shape *shape,
                        const struct ff_marked_line *line, struct ff_json_found *found);

#endif
