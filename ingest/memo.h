/* A memo: what was found out about a string before. Bounded: when it is full, nothing
 * more is remembered until ff_memo_refresh empties it. Keyed by a hash under a random
 * secret and compared byte for byte. It holds raw strings, so it is wiped. */
#ifndef FF_MEMO_H
#define FF_MEMO_H

#include <stdint.h>

#include "footfall/arena.h"
#include "footfall/err.h"
#include "footfall/hash.h"

struct ff_memo;

/* Room for `slots` (a power of two) strings, three quarters used, with values of
 * `value_size` bytes; strings and what values point to take `arena_bytes`. `secret`
 * must outlive the memo. On FF_OK *out is the caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_memo_create(struct ff_memo **out, size_t slots,
                                       size_t value_size, size_t arena_bytes,
                                       const struct ff_secret *secret,
                                       struct ff_fault *fault);
void ff_memo_destroy(struct ff_memo *memo);

/* The value of `key`, or NULL. Valid until refresh. */
void *ff_memo_find(const struct ff_memo *memo, struct ff_span key);

/* Memory for what a value points to, of the memo's lifetime; NULL when the memo is full
 * (then use other memory and do not add). */
struct ff_arena *ff_memo_arena(struct ff_memo *memo);
/* A zeroed value for `key`, which must not be in the memo; NULL when it is full. */
void *ff_memo_add(struct ff_memo *memo, struct ff_span key);

/* Between batches: wipes and empties the memo if it is full. What it gave is dead. */
void ff_memo_refresh(struct ff_memo *memo);

#endif
