/* The form of the rollup file that its writer and its reader share: rollup.cddl's
 * numbers, and the reader by cursor. */
#ifndef FF_ROLLUP_FORM_H
#define FF_ROLLUP_FORM_H

#include "footfall/rollup.h"

#include "cbor_cursor.h"

/* Keys of the header's map and of the body's, in order. */
enum {
    FF_FORM_KEY_SITE,
    FF_FORM_KEY_GRAIN,
    FF_FORM_KEY_START,
    FF_FORM_KEY_END,
    FF_FORM_KEY_PROFILE,
    FF_FORM_KEY_K,
    FF_FORM_KEY_KN,
    FF_FORM_KEY_RULES,
    FF_FORM_KEY_REVISION,
    FF_FORM_KEY_PARTIAL,
    FF_FORM_KEY_CAPPED,
    FF_FORM_KEY_ZONE,
    FF_FORM_HEADER_KEYS,
};
enum {
    FF_FORM_KEY_RECONCILIATION,
    FF_FORM_KEY_TOTALS,
    FF_FORM_KEY_TABLES,
    FF_FORM_BODY_KEYS,
};

#define FF_FORM_TAG_EPOCH_DAYS 100 /* RFC 8943 */
#define FF_FORM_N_TOTALS       7
#define FF_FORM_TEXT_MAX       1024
#define FF_FORM_SITE_MAX       255
#define FF_FORM_ZONE_MAX       63
/* 0001-01-01 to 9999-12-31: a year has four digits. */
#define FF_FORM_FIRST_DAY (-719162)
#define FF_FORM_LAST_DAY  2932896

/* How each version begins: tag 55799 (CBOR, RFC 8949 3.4.6), an array of four, the
 * name. */
#define FF_FORM_MAGIC                                                                  \
    "\xd9\xd9\xf7\x84\x6f"                                                             \
    "footfall-rollup"
#define FF_FORM_MAGIC_LEN (sizeof FF_FORM_MAGIC - 1)

/* One rollup from the cursor on, which is after it then. *out is the caller's.
 * FF_ERR_DATA, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_rollup_read(struct ff_cbor_cursor *cursor,
                                       struct ff_rollup **out);

#endif
