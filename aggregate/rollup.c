/* Rollups and lists of them as objects: made, collected, read from a file, freed. What
 * the file's bytes mean is rollup_read.c's and rollup_write.c's. */
#define _POSIX_C_SOURCE 200809L

#include "footfall/rollup.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "rollup_form.h"

/* Small blocks: a year of quiet days is 365 arenas. The cap is what the largest file
 * that is read can come to (rows are several times larger in memory than on disk). */
#define BLOCK_BYTES ((size_t)8 << 10)
#define CAP_BYTES   (FF_ROLLUP_FILE_MAX * 8)

struct ff_rollup *ff_rollup_create(void)
{
    struct ff_rollup *rollup = calloc(1, sizeof *rollup);
    if (!rollup)
        return NULL;
    ff_arena_init(&rollup->arena, BLOCK_BYTES, CAP_BYTES);
    rollup->zone = FF_SPAN("UTC");
    return rollup;
}

void ff_rollup_destroy(struct ff_rollup *rollup)
{
    if (!rollup)
        return;
    ff_arena_clear(&rollup->arena);
    free(rollup);
}

enum ff_err ff_rollup_list_add(struct ff_rollup_list *list, struct ff_rollup *rollup,
                               struct ff_fault *fault)
{
    assert(rollup);
    if (list->n == list->cap) {
        if (list->cap > SIZE_MAX / 2 / sizeof *list->items)
            return ff_fault_nomem(fault);
        const size_t cap = list->cap ? list->cap * 2 : 16;
        struct ff_rollup **items = realloc(list->items, cap * sizeof *items);
        if (!items)
            return ff_fault_nomem(fault);
        list->items = items;
        list->cap = cap;
    }
    list->items[list->n++] = rollup;
    return FF_OK;
}

static int by_start(const void *a, const void *b)
{
    const struct ff_rollup *x = *(struct ff_rollup *const *)a;
    const struct ff_rollup *y = *(struct ff_rollup *const *)b;
    return (x->start > y->start) - (x->start < y->start);
}

void ff_rollup_list_sort(struct ff_rollup_list *list)
{
    if (list->n)
        qsort(list->items, list->n, sizeof(struct ff_rollup *), by_start);
}

void ff_rollup_list_clear(struct ff_rollup_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        ff_rollup_destroy(list->items[i]);
    free(list->items);
    *list = (struct ff_rollup_list) { 0 };
}

enum ff_err ff_rollup_read_bytes(const char *path, unsigned char **bytes, size_t *len,
                                 struct ff_fault *fault)
{
    enum ff_err err = FF_OK;
    size_t cap = 0, n = 0;
    unsigned char *buffer = NULL;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ff_fault_set(fault, FF_ERR_IO, "%s: cannot open: %s", path,
                            strerror(errno));
    for (;;) {
        if (n == cap) {
            cap = cap ? cap * 2 : (size_t)64 << 10;
            unsigned char *grown = realloc(buffer, cap);
            if (!grown) {
                err = ff_fault_nomem(fault);
                break;
            }
            buffer = grown;
        }
        const ssize_t got = read(fd, buffer + n, cap - n);
        if (got == 0)
            break;
        if (got < 0 && errno != EINTR) {
            err = ff_fault_set(fault, FF_ERR_IO, "%s: cannot read: %s", path,
                               strerror(errno));
            break;
        }
        n += got > 0 ? (size_t)got : 0;
        if (n > FF_ROLLUP_FILE_MAX) {
            err = ff_fault_set(fault, FF_ERR_DATA, "%s: larger than %zu MiB", path,
                               FF_ROLLUP_FILE_MAX >> 20);
            break;
        }
    }
    close(fd);
    if (err != FF_OK) {
        free(buffer);
        return err;
    }
    *bytes = buffer;
    *len = n;
    return FF_OK;
}

enum ff_err ff_rollup_read_file(struct ff_rollup_list *list, const char *path,
                                struct ff_fault *fault)
{
    unsigned char *bytes = NULL;
    size_t len = 0;
    FF_TRY(ff_rollup_read_bytes(path, &bytes, &len, fault));
    struct ff_cbor_cursor c = {
        .bytes = bytes, .len = len, .name = path, .fault = fault
    };
    enum ff_err err;
    do {
        struct ff_rollup *rollup = NULL;
        err = ff_rollup_read(&c, &rollup);
        if (err == FF_OK) {
            err = ff_rollup_list_add(list, rollup, fault);
            if (err != FF_OK)
                ff_rollup_destroy(rollup);
        }
    } while (err == FF_OK && c.at < c.len);
    free(bytes);
    return err;
}
