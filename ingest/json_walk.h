/* Reads JSON objects as json_scan.h does, by their marks (marks.h) and from memory. Two
 * marks that are quotes have a string between them. And the lines of a log have the
 * same keys in much the same order, so what stands between a value and the next one,
 * such as
 * `","status":`, mostly was there in lines before. Such a step is read once; from then
 * on its text is compared, and what it did is done again. Where many lines have the
 * same steps, the next one is compared with all of them (json_shape.h). */
#ifndef FF_JSON_WALK_H
#define FF_JSON_WALK_H

#include "json_shape.h"

#define FF_JSON_STEPS      256
#define FF_JSON_STEP_BYTES 96
#define FF_JSON_CONTEXTS   64
#define FF_JSON_ALIKE      100

/* The containers that are open at a place, outermost first, and where their keys lead:
 * what is read next depends on nothing else. */
struct ff_json_context {
    uint16_t open[FF_JSON_DEPTH_MAX]; /* an object's node, or FF_JSON_ARRAY */
    uint8_t depth;
};
#define FF_JSON_ARRAY 0x100

enum ff_json_stop { FF_JSON_STRING, FF_JSON_SCALAR, FF_JSON_END };

/* From behind a value, or from the line's beginning, up to the next value or the end.
 */
struct ff_json_step {
    char text[FF_JSON_STEP_BYTES]; /* with a string's opening quote */
    uint64_t gone, set;            /* paths that are not there any more; that are now */
    uint64_t objects;              /* those of `set` that are objects */
    uint8_t len, n_marks;          /* of the text */
    uint8_t stop;                  /* enum ff_json_stop: what is behind it */
    uint8_t value;                 /* where the one behind it goes, of those found */
    uint8_t from, to;              /* the contexts before and behind it; from 0: free */
    uint8_t next;                  /* the step that came after it in the line before */
};

/* What is remembered: keys, and what is between them, but no value. Zeroed before the
 * first line, and then kept with its paths; wiped by its owner, since some servers'
 * keys are the names of headers that clients choose. */
struct ff_json_walk {
    struct ff_json_step steps[FF_JSON_STEPS]; /* a hash table */
    struct ff_json_context contexts[FF_JSON_CONTEXTS];
    uint8_t n_contexts;
    uint8_t turn;               /* who goes when a step finds no room */
    uint8_t first;              /* the step that the line before began with */
    uint8_t alike;              /* lines, each of the same steps as the one before */
    struct ff_json_shape shape; /* of many such lines */
};

/* Fills `found` with what ff_json_scan would, but not where values are in the line; or
 * gives false, when the line is no object or anything about it is unusual: then that
 * one has to. */
bool ff_json_walk(struct ff_json_walk *walk, const struct ff_json_paths *paths,
                  const struct ff_marked_line *line, struct ff_json_found *found);

#endif
