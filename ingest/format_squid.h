/* Squid's native log. See formats.h. */
#ifndef FF_FORMAT_SQUID_H
#define FF_FORMAT_SQUID_H

#include "formats.h"

enum ff_reject ff_squid_parse(struct ff_parser *, struct ff_span, struct ff_record *);
unsigned ff_squid_likeness(struct ff_parser *, struct ff_span);

#endif
