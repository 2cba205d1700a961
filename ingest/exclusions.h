/* Whose lines are not counted: networks (the office), agents (the monitor), paths. */
#ifndef FF_EXCLUSIONS_H
#define FF_EXCLUSIONS_H

#include "address.h"
#include "footfall/ingest.h"

struct ff_exclusions;

/* The settings' lists are borrowed. On FF_OK *out is the caller's. FF_ERR_USAGE: what
 * is no network; FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_exclusions_create(struct ff_exclusions **out,
                                             const struct ff_ingest_settings *settings,
                                             struct ff_fault *fault);
/* NULL is allowed. */
void ff_exclusions_destroy(struct ff_exclusions *exclusions);

/* Whether there are any networks or agents. */
bool ff_excludes_clients(const struct ff_exclusions *exclusions);
bool ff_is_excluded_net(const struct ff_exclusions *exclusions,
                        const struct ff_address *address);
bool ff_is_excluded_agent(const struct ff_exclusions *exclusions, struct ff_span agent);
bool ff_is_excluded_path(const struct ff_exclusions *exclusions, struct ff_span key);

#endif
