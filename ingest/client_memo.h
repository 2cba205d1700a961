/* What was made of a client and an agent a moment ago, under 128 bits of their keyed
 * hash: tokens, no addresses. A direct-mapped cache: a slot is overwritten by whoever
 * comes next.
 *
 * Threads share it without a lock, since visitors' lines are spread over all of them
 * and a token need not be made by each: a slot has a count that is odd while somebody
 * writes it (a seqlock, as in Boehm 2012, "Can seqlocks get along with programming
 * language memory models?"). Who finds it so, or changed behind its back, does without
 * the slot. */
#ifndef FF_CLIENT_MEMO_H
#define FF_CLIENT_MEMO_H

#include <stdatomic.h>

#include "footfall/err.h"
#include "footfall/hit.h"
#include "text_hash.h"

struct ff_client_memo_entry {
    struct ff_text_hash hash; /* of client, agent and period; all 0 in a free slot */
    uint64_t net, visitor;
    const struct ff_agent *agent;
    int32_t period;
    uint16_t country;
    uint8_t kind; /* enum ff_client */
    uint8_t fate; /* enum ff_client_fate */
};

enum { FF_CLIENT_MEMO_WORDS = 6, FF_CLIENT_MEMO_SLOTS = 32768 };
static_assert(sizeof(struct ff_client_memo_entry) ==
                  FF_CLIENT_MEMO_WORDS * sizeof(uint64_t),
              "an entry is so many words");

/* A cache line. */
struct ff_client_memo_slot {
    _Alignas(64) _Atomic uint64_t count;
    _Atomic uint64_t words[FF_CLIENT_MEMO_WORDS];
};

struct ff_client_memo {
    struct ff_client_memo_slot slots[FF_CLIENT_MEMO_SLOTS];
};

/* On FF_OK *out is the caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_client_memo_create(struct ff_client_memo **out,
                                              struct ff_fault *fault);
/* Wipes and frees. NULL is allowed. */
void ff_client_memo_destroy(struct ff_client_memo *memo);

static inline const struct ff_client_memo_slot *
ff_client_memo_slot(const struct ff_client_memo *memo, struct ff_text_hash hash)
{
    return &memo->slots[hash.low & (FF_CLIENT_MEMO_SLOTS - 1)];
}

/* Asks for the memory that ff_client_memo_find touches. */
static inline void ff_client_memo_look(const struct ff_client_memo *memo,
                                       struct ff_text_hash hash)
{
    __builtin_prefetch(ff_client_memo_slot(memo, hash));
}

/* Whether it is likely there, by half of the hash: for who wants to know whether to
 * make it, and would find out that it is not. */
static inline bool ff_client_memo_has(const struct ff_client_memo *memo,
                                      struct ff_text_hash hash)
{
    return atomic_load_explicit(&ff_client_memo_slot(memo, hash)->words[1],
                                memory_order_relaxed) == hash.low;
}

/* False if it is not there. */
static inline bool ff_client_memo_find(const struct ff_client_memo *memo,
                                       struct ff_text_hash hash,
                                       struct ff_client_memo_entry *out)
{
    const struct ff_client_memo_slot *slot = ff_client_memo_slot(memo, hash);
    const _Atomic uint64_t *words = slot->words;
    const uint64_t count = atomic_load_explicit(&slot->count, memory_order_acquire);
    const uint64_t high = atomic_load_explicit(&words[0], memory_order_relaxed),
                   low = atomic_load_explicit(&words[1], memory_order_relaxed);
    if (high != hash.high || low != hash.low)
        return false;
    /* Word by word: a copy of the whole would wait for the words to be stored. */
    const uint64_t rest = atomic_load_explicit(&words[5], memory_order_relaxed);
    *out = (struct ff_client_memo_entry) {
        .hash = hash,
        .net = atomic_load_explicit(&words[2], memory_order_relaxed),
        .visitor = atomic_load_explicit(&words[3], memory_order_relaxed),
        .agent = (const struct ff_agent *)(uintptr_t)atomic_load_explicit(
            &words[4], memory_order_relaxed),
    };
    memcpy((char *)out + offsetof(struct ff_client_memo_entry, period), &rest,
           sizeof rest);
    atomic_thread_fence(memory_order_acquire);
    return count % 2 == 0 &&
           atomic_load_explicit(&slot->count, memory_order_relaxed) == count;
}

/* Puts it in its hash's slot, unless somebody is writing that one. */
void ff_client_memo_put(struct ff_client_memo *memo,
                        const struct ff_client_memo_entry *entry);

/* Forgets all tokens of the period that begins on `period`; not while others use it. */
void ff_client_memo_forget(struct ff_client_memo *memo, int32_t period);

#endif
