/* HAProxy's HTTP log. See formats.h. */
#ifndef FF_FORMAT_HAPROXY_H
#define FF_FORMAT_HAPROXY_H

#include "formats.h"

enum ff_reject ff_haproxy_parse(struct ff_parser *, struct ff_span, struct ff_record *);
unsigned ff_haproxy_likeness(struct ff_parser *, struct ff_span);

#endif
