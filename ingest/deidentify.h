/* The crossing from who to nobody: an address and an agent string become a token under
 * the period's key. The address ends here. */
#ifndef FF_DEIDENTIFY_H
#define FF_DEIDENTIFY_H

#include "address.h"
#include "footfall/err.h"

/* Keys of the open periods, in locked memory that is left out of core dumps and wiped
 * when freed (libsodium's sodium_malloc). */
struct ff_keyring;
struct ff_key;

/* On FF_OK *out is the caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_keyring_create(struct ff_keyring **out,
                                          struct ff_fault *fault);
/* Wipes every key. NULL is allowed. */
void ff_keyring_destroy(struct ff_keyring *ring);

/* The key of the period that begins on day `start`: random (getrandom) when first asked
 * for, the same until forgotten. Valid until forget or destroy. FF_ERR_NOMEM;
 * FF_ERR_IO when the system does not let it be locked (RLIMIT_MEMLOCK). */
FF_MUST_USE enum ff_err ff_keyring_key(struct ff_keyring *ring, int32_t start,
                                       const struct ff_key **out,
                                       struct ff_fault *fault);
/* The same without waiting for who else uses the ring, if the key is the one that was
 * asked for last; else NULL. */
const struct ff_key *ff_keyring_last(const struct ff_keyring *ring, int32_t start);
/* Wipes the period's key; nothing can make its tokens again. Not while others use it.
 */
void ff_keyring_forget(struct ff_keyring *ring, int32_t start);

/* An agent string's part in its visitors' tokens, SipHash-2-4 too: it is no token, and
 * goes nowhere else. Many visitors have the same. */
uint64_t ff_deidentify_agent(const struct ff_key *key, struct ff_span agent);

/* Two SipHash-2-4 values, 0 for FF_CLIENT_NONE. The network is an IPv4's /24, an IPv6's
 * /48, a host name without its first label; the visitor is the IPv4 address, the IPv6
 * /64 or the whole host name, with the agent string's part. */
struct ff_token {
    uint64_t net, visitor;
};

/* `address` is of any kind but FF_CLIENT_BAD; `name` is the client as written, used for
 * FF_CLIENT_NAME (1 to 253 bytes; letters of any case are the same); `agent` is what
 * ff_deidentify_agent gave under the same key. */
struct ff_token ff_deidentify(const struct ff_key *key,
                              const struct ff_address *address, struct ff_span name,
                              uint64_t agent);

#endif
