/* What JSON is made of below objects and strings: scalars, and the escapes of strings.
 */
#ifndef FF_JSON_TOKENS_H
#define FF_JSON_TOKENS_H

#include <stdint.h>

#include "footfall/span.h"

/* Reads the number, true, false or null at *at, which is before `end`, and goes behind
 * it; *text is the text, empty for null. Else false: *at is then where that shows. What
 * is right behind a number is the container's business. */
bool ff_json_scalar(const char **at, const char *end, struct ff_span *text);

/* The length of the escape at the backslash `at`, before `end`; 0 when it is none. */
size_t ff_json_escape_len(const char *at, const char *end);

/* Writes a string's text without its escapes, which must be right, to `out`, which has
 * room for s.len bytes; gives the length. `is_log`: leave it with the escapes of log
 * fields (escape.h), that is a backslash as two. */
size_t ff_json_unescape(struct ff_span s, bool is_log, char *out);

#endif
