/* What a line counts as, in DESIGN's words (section 1). */
#ifndef FF_KIND_H
#define FF_KIND_H

#include "footfall/hit.h"
#include "page.h"
#include "record.h"

enum ff_method ff_method_of(struct ff_span method);

/* `path` is what the record's target asks for. */
enum ff_kind ff_kind_of(const struct ff_record *record, enum ff_method method,
                        enum ff_path_kind path);

#endif
