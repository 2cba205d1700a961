#include "clients.h"

#include <sodium.h>
#include <stdlib.h>

#include "footfall/ingest.h"

struct ff_clients {
    struct ff_clients_parts parts;
    ff_text_hasher *hash;
    ff_line_hasher *hash_lines;
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

static enum ff_err find_key(const struct ff_clients_parts *parts, int32_t period,
                            const struct ff_key **out, struct ff_fault *fault)
{
    *out = ff_keyring_last(parts->keyring, period);
    if (*out)
        return FF_OK;
    lock(parts);
    const enum ff_err err = ff_keyring_key(parts->keyring, period, out, fault);
    unlock(parts);
    return err;
}

/* New visitors come with agents that others had before. So the memo has agents by
 * themselves, too, as entries without a client, with the agent's part of tokens as
 * their visitor: thousands of visitors need not wait for the lock, nor for the hash. No
 * client's entry has such a number. */
#define AGENT_ALONE ((uint64_t)1 << 63)

static enum ff_err read_agent(const struct ff_clients *clients, struct ff_span agent,
                              const struct ff_key *key,
                              struct ff_client_memo_entry *out, struct ff_fault *fault)
{
    const struct ff_clients_parts *parts = &clients->parts;
    const struct ff_text_hash hash =
        clients->hash(parts->secret, agent, AGENT_ALONE | (uint32_t)out->period);
    struct ff_client_memo_entry fresh = { .hash = hash, .period = out->period };
    if (ff_client_memo_find(parts->memo, hash, out))
        return FF_OK;
    lock(parts);
    const enum ff_err err = ff_agent_read(parts->agents, agent, &fresh.agent, fault);
    unlock(parts);
    fresh.visitor = ff_deidentify_agent(key, agent);
    if (!err)
        ff_client_memo_put(parts->memo, &fresh);
    *out = fresh;
    return err;
}

/* What the memo does not know: the slow way. */
static enum ff_err make_entry(struct ff_clients *clients,
                              const struct ff_record *record,
                              struct ff_client_memo_entry *entry,
                              struct ff_fault *fault)
{
    struct ff_span client = record->client;
    struct ff_address address = ff_address_read(client);
    if (address.kind == FF_CLIENT_BAD) {
        client = ff_address_forwarded(client);
        address = ff_address_read(client);
    }
    entry->kind = (uint8_t)address.kind;
    if (address.kind == FF_CLIENT_BAD) {
        entry->fate = FF_CLIENT_MALFORMED;
        return FF_OK;
    }
    if (ff_is_excluded_net(clients->parts.exclusions, &address) ||
        ff_is_excluded_agent(clients->parts.exclusions, record->agent)) {
        entry->fate = FF_CLIENT_EXCLUDED;
        return FF_OK;
    }
    const struct ff_key *key;
    struct ff_client_memo_entry agent = { .period = entry->period };
    ff_place_look(clients->parts.places, &address);
    FF_TRY(find_key(&clients->parts, entry->period, &key, fault));
    if (record->has & FF_HAS_AGENT)
        FF_TRY(read_agent(clients, record->agent, key, &agent, fault));
    else
        agent.visitor = ff_deidentify_agent(key, FF_SPAN(""));
    const struct ff_token token = ff_deidentify(key, &address, client, agent.visitor);
    entry->agent = agent.agent;
    entry->country = ff_place_of(clients->parts.places, &address);
    entry->net = token.net;
    entry->visitor = token.visitor;
    sodium_memzero(&address, sizeof address);
    return FF_OK;
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

__attribute__((cold, noinline)) static enum ff_err
read_new(struct ff_clients *clients, const struct ff_record *record,
         struct ff_client_memo_entry *entry, struct ff_hit *hit,
         enum ff_client_fate *fate, struct ff_fault *fault)
{
    FF_TRY(make_entry(clients, record, entry, fault));
    ff_client_memo_put(clients->parts.memo, entry);
    give(entry, hit, fate);
    return FF_OK;
}

enum ff_err ff_client_read(struct ff_clients *clients, const struct ff_record *record,
                           const struct ff_line_hash *hash, int32_t period,
                           struct ff_hit *hit, enum ff_client_fate *fate,
                           struct ff_fault *fault)
{
    struct ff_client_memo_entry known;
    if (ff_client_memo_find(clients->parts.memo, hash->client, &known)) {
        give(&known, hit, fate);
        return FF_OK;
    }
    struct ff_client_memo_entry fresh = { .hash = hash->client, .period = period };
    return read_new(clients, record, &fresh, hit, fate, fault);
}
