/* The first bytes by which a kind of file is known. */
#ifndef FF_MAGIC_H
#define FF_MAGIC_H

#include "footfall/span.h"

struct ff_magic {
    struct ff_span bytes; /* empty: none, matches nothing */
    /* Bits of one byte of it that may be anything: a level, a number. */
    unsigned char loose_at, loose_bits;
};

enum ff_magic_match {
    FF_MAGIC_NO,
    FF_MAGIC_SO_FAR, /* the head is a beginning of it, perhaps an empty one */
    FF_MAGIC_YES,
};

static inline enum ff_magic_match ff_magic_match(const struct ff_magic *magic,
                                                 struct ff_span head)
{
    const struct ff_span bytes = magic->bytes;
    if (bytes.len == 0)
        return FF_MAGIC_NO;
    for (size_t i = 0; i < head.len && i < bytes.len; i++) {
        const int loose = i == magic->loose_at ? magic->loose_bits : 0;
        if (((head.data[i] ^ bytes.data[i]) & 0xff & ~loose) != 0)
            return FF_MAGIC_NO;
    }
    return head.len < bytes.len ? FF_MAGIC_SO_FAR : FF_MAGIC_YES;
}

#endif
