#include "sums.h"

#define FIRST_CAP 64

void ff_sums_init(struct ff_sums *sums, const struct ff_secret *secret,
                  struct ff_budget *budget, size_t most_bytes)
{
    *sums = (struct ff_sums) { .secret = secret,
                               .budget = budget,
                               .most_bytes = most_bytes };
}

static size_t nobody_held(const struct ff_sums *s)
{
    return s->cap_nobody * sizeof *s->nobody + ff_index_bytes(&s->nobody_index);
}

void ff_sums_clear(struct ff_sums *s)
{
    if (s->budget)
        s->budget->used -= nobody_held(s);
    free(s->nobody);
    free(s->robots);
    ff_index_clear(&s->nobody_index);
    ff_index_clear(&s->robot_index);
    ff_sums_init(s, s->secret, s->budget, s->most_bytes);
}

/* An array of `size`-byte records gets room for one more. */
static bool reserve(void **array, uint32_t n, uint32_t *cap, size_t size,
                    struct ff_index *index)
{
    if (n == *cap) {
        const uint32_t bigger = *cap ? *cap * 2 : FIRST_CAP;
        void *grown = realloc(*array, bigger * size);
        if (!grown)
            return false;
        *array = grown;
        *cap = bigger;
    }
    return ff_index_reserve(index);
}

static bool has_room(const struct ff_sums *s)
{
    if (s->n_nobody < s->cap_nobody && ff_index_growth(&s->nobody_index) == 0)
        return true;
    const size_t growth = nobody_held(s) + FIRST_CAP * sizeof *s->nobody;
    return nobody_held(s) + growth <= s->most_bytes && ff_budget_has(s->budget, growth);
}

static uint64_t hash_of(const struct ff_sums *s, const struct ff_nobody_count *count)
{
    return ff_hash_number(s->secret, (uint64_t)count->kind_class << 32 | count->key);
}

static struct ff_nobody_count *find(struct ff_sums *s, uint64_t hash,
                                    const struct ff_nobody_count *count)
{
    uint32_t i, probe = 0;
    while ((i = ff_index_next(&s->nobody_index, hash, &probe)) != FF_INDEX_NONE)
        if (s->nobody[i].kind_class == count->kind_class &&
            s->nobody[i].key == count->key)
            return &s->nobody[i];
    return NULL;
}

enum ff_err ff_sums_add_nobody(struct ff_sums *s, const struct ff_nobody_count *count,
                               struct ff_fault *fault)
{
    const uint64_t hash = hash_of(s, count);
    struct ff_nobody_count *known = find(s, hash, count);
    if (known) {
        known->hits += count->hits;
        return FF_OK;
    }
    if (count->key && !has_room(s)) {
        struct ff_nobody_count keyless = *count;
        keyless.key = 0;
        s->is_capped = true;
        return ff_sums_add_nobody(s, &keyless, fault);
    }
    /* Without a key there are as many as classes: they have room whatever the bound. */
    const size_t held = nobody_held(s);
    const bool is_reserved = reserve((void **)&s->nobody, s->n_nobody, &s->cap_nobody,
                                     sizeof *s->nobody, &s->nobody_index);
    s->budget->used += nobody_held(s) - held;
    if (!is_reserved)
        return ff_fault_nomem(fault);
    s->nobody[s->n_nobody] = *count;
    ff_index_add(&s->nobody_index, hash, s->n_nobody++);
    return FF_OK;
}

void ff_sums_translate(struct ff_sums *s, const uint32_t *keys)
{
    uint32_t n = 0;
    if (!s->n_nobody)
        return;
    memset(s->nobody_index.slots, 0, ff_index_bytes(&s->nobody_index));
    s->nobody_index.n = 0;
    for (uint32_t i = 0; i < s->n_nobody; i++) {
        struct ff_nobody_count count = s->nobody[i];
        count.key = keys[count.key];
        const uint64_t hash = hash_of(s, &count);
        struct ff_nobody_count *known = find(s, hash, &count);
        if (known) {
            known->hits += count.hits;
            continue;
        }
        s->nobody[n] = count;
        ff_index_add(&s->nobody_index, hash, n++);
    }
    s->n_nobody = n;
}

enum ff_err ff_sums_add_robot(struct ff_sums *s, const struct ff_robot_count *count,
                              struct ff_fault *fault)
{
    const uint64_t hash = ff_hash_number(s->secret, (uintptr_t)count->agent);
    uint32_t i, probe = 0;
    while ((i = ff_index_next(&s->robot_index, hash, &probe)) != FF_INDEX_NONE)
        if (s->robots[i].agent == count->agent)
            break;
    if (i == FF_INDEX_NONE) {
        if (!reserve((void **)&s->robots, s->n_robots, &s->cap_robots,
                     sizeof *s->robots, &s->robot_index))
            return ff_fault_nomem(fault);
        i = s->n_robots++;
        s->robots[i] = (struct ff_robot_count) { .agent = count->agent };
        ff_index_add(&s->robot_index, hash, i);
    }
    s->robots[i].hits += count->hits;
    s->robots[i].page_views += count->page_views;
    s->robots[i].bytes += count->bytes;
    return FF_OK;
}
