/* UTF-8 is decoded strictly (RFC 3629: no overlong forms, no surrogates) and written
 * anew, so that no renderer passes on bytes that it did not understand. */
#include "inert.h"

#include <assert.h>

#define DOTS     "..."
#define DOTS_LEN 3

static bool is_tail(struct ff_span s, size_t at)
{
    return at < s.len && ((unsigned char)s.data[at] & 0xc0) == 0x80;
}

uint32_t ff_utf8_next(struct ff_span s, size_t *at)
{
    assert(*at < s.len);
    const uint32_t first = (unsigned char)s.data[(*at)++];
    if (first < 0x80)
        return first;
    const size_t n_tails = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4)
        return FF_REPLACEMENT;
    uint32_t c = first & (0x3fu >> n_tails);
    for (size_t i = 0; i < n_tails; i++) {
        if (!is_tail(s, *at + i))
            return FF_REPLACEMENT;
        c = c << 6 | ((unsigned char)s.data[*at + i] & 0x3fu);
    }
    static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
    if (c < least[n_tails] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return FF_REPLACEMENT;
    *at += n_tails;
    return c;
}

struct range {
    uint32_t from, to;
};

static bool is_in(const struct range *ranges, size_t n, uint32_t c)
{
    for (size_t i = 0; i < n; i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return true;
    return false;
}

bool ff_is_hostile(uint32_t c)
{
    static const struct range hostile[] = {
        { 0x00, 0x1f },     { 0x7f, 0x9f },       { 0x061c, 0x061c },
        { 0x200e, 0x200f }, { 0x2028, 0x202e },   { 0x2066, 0x2069 },
        { 0xfeff, 0xfeff }, { 0xe0000, 0xe007f },
    };
    return is_in(hostile, sizeof hostile / sizeof *hostile, c);
}

/* Unicode's East Asian Width and its marks, by block: exact enough to align a table. */
int ff_width(uint32_t c)
{
    static const struct range marks[] = {
        { 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x0610, 0x061a },
        { 0x064b, 0x065f }, { 0x0e31, 0x0e31 }, { 0x0e34, 0x0e3a }, { 0x0e47, 0x0e4e },
        { 0x200b, 0x200d }, { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },
    };
    static const struct range wide[] = {
        { 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0xa4cf },
        { 0xa960, 0xa97f },   { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },
        { 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },
        { 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff },
        { 0x20000, 0x3fffd },
    };
    if (c < 0x300)
        return 1;
    if (is_in(marks, sizeof marks / sizeof *marks, c))
        return 0;
    return is_in(wide, sizeof wide / sizeof *wide, c) ? 2 : 1;
}

static uint32_t next_inert(struct ff_span s, size_t *at)
{
    const uint32_t c = ff_utf8_next(s, at);
    return ff_is_hostile(c) ? FF_REPLACEMENT : c;
}

static void put_utf8(FILE *out, uint32_t c)
{
    if (c < 0x80) {
        putc((int)c, out);
    } else if (c < 0x800) {
        putc((int)(0xc0 | c >> 6), out);
        putc((int)(0x80 | (c & 0x3f)), out);
    } else if (c < 0x10000) {
        putc((int)(0xe0 | c >> 12), out);
        putc((int)(0x80 | (c >> 6 & 0x3f)), out);
        putc((int)(0x80 | (c & 0x3f)), out);
    } else {
        putc((int)(0xf0 | c >> 18), out);
        putc((int)(0x80 | (c >> 12 & 0x3f)), out);
        putc((int)(0x80 | (c >> 6 & 0x3f)), out);
        putc((int)(0x80 | (c & 0x3f)), out);
    }
}

void ff_inert_terminal(FILE *out, struct ff_span s)
{
    for (size_t at = 0; at < s.len;)
        put_utf8(out, next_inert(s, &at));
}

static void put_html(FILE *out, uint32_t c)
{
    switch (c) {
    case '&':
        fputs("&amp;", out);
        break;
    case '<':
        fputs("&lt;", out);
        break;
    case '>':
        fputs("&gt;", out);
        break;
    case '"':
        fputs("&quot;", out);
        break;
    case '\'':
        fputs("&#39;", out);
        break;
    default:
        put_utf8(out, c);
    }
}

void ff_inert_html(FILE *out, struct ff_span s)
{
    for (size_t at = 0; at < s.len;)
        put_html(out, next_inert(s, &at));
}

static void put_json(FILE *out, uint32_t c)
{
    if (c == '"' || c == '\\')
        fprintf(out, "\\%c", (int)c);
    else if (c >= 0x10000 && ff_is_hostile(c))
        fprintf(out, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (c >> 10)),
                (unsigned)(0xdc00 | (c & 0x3ff)));
    else if (c == '<' || ff_is_hostile(c))
        fprintf(out, "\\u%04x", (unsigned)c);
    else
        put_utf8(out, c);
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether a byte may be 0. A byte behind one that is may be said to be as well. */
static uint64_t has_zero(uint64_t word)
{
    return (word - EACH(1)) & ~word & EACH(0x80);
}

/* Whether all eight bytes from `at` on are plain. */
static bool is_plain_word(struct ff_span s, size_t at)
{
    uint64_t word;
    memcpy(&word, s.data + at, sizeof word);
    const uint64_t is_low = (word - EACH(0x20)) & ~word & EACH(0x80);
    const uint64_t is_high = word & EACH(0x80);
    return !(is_low | is_high | has_zero(word ^ EACH(0x7f)) |
             has_zero(word ^ EACH('"')) | has_zero(word ^ EACH('\\')) |
             has_zero(word ^ EACH('<')));
}

size_t ff_inert_json_plain(struct ff_span s, size_t at)
{
    while (s.len - at >= sizeof(uint64_t) && is_plain_word(s, at))
        at += sizeof(uint64_t);
    for (; at < s.len; at++) {
        const unsigned char c = (unsigned char)s.data[at];
        if (c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '<')
            break;
    }
    return at;
}

void ff_inert_json(FILE *out, struct ff_span s)
{
    putc('"', out);
    for (size_t at = 0; at < s.len;) {
        const size_t end = ff_inert_json_plain(s, at);
        fwrite(s.data + at, 1, end - at, out);
        at = end;
        if (at < s.len)
            put_json(out, ff_utf8_next(s, &at));
    }
    putc('"', out);
}

struct ff_pieces ff_key_pieces(const struct ff_table_info *info,
                               const struct ff_span *key, const char *arrow)
{
    const bool is_transition = info == &ff_table_infos[FF_TRANSITIONS];
    const struct ff_span between = ff_span_of(is_transition ? arrow : " / ");
    size_t n_parts = info->key_parts;
    while (n_parts > 1 && key[n_parts - 1].len == 0)
        n_parts--;
    struct ff_pieces pieces = { .n = 0 };
    for (size_t i = 0; i < n_parts; i++) {
        if (i)
            pieces.at[pieces.n++] = between;
        pieces.at[pieces.n++] = key[i];
    }
    return pieces;
}

static uint32_t first_code(const struct ff_pieces *cell)
{
    size_t at = 0;
    for (size_t i = 0; i < cell->n; i++)
        if (cell->at[i].len)
            return ff_utf8_next(cell->at[i], &at);
    return 'x';
}

/* Spreadsheets take the wide signs of East Asian text for signs as well. */
static bool is_formula(const struct ff_pieces *cell)
{
    static const uint32_t signs[] = { '=',  '+',    '-',    '@',    '\t',  '\r',
                                      '\n', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20 };
    const uint32_t first = first_code(cell);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (first == signs[i])
            return true;
    return false;
}

static bool needs_quotes(const struct ff_pieces *cell)
{
    for (size_t i = 0; i < cell->n; i++)
        for (size_t j = 0; j < cell->at[i].len; j++)
            if (memchr("\",;\t\r\n", cell->at[i].data[j], 6))
                return true;
    return is_formula(cell);
}

void ff_inert_csv(FILE *out, const struct ff_pieces *cell)
{
    const bool is_quoted = needs_quotes(cell);
    if (is_quoted)
        putc('"', out);
    if (is_formula(cell))
        putc('\'', out);
    for (size_t i = 0; i < cell->n; i++)
        for (size_t at = 0; at < cell->at[i].len;) {
            const uint32_t c = next_inert(cell->at[i], &at);
            if (c == '"')
                putc('"', out);
            put_utf8(out, c);
        }
    if (is_quoted)
        putc('"', out);
}

size_t ff_inert_width(struct ff_span s)
{
    size_t width = 0;
    for (size_t at = 0; at < s.len;)
        width += (size_t)ff_width(next_inert(s, &at));
    return width;
}

size_t ff_pieces_width(const struct ff_pieces *pieces)
{
    size_t width = 0;
    for (size_t i = 0; i < pieces->n; i++)
        width += ff_inert_width(pieces->at[i]);
    return width;
}

/* Head, dots and tail; a wide character that would stand across an edge is left out. */
static size_t put_shortened(FILE *out, struct ff_span s, size_t columns)
{
    const size_t width = ff_inert_width(s);
    if (width <= columns) {
        ff_inert_terminal(out, s);
        return width;
    }
    const size_t tail = columns > DOTS_LEN ? (columns - DOTS_LEN) / 2 : 0;
    const size_t head = columns > DOTS_LEN + tail ? columns - DOTS_LEN - tail : 0;
    size_t seen = 0, written = 0;
    bool has_dots = false;
    for (size_t at = 0; at < s.len;) {
        const uint32_t c = next_inert(s, &at);
        const size_t w = (size_t)ff_width(c);
        if ((!has_dots && seen + w <= head) || seen >= width - tail) {
            put_utf8(out, c);
            written += w;
        } else if (!has_dots) {
            fputs(DOTS, out);
            written += DOTS_LEN;
            has_dots = true;
        }
        seen += w;
    }
    return written;
}

/* Columns for each part: short ones what they need, the others even shares of the rest.
 */
static void share_columns(const struct ff_pieces *pieces, size_t columns,
                          size_t shares[FF_PIECES])
{
    bool is_settled[FF_PIECES] = { false };
    size_t n_open = 0;
    for (size_t i = 0; i < pieces->n; i++) {
        shares[i] = ff_inert_width(pieces->at[i]);
        if (i % 2 == 0) {
            n_open++;
            continue;
        }
        is_settled[i] = true;
        columns -= shares[i] < columns ? shares[i] : columns;
    }
    for (bool is_changed = true; is_changed && n_open;) {
        is_changed = false;
        for (size_t i = 0; i < pieces->n && n_open; i++) {
            if (is_settled[i] || shares[i] > columns / n_open)
                continue;
            is_settled[i] = is_changed = true;
            columns -= shares[i];
            n_open--;
        }
    }
    for (size_t i = 0; i < pieces->n; i++)
        if (!is_settled[i])
            shares[i] = columns / n_open;
}

size_t ff_inert_shortened(FILE *out, const struct ff_pieces *pieces, size_t columns)
{
    size_t shares[FF_PIECES];
    share_columns(pieces, columns, shares);
    size_t written = 0;
    for (size_t i = 0; i < pieces->n; i++)
        written += put_shortened(out, pieces->at[i], shares[i]);
    return written;
}
