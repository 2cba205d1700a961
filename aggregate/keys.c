#include "keys.h"

#include <fnmatch.h>

#define FIRST(key)  ((uint32_t)((key) >> 32) & 0x7FFFFFFF)
#define SECOND(key) ((uint32_t)(key))

static bool is_paths(enum ff_table table)
{
    return table == FF_PAGES || table == FF_ENTRY_PAGES || table == FF_EXIT_PAGES ||
           table == FF_DOWNLOADS || table == FF_NOT_FOUND;
}

struct ff_span ff_path_section(struct ff_span path, char section[FF_SECTION_MAX])
{
    if (path.len < 2 || path.data[0] != '/')
        return path;
    const size_t len = 1 + ff_span_find(ff_span_from(path, 1), '/');
    if (len + 2 > FF_SECTION_MAX)
        return FF_SPAN("");
    memcpy(section, path.data, len);
    memcpy(section + len, "/*", 2);
    return (struct ff_span) { section, len + 2 };
}

/* "/blog" and "*": a section's own key. Deeper ones ("/a/b" and "*") are templates. */
static bool is_section(struct ff_span text)
{
    return text.len > 2 && text.data[0] == '/' && ff_span_ends(text, FF_SPAN("/*")) &&
           1 + ff_span_find(ff_span_from(text, 1), '/') == text.len - 2;
}

/* What path_section leaves as it is. */
static bool is_own_section(struct ff_span text)
{
    return text.len < 2 || text.data[0] != '/' || is_section(text);
}

/* What a path's text is, once for all cells that it is in. */
enum { IS_FIT = 1, IS_SECTION = 2, IS_OWN_SECTION = 4 };

static uint8_t form_of(struct ff_span text)
{
    /* Not if withheld, or unfit for a rollup. */
    const bool is_fit = text.len && ff_rollup_is_text(text);
    return (uint8_t)((is_fit ? IS_FIT : 0) | (is_section(text) ? IS_SECTION : 0) |
                     (is_own_section(text) ? IS_OWN_SECTION : 0));
}

/* Its number; 0 when names are at their bound. */
static uint32_t path_section(struct ff_names *names, uint32_t path)
{
    char buffer[FF_SECTION_MAX];
    const struct ff_span section = ff_path_section(ff_names_get(names, path), buffer);
    return section.len ? ff_names_id(names, section) : 0;
}

static bool is_section_fit(const struct ff_names *names, uint32_t path)
{
    char buffer[FF_SECTION_MAX];
    return ff_rollup_is_text(ff_path_section(ff_names_get(names, path), buffer));
}

/* "Chrome 126" without its version: its family. The same text when it has none. */
static struct ff_span browser_family(struct ff_span browser)
{
    size_t end = browser.len;
    while (end && browser.data[end - 1] >= '0' && browser.data[end - 1] <= '9')
        end--;
    if (end == browser.len || end < 2 || browser.data[end - 1] != ' ')
        return browser;
    return (struct ff_span) { browser.data, end - 1 };
}

/* ---- made before counting ---- */

static uint32_t label(struct ff_keys *k, struct ff_span name)
{
    return ff_names_id(&k->labels, name.len ? name : FF_SPAN("(unknown)"));
}

static bool make_agents(struct ff_keys *k)
{
    static const struct ff_agent none = { 0 };
    const uint32_t n = k->words->agents.n;
    k->agents = malloc((n + 1) * sizeof *k->agents);
    for (uint32_t i = 0; k->agents && i < n + (n == 0); i++) {
        const struct ff_agent *known = ff_dictionary_get_agent(k->words, i);
        const struct ff_agent *agent = known ? known : &none;
        k->agents[i] =
            (struct ff_agent_keys) { label(k, agent->browser), label(k, agent->system),
                                     label(k, agent->device) };
    }
    return k->agents && !k->labels.is_capped;
}

static bool make_origins(struct ff_keys *k)
{
    const uint32_t n = FF_ORIGIN_FIRST + k->words->origins.n;
    k->origins = calloc(n, sizeof *k->origins);
    for (uint32_t i = 0; k->origins && i + 1 < n; i++) {
        const struct ff_origin_ids o = ff_dictionary_origin_ids(k->words, i);
        struct ff_origin_keys *keys = &k->origins[i];
        keys->source = ff_key_pair(o.channel, o.name);
        keys->channel = o.channel;
        keys->term = o.term;
        if (o.channel != FF_CAMPAIGN)
            continue;
        const uint32_t parts[FF_KEY_PARTS] = { o.name, o.medium, o.campaign };
        const struct ff_span bytes = { (const char *)parts, sizeof parts };
        keys->campaign = ff_names_id(&k->campaigns, bytes);
    }
    return k->origins && !k->campaigns.is_capped;
}

static bool make_sections(struct ff_keys *k)
{
    /* Those found on the way are their own. */
    const uint32_t n = k->words->keys.n;
    k->n_sections = n;
    k->sections = malloc((n + 1) * sizeof *k->sections);
    k->forms = malloc(n + 1);
    if (!k->sections || !k->forms)
        return false;
    k->sections[0] = 0;
    k->forms[0] = form_of(ff_names_get(&k->words->keys, 0));
    for (uint32_t i = 1; i < n; i++) {
        k->forms[i] = form_of(ff_names_get(&k->words->keys, i));
        /* A path that is unfit, as hits from a pipe may have any, may be in a section
         * that is: its rows have no name then. */
        k->sections[i] = k->forms[i] & IS_FIT || is_section_fit(&k->words->keys, i)
                             ? path_section(&k->words->keys, i)
                             : 0;
    }
    return true;
}

static bool make_families(struct ff_keys *k)
{
    const uint32_t n = k->labels.n;
    k->n_families = n;
    k->families = malloc((n + 1) * sizeof *k->families);
    if (!k->families)
        return false;
    k->families[0] = 0;
    for (uint32_t i = 1; i < n; i++)
        k->families[i] =
            ff_names_id(&k->labels, browser_family(ff_names_get(&k->labels, i)));
    return !k->labels.is_capped;
}

/* Which goals a path's key reaches. Globs are held against keys, not against what was
 * asked for: what is personal in a path is no goal either. */
static uint32_t goals_of(const struct ff_goal *goals, size_t n, struct ff_span key)
{
    char text[1024];
    uint32_t reached = 0;
    if (key.len == 0 || key.len >= sizeof text)
        return 0;
    memcpy(text, key.data, key.len);
    text[key.len] = '\0';
    for (size_t i = 0; i < n; i++)
        if (fnmatch(goals[i].glob, text, 0) == 0)
            reached |= UINT32_C(1) << i;
    return reached;
}

static bool make_goals(struct ff_keys *k, const struct ff_goal *goals, size_t n_goals)
{
    const struct ff_names *paths = &k->words->keys;
    k->goals = goals;
    if (n_goals == 0)
        return true;
    k->reached = calloc(paths->n + 1, sizeof *k->reached);
    for (uint32_t i = 1; k->reached && i < paths->n; i++)
        k->reached[i] = goals_of(goals, n_goals, ff_names_get(paths, i));
    return k->reached != NULL;
}

enum ff_err ff_keys_init(struct ff_keys *k, struct ff_dictionary *words,
                         const struct ff_goal *goals, size_t n_goals,
                         struct ff_fault *fault)
{
    assert(n_goals <= FF_GOALS_MOST);
    *k = (struct ff_keys) { .words = words, .no_bound = { .cap = SIZE_MAX } };
    /* Sections have room even if pages have none. */
    words->keys.most_bytes += words->keys.most_bytes / 2;
    ff_names_init(&k->labels, words->keys.secret, &k->no_bound, SIZE_MAX / 2);
    ff_names_init(&k->campaigns, words->keys.secret, &k->no_bound, SIZE_MAX / 2);
    /* Goals before sections, which add names that nobody asked for. */
    return make_goals(k, goals, n_goals) && make_agents(k) && make_origins(k) &&
                   make_sections(k) && make_families(k)
               ? FF_OK
               : ff_fault_nomem(fault);
}

void ff_keys_clear(struct ff_keys *k)
{
    ff_names_clear(&k->labels);
    ff_names_clear(&k->campaigns);
    free(k->agents);
    free(k->origins);
    free(k->sections);
    free(k->forms);
    free(k->families);
    free(k->reached);
    *k = (struct ff_keys) { 0 };
}

uint32_t ff_keys_robot(struct ff_keys *k, struct ff_span name)
{
    return ff_names_id(&k->labels, name);
}

/* Name, operator and purpose are one key of three parts. */
uint32_t ff_keys_ai_crawler(struct ff_keys *k, const struct ff_agent *agent)
{
    const uint32_t parts[FF_KEY_PARTS] = {
        ff_names_id(&k->labels, agent->name),
        ff_names_id(&k->labels, agent->run_by),
        ff_names_id(&k->labels, agent->purpose),
    };
    return ff_names_id(&k->labels,
                       (struct ff_span) { (const char *)parts, sizeof parts });
}

/* ---- folding ---- */

static uint32_t section_of(const struct ff_keys *k, uint32_t path)
{
    return path < k->n_sections ? k->sections[path] : path;
}

uint64_t ff_key_section(const struct ff_keys *k, enum ff_table table, uint64_t key)
{
    if (is_paths(table)) {
        const uint32_t section = section_of(k, SECOND(key));
        return section ? FF_SECTION_KEY | section : 0;
    }
    if (table == FF_TRANSITIONS) {
        const uint32_t from = section_of(k, FIRST(key));
        const uint32_t to = section_of(k, SECOND(key));
        return from && to ? FF_SECTION_KEY | ff_key_pair(from, to) : 0;
    }
    if (table == FF_BROWSERS) {
        const uint32_t browser = SECOND(key);
        const uint32_t family =
            browser < k->n_families ? k->families[browser] : browser;
        return family ? FF_SECTION_KEY | family : 0;
    }
    if (table == FF_SOURCES && FIRST(key) != FF_DIRECT && FIRST(key) != FF_INTERNAL)
        return FF_SECTION_KEY | ff_key_pair(FIRST(key), 0);
    return 0;
}

/* ---- standing ---- */

static bool may_path_stand(const struct ff_keys *k, uint32_t path)
{
    assert(path == 0 || path < k->n_sections);
    return (k->forms[path] & (IS_FIT | IS_SECTION)) == IS_FIT;
}

/* A pair of sections is what pairs fold into. "/" is its own section, but only it. */
static bool may_pair_stand(const struct ff_keys *k, uint32_t from, uint32_t to)
{
    assert((from == 0 || from < k->n_sections) && (to == 0 || to < k->n_sections));
    const unsigned both = k->forms[from] & k->forms[to];
    const unsigned either = k->forms[from] | k->forms[to];
    const bool is_like_sections = both & IS_OWN_SECTION && either & IS_SECTION;
    return both & IS_FIT && !is_like_sections;
}

/* A name "(other)" (a campaign's source that is not fit to be shown) is counted with
 * the channel's own "(other)". */
static bool may_origin_stand(const struct ff_keys *k, uint64_t key)
{
    if (FIRST(key) == FF_DIRECT || FIRST(key) == FF_INTERNAL)
        return true;
    if (ff_span_equal(ff_names_get(&k->words->sources, SECOND(key)),
                      FF_SPAN("(other)")))
        return false;
    return SECOND(key) &&
           ff_rollup_is_text(ff_names_get(&k->words->sources, SECOND(key)));
}

/* Not what was withheld, nor what reads like a table's "other". */
static bool may_term_stand(struct ff_span term)
{
    return term.len && !ff_span_equal(term, FF_SPAN("(other)")) &&
           ff_rollup_is_text(term);
}

/* Not without a version: then it is counted with its family's rare versions, so that no
 * text is the key of two rows. */
static bool may_browser_stand(const struct ff_keys *k, uint64_t key)
{
    const struct ff_span text = ff_names_get(&k->labels, SECOND(key));
    return browser_family(text).len < text.len;
}

bool ff_key_may_stand(const struct ff_keys *k, enum ff_table table, uint64_t key)
{
    if (is_paths(table))
        return may_path_stand(k, SECOND(key));
    if (table == FF_TRANSITIONS)
        return may_pair_stand(k, FIRST(key), SECOND(key));
    if (table == FF_SITE_SEARCHES || table == FF_EXTERNAL_SEARCHES)
        return may_term_stand(ff_names_get(&k->words->terms, SECOND(key)));
    if (table == FF_CAMPAIGNS)
        return key != 0;
    if (table == FF_BROWSERS)
        return may_browser_stand(k, key);
    return table != FF_SOURCES || may_origin_stand(k, key);
}

static const char *const channel_names[FF_CHANNELS] = {
    [FF_DIRECT] = "direct",
    [FF_INTERNAL] = "internal",
    [FF_CAMPAIGN] = "campaign",
    [FF_AI_ASSISTANT] = "ai assistant",
    [FF_SEARCH_ENGINE] = "search engine",
    [FF_SOCIAL_NETWORK] = "social network",
    [FF_EMAIL] = "email",
    [FF_SITE] = "site",
};

static const char *const method_names[FF_METHODS] = {
    [FF_GET] = "GET",       [FF_HEAD] = "HEAD",
    [FF_POST] = "POST",     [FF_PUT] = "PUT",
    [FF_DELETE] = "DELETE", [FF_OPTIONS] = "OPTIONS",
    [FF_PATCH] = "PATCH",   [FF_CONNECT] = "CONNECT",
    [FF_TRACE] = "TRACE",   [FF_METHOD_OTHER] = "other",
};

static struct ff_span code_text(uint64_t code, struct ff_arena *arena)
{
    if (code == FF_NO_CODE)
        return FF_SPAN("(unknown)");
    const char letters[2] = { (char)(code >> 8), (char)code };
    return ff_arena_copy(arena, (struct ff_span) { letters, 2 });
}

static struct ff_span number_text(uint64_t number, struct ff_arena *arena)
{
    char text[24];
    const int len = snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    return ff_arena_copy(arena, (struct ff_span) { text, (size_t)len });
}

static void source_text(const struct ff_keys *k, uint64_t key,
                        struct ff_span parts[FF_KEY_PARTS])
{
    parts[0] = ff_span_of(channel_names[FIRST(key)]);
    parts[1] = key & FF_SECTION_KEY ? FF_SPAN("(other)")
                                    : ff_names_get(&k->words->sources, SECOND(key));
}

/* Three numbers of names, kept as bytes under one number. */
static void triple_text(const struct ff_names *triples, const struct ff_names *names,
                        uint64_t key, struct ff_span parts[FF_KEY_PARTS])
{
    uint32_t numbers[FF_KEY_PARTS];
    memcpy(numbers, ff_names_get(triples, (uint32_t)key).data, sizeof numbers);
    for (int i = 0; i < FF_KEY_PARTS; i++)
        parts[i] = ff_names_get(names, numbers[i]);
}

void ff_key_text(const struct ff_keys *k, enum ff_table table, uint64_t key,
                 struct ff_arena *arena, struct ff_span parts[FF_KEY_PARTS])
{
    for (int i = 0; i < FF_KEY_PARTS; i++)
        parts[i] = (struct ff_span) { "", 0 };
    switch (table) {
    case FF_PAGES:
    case FF_ENTRY_PAGES:
    case FF_EXIT_PAGES:
    case FF_DOWNLOADS:
    case FF_NOT_FOUND:
        parts[0] = ff_names_get(&k->words->keys, SECOND(key));
        break;
    case FF_TRANSITIONS:
        parts[0] = ff_names_get(&k->words->keys, FIRST(key));
        parts[1] = ff_names_get(&k->words->keys, SECOND(key));
        break;
    case FF_SITE_SEARCHES:
    case FF_EXTERNAL_SEARCHES:
        parts[0] = ff_names_get(&k->words->terms, SECOND(key));
        break;
    case FF_SOURCES:
        source_text(k, key, parts);
        break;
    case FF_CAMPAIGNS:
        triple_text(&k->campaigns, &k->words->sources, key, parts);
        break;
    case FF_AI_CRAWLERS:
        triple_text(&k->labels, &k->labels, key, parts);
        break;
    case FF_COUNTRIES:
    case FF_LANGUAGES:
        parts[0] = code_text(key, arena);
        break;
    case FF_BROWSERS:
    case FF_SYSTEMS:
    case FF_DEVICES:
    case FF_ROBOTS_TABLE:
        parts[0] = ff_names_get(&k->labels, SECOND(key));
        break;
    case FF_HOURS:
    case FF_STATUSES:
        parts[0] = number_text(key, arena);
        break;
    case FF_VISIT_DEPTH:
        parts[0] = ff_span_of(ff_depth_labels[key]);
        break;
    case FF_VISIT_DURATION:
        parts[0] = ff_span_of(ff_duration_labels[key]);
        break;
    case FF_METHODS_TABLE:
        parts[0] = ff_span_of(method_names[key]);
        break;
    case FF_RESPONSE_TIMES:
        parts[0] = ff_span_of(ff_response_labels[key]);
        break;
    case FF_GOALS:
        parts[0] = ff_span_of(k->goals[key].name);
        break;
    case FF_TABLES:
        break;
    }
}
