/* The site's own host, when nobody names it: the one most often named as the referrer
 * of assets, since a page's parts are asked for with the page as referrer. */
#ifndef FF_OWN_HOST_H
#define FF_OWN_HOST_H

#include "fields.h"
#include "formats.h"

#define FF_OWN_HOST_CANDIDATES 64

/* Counts of the first so many hosts seen. Zeroed at the start. */
struct ff_own_host {
    struct {
        char name[254];
        size_t len;
        uint64_t assets;
    } candidates[FF_OWN_HOST_CANDIDATES];
    size_t n;
};

/* Counts the assets among the lines of `text`, the beginning of an input that `parser`
 * is fresh for. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_own_host_count(struct ff_own_host *own,
                                          struct ff_fields *fields,
                                          struct ff_parser *parser, struct ff_span text,
                                          struct ff_fault *fault);

/* The host with the most (the first by bytes of equals); empty when there is none.
 * Borrowed from `own`. */
struct ff_span ff_own_host_best(const struct ff_own_host *own);

#endif
