/* What a line counts as, in DESIGN's words (section 1). */
#ifndef FF_KIND_H
#define FF_KIND_H

#include "footfall/hit.h"
#include "page.h"
#include "record.h"

enum ff_method ff_method_of(struct ff_span method);

/* What a GET that got its 200 is, by its path; and whatever else. */
extern const uint8_t ff_kinds_got[FF_PATH_OTHER + 1];
enum ff_kind ff_kind_of_any(const struct ff_record *record, enum ff_method method,
                            enum ff_path_kind path);

/* Where the log says more than the path does. */
static inline bool ff_tells_more(const struct ff_record *record)
{
    return ff_record_has_rest(record) &&
           (record->content_type.len | record->fetch_dest.len | record->purpose.len);
}

/* `path` is what the record's target asks for. */
static inline enum ff_kind ff_kind_of(const struct ff_record *record,
                                      enum ff_method method, enum ff_path_kind path)
{
    return record->status == 200 && method == FF_GET && !ff_tells_more(record)
               ? (enum ff_kind)ff_kinds_got[path]
               : ff_kind_of_any(record, method, path);
}

#endif
