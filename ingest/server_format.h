/* The server format: lines as a string from an Apache, nginx or Envoy configuration
 * says. The same functions serve the user's own string and the presets in formats.c,
 * whose strings are their `spec`. */
#ifndef FF_SERVER_FORMAT_H
#define FF_SERVER_FORMAT_H

#include "formats.h"

/* For a string of the user's; it has none of its own. */
extern const struct ff_format ff_server_format;

/* Whether `--format`'s value is a string for the server format, and no name. */
static inline bool ff_server_is_spec(const char *option)
{
    return strpbrk(option, "%$") != NULL;
}

enum ff_err ff_server_open(struct ff_parser *parser, const char *spec,
                           struct ff_fault *fault);
void ff_server_close(struct ff_parser *parser);
enum ff_reject ff_server_parse(struct ff_parser *parser, struct ff_span line,
                               struct ff_record *out);
bool ff_server_parse_marked(struct ff_parser *parser, const struct ff_marked_line *line,
                            struct ff_record *out);
/* More than the common log format family gives for what is said of a line beyond it: a
 * list of addresses, a host, a time taken, as they should look. */
unsigned ff_server_like(struct ff_parser *parser, struct ff_span line);

#endif
