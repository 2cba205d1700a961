#include "clients.h"

#include <sodium.h>
#include <stdlib.h>

#include "footfall/ingest.h"

struct ff_clients {
    struct ff_clients_parts parts;
    ff_text_hasher *hash;
    unsigned char *scratch;
};

#define SCRATCH_BYTES FF_TOKEN_SCRATCH(FF_LINE_MAX)

enum ff_err ff_clients_create(struct ff_clients **out,
                              const struct ff_clients_parts *parts,
                              struct ff_fault *fault)
{
    *out = NULL;
    struct ff_clients *clients = calloc(1, sizeof *clients);
    if (!clients)
        return ff_fault_nomem(fault);
    clients->parts = *parts;
    clients->hash = ff_text_hash_best();
    clients->scratch = malloc(SCRATCH_BYTES);
    if (!clients->scratch) {
        ff_clients_destroy(clients);
        return ff_fault_nomem(fault);
    }
    *out = clients;
    return FF_OK;
}

void ff_clients_destroy(struct ff_clients *clients)
{
    if (!clients)
        return;
    free(clients->scratch);
    free(clients);
}

/* The agent and the period's key: what threads share. */
static enum ff_err read_shared(const struct ff_clients_parts *parts,
                               const struct ff_record *record,
                               struct ff_client_memo_entry *entry,
                               const struct ff_key **key, struct ff_fault *fault)
{
    enum ff_err err = FF_OK;
    if (parts->lock)
        pthread_mutex_lock(parts->lock);
    if (record->has & FF_HAS_AGENT)
        err = ff_agent_read(parts->agents, record->agent, &entry->agent, fault);
    if (!err)
        err = ff_keyring_key(parts->keyring, entry->period, key, fault);
    if (parts->lock)
        pthread_mutex_unlock(parts->lock);
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
    FF_TRY(read_shared(&clients->parts, record, entry, &key, fault));
    if (clients->parts.places)
        entry->country = ff_place_of(clients->parts.places, &address);
    const struct ff_token token =
        ff_deidentify(key, &address, client, record->agent, clients->scratch);
    entry->net = token.net;
    entry->visitor = token.visitor;
    sodium_memzero(&address, sizeof address);
    return FF_OK;
}

struct ff_client_key ff_client_look(const struct ff_clients *clients,
                                    const struct ff_record *record, int32_t period)
{
    /* An agent that is logged and empty is a robot's, one that is not logged is
     * anybody's. */
    const uint64_t has_agent = record->has & FF_HAS_AGENT;
    const struct ff_client_key key = {
        .hash = clients->hash(clients->parts.secret, record->client, record->agent,
                              (uint64_t)(uint32_t)period << 1 | has_agent),
        .period = period,
    };
    ff_client_memo_look(clients->parts.memo, key.hash);
    return key;
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

enum ff_err ff_client_read(struct ff_clients *clients, const struct ff_record *record,
                           const struct ff_client_key *key, struct ff_hit *hit,
                           enum ff_client_fate *fate, struct ff_fault *fault)
{
    struct ff_client_memo_entry known;
    if (ff_client_memo_find(clients->parts.memo, key->hash, &known)) {
        give(&known, hit, fate);
        return FF_OK;
    }
    struct ff_client_memo_entry fresh = { .hash = key->hash, .period = key->period };
    FF_TRY(make_entry(clients, record, &fresh, fault));
    ff_client_memo_put(clients->parts.memo, &fresh);
    give(&fresh, hit, fate);
    return FF_OK;
}
