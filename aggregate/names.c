#include "names.h"

#define FIRST_CAP 256

void ff_names_init(struct ff_names *names, const struct ff_secret *secret,
                   size_t cap_bytes)
{
    *names = (struct ff_names) { .secret = secret, .cap_bytes = cap_bytes };
    ff_arena_init(&names->arena, 16 * 1024, cap_bytes);
}

void ff_names_clear(struct ff_names *names)
{
    ff_arena_clear(&names->arena);
    ff_index_clear(&names->index);
    free(names->spans);
    ff_names_init(names, names->secret, names->cap_bytes);
}

size_t ff_names_held_bytes(const struct ff_names *names)
{
    return names->arena.held_bytes + ff_index_bytes(&names->index) +
           names->cap * sizeof *names->spans;
}

/* Room for one more name, within the cap. */
static bool reserve(struct ff_names *names)
{
    if (ff_names_held_bytes(names) > names->cap_bytes)
        return false;
    if (names->n + 1 >= names->cap) {
        const uint32_t cap = names->cap ? names->cap * 2 : FIRST_CAP;
        struct ff_span *spans = realloc(names->spans, cap * sizeof *spans);
        if (!spans)
            return false;
        names->spans = spans;
        names->cap = cap;
        if (names->n == 0)
            names->spans[names->n++] = (struct ff_span) { "", 0 };
    }
    return ff_index_reserve(&names->index);
}

uint32_t ff_names_id(struct ff_names *names, struct ff_span text)
{
    const uint64_t hash = ff_hash(names->secret, text);
    uint32_t id, probe = 0;
    while ((id = ff_index_next(&names->index, hash, &probe)) != FF_INDEX_NONE)
        if (ff_span_equal(names->spans[id], text))
            return id;
    const struct ff_span copy =
        reserve(names) ? ff_arena_copy(&names->arena, text) : (struct ff_span) { 0 };
    if (!copy.data) {
        names->is_capped = true;
        return 0;
    }
    names->spans[names->n] = copy;
    ff_index_add(&names->index, hash, names->n);
    return names->n++;
}

struct ff_span ff_names_get(const struct ff_names *names, uint32_t id)
{
    assert(id < names->n || id == 0);
    return id ? names->spans[id] : (struct ff_span) { "", 0 };
}
