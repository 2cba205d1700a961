/* When words have no more room, those that one network has used go first: no row can be
 * of them, as things are. If they are not a quarter, those of two go, up to four, which
 * is less than any row needs. Paths become their sections where enough networks are in
 * those; else, as all other words, they are withheld and counted in "other". */
#include "prune.h"

#include "crowd.h"
#include "keys.h"
#include "visits.h"

#define LEVELS 4
/* A hit pays for so many visitors and events that pruning looks at. */
#define LOOKS_A_HIT 64

/* How many networks use each word of a list. */
struct uses {
    uint32_t n;
    uint32_t *networks, *seen;
};

struct pruning {
    struct ff_visitors *visitors;
    struct ff_crowd crowd;
    struct uses keys, terms, origins, sections;
    uint64_t looks; /* visitors and events that were looked at */
    struct ff_budget no_bound;
    struct ff_names names; /* of sections */
    uint32_t *section_of;  /* of keys: number in `names` */
    uint32_t key_level, term_level, origin_level;
    struct ff_dictionary fresh;
    struct ff_translation numbers; /* of the fresh words */
};

static bool open_uses(struct uses *uses, uint32_t n)
{
    uses->n = n;
    uses->networks = calloc((size_t)n + 1, sizeof *uses->networks);
    uses->seen = calloc((size_t)n + 1, sizeof *uses->seen);
    return uses->networks && uses->seen;
}

static void close_uses(struct uses *uses)
{
    free(uses->networks);
    free(uses->seen);
}

static void use(struct uses *uses, uint32_t word, uint32_t network)
{
    if (word >= uses->n || uses->seen[word] == network)
        return;
    uses->seen[word] = network;
    uses->networks[word]++;
}

/* The words of an event; once sections are known, only they. */
static void use_event(struct pruning *p, const struct ff_event *event, uint32_t network)
{
    const enum ff_event_kind kind = ff_event_kind(event);
    const uint32_t key = ff_event_key(event);
    if (p->section_of) {
        if (kind < FF_EVENT_QUIET)
            use(&p->sections, p->section_of[key], network);
    } else if (kind < FF_EVENT_QUIET) {
        use(&p->keys, key, network);
    } else if (kind == FF_EVENT_TERM) {
        use(&p->terms, key, network);
    } else if (kind == FF_EVENT_ORIGIN) {
        use(&p->origins, key, network);
        use(&p->terms, ff_dictionary_origin_ids(&p->visitors->words, key).term,
            network);
    }
}

static void count_uses(struct pruning *p)
{
    uint32_t network = 0;
    for (uint32_t i = 0; i < p->crowd.n; i++) {
        const struct ff_member *member = &p->crowd.members[i];
        const struct ff_visitor *who = ff_member_record(member);
        network += i == 0 || member->net != member[-1].net;
        p->looks += 1 + (who->events ? who->n_events : 0);
        for (uint32_t e = 0; who->events && e < who->n_events; e++)
            use_event(p, &who->events[e], network);
    }
}

/* The fewest networks whose words are a quarter of all; 0 if there are not so many. */
static uint32_t level_of(const struct uses *uses)
{
    for (uint32_t level = 1; level <= LEVELS; level++) {
        uint32_t n = 0;
        for (uint32_t i = 1; i < uses->n; i++)
            n += uses->networks[i] <= level;
        if (n >= uses->n / 4)
            return level;
    }
    return 0;
}

/* How many networks use the section of each path that goes. */
static bool count_sections(struct pruning *p)
{
    const struct ff_names *keys = &p->visitors->words.keys;
    char section[FF_SECTION_MAX];
    p->no_bound.cap = SIZE_MAX;
    ff_names_init(&p->names, p->visitors->secret, &p->no_bound, SIZE_MAX / 2);
    uint32_t *section_of = calloc((size_t)keys->n + 1, sizeof *section_of);
    p->section_of = section_of;
    if (!section_of)
        return false;
    for (uint32_t i = 1; i < keys->n; i++) {
        const struct ff_span text = ff_path_section(ff_names_get(keys, i), section);
        if (p->keys.networks[i] <= p->key_level && text.len)
            section_of[i] = ff_names_id(&p->names, text);
    }
    if (!open_uses(&p->sections, p->names.n))
        return false;
    count_uses(p);
    return true;
}

/* What a word is called among the fresh ones; 0: it is withheld. */
static uint32_t *translate(struct ff_names *fresh, const struct ff_names *old,
                           const struct uses *uses, uint32_t level)
{
    uint32_t *ids = calloc((size_t)old->n + 1, sizeof *ids);
    for (uint32_t i = 1; ids && i < old->n; i++)
        if (uses->networks[i] > level)
            ids[i] = ff_names_id(fresh, ff_names_get(old, i));
    return ids;
}

static void translate_sections(struct pruning *p)
{
    for (uint32_t i = 1; i < p->keys.n; i++) {
        const uint32_t section = p->section_of[i];
        if (!p->numbers.keys[i] && p->sections.networks[section] > p->key_level)
            p->numbers.keys[i] =
                ff_names_id(&p->fresh.keys, ff_names_get(&p->names, section));
    }
}

static uint32_t *translate_origins(struct pruning *p, const uint32_t *terms)
{
    const struct ff_dictionary *old = &p->visitors->words;
    const uint32_t n = FF_ORIGIN_FIRST + old->origins.n;
    uint32_t *ids = calloc(n, sizeof *ids);
    if (!ids)
        return NULL;
    ids[FF_ORIGIN_WITHIN] = FF_ORIGIN_WITHIN;
    for (uint32_t i = FF_ORIGIN_FIRST; i + 1 < n; i++) {
        const bool is_kept = p->origins.networks[i] > p->origin_level;
        ids[i] = ff_dictionary_copy_origin(&p->fresh, old, i, is_kept ? terms : NULL);
    }
    return ids;
}

static bool make_fresh(struct pruning *p)
{
    const struct ff_dictionary *old = &p->visitors->words;
    ff_dictionary_init(&p->fresh, old->keys.secret, old->keys.budget,
                       old->keys.most_bytes * 2);
    uint32_t *keys = translate(&p->fresh.keys, &old->keys, &p->keys, p->key_level);
    uint32_t *terms = translate(&p->fresh.terms, &old->terms, &p->terms, p->term_level);
    uint32_t *origins = terms ? translate_origins(p, terms) : NULL;
    p->numbers =
        (struct ff_translation) { .keys = keys, .terms = terms, .origins = origins };
    if (!keys || !origins)
        return false;
    translate_sections(p);
    return true;
}

static uint32_t count_words(const struct ff_dictionary *words)
{
    return words->keys.n + words->terms.n + words->sources.n + words->origins.n;
}

/* From here on nothing fails. */
static void change_words(struct pruning *p)
{
    struct ff_visitors *v = p->visitors;
    struct ff_dictionary *words = &v->words;
    for (uint32_t i = 0; i < v->n; i++) {
        const struct ff_visitor *who = ff_visitors_at(v, i);
        for (uint32_t e = 0; who->events && e < who->n_events; e++)
            ff_event_translate(&who->events[e], &p->numbers);
    }
    ff_sums_translate(&v->sums, p->numbers.keys);
    /* Agents stay as they are. */
    ff_names_clear(&p->fresh.agents);
    p->fresh.agents = words->agents;
    words->agents = (struct ff_names) { 0 };
    p->fresh.is_closed = words->is_closed;
    ff_dictionary_clear(words);
    *words = p->fresh;
    words->n_kept = count_words(words);
    words->wait = p->looks / LOOKS_A_HIT;
    p->fresh = (struct ff_dictionary) { 0 };
}

static bool prepare(struct pruning *p)
{
    const struct ff_dictionary *old = &p->visitors->words;
    if (!open_uses(&p->keys, old->keys.n) || !open_uses(&p->terms, old->terms.n) ||
        !open_uses(&p->origins, FF_ORIGIN_FIRST + old->origins.n))
        return false;
    count_uses(p);
    p->key_level = level_of(&p->keys);
    p->term_level = level_of(&p->terms);
    p->origin_level = level_of(&p->origins);
    return count_sections(p) && make_fresh(p);
}

enum ff_err ff_prune(struct ff_visitors *v, struct ff_fault *fault)
{
    struct pruning p = { .visitors = v };
    const uint32_t n = count_words(&v->words);
    v->is_capped = true;
    if (n - v->words.n_kept < n / 8) {
        v->words.is_closed = true;
        return FF_OK;
    }
    const size_t kept = ff_budget_open_kept(v->budget);
    enum ff_err err = ff_crowd_join(&p.crowd, &v, 1, fault);
    if (!err)
        ff_crowd_group(&p.crowd, 0, p.crowd.n);
    if (!err && !prepare(&p))
        err = ff_fault_nomem(fault);
    v->words.is_closed = p.key_level + p.term_level + p.origin_level == 0;
    if (!err && !v->words.is_closed)
        change_words(&p);
    ff_crowd_clear(&p.crowd);
    close_uses(&p.keys);
    close_uses(&p.terms);
    close_uses(&p.origins);
    close_uses(&p.sections);
    free(p.section_of);
    ff_names_clear(&p.names);
    ff_dictionary_clear(&p.fresh);
    ff_translation_clear(&p.numbers);
    v->budget->kept = kept;
    return err;
}
