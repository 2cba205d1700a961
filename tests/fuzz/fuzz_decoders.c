/* zstd, xz and bzip2 from any bytes. The first byte says which, and what the rest is: a
 * file's bytes after the magic, as they are; or text to be packed, twice perhaps, and
 * then changed in one place or cut off. Whatever the room, the same text comes, as far
 * as it comes; what is whole is given whole. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "source.h"
#include "unit/hand_packed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_BYTES = 1 << 16 }; /* a bomb ends here */

static void put(int fd, const void *data, size_t len)
{
    hand_require(write(fd, data, len) == (ssize_t)len);
}

/* Two bytes of place, one of change, then the text. True: the file is whole. */
static bool put_packed(int fd, const struct hand_packing *packing, const uint8_t *data,
                       size_t size)
{
    if (size < 3)
        return false;
    const size_t cap = hand_bound(size);
    uint8_t *out = malloc(cap);
    hand_require(out != NULL);
    const size_t n = packing->pack(out, cap, data + 3, size - 3);
    const size_t at = (data[0] | (size_t)data[1] << 8) % n;
    const bool is_cut = data[2] == 0x55;
    out[at] ^= is_cut ? 0 : data[2];
    put(fd, out, is_cut ? at : n);
    free(out);
    return data[2] == 0;
}

struct seen {
    char *text;
    size_t len;
    bool is_damaged;
};

static struct seen see(const char *path, size_t cap)
{
    struct seen seen = { .text = malloc(MOST_BYTES) };
    struct ff_fault fault;
    struct ff_source *source;
    hand_require(seen.text != NULL);
    hand_require(ff_source_open(&source, path, &fault) == FF_OK);
    size_t got = 1;
    while (got > 0 && seen.len < MOST_BYTES) {
        const size_t room = MOST_BYTES - seen.len;
        hand_require(ff_source_read(source, seen.text + seen.len,
                                    cap < room ? cap : room, &got, &fault) == FF_OK);
        seen.len += got;
    }
    seen.is_damaged = ff_source_damage(source) != NULL;
    ff_source_close(source);
    return seen;
}

/* Damaged bzip2 and xz may give more or less of what is wrong (members.h). */
static void compare(const struct seen *a, const struct seen *b, bool is_zstd)
{
    const size_t n = a->len < b->len ? a->len : b->len;
    hand_require(memcmp(a->text, b->text, n) == 0);
    if (a->len == MOST_BYTES || b->len == MOST_BYTES)
        return;
    hand_require(a->is_damaged == b->is_damaged);
    hand_require(a->len == b->len || (a->is_damaged && !is_zstd));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const int fd = memfd_create("fuzz", MFD_CLOEXEC);
    hand_require(fd >= 0);
    const struct hand_packing *packing = &hand_packings[data[0] % HAND_PACKINGS];
    const unsigned how = data[0] / HAND_PACKINGS % 3;
    bool is_whole = false;
    if (how == 0) {
        put(fd, packing->magic, packing->magic_len);
        put(fd, data + 1, size - 1);
    } else if (how == 1) {
        is_whole = put_packed(fd, packing, data + 1, size - 1);
    } else {
        put_packed(fd, packing, data + 1, size - 1);
        put_packed(fd, packing, data + 1, size - 1);
    }
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    const struct seen wide = see(path, 1 << 18);
    const struct seen narrow = see(path, 1 + data[0] % 97u);
    compare(&wide, &narrow, packing == hand_packings);
    if (is_whole) {
        hand_require(!wide.is_damaged && wide.len == size - 4);
        hand_require(memcmp(wide.text, data + 4, wide.len) == 0);
    }
    free(wide.text);
    free(narrow.text);
    close(fd);
    return 0;
}
