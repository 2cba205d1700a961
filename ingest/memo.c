/* Open addressing with linear probing. Slots are 8 bytes, so that many of them share a
 * cache line; records lie densely beside them, each beginning a line. */
#include "memo.h"

#include "ready.h"

#define LINE_BYTES 64

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
    memo->record_bytes = (sizeof(struct ff_memo_record) + value_size + LINE_BYTES - 1) &
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
    ff_ready(memo->slots, slots * sizeof *memo->slots);
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

static bool is_none(struct ff_memo_key key)
{
    return (key.hash.high | key.hash.low) == 0;
}

struct ff_memo_key ff_memo_look(const struct ff_memo *memo, struct ff_span text)
{
    if (text.len > FF_MEMO_TEXT_MAX)
        return (struct ff_memo_key) { { 0, 0 } };
    const struct ff_memo_key key = { memo->hash(memo->secret, text, 0) };
    ff_memo_look_for(memo, key);
    return key;
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
    struct ff_memo_slot *slot = ff_memo_probe(memo, key);
    assert(!slot->item);
    *slot =
        (struct ff_memo_slot) { (uint32_t)(key.hash.low >> 32), (uint32_t)++memo->n };
    struct ff_memo_record *record = ff_memo_record(memo, slot->item);
    memset(record, 0, memo->record_bytes);
    record->key = key;
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
