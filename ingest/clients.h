/* From a record's client and agent to a hit's token, country and agent. What was made
 * of the same client and agent a moment ago is in a memo under a keyed 128-bit hash;
 * the address itself is not. */
#ifndef FF_CLIENTS_H
#define FF_CLIENTS_H

#include <pthread.h>

#include "agents.h"
#include "client_memo.h"
#include "deidentify.h"
#include "exclusions.h"
#include "group_line.h"
#include "memo.h"
#include "places.h"

/* For one thread. */
struct ff_clients;

/* Threads share all of these; keyring and agents under `lock`, which is NULL where
 * there is one thread only. `places` may be NULL. All must outlive the clients. On
 * FF_OK *out is the caller's. FF_ERR_NOMEM. */
struct ff_clients_parts {
    struct ff_client_memo *memo;
    pthread_mutex_t *lock;
    struct ff_keyring *keyring;
    struct ff_agents *agents;
    const struct ff_places *places;
    const struct ff_exclusions *exclusions;
    const struct ff_secret *secret;
};
FF_MUST_USE enum ff_err ff_clients_create(struct ff_clients **out,
                                          const struct ff_clients_parts *parts,
                                          struct ff_fault *fault);
/* Wipes and frees. NULL is allowed. */
void ff_clients_destroy(struct ff_clients *clients);

enum ff_client_fate {
    FF_CLIENT_COUNTS,
    FF_CLIENT_EXCLUDED,  /* by its network or agent */
    FF_CLIENT_MALFORMED, /* the client field is none */
};

/* Begins the look-ups of `n` lines, FF_GROUP_LINES at most, whose records and periods
 * are known: fills their hashes, which the look-ups go by, for ff_client_read and
 * ff_fields_look (the target's is all 0 if it is too long to remember). The memory that
 * the clients' look-ups touch is asked for. */
void ff_clients_look(const struct ff_clients *clients, struct ff_group_line *lines,
                     size_t n);
/* Makes the memo know the clients of those of the `n` lines, FF_GROUP_LINES at most,
 * that count, after ff_clients_look: all that are new wait for memory together. Others
 * may overwrite them at any time. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_clients_meet(struct ff_clients *clients,
                                        const struct ff_group_line *lines, size_t n,
                                        struct ff_fault *fault);
/* Ends the client's look-up of a line, whether it was met or not: fills net, visitor,
 * has_client, country and agent of `hit` under the key of the period, if the client
 * counts. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_client_read(const struct ff_clients *clients,
                                       const struct ff_group_line *line,
                                       struct ff_hit *hit, enum ff_client_fate *fate,
                                       struct ff_fault *fault);

#endif
