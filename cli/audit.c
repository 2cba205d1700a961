/* footfall audit: what a rollup promises, checked from its bytes alone: schema,
 * canonical encoding, order, sums, rounding; thresholds against the profile's floors,
 * not the header's word; and each part of a key against the rules for personal data
 * that ingest scrubs by. The site's name and zone are the operator's own words and are
 * not; nor, with --routes, are the templates. */
#include <inttypes.h>
#include <stdlib.h>

#include "command.h"
#include "footfall/personal.h"
#include "footfall/rollup.h"

static bool is_personal(void *context, struct ff_span text)
{
    return ff_personal_finds(context, text);
}

static void say_good(const char *path, const struct ff_rollup *r, uint64_t checks)
{
    static const char *const grains[] = { "day", "week", "month" };
    const struct ff_date d = ff_date_of_day(r->start);
    printf("%s: %.*s, %s of %04d-%02d-%02d, %s, k %" PRIu32 ", kn %" PRIu32 ": %" PRIu64
           " checks hold%s\n",
           path, (int)r->site.len, r->site.data, grains[r->grain], (int)d.year, d.month,
           d.day, ff_profile_names[r->profile], r->k, r->kn, checks,
           r->profile == FF_PARTNER_PROFILE ? " (20 may stand for 18: it is rounded)"
                                            : "");
}

/* All rollups of a file, to its last byte; with `shown`, each is told of. */
static enum ff_err audit_bytes(const char *path, const char *shown,
                               const unsigned char *bytes, size_t len,
                               struct ff_personal *personal, struct ff_fault *fault)
{
    size_t at = 0;
    do {
        struct ff_rollup *rollup = NULL;
        struct ff_rollup_audit audit = { .is_personal = is_personal,
                                         .context = personal };
        FF_TRY(ff_rollup_audit(&rollup, bytes, len, &at, path, &audit, fault));
        if (shown)
            say_good(shown, rollup, audit.checks);
        ff_rollup_destroy(rollup);
    } while (at < len);
    return FF_OK;
}

/* Nothing good is said of a file before its end has been seen. */
static enum ff_err audit_file(const char *path, struct ff_personal *personal,
                              struct ff_fault *fault)
{
    unsigned char *bytes = NULL;
    size_t len = 0;
    FF_TRY(ff_rollup_read_bytes(path, &bytes, &len, fault));
    char *shown = strdup(path);
    enum ff_err err = shown ? FF_OK : ff_fault_nomem(fault);
    if (!err)
        err = audit_bytes(path, NULL, bytes, len, personal, fault);
    if (!err) {
        ff_make_inert(shown);
        err = audit_bytes(path, shown, bytes, len, personal, fault);
    }
    free(shown);
    free(bytes);
    return err;
}

/* Each file is told of; main tells of the last fault. */
static enum ff_err audit_files(const struct ff_options *o, struct ff_personal *personal,
                               struct ff_fault *fault)
{
    enum ff_err all = FF_OK;
    for (size_t i = 0; i < o->n_files; i++) {
        struct ff_fault own;
        const enum ff_err err = audit_file(o->files[i], personal, &own);
        if (!err)
            continue;
        if (all)
            ff_say("%s", fault->text);
        *fault = own;
        all = err;
    }
    return all;
}

enum ff_err ff_audit_command(const struct ff_options *options, enum ff_exit *exit,
                             struct ff_fault *fault)
{
    struct ff_personal *personal;
    (void)exit;
    if (options->n_files == 0)
        return ff_fault_set(fault, FF_ERR_USAGE, "audit takes rollup files");
    FF_TRY(ff_personal_create(&personal, options->routes, fault));
    const enum ff_err err = audit_files(options, personal, fault);
    ff_personal_destroy(personal);
    if (!err)
        puts("What bytes cannot prove: that rows have kn networks, that visitors are "
             "people,\nthat the log was whole.");
    return err;
}
