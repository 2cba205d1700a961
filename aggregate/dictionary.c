#include "dictionary.h"

/* FF_WORD_NUMBERS is this times a power of four. */
enum { FIRST_NUMBERS = 128 };
/* At least so many places for each word, where that is not more than FF_WORD_NUMBERS:
 * numbers are those of all targets, and one of a word that shares its place with
 * another is looked up by its text whenever the other came in between. */
enum { NUMBERS_A_WORD = 8 };

void ff_dictionary_init(struct ff_dictionary *words, const struct ff_secret *secret,
                        struct ff_budget *budget, size_t most_bytes)
{
    *words = (struct ff_dictionary) { 0 };
    ff_names_init(&words->keys, secret, budget, most_bytes / 2);
    ff_names_init(&words->terms, secret, budget, most_bytes / 8);
    ff_names_init(&words->sources, secret, budget, most_bytes / 8);
    ff_names_init(&words->origins, secret, budget, most_bytes / 8);
    ff_names_init(&words->agents, secret, budget, most_bytes / 8);
}

static void clear_numbers(struct ff_numbers *numbers, struct ff_budget *budget)
{
    ff_budget_free(budget, numbers->places, numbers->n * sizeof *numbers->places);
    *numbers = (struct ff_numbers) { 0 };
}

void ff_dictionary_seal(struct ff_dictionary *words)
{
    clear_numbers(&words->key_numbers, words->keys.budget);
    clear_numbers(&words->origin_numbers, words->origins.budget);
    clear_numbers(&words->agent_numbers, words->agents.budget);
}

void ff_dictionary_clear(struct ff_dictionary *words)
{
    ff_dictionary_seal(words);
    ff_names_clear(&words->keys);
    ff_names_clear(&words->terms);
    ff_names_clear(&words->sources);
    ff_names_clear(&words->origins);
    ff_names_clear(&words->agents);
}

/* More places, which are all empty again. A quiet day has few words, and years of them
 * may be open at once. */
static void grow_numbers(struct ff_numbers *numbers, struct ff_budget *budget)
{
    const uint32_t n = numbers->n ? 4 * numbers->n : FIRST_NUMBERS;
    const size_t bytes = n * sizeof *numbers->places;
    struct ff_known_word *places =
        ff_budget_has(budget, bytes) ? calloc(1, bytes) : NULL;
    if (!places)
        return;
    clear_numbers(numbers, budget);
    *numbers = (struct ff_numbers) { places, n };
    budget->used += bytes;
}

/* Where the id of a numbered word is remembered; NULL where it cannot be. */
static struct ff_known_word *place_of(struct ff_numbers *numbers,
                                      const struct ff_names *names, uint32_t number)
{
    if (number == 0)
        return NULL;
    if (names->n >= numbers->n / NUMBERS_A_WORD && numbers->n < FF_WORD_NUMBERS)
        grow_numbers(numbers, names->budget);
    return numbers->places ? &numbers->places[number & (numbers->n - 1)] : NULL;
}

static bool is_known(const struct ff_known_word *place, uint32_t number)
{
    return place && place->number == number;
}

/* `id` is 0 for a word that found no room: it may find some later. */
static uint32_t remember(struct ff_known_word *place, uint32_t number, uint32_t id)
{
    if (place && id)
        *place = (struct ff_known_word) { number, id };
    return id;
}

uint32_t ff_dictionary_key(struct ff_dictionary *words, const struct ff_hit *hit)
{
    const uint32_t number = hit->key_number;
    struct ff_known_word *place = place_of(&words->key_numbers, &words->keys, number);
    return is_known(place, number)
               ? place->id
               : remember(place, number, ff_names_id(&words->keys, hit->key));
}

uint32_t ff_dictionary_term(struct ff_dictionary *words, struct ff_span term)
{
    return term.len ? ff_names_id(&words->terms, term) : 0;
}

static uint32_t origin_id(struct ff_dictionary *words, const struct ff_origin_ids *ids)
{
    const struct ff_span bytes = { (const char *)ids, sizeof *ids };
    const uint32_t id = ff_names_id(&words->origins, bytes);
    return id ? id - 1 + FF_ORIGIN_FIRST : FF_ORIGIN_DIRECT;
}

/* An origin that is neither direct nor within. */
static uint32_t add_origin(struct ff_dictionary *words, const struct ff_origin *origin)
{
    struct ff_origin_ids ids = {
        .channel = origin->channel,
        .name = ff_names_id(&words->sources, origin->name),
        .term = ff_dictionary_term(words, origin->term),
    };
    if (origin->channel == FF_CAMPAIGN) {
        ids.medium = ff_names_id(&words->sources, origin->medium);
        ids.campaign = ff_names_id(&words->sources, origin->campaign);
    }
    return origin_id(words, &ids);
}

uint32_t ff_dictionary_origin(struct ff_dictionary *words,
                              const struct ff_origin *origin)
{
    if (!origin || origin->channel == FF_DIRECT)
        return FF_ORIGIN_DIRECT;
    if (origin->channel == FF_INTERNAL)
        return FF_ORIGIN_WITHIN;
    struct ff_known_word *place =
        place_of(&words->origin_numbers, &words->origins, origin->number);
    return is_known(place, origin->number)
               ? place->id
               : remember(place, origin->number, add_origin(words, origin));
}

uint32_t ff_dictionary_agent(struct ff_dictionary *words, const struct ff_agent *agent)
{
    if (!agent)
        return 0;
    const struct ff_span bytes = { (const char *)&agent, sizeof agent };
    struct ff_known_word *place =
        place_of(&words->agent_numbers, &words->agents, agent->number);
    return is_known(place, agent->number)
               ? place->id
               : remember(place, agent->number, ff_names_id(&words->agents, bytes));
}

struct ff_origin_ids ff_dictionary_origin_ids(const struct ff_dictionary *words,
                                              uint32_t origin)
{
    if (origin < FF_ORIGIN_FIRST)
        return (struct ff_origin_ids) { .channel = origin == FF_ORIGIN_WITHIN
                                                       ? FF_INTERNAL
                                                       : FF_DIRECT };
    struct ff_origin_ids ids;
    memcpy(&ids, ff_names_get(&words->origins, origin + 1 - FF_ORIGIN_FIRST).data,
           sizeof ids);
    return ids;
}

const struct ff_agent *ff_dictionary_get_agent(const struct ff_dictionary *words,
                                               uint32_t agent)
{
    const struct ff_agent *pointer = NULL;
    if (agent)
        memcpy(&pointer, ff_names_get(&words->agents, agent).data, sizeof pointer);
    return pointer;
}

bool ff_dictionary_is_capped(const struct ff_dictionary *words)
{
    return words->keys.is_capped || words->terms.is_capped ||
           words->sources.is_capped || words->origins.is_capped ||
           words->agents.is_capped;
}

/* ---- joining ---- */

static uint32_t copy_name(struct ff_names *into, const struct ff_names *from,
                          uint32_t id)
{
    return id ? ff_names_id(into, ff_names_get(from, id)) : 0;
}

/* Numbers that `into` has for those of `from`, in an array for the caller to free; NULL
 * when memory ran out. */
static uint32_t *translate(struct ff_names *into, const struct ff_names *from)
{
    uint32_t *ids = malloc((from->n + 1) * sizeof *ids);
    if (!ids)
        return NULL;
    ids[0] = 0;
    for (uint32_t i = 1; i < from->n; i++)
        ids[i] = ff_names_id(into, ff_names_get(from, i));
    return ids;
}

uint32_t ff_dictionary_copy_origin(struct ff_dictionary *words,
                                   const struct ff_dictionary *other, uint32_t origin,
                                   const uint32_t *terms)
{
    const struct ff_origin_ids theirs = ff_dictionary_origin_ids(other, origin);
    struct ff_origin_ids ids = { .channel = theirs.channel };
    if (terms) {
        const struct ff_names *from = &other->sources;
        ids.name = copy_name(&words->sources, from, theirs.name);
        ids.medium = copy_name(&words->sources, from, theirs.medium);
        ids.campaign = copy_name(&words->sources, from, theirs.campaign);
        ids.term = terms[theirs.term];
    }
    return origin_id(words, &ids);
}

static uint32_t *translate_origins(struct ff_dictionary *words,
                                   const struct ff_dictionary *other,
                                   const uint32_t *terms)
{
    const uint32_t n = other->origins.n + FF_ORIGIN_FIRST;
    uint32_t *ids = calloc(n, sizeof *ids);
    if (!ids)
        return NULL;
    ids[FF_ORIGIN_WITHIN] = FF_ORIGIN_WITHIN;
    for (uint32_t i = FF_ORIGIN_FIRST; i + 1 < n; i++)
        ids[i] = ff_dictionary_copy_origin(words, other, i, terms);
    return ids;
}

bool ff_dictionary_join(struct ff_dictionary *words, const struct ff_dictionary *other,
                        struct ff_translation *out)
{
    *out = (struct ff_translation) {
        .keys = translate(&words->keys, &other->keys),
        .terms = translate(&words->terms, &other->terms),
        .agents = translate(&words->agents, &other->agents),
    };
    if (out->terms)
        out->origins = translate_origins(words, other, out->terms);
    return out->keys && out->terms && out->agents && out->origins;
}

void ff_translation_clear(struct ff_translation *translation)
{
    free(translation->keys);
    free(translation->terms);
    free(translation->origins);
    free(translation->agents);
    *translation = (struct ff_translation) { 0 };
}
