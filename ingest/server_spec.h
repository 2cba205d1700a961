/* A server's format as it was pasted from the configuration, taken out of it: without
 * keyword, name, quotes, escapes and line ends. Each byte keeps its place in what was
 * pasted, so that a mistake can be shown there. */
#ifndef FF_SERVER_SPEC_H
#define FF_SERVER_SPEC_H

#include <stdint.h>

#include "footfall/err.h"
#include "footfall/span.h"

enum ff_server_dialect { FF_APACHE, FF_NGINX, FF_ENVOY };

/* The caller owns it, for ff_server_spec_clear; `given` is borrowed. */
struct ff_server_spec {
    enum ff_server_dialect dialect;
    const char *given;
    char *text;       /* `len` bytes */
    uint32_t *places; /* of each byte in `given`, and one more for the end */
    size_t len;
};

/* Takes: the bare format; LogFormat "..." name; CustomLog file "..."; log_format name
 * [escape=...] '...' '...'; with its semicolon; accesslog.format = "..."; pattern="..."
 * FF_ERR_USAGE: a quote is not closed, there is nothing, or there is too much.
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_server_spec_read(struct ff_server_spec *out,
                                            const char *given, struct ff_fault *fault);
void ff_server_spec_clear(struct ff_server_spec *spec);

/* FF_ERR_USAGE with a sentence: the column of text[at], what is wrong (`why`, about
 * the `len` bytes there), and the piece of the text up to them. */
enum ff_err ff_server_spec_fault(const struct ff_server_spec *spec, size_t at,
                                 size_t len, const char *why, struct ff_fault *fault);

#endif
