/* Amazon's load balancers and S3. See formats.h. */
#ifndef FF_FORMAT_AWS_H
#define FF_FORMAT_AWS_H

#include "formats.h"

enum ff_err ff_elb_open(struct ff_parser *, const char *spec, struct ff_fault *);
void ff_elb_close(struct ff_parser *);
enum ff_reject ff_elb_parse(struct ff_parser *, struct ff_span, struct ff_record *);
unsigned ff_elb_likeness(struct ff_parser *, struct ff_span);

enum ff_reject ff_s3_parse(struct ff_parser *, struct ff_span, struct ff_record *);
unsigned ff_s3_likeness(struct ff_parser *, struct ff_span);

#endif
