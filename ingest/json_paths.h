/* The paths of keys whose values are wanted of a JSON object: a tree in which the
 * scanner goes along with the text, a hash look-up a key. */
#ifndef FF_JSON_PATHS_H
#define FF_JSON_PATHS_H

#include <stdint.h>

#include "footfall/err.h"
#include "footfall/span.h"

#define FF_JSON_PATHS_MAX   64
#define FF_JSON_NODES_MAX   256
#define FF_JSON_BUCKETS     1024
#define FF_JSON_KEY_BYTES   4096
#define FF_JSON_KEY_LEN_MAX 255

/* A key on the way of a path. Nodes are in a hash table by parent and key. */
struct ff_json_node {
    uint64_t under; /* a bit for each path that begins with this node's */
    uint16_t key;   /* where it is in `keys` */
    uint8_t key_len;
    uint8_t parent;
    uint8_t path; /* + 1; 0: no path ends here */
};

enum { FF_JSON_NOWHERE = 0, FF_JSON_ROOT = 1 };

/* Zeroed at the start; the caller's; owns its keys. Nothing is under FF_JSON_NOWHERE;
 * FF_JSON_ROOT is the object itself. */
struct ff_json_paths {
    struct ff_json_node nodes[FF_JSON_NODES_MAX];
    uint8_t buckets[FF_JSON_BUCKETS];
    char keys[FF_JSON_KEY_BYTES];
    size_t n_nodes, n_paths, keys_len;
};

/* Adds "request.headers.User-Agent" and gives its number, or finds it: keys with dots
 * between; a dot or backslash in a key has a backslash before it. "[0]" at the end of a
 * key says nothing: of an array the first element is taken anyway. FF_ERR_USAGE: a key
 * is empty or too long, or there are too many. */
FF_MUST_USE enum ff_err ff_json_paths_add(struct ff_json_paths *paths,
                                          struct ff_span path, unsigned *number,
                                          struct ff_fault *fault);

/* 0 if the eight bytes are the same. */
static inline uint64_t ff_json_differ(const char *a, const char *b)
{
    uint64_t x, y;
    memcpy(&x, a, 8);
    memcpy(&y, b, 8);
    return x ^ y;
}

/* memcmp for keys, which are short. What is read last may overlap what was before. */
static inline bool ff_json_same_bytes(const char *a, const char *b, size_t n)
{
    if (n < 8) {
        for (size_t i = 0; i < n; i++)
            if (a[i] != b[i])
                return false;
        return true;
    }
    for (; n > 16; n -= 16, a += 16, b += 16)
        if (ff_json_differ(a, b) | ff_json_differ(a + 8, b + 8))
            return false;
    return n < 8 ? ff_json_differ(a + n - 8, b + n - 8) == 0
                 : (ff_json_differ(a, b) | ff_json_differ(a + n - 8, b + n - 8)) == 0;
}

/* Ten bits. Length, both ends and the parent tell the keys of a log apart. */
unsigned ff_json_key_hash(unsigned parent, struct ff_span key);

/* The node of `key` under `node`, or FF_JSON_NOWHERE. */
unsigned ff_json_paths_step(const struct ff_json_paths *paths, unsigned node,
                            struct ff_span key);

#endif
