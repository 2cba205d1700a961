/* A format string taken apart: its directives, each with the literal text before it. */
#ifndef FF_SERVER_SCAN_H
#define FF_SERVER_SCAN_H

#include "server_directives.h"
#include "server_spec.h"

struct ff_server_item {
    struct ff_span before;  /* the literal between this and the directive before */
    struct ff_span pattern; /* of a time */
    struct ff_server_meaning meaning;
    size_t at, len; /* in the spec's text */
};

/* `text` is owned and holds what the spans point into. */
struct ff_server_items {
    struct ff_server_item items[FF_SERVER_STEPS];
    size_t n;
    struct ff_span tail; /* the literal behind the last directive */
    char *text;
    size_t text_len;
};

/* FF_ERR_USAGE: an unknown directive, an open brace, a line break, a time that cannot
 * be read, too many. FF_ERR_NOMEM. Whatever it gives, out->text is to be freed. */
FF_MUST_USE enum ff_err ff_server_scan(struct ff_server_items *out,
                                       const struct ff_server_spec *spec,
                                       struct ff_fault *fault);

#endif
