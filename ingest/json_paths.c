#include "json_paths.h"

unsigned ff_json_key_hash(unsigned parent, struct ff_span key)
{
    uint64_t head = 0, tail = 0;
    if (key.len >= 8) {
        memcpy(&head, key.data, 8);
        memcpy(&tail, key.data + key.len - 8, 8);
    } else if (key.len >= 4) {
        memcpy(&head, key.data, 4);
        memcpy(&tail, key.data + key.len - 4, 4);
    } else {
        for (size_t i = 0; i < key.len; i++)
            head = head << 8 | (unsigned char)key.data[i];
    }
    const uint64_t mixed = (head ^ (tail << 29 | tail >> 35)) * 0x9E3779B97F4A7C15u;
    const uint64_t place = mixed ^ key.len << 40 ^ (uint64_t)parent << 48;
    return (unsigned)((place * 0xC2B2AE3D27D4EB4Fu) >> 54);
}

/* The node of `key` under `parent`, or FF_JSON_NOWHERE; *bucket is where it is or would
 * be. */
static unsigned find(const struct ff_json_paths *paths, unsigned parent,
                     struct ff_span key, unsigned *bucket)
{
    unsigned at = ff_json_key_hash(parent, key) % FF_JSON_BUCKETS;
    unsigned node;
    for (; (node = paths->buckets[at]) != FF_JSON_NOWHERE;
         at = (at + 1) % FF_JSON_BUCKETS) {
        const struct ff_json_node *n = &paths->nodes[node];
        if (n->key_len == key.len && n->parent == parent &&
            ff_json_same_bytes(paths->keys + n->key, key.data, key.len))
            break;
    }
    *bucket = at;
    return node;
}

static enum ff_err too_many(struct ff_fault *fault)
{
    return ff_fault_set(fault, FF_ERR_USAGE, "too many JSON keys: %d paths at most",
                        FF_JSON_PATHS_MAX);
}

static enum ff_err add_key(struct ff_json_paths *paths, unsigned parent,
                           struct ff_span key, unsigned *node, struct ff_fault *fault)
{
    unsigned bucket;
    if (key.len == 0 || key.len > FF_JSON_KEY_LEN_MAX)
        return ff_fault_set(fault, FF_ERR_USAGE, "a JSON key is empty or too long");
    *node = find(paths, parent, key, &bucket);
    if (*node != FF_JSON_NOWHERE)
        return FF_OK;
    if (paths->n_nodes == FF_JSON_NODES_MAX ||
        paths->keys_len + key.len > sizeof paths->keys)
        return too_many(fault);
    *node = (unsigned)paths->n_nodes++;
    memcpy(paths->keys + paths->keys_len, key.data, key.len);
    paths->nodes[*node] = (struct ff_json_node) { .key = (uint16_t)paths->keys_len,
                                                  .key_len = (uint8_t)key.len,
                                                  .parent = (uint8_t)parent };
    paths->buckets[bucket] = (uint8_t)*node;
    paths->keys_len += key.len;
    return FF_OK;
}

/* Cuts the next key off `path` into `key`, which has FF_JSON_KEY_LEN_MAX + 1 bytes:
 * what is longer is cut off there, too long for add_key. */
static struct ff_span cut_key(struct ff_span *path, char *key)
{
    size_t n = 0, i = 0;
    for (; i < path->len && path->data[i] != '.'; i++) {
        if (path->data[i] == '\\' && i + 1 < path->len)
            i++;
        if (n <= FF_JSON_KEY_LEN_MAX)
            key[n++] = path->data[i];
    }
    /* A dot at the end has an empty key behind it, which add_key refuses. */
    const bool is_last = i == path->len;
    *path = ff_span_from(*path, is_last ? i : i + 1);
    struct ff_span out = { key, n };
    if (ff_span_ends(out, FF_SPAN("[0]")))
        out.len -= 3;
    if (!is_last && path->len == 0)
        out.len = 0;
    return out;
}

enum ff_err ff_json_paths_add(struct ff_json_paths *paths, struct ff_span path,
                              unsigned *number, struct ff_fault *fault)
{
    char key[FF_JSON_KEY_LEN_MAX + 1];
    unsigned node = FF_JSON_ROOT;
    if (paths->n_nodes == 0)
        paths->n_nodes = FF_JSON_ROOT + 1;
    do
        FF_TRY(add_key(paths, node, cut_key(&path, key), &node, fault));
    while (path.len);
    struct ff_json_node *leaf = &paths->nodes[node];
    if (!leaf->path) {
        if (paths->n_paths == FF_JSON_PATHS_MAX)
            return too_many(fault);
        leaf->path = (uint8_t)++paths->n_paths;
    }
    *number = leaf->path - 1u;
    for (; node > FF_JSON_ROOT; node = paths->nodes[node].parent)
        paths->nodes[node].under |= (uint64_t)1 << *number;
    return FF_OK;
}

unsigned ff_json_paths_step(const struct ff_json_paths *paths, unsigned node,
                            struct ff_span key)
{
    unsigned bucket;
    return node == FF_JSON_NOWHERE ? FF_JSON_NOWHERE : find(paths, node, key, &bucket);
}
