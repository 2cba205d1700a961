/* Reads one JSON object (RFC 8259) in one pass, without a tree and without memory of
 * its own, and keeps only the values at the paths that are asked for.
 *
 * Where the standard leaves a choice: of duplicate keys the last wins, with all that is
 * under it; containers nest FF_JSON_DEPTH_MAX deep at most; bytes of strings need not
 * be UTF-8; a surrogate without its other half is U+FFFD. One thing is read that is no
 * JSON: the escape \xHH in strings, as nginx writes it into templates without
 * escape=json. */
#ifndef FF_JSON_SCAN_H
#define FF_JSON_SCAN_H

#include <stdint.h>

#include "json_paths.h"

#define FF_JSON_DEPTH_MAX 32
#define FF_JSON_UNWANTED  FF_JSON_PATHS_MAX

/* `text` is a string's inside, escapes not undone; a number, true or false as written;
 * empty for null, objects and arrays. Points into the line. */
struct ff_json_value {
    struct ff_span text;
    uint32_t at; /* where the value is in the line */
    bool has_escapes;
};

/* The bits of `present` say which values are there, those of `objects` which of them
 * are objects. Zeroed before the first line, and then kept with its paths: it remembers
 * the order of keys. */
struct ff_json_found {
    uint64_t present, objects;
    struct ff_json_value values[FF_JSON_PATHS_MAX + 1]; /* the last: any others */
    uint8_t begins[FF_JSON_NODES_MAX];  /* a node's first key that is in paths */
    uint8_t follows[FF_JSON_NODES_MAX]; /* the next one beside it */
};

/* Reads all of `line`, an object with white space around it or not. False when it is no
 * such thing: *at is then the offset where that shows, up to line.len, and nothing is
 * present. */
bool ff_json_scan(const struct ff_json_paths *paths, struct ff_span line,
                  struct ff_json_found *found, size_t *at);

#endif
