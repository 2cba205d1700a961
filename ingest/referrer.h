/* Referrer to origin: known products by a table of our own (ingest/data/referrers.tsv),
 * else the registrable domain. The referrer's path ends here. */
#ifndef FF_REFERRER_H
#define FF_REFERRER_H

#include "footfall/arena.h"
#include "footfall/err.h"
#include "footfall/hit.h"

struct ff_referrers;

/* `own_hosts`: names of the site itself, each with its www twin. They are copied.
 * On FF_OK *out is the caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_referrers_create(struct ff_referrers **out,
                                            const struct ff_span *own_hosts,
                                            size_t n_own_hosts, struct ff_fault *fault);
void ff_referrers_destroy(struct ff_referrers *referrers);

/* Reads a referrer as the log has it (log escapes not undone). Fills channel, name and
 * `term`, the raw search term if a search engine's URL still carries one (for
 * ff_page_term); other members are zeroed. name and term are static, or in the arena.
 * Empty and "-" are direct. Names in parentheses stand for what has no domain: "(ip)",
 * "(private)", "(app)" for android-app: and the like, "(invalid)". FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_referrer_read(const struct ff_referrers *referrers,
                                         struct ff_span referrer,
                                         struct ff_arena *arena, struct ff_origin *out,
                                         struct ff_fault *fault);

/* The host of a URL, in lower case in `host` (253 bytes at most), without port and
 * user; 0 if there is none. */
size_t ff_referrer_host(struct ff_span url, char host[static 254]);

/* The channel and product that a campaign's source names ("chatgpt.com" is an AI
 * assistant), for utm_source; false if it is no known product. */
bool ff_referrer_product(const struct ff_referrers *referrers, struct ff_span source,
                         enum ff_channel *channel, struct ff_span *name);

#endif
