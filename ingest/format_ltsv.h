/* Labelled tab-separated values. See formats.h. */
#ifndef FF_FORMAT_LTSV_H
#define FF_FORMAT_LTSV_H

#include "formats.h"

enum ff_err ff_ltsv_open(struct ff_parser *, const char *spec, struct ff_fault *);
void ff_ltsv_close(struct ff_parser *);
enum ff_reject ff_ltsv_parse(struct ff_parser *, struct ff_span, struct ff_record *);
unsigned ff_ltsv_likeness(struct ff_parser *, struct ff_span);

#endif
