/* Zeek's http.log. See formats.h. */
#ifndef FF_FORMAT_ZEEK_H
#define FF_FORMAT_ZEEK_H

#include "formats.h"

enum ff_err ff_zeek_open(struct ff_parser *, const char *spec, struct ff_fault *);
void ff_zeek_close(struct ff_parser *);
bool ff_zeek_comment(struct ff_parser *, struct ff_span);
enum ff_reject ff_zeek_parse(struct ff_parser *, struct ff_span, struct ff_record *);
unsigned ff_zeek_likeness(struct ff_parser *, struct ff_span);

#endif
