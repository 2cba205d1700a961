/* A server format, compiled: the fields of a line one behind the other, each with the
 * literal text that ends it. A program is built by server_compile.c and run once a
 * line, straight down. */
#ifndef FF_SERVER_PROGRAM_H
#define FF_SERVER_PROGRAM_H

#include "formats.h"

enum { FF_SERVER_STEPS = 128, FF_COMBINED_STEPS = 7 };

/* What becomes of a field's text. */
enum ff_server_field {
    FF_SERVER_SKIP,
    FF_SERVER_PROTOCOL, /* skipped, but "method target protocol" is a request */
    FF_SERVER_IS_ARGS,  /* nginx's "?" between path and query */
    FF_SERVER_CLIENT,
    FF_SERVER_FORWARDED,
    FF_SERVER_VHOST,
    FF_SERVER_REQUEST,
    FF_SERVER_METHOD,
    FF_SERVER_TARGET, /* path with query */
    FF_SERVER_PATH,
    FF_SERVER_QUERY, /* with its "?" or without */
    FF_SERVER_STATUS,
    FF_SERVER_BYTES,
    FF_SERVER_DURATION,
    FF_SERVER_REFERRER,
    FF_SERVER_AGENT,
    FF_SERVER_LANGUAGE,
    FF_SERVER_CONTENT_TYPE,
    FF_SERVER_FETCH_DEST,
    FF_SERVER_PURPOSE,
    FF_SERVER_OPT_OUT, /* "1" says so */
    FF_SERVER_CLF_TIME,
    FF_SERVER_TIME, /* by its pattern, perhaps one of several */
    FF_SERVER_FIELDS,
};

/* Where a field's text ends. */
enum ff_server_end {
    FF_END_SELF,    /* where its own shape ends; then the literal stands */
    FF_END_LITERAL, /* at the literal */
    FF_END_LIST,    /* at the literal, a space, but not where a comma is before it */
    FF_END_QUOTE,   /* at the literal, a quote first, unless that is escaped */
    FF_END_REQUEST, /* at the literal, blanks, behind "HTTP/..." if there is that */
    FF_END_SLASH,   /* before the next slash: a target follows without a literal */
    FF_END_LINE,    /* at the line's end; the literal stands before that */
};

/* What must stand behind the literal, so that a field may hold the literal too. */
enum ff_server_next {
    FF_NEXT_ANY,
    FF_NEXT_CLF_TIME,
    FF_NEXT_STATUS,       /* three digits or "-" */
    FF_NEXT_STATUS_START, /* a digit or "- ": behind a quote that is sign enough */
};

struct ff_server_step {
    struct ff_span literal; /* behind the field */
    struct ff_span pattern; /* of a time */
    uint8_t field;          /* enum ff_server_field */
    uint8_t end;            /* enum ff_server_end */
    uint8_t next;           /* enum ff_server_next */
    char after_next;        /* the byte behind a time or status there; 0: any */
    int8_t shift;           /* of a duration: microseconds are 10^shift of it */
};

/* Owned by a parser's state. `text` holds the literals and patterns; `scratch` a
 * target whose path and query are logged apart, until the next line. */
struct ff_server_program {
    struct ff_server_step steps[FF_SERVER_STEPS];
    size_t n;
    struct ff_span head; /* literal before the first field */
    uint32_t fields;     /* a bit each */
    uint8_t has;         /* enum ff_record_has, but for the response time */
    bool is_combined;    /* it begins as combined does, up to the agent's quote */
    bool is_unlikely;    /* the last line's duration was not written as its unit is */
    char *text, *scratch;
    size_t touched; /* of scratch, which is wiped so far */
};

/* The line's marks, if it has them, save looking for quotes. */
enum ff_reject ff_server_program_run(struct ff_server_program *program,
                                     struct ff_parser *parser,
                                     const struct ff_marked_line *line,
                                     struct ff_record *out);

static inline bool ff_server_has(const struct ff_server_program *program,
                                 enum ff_server_field field)
{
    return program->fields >> field & 1;
}

/* Wipes and frees. NULL is allowed. */
void ff_server_program_free(struct ff_server_program *program);

#endif
