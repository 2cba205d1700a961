/* Visitors and visits as other tools would count them, for `footfall explain`. Clients
 * and agents end here: what is kept of them is a keyed hash in a table, whose key dies
 * with the ingest, and what comes out are sums. What the tools do was read in AWStats'
 * source and tried on Debian's GoAccess 1.7, AWStats 7.8 and Webalizer 2.23. */
#ifndef FF_PEERS_H
#define FF_PEERS_H

#include "footfall/hash.h"
#include "footfall/ingest.h"
#include "record.h"

struct ff_peers;

/* Most visitors of one tool that are told apart: a table of 64 MiB each. */
#define FF_PEERS_VISITORS ((size_t)3 << 20)

/* `secret` and `zone` (NULL: UTC) must outlive the peers; `most` bounds each table. On
 * FF_OK *out is the caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_peers_create(struct ff_peers **out,
                                        const struct ff_secret *secret,
                                        const struct ff_zone *zone, size_t most,
                                        struct ff_fault *fault);
/* Wipes and frees. NULL is allowed. */
void ff_peers_destroy(struct ff_peers *peers);

/* Counts a line; `hit` is what ingest made of it. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_peers_add(struct ff_peers *peers,
                                     const struct ff_record *record,
                                     const struct ff_hit *hit, struct ff_fault *fault);

/* FF_PEERS of them. */
const struct ff_peer_count *ff_peers_counts(const struct ff_peers *peers);

#endif
