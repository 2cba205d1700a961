/* Words that few networks use make room for others. */
#ifndef FF_PRUNE_H
#define FF_PRUNE_H

#include "visitors.h"

/* Whether some word found no room, and pruning may help. It goes through all events: so
 * not before some more hits came, and what they name is withheld if there is no room.
 */
static inline bool ff_prune_is_due(const struct ff_dictionary *words)
{
    return !words->is_closed && words->wait == 0 &&
           (words->keys.is_capped || words->terms.is_capped ||
            words->sources.is_capped || words->origins.is_capped);
}

/* Paths that too few networks have asked for to be rows go into their sections, terms
 * and origins are withheld, until a quarter of the words is gone; in all events and
 * sums. If that cannot be, the dictionary is closed: what is new has no number from
 * then on. FF_ERR_NOMEM: nothing has changed. */
FF_MUST_USE enum ff_err ff_prune(struct ff_visitors *visitors, struct ff_fault *fault);

#endif
