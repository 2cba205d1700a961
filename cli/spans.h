/* The rollups that a report shows, and those it is held against: from a store or from
 * files. */
#ifndef FF_SPANS_H
#define FF_SPANS_H

#include "footfall/report.h"
#include "footfall/store.h"

struct ff_span_query {
    const char *store;        /* NULL: the files */
    const char *const *files; /* of rollups */
    size_t n_files;
    const char *site; /* of the store; NULL: the only one */
    enum ff_profile profile;
    struct ff_days days; /* INT32_MIN, INT32_MAX: open */
    struct ff_compare compare;
    /* What cannot be read is told and left out; NULL: not told. */
    ff_store_complaint *complain;
    void *context;
};

/* Filled by ff_spans_read, the caller's for ff_spans_clear; begin with zeros. */
struct ff_spans {
    struct ff_rollup_list all;          /* owns the rollups */
    struct ff_rollup_list shown, other; /* point to them; the arrays are their own */
    struct ff_days other_days;
    bool is_reading_other; /* complaints are of the comparison */
};

/* FF_ERR_DATA: there are no such rollups; FF_ERR_USAGE: the site is not named or the
 * days compared with hold no whole period; FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_spans_read(struct ff_spans *spans,
                                      const struct ff_span_query *query,
                                      struct ff_fault *fault);
void ff_spans_clear(struct ff_spans *spans);

#endif
