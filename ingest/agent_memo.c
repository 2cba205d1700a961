#include "agent_memo.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ready.h"

#define SLOTS (2 * FF_AGENT_MEMO_STRINGS)
static_assert((SLOTS & (SLOTS - 1)) == 0, "slots are masked");

struct slot {
    uint64_t hash;
    const struct ff_agent *agent; /* NULL: empty */
    uint32_t at, len;             /* of the string in text */
};

struct generation {
    struct slot slots[SLOTS];
    char text[FF_AGENT_MEMO_TEXT_BYTES];
    size_t text_len;
    size_t n_strings;
};

struct ff_agent_memo {
    struct generation *young, *old;
    uint64_t seed; /* random, so that nobody can write a log whose hashes collide */
    uint64_t hash; /* of the bytes last asked for */
};

static void wipe(struct generation *g)
{
    if (g->n_strings == 0)
        return; /* there is nothing to wipe, and most of it was never touched */
    sodium_memzero(g->slots, sizeof g->slots);
    sodium_memzero(g->text, g->text_len);
    g->text_len = g->n_strings = 0;
}

enum ff_err ff_agent_memo_create(struct ff_agent_memo **out, struct ff_fault *fault)
{
    enum ff_err err = FF_OK;
    struct ff_agent_memo *memo = calloc(1, sizeof *memo);
    if (!memo)
        return ff_fault_nomem(fault);
    memo->young = calloc(1, sizeof *memo->young);
    memo->old = calloc(1, sizeof *memo->old);
    if (!memo->young || !memo->old)
        err = ff_fault_nomem(fault);
    else if (getrandom(&memo->seed, sizeof memo->seed, 0) != sizeof memo->seed)
        err = ff_fault_set(fault, FF_ERR_IO, "the system gives no random bytes");
    if (err) {
        ff_agent_memo_destroy(memo);
        return err;
    }
    ff_ready(memo->young->slots, sizeof memo->young->slots);
    *out = memo;
    return FF_OK;
}

void ff_agent_memo_destroy(struct ff_agent_memo *memo)
{
    if (!memo)
        return;
    if (memo->young)
        wipe(memo->young);
    if (memo->old)
        wipe(memo->old);
    free(memo->young);
    free(memo->old);
    sodium_memzero(memo, sizeof *memo);
    free(memo);
}

static struct slot *find(struct generation *g, uint64_t hash, struct ff_span text)
{
    size_t i = hash & (SLOTS - 1);
    while (g->slots[i].agent) {
        const struct slot *s = &g->slots[i];
        if (s->hash == hash && s->len == text.len &&
            memcmp(g->text + s->at, text.data, text.len) == 0)
            break;
        i = (i + 1) & (SLOTS - 1); /* half of the slots are empty: it ends */
    }
    return &g->slots[i];
}

static void put(struct ff_agent_memo *memo, uint64_t hash, struct ff_span text,
                const struct ff_agent *agent)
{
    struct generation *g = memo->young;
    if (g->n_strings == FF_AGENT_MEMO_STRINGS ||
        text.len > sizeof g->text - g->text_len) {
        wipe(memo->old);
        memo->young = memo->old;
        memo->old = g;
        g = memo->young;
    }
    struct slot *slot = find(g, hash, text);
    *slot = (struct slot) { hash, agent, (uint32_t)g->text_len, (uint32_t)text.len };
    memcpy(g->text + g->text_len, text.data, text.len);
    g->text_len += text.len;
    g->n_strings++;
}

const struct ff_agent *ff_agent_memo_get(struct ff_agent_memo *memo,
                                         struct ff_span text)
{
    memo->hash = XXH3_64bits_withSeed(text.data, text.len, memo->seed);
    const struct ff_agent *agent = find(memo->young, memo->hash, text)->agent;
    if (agent)
        return agent;
    if (memo->old->n_strings == 0)
        return NULL;
    agent = find(memo->old, memo->hash, text)->agent;
    if (agent)
        put(memo, memo->hash, text, agent);
    return agent;
}

void ff_agent_memo_put(struct ff_agent_memo *memo, struct ff_span text,
                       const struct ff_agent *agent)
{
    assert(agent && text.len && text.len <= FF_AGENT_MEMO_TEXT_BYTES);
    put(memo, memo->hash, text, agent);
}

size_t ff_agent_memo_count(const struct ff_agent_memo *memo)
{
    return memo->young->n_strings + memo->old->n_strings;
}
