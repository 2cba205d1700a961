#include "folders.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Paths, grown with realloc. */
struct paths {
    const char **items;
    size_t n, cap;
};

static enum ff_err add(struct paths *paths, const char *path, struct ff_fault *fault)
{
    if (paths->n == paths->cap) {
        const size_t cap = paths->cap ? paths->cap * 2 : 64;
        const char **items = realloc(paths->items, cap * sizeof *items);
        if (!items)
            return ff_fault_nomem(fault);
        paths->items = items;
        paths->cap = cap;
    }
    paths->items[paths->n++] = path;
    return FF_OK;
}

static bool is_kind(const char *path, mode_t kind)
{
    struct stat st;
    return stat(path, &st) == 0 && (st.st_mode & S_IFMT) == kind;
}

static enum ff_err add_file(struct paths *paths, struct ff_arena *texts,
                            const char *folder, const char *name,
                            struct ff_fault *fault)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *path = ff_arena_take(texts, size, 1);
    if (!path)
        return ff_fault_nomem(fault);
    snprintf(path, size, "%s/%s", folder, name);
    return is_kind(path, S_IFREG) ? add(paths, path, fault) : FF_OK;
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* By bytes: alphasort goes by the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum ff_err add_folder(struct paths *paths, struct ff_arena *texts,
                              const char *folder, struct ff_fault *fault)
{
    struct dirent **entries;
    const size_t before = paths->n;
    const int n = scandir(folder, &entries, is_shown, by_name);
    if (n < 0)
        return ff_fault_set(fault, FF_ERR_IO, "%.300s: cannot be read: %s", folder,
                            strerror(errno));
    enum ff_err err = FF_OK;
    for (int i = 0; i < n; i++) {
        if (!err)
            err = add_file(paths, texts, folder, entries[i]->d_name, fault);
        free(entries[i]);
    }
    free(entries);
    if (!err && paths->n == before)
        err = ff_fault_set(fault, FF_ERR_IO, "%.300s: no file in this folder", folder);
    return err;
}

static enum ff_err collect(struct paths *paths, struct ff_options *o,
                           struct ff_fault *fault)
{
    for (size_t i = 0; i < o->n_files; i++) {
        if (is_kind(o->files[i], S_IFDIR))
            FF_TRY(add_folder(paths, &o->texts, o->files[i], fault));
        else
            FF_TRY(add(paths, o->files[i], fault));
    }
    return FF_OK;
}

enum ff_err ff_folders_expand(struct ff_options *o, struct ff_fault *fault)
{
    struct paths paths = { .n = 0 };
    enum ff_err err = collect(&paths, o, fault);
    if (!err && paths.n) {
        const char **files = FF_ARENA_NEW(&o->texts, const char *, paths.n);
        if (files) {
            memcpy(files, paths.items, paths.n * sizeof *files);
            o->files = files;
            o->n_files = paths.n;
        } else {
            err = ff_fault_nomem(fault);
        }
    }
    free(paths.items);
    return err;
}
