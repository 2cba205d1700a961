/* One line of a --routes file: a path with placeholders for what differs. */
#ifndef FF_TEMPLATE_H
#define FF_TEMPLATE_H

#include "pathkey.h"

enum { FF_TEMPLATE_LINE = 1024, FF_TEMPLATE_NAME = 32 };

enum ff_template_kind {
    FF_TEMPLATE_LITERAL, /* this text, in `before` */
    FF_TEMPLATE_PART, /* any text between `before` and `after`, which are not both empty
                       */
    FF_TEMPLATE_ANY,  /* any segment */
};

struct ff_template_segment {
    enum ff_template_kind kind;
    struct ff_span before, after; /* percent-decoded once */
};

/* Spans point into `text`; `key` is the template in the form of page keys. */
struct ff_template {
    struct ff_template_segment segments[FF_PATH_DEPTH];
    size_t n;
    bool has_tail; /* one segment more, or several */
    size_t key_len, text_len;
    char key[FF_PATHKEY_LEN];
    char text[FF_TEMPLATE_LINE];
};

/* Why a line is none, for people, and which of its bytes show it. */
struct ff_template_fault {
    const char *why; /* static */
    size_t at, len;
};

/* Reads a line without its end, in UTF-8 and at most FF_TEMPLATE_LINE bytes. What is
 * literal in it will be published and so must be what the scrubber leaves alone.
 * *is_route is false for a comment or a blank line. FF_ERR_USAGE: *where says why and
 * where, for the caller to put into words; FF_ERR_NOMEM, in `fault`. */
FF_MUST_USE enum ff_err ff_template_read(struct ff_span line,
                                         const struct ff_scrub *scrub,
                                         struct ff_template *out, bool *is_route,
                                         struct ff_template_fault *where,
                                         struct ff_fault *fault);

/* How many bytes at the start of `s` are a placeholder, ":name" or "{name}"; 0: none.
 * A name is a letter and letters, digits and "_", at most FF_TEMPLATE_NAME bytes. */
size_t ff_template_placeholder(struct ff_span s);

#endif
