/* Agent strings: browser, system and device by uap-core's patterns, robots and AI
 * crawlers by crawler-user-agents and a table of our own. Patterns are compiled when
 * first needed; a prefilter of mandatory literals keeps most from being tried; results
 * are memoized in a bounded table. The agent string ends here. */
#ifndef FF_AGENTS_H
#define FF_AGENTS_H

#include "footfall/err.h"
#include "footfall/hit.h"

struct ff_agents;

/* On FF_OK *out is the caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_agents_create(struct ff_agents **out,
                                         struct ff_fault *fault);
/* Wipes the memo and frees everything, the agents given out with it. NULL is allowed.
 */
void ff_agents_destroy(struct ff_agents *agents);

/* What `agent` says (as the log has it, log escapes not undone). Empty is a declared
 * robot named "(no agent)". *out is interned and valid until destroy. When the bounded
 * table of interned agents is full, versions are left out, then everything but the
 * robot. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_agent_read(struct ff_agents *agents, struct ff_span agent,
                                      const struct ff_agent **out,
                                      struct ff_fault *fault);

/* The same without memo and prefilter, every pattern in order: for tests. */
FF_MUST_USE enum ff_err ff_agent_read_slowly(struct ff_agents *agents,
                                             struct ff_span agent,
                                             const struct ff_agent **out,
                                             struct ff_fault *fault);

#endif
