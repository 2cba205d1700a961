/* The store: a folder of rollups, DIR/SITE/2026-03-02.internal.cbor. */
#ifndef FOOTFALL_STORE_H
#define FOOTFALL_STORE_H

#include "footfall/rollup.h"

/* Writes `bytes` to `path` so that there is the old file or the whole new one, whatever
 * happens: a name ending in ".tmp" in the same folder, fsync, rename, fsync of the
 * folder. A symbolic link stays and what it names is replaced; a device or pipe is
 * written to. FF_ERR_IO says what failed, the temporary file is removed; FF_ERR_NOMEM.
 */
FF_MUST_USE enum ff_err ff_file_replace(const char *path, const void *bytes, size_t len,
                                        struct ff_fault *fault);

/* A site's name as a folder name: letters, digits, "." (not first), "-" and "_", 1 to
 * 64 bytes. */
bool ff_store_is_site_name(struct ff_span name);

/* Path of a period's rollup, malloc'd, the caller's; NULL when memory ran out. The
 * rollup's site must be a site name. */
char *ff_store_path(const char *dir, const struct ff_rollup *rollup);

/* Whether the store has a rollup of this site, profile, grain and first day. FF_ERR_IO,
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_store_has(const char *dir, const char *site,
                                     enum ff_profile profile, enum ff_grain grain,
                                     int32_t start, bool *has, struct ff_fault *fault);

/* Writes the rollup into the store, making folders as needed. An existing file of that
 * name is replaced. FF_ERR_IO, FF_ERR_NOMEM; FF_ERR_DATA as ff_rollup_encode;
 * FF_ERR_USAGE: the site is no site name, or the store has a period of another length
 * that overlaps this one. */
FF_MUST_USE enum ff_err ff_store_write(const char *dir, const struct ff_rollup *rollup,
                                       struct ff_fault *fault);

/* Makes the folder DIR/SITE, and those it is in. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_store_make_site(const char *dir, const char *site,
                                           struct ff_fault *fault);

/* One writer at a time: a lock on DIR/SITE/lock, which names its holder and goes with
 * the process. `wait` is called once, with the holder's sentence, if another has it;
 * then the call waits. *lock is for ff_store_unlock. FF_ERR_IO, FF_ERR_NOMEM. */
typedef void ff_store_wait(const char *sentence);
FF_MUST_USE enum ff_err ff_store_lock(const char *dir, const char *site,
                                      ff_store_wait *wait, int *lock,
                                      struct ff_fault *fault);
void ff_store_unlock(int lock);

/* The revision of the period's rollup in the store, 0 if it has none. FF_ERR_IO,
 * FF_ERR_DATA (it is damaged), FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_store_revision(const char *dir,
                                          const struct ff_rollup *rollup,
                                          uint32_t *revision, struct ff_fault *fault);

/* Deletes rollups whose period ends by `before`; *n is how many there were (with `dry`
 * they stay). FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_store_forget(const char *dir, const char *site,
                                        int32_t before, bool dry, unsigned *n,
                                        struct ff_fault *fault);

/* The names of a store's sites, in their order. The caller's, for ff_store_sites_clear;
 * begin with zeros. */
struct ff_store_sites {
    char **names;
    size_t n, cap;
};
/* FF_ERR_IO: there is no such folder, or it cannot be read; FF_ERR_NOMEM. What was
 * found so far stays the caller's. */
FF_MUST_USE enum ff_err ff_store_sites_read(struct ff_store_sites *sites,
                                            const char *dir, struct ff_fault *fault);
void ff_store_sites_clear(struct ff_store_sites *sites);

/* A number that is another when a rollup of the site was added, replaced or deleted:
 * made of the files' names, sizes, inodes and times. FF_ERR_IO: no such site;
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_store_state(const char *dir, const char *site,
                                       uint64_t *state, struct ff_fault *fault);

/* What of the store cannot be read is told one by one and left out. */
typedef void ff_store_complaint(void *context, const char *sentence);

/* Reads the rollups of `site` (NULL: the only site there is) whose periods begin on or
 * after `from` and end by `to` (first day after); INT32_MIN and INT32_MAX are open
 * ends. In order of their first day. A file that is damaged, foreign or newer goes to
 * `complain` and the rest is read. FF_ERR_IO: no such store or site; FF_ERR_USAGE:
 * several sites and none named (the sentence lists them); FF_ERR_NOMEM. */
struct ff_store_query {
    const char *dir;
    const char *site;
    int32_t from, to;
    ff_store_complaint *complain;
    void *context;
    enum ff_profile profile; /* only rollups of it are read */
};
FF_MUST_USE enum ff_err ff_store_read(const struct ff_store_query *query,
                                      struct ff_rollup_list *list,
                                      struct ff_fault *fault);

/* Removes leftovers ending in ".tmp" of a writer that was killed, from the site's
 * folder or, when `site` is NULL, from `dir` itself. No writer may be at work there. */
void ff_store_sweep(const char *dir, const char *site);

#endif
