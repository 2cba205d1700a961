/* What a record says beside who sent it: kind, page key, origin, search term, status,
 * method, size, language. The URL's query and the referrer's path end here. */
#ifndef FF_FIELDS_H
#define FF_FIELDS_H

#include "exclusions.h"
#include "memo.h"
#include "page.h"
#include "record.h"
#include "referrer.h"

/* For one thread. */
struct ff_fields;

/* `secret` and `exclusions` must outlive the fields. On FF_OK *out is the caller's.
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_fields_create(struct ff_fields **out,
                                         const struct ff_secret *secret,
                                         const struct ff_exclusions *exclusions,
                                         struct ff_fault *fault);
/* Once, before the first ff_fields_read; they must outlive the fields. */
void ff_fields_set_referrers(struct ff_fields *fields,
                             const struct ff_referrers *referrers);
/* Once, before anything is read: as ff_pages_extend. */
FF_MUST_USE enum ff_err ff_fields_extend(struct ff_fields *fields,
                                         const struct ff_list *downloads,
                                         const struct ff_list *parameters,
                                         struct ff_fault *fault);
/* Before anything is read: as ff_pages_route. */
void ff_fields_route(struct ff_fields *fields, const struct ff_routes *routes);
/* Wipes and frees. NULL is allowed. */
void ff_fields_destroy(struct ff_fields *fields);

/* A look-up of what a record says goes in steps. Each asks for the memory that the next
 * one touches, so that it is there by then if other records' steps come between; all
 * but ff_fields_read may be left out. `target` is the target's hash, as ff_clients_look
 * gives it. */
void ff_fields_look(const struct ff_fields *fields, struct ff_text_hash target);
struct ff_fields_found;
void ff_fields_look_on(const struct ff_fields *fields, struct ff_text_hash target,
                       struct ff_fields_found *found);
/* What is known after ff_fields_find; zeros: nothing. */
struct ff_fields_found {
    struct ff_memo_record *likely; /* where the target most likely is */
    const void *target;            /* the memo's; NULL: the next three say nothing */
    uint8_t kind;                  /* enum ff_kind */
    uint8_t method;                /* enum ff_method */
    bool is_asking;                /* ff_fields_tell has more to tell */
    bool has_origin;               /* ff_fields_look_origin made its key: */
    struct ff_memo_key origin;
    struct ff_memo_record *likely_origin; /* where it most likely is */
};
/* True if ff_fields_tell will ask where the visitor came from. */
bool ff_fields_find(const struct ff_fields *fields, const struct ff_record *record,
                    struct ff_text_hash target, struct ff_fields_found *out);
/* For those: two steps more. */
void ff_fields_look_origin(const struct ff_fields *fields,
                           const struct ff_record *record,
                           struct ff_fields_found *found);
void ff_fields_look_on_origin(const struct ff_fields *fields,
                              struct ff_fields_found *found);
/* Fills all of `hit` but time, order, what ff_client_read fills, and, if it says so in
 * `found`, what ff_fields_tell does; a line whose path is excluded becomes
 * FF_LINE_EXCLUDED. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_fields_read(struct ff_fields *fields,
                                       const struct ff_record *record,
                                       struct ff_text_hash target,
                                       struct ff_fields_found *found,
                                       struct ff_hit *hit, struct ff_fault *fault);
/* What only some are told: key, origin and search term of a page view or download, the
 * key of what is not found. Spans in the hit are valid until the next
 * ff_fields_new_batch. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_fields_tell(struct ff_fields *fields,
                                       const struct ff_record *record,
                                       const struct ff_fields_found *found,
                                       struct ff_hit *hit, struct ff_fault *fault);
void ff_fields_new_batch(struct ff_fields *fields);
/* Whether the hits of this batch hold so much text that it should end. */
bool ff_fields_batch_is_full(const struct ff_fields *fields);

/* Whether a target asks for an asset, for finding the site's own host; may be called
 * before ff_fields_set_referrers. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_fields_is_asset(struct ff_fields *fields,
                                           struct ff_span target, bool *is_asset,
                                           struct ff_fault *fault);

#endif
