/* The way of text_hash.c for processors that take four AES rounds at once. */
#ifndef FF_TEXT_HASH_WIDE_H
#define FF_TEXT_HASH_WIDE_H

#include "group_line.h"

/* Without functions where the processor does not; without a name where none can. */
struct ff_text_hash_way ff_text_hash_wide(void);

/* The number that goes with a line's client. An agent that is logged and empty is a
 * robot's, one that is not logged is anybody's. */
static inline uint64_t ff_line_number(const struct ff_group_line *line)
{
    return (uint64_t)(uint32_t)line->period << 1 | (line->record.has & FF_HAS_AGENT);
}

#endif
