/* From the values of a JSON line that the map names to a record. */
#ifndef FF_JSON_RECORD_H
#define FF_JSON_RECORD_H

#include "footfall/ingest.h"
#include "formats.h"
#include "iso_time.h"
#include "json_maps.h"
#include "json_scan.h"

/* Kept between lines; zeroed at the start, then `map` and `found` are the caller's to
 * fill, and this is the caller's to wipe with ff_json_maker_wipe. */
struct ff_json_maker {
    struct ff_json_map map;
    struct ff_json_found found; /* in the line */
    uint8_t field_of[FF_JSON_PATHS_MAX];
    uint64_t request; /* the paths of which a request has at least one */
    struct ff_iso_clock iso;
    /* Of the line: fields that are logged, and where, be they empty. */
    uint32_t logged;
    uint8_t has; /* those of them that a record has (enum ff_record_has) */
    struct ff_json_value *values[FF_JSON_FIELDS];
    uint64_t gathered; /* the paths that this is of */
    bool has_rivals;   /* several of them for a field: the line's values decide */
    size_t used;       /* of scratch, by the line */
    size_t touched;    /* of scratch, by lines before */
    char scratch[FF_LINE_MAX + 1]; /* a target and its query are joined by one byte */
};

/* When the map is there. */
void ff_json_maker_init(struct ff_json_maker *maker);
void ff_json_maker_wipe(struct ff_json_maker *maker);

/* The record of what was found, which changes it; or why there is none: then the
 * parser's column is the place. Sets the parser's `keeps_text` and `seen`. */
enum ff_reject ff_json_record(struct ff_json_maker *maker, struct ff_parser *parser,
                              struct ff_record *out);

#endif
