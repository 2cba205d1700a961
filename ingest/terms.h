/* What a visitor typed (search terms) and what a link says of itself (campaigns): in a
 * form that can be counted, or not at all. */
#ifndef FF_TERMS_H
#define FF_TERMS_H

#include <stdint.h>

#include "scrub.h"

/* As ff_page_term in page.h. */
FF_MUST_USE enum ff_err ff_terms_read(const struct ff_scrub *scrub, struct ff_span raw,
                                      struct ff_arena *arena, struct ff_span *out,
                                      struct ff_fault *fault);

/* A campaign's source, medium or name: [a-z0-9][a-z0-9_.-]{0,31}, "+" and space as "_",
 * in the arena; "(other)" if it has another form or personal data; empty if it is
 * blank. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_terms_campaign(const struct ff_scrub *scrub,
                                          struct ff_span raw, struct ff_arena *arena,
                                          struct ff_span *out, struct ff_fault *fault);

/* Whether a value of a query holds spaces only. */
bool ff_terms_is_blank(struct ff_span raw);

/* The lower case of a code point: Latin, Greek, Cyrillic, Armenian, full-width forms;
 * whatever the locale, and never longer in UTF-8. */
uint32_t ff_terms_lower(uint32_t code);

#endif
