/* What a store's rollups were made from: DIR/SITE/sources. It remembers which contents
 * gave how many lines to which periods, so that a night reads only what is new and
 * lines that come after their period's release are noticed. No line and no digest of a
 * line is in it. */
#ifndef FOOTFALL_SOURCES_H
#define FOOTFALL_SOURCES_H

#include "footfall/content.h"
#include "footfall/err.h"

struct ff_known_source {
    struct ff_content content;
    /* Of its last readable line, seconds since 1970-01-01 UTC; INT64_MIN: it was not
     * read to its end. */
    int64_t last_time;
    struct ff_period_lines *periods;
    size_t n_periods;
};

struct ff_sources {
    unsigned char
        key[FF_CONTENT_KEY_BYTES]; /* of the digests, random, the store's own */
    struct ff_known_source *items;
    size_t n, cap;
};

/* Reads DIR/SITE/sources. No such file: empty, with a new key. A damaged one is the
 * same, and *is_damaged is set: everything is read again, that is all. FF_ERR_IO,
 * FF_ERR_NOMEM. The caller clears it. */
FF_MUST_USE enum ff_err ff_sources_read(struct ff_sources *sources, const char *dir,
                                        const char *site, bool *is_damaged,
                                        struct ff_fault *fault);
/* Replaces the file; makes folders as needed. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_sources_write(const struct ff_sources *sources,
                                         const char *dir, const char *site,
                                         struct ff_fault *fault);
void ff_sources_clear(struct ff_sources *sources);

/* The very same file, or NULL. */
const struct ff_known_source *ff_sources_find(const struct ff_sources *sources,
                                              const struct ff_content *content);

/* Most lines of the period that a content which begins alike has given. */
uint64_t ff_sources_lines(const struct ff_sources *sources,
                          const struct ff_content *content, int32_t start);

/* Notes what an input gave, in place of what its file is known for. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_sources_note(struct ff_sources *sources,
                                        const struct ff_content *content,
                                        int64_t last_time,
                                        const struct ff_period_lines *periods,
                                        size_t n_periods, struct ff_fault *fault);

#endif
