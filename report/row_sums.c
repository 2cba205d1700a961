/* An open-addressing table of row numbers over a growing array of rows. The hash is
 * SipHash-1-3 under a random seed, because keys come from files that a stranger may
 * have made. The seed changes no output: the rows are sorted at the end by a total
 * order. */
#include "row_sums.h"

#include <stdlib.h>
#include <sys/random.h>

#define FIRST_ROWS 64

void ff_row_sums_init(struct ff_row_sums *sums, const struct ff_table_info *info)
{
    *sums = (struct ff_row_sums) { .n_parts = info->key_parts,
                                   .n_measures = info->n_measures };
    /* Without randomness the worst that a crafted file does is to be slow. */
    if (getrandom(sums->seed, sizeof sums->seed, 0) != sizeof sums->seed)
        sums->seed[0] = sums->seed[1] = 0;
}

void ff_row_sums_clear(struct ff_row_sums *sums)
{
    free(sums->rows);
    free(sums->slots);
    *sums = (struct ff_row_sums) { 0 };
}

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1], v[1] = rotate(v[1], 13) ^ v[0], v[0] = rotate(v[0], 32);
    v[2] += v[3], v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = rotate(v[1], 17) ^ v[2], v[2] = rotate(v[2], 32);
}

/* Reads at most 8 bytes, in this machine's order: the hash is never stored. */
static uint64_t load_bytes(const char *from, size_t n)
{
    uint64_t word = 0;
    if (n)
        memcpy(&word, from, n);
    return word;
}

static uint64_t hash_part(const uint64_t seed[2], uint64_t before, struct ff_span part)
{
    uint64_t v[4] = { seed[0] ^ before ^ 0x736f6d6570736575,
                      seed[1] ^ 0x646f72616e646f6d,
                      seed[0] ^ before ^ 0x6c7967656e657261,
                      seed[1] ^ 0x7465646279746573 };
    size_t at = 0;
    for (; part.len - at >= 8; at += 8) {
        const uint64_t word = load_bytes(part.data + at, 8);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    const uint64_t last =
        load_bytes(part.len > at ? part.data + at : NULL, part.len - at) |
        (uint64_t)part.len << 56;
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static size_t hash_key(const struct ff_row_sums *sums, const struct ff_span *key)
{
    uint64_t hash = 0;
    for (unsigned i = 0; i < sums->n_parts; i++)
        hash = hash_part(sums->seed, hash, key[i]);
    return (size_t)hash;
}

static bool keys_equal(const struct ff_row_sums *sums, const struct ff_span *a,
                       const struct ff_span *b)
{
    for (unsigned i = 0; i < sums->n_parts; i++)
        if (!ff_span_equal(a[i], b[i]))
            return false;
    return true;
}

/* The slot that holds `key`, or the empty one where it belongs. */
static uint32_t *find_slot(const struct ff_row_sums *sums, const struct ff_span *key)
{
    size_t at = hash_key(sums, key) & (sums->n_slots - 1);
    while (sums->slots[at] &&
           !keys_equal(sums, sums->rows[sums->slots[at] - 1].key, key))
        at = (at + 1) & (sums->n_slots - 1);
    return &sums->slots[at];
}

static enum ff_err resize(struct ff_row_sums *sums, size_t cap, struct ff_fault *fault)
{
    if (cap > UINT32_MAX / 2)
        return ff_fault_nomem(fault);
    struct ff_view_row *rows =
        (struct ff_view_row *)realloc(sums->rows, cap * sizeof *rows);
    if (!rows)
        return ff_fault_nomem(fault);
    sums->rows = rows;
    sums->cap = cap;
    return FF_OK;
}

/* Slots for all rows that there is room for, at most half full. */
static enum ff_err make_slots(struct ff_row_sums *sums, struct ff_fault *fault)
{
    size_t n_slots = 2 * FIRST_ROWS;
    while (n_slots < 2 * sums->cap)
        n_slots *= 2;
    uint32_t *slots = (uint32_t *)calloc(n_slots, sizeof *slots);
    if (!slots)
        return ff_fault_nomem(fault);
    free(sums->slots);
    sums->slots = slots;
    sums->n_slots = n_slots;
    for (size_t i = 0; i < sums->n; i++)
        *find_slot(sums, sums->rows[i].key) = (uint32_t)(i + 1);
    return FF_OK;
}

/* Doubles the rows if they are full, and has them in slots. */
static enum ff_err grow(struct ff_row_sums *sums, struct ff_fault *fault)
{
    if (sums->n == sums->cap)
        FF_TRY(resize(sums, sums->cap ? sums->cap * 2 : FIRST_ROWS, fault));
    return make_slots(sums, fault);
}

enum ff_err ff_row_sums_place(struct ff_row_sums *sums, const struct ff_span *key,
                              uint32_t *place, struct ff_fault *fault)
{
    if (sums->n == sums->cap || !sums->slots)
        FF_TRY(grow(sums, fault));
    uint32_t *slot = find_slot(sums, key);
    if (!*slot) {
        sums->rows[sums->n++] = (struct ff_view_row) { .key = key };
        *slot = (uint32_t)sums->n;
    }
    *place = *slot - 1;
    return FF_OK;
}

static void add_measures(const struct ff_row_sums *sums, struct ff_view_row *sum,
                         const struct ff_row *row)
{
    for (unsigned i = 0; i < sums->n_measures; i++)
        sum->measures[i] += row->measures[i];
    sum->periods++;
}

static enum ff_err add_row(struct ff_row_sums *sums, const struct ff_row *row,
                           struct ff_fault *fault)
{
    uint32_t place;
    FF_TRY(ff_row_sums_place(sums, row->key, &place, fault));
    add_measures(sums, &sums->rows[place], row);
    return FF_OK;
}

/* A period's rows have a key each, so the first ones need not be looked up; and most
 * reports are of one period. */
static enum ff_err add_first(struct ff_row_sums *sums,
                             const struct ff_table_data *table, struct ff_fault *fault)
{
    FF_TRY(resize(sums, table->n_rows, fault));
    for (size_t i = 0; i < table->n_rows; i++) {
        sums->rows[i] = (struct ff_view_row) { .key = table->rows[i].key };
        add_measures(sums, &sums->rows[i], &table->rows[i]);
    }
    sums->n = table->n_rows;
    return FF_OK;
}

enum ff_err ff_row_sums_add(struct ff_row_sums *sums, const struct ff_table_data *table,
                            struct ff_fault *fault)
{
    if (sums->cap == 0 && table->n_rows)
        return add_first(sums, table, fault);
    for (size_t i = 0; i < table->n_rows; i++)
        FF_TRY(add_row(sums, &table->rows[i], fault));
    return FF_OK;
}

int ff_view_row_compare(const void *a, const void *b)
{
    const struct ff_view_row *x = (const struct ff_view_row *)a;
    const struct ff_view_row *y = (const struct ff_view_row *)b;
    if (x->measures[0] != y->measures[0])
        return x->measures[0] > y->measures[0] ? -1 : 1;
    int order = 0;
    for (unsigned i = 0; i < FF_KEY_PARTS && !order; i++)
        order = ff_span_compare(x->key[i], y->key[i]);
    return order;
}

/* As one period's are. */
static bool is_in_order(const struct ff_view_row *rows, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (ff_view_row_compare(&rows[i - 1], &rows[i]) > 0)
            return false;
    return true;
}

struct ff_view_row *ff_row_sums_take(struct ff_row_sums *sums, size_t *n)
{
    struct ff_view_row *rows = sums->rows;
    *n = sums->n;
    if (rows && !is_in_order(rows, sums->n))
        qsort(rows, sums->n, sizeof *rows, ff_view_row_compare);
    sums->rows = NULL;
    ff_row_sums_clear(sums);
    return rows;
}
