/* Which of some thousand literals occur in a text, in one pass: Aho and Corasick's
 * automaton over a trie that is made when the program is built (data/pack_agents.py).
 * Departs from the textbook: ASCII letters' case is folded, and a node knows its
 * children by the bits of a word. Failure links are followed, not resolved into a table
 * beforehand, which would be seven times as large and touched all over. */
#ifndef FF_LITERALS_H
#define FF_LITERALS_H

#include "agents_data.h"
#include "footfall/err.h"

struct ff_literals;

/* For the literals of `data`, which must outlive it. On FF_OK *out is the caller's.
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_literals_create(const struct ff_agents_data *data,
                                           struct ff_literals **out,
                                           struct ff_fault *fault);
/* NULL is allowed. */
void ff_literals_destroy(struct ff_literals *literals);

/* Writes the index of each literal in `text` into `found`, which has room for all of
 * them, each once and in no order; gives how many. Uses scratch memory of its own:
 * not for threads to share. */
size_t ff_literals_find(struct ff_literals *literals, struct ff_span text,
                        uint16_t *found);

#endif
