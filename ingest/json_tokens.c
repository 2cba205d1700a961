#include "json_tokens.h"

#include "escape.h"
#include "utf8.h"

enum { REPLACEMENT = 0xFFFD };

static bool digits(const char **at, const char *end)
{
    const char *start = *at;
    while (*at < end && **at >= '0' && **at <= '9')
        ++*at;
    return *at > start;
}

static bool number(const char **at, const char *end)
{
    if (**at == '-')
        ++*at;
    if (*at < end && **at == '0')
        ++*at;
    else if (!digits(at, end))
        return false;
    if (*at < end && **at == '.') {
        ++*at;
        if (!digits(at, end))
            return false;
    }
    if (*at < end && (**at | 32) == 'e') {
        ++*at;
        if (*at < end && (**at == '+' || **at == '-'))
            ++*at;
        return digits(at, end);
    }
    return true;
}

static bool word(const char **at, const char *end, struct ff_span text)
{
    if (!ff_span_starts((struct ff_span) { *at, (size_t)(end - *at) }, text))
        return false;
    *at += text.len;
    return true;
}

bool ff_json_scalar(const char **at, const char *end, struct ff_span *text)
{
    const char *start = *at;
    bool is_right, is_null = false;
    switch (*start) {
    case 't':
        is_right = word(at, end, FF_SPAN("true"));
        break;
    case 'f':
        is_right = word(at, end, FF_SPAN("false"));
        break;
    case 'n':
        is_right = word(at, end, FF_SPAN("null"));
        is_null = true;
        break;
    default:
        is_right = number(at, end);
    }
    *text = (struct ff_span) { start, is_null ? 0 : (size_t)(*at - start) };
    return is_right;
}

size_t ff_json_escape_len(const char *at, const char *end)
{
    if (end - at < 2)
        return 0;
    const char c = at[1];
    const size_t digits = c == 'u' ? 4 : c == 'x' ? 2 : 0;
    if (c == '\0' || !memchr("\"\\/bfnrtux", c, 10) || (size_t)(end - at) < 2 + digits)
        return 0;
    for (size_t i = 0; i < digits; i++)
        if (ff_hex_digit(at[2 + i]) < 0)
            return 0;
    return 2 + digits;
}

static uint32_t hex_value(const char *text, int n)
{
    uint32_t code = 0;
    for (int i = 0; i < n; i++)
        code = code << 4 | (uint32_t)ff_hex_digit(text[i]);
    return code;
}

/* The code point of the \u at s[i]; *i goes behind it, or behind both of a pair. */
static uint32_t unicode(struct ff_span s, size_t *i)
{
    const uint32_t code = hex_value(s.data + *i + 2, 4);
    *i += 6;
    if (code < 0xD800 || code > 0xDFFF)
        return code;
    if (code > 0xDBFF || *i + 6 > s.len || s.data[*i] != '\\' || s.data[*i + 1] != 'u')
        return REPLACEMENT;
    const uint32_t low = hex_value(s.data + *i + 2, 4);
    if (low < 0xDC00 || low > 0xDFFF)
        return REPLACEMENT;
    *i += 6;
    return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
}

size_t ff_json_unescape(struct ff_span s, bool is_log, char *out)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    size_t n = 0;
    for (size_t i = 0; i < s.len;) {
        const size_t plain = ff_span_find(ff_span_from(s, i), '\\');
        memcpy(out + n, s.data + i, plain);
        n += plain;
        i += plain;
        if (i == s.len)
            break;
        const char c = s.data[i + 1];
        uint32_t code = (unsigned char)c;
        if (c == 'u') {
            code = unicode(s, &i);
        } else if (c == 'x') {
            /* A byte, not a code point. */
            if (is_log)
                memcpy(out + n, s.data + i, 4);
            else
                out[n] = (char)hex_value(s.data + i + 2, 2);
            n += is_log ? 4 : 1;
            i += 4;
            continue;
        } else {
            const char *letter = memchr(from, c, sizeof from - 1);
            code = letter ? (unsigned char)to[letter - from] : code;
            i += 2;
        }
        char bytes[4];
        const int len = ff_utf8_put(code, bytes);
        memcpy(out + n, bytes, (size_t)len);
        n += (size_t)len;
        if (is_log && code == '\\')
            out[n++] = '\\';
    }
    return n;
}
