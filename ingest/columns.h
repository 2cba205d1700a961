/* Fields by name, for formats whose lines or headers name them: each format has a table
 * of its names, and a line becomes a row of spans by meaning. */
#ifndef FF_COLUMNS_H
#define FF_COLUMNS_H

#include "footfall/ingest.h"
#include "formats.h"

enum ff_column {
    FF_COLUMN_NONE, /* of no use here */
    FF_COLUMN_DATE,
    FF_COLUMN_TIME,  /* of the day */
    FF_COLUMN_STAMP, /* date and time in one */
    FF_COLUMN_CLIENT,
    FF_COLUMN_METHOD,
    FF_COLUMN_STEM, /* the path */
    FF_COLUMN_QUERY,
    FF_COLUMN_URI,     /* path and query */
    FF_COLUMN_REQUEST, /* "GET /path HTTP/1.1" */
    FF_COLUMN_STATUS,
    FF_COLUMN_BYTES,
    FF_COLUMN_AGENT,
    FF_COLUMN_REFERRER,
    FF_COLUMN_LANGUAGE,
    FF_COLUMN_VHOST,
    FF_COLUMN_HOST, /* the virtual host, if no better field says it */
    FF_COLUMN_FORWARDED,
    FF_COLUMN_SECONDS, /* time taken, in three units */
    FF_COLUMN_MILLIS,
    FF_COLUMN_MICROS,
    FF_COLUMN_CONTENT_TYPE,
    FF_COLUMN_FETCH_DEST,
    FF_COLUMN_PURPOSE,
    FF_COLUMN_OPT_OUT, /* Sec-GPC, DNT: "1" */
    FF_COLUMN_EVENT,   /* something else than a request happened */
    FF_COLUMNS,
};

struct ff_column_name {
    const char *name; /* lower case */
    enum ff_column column;
};

/* The column of that name, whatever its case; FF_COLUMN_NONE when the table has none.
 * The table ends with a NULL name. */
enum ff_column ff_column_named(const struct ff_column_name *table, struct ff_span name);

/* A line's fields; spans as they are in the line. Zeroed at the start of a line. */
struct ff_row {
    struct ff_span value[FF_COLUMNS];
    uint32_t present; /* a bit for each column that the line has */
};

/* A column that is there twice keeps the first value that is not empty. */
void ff_row_set(struct ff_row *row, enum ff_column column, struct ff_span value);

static inline bool ff_row_has(const struct ff_row *row, enum ff_column column)
{
    return row->present >> column & 1;
}

/* Fills all of *out but the time, method and target. A format without a status counts
 * its lines as 200. On a reject the parser's column is set, if the value lies in
 * `line`.
 */
enum ff_reject ff_row_record(const struct ff_row *row, struct ff_parser *parser,
                             struct ff_span line, struct ff_record *out);

/* Sets the parser's column to where `part` begins in `line`; gives `why` back. */
enum ff_reject ff_reject_at(struct ff_parser *parser, struct ff_span line,
                            struct ff_span part, enum ff_reject why);

#endif
