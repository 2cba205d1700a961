/* JSON lines: an object a line, and a map of its keys to the fields of a record. */
#ifndef FF_FORMAT_JSON_H
#define FF_FORMAT_JSON_H

#include "formats.h"

/* `spec`: see ff_json_map_read. */
enum ff_err ff_json_open(struct ff_parser *parser, const char *spec,
                         struct ff_fault *fault);
void ff_json_close(struct ff_parser *parser);
enum ff_reject ff_json_parse(struct ff_parser *parser, struct ff_span line,
                             struct ff_record *out);
bool ff_json_parse_marked(struct ff_parser *parser, const struct ff_marked_line *line,
                          struct ff_record *out);
/* How many fields the line fills. */
unsigned ff_json_likeness(struct ff_parser *parser, struct ff_span line);

/* Their rows in the table of formats differ in the spec. */
#define FF_JSON_CALLS                                                                  \
    .open = ff_json_open, .close = ff_json_close, .parse = ff_json_parse,              \
    .parse_marked = ff_json_parse_marked, .likeness = ff_json_likeness,                \
    .begins = "{ \t\r"

#endif
