/* Keys and tokens. A token is SipHash-2-4 (Aumasson and Bernstein 2012; libsodium's
 * crypto_shorthash), a keyed function with a 128-bit key: without the key it can be
 * neither computed for a guessed address nor compared with another period's. Each part
 * of the message has a fixed length or its length before it, so that no two clients
 * make the same message. */
#include "deidentify.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

struct ff_key {
    int32_t start;
    unsigned char net[crypto_shorthash_KEYBYTES];
    unsigned char visitor[crypto_shorthash_KEYBYTES];
};

struct ff_keyring {
    struct ff_key **keys; /* each in its own locked pages */
    size_t n, cap;
};

enum ff_err ff_keyring_create(struct ff_keyring **out, struct ff_fault *fault)
{
    *out = NULL;
    if (sodium_init() < 0)
        return ff_fault_set(fault, FF_ERR_IO, "no source of random numbers");
    *out = calloc(1, sizeof **out);
    return *out ? FF_OK : ff_fault_nomem(fault);
}

void ff_keyring_destroy(struct ff_keyring *ring)
{
    if (!ring)
        return;
    for (size_t i = 0; i < ring->n; i++)
        sodium_free(ring->keys[i]);
    free(ring->keys);
    free(ring);
}

static enum ff_err grow(struct ff_keyring *ring, struct ff_fault *fault)
{
    const size_t cap = ring->cap ? ring->cap * 2 : 8;
    struct ff_key **keys = realloc(ring->keys, cap * sizeof *keys);
    if (!keys)
        return ff_fault_nomem(fault);
    ring->keys = keys;
    ring->cap = cap;
    return FF_OK;
}

enum ff_err ff_keyring_key(struct ff_keyring *ring, int32_t start,
                           const struct ff_key **out, struct ff_fault *fault)
{
    /* The newest period is the one most lines are of. */
    for (size_t i = ring->n; i-- > 0;) {
        if (ring->keys[i]->start == start) {
            *out = ring->keys[i];
            return FF_OK;
        }
    }
    if (ring->n == ring->cap)
        FF_TRY(grow(ring, fault));
    struct ff_key *key = sodium_malloc(sizeof *key);
    if (!key)
        return ff_fault_nomem(fault);
    key->start = start;
    randombytes_buf(key->net, sizeof key->net);
    randombytes_buf(key->visitor, sizeof key->visitor);
    sodium_mprotect_readonly(key);
    ring->keys[ring->n++] = key;
    *out = key;
    return FF_OK;
}

void ff_keyring_forget(struct ff_keyring *ring, int32_t start)
{
    for (size_t i = 0; i < ring->n; i++) {
        if (ring->keys[i]->start != start)
            continue;
        sodium_free(ring->keys[i]);
        ring->keys[i] = ring->keys[--ring->n];
        return;
    }
}

static size_t put_lower(unsigned char *to, struct ff_span text)
{
    to[0] = (unsigned char)text.len;
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.data[i];
        to[1 + i] = (unsigned char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
    }
    return 1 + text.len;
}

static uint64_t hash(const unsigned char *message, size_t len,
                     const unsigned char key[crypto_shorthash_KEYBYTES])
{
    uint64_t value;
    static_assert(sizeof value == crypto_shorthash_BYTES, "a half of a token");
    crypto_shorthash((unsigned char *)&value, message, len, key);
    return value;
}

/* The address's own part of both messages: `net` bytes of it name the network. */
static size_t put_client(unsigned char *to, const struct ff_address *address,
                         struct ff_span name, size_t *net)
{
    if (address->kind == FF_CLIENT_V4) {
        memcpy(to, address->bytes, 4);
        *net = 3;
        return 4;
    }
    if (address->kind == FF_CLIENT_V6) {
        memcpy(to, address->bytes, 8);
        *net = 6;
        return 8;
    }
    return put_lower(to, name);
}

static uint64_t name_network(const struct ff_key *key, struct ff_span name,
                             unsigned char *scratch)
{
    const size_t dot = ff_span_find(name, '.');
    /* A name of one label is a network of its own. */
    const struct ff_span rest = dot < name.len ? ff_span_from(name, dot + 1) : name;
    scratch[0] = FF_CLIENT_NAME;
    return hash(scratch, 1 + put_lower(scratch + 1, rest), key->net);
}

struct ff_token ff_deidentify(const struct ff_key *key,
                              const struct ff_address *address, struct ff_span name,
                              struct ff_span agent, unsigned char *scratch)
{
    assert(address->kind != FF_CLIENT_BAD);
    assert(address->kind != FF_CLIENT_NAME || (name.len && name.len <= 253));
    struct ff_token token = { 0, 0 };
    if (address->kind == FF_CLIENT_NONE)
        return token;
    if (address->kind == FF_CLIENT_NAME)
        token.net = name_network(key, name, scratch);
    size_t net = 0;
    scratch[0] = (unsigned char)address->kind;
    size_t len = 1 + put_client(scratch + 1, address, name, &net);
    if (address->kind != FF_CLIENT_NAME)
        token.net = hash(scratch, 1 + net, key->net);
    const uint32_t agent_len = (uint32_t)agent.len;
    memcpy(scratch + len, &agent_len, sizeof agent_len);
    len += sizeof agent_len;
    if (agent.len)
        memcpy(scratch + len, agent.data, agent.len);
    len += agent.len;
    token.visitor = hash(scratch, len, key->visitor);
    /* The address ends here. */
    sodium_memzero(scratch, len);
    return token;
}
