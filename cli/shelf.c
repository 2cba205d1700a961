#include "shelf.h"

#include <stdlib.h>
#include <zstd.h>
#if defined __GLIBC__
#include <malloc.h>
#endif

#define LEVEL 1

/* Compresses `bytes` into no more memory than that needs. False when there is none. */
static bool compress(struct ff_shelf_item *item, const unsigned char *bytes, size_t len)
{
    const size_t room = ZSTD_compressBound(len);
    void *packed = malloc(room);
    const size_t n = packed ? ZSTD_compress(packed, room, bytes, len, LEVEL) : 0;
    if (!packed || ZSTD_isError(n)) {
        free(packed);
        return false;
    }
    void *fitting = realloc(packed, n);
    item->packed = fitting ? fitting : packed;
    item->packed_len = n;
    item->len = len;
    return true;
}

/* One that has no form as a file (--site may be a name that none can have), or no room
 * for it now, stays as it is. */
static void pack(struct ff_shelf_item *item)
{
    struct ff_fault unused;
    unsigned char *bytes;
    size_t len;
    if (ff_rollup_encode(item->rollup, &bytes, &len, &unused) != FF_OK)
        return;
    if (compress(item, bytes, len)) {
        ff_rollup_destroy(item->rollup);
        item->rollup = NULL;
    }
    free(bytes);
}

/* What the closed period and the packing had of the heap; glibc keeps all of it that
 * has something behind it. */
static void give_back(void)
{
#if defined __GLIBC__
    (void)malloc_trim(0);
#endif
}

enum ff_err ff_shelf_add(struct ff_shelf *shelf, struct ff_rollup *rollup,
                         bool has_to_wait, struct ff_fault *fault)
{
    if (shelf->n == shelf->cap) {
        const size_t cap = shelf->cap ? shelf->cap * 2 : 32;
        struct ff_shelf_item *items = realloc(shelf->items, cap * sizeof *items);
        if (!items)
            return ff_fault_nomem(fault);
        shelf->items = items;
        shelf->cap = cap;
    }
    struct ff_shelf_item *item = &shelf->items[shelf->n++];
    *item = (struct ff_shelf_item) { .rollup = rollup };
    if (has_to_wait) {
        pack(item);
        give_back();
    }
    return FF_OK;
}

static enum ff_err unpack(struct ff_shelf_item *item, struct ff_fault *fault)
{
    size_t used;
    unsigned char *bytes = malloc(item->len);
    if (!bytes)
        return ff_fault_nomem(fault);
    const size_t n = ZSTD_decompress(bytes, item->len, item->packed, item->packed_len);
    const enum ff_err err = n == item->len
                                ? ff_rollup_decode(&item->rollup, bytes, item->len,
                                                   &used, "a period's counts", fault)
                                : ff_fault_nomem(fault);
    free(bytes);
    return err;
}

enum ff_err ff_shelf_take_all(struct ff_shelf *shelf, struct ff_rollup_list *list,
                              struct ff_fault *fault)
{
    for (size_t i = 0; i < shelf->n; i++) {
        struct ff_shelf_item *item = &shelf->items[i];
        if (!item->rollup)
            FF_TRY(unpack(item, fault));
        free(item->packed);
        item->packed = NULL;
        FF_TRY(ff_rollup_list_add(list, item->rollup, fault));
        item->rollup = NULL;
    }
    shelf->n = 0;
    return FF_OK;
}

void ff_shelf_clear(struct ff_shelf *shelf)
{
    for (size_t i = 0; i < shelf->n; i++) {
        ff_rollup_destroy(shelf->items[i].rollup);
        free(shelf->items[i].packed);
    }
    free(shelf->items);
    *shelf = (struct ff_shelf) { 0 };
}
