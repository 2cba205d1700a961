/* See pathkey.h. Unreserved characters stay plain, what a path may hold stays as it
 * came, all else is %XX in upper case (RFC 3986 6.2.2); braces are seen only around
 * placeholders. Reading a key again gives the same key: a segment is scrubbed, encoded
 * and scrubbed again until nothing changes, and a cut is checked the same way.
 *
 * Segments are inspected decoded down to the bottom (an attacker, or a careless link,
 * encodes twice) and decoded once. Coordinates are the one thing that spans a slash:
 * /38.8895/-77.0352 loses both segments. */
#include "pathkey.h"

#include <assert.h>
#include <stdint.h>

#include "check.h"
#include "percent.h"
#include "rules.h"

enum { MAX_SEGMENT = 1024, MAX_LEVELS = 4, MAX_PASSES = 4 };

/* What may stand in a key as it is; only the unreserved ones are decoded to it. */
enum { PLAIN = 1, UNRESERVED = 2 };

#define U (PLAIN | UNRESERVED)
/* clang-format off */
static const uint8_t classes[256] = {
    ['!'] = PLAIN, ['$'] = PLAIN, ['&'] = PLAIN, ['\''] = PLAIN, ['('] = PLAIN,
    [')'] = PLAIN, ['*'] = PLAIN, ['+'] = PLAIN, [','] = PLAIN, ['='] = PLAIN,
    [':'] = PLAIN, ['@'] = PLAIN, ['-'] = U, ['.'] = U, ['_'] = U, ['~'] = U,
    ['0'] = U, ['1'] = U, ['2'] = U, ['3'] = U, ['4'] = U, ['5'] = U, ['6'] = U,
    ['7'] = U, ['8'] = U, ['9'] = U, ['a'] = U, ['b'] = U, ['c'] = U, ['d'] = U,
    ['e'] = U, ['f'] = U, ['g'] = U, ['h'] = U, ['i'] = U, ['j'] = U, ['k'] = U,
    ['l'] = U, ['m'] = U, ['n'] = U, ['o'] = U, ['p'] = U, ['q'] = U, ['r'] = U,
    ['s'] = U, ['t'] = U, ['u'] = U, ['v'] = U, ['w'] = U, ['x'] = U, ['y'] = U,
    ['z'] = U, ['A'] = U, ['B'] = U, ['C'] = U, ['D'] = U, ['E'] = U, ['F'] = U,
    ['G'] = U, ['H'] = U, ['I'] = U, ['J'] = U, ['K'] = U, ['L'] = U, ['M'] = U,
    ['N'] = U, ['O'] = U, ['P'] = U, ['Q'] = U, ['R'] = U, ['S'] = U, ['T'] = U,
    ['U'] = U, ['V'] = U, ['W'] = U, ['X'] = U, ['Y'] = U, ['Z'] = U,
};
/* clang-format on */
#undef U

static uint8_t class_of(char c)
{
    return classes[(unsigned char)c];
}

/* Decoded until no "%XX" is left: `s` itself if it has none, else in `out`. Too long or
 * too deep: the data is NULL. */
static struct ff_span decode_deep(struct ff_span s, char out[static MAX_SEGMENT])
{
    if (ff_span_find(s, '%') == s.len)
        return s;
    if (s.len > MAX_SEGMENT)
        return (struct ff_span) { NULL, 0 };
    size_t n = ff_percent_decode(s, out), before = s.len;
    for (int level = 1; n != before && level <= MAX_LEVELS; level++) {
        before = n;
        n = ff_percent_decode((struct ff_span) { out, n }, out);
    }
    return n == before ? (struct ff_span) { out, n } : (struct ff_span) { NULL, 0 };
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* -?D{1,3}.D{4,} at the start. */
static bool starts_with_coordinate(struct ff_span s)
{
    size_t i = s.len > 0 && s.data[0] == '-';
    const size_t whole = i;
    while (i < s.len && is_digit(s.data[i]))
        i++;
    if (i == whole || i > whole + 3 || i == s.len || s.data[i] != '.')
        return false;
    const size_t fraction = ++i;
    while (i < s.len && is_digit(s.data[i]))
        i++;
    return i >= fraction + 4;
}

/* D.D{4,} at the end; what is before does not matter. */
static bool ends_with_coordinate(struct ff_span s)
{
    size_t i = s.len;
    while (i > 0 && is_digit(s.data[i - 1]))
        i--;
    return s.len - i >= 4 && i >= 2 && s.data[i - 1] == '.' && is_digit(s.data[i - 2]);
}

static bool is_pair(struct ff_span first, struct ff_span second)
{
    char a[MAX_SEGMENT], b[MAX_SEGMENT];
    if (!is_digit(first.data[first.len - 1])) /* an encoded digit ends in one, too */
        return false;
    const struct ff_span x = decode_deep(first, a);
    return ends_with_coordinate(x) && starts_with_coordinate(decode_deep(second, b));
}

/* A key under construction, or one segment of it. */
struct key {
    size_t len;
    char bytes[3 * MAX_SEGMENT];
};

static bool append(struct key *key, struct ff_span s)
{
    if (s.len > sizeof key->bytes - key->len)
        return false;
    memcpy(key->bytes + key->len, s.data, s.len);
    key->len += s.len;
    return true;
}

static size_t placeholder_at(struct ff_span s)
{
    const size_t end = ff_span_find(s, '}') + 1;
    return end <= s.len && ff_rules_have(FF_RULES_PLACEHOLDERS,
                                         (struct ff_span) { s.data, end })
               ? end
               : 0;
}

/* Adds `s` in normal form. `decode`: it is percent-encoded. False if it is too long. */
static bool append_normal(struct key *key, struct ff_span s, bool decode)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t at = 0; at < s.len;) {
        size_t plain = at;
        while (plain < s.len && class_of(s.data[plain]) & PLAIN)
            plain++;
        if (!append(key, (struct ff_span) { s.data + at, plain - at }))
            return false;
        at = plain;
        if (at == s.len)
            return true;
        bool encoded = false;
        const struct ff_span rest = ff_span_from(s, at);
        const char c = decode ? ff_percent_next(s, &at, &encoded) : s.data[at++];
        const size_t braces = c == '{' && !encoded ? placeholder_at(rest) : 0;
        const unsigned char byte = (unsigned char)c;
        const char escape[3] = { '%', hex[byte >> 4], hex[byte & 15] };
        struct ff_span piece = { escape, 3 };
        if (encoded && class_of(c) & UNRESERVED)
            piece = (struct ff_span) { &c, 1 };
        if (braces > 0) {
            piece = (struct ff_span) { rest.data, braces };
            at += braces - 1;
        }
        if (!append(key, piece))
            return false;
    }
    return true;
}

bool ff_pathkey_append(struct ff_span s, char out[static FF_PATHKEY_LEN], size_t *len)
{
    struct key key;
    key.len = 0;
    if (!append_normal(&key, s, true) || key.len > FF_PATHKEY_LEN - *len)
        return false;
    memcpy(out + *len, key.bytes, key.len);
    *len += key.len;
    return true;
}

/* What each step here needs. */
struct work {
    const struct ff_scrub *scrub;
    struct ff_arena *arena;
    struct ff_fault *fault;
};

/* What scrubbing makes of a segment: hostile ones void the whole key. */
enum verdict { SAME, CHANGED, HOSTILE };

static enum verdict judge(struct ff_span reading, struct ff_span text)
{
    if (text.data == reading.data || ff_span_equal(text, reading))
        return SAME;
    return ff_span_equal(text, FF_SPAN("(invalid)")) ? HOSTILE : CHANGED;
}

static enum ff_err scrub_segment(const struct work *work, struct ff_span before,
                                 struct ff_span segment, struct ff_span *out)
{
    return ff_scrub_segment(work->scrub, before, segment, work->arena, out,
                            work->fault);
}

/* Of clean UTF-8. Long segments go since what is long and has no words is somebody's:
 * a session, a ticket, a state. All that is ASCII, where it is the same in bytes; as
 * many letters of another script say no more. */
static bool is_long(struct ff_span s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.data[i] & 0xC0) != 0x80;
    return n > FF_PATH_SEGMENT_LEN && !ff_check_is_title(s);
}

/* Scrubs the deepest reading of a segment or else the plain one. *text is set when it
 * changed. */
static enum ff_err scrub_readings(const struct work *work, struct ff_span before,
                                  struct ff_span segment, struct ff_span *text,
                                  enum verdict *verdict)
{
    char once[MAX_SEGMENT], deep[MAX_SEGMENT];
    *text = FF_SPAN("{long}");
    *verdict = CHANGED;
    if (segment.len > MAX_SEGMENT)
        return FF_OK;
    struct ff_span reading = decode_deep(segment, deep);
    const bool is_encoded = reading.data != segment.data;
    if (is_encoded && (!reading.data || !ff_path_is_clean(reading))) {
        *verdict = HOSTILE;
        return FF_OK;
    }
    FF_TRY(scrub_segment(work, before, reading, text));
    *verdict = judge(reading, *text);
    if (*verdict == SAME && is_encoded) {
        reading = (struct ff_span) { once, ff_percent_decode(segment, once) };
        FF_TRY(scrub_segment(work, before, reading, text));
        *verdict = judge(reading, *text);
    }
    if (*verdict == SAME && is_long(reading)) {
        *text = FF_SPAN("{long}");
        *verdict = CHANGED;
    }
    return FF_OK;
}

/* Adds a segment, scrubbed until it stays the same. */
static enum ff_err put_segment(const struct work *work, struct ff_span before,
                               struct ff_span segment, struct key *key,
                               enum verdict *verdict)
{
    char named[MAX_SEGMENT];
    const struct ff_span name = decode_deep(before, named);
    struct key forms[2];
    bool has_changed = false;
    for (int pass = 0; pass < MAX_PASSES; pass++) {
        struct ff_span text;
        FF_TRY(scrub_readings(work, name, segment, &text, verdict));
        if (*verdict == HOSTILE)
            return FF_OK;
        if (*verdict == SAME) {
            *verdict = has_changed ? CHANGED : SAME;
            if (!append_normal(key, segment, true))
                *verdict = HOSTILE;
            return FF_OK;
        }
        struct key *form = &forms[pass % 2];
        form->len = 0;
        if (!append_normal(form, text, false))
            break;
        segment = (struct ff_span) { form->bytes, form->len };
        has_changed = true;
    }
    *verdict = HOSTILE;
    return FF_OK;
}

/* Where to cut a segment in normal form so that at most `room` bytes are left, not too
 * many characters when decoded, and no escape, character or placeholder is split. */
static size_t cut_at(struct ff_span segment, size_t room)
{
    size_t border = 0, decoded = 0;
    bool encoded;
    for (size_t at = 0;
         at < segment.len && at <= room && decoded <= FF_PATH_SEGMENT_LEN - 3;) {
        const struct ff_span rest = ff_span_from(segment, at);
        const size_t start = at;
        const char c = ff_percent_next(segment, &at, &encoded);
        if (((unsigned char)c & 0xC0) != 0x80)
            border = start;
        if (c == '{' && !encoded)
            at += placeholder_at(rest) - 1;
        decoded += encoded ? ((unsigned char)c & 0xC0) != 0x80 : at - start;
    }
    return border;
}

/* Cuts a key whose segments begin (with their slashes) at `starts`: to 197 bytes and
 * "...". A piece of a segment could look like personal data that the whole was not (or
 * the other way round), so it must pass again; else the segment goes. */
static enum ff_err shorten(const struct work *work, const size_t *starts,
                           size_t n_starts, struct key *key)
{
    const size_t room = FF_PATHKEY_LEN - 3;
    size_t i = n_starts - 1;
    while (starts[i] >= room)
        i--;
    assert(starts[0] == 0);
    const size_t start = starts[i] + 1;
    const size_t previous = i > 0 ? starts[i - 1] + 1 : start;
    const struct ff_span before = { key->bytes + previous,
                                    i > 0 ? starts[i] - previous : 0 };
    const struct ff_span segment = { key->bytes + start, key->len - start };
    const struct ff_span whole = { segment.data, ff_span_find(segment, '/') };
    struct key piece = { .len = 0 }, again;
    again.len = 0;
    enum verdict verdict = HOSTILE;
    append(&piece, (struct ff_span) { whole.data, cut_at(whole, room - start) });
    append(&piece, FF_SPAN("..."));
    const struct ff_span cut = { piece.bytes, piece.len };
    FF_TRY(put_segment(work, before, cut, &again, &verdict));
    key->len = start;
    append(key, verdict == SAME ? cut : FF_SPAN("..."));
    return FF_OK;
}

/* Personal data gone, but perhaps too long. */
static enum ff_err build(const struct work *work, const struct ff_path *path,
                         struct key *key, bool *is_hostile)
{
    const struct ff_span *segments = path->segments;
    const size_t n = path->depth < FF_PATH_DEPTH ? path->depth : FF_PATH_DEPTH;
    size_t starts[FF_PATH_DEPTH + 1];
    bool is_geo = false; /* the segment is the second of a pair */
    for (size_t i = 0; i < n; i++) {
        const bool opens = i + 1 < path->depth && is_pair(segments[i], segments[i + 1]);
        const struct ff_span before = i > 0 ? segments[i - 1] : FF_SPAN("");
        const struct ff_span segment = opens || is_geo ? FF_SPAN("{geo}") : segments[i];
        enum verdict verdict;
        starts[i] = key->len;
        *is_hostile = !append(key, FF_SPAN("/"));
        if (*is_hostile)
            return FF_OK;
        FF_TRY(put_segment(work, before, segment, key, &verdict));
        *is_hostile = verdict == HOSTILE;
        if (*is_hostile)
            return FF_OK;
        is_geo = opens;
    }
    starts[n] = key->len;
    if (path->depth > n)
        append(key, FF_SPAN("/..."));
    else if (path->ends_in_slash || n == 0)
        append(key, FF_SPAN("/"));
    return key->len > FF_PATHKEY_LEN ? shorten(work, starts, n + 1, key) : FF_OK;
}

enum ff_err ff_pathkey_build(const struct ff_path *path, const struct ff_scrub *scrub,
                             struct ff_arena *arena, struct ff_span *out,
                             struct ff_fault *fault)
{
    *out = FF_SPAN("(invalid)");
    if (!path->is_valid)
        return FF_OK;
    const struct work work = { scrub, arena, fault };
    struct key key;
    key.len = 0;
    bool is_hostile = false;
    FF_TRY(build(&work, path, &key, &is_hostile));
    if (is_hostile)
        return FF_OK;
    *out = ff_arena_copy(arena, (struct ff_span) { key.bytes, key.len });
    return out->data ? FF_OK : ff_fault_nomem(fault);
}
