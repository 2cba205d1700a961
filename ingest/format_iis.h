/* IIS's own log format. See formats.h. */
#ifndef FF_FORMAT_IIS_H
#define FF_FORMAT_IIS_H

#include "formats.h"

enum ff_err ff_iis_open(struct ff_parser *, const char *spec, struct ff_fault *);
void ff_iis_close(struct ff_parser *);
enum ff_reject ff_iis_parse(struct ff_parser *, struct ff_span, struct ff_record *);
unsigned ff_iis_likeness(struct ff_parser *, struct ff_span);

#endif
