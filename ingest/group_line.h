/* A line of a group (group.h), with what the steps find out about it one by one. */
#ifndef FF_GROUP_LINE_H
#define FF_GROUP_LINE_H

#include "fields.h"
#include "formats.h"
#include "record.h"
#include "text_hash.h"

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

/* The number that goes with a line's client. An agent that is logged and empty is a
 * robot's, one that is not logged is anybody's. */
static inline uint64_t ff_line_number(const struct ff_group_line *line)
{
    return (uint64_t)(uint32_t)line->period << 1 | (line->record.has & FF_HAS_AGENT);
}

#endif
