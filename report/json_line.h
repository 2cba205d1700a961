/* A line of JSON put together before it goes into a stream: to a stream, each of a
 * row's two dozen pieces would be a call of its own. */
#ifndef FOOTFALL_JSON_LINE_H
#define FOOTFALL_JSON_LINE_H

#include <stdint.h>
#include <stdio.h>

#include "footfall/text.h"

/* In the caller's storage. What is in it goes on to `out` when there is no more room,
 * and at ff_json_line_end. */
struct ff_json_line {
    FILE *out;
    size_t n;
    char bytes[2048];
};

static inline void ff_json_line_begin(struct ff_json_line *line, FILE *out)
{
    line->out = out;
    line->n = 0;
}
void ff_json_line_end(struct ff_json_line *line);

/* As it is: names and signs, none of the log's. */
void ff_json_line_put(struct ff_json_line *line, struct ff_span text);
void ff_json_line_number(struct ff_json_line *line, uint64_t n);
/* As ff_inert_json. */
void ff_json_line_string(struct ff_json_line *line, struct ff_span s);

#endif
