/* The rollup: one period of one site, anonymous. The only thing footfall keeps. Release
 * makes it, the rollup file carries it (aggregate/rollup.cddl), report reads it. */
#ifndef FOOTFALL_ROLLUP_H
#define FOOTFALL_ROLLUP_H

#include "footfall/arena.h"
#include "footfall/err.h"
#include "footfall/hit.h"
#include "footfall/period.h"
#include "footfall/tables.h"

#define FF_ROLLUP_VERSION 1
#define FF_RULES_VERSION  1 /* of the words: what is a page view, a visit, a robot */

/* For whom: the site's own team, exact; or anyone outside, with higher thresholds and
 * each count rounded, without bytes and the tables not_found and response_times. */
enum ff_profile { FF_INTERNAL_PROFILE = 0, FF_PARTNER_PROFILE = 1 };
#define FF_PROFILES 2

/* "internal", "partner": in options, file names and reports (index by enum). */
extern const char *const ff_profile_names[FF_PROFILES];

/* The least k (visitors) and kn (networks) that a profile allows a row, of a grain: one
 * person's address changes, so longer periods need more. */
uint32_t ff_profile_k(enum ff_profile profile, enum ff_grain grain);
uint32_t ff_profile_kn(enum ff_profile profile, enum ff_grain grain);

/* Under so many times k visitors a period has totals but no tables. */
#define FF_TABLES_FLOOR 5

/* Counts for partners are multiples of this. */
#define FF_PARTNER_STEP 5

/* A count as the profile shows it: for partners the nearest multiple of 5. */
static inline uint64_t ff_profile_count(enum ff_profile profile, uint64_t count)
{
    if (profile != FF_PARTNER_PROFILE)
        return count;
    const uint64_t rest = count % FF_PARTNER_STEP;
    /* No overflow: the largest 64-bit number is a multiple of 5. */
    return count - rest + (2 * rest >= FF_PARTNER_STEP ? FF_PARTNER_STEP : 0);
}

/* Whether a profile has a table at all, whatever its counts. */
static inline bool ff_profile_has(enum ff_profile profile, enum ff_table table)
{
    return profile != FF_PARTNER_PROFILE ||
           (table != FF_NOT_FOUND && table != FF_RESPONSE_TIMES);
}

/* Whether a measure counts bytes: partners get 0 of them. */
bool ff_measure_is_bytes(const struct ff_table_info *info, unsigned measure);

/* What a human's hits divide into, in the order they are printed. */
enum ff_human_class {
    FF_CLASS_PAGE_VIEWS,
    FF_CLASS_ASSETS,
    FF_CLASS_DOWNLOADS,
    FF_CLASS_DOWNLOAD_PARTS,
    FF_CLASS_OTHER_OK,
    FF_CLASS_REDIRECTS,
    FF_CLASS_CLIENT_ERRORS,
    FF_CLASS_SERVER_ERRORS,
    FF_HUMAN_CLASSES,
};

/* Every line of a period is in exactly one class. */
struct ff_reconciliation {
    uint64_t human[FF_HUMAN_CLASSES];
    uint64_t robots[FF_ROBOTS]; /* by enum ff_robot; [FF_HUMAN] stays 0 */
    uint64_t malformed, excluded, blank;
};

/* "page_views" ... and "declared", "ai", "scanner", "behaving" (index by enum). */
extern const char *const ff_human_class_names[FF_HUMAN_CLASSES];
extern const char *const ff_robot_names[FF_ROBOTS];

struct ff_totals {
    uint64_t visitors, visits, page_views, bounces, downloads, site_searches, bytes;
};

/* Key parts that the table does not use are empty. A section's key ends in "/" "*". */
struct ff_row {
    struct ff_span key[FF_KEY_PARTS];
    uint64_t measures[FF_MEASURES];
};

/* A table stands or not. If not (is_present false) it has no rows, other or total.
 * other.measures and total are the sums of the additive measure only. Rows are ordered
 * by additive measure, largest first, then by key bytes. */
struct ff_table_data {
    bool is_present;
    struct ff_row *rows;
    size_t n_rows;
    uint64_t other, total; /* of the additive measure: rows + other = total */
};

/* Owns all it points to, through its arena, until ff_rollup_destroy. */
struct ff_rollup {
    struct ff_arena arena;
    struct ff_span site;
    struct ff_span zone; /* of its days and hours: "UTC", "Europe/Berlin" */
    enum ff_profile profile;
    enum ff_grain grain;
    int32_t start;  /* first day, days since 1970-01-01 */
    int32_t end;    /* first day after */
    uint32_t k, kn; /* what a row needs; the grain's factor is in them */
    uint32_t rules, revision;
    bool is_partial; /* its beginning was missing and the operator said so */
    bool is_capped;  /* a memory bound was hit: some keys went to other unseen */
    struct ff_reconciliation reconciliation;
    bool has_totals; /* false under k visitors or kn networks */
    struct ff_totals totals;
    /* Under five times k visitors, or without totals, only robots and ai_crawlers are
     * present. */
    struct ff_table_data tables[FF_TABLES];
};

/* An empty rollup on the heap, in UTC, the caller's; NULL when memory ran out. */
struct ff_rollup *ff_rollup_create(void);
void ff_rollup_destroy(struct ff_rollup *rollup);

/* Most bytes of a rollup file that is read, and most rows of one table. */
#define FF_ROLLUP_FILE_MAX ((size_t)256 << 20)
#define FF_ROLLUP_ROWS_MAX 1000000u

/* Whether a text may stand in a rollup (as a key's part, as the site): UTF-8, no
 * control characters, at most 1024 bytes. Release sends keys that may not to "other".
 */
bool ff_rollup_is_text(struct ff_span text);

/* Whether a text may name a rollup's zone: letters, digits, "/", "_", "+", "-"; 1 to
 * 63 bytes. */
bool ff_rollup_is_zone(struct ff_span text);

/* The rollup as deterministic CBOR (RFC 8949 4.2.1): the same rollup, the same bytes.
 * *bytes is malloc'd and the caller's. FF_ERR_NOMEM; FF_ERR_DATA when ff_rollup_decode
 * would refuse it (a row under k, keys out of order, sums that do not add up): the
 * sentence says what. */
FF_MUST_USE enum ff_err ff_rollup_encode(const struct ff_rollup *rollup,
                                         unsigned char **bytes, size_t *len,
                                         struct ff_fault *fault);

/* Reads one rollup from the front of `bytes`; *used is how many bytes it took, so that
 * a CBOR sequence (RFC 8742) is read by calling again. `name` is for messages. Every
 * deviation from what ff_rollup_encode writes is FF_ERR_DATA with the offset: other
 * types, keys out of order, longer forms, indefinite lengths, counts over the limits,
 * invalid UTF-8, sums that do not add up. A newer version is FF_ERR_DATA and says so.
 */
FF_MUST_USE enum ff_err ff_rollup_decode(struct ff_rollup **out,
                                         const unsigned char *bytes, size_t len,
                                         size_t *used, const char *name,
                                         struct ff_fault *fault);

/* What an audit asks beyond what a reader does: k, kn and every "other" against the
 * profile's own floors, whatever the header says, and each key's parts. */
struct ff_rollup_audit {
    /* Whether a part of a key looks like personal data. */
    bool (*is_personal)(void *context, struct ff_span text);
    void *context;
    uint64_t checks; /* made so far: items, floors, texts */
};

/* As ff_rollup_decode, and refuses what the audit finds with its offset. `bytes` are
 * the whole file's, the rollup begins at *at, which is after it then. */
FF_MUST_USE enum ff_err ff_rollup_audit(struct ff_rollup **out,
                                        const unsigned char *bytes, size_t len,
                                        size_t *at, const char *name,
                                        struct ff_rollup_audit *audit,
                                        struct ff_fault *fault);

/* All bytes of a file or pipe, at most FF_ROLLUP_FILE_MAX, malloc'd; the caller's.
 * FF_ERR_IO, FF_ERR_DATA (it is larger), FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_rollup_read_bytes(const char *path, unsigned char **bytes,
                                             size_t *len, struct ff_fault *fault);

/* All rollups of a file (a single one or a sequence), appended to *list, which is grown
 * with realloc; each is the caller's. FF_ERR_IO, FF_ERR_DATA, FF_ERR_NOMEM; on error
 * what was appended stays. */
struct ff_rollup_list {
    struct ff_rollup **items;
    size_t n, cap;
};
FF_MUST_USE enum ff_err ff_rollup_read_file(struct ff_rollup_list *list,
                                            const char *path, struct ff_fault *fault);
/* Takes `rollup` on FF_OK. */
FF_MUST_USE enum ff_err ff_rollup_list_add(struct ff_rollup_list *list,
                                           struct ff_rollup *rollup,
                                           struct ff_fault *fault);
/* In order of their first day. */
void ff_rollup_list_sort(struct ff_rollup_list *list);
void ff_rollup_list_clear(struct ff_rollup_list *list);

/* The CBOR as diagnostic notation (RFC 8949 8), for people; from the bytes, not the
 * model. FF_ERR_DATA with the offset; FF_ERR_IO when `out` cannot be written. */
FF_MUST_USE enum ff_err ff_rollup_diagnose(FILE *out, const unsigned char *bytes,
                                           size_t len, const char *name,
                                           struct ff_fault *fault);

#endif
