/* A group of lines: those that a worker takes through its steps together. The first
 * step is here: lines are cut off the piece's text and read. */
#ifndef FF_GROUP_H
#define FF_GROUP_H

#include "group_line.h"
#include "piece.h"

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
