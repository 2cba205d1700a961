/* The W3C extended log format. See formats.h. */
#ifndef FF_FORMAT_W3C_H
#define FF_FORMAT_W3C_H

#include "columns.h"
#include "formats.h"

/* What each field name means; ends with a NULL name. */
extern const struct ff_column_name ff_w3c_names[];
/* What CloudFront and IIS write, for files whose `#Fields` line is lost. */
extern const char ff_w3c_cloudfront[], ff_w3c_iis_full[], ff_w3c_iis_default[];

enum ff_err ff_w3c_open(struct ff_parser *, const char *spec, struct ff_fault *);
void ff_w3c_close(struct ff_parser *);
bool ff_w3c_comment(struct ff_parser *, struct ff_span);
enum ff_reject ff_w3c_parse(struct ff_parser *, struct ff_span, struct ff_record *);
unsigned ff_w3c_likeness(struct ff_parser *, struct ff_span);

#endif
