/* See terms.h. A term is withheld when any rule of scrub.h finds something in it,
 * decoded once or to the bottom, and for what rules cannot know: "@", "://", five
 * digits in all, a word (between spaces) of six characters that mixes letters and
 * digits.
 *
 * Lower case is simple mapping, one code point to one: Turkish dotless i, Georgian and
 * polytonic Greek are left as they are. Unicode normalization is not done. */
#include "terms.h"

#include <assert.h>
#include <stdint.h>

#include "percent.h"
#include "utf8.h"

enum {
    MAX_RAW = 1024,
    MAX_LEVELS = 4,
    MAX_TERM = 50,
    MAX_WORDS = 6,
    MAX_DIGITS = 4,
    MIXED_WORD = 6,
    MAX_CAMPAIGN = 32
};

struct lower_range {
    uint16_t first, last, step; /* of the upper case ones */
    int16_t delta;
};

/* clang-format off */
static const struct lower_range lower_ranges[] = {
    { 0x0041, 0x005A, 1, 32 },  { 0x00C0, 0x00D6, 1, 32 },  { 0x00D8, 0x00DE, 1, 32 },
    { 0x0100, 0x012E, 2, 1 },   { 0x0130, 0x0130, 1, -199 },{ 0x0132, 0x0136, 2, 1 },
    { 0x0139, 0x0147, 2, 1 },   { 0x014A, 0x0176, 2, 1 },   { 0x0178, 0x0178, 1, -121 },
    { 0x0179, 0x017D, 2, 1 },   { 0x018F, 0x018F, 1, 202 }, { 0x01A0, 0x01A0, 1, 1 },
    { 0x01AF, 0x01AF, 1, 1 },   { 0x01CD, 0x01DB, 2, 1 },   { 0x01DE, 0x01EE, 2, 1 },
    { 0x01F8, 0x021E, 2, 1 },   { 0x0222, 0x0232, 2, 1 },   { 0x0386, 0x0386, 1, 38 },
    { 0x0388, 0x038A, 1, 37 },  { 0x038C, 0x038C, 1, 64 },  { 0x038E, 0x038F, 1, 63 },
    { 0x0391, 0x03A1, 1, 32 },  { 0x03A3, 0x03AB, 1, 32 },  { 0x0400, 0x040F, 1, 80 },
    { 0x0410, 0x042F, 1, 32 },  { 0x0460, 0x0480, 2, 1 },   { 0x048A, 0x04BE, 2, 1 },
    { 0x04C0, 0x04C0, 1, 15 },  { 0x04C1, 0x04CD, 2, 1 },   { 0x04D0, 0x052E, 2, 1 },
    { 0x0531, 0x0556, 1, 48 },  { 0x1E00, 0x1E94, 2, 1 },   { 0x1E9E, 0x1E9E, 1, -7615 },
    { 0x1EA0, 0x1EFE, 2, 1 },   { 0xFF21, 0xFF3A, 1, 32 },
};
/* clang-format on */

uint32_t ff_terms_lower(uint32_t code)
{
    for (size_t i = 0; i < sizeof lower_ranges / sizeof *lower_ranges; i++) {
        const struct lower_range *range = &lower_ranges[i];
        if (code < range->first)
            return code;
        if (code <= range->last)
            return (code - range->first) % range->step == 0
                       ? (uint32_t)((int32_t)code + range->delta)
                       : code;
    }
    return code;
}

static bool is_space(uint32_t code)
{
    return code == ' ' || code == 0xA0 || (code >= 0x2000 && code <= 0x200A) ||
           code == 0x202F || code == 0x3000;
}

/* Decimal digits of the scripts people type telephone numbers in. */
static bool is_digit(uint32_t code)
{
    static const uint16_t zeros[] = { '0',   0x660, 0x6F0,  0x966,
                                      0x9E6, 0xE50, 0x17E0, 0xFF10 };
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
        if (code >= zeros[i] && code < zeros[i] + 10u)
            return true;
    return false;
}

static bool is_letter(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 0x80 && !is_digit(code));
}

/* A query's value decoded once, "+" as space. `out` may be s.data. */
static size_t decode_value(struct ff_span s, char *out)
{
    size_t n = 0;
    bool encoded;
    for (size_t at = 0; at < s.len;) {
        const char c = ff_percent_next(s, &at, &encoded);
        out[n++] = c == '+' && !encoded ? ' ' : c;
    }
    return n;
}

/* Links are made by hand: a "+" that separates nothing may be meant as one, as that of
 * a telephone number. */
static size_t decode_by_hand(struct ff_span s, char *out)
{
    size_t n = 0;
    bool encoded;
    for (size_t at = 0; at < s.len;) {
        const char c = ff_percent_next(s, &at, &encoded);
        const char last = n ? (char)(out[n - 1] | 32) : ' ';
        const bool separates =
            (last >= 'a' && last <= 'z') || (last >= '0' && last <= '9');
        out[n++] = c == '+' && !encoded && separates ? ' ' : c;
    }
    return n;
}

bool ff_terms_is_blank(struct ff_span raw)
{
    bool encoded;
    for (size_t at = 0; at < raw.len;) {
        const char c = ff_percent_next(raw, &at, &encoded);
        if (c != ' ' && !(c == '+' && !encoded) && !(c >= '\t' && c <= '\r'))
            return false;
    }
    return true;
}

/* A term being read, code point by code point. */
struct reader {
    char out[MAX_TERM];
    size_t len, n_words, n_digits;
    size_t word_len; /* 0 between words */
    bool word_has_digit, word_has_letter;
};

static bool put(struct reader *reader, uint32_t code)
{
    char bytes[4];
    const size_t n = (size_t)ff_utf8_put(code, bytes);
    if (n > sizeof reader->out - reader->len)
        return false;
    memcpy(reader->out + reader->len, bytes, n);
    reader->len += n;
    return true;
}

/* False when the term has to be withheld. */
static bool read_code(struct reader *reader, uint32_t code)
{
    if (ff_utf8_is_unsafe(code) || code == '@' || code == 0xFF20)
        return false;
    if (is_space(code)) {
        reader->word_len = 0;
        return true;
    }
    if (reader->word_len++ == 0) {
        if (++reader->n_words > MAX_WORDS || (reader->len > 0 && !put(reader, ' ')))
            return false;
        reader->word_has_digit = reader->word_has_letter = false;
    }
    const uint32_t lower = ff_terms_lower(code);
    reader->n_digits += is_digit(lower);
    reader->word_has_digit |= is_digit(lower);
    reader->word_has_letter |= is_letter(lower);
    const bool is_mixed = reader->word_has_digit && reader->word_has_letter &&
                          reader->word_len >= MIXED_WORD;
    return !is_mixed && reader->n_digits <= MAX_DIGITS && put(reader, lower);
}

static bool has_scheme(struct ff_span s)
{
    for (size_t i = 0; i + 3 <= s.len; i++)
        if (memcmp(s.data + i, "://", 3) == 0)
            return true;
    return false;
}

static bool read_text(struct ff_span text, struct reader *reader)
{
    struct ff_utf8 utf8 = { 0 };
    *reader = (struct reader) { .len = 0 };
    for (size_t i = 0; i < text.len; i++) {
        if (!ff_utf8_feed(&utf8, (unsigned char)text.data[i]))
            return false;
        if (utf8.missing == 0 && !read_code(reader, utf8.code))
            return false;
    }
    return utf8.missing == 0 && !has_scheme(text);
}

enum ff_err ff_terms_read(const struct ff_scrub *scrub, struct ff_span raw,
                          struct ff_arena *arena, struct ff_span *out,
                          struct ff_fault *fault)
{
    char text[MAX_RAW], deeper[MAX_RAW];
    struct reader reader, below;
    *out = FF_SPAN("");
    if (raw.len > MAX_RAW)
        return FF_OK;
    struct ff_span s = { text, ff_log_unescape(raw, text) };
    s.len = decode_value(s, text);
    if (!read_text(s, &reader) || ff_scrub_finds(scrub, s))
        return FF_OK;
    for (int level = 0;; level++) {
        const struct ff_span next = { deeper, ff_percent_decode(s, deeper) };
        if (next.len == s.len)
            break;
        if (level == MAX_LEVELS || !read_text(next, &below) ||
            ff_scrub_finds(scrub, next))
            return FF_OK;
        s = next;
    }
    *out = ff_arena_copy(arena, (struct ff_span) { reader.out, reader.len });
    return out->data ? FF_OK : ff_fault_nomem(fault);
}

static bool is_campaign_byte(char c, bool is_first)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (!is_first && (c == '_' || c == '.' || c == '-'));
}

enum ff_err ff_terms_campaign(const struct ff_scrub *scrub, struct ff_span raw,
                              struct ff_arena *arena, struct ff_span *out,
                              struct ff_fault *fault)
{
    char text[MAX_RAW];
    if (ff_terms_is_blank(raw)) {
        *out = FF_SPAN("");
        return FF_OK;
    }
    *out = FF_SPAN("(other)");
    if (raw.len > MAX_RAW)
        return FF_OK;
    const struct ff_span by_hand = { text, decode_by_hand(raw, text) };
    if (ff_scrub_finds(scrub, by_hand))
        return FF_OK;
    const struct ff_span s = { text, decode_value(raw, text) };
    if (s.len > MAX_CAMPAIGN || ff_scrub_finds(scrub, s))
        return FF_OK;
    for (size_t i = 0; i < s.len; i++) {
        const char c = text[i];
        text[i] = c == ' ' ? '_' : c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
        if (!is_campaign_byte(text[i], i == 0))
            return FF_OK;
    }
    if (ff_scrub_finds(scrub, s))
        return FF_OK;
    *out = ff_arena_copy(arena, s);
    return out->data ? FF_OK : ff_fault_nomem(fault);
}
