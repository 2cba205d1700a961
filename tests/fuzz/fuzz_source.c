/* Any bytes as a file: both inflaters must say the same of it, and its lines must be
 * its bytes. The first byte says what the rest is: a file as it is, deflate data to be
 * wrapped, or text to be compressed and then changed in one place. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "footfall/ingest.h"
#include "lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_BYTES = 1 << 20 }; /* a bomb ends here */

static void require(bool is_so)
{
    if (!is_so)
        abort();
}

static void put(int fd, const void *data, size_t len)
{
    require(write(fd, data, len) == (ssize_t)len);
}

static void put_wrapped(int fd, const uint8_t *data, size_t size)
{
    put(fd, "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
    put(fd, data, size);
}

static void put_changed(int fd, const uint8_t *data, size_t size)
{
    if (size < 4)
        return;
    z_stream z = { 0 };
    require(deflateInit2(&z, data[0] % 10, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) ==
            Z_OK);
    const size_t bound = deflateBound(&z, size) + 64;
    uint8_t *out = malloc(bound);
    require(out != NULL);
    z.next_in = (uint8_t *)(uintptr_t)(data + 4);
    z.avail_in = (uInt)(size - 4);
    z.next_out = out;
    z.avail_out = (uInt)bound;
    require(deflate(&z, Z_FINISH) == Z_STREAM_END);
    const size_t n = bound - z.avail_out;
    deflateEnd(&z);
    out[(data[1] | (size_t)data[2] << 8) % n] ^= data[3];
    put(fd, out, data[0] & 0x40 ? n - data[1] % n : n);
    if (data[0] & 0x80)
        put(fd, out, n);
    free(out);
}

struct seen {
    char *text;
    size_t len;
    char damage[256];
};

static struct seen see(const char *path, enum ff_inflate inflate, size_t cap)
{
    struct seen seen = { .text = malloc(MOST_BYTES) };
    struct ff_fault fault;
    struct ff_source *source;
    require(seen.text != NULL);
    require(ff_source_open_with(&source, path, inflate, &fault) == FF_OK);
    size_t got = 1;
    while (got > 0 && seen.len < MOST_BYTES) {
        const size_t room = MOST_BYTES - seen.len;
        require(ff_source_read(source, seen.text + seen.len, cap < room ? cap : room,
                               &got, &fault) == FF_OK);
        seen.len += got;
    }
    if (ff_source_damage(source))
        snprintf(seen.damage, sizeof seen.damage, "%s", ff_source_damage(source));
    ff_source_close(source);
    return seen;
}

/* Where zlib finds the deflate data itself wrong, ISA-L may have given more (gzip.c).
 */
static void compare(const struct seen *best, const struct seen *zlib)
{
    if (zlib->len == MOST_BYTES)
        return;
    const bool is_invalid = strstr(zlib->damage, "invalid deflate data") != NULL;
    require(is_invalid ? best->len >= zlib->len : best->len == zlib->len);
    require(memcmp(best->text, zlib->text, zlib->len) == 0);
    require(best->len == MOST_BYTES || is_invalid ||
            strcmp(best->damage, zlib->damage) == 0);
}

static void check_lines(const char *path, const struct seen *seen)
{
    struct ff_fault fault;
    struct ff_source *source;
    struct ff_lines *lines;
    struct ff_block block;
    require(ff_source_open_with(&source, path, FF_INFLATE_ZLIB, &fault) == FF_OK);
    require(ff_lines_open(&lines, source, &fault) == FF_OK);
    const bool has_mark = seen->len >= 3 && memcmp(seen->text, "\xEF\xBB\xBF", 3) == 0;
    size_t at = has_mark ? 3 : 0;
    for (;;) {
        require(ff_lines_next(lines, &block, &fault) == FF_OK);
        if (block.text.len == 0 || at + block.text.len > seen->len)
            break;
        require(block.offset == at);
        require(memcmp(block.text.data, seen->text + at, block.text.len) == 0);
        at += block.text.len;
        if (block.is_long) {
            require(block.text.len == FF_LINE_MAX);
            const char *end = memchr(seen->text + at, '\n', seen->len - at);
            at = end ? (size_t)(end - seen->text) + 1 : seen->len;
        }
    }
    require(at == seen->len || seen->len == MOST_BYTES);
    ff_lines_close(lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const int fd = memfd_create("fuzz", MFD_CLOEXEC);
    require(fd >= 0);
    switch (data[0] % 3) {
    case 0:
        put(fd, data + 1, size - 1);
        break;
    case 1:
        put_wrapped(fd, data + 1, size - 1);
        break;
    default:
        put_changed(fd, data + 1, size - 1);
    }
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct seen best = see(path, FF_INFLATE_BEST, 1 + (size_t)data[0] * 977);
    struct seen zlib = see(path, FF_INFLATE_ZLIB, 1 << 18);
    compare(&best, &zlib);
    check_lines(path, &zlib);
    free(best.text);
    free(zlib.text);
    close(fd);
    return 0;
}
