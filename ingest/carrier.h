/* What carries a log's lines puts something before each: syslog, journald, Kubernetes,
 * Docker. It is known once for an input and taken off before the format sees the line.
 * A line without it is passed as it is. */
#ifndef FF_CARRIER_H
#define FF_CARRIER_H

#include <stdint.h>

#include "footfall/err.h"
#include "footfall/span.h"

enum ff_carrier_kind {
    FF_CARRIER_NONE,
    FF_CARRIER_SYSLOG,      /* "Mar  2 10:00:00 host nginx[7]: " (RFC 3164, journald) */
    FF_CARRIER_SYSLOG_5424, /* "<134>1 2026-03-02T10:00:00Z host nginx 7 - - " */
    FF_CARRIER_SYSLOG_ISO,  /* "2026-03-02T10:00:00+00:00 host nginx[7]: " */
    FF_CARRIER_CRI,         /* "2026-03-02T10:00:00.000Z stdout F " (Kubernetes) */
    FF_CARRIER_COMPOSE,     /* "web-1  | " (docker compose logs) */
    FF_CARRIER_DOCKER_JSON, /* {"log":"...\n","stream":"stdout",...} */
    FF_CARRIER_JSON,        /* {..., "message": "...", ...}, also "log", "MESSAGE" */
    FF_CARRIER_STAMP,       /* "2026-03-02T10:00:00.000Z " (docker logs -t) */
    FF_CARRIERS,
};

/* Zeroed it is none. What strip gives lies in the line or in `memory`, until the next
 * line. */
struct ff_carrier {
    enum ff_carrier_kind kind;
    size_t offset;      /* in the last line, of what was behind the prefix */
    struct ff_span tag; /* the program of the last line, if the carrier names it */
    char program[24];   /* that of readable lines, its beginning */
    size_t program_len;
    char *memory;
    size_t touched; /* of memory, in bytes from its start */
};

/* FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_carrier_open(struct ff_carrier *carrier,
                                        enum ff_carrier_kind kind,
                                        struct ff_fault *fault);
void ff_carrier_close(struct ff_carrier *carrier);

/* "syslog" and so on, for messages. Static storage. */
const char *ff_carrier_name(enum ff_carrier_kind kind);

/* Whether `line` begins as the carrier's lines do. */
bool ff_carrier_has_prefix(enum ff_carrier_kind kind, struct ff_span line);

/* The line without the prefix, or the line. */
struct ff_span ff_carrier_strip(struct ff_carrier *carrier, struct ff_span line);

/* Remembers the last line's program as the one whose log this is. */
void ff_carrier_note(struct ff_carrier *carrier);
/* Whether the last line is another program's. */
bool ff_carrier_is_foreign(const struct ff_carrier *carrier);

#endif
