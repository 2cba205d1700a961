/* Regular expressions in order of precedence, of which the first that matches a text is
 * wanted. ff_patterns_look finds the few that can match (a prefilter: literals that
 * they need); each is compiled when it is first tried. A match that would take too long
 * counts as none, so a hostile text costs a bounded time. */
#ifndef FF_PATTERNS_H
#define FF_PATTERNS_H

#include "agents_data.h"
#include "footfall/err.h"

struct ff_patterns;

/* For the patterns of `data`, which must outlive it. On FF_OK *out is the caller's.
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_patterns_create(const struct ff_agents_data *data,
                                           struct ff_patterns **out,
                                           struct ff_fault *fault);
/* NULL is allowed. */
void ff_patterns_destroy(struct ff_patterns *patterns);

/* Says which text is meant from here on; it is borrowed until the next look. */
void ff_patterns_look(struct ff_patterns *patterns, struct ff_span text);
/* The same, but every pattern will be tried. */
void ff_patterns_look_slowly(struct ff_patterns *patterns, struct ff_span text);

/* *out is the first pattern of the section that matches, with its groups ready, or
 * NULL. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_patterns_first(struct ff_patterns *patterns,
                                          enum ff_section section,
                                          const struct ff_pattern **out,
                                          struct ff_fault *fault);

/* Writes `form` with the last match's groups for $1 to $9 into `out`, spaces at its
 * ends left out. An empty span if nothing is left or `size` is too small. */
struct ff_span ff_patterns_fill(const struct ff_patterns *patterns, const char *form,
                                char *out, size_t size);

/* Patterns this PCRE2 could not compile, of those tried so far; they match nothing. */
size_t ff_patterns_broken(const struct ff_patterns *patterns);

#endif
