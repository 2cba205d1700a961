/* A memo: what was found out about a string before. Bounded: when it is full, nothing
 * more is remembered until ff_memo_refresh empties it. It keeps no string: 128 bits of
 * a hash under a random secret stand for it. Not for threads to share. */
#ifndef FF_MEMO_H
#define FF_MEMO_H

#include <stdint.h>

#include "footfall/arena.h"
#include "footfall/err.h"
#include "text_hash.h"

/* Longer strings are not worth remembering. */
#define FF_MEMO_TEXT_MAX 1024

/* What stands for a string; all 0 for one that is too long to remember. */
struct ff_memo_key {
    struct ff_text_hash hash;
};

struct ff_memo_slot {
    uint32_t tag;
    uint32_t item; /* place of the record + 1; 0 is a free slot */
};

struct ff_memo_record {
    struct ff_memo_key key;
    unsigned char value[];
};

/* Made and freed by the functions below, which alone write to it. */
struct ff_memo {
    struct ff_memo_slot *slots;
    unsigned char *records;
    size_t mask, n, most, record_bytes;
    struct ff_arena arena;
    size_t arena_bytes;
    const struct ff_secret *secret;
    ff_text_hasher *hash;
    uint32_t emptied;
    bool is_full;
};

/* Room for `slots` (a power of two) strings, three quarters used, with values of
 * `value_size` bytes; what values point to takes `arena_bytes`. `secret` must outlive
 * the memo. On FF_OK *out is the caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_memo_create(struct ff_memo **out, size_t slots,
                                       size_t value_size, size_t arena_bytes,
                                       const struct ff_secret *secret,
                                       struct ff_fault *fault);
/* Wipes and frees. NULL is allowed. */
void ff_memo_destroy(struct ff_memo *memo);

/* The string's key. The memory that a look-up of it touches is asked for, so that it is
 * there a little later. */
struct ff_memo_key ff_memo_look(const struct ff_memo *memo, struct ff_span text);

static inline struct ff_memo_record *ff_memo_record(const struct ff_memo *memo,
                                                    uint32_t item)
{
    return (struct ff_memo_record *)(memo->records + (item - 1) * memo->record_bytes);
}

/* The same for a key that has been made elsewhere: of a hash of the string alone. */
static inline void ff_memo_look_for(const struct ff_memo *memo, struct ff_memo_key key)
{
    __builtin_prefetch(&memo->slots[key.hash.low & memo->mask]);
}

/* The look-up's second step, a little after the first: asks for the record that it most
 * likely finds; NULL if there is none. */
static inline struct ff_memo_record *ff_memo_look_on(const struct ff_memo *memo,
                                                     struct ff_memo_key key)
{
    const struct ff_memo_slot *slot = &memo->slots[key.hash.low & memo->mask];
    if (!slot->item)
        return NULL;
    struct ff_memo_record *likely = ff_memo_record(memo, slot->item);
    __builtin_prefetch(likely);
    return likely;
}

/* Where `key` is, or the free slot where it would be. */
static inline struct ff_memo_slot *ff_memo_probe(const struct ff_memo *memo,
                                                 struct ff_memo_key key)
{
    const uint32_t tag = (uint32_t)(key.hash.low >> 32);
    size_t at = key.hash.low & memo->mask;
    for (;; at = (at + 1) & memo->mask) {
        struct ff_memo_slot *slot = &memo->slots[at];
        if (slot->item == 0)
            return slot;
        if (slot->tag != tag)
            continue;
        const struct ff_text_hash found = ff_memo_record(memo, slot->item)->key.hash;
        if (found.high == key.hash.high && found.low == key.hash.low)
            return slot;
    }
}

/* The value of `key`, or NULL. Valid until refresh. */
static inline void *ff_memo_find(const struct ff_memo *memo, struct ff_memo_key key)
{
    if ((key.hash.high | key.hash.low) == 0)
        return NULL;
    const struct ff_memo_slot *slot = ff_memo_probe(memo, key);
    return slot->item ? ff_memo_record(memo, slot->item)->value : NULL;
}

/* The same, where the second step's record is at hand. */
static inline void *ff_memo_find_likely(const struct ff_memo *memo,
                                        struct ff_memo_key key,
                                        struct ff_memo_record *likely)
{
    if (likely && likely->key.hash.high == key.hash.high &&
        likely->key.hash.low == key.hash.low)
        return likely->value;
    return ff_memo_find(memo, key);
}

/* A value's number, from 1 to FF_MEMO_NUMBERS - 1 in the low bits; above them how often
 * the memo was emptied. Not given to another value; 0 when numbers have run out. */
#define FF_MEMO_NUMBERS 32768
uint32_t ff_memo_number(const struct ff_memo *memo, const void *value);

/* Memory for what a value points to, of the memo's lifetime; NULL when the memo is full
 * (then use other memory and do not add). */
struct ff_arena *ff_memo_arena(struct ff_memo *memo);
/* A zeroed value for `key`, which must not be in the memo; NULL when it is full. */
void *ff_memo_add(struct ff_memo *memo, struct ff_memo_key key);

/* Between batches: wipes and empties the memo if it is full. What it gave is dead. */
void ff_memo_refresh(struct ff_memo *memo);

#endif
