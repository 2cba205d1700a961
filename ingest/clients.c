/* A direct-mapped cache: a slot is overwritten by whoever comes next. Two clients share
 * an entry only if 128 bits of keyed hash agree. */
#include "clients.h"

#include <sodium.h>
#include <stdlib.h>

#include "footfall/ingest.h"

#define SLOTS 32768

struct entry {
    uint64_t hash[2]; /* both 0 in a free entry */
    uint64_t net, visitor;
    const struct ff_agent *agent;
    int32_t period;
    uint16_t country;
    uint8_t kind; /* enum ff_client */
    uint8_t fate; /* enum ff_client_fate */
};

struct ff_clients {
    struct ff_clients_parts parts;
    struct entry *entries;
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
    clients->entries = calloc(SLOTS, sizeof *clients->entries);
    clients->scratch = malloc(SCRATCH_BYTES);
    if (!clients->entries || !clients->scratch) {
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
    if (clients->entries)
        sodium_memzero(clients->entries, SLOTS * sizeof *clients->entries);
    free(clients->entries);
    free(clients->scratch);
    free(clients);
}

void ff_clients_forget(struct ff_clients *clients, int32_t period)
{
    for (size_t i = 0; i < SLOTS; i++)
        if (clients->entries[i].period == period)
            sodium_memzero(&clients->entries[i], sizeof clients->entries[i]);
}

/* What the cache does not know: the slow way. */
static enum ff_err make_entry(struct ff_clients *clients,
                              const struct ff_record *record, struct entry *entry,
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
    if (record->has & FF_HAS_AGENT)
        FF_TRY(
            ff_agent_read(clients->parts.agents, record->agent, &entry->agent, fault));
    if (clients->parts.places)
        entry->country = ff_place_of(clients->parts.places, &address);
    const struct ff_key *key;
    FF_TRY(ff_keyring_key(clients->parts.keyring, entry->period, &key, fault));
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
    const XXH128_hash_t c = ff_hash_wide(clients->parts.secret, record->client);
    const XXH128_hash_t a = ff_hash_wide(clients->parts.secret, record->agent);
    /* Odd multipliers, so that client and agent do not change places unseen. An agent
     * that is logged and empty is a robot's, one that is not logged is anybody's. */
    const uint64_t has_agent = record->has & FF_HAS_AGENT;
    const struct ff_client_key key = {
        .high = c.high64 * 0x9E3779B97F4A7C15u + a.high64 +
                ((uint64_t)(uint32_t)period << 1 | has_agent),
        .low = c.low64 * 0xC2B2AE3D27D4EB4Fu + a.low64 + 1,
        .period = period,
    };
    __builtin_prefetch(&clients->entries[key.low & (SLOTS - 1)]);
    return key;
}

enum ff_err ff_client_read(struct ff_clients *clients, const struct ff_record *record,
                           const struct ff_client_key *key, struct ff_hit *hit,
                           enum ff_client_fate *fate, struct ff_fault *fault)
{
    struct entry *entry = &clients->entries[key->low & (SLOTS - 1)];
    if (entry->hash[0] != key->high || entry->hash[1] != key->low ||
        entry->period != key->period) {
        struct entry fresh = { .hash = { key->high, key->low }, .period = key->period };
        FF_TRY(make_entry(clients, record, &fresh, fault));
        *entry = fresh;
    }
    *fate = (enum ff_client_fate)entry->fate;
    hit->net = entry->net;
    hit->visitor = entry->visitor;
    hit->has_client = entry->kind != FF_CLIENT_NONE;
    hit->country = entry->country;
    hit->agent = entry->agent;
    return FF_OK;
}
