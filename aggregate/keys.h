/* Keys of cells: numbers while counting, text in a row; and what a key folds into. All
 * of a period's are made before it is counted, so that walks share them. */
#ifndef FF_KEYS_H
#define FF_KEYS_H

#include "dictionary.h"
#include "footfall/aggregate.h"

/* Set in the key of a section (of pages, or a browser's family, or a channel). */
#define FF_SECTION_KEY ((uint64_t)1 << 63)

/* A key of two numbers. */
static inline uint64_t ff_key_pair(uint32_t first, uint32_t second)
{
    return (uint64_t)first << 32 | second;
}

/* What an agent counts as, and an origin. */
struct ff_agent_keys {
    uint32_t browser, system, device;
};
struct ff_origin_keys {
    uint64_t source;
    uint32_t channel, term, campaign;
};

struct ff_keys {
    struct ff_dictionary *words;
    struct ff_budget no_bound;      /* of those two: agents and origins have theirs */
    struct ff_names labels;         /* browsers, systems, devices, robots */
    struct ff_names campaigns;      /* three numbers of words->sources, as bytes */
    struct ff_agent_keys *agents;   /* by their numbers in the dictionary */
    struct ff_origin_keys *origins; /* the same */
    uint32_t *sections; /* of words->keys: each path's section; 0 if there is no room */
    uint8_t *forms;     /* of words->keys: what each path's text is, see keys.c */
    uint32_t n_sections;
    uint32_t *families; /* of labels: each browser's family */
    uint32_t n_families;
    const struct ff_goal *goals;
    uint32_t *reached; /* of words->keys: a bit for each goal; NULL: there are none */
};

/* Borrows `words`, whose names it adds sections to, and the goals. FF_ERR_NOMEM; to be
 * cleared in any case. */
FF_MUST_USE enum ff_err ff_keys_init(struct ff_keys *keys, struct ff_dictionary *words,
                                     const struct ff_goal *goals, size_t n_goals,
                                     struct ff_fault *fault);
void ff_keys_clear(struct ff_keys *keys);

/* "/blog/2024/x" is in "/blog/" "*", written into `section`; what has no section, "/",
 * is its own. Empty when it is too long. */
#define FF_SECTION_MAX 1024
struct ff_span ff_path_section(struct ff_span path, char section[FF_SECTION_MAX]);

/* A robot's key in its table, and as one of those of AI. 0 when memory ran out. */
uint32_t ff_keys_robot(struct ff_keys *keys, struct ff_span name);
uint32_t ff_keys_ai_crawler(struct ff_keys *keys, const struct ff_agent *agent);

/* The key of the section, family or channel that `key` folds into, with FF_SECTION_KEY
 * set; 0 when it folds into "other" at once. */
uint64_t ff_key_section(const struct ff_keys *keys, enum ff_table table, uint64_t key);

/* Whether `key` may be a row: not if it stands for what was withheld, or if it looks
 * like a section's own key. */
bool ff_key_may_stand(const struct ff_keys *keys, enum ff_table table, uint64_t key);

/* The parts of the key as text: borrowed from the keys, static, or in `arena` (data is
 * NULL there when it is at its cap). Unused parts are empty. */
void ff_key_text(const struct ff_keys *keys, enum ff_table table, uint64_t key,
                 struct ff_arena *arena, struct ff_span parts[FF_KEY_PARTS]);

#endif
