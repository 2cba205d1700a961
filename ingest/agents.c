#include "agents.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

#include "agent_memo.h"
#include "agents_data.h"
#include "device.h"
#include "escape.h"
#include "footfall/arena.h"
#include "footfall/hash.h"
#include "patterns.h"
#include "ready.h"

#define AGENT_BYTES 1024 /* what follows is not looked at */
#define WORD_BYTES  128
#define NO_VERSION  UINT16_MAX

/* Agents that may differ in everything; then those without version; robots' names, of
 * which there are as many as words, always have room. */
#define AGENTS_FULL        16384
#define AGENTS_UNVERSIONED 24576
#define AGENT_SLOTS        65536
#define AGENT_BLOCK_BYTES  (64 * 1024)
#define AGENT_ARENA_BYTES  (16 * 1024 * 1024)

/* What an agent is, in indices of words: equal facts are equal bytes. */
struct facts {
    uint16_t family;
    uint16_t version; /* major, 0 to 999, or NO_VERSION */
    uint16_t system;
    uint16_t device;
    uint16_t robot; /* enum ff_robot */
    uint16_t name;
    uint16_t operator;
    uint16_t purpose;
};
static_assert(sizeof(struct facts) == 8 * sizeof(uint16_t), "no padding is compared");

struct interned {
    struct facts facts;
    struct ff_agent agent;
};

struct ff_agents {
    const struct ff_agents_data *data;
    struct ff_patterns *patterns;
    struct ff_agent_memo *memo;
    struct interned **slots; /* open addressing; never more than half full */
    struct ff_secret secret; /* of their places: versions are the log's to choose */
    struct ff_arena arena;   /* of interned agents and their browsers' text */
    size_t n_agents;
    char text[AGENT_BYTES]; /* the agent being read; wiped after */
};
static_assert(AGENTS_UNVERSIONED < AGENT_SLOTS / 2, "robots' names have room after it");

enum ff_err ff_agents_create(struct ff_agents **out, struct ff_fault *fault)
{
    struct ff_agents *a = calloc(1, sizeof *a);
    if (!a)
        return ff_fault_nomem(fault);
    a->data = &ff_agents_data;
    ff_arena_init(&a->arena, AGENT_BLOCK_BYTES, AGENT_ARENA_BYTES);
    enum ff_err err = ff_patterns_create(a->data, &a->patterns, fault);
    if (!err)
        err = ff_agent_memo_create(&a->memo, fault);
    if (!err && !(a->slots = calloc(AGENT_SLOTS, sizeof(struct interned *))))
        err = ff_fault_nomem(fault);
    if (!err && !ff_secret_init(&a->secret))
        err = ff_fault_set(fault, FF_ERR_IO, "the system gives no random bytes");
    if (err) {
        ff_agents_destroy(a);
        return err;
    }
    ff_ready(a->slots, AGENT_SLOTS * sizeof *a->slots);
    *out = a;
    return FF_OK;
}

void ff_agents_destroy(struct ff_agents *a)
{
    if (!a)
        return;
    ff_agent_memo_destroy(a->memo);
    ff_patterns_destroy(a->patterns);
    ff_arena_clear(&a->arena);
    free(a->slots);
    ff_wipe_free(a, sizeof *a);
}

static uint16_t find_word(const struct ff_agents_data *data, struct ff_span text)
{
    size_t low = FF_WORDS_FIXED, high = data->n_words;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = ff_span_compare(data->words[middle], text);
        if (order == 0)
            return (uint16_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return FF_WORD_UNKNOWN;
}

/* The word that a matched pattern gives. Text of the log can only choose one. */
static uint16_t word_of(const struct ff_agents *a, const struct ff_pattern *pattern)
{
    char buffer[WORD_BYTES];
    if (!pattern->form)
        return pattern->word;
    return find_word(
        a->data, ff_patterns_fill(a->patterns, pattern->form, buffer, sizeof buffer));
}

static uint16_t version_of(const struct ff_agents *a, const struct ff_pattern *pattern)
{
    char digits[4];
    const struct ff_span text =
        ff_patterns_fill(a->patterns, pattern->version, digits, sizeof digits - 1);
    uint16_t version = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return NO_VERSION;
        version = (uint16_t)(version * 10 + (text.data[i] - '0'));
    }
    return text.len ? version : NO_VERSION;
}

static void call_robot(struct facts *facts, enum ff_robot robot,
                       const struct ff_pattern *pattern)
{
    facts->robot = (uint16_t)robot;
    facts->name = pattern->word;
    facts->operator= pattern->operator;
    facts->purpose = pattern->purpose;
}

/* AI before the rest: lists of robots have most AI crawlers too. */
static enum ff_err read_robot(struct ff_agents *a, struct facts *facts,
                              struct ff_fault *fault)
{
    const struct ff_pattern *found;
    FF_TRY(ff_patterns_first(a->patterns, FF_SECTION_AI, &found, fault));
    if (found) {
        call_robot(facts, FF_ROBOT_AI, found);
        return FF_OK;
    }
    FF_TRY(ff_patterns_first(a->patterns, FF_SECTION_ROBOT, &found, fault));
    if (found) {
        call_robot(facts, FF_ROBOT_DECLARED, found);
        return FF_OK;
    }
    /* A spider if the first device pattern that matches says so: some phones' names
     * hold a spider's words, and stand before it. Most agents are none by the few
     * patterns that say spider and are not held against the hundreds. */
    FF_TRY(ff_patterns_first(a->patterns, FF_SECTION_SPIDER, &found, fault));
    if (found)
        FF_TRY(ff_patterns_first(a->patterns, FF_SECTION_DEVICE, &found, fault));
    if (found && found->word == FF_WORD_OTHER_ROBOT) {
        call_robot(facts, FF_ROBOT_DECLARED, found);
        if (facts->family != FF_WORD_UNKNOWN)
            facts->name = facts->family;
    }
    return FF_OK;
}

static enum ff_err read_browser(struct ff_agents *a, struct facts *facts,
                                struct ff_fault *fault)
{
    const struct ff_pattern *found;
    FF_TRY(ff_patterns_first(a->patterns, FF_SECTION_FAMILY, &found, fault));
    if (found) {
        facts->family = word_of(a, found);
        if (facts->family != FF_WORD_UNKNOWN)
            facts->version = version_of(a, found);
    }
    FF_TRY(ff_patterns_first(a->patterns, FF_SECTION_SYSTEM, &found, fault));
    if (found)
        facts->system = word_of(a, found);
    return FF_OK;
}

static struct ff_span trimmed(struct ff_span s)
{
    while (s.len && (s.data[0] == ' ' || s.data[0] == '\t'))
        s = ff_span_from(s, 1);
    while (s.len && (s.data[s.len - 1] == ' ' || s.data[s.len - 1] == '\t'))
        s.len--;
    return s;
}

static enum ff_err read_facts(struct ff_agents *a, struct ff_span text, bool is_slow,
                              struct facts *facts, struct ff_fault *fault)
{
    *facts = (struct facts) {
        .version = NO_VERSION,
        .device = FF_WORD_OTHER,
        .name = FF_WORD_EMPTY,
        .operator= FF_WORD_EMPTY,
        .purpose = FF_WORD_EMPTY,
    };
    if (text.len == 0 || ff_span_equal(text, FF_SPAN("-"))) {
        facts->robot = FF_ROBOT_DECLARED;
        facts->name = FF_WORD_NO_AGENT;
        return FF_OK;
    }
    if (is_slow)
        ff_patterns_look_slowly(a->patterns, text);
    else
        ff_patterns_look(a->patterns, text);
    FF_TRY(read_browser(a, facts, fault));
    FF_TRY(read_robot(a, facts, fault));
    facts->device = (uint16_t)ff_device_of(text, a->data->words[facts->system]);
    return FF_OK;
}

/* At the bounds of the table, what would make new agents is left out. */
static void fit_facts(struct facts *facts, size_t n_agents)
{
    if (n_agents < AGENTS_FULL)
        return;
    facts->version = NO_VERSION;
    if (n_agents < AGENTS_UNVERSIONED)
        return;
    facts->family = facts->system = FF_WORD_UNKNOWN;
    facts->device = FF_WORD_OTHER;
}

static size_t find_slot(const struct ff_agents *a, const struct facts *facts)
{
    const struct ff_span bytes = { (const char *)facts, sizeof *facts };
    size_t i = ff_hash(&a->secret, bytes) & (AGENT_SLOTS - 1);
    while (a->slots[i] && memcmp(&a->slots[i]->facts, facts, sizeof *facts) != 0)
        i = (i + 1) & (AGENT_SLOTS - 1);
    return i;
}

/* "Chrome 126"; the family alone where there is no version. */
static struct ff_span browser_text(struct ff_agents *a, const struct facts *facts)
{
    const struct ff_span family = a->data->words[facts->family];
    if (facts->version == NO_VERSION)
        return family;
    char text[WORD_BYTES + 8];
    const int n = snprintf(text, sizeof text, "%.*s %u", (int)family.len, family.data,
                           facts->version);
    assert(n > 0 && (size_t)n < sizeof text);
    return ff_arena_copy(&a->arena, (struct ff_span) { text, (size_t)n });
}

static enum ff_err intern(struct ff_agents *a, struct facts *facts,
                          const struct ff_agent **out, struct ff_fault *fault)
{
    size_t i = find_slot(a, facts);
    if (!a->slots[i]) {
        fit_facts(facts, a->n_agents);
        i = find_slot(a, facts);
    }
    if (!a->slots[i]) {
        const struct ff_span *words = a->data->words;
        struct interned *new = FF_ARENA_NEW(&a->arena, struct interned, 1);
        const struct ff_span browser = browser_text(a, facts);
        if (!new || !browser.data)
            return ff_fault_nomem(fault);
        *new = (struct interned) {
            .facts = *facts,
            .agent = {
                .family = words[facts->family],
                .browser = browser,
                .system = words[facts->system],
                .device = words[facts->device],
                .robot = (enum ff_robot)facts->robot,
                .number = (uint32_t)a->n_agents + 1,
                .name = words[facts->name],
                .run_by = words[facts->operator], .purpose = words[facts->purpose], },
                };
        a->slots[i] = new;
        a->n_agents++;
        assert(a->n_agents < AGENT_SLOTS / 2);
    }
    *out = &a->slots[i]->agent;
    return FF_OK;
}

static enum ff_err read_text(struct ff_agents *a, struct ff_span agent, bool is_slow,
                             const struct ff_agent **out, struct ff_fault *fault)
{
    struct facts facts;
    const struct ff_span text = { a->text, ff_log_unescape(agent, a->text) };
    enum ff_err err = read_facts(a, trimmed(text), is_slow, &facts, fault);
    /* The agent string ends here. */
    sodium_memzero(a->text, text.len);
    if (!err)
        err = intern(a, &facts, out, fault);
    return err;
}

static struct ff_span cut(struct ff_span agent)
{
    return (struct ff_span) { agent.data,
                              agent.len < AGENT_BYTES ? agent.len : AGENT_BYTES };
}

enum ff_err ff_agent_read(struct ff_agents *a, struct ff_span agent,
                          const struct ff_agent **out, struct ff_fault *fault)
{
    agent = cut(agent);
    if (agent.len == 0)
        return read_text(a, agent, false, out, fault);
    *out = ff_agent_memo_get(a->memo, agent);
    if (*out)
        return FF_OK;
    FF_TRY(read_text(a, agent, false, out, fault));
    ff_agent_memo_put(a->memo, agent, *out);
    return FF_OK;
}

enum ff_err ff_agent_read_slowly(struct ff_agents *a, struct ff_span agent,
                                 const struct ff_agent **out, struct ff_fault *fault)
{
    return read_text(a, cut(agent), true, out, fault);
}
