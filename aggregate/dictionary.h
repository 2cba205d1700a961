/* The words of a period: what its events name by number. */
#ifndef FF_DICTIONARY_H
#define FF_DICTIONARY_H

#include "footfall/err.h"
#include "footfall/hit.h"
#include "names.h"

/* Where a visit may come from: numbers of names, FF_ORIGIN_* for the two common ones.
 */
struct ff_origin_ids {
    uint32_t channel, name, medium, campaign, term;
};
enum { FF_ORIGIN_DIRECT = 0, FF_ORIGIN_WITHIN = 1, FF_ORIGIN_FIRST = 2 };

/* What words are called here that ingest has given numbers, as far as they were seen
 * and no other has come in their place. */
struct ff_numbers {
    struct ff_known_word {
        uint32_t number, id;
    } * places;
    uint32_t n; /* a power of two; grows with the words */
};

/* Owned by a period's visitors. */
struct ff_dictionary {
    struct ff_names keys;    /* pages, downloads, paths not found */
    struct ff_names terms;   /* search terms, a site's and others' */
    struct ff_names sources; /* parts of origins */
    struct ff_names origins; /* struct ff_origin_ids as bytes */
    struct ff_names agents;  /* struct ff_agent pointers as bytes */
    struct ff_numbers key_numbers, origin_numbers, agent_numbers;
    uint64_t wait;   /* hits until the next pruning */
    uint32_t n_kept; /* words that the last pruning left */
    bool is_closed;  /* there is nothing to prune: see prune.h */
};

/* The names that one dictionary has for another's numbers. */
struct ff_translation {
    uint32_t *keys, *terms, *origins, *agents;
};

/* Allocates nothing yet. The words may take `most_bytes` in all. */
void ff_dictionary_init(struct ff_dictionary *words, const struct ff_secret *secret,
                        struct ff_budget *budget, size_t most_bytes);
void ff_dictionary_clear(struct ff_dictionary *words);
/* Forgets the numbers that ingest has given: no hit comes any more. */
void ff_dictionary_seal(struct ff_dictionary *words);

/* Numbers of what a hit names; 0 where there is no room. */
uint32_t ff_dictionary_key(struct ff_dictionary *words, const struct ff_hit *hit);
uint32_t ff_dictionary_term(struct ff_dictionary *words, struct ff_span term);
/* FF_ORIGIN_DIRECT where there is no room. */
uint32_t ff_dictionary_origin(struct ff_dictionary *words,
                              const struct ff_origin *origin);
uint32_t ff_dictionary_agent(struct ff_dictionary *words, const struct ff_agent *agent);

/* Another dictionary's origin, its terms translated; without terms only its channel. */
uint32_t ff_dictionary_copy_origin(struct ff_dictionary *words,
                                   const struct ff_dictionary *other, uint32_t origin,
                                   const uint32_t *terms);

/* The parts of an origin, and an agent (NULL: none), by number. */
struct ff_origin_ids ff_dictionary_origin_ids(const struct ff_dictionary *words,
                                              uint32_t origin);
const struct ff_agent *ff_dictionary_get_agent(const struct ff_dictionary *words,
                                               uint32_t agent);

bool ff_dictionary_is_capped(const struct ff_dictionary *words);

/* Takes in what `other` has and says how it is called here. False when memory ran out;
 * *out is the caller's in any case. */
FF_MUST_USE bool ff_dictionary_join(struct ff_dictionary *words,
                                    const struct ff_dictionary *other,
                                    struct ff_translation *out);
void ff_translation_clear(struct ff_translation *translation);

#endif
