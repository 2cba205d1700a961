/* The store: a folder a site, a file a period. What a file is, its name says; that its
 * content says the same is checked before it is used. */
#define _POSIX_C_SOURCE 200809L

#include "footfall/store.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "store_name.h"

#define SITE_NAME_MAX 64

bool ff_store_is_site_name(struct ff_span name)
{
    if (name.len == 0 || name.len > SITE_NAME_MAX || name.data[0] == '.')
        return false;
    for (size_t i = 0; i < name.len; i++) {
        const char c = name.data[i];
        const bool is_alnum =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_alnum && c != '.' && c != '-' && c != '_')
            return false;
    }
    return true;
}

static struct ff_store_name name_of_rollup(const struct ff_rollup *rollup)
{
    return ff_store_name_of(rollup->grain, rollup->profile, rollup->start);
}

/* DIR, or DIR/SITE, or DIR/SITE/NAME: NULL and "" end it. NULL when memory ran out. */
static char *join(const char *dir, struct ff_span site, const char *name)
{
    const size_t room = strlen(dir) + site.len + strlen(name) + 3;
    char *path = malloc(room);
    if (path)
        snprintf(path, room, "%s%s%.*s%s%s", dir, site.len ? "/" : "", (int)site.len,
                 site.len ? site.data : "", *name ? "/" : "", name);
    return path;
}

char *ff_store_path(const char *dir, const struct ff_rollup *rollup)
{
    assert(ff_store_is_site_name(rollup->site));
    return join(dir, rollup->site, name_of_rollup(rollup).text);
}

enum ff_err ff_store_has(const char *dir, const char *site, enum ff_profile profile,
                         enum ff_grain grain, int32_t start, bool *has,
                         struct ff_fault *fault)
{
    struct stat info;
    const struct ff_store_name name = ff_store_name_of(grain, profile, start);
    char *path = join(dir, ff_span_of(site), name.text);
    if (!path)
        return ff_fault_nomem(fault);
    enum ff_err err = FF_OK;
    *has = stat(path, &info) == 0;
    if (!*has && errno != ENOENT)
        err = ff_fault_set(fault, FF_ERR_IO, "%s: cannot look: %s", path,
                           strerror(errno));
    free(path);
    return err;
}

/* ---- writing ---- */

static enum ff_err make_folder(const char *path, struct ff_fault *fault)
{
    if (mkdir(path, 0755) == 0 ? ff_file_sync_folder(path) : errno == EEXIST)
        return FF_OK;
    return ff_fault_set(fault, FF_ERR_IO, "%s: cannot make the folder: %s", path,
                        strerror(errno));
}

/* `path` and the folders it is in; its bytes are changed while this runs. */
static enum ff_err make_folders(char *path, struct ff_fault *fault)
{
    enum ff_err err = FF_OK;
    for (char *at = path + 1; *path && *at && err == FF_OK; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        err = make_folder(path, fault);
        *at = '/';
    }
    return err == FF_OK ? make_folder(path, fault) : err;
}

enum ff_err ff_store_make_site(const char *dir, const char *site,
                               struct ff_fault *fault)
{
    char *path = join(dir, ff_span_of(site), "");
    if (!path)
        return ff_fault_nomem(fault);
    const enum ff_err err = make_folders(path, fault);
    free(path);
    return err;
}

/* Weeks less days would single people out: overlapping periods are of one length. */
static enum ff_err check_overlap(const char *path, const struct ff_rollup *rollup,
                                 struct ff_fault *fault)
{
    struct ff_store_names list = { 0 };
    enum ff_err err = ff_store_names_read(&list, path, fault);
    for (size_t i = 0; i < list.n && err == FF_OK; i++) {
        const struct ff_store_name *other = &list.items[i];
        if (other->grain != rollup->grain && other->start < rollup->end &&
            ff_period_end(other->grain, other->start) > rollup->start)
            err = ff_fault_set(fault, FF_ERR_USAGE,
                               "%s: has %s, so %s, which overlaps it, is not kept",
                               path, other->text, name_of_rollup(rollup).text);
    }
    free(list.items);
    return err;
}

static enum ff_err write_into(const char *dir, const struct ff_rollup *rollup,
                              const unsigned char *bytes, size_t len,
                              struct ff_fault *fault)
{
    char *path = ff_store_path(dir, rollup);
    if (!path)
        return ff_fault_nomem(fault);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    enum ff_err err = make_folders(path, fault);
    if (err == FF_OK)
        err = check_overlap(path, rollup, fault);
    *slash = '/';
    if (err == FF_OK)
        err = ff_file_replace(path, bytes, len, fault);
    free(path);
    return err;
}

enum ff_err ff_store_write(const char *dir, const struct ff_rollup *rollup,
                           struct ff_fault *fault)
{
    unsigned char *bytes = NULL;
    size_t len = 0;
    if (!ff_store_is_site_name(rollup->site))
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "the site's name cannot be a folder's: it must be 1 to %d "
                            "letters, digits, \".\", \"-\" and \"_\"",
                            SITE_NAME_MAX);
    FF_TRY(ff_rollup_encode(rollup, &bytes, &len, fault));
    const enum ff_err err = write_into(dir, rollup, bytes, len, fault);
    free(bytes);
    return err;
}

/* ---- reading ---- */

#define N_LISTED 8

static enum ff_err several_sites(const struct ff_store_sites *sites, const char *dir,
                                 struct ff_fault *fault)
{
    char names[N_LISTED * (SITE_NAME_MAX + 2) + sizeof ", ..."] = "";
    for (size_t i = 0; i < sites->n && i < N_LISTED; i++) {
        const size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                 sites->names[i]);
    }
    return ff_fault_set(fault, FF_ERR_USAGE,
                        "%s: has %zu sites, name one of them: %s%s", dir, sites->n,
                        names, sites->n > N_LISTED ? ", ..." : "");
}

/* The site of the query, or the only one there is. */
static enum ff_err choose_site(const struct ff_store_query *query,
                               char site[static SITE_NAME_MAX + 1],
                               struct ff_fault *fault)
{
    if (query->site) {
        if (!ff_store_is_site_name(ff_span_of(query->site)))
            return ff_fault_set(fault, FF_ERR_USAGE, "%.80s: no name of a site",
                                query->site);
        snprintf(site, SITE_NAME_MAX + 1, "%s", query->site);
        return FF_OK;
    }
    struct ff_store_sites sites = { 0 };
    enum ff_err err = ff_store_sites_read(&sites, query->dir, fault);
    if (!err && sites.n == 0)
        err = ff_fault_set(fault, FF_ERR_IO, "%s: no site in this store", query->dir);
    else if (!err && sites.n > 1)
        err = several_sites(&sites, query->dir, fault);
    else if (!err)
        snprintf(site, SITE_NAME_MAX + 1, "%s", sites.names[0]);
    ff_store_sites_clear(&sites);
    return err;
}

static void complain(const struct ff_store_query *query, const char *sentence)
{
    if (query->complain)
        query->complain(query->context, sentence);
}

/* Whether the file holds what its folder and its name say. */
static enum ff_err check_content(const struct ff_rollup_list *list, const char *path,
                                 const char *site, const struct ff_store_name *name,
                                 struct ff_fault *fault)
{
    const struct ff_rollup *rollup = list->items[0];
    if (list->n != 1)
        return ff_fault_set(fault, FF_ERR_DATA, "%s: %zu rollups in it, not one", path,
                            list->n);
    if (!ff_span_equal(rollup->site, ff_span_of(site)))
        return ff_fault_set(fault, FF_ERR_DATA, "%s: is of another site, \"%.*s\"",
                            path, (int)rollup->site.len, rollup->site.data);
    if (strcmp(name_of_rollup(rollup).text, name->text) != 0)
        return ff_fault_set(fault, FF_ERR_DATA, "%s: is not that, but %s", path,
                            name_of_rollup(rollup).text);
    return FF_OK;
}

/* One file: its rollup to the list, or a complaint. */
static enum ff_err read_one(const struct ff_store_query *query, const char *site,
                            const struct ff_store_name *name,
                            struct ff_rollup_list *list, struct ff_fault *fault)
{
    struct ff_rollup_list file = { 0 };
    struct ff_fault trouble;
    struct stat info;
    char *path = join(query->dir, ff_span_of(site), name->text);
    if (!path)
        return ff_fault_nomem(fault);
    enum ff_err err = FF_OK;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        err = ff_fault_set(&trouble, FF_ERR_IO, "%s: is no file", path);
    if (err == FF_OK)
        err = ff_rollup_read_file(&file, path, &trouble);
    if (err == FF_OK)
        err = check_content(&file, path, site, name, &trouble);
    if (err == FF_OK)
        err = ff_rollup_list_add(list, file.items[0], &trouble);
    if (err == FF_OK)
        file.n = 0; /* the list has it now */
    ff_rollup_list_clear(&file);
    free(path);
    if (err == FF_ERR_NOMEM)
        return ff_fault_nomem(fault);
    if (err != FF_OK)
        complain(query, trouble.text);
    return FF_OK;
}

enum ff_err ff_store_read(const struct ff_store_query *query,
                          struct ff_rollup_list *list, struct ff_fault *fault)
{
    char site[SITE_NAME_MAX + 1];
    struct ff_store_names names = { 0 };
    FF_TRY(choose_site(query, site, fault));
    char *path = join(query->dir, ff_span_of(site), "");
    if (!path)
        return ff_fault_nomem(fault);
    enum ff_err err = ff_store_names_read(&names, path, fault);
    for (size_t i = 0; i < names.n && err == FF_OK; i++) {
        const struct ff_store_name *name = &names.items[i];
        if (name->profile == query->profile && name->start >= query->from &&
            ff_period_end(name->grain, name->start) <= query->to)
            err = read_one(query, site, name, list, fault);
    }
    free(names.items);
    free(path);
    return err;
}

void ff_store_sweep(const char *dir, const char *site)
{
    char *path = join(dir, site ? ff_span_of(site) : FF_SPAN(""), "");
    DIR *folder = path ? opendir(path) : NULL;
    const char *entry;
    while (folder && (entry = ff_store_next_entry(folder))) {
        struct stat info;
        if (ff_span_ends(ff_span_of(entry), FF_SPAN(".tmp")) &&
            fstatat(dirfd(folder), entry, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(info.st_mode))
            unlinkat(dirfd(folder), entry, 0);
    }
    if (folder)
        closedir(folder);
    free(path);
}
