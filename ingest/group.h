/* A group of lines: those that a worker takes through its steps together. The first
 * step is here: lines are cut off the piece's text and read. */
#ifndef FF_GROUP_H
#define FF_GROUP_H

#include "clients.h"
#include "fields.h"
#include "piece.h"

#define FF_GROUP_LINES 32

enum ff_group_fate {
    FF_GROUP_COUNTS,
    FF_GROUP_EXCLUDED, /* before its client is looked at */
    FF_GROUP_BLANK,
    FF_GROUP_REJECTED,
    FF_GROUP_DUPLICATE,
};

/* A line, read. What its record points to is valid until the group is read again. */
struct ff_group_line {
    enum ff_group_fate fate;
    enum ff_reject why; /* it is rejected */
    uint32_t column;    /* where */
    uint64_t order;
    struct ff_record record; /* of one that counts or is excluded */
    /* What the later steps find out about it. */
    int32_t period;
    struct ff_line_hash hash;
    struct ff_fields_found found;
};

struct ff_group {
    size_t n;
    bool is_alike;     /* all lines count, and have the same period and zone */
    int64_t most_time; /* then: their latest */
    struct ff_group_line lines[FF_GROUP_LINES];
};

/* What a group is read with. */
struct ff_reading {
    const struct ff_ingest_settings *settings;
    const struct ff_piece *piece; /* with the lines before as its findings */
    struct ff_parser *parser;     /* its format NULL: nobody knows it */
};

/* Reads lines until the group is full, the text is over, or nothing can be read before
 * the last one is done with. False if there are none. */
bool ff_group_read(struct ff_group *group, const struct ff_reading *reading,
                   struct ff_cutter *cutter);

/* Whether another input has the line, too, that comes `n` lines behind the findings. */
bool ff_group_is_duplicate(const struct ff_piece *piece, size_t n);

#endif
