/* Accept-Language to one language. */
#ifndef FF_LANGUAGE_H
#define FF_LANGUAGE_H

#include "footfall/hit.h"

/* Primary subtag of the range with the highest weight (the first of equals; RFC 9110
 * 12.5.4), if it is an ISO 639-1 code, as FF_CODE in lower case; else FF_NO_CODE. "*"
 * is none. Old codes iw, in and ji are read as he, id and yi; three-letter codes that
 * have a two-letter one are not converted. */
uint16_t ff_language_read(struct ff_span accept_language);

#endif
