/* The sites of a store, and whether one has changed. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "footfall/store.h"
#include "store_name.h"

static bool is_folder(DIR *parent, const char *name)
{
    struct stat info;
    return fstatat(dirfd(parent), name, &info, 0) == 0 && S_ISDIR(info.st_mode);
}

static enum ff_err add(struct ff_store_sites *sites, const char *name,
                       struct ff_fault *fault)
{
    if (sites->n == sites->cap) {
        const size_t cap = sites->cap ? 2 * sites->cap : 8;
        char **grown = (char **)realloc((void *)sites->names, cap * sizeof *grown);
        if (!grown)
            return ff_fault_nomem(fault);
        sites->names = grown;
        sites->cap = cap;
    }
    char *copy = strdup(name);
    if (!copy)
        return ff_fault_nomem(fault);
    sites->names[sites->n++] = copy;
    return FF_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

enum ff_err ff_store_sites_read(struct ff_store_sites *sites, const char *dir,
                                struct ff_fault *fault)
{
    DIR *folder = opendir(dir);
    if (!folder)
        return ff_fault_set(fault, FF_ERR_IO, "%s: no store there: %s", dir,
                            strerror(errno));
    enum ff_err err = FF_OK;
    const char *entry;
    while (!err && (entry = ff_store_next_entry(folder))) {
        if (ff_store_is_site_name(ff_span_of(entry)) && is_folder(folder, entry))
            err = add(sites, entry, fault);
    }
    if (!err && errno != 0)
        err = ff_fault_set(fault, FF_ERR_IO, "%s: cannot read the folder: %s", dir,
                           strerror(errno));
    closedir(folder);
    if (sites->n)
        qsort((void *)sites->names, sites->n, sizeof *sites->names, by_name);
    return err;
}

void ff_store_sites_clear(struct ff_store_sites *sites)
{
    for (size_t i = 0; i < sites->n; i++)
        free(sites->names[i]);
    free((void *)sites->names);
    *sites = (struct ff_store_sites) { 0 };
}

/* FNV-1a: the numbers are ours, nobody profits from two that are the same. */
static void mix(uint64_t *state, unsigned char byte)
{
    *state = (*state ^ byte) * 0x100000001b3;
}

static void mix_number(uint64_t *state, uint64_t n)
{
    for (int shift = 0; shift < 64; shift += 8)
        mix(state, (unsigned char)(n >> shift));
}

static void mix_file(uint64_t *state, const char *folder, const char *name)
{
    char path[4096];
    struct stat info;
    const int len = snprintf(path, sizeof path, "%s/%s", folder, name);
    for (const char *at = name; *at; at++)
        mix(state, (unsigned char)*at);
    if (len < 0 || (size_t)len >= sizeof path || stat(path, &info) != 0)
        return; /* it went while we looked: the next look sees */
    mix_number(state, (uint64_t)info.st_size);
    mix_number(state, (uint64_t)info.st_ino);
    mix_number(state, (uint64_t)info.st_mtim.tv_sec);
    mix_number(state, (uint64_t)info.st_mtim.tv_nsec);
}

enum ff_err ff_store_state(const char *dir, const char *site, uint64_t *state,
                           struct ff_fault *fault)
{
    char folder[4096];
    struct ff_store_names names = { 0 };
    const int len = snprintf(folder, sizeof folder, "%s/%s", dir, site);
    if (len < 0 || (size_t)len >= sizeof folder)
        return ff_fault_set(fault, FF_ERR_IO, "%.200s: the path is too long", dir);
    const enum ff_err err = ff_store_names_read(&names, folder, fault);
    *state = 0xcbf29ce484222325;
    for (size_t i = 0; i < names.n && !err; i++)
        mix_file(state, folder, names.items[i].text);
    free(names.items);
    return err;
}
