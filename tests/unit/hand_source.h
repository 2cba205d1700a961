/* Files made by hand for tests of sources, and what a source gives of them. For tests
 * with cmocka. */
#ifndef FF_HAND_SOURCE_H
#define FF_HAND_SOURCE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source.h"

struct bytes {
    unsigned char *data;
    size_t len, cap;
};

static inline void add(struct bytes *to, const void *data, size_t len)
{
    if (len == 0)
        return;
    if (to->len + len > to->cap) {
        to->cap = (to->len + len) * 2;
        to->data = realloc(to->data, to->cap);
    }
    assert_non_null(to->data);
    memcpy(to->data + to->len, data, len);
    to->len += len;
}

static inline void drop(struct bytes *b)
{
    free(b->data);
    *b = (struct bytes) { 0 };
}

/* Text like a log's, the same at each call. */
static inline struct bytes text_of(size_t len)
{
    struct bytes text = { 0 };
    uint32_t seed = 12345;
    while (text.len < len) {
        char line[128];
        seed = seed * 1664525 + 1013904223;
        const int n = snprintf(line, sizeof line,
                               "198.51.100.%u - - \"GET /page/%u HTTP/1.1\" 200 %u\n",
                               seed >> 24, seed >> 16 & 0xfff, seed >> 9 & 0xffff);
        add(&text, line, (size_t)n);
    }
    text.len = len;
    return text;
}

/* The scratch folder of one test, and the one file in it. In memory where that can be:
 * some tests write thousands of files. */
struct scratch {
    char folder[40];
    char path[64];
};

static inline int set_up(void **state)
{
    struct scratch *scratch = calloc(1, sizeof *scratch);
    assert_non_null(scratch);
    static const char *const bases[] = { "/dev/shm", "/tmp" };
    const char *folder = NULL;
    for (size_t i = 0; !folder && i < sizeof bases / sizeof *bases; i++) {
        snprintf(scratch->folder, sizeof scratch->folder, "%s/footfall-source-XXXXXX",
                 bases[i]);
        folder = mkdtemp(scratch->folder);
    }
    assert_non_null(folder);
    snprintf(scratch->path, sizeof scratch->path, "%s/log", scratch->folder);
    *state = scratch;
    return 0;
}

static inline int tear_down(void **state)
{
    struct scratch *scratch = *state;
    unlink(scratch->path);
    rmdir(scratch->folder);
    free(scratch);
    return 0;
}

/* A new file each time: ext4 writes one that was cut to nothing to the disk at once. */
static inline void store(const struct scratch *scratch, const void *data, size_t len)
{
    unlink(scratch->path);
    FILE *file = fopen(scratch->path, "wb");
    assert_non_null(file);
    assert_int_equal(len ? fwrite(data, 1, len, file) : 0, len);
    assert_int_equal(fclose(file), 0);
}

struct seen {
    struct bytes text;
    char damage[256]; /* without the name; empty: none */
};

static inline struct seen see(const char *path, enum ff_inflate inflate, size_t cap)
{
    struct seen seen = { 0 };
    struct ff_fault fault = { "" };
    struct ff_source *source;
    assert_int_equal(ff_source_open_with(&source, path, inflate, &fault), FF_OK);
    char *buffer = malloc(cap);
    assert_non_null(buffer);
    size_t got;
    do {
        assert_int_equal(ff_source_read(source, buffer, cap, &got, &fault), FF_OK);
        assert_true(got <= cap);
        add(&seen.text, buffer, got);
    } while (got > 0);
    const char *damage = ff_source_damage(source);
    if (damage) {
        const size_t name_len = strlen(path);
        assert_memory_equal(damage, path, name_len);
        snprintf(seen.damage, sizeof seen.damage, "%s", damage + name_len + 2);
    }
    ff_source_close(source);
    free(buffer);
    return seen;
}

static inline void assert_same_text(const struct bytes *a, const void *data, size_t len)
{
    assert_int_equal(a->len, len);
    if (len > 0)
        assert_memory_equal(a->data, data, len);
}

#endif
