#include "names.h"

#include "event.h"

#define FIRST_CAP   256
#define BLOCK_BYTES (size_t)(16 * 1024)

void ff_names_init(struct ff_names *names, const struct ff_secret *secret,
                   struct ff_budget *budget, size_t most_bytes)
{
    *names = (struct ff_names) { .secret = secret,
                                 .budget = budget,
                                 .most_bytes = most_bytes };
    ff_arena_init(&names->arena, BLOCK_BYTES, SIZE_MAX);
}

void ff_names_clear(struct ff_names *names)
{
    ff_arena_clear(&names->arena);
    ff_index_clear(&names->index);
    ff_pages_free(names->spans, names->cap * sizeof *names->spans);
    if (names->budget)
        names->budget->used -= names->held_bytes;
    ff_names_init(names, names->secret, names->budget, names->most_bytes);
}

static bool has_room(const struct ff_names *names, size_t bytes)
{
    return names->held_bytes + bytes <= names->most_bytes &&
           ff_budget_has(names->budget, bytes);
}

/* What is held after something grew. */
static void note_growth(struct ff_names *names)
{
    const size_t bytes = names->arena.held_bytes + ff_index_bytes(&names->index) +
                         names->cap * sizeof *names->spans;
    names->budget->used += bytes - names->held_bytes;
    names->held_bytes = bytes;
}

/* Room for one more name, and its text, within the bound. */
static bool reserve(struct ff_names *names, size_t len)
{
    if (names->n + 1 >= names->cap) {
        const uint32_t cap = names->cap ? names->cap + names->cap / 2 : FIRST_CAP;
        if (cap > FF_EVENT_KEY_MAX ||
            !has_room(names, (cap - names->cap) * sizeof *names->spans))
            return false;
        struct ff_span *spans = ff_pages_resize(
            names->spans, names->cap * sizeof *spans, cap * sizeof *spans);
        if (!spans)
            return false;
        names->spans = spans;
        names->cap = cap;
        if (names->n == 0)
            names->spans[names->n++] = (struct ff_span) { "", 0 };
        note_growth(names);
    }
    return has_room(names, ff_index_growth(&names->index) + BLOCK_BYTES + len) &&
           ff_index_reserve(&names->index);
}

uint32_t ff_names_id(struct ff_names *names, struct ff_span text)
{
    const uint64_t hash = ff_hash(names->secret, text);
    uint32_t id, probe = 0;
    while ((id = ff_index_next(&names->index, hash, &probe)) != FF_INDEX_NONE)
        if (ff_span_equal(names->spans[id], text))
            return id;
    const struct ff_span copy = reserve(names, text.len)
                                    ? ff_arena_copy(&names->arena, text)
                                    : (struct ff_span) { 0 };
    if (names->cap)
        note_growth(names);
    if (!copy.data) {
        names->is_capped = true;
        return 0;
    }
    names->spans[names->n] = copy;
    ff_index_add(&names->index, hash, names->n);
    return names->n++;
}
