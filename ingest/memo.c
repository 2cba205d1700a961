/* Open addressing with linear probing. Slots are 8 bytes, so that many of them share a
 * cache line; records lie densely beside them, each beginning a line. */
#include "memo.h"

#define LINE_BYTES 64

struct slot {
    uint32_t tag;
    uint32_t item; /* place of the record + 1; 0 is a free slot */
};

struct record {
    struct ff_memo_key key;
    unsigned char value[];
};

struct ff_memo {
    struct slot *slots;
    unsigned char *records;
    size_t mask, n, most, record_bytes;
    struct ff_arena arena;
    size_t arena_bytes;
    const struct ff_secret *secret;
    ff_text_hasher *hash;
    uint32_t emptied;
    bool is_full;
};

enum ff_err ff_memo_create(struct ff_memo **out, size_t slots, size_t value_size,
                           size_t arena_bytes, const struct ff_secret *secret,
                           struct ff_fault *fault)
{
    assert(slots && (slots & (slots - 1)) == 0 && slots <= FF_MEMO_NUMBERS);
    *out = NULL;
    struct ff_memo *memo = calloc(1, sizeof *memo);
    if (!memo)
        return ff_fault_nomem(fault);
    memo->mask = slots - 1;
    memo->most = slots / 4 * 3;
    memo->record_bytes = (sizeof(struct record) + value_size + LINE_BYTES - 1) &
                         ~(size_t)(LINE_BYTES - 1);
    memo->arena_bytes = arena_bytes;
    memo->secret = secret;
    memo->hash = ff_text_hash_best().hash;
    ff_arena_init(&memo->arena, 64 * 1024, arena_bytes);
    memo->slots = calloc(slots, sizeof *memo->slots);
    memo->records = aligned_alloc(LINE_BYTES, memo->most * memo->record_bytes);
    if (!memo->slots || !memo->records) {
        ff_memo_destroy(memo);
        return ff_fault_nomem(fault);
    }
    *out = memo;
    return FF_OK;
}

/* What is here was made of addresses' and agents' neighbours in the log. */
static void wipe(struct ff_memo *memo)
{
    ff_arena_clear(&memo->arena); /* wipes */
    if (memo->records)
        ff_wipe(memo->records, memo->n * memo->record_bytes);
    if (memo->slots)
        ff_wipe(memo->slots, (memo->mask + 1) * sizeof *memo->slots);
    memo->n = 0;
}

void ff_memo_destroy(struct ff_memo *memo)
{
    if (!memo)
        return;
    wipe(memo);
    free(memo->slots);
    free(memo->records);
    free(memo);
}

static struct record *record_at(const struct ff_memo *memo, size_t place)
{
    return (struct record *)(memo->records + place * memo->record_bytes);
}

static bool is_same(struct ff_memo_key a, struct ff_memo_key b)
{
    return a.hash.high == b.hash.high && a.hash.low == b.hash.low;
}

static bool is_none(struct ff_memo_key key)
{
    return (key.hash.high | key.hash.low) == 0;
}

struct ff_memo_key ff_memo_look(const struct ff_memo *memo, struct ff_span text)
{
    if (text.len > FF_MEMO_TEXT_MAX)
        return (struct ff_memo_key) { { 0, 0 } };
    const struct ff_memo_key key = { memo->hash(memo->secret, text, FF_SPAN(""), 0) };
    ff_memo_look_for(memo, key);
    return key;
}

void ff_memo_look_for(const struct ff_memo *memo, struct ff_memo_key key)
{
    __builtin_prefetch(&memo->slots[key.hash.low & memo->mask]);
}

void ff_memo_look_on(const struct ff_memo *memo, struct ff_memo_key key)
{
    const struct slot *slot = &memo->slots[key.hash.low & memo->mask];
    if (slot->item)
        __builtin_prefetch(record_at(memo, slot->item - 1));
}

/* Where `key` is, or the free slot where it would be. */
static struct slot *probe(const struct ff_memo *memo, struct ff_memo_key key)
{
    const uint32_t tag = (uint32_t)(key.hash.low >> 32);
    size_t at = key.hash.low & memo->mask;
    while (memo->slots[at].item &&
           (memo->slots[at].tag != tag ||
            !is_same(record_at(memo, memo->slots[at].item - 1)->key, key)))
        at = (at + 1) & memo->mask;
    return &memo->slots[at];
}

void *ff_memo_find(const struct ff_memo *memo, struct ff_memo_key key)
{
    if (is_none(key))
        return NULL;
    const struct slot *slot = probe(memo, key);
    return slot->item ? record_at(memo, slot->item - 1)->value : NULL;
}

uint32_t ff_memo_number(const struct ff_memo *memo, const void *value)
{
    const size_t from = (size_t)((const unsigned char *)value - memo->records);
    const uint32_t place = (uint32_t)(from / memo->record_bytes);
    return memo->emptied > UINT32_MAX / FF_MEMO_NUMBERS
               ? 0
               : memo->emptied * FF_MEMO_NUMBERS + place + 1;
}

struct ff_arena *ff_memo_arena(struct ff_memo *memo)
{
    /* Half is kept for what is being read now: no single string needs as much. */
    if (memo->n == memo->most || memo->arena.held_bytes > memo->arena_bytes / 2)
        memo->is_full = true;
    return memo->is_full ? NULL : &memo->arena;
}

void *ff_memo_add(struct ff_memo *memo, struct ff_memo_key key)
{
    if (is_none(key) || !ff_memo_arena(memo))
        return NULL;
    struct slot *slot = probe(memo, key);
    assert(!slot->item);
    struct record *record = record_at(memo, memo->n);
    memset(record, 0, memo->record_bytes);
    record->key = key;
    *slot = (struct slot) { (uint32_t)(key.hash.low >> 32), (uint32_t)++memo->n };
    return record->value;
}

void ff_memo_refresh(struct ff_memo *memo)
{
    if (!memo->is_full)
        return;
    wipe(memo);
    memo->emptied++;
    memo->is_full = false;
}
