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

/* For ff_json_line_put: what there is no room for. */
void ff_json_line_pass(struct ff_json_line *line, struct ff_span text);
/* As it is: names and signs, none of the log's. */
static inline void ff_json_line_put(struct ff_json_line *line, struct ff_span text)
{
    if (text.len > sizeof line->bytes - line->n) {
        ff_json_line_pass(line, text);
        return;
    }
    if (text.len)
        memcpy(line->bytes + line->n, text.data, text.len);
    line->n += text.len;
}
void ff_json_line_number(struct ff_json_line *line, uint64_t n);
/* As ff_inert_json. */
void ff_json_line_string(struct ff_json_line *line, struct ff_span s);

#endif
