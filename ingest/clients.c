#include "clients.h"

#include <assert.h>
#include <stdlib.h>

#include "footfall/ingest.h"
#include "footfall/wipe.h"

struct ff_clients {
    struct ff_clients_parts parts;
    ff_text_hasher *hash;
    ff_line_hasher *hash_lines;
    bool excludes; /* some clients */
    /* Scratch of ff_clients_meet: those of new clients, and one more. */
    const struct ff_group_line *newcomers[FF_GROUP_LINES + 1];
};

enum ff_err ff_clients_create(struct ff_clients **out,
                              const struct ff_clients_parts *parts,
                              struct ff_fault *fault)
{
    *out = NULL;
    struct ff_clients *clients = calloc(1, sizeof *clients);
    if (!clients)
        return ff_fault_nomem(fault);
    clients->parts = *parts;
    const struct ff_text_hash_way way = ff_text_hash_best();
    clients->hash = way.hash;
    clients->hash_lines = way.hash_lines;
    clients->excludes = ff_excludes_clients(parts->exclusions);
    *out = clients;
    return FF_OK;
}

void ff_clients_destroy(struct ff_clients *clients)
{
    free(clients);
}

static void lock(const struct ff_clients_parts *parts)
{
    if (parts->lock)
        pthread_mutex_lock(parts->lock);
}

static void unlock(const struct ff_clients_parts *parts)
{
    if (parts->lock)
        pthread_mutex_unlock(parts->lock);
}

__attribute__((cold, noinline)) static enum ff_err
make_key(const struct ff_clients_parts *parts, int32_t period,
         const struct ff_key **out, struct ff_fault *fault)
{
    lock(parts);
    const enum ff_err err = ff_keyring_key(parts->keyring, period, out, fault);
    unlock(parts);
    return err;
}

static enum ff_err find_key(const struct ff_clients_parts *parts, int32_t period,
                            const struct ff_key **out, struct ff_fault *fault)
{
    *out = ff_keyring_last(parts->keyring, period);
    return *out ? FF_OK : make_key(parts, period, out, fault);
}

/* New visitors come with agents that others had before. So the memo has agents by
 * themselves, too, as entries without a client, with the agent's part of tokens as
 * their visitor: thousands of visitors need not wait for the lock, nor for the hash. No
 * client's entry has such a number. */
#define AGENT_ALONE ((uint64_t)1 << 63)

/* A client that the memo does not have, on its way there. */
struct newcomer {
    struct ff_client_memo_entry entry;
    const struct ff_record *record;
    struct ff_span name; /* of the record's client, what is the client's own */
    struct ff_address address;
    struct ff_text_hash agent; /* of the agent alone */
};

static inline void come(struct newcomer *new, const struct ff_group_line *line)
{
    new->entry = (struct ff_client_memo_entry) { .hash = line->hash.client,
                                                 .period = line->period };
    new->record = &line->record;
}

/* *entry has the hash of the agent alone, and the period. */
__attribute__((cold, noinline)) static enum ff_err
make_agent(const struct ff_clients_parts *parts, struct ff_span agent,
           const struct ff_key *key, struct ff_client_memo_entry *entry,
           struct ff_fault *fault)
{
    lock(parts);
    const enum ff_err err = ff_agent_read(parts->agents, agent, &entry->agent, fault);
    unlock(parts);
    entry->visitor = ff_deidentify_agent(key, agent);
    if (!err)
        ff_client_memo_put(parts->memo, entry);
    return err;
}

static enum ff_err read_agent(const struct ff_clients *clients,
                              const struct newcomer *new, const struct ff_key *key,
                              struct ff_client_memo_entry *out, struct ff_fault *fault)
{
    const struct ff_clients_parts *parts = &clients->parts;
    const struct ff_record *record = new->record;
    const bool has_agent = record->has & FF_HAS_AGENT;
    if (has_agent && ff_client_memo_find(parts->memo, new->agent, out))
        return FF_OK;
    *out = (struct ff_client_memo_entry) { .hash = new->agent,
                                           .period = new->entry.period };
    if (has_agent)
        return make_agent(parts, record->agent, key, out, fault);
    out->visitor = ff_deidentify_agent(key, FF_SPAN(""));
    return FF_OK;
}

/* A list of forwarding addresses, maybe. */
__attribute__((cold, noinline)) static struct ff_address read_list(struct ff_span *name)
{
    *name = ff_address_forwarded(*name);
    return ff_address_read(*name);
}

__attribute__((cold, noinline)) static bool
is_excluded(const struct ff_clients_parts *parts, const struct ff_address *address,
            struct ff_span agent)
{
    return ff_is_excluded_net(parts->exclusions, address) ||
           ff_is_excluded_agent(parts->exclusions, agent);
}

/* Reads the address, and begins the look-ups that follow from it. */
static inline void meet(const struct ff_clients *clients, struct newcomer *new)
{
    const struct ff_clients_parts *parts = &clients->parts;
    const struct ff_record *record = new->record;
    struct ff_client_memo_entry *entry = &new->entry;
    new->name = record->client;
    struct ff_address address = ff_address_read(new->name);
    if (address.kind == FF_CLIENT_BAD)
        address = read_list(&new->name);
    ff_place_look(parts->places, &address);
    new->address = address;
    entry->kind = (uint8_t)address.kind;
    if (address.kind == FF_CLIENT_BAD)
        entry->fate = FF_CLIENT_MALFORMED;
    else if (clients->excludes && is_excluded(parts, &address, record->agent))
        entry->fate = FF_CLIENT_EXCLUDED;
    ff_wipe(&address, sizeof address);
    new->agent = (struct ff_text_hash) { 0, 0 };
    if (!(record->has & FF_HAS_AGENT))
        return;
    new->agent = clients->hash(parts->secret, record->agent,
                               AGENT_ALONE | (uint32_t)entry->period);
    ff_client_memo_look(parts->memo, new->agent);
}

/* Ends them: the rest of the entry. The address ends here. */
static inline enum ff_err finish(const struct ff_clients *clients, struct newcomer *new,
                                 struct ff_fault *fault)
{
    const struct ff_clients_parts *parts = &clients->parts;
    struct ff_client_memo_entry *entry = &new->entry;
    struct ff_client_memo_entry agent;
    const struct ff_key *key;
    if (entry->fate != FF_CLIENT_COUNTS)
        return FF_OK;
    FF_TRY(find_key(parts, entry->period, &key, fault));
    FF_TRY(read_agent(clients, new, key, &agent, fault));
    const struct ff_token token =
        ff_deidentify(key, &new->address, new->name, agent.visitor);
    entry->agent = agent.agent;
    entry->country = ff_place_of(parts->places, &new->address);
    entry->net = token.net;
    entry->visitor = token.visitor;
    return FF_OK;
}

/* What the memo does not know, in steps: so the memory that one step asks for is there
 * in the next, and what all wait for they wait for together. On an error none is put,
 * and no address is left. */
static enum ff_err make_entries(const struct ff_clients *clients, struct newcomer *new,
                                size_t n, struct ff_fault *fault)
{
    enum ff_err err = FF_OK;
    for (size_t i = 0; i < n; i++)
        meet(clients, &new[i]);
    for (size_t i = 0; i < n; i++)
        ff_place_look_on(clients->parts.places, &new[i].address);
    for (size_t i = 0; i < n && !err; i++)
        err = finish(clients, &new[i], fault);
    for (size_t i = 0; i < n; i++) {
        if (!err)
            ff_client_memo_put(clients->parts.memo, &new[i].entry);
        ff_wipe(&new[i].address, sizeof new[i].address);
    }
    return err;
}

void ff_clients_look(const struct ff_clients *clients, struct ff_group_line *lines,
                     size_t n)
{
    clients->hash_lines(clients->parts.secret, lines, n);
    for (size_t i = 0; i < n; i++) {
        if (lines[i].record.target.len > FF_MEMO_TEXT_MAX)
            lines[i].hash.target = (struct ff_text_hash) { 0, 0 };
        ff_client_memo_look(clients->parts.memo, lines[i].hash.client);
    }
}

/* Leaves of `n` lines one a client: most new ones come with several. A hash marks a
 * bit, and who finds it marked is taken for the same; if he is not, ff_client_read
 * finds out. Gives how many are left. */
static size_t drop_same(const struct ff_group_line **lines, size_t n)
{
    uint64_t marked = 0;
    size_t n_left = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t mark = (uint64_t)1 << (lines[i]->hash.client.low >> 58);
        lines[n_left] = lines[i];
        n_left += (marked & mark) == 0;
        marked |= mark;
    }
    return n_left;
}

/* Who is new is found without a branch: nobody can guess. */
enum ff_err ff_clients_meet(struct ff_clients *clients,
                            const struct ff_group_line *lines, size_t n,
                            struct ff_fault *fault)
{
    const struct ff_client_memo *memo = clients->parts.memo;
    struct newcomer new[FF_GROUP_LINES];
    size_t n_new = 0;
    assert(n <= FF_GROUP_LINES);
    for (size_t i = 0; i < n; i++) {
        if (lines[i].fate != FF_GROUP_COUNTS)
            continue;
        clients->newcomers[n_new] = &lines[i];
        n_new += !ff_client_memo_has(memo, lines[i].hash.client);
    }
    n_new = drop_same(clients->newcomers, n_new);
    for (size_t i = 0; i < n_new; i++)
        come(&new[i], clients->newcomers[i]);
    return make_entries(clients, new, n_new, fault);
}

/* Inline, so that what the memo has goes from there to the hit. */
static inline void give(const struct ff_client_memo_entry *entry, struct ff_hit *hit,
                        enum ff_client_fate *fate)
{
    *fate = (enum ff_client_fate)entry->fate;
    hit->net = entry->net;
    hit->visitor = entry->visitor;
    hit->has_client = entry->kind != FF_CLIENT_NONE;
    hit->country = entry->country;
    hit->agent = entry->agent;
}

/* Whom the memo did not keep. */
__attribute__((cold, noinline)) static enum ff_err
read_new(const struct ff_clients *clients, const struct ff_group_line *line,
         struct ff_hit *hit, enum ff_client_fate *fate, struct ff_fault *fault)
{
    struct newcomer new;
    come(&new, line);
    FF_TRY(make_entries(clients, &new, 1, fault));
    give(&new.entry, hit, fate);
    return FF_OK;
}

enum ff_err ff_client_read(const struct ff_clients *clients,
                           const struct ff_group_line *line, struct ff_hit *hit,
                           enum ff_client_fate *fate, struct ff_fault *fault)
{
    struct ff_client_memo_entry known;
    if (!ff_client_memo_find(clients->parts.memo, line->hash.client, &known))
        return read_new(clients, line, hit, fate, fault);
    give(&known, hit, fate);
    return FF_OK;
}
