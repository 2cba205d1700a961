/* The common log format and those made by adding to it. See formats.h. */
#ifndef FF_FORMAT_CLF_H
#define FF_FORMAT_CLF_H

#include "formats.h"

enum ff_reject ff_clf_common(struct ff_parser *, struct ff_span, struct ff_record *);
enum ff_reject ff_clf_combined(struct ff_parser *, struct ff_span, struct ff_record *);
enum ff_reject ff_clf_language(struct ff_parser *, struct ff_span, struct ff_record *);
enum ff_reject ff_clf_vhost(struct ff_parser *, struct ff_span, struct ff_record *);

unsigned ff_clf_like_common(struct ff_parser *, struct ff_span);
unsigned ff_clf_like_combined(struct ff_parser *, struct ff_span);
unsigned ff_clf_like_language(struct ff_parser *, struct ff_span);
unsigned ff_clf_like_vhost(struct ff_parser *, struct ff_span);

#endif
