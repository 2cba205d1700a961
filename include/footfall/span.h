/* A borrowed run of bytes: not owned, not NUL-terminated. It lives as long as what it
 * points into; each type that holds one says how long that is. */
#ifndef FOOTFALL_SPAN_H
#define FOOTFALL_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct ff_span {
    const char *data;
    size_t len;
};

#define FF_SPAN(literal) ((struct ff_span) { (literal), sizeof(literal) - 1 })

static inline struct ff_span ff_span_of(const char *text)
{
    return (struct ff_span) { text, strlen(text) };
}

static inline bool ff_span_equal(struct ff_span a, struct ff_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* ASCII letters in `a` and `b` are taken as equal whatever their case. */
static inline bool ff_span_equal_nocase(struct ff_span a, struct ff_span b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        const char x = a.data[i], y = b.data[i];
        const char fx = x >= 'A' && x <= 'Z' ? (char)(x | 32) : x;
        const char fy = y >= 'A' && y <= 'Z' ? (char)(y | 32) : y;
        if (fx != fy)
            return false;
    }
    return true;
}

/* The bytes from `from` to the end; empty when `from` is past it. */
static inline struct ff_span ff_span_from(struct ff_span s, size_t from)
{
    return from >= s.len ? (struct ff_span) { s.data + s.len, 0 }
                         : (struct ff_span) { s.data + from, s.len - from };
}

static inline bool ff_span_starts(struct ff_span s, struct ff_span prefix)
{
    return s.len >= prefix.len && memcmp(s.data, prefix.data, prefix.len) == 0;
}

static inline bool ff_span_ends(struct ff_span s, struct ff_span suffix)
{
    return s.len >= suffix.len &&
           memcmp(s.data + s.len - suffix.len, suffix.data, suffix.len) == 0;
}

/* Index of the first `byte`, or s.len when there is none. */
static inline size_t ff_span_find(struct ff_span s, char byte)
{
    const char *at = s.len ? (const char *)memchr(s.data, byte, s.len) : NULL;
    return at ? (size_t)(at - s.data) : s.len;
}

/* Order of bytes, a shorter prefix first. */
static inline int ff_span_compare(struct ff_span a, struct ff_span b)
{
    const size_t n = a.len < b.len ? a.len : b.len;
    const int order = n ? memcmp(a.data, b.data, n) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

#endif
