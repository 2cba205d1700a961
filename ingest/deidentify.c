/* Keys and tokens. A token is SipHash-2-4 (Aumasson and Bernstein 2012; of addresses
 * siphash.h's, of names and agents libsodium's), a keyed function with a 128-bit key:
 * without the key it can be neither computed for a guessed address nor compared with
 * another period's. Each part of the message has a fixed length or its length before
 * it, so that no two clients make the same message. */
#include "deidentify.h"

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "footfall/wipe.h"
#include "siphash.h"

struct ff_key {
    int32_t start;
    bool is_used;
    unsigned char net[crypto_shorthash_KEYBYTES];
    unsigned char visitor[crypto_shorthash_KEYBYTES];
};

/* Keys that share locked pages: guarded pages of their own for each would use up the
 * system's mappings, and what may be locked, when a log has thousands of days. With
 * libsodium's mark behind it this is a page of the system's. */
#define KEYS_A_PAGE 100
struct page {
    struct page *next;
    struct ff_key keys[KEYS_A_PAGE];
};
static_assert(sizeof(struct page) + 16 <= 4096, "one page is locked");

struct ff_keyring {
    struct page *pages;
    /* The key asked for last: most lines are of its period. Whoever finds it here finds
     * it made. */
    _Atomic(struct ff_key *) last;
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
    while (ring->pages) {
        struct page *next = ring->pages->next;
        sodium_free(ring->pages); /* wipes */
        ring->pages = next;
    }
    free(ring);
}

static struct ff_key *find(const struct ff_keyring *ring, bool is_used, int32_t start)
{
    for (struct page *page = ring->pages; page; page = page->next)
        for (size_t i = 0; i < KEYS_A_PAGE; i++)
            if (page->keys[i].is_used == is_used &&
                (!is_used || page->keys[i].start == start))
                return &page->keys[i];
    return NULL;
}

/* sodium_malloc asks for the lock and leaves the memory out of core dumps, but does not
 * tell when it may not be locked. A key that could reach a swap file would outlive its
 * period, so then there is none. */
static enum ff_err lock(struct page *page, struct ff_fault *fault)
{
    if (mlock(page, sizeof *page) == 0)
        return FF_OK;
    struct rlimit limit = { 0, 0 };
    const int error = errno;
    getrlimit(RLIMIT_MEMLOCK, &limit);
    return ff_fault_set(fault, FF_ERR_IO,
                        "the period's key cannot be locked in memory, where no swap "
                        "file gets it: %s (the limit, ulimit -l or LimitMEMLOCK=, is "
                        "%llu KiB; 64 are enough)",
                        strerror(error), (unsigned long long)limit.rlim_cur / 1024);
}

static enum ff_err add_page(struct ff_keyring *ring, struct ff_key **out,
                            struct ff_fault *fault)
{
    struct page *page = sodium_malloc(sizeof *page);
    if (!page)
        return ff_fault_nomem(fault);
    const enum ff_err err = lock(page, fault);
    if (err) {
        sodium_free(page);
        return err;
    }
    /* A process that forks keeps its keys to itself. An old kernel cannot; then they
     * are the child's too, for as long as it lives. */
    (void)madvise((void *)((uintptr_t)page & ~(uintptr_t)4095), 4096, MADV_WIPEONFORK);
    memset(page, 0, sizeof *page);
    page->next = ring->pages;
    ring->pages = page;
    *out = page->keys;
    return FF_OK;
}

const struct ff_key *ff_keyring_last(const struct ff_keyring *ring, int32_t start)
{
    const struct ff_key *last = atomic_load_explicit(&ring->last, memory_order_acquire);
    return last && last->start == start ? last : NULL;
}

enum ff_err ff_keyring_key(struct ff_keyring *ring, int32_t start,
                           const struct ff_key **out, struct ff_fault *fault)
{
    *out = ff_keyring_last(ring, start);
    if (*out)
        return FF_OK;
    struct ff_key *key = find(ring, true, start);
    if (!key) {
        key = find(ring, false, 0);
        if (!key)
            FF_TRY(add_page(ring, &key, fault));
        key->start = start;
        key->is_used = true;
        randombytes_buf(key->net, sizeof key->net);
        randombytes_buf(key->visitor, sizeof key->visitor);
    }
    atomic_store_explicit(&ring->last, key, memory_order_release);
    *out = key;
    return FF_OK;
}

void ff_keyring_forget(struct ff_keyring *ring, int32_t start)
{
    struct ff_key *key = find(ring, true, start);
    if (key)
        sodium_memzero(key, sizeof *key);
    atomic_store_explicit(&ring->last, NULL, memory_order_relaxed);
}

/* A name's message is the kind, the name behind its length, and the agent's part. */
#define NAME_MOST    253
#define MESSAGE_MOST (1 + 1 + NAME_MOST + sizeof(uint64_t))

static size_t put_lower(unsigned char *to, struct ff_span text)
{
    to[0] = (unsigned char)text.len;
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.data[i];
        to[1 + i] = (unsigned char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
    }
    return 1 + text.len;
}

static uint64_t hash(const void *message, size_t len,
                     const unsigned char key[crypto_shorthash_KEYBYTES])
{
    uint64_t value;
    static_assert(sizeof value == crypto_shorthash_BYTES, "a half of a token");
    crypto_shorthash((unsigned char *)&value, message, len, key);
    return value;
}

/* Not under the key of the message that it goes into. A key of its own for it would
 * take a third more of what little memory may be locked. */
uint64_t ff_deidentify_agent(const struct ff_key *key, struct ff_span agent)
{
    return hash(agent.data, agent.len, key->net);
}

static uint64_t lowest(uint64_t word, unsigned n_bytes)
{
    return word & UINT64_MAX >> (64 - 8 * n_bytes);
}

/* Addresses that embed an IPv4 address give each of its owners a /48 or more: 256 to a
 * single /24. A 6to4 address (RFC 3056, 2002::/16) is of the network that its IPv4
 * address is of; Teredo's (RFC 4380, 2001::/32) are one network. Gives the message of
 * the network: the kind, and the first bytes. */
static uint64_t net_message(enum ff_client kind, uint64_t address)
{
    unsigned n_bytes = kind == FF_CLIENT_V4 ? 3 : 6;
    if (kind == FF_CLIENT_V6 && lowest(address, 2) == 0x0220) {
        kind = FF_CLIENT_V4;
        address >>= 16;
        n_bytes = 3;
    } else if (kind == FF_CLIENT_V6 && lowest(address, 4) == 0x00000120) {
        n_bytes = 4;
    }
    return (uint64_t)kind | lowest(address, n_bytes) << 8 |
           (uint64_t)(1 + n_bytes) << 56;
}

/* Of an IPv4 or IPv6 address: the address's first eight bytes, the first lowest. */
static struct ff_token address_token(const struct ff_key *key, enum ff_client kind,
                                     uint64_t address, uint64_t agent)
{
    uint64_t net = net_message(kind, address);
    uint64_t visitor[3] = { (uint64_t)kind | address << 8 };
    size_t n = 2;
    if (kind == FF_CLIENT_V4) {
        visitor[0] = lowest(visitor[0], 5) | agent << 40;
        visitor[1] = agent >> 24 | (uint64_t)(1 + 4 + 8) << 56;
    } else {
        visitor[1] = address >> 56 | agent << 8;
        visitor[2] = agent >> 56 | (uint64_t)(1 + 8 + 8) << 56;
        n = 3;
    }
    const struct ff_token token = {
        .net = ff_siphash(key->net, &net, 1),
        .visitor = ff_siphash(key->visitor, visitor, n),
    };
    ff_wipe(&net, sizeof net);
    ff_wipe(visitor, sizeof visitor);
    return token;
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

__attribute__((noinline)) static struct ff_token
name_token(const struct ff_key *key, struct ff_span name, uint64_t agent)
{
    assert(name.len && name.len <= NAME_MOST);
    unsigned char scratch[MESSAGE_MOST];
    struct ff_token token = { .net = name_network(key, name, scratch) };
    size_t len = 1 + put_lower(scratch + 1, name);
    memcpy(scratch + len, &agent, sizeof agent);
    len += sizeof agent;
    token.visitor = hash(scratch, len, key->visitor);
    sodium_memzero(scratch, len);
    return token;
}

/* The address ends here. */
struct ff_token ff_deidentify(const struct ff_key *key,
                              const struct ff_address *address, struct ff_span name,
                              uint64_t agent)
{
    uint64_t first;
    assert(address->kind != FF_CLIENT_BAD);
    memcpy(&first, address->bytes, sizeof first);
    if (address->kind == FF_CLIENT_NAME)
        return name_token(key, name, agent);
    if (address->kind == FF_CLIENT_NONE)
        return (struct ff_token) { 0, 0 };
    return address_token(key, address->kind, le64toh(first), agent);
}
