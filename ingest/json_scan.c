/* The cursor goes straight through the line; on failure it stays where the line stops
 * to be JSON. Most bytes of a log are inside strings, so those are passed eight at a
 * time. Values at paths nobody asked for are checked and passed over. */
#include "json_scan.h"

#include <assert.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "json_tokens.h"

struct scan {
    const char *start, *at, *end;
    const struct ff_json_paths *paths;
    struct ff_json_found *found;
};

static bool value(struct scan *s, unsigned node, unsigned depth);

static void skip_space(struct scan *s)
{
    while (s->at < s->end &&
           (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
        s->at++;
}

static bool is_plain(char c)
{
    return c != '"' && c != '\\' && (unsigned char)c >= 0x20;
}

#ifdef __SSE2__
/* Goes on to the first byte that does not stand for itself; false when there is none
 * in the whole blocks of 16 before `end`. */
static inline bool skip_blocks(const char **at, const char *end)
{
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'),
                  control = _mm_set1_epi8(0x1F);
    for (; end - *at >= 16; *at += 16) {
        const __m128i block = _mm_loadu_si128((const __m128i *)*at);
        const __m128i special = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, slash)),
            _mm_cmpeq_epi8(_mm_min_epu8(block, control), block));
        const unsigned mask = (unsigned)_mm_movemask_epi8(special);
        if (mask) {
            *at += __builtin_ctz(mask);
            return true;
        }
    }
    return false;
}
#else
/* The same with words of eight: a high bit is set for each byte that does not stand
 * for itself. Carries make false ones, but only above a true one, and is_plain looks
 * again. */
static inline bool skip_blocks(const char **at, const char *end)
{
    const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    for (; end - *at >= 8; *at += 8) {
        uint64_t word;
        memcpy(&word, *at, sizeof word);
        const uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
        if ((((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
             ((word - ones * 0x20) & ~word)) &
            highs)
            break;
    }
    return false;
}
#endif

/* The first byte of a string's inside that does not stand for itself. */
static inline const char *skip_plain(const char *at, const char *end)
{
    if (skip_blocks(&at, end))
        return at;
    while (at < end && is_plain(*at))
        at++;
    return at;
}

/* At the opening quote. */
static bool string(struct scan *s, struct ff_json_value *out)
{
    const char *start = ++s->at;
    bool has_escapes = false;
    for (;;) {
        s->at = skip_plain(s->at, s->end);
        if (s->at == s->end)
            return false;
        if (*s->at == '"')
            break;
        const size_t len = *s->at == '\\' ? ff_json_escape_len(s->at, s->end) : 0;
        if (len == 0)
            return false;
        s->at += len;
        has_escapes = true;
    }
    out->text.data = start;
    out->text.len = (size_t)(s->at - start);
    out->at = (uint32_t)(start - s->start);
    out->has_escapes = has_escapes;
    s->at++;
    return true;
}

/* At what is no string and no container. */
static bool scalar(struct scan *s, struct ff_json_value *out)
{
    out->at = (uint32_t)(s->at - s->start);
    out->has_escapes = false;
    return ff_json_scalar(&s->at, s->end, &out->text);
}

/* The node that a key with escapes leads to. */
static unsigned step_escaped(const struct scan *s, unsigned node, struct ff_span key)
{
    char plain[FF_JSON_KEY_LEN_MAX * 6];
    if (key.len > sizeof plain)
        return FF_JSON_NOWHERE;
    const struct ff_span text = { plain, ff_json_unescape(key, false, plain) };
    return ff_json_paths_step(s->paths, node, text);
}

/* Whether the key at the quote at the cursor is that of `node`; goes behind it. Not
 * asked for keys that need escapes. */
static inline bool is_key_of(struct scan *s, const struct ff_json_node *node)
{
    const size_t len = node->key_len;
    if ((size_t)(s->end - s->at) < len + 2 || s->at[len + 1] != '"' ||
        !ff_json_same_bytes(s->at + 1, s->paths->keys + node->key, len))
        return false;
    s->at += len + 2;
    return true;
}

/* Reads a key and gives the node it leads to under `node`. The lines of a log have
 * their keys in the same order: *expected is the one that came here in the line
 * before. */
static bool key(struct scan *s, unsigned node, uint8_t **expected, unsigned *child)
{
    struct ff_json_value text;
    *child = **expected;
    if (s->at == s->end || *s->at != '"')
        return false;
    if (*child == FF_JSON_NOWHERE || !is_key_of(s, &s->paths->nodes[*child])) {
        if (!string(s, &text))
            return false;
        *child = text.has_escapes ? step_escaped(s, node, text.text)
                                  : ff_json_paths_step(s->paths, node, text.text);
        if (*child == FF_JSON_NOWHERE)
            return true;
        if (!text.has_escapes)
            **expected = (uint8_t)*child;
    }
    *expected = &s->found->follows[*child];
    /* The key may have been there before: the last one wins. */
    s->found->present &= ~s->paths->nodes[*child].under;
    return true;
}

/* Where the value at `node` is to be written: it is there from now on. */
static inline struct ff_json_value *place(struct scan *s, unsigned node, bool is_object)
{
    const unsigned path = s->paths->nodes[node].path;
    struct ff_json_found *found = s->found;
    if (!path)
        return &found->values[FF_JSON_UNWANTED];
    const uint64_t bit = (uint64_t)1 << (path - 1);
    found->present |= bit;
    found->objects = is_object ? found->objects | bit : found->objects & ~bit;
    return &found->values[path - 1];
}

/* Behind a member or an element: 1 when another follows, 0 at the end, -1 for
 * neither. */
static int more(struct scan *s, char close)
{
    skip_space(s);
    if (s->at == s->end || (*s->at != ',' && *s->at != close))
        return -1;
    const bool is_comma = *s->at++ == ',';
    if (is_comma)
        skip_space(s);
    return is_comma;
}

static bool is_empty(struct scan *s, char close)
{
    s->at++;
    skip_space(s);
    if (s->at == s->end || *s->at != close)
        return false;
    s->at++;
    return true;
}

static bool object(struct scan *s, unsigned node, unsigned depth)
{
    int left = 1;
    uint8_t *expected = &s->found->begins[node];
    *place(s, node, true) =
        (struct ff_json_value) { .text = { s->at, 0 },
                                 .at = (uint32_t)(s->at - s->start) };
    if (is_empty(s, '}'))
        return true;
    while (left > 0) {
        unsigned child;
        if (!key(s, node, &expected, &child))
            return false;
        skip_space(s);
        if (s->at == s->end || *s->at != ':')
            return false;
        s->at++;
        skip_space(s);
        if (!value(s, child, depth))
            return false;
        left = more(s, '}');
    }
    return left == 0;
}

/* Only the first element is at the path. */
static bool array(struct scan *s, unsigned node, unsigned depth)
{
    int left = 1;
    if (is_empty(s, ']'))
        return true;
    for (; left > 0; node = FF_JSON_NOWHERE) {
        if (!value(s, node, depth))
            return false;
        left = more(s, ']');
    }
    return left == 0;
}

/* Calls itself through object and array, FF_JSON_DEPTH_MAX deep at most. */
static bool value(struct scan *s, unsigned node, unsigned depth)
{
    if (s->at == s->end)
        return false;
    if (*s->at == '"')
        return string(s, place(s, node, false));
    if (*s->at != '{' && *s->at != '[')
        return scalar(s, place(s, node, false));
    if (depth == FF_JSON_DEPTH_MAX)
        return false;
    return *s->at == '{' ? object(s, node, depth + 1) : array(s, node, depth + 1);
}

bool ff_json_scan(const struct ff_json_paths *paths, struct ff_span line,
                  struct ff_json_found *found, size_t *at)
{
    struct scan s = { line.data, line.data, line.data + line.len, paths, found };
    found->present = found->objects = 0;
    skip_space(&s);
    bool is_json = s.at < s.end && *s.at == '{' && value(&s, FF_JSON_ROOT, 0);
    if (is_json)
        skip_space(&s);
    *at = (size_t)(s.at - line.data);
    assert(*at <= line.len);
    is_json = is_json && *at == line.len;
    if (!is_json)
        found->present = 0;
    return is_json;
}
