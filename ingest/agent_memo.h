/* A bounded memory of agent strings already read. Two generations: what is asked for
 * goes into the young one; when that is full, the old one is wiped and they change
 * places, so strings in use stay and others die. Holds what a log says about people:
 * wiped whenever something is dropped. */
#ifndef FF_AGENT_MEMO_H
#define FF_AGENT_MEMO_H

#include "footfall/err.h"
#include "footfall/hit.h"

#define FF_AGENT_MEMO_STRINGS    4096 /* of a generation */
#define FF_AGENT_MEMO_TEXT_BYTES (1024 * 1024)

struct ff_agent_memo;

/* On FF_OK *out is the caller's. FF_ERR_NOMEM; FF_ERR_IO when the system has no
 * randomness to give. */
FF_MUST_USE enum ff_err ff_agent_memo_create(struct ff_agent_memo **out,
                                             struct ff_fault *fault);
/* Wipes and frees. NULL is allowed. */
void ff_agent_memo_destroy(struct ff_agent_memo *memo);

/* What was put for these bytes, or NULL. */
const struct ff_agent *ff_agent_memo_get(struct ff_agent_memo *memo,
                                         struct ff_span text);
/* Only after ff_agent_memo_get gave NULL for the same bytes. */
void ff_agent_memo_put(struct ff_agent_memo *memo, struct ff_span text,
                       const struct ff_agent *agent);

/* Strings held now. */
size_t ff_agent_memo_count(const struct ff_agent_memo *memo);

#endif
