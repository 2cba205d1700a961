/* The way of text_hash.c for processors that take four AES rounds at once. */
#ifndef FF_TEXT_HASH_WIDE_H
#define FF_TEXT_HASH_WIDE_H

#include "text_hash.h"

/* Without functions where the processor does not; without a name where none can. */
struct ff_text_hash_way ff_text_hash_wide(void);

#endif
