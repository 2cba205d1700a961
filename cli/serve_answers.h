/* What footfall serve answers: reports of a store, rendered when they are asked for and
 * kept until the store changes. May be called by several threads. */
#ifndef FF_SERVE_ANSWERS_H
#define FF_SERVE_ANSWERS_H

#include "serve_library.h"
#include "serve_route.h"

#define FF_ETAG_SIZE 40

struct ff_answers;

/* `mhd` and `store` are borrowed. On FF_OK *out is the caller's. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_answers_create(struct ff_answers **out,
                                          const struct ff_mhd *mhd, const char *store,
                                          enum ff_profile profile, size_t rows,
                                          struct ff_fault *fault);
/* When no thread uses it. NULL is allowed. */
void ff_answers_destroy(struct ff_answers *answers);

/* A response with the headers that all have. */
struct ff_answer {
    unsigned status;
    struct MHD_Response *response; /* NULL: no memory */
};
/* A sentence of ours. */
struct ff_answer ff_answer_text(const struct ff_mhd *mhd, unsigned status,
                                const char *sentence);
/* The page of all sites. */
struct ff_answer ff_answer_sites(const struct ff_mhd *mhd,
                                 const struct ff_store_sites *sites);
/* Sends it and lets go of it. MHD_NO closes the connection. */
enum MHD_Result ff_answer_send(const struct ff_mhd *mhd,
                               struct MHD_Connection *connection,
                               struct ff_answer answer);

/* The tag of what a report's route would give now, in quotes, for If-None-Match; false
 * if the site cannot be looked at. */
bool ff_answers_tag(const struct ff_answers *answers, const struct ff_route *route,
                    char tag[static FF_ETAG_SIZE]);

/* Sends the report, packed by gzip if `is_packed`; or why there is none: 404 for days
 * without rollups, 400 for days that do not fit together, 500. */
enum MHD_Result ff_answers_send(struct ff_answers *answers,
                                struct MHD_Connection *connection,
                                const struct ff_route *route, const char *tag,
                                bool is_packed);

#endif
