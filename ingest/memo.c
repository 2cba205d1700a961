/* Open addressing with linear probing; values lie in one array beside the slots. */
#include "memo.h"

/* Most of these arenas' strings are short; longer ones are not worth remembering. */
#define KEY_MAX 1024

struct slot {
    uint64_t hash;
    struct ff_span key; /* key.data is NULL in a free slot */
};

struct ff_memo {
    struct slot *slots;
    unsigned char *values;
    size_t mask, n, value_size;
    struct ff_arena arena;
    size_t arena_bytes;
    const struct ff_secret *secret;
    bool is_full;
};

enum ff_err ff_memo_create(struct ff_memo **out, size_t slots, size_t value_size,
                           size_t arena_bytes, const struct ff_secret *secret,
                           struct ff_fault *fault)
{
    assert(slots && (slots & (slots - 1)) == 0);
    *out = NULL;
    struct ff_memo *memo = calloc(1, sizeof *memo);
    if (!memo)
        return ff_fault_nomem(fault);
    memo->mask = slots - 1;
    memo->value_size = value_size;
    memo->arena_bytes = arena_bytes;
    memo->secret = secret;
    ff_arena_init(&memo->arena, 64 * 1024, arena_bytes);
    memo->slots = calloc(slots, sizeof *memo->slots);
    memo->values = calloc(slots, value_size);
    if (!memo->slots || !memo->values) {
        ff_memo_destroy(memo);
        return ff_fault_nomem(fault);
    }
    *out = memo;
    return FF_OK;
}

void ff_memo_destroy(struct ff_memo *memo)
{
    if (!memo)
        return;
    ff_arena_clear(&memo->arena); /* wipes */
    free(memo->slots);
    free(memo->values);
    free(memo);
}

/* Where `key` is, or the free slot where it would be. */
static size_t probe(const struct ff_memo *memo, struct ff_span key, uint64_t hash)
{
    size_t at = hash & memo->mask;
    while (memo->slots[at].key.data &&
           (memo->slots[at].hash != hash || !ff_span_equal(memo->slots[at].key, key)))
        at = (at + 1) & memo->mask;
    return at;
}

void *ff_memo_find(const struct ff_memo *memo, struct ff_span key)
{
    if (key.len > KEY_MAX)
        return NULL;
    const size_t at = probe(memo, key, ff_hash(memo->secret, key));
    return memo->slots[at].key.data ? memo->values + at * memo->value_size : NULL;
}

struct ff_arena *ff_memo_arena(struct ff_memo *memo)
{
    /* Half is kept for what is being read now: no single string needs as much. */
    if (memo->n > memo->mask / 4 * 3 || memo->arena.held_bytes > memo->arena_bytes / 2)
        memo->is_full = true;
    return memo->is_full ? NULL : &memo->arena;
}

void *ff_memo_add(struct ff_memo *memo, struct ff_span key)
{
    if (key.len > KEY_MAX || !ff_memo_arena(memo))
        return NULL;
    const struct ff_span copy = ff_arena_copy(&memo->arena, key);
    if (!copy.data)
        return NULL;
    const uint64_t hash = ff_hash(memo->secret, key);
    const size_t at = probe(memo, key, hash);
    assert(!memo->slots[at].key.data);
    memo->slots[at] = (struct slot) { hash, copy };
    memo->n++;
    unsigned char *value = memo->values + at * memo->value_size;
    memset(value, 0, memo->value_size);
    return value;
}

void ff_memo_refresh(struct ff_memo *memo)
{
    if (!memo->is_full)
        return;
    ff_arena_clear(&memo->arena); /* wipes */
    memset(memo->slots, 0, (memo->mask + 1) * sizeof *memo->slots);
    memo->n = 0;
    memo->is_full = false;
}
