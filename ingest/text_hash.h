/* 128 bits that stand for one or two texts: for memos that keep no text. Keyed, and so
 * that who does not know the key cannot make two texts collide, or one collide with
 * another's: a memo of what strangers send would mix them up. Never for tokens. */
#ifndef FF_TEXT_HASH_H
#define FF_TEXT_HASH_H

#include <stdint.h>

#include "footfall/hash.h"

struct ff_text_hash {
    uint64_t high, low;
};

/* Of `a` and `b`, which do not run into each other, and a number. */
typedef struct ff_text_hash ff_text_hasher(const struct ff_secret *secret,
                                           struct ff_span a, struct ff_span b,
                                           uint64_t number);

/* What a line's look-ups go by. */
struct ff_line_texts {
    struct ff_span client, agent, target;
    uint64_t number;
};
struct ff_line_hash {
    struct ff_text_hash client, target;
};

/* Of client and agent with the number, and of the target alone: what the hasher gives
 * for each, but both take little longer than one. */
typedef void ff_line_hasher(const struct ff_secret *secret,
                            const struct ff_line_texts *texts,
                            struct ff_line_hash *out);

/* All ways there are, for tests: they need not give the same. A way without a name is
 * none; one without functions is not on this processor. */
struct ff_text_hash_way {
    const char *name;
    ff_text_hasher *hash;
    ff_line_hasher *hash_line;
};
#define FF_TEXT_HASH_WAYS 3
void ff_text_hash_ways(struct ff_text_hash_way ways[FF_TEXT_HASH_WAYS]);

/* The fastest one that the processor has; the same as long as the program runs. */
struct ff_text_hash_way ff_text_hash_best(void);

#endif
