/* 128 bits that stand for a text or two: for memos that keep no text. Keyed, and so
 * that who does not know the key cannot make two texts collide, or one collide with
 * another's: a memo of what strangers send would mix them up. Never for tokens. */
#ifndef FF_TEXT_HASH_H
#define FF_TEXT_HASH_H

#include <stdint.h>

#include "footfall/hash.h"

struct ff_text_hash {
    uint64_t high, low;
};

/* Of a text and a number. */
typedef struct ff_text_hash ff_text_hasher(const struct ff_secret *secret,
                                           struct ff_span text, uint64_t number);

/* What a line's look-ups go by: the client with its agent and the line's period, and
 * the target alone. */
struct ff_line_hash {
    struct ff_text_hash client, target;
};

/* Fills the hashes of `n` lines, FF_GROUP_LINES at most, whose records and periods are
 * known. The target's is what the hasher above gives with the number 0. All at once,
 * since one line need not wait for another. */
struct ff_group_line;
typedef void ff_line_hasher(const struct ff_secret *secret, struct ff_group_line *lines,
                            size_t n);

/* All ways there are, for tests: they need not give the same. A way without a name is
 * none; one without functions is not on this processor. */
struct ff_text_hash_way {
    const char *name;
    ff_text_hasher *hash;
    ff_line_hasher *hash_lines;
};
#define FF_TEXT_HASH_WAYS 3
void ff_text_hash_ways(struct ff_text_hash_way ways[FF_TEXT_HASH_WAYS]);

/* The fastest one that the processor has; the same as long as the program runs. */
struct ff_text_hash_way ff_text_hash_best(void);

#endif
