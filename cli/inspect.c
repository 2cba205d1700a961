/* footfall inspect: a rollup's CBOR in diagnostic notation. */
#include <errno.h>
#include <stdlib.h>

#include "command.h"
#include "footfall/rollup.h"

static enum ff_err read_file(const char *path, unsigned char **bytes, size_t *len,
                             struct ff_fault *fault)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return ff_fault_set(fault, FF_ERR_IO, "%.200s: %s", path, strerror(errno));
    size_t cap = 64 * 1024, n = 0, got;
    unsigned char *all = malloc(cap);
    while (all && (got = fread(all + n, 1, cap - n, file)) > 0) {
        n += got;
        if (n < cap)
            continue;
        unsigned char *grown = cap < FF_ROLLUP_FILE_MAX ? realloc(all, cap * 2) : NULL;
        if (!grown)
            break;
        all = grown;
        cap *= 2;
    }
    const bool has_failed = ferror(file), is_whole = feof(file);
    fclose(file);
    *bytes = all;
    *len = n;
    if (all && is_whole && !has_failed)
        return FF_OK;
    free(all);
    *bytes = NULL;
    return has_failed ? ff_fault_set(fault, FF_ERR_IO, "%.200s: cannot be read", path)
                      : ff_fault_set(fault, FF_ERR_DATA, "%.200s: too large", path);
}

/* A rollup begins as self-described CBOR (RFC 8949 3.4.6). What else could be CBOR
 * might hold anything: it is not shown. */
static enum ff_err check(const char *path, const unsigned char *bytes, size_t len,
                         struct ff_fault *fault)
{
    static const unsigned char magic[] = { 0xD9, 0xD9, 0xF7 };
    if (len > sizeof magic && memcmp(bytes, magic, sizeof magic) == 0)
        return FF_OK;
    return ff_fault_set(fault, FF_ERR_DATA, "%.200s: not a footfall rollup", path);
}

enum ff_err ff_inspect_command(const struct ff_options *options, enum ff_exit *exit,
                               struct ff_fault *fault)
{
    (void)exit;
    if (options->n_files == 0)
        return ff_fault_set(fault, FF_ERR_USAGE, "inspect takes rollup files");
    for (size_t i = 0; i < options->n_files; i++) {
        unsigned char *bytes;
        size_t len = 0;
        FF_TRY(read_file(options->files[i], &bytes, &len, fault));
        enum ff_err err = check(options->files[i], bytes, len, fault);
        if (!err)
            err = ff_rollup_diagnose(stdout, bytes, len, options->files[i], fault);
        free(bytes);
        FF_TRY(err);
    }
    return FF_OK;
}
