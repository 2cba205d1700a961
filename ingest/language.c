#include "language.h"

/* ISO 639-1: for each first letter, the second letters. */
/* clang-format off */
static const char *const second_letters[26] = {
    "abefkmnrsvyz",       "aeghimnors",  "aehorsuvy",    "aevz",           /* a b c d */
    "elnostu",            "afijory",     "adlnuv",       "aeiortuyz",      /* e f g h */
    "adegikostu",         "av",          "agijklmnorsuvwy", "abginotuv",   /* i j k l */
    "ghiklnrsty",         "abdeglnorvy", "cjmrs",        "ailst",          /* m n o p */
    "u",                  "mnouw",       "acdegiklmnoqrstuvw",             /* q r s */
    "aeghiklnorstwy",     "gkrz",        "eio",          "ao",             /* t u v w */
    "h",                  "io",          "ahu",                            /* x y z */
};

static const struct { uint16_t from, to; } renamed[] = {
    { FF_CODE('i', 'w'), FF_CODE('h', 'e') },
    { FF_CODE('i', 'n'), FF_CODE('i', 'd') },
    { FF_CODE('j', 'i'), FF_CODE('y', 'i') },
};
/* clang-format on */

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static struct ff_span trim(struct ff_span s)
{
    while (s.len && is_space(s.data[0]))
        s = ff_span_from(s, 1);
    while (s.len && is_space(s.data[s.len - 1]))
        s.len--;
    return s;
}

/* Takes what comes before the next `separator` off the front of *rest. */
static struct ff_span take(struct ff_span *rest, char separator)
{
    const size_t n = ff_span_find(*rest, separator);
    const struct ff_span part = { rest->data, n };
    *rest = ff_span_from(*rest, n + 1);
    return trim(part);
}

/* "0.8" as 800; -1 if it is no weight. Digits past the third, which RFC 9110 12.4.2
 * does not allow, are let pass without a meaning. */
static int read_weight(struct ff_span s)
{
    if (s.len == 0 || (s.data[0] != '0' && s.data[0] != '1'))
        return -1;
    int weight = (s.data[0] - '0') * 1000;
    if (s.len > 1 && s.data[1] != '.')
        return -1;
    int unit = 100;
    for (size_t i = 2; i < s.len; i++) {
        const char c = s.data[i];
        if (c < '0' || c > '9')
            return -1;
        weight += (c - '0') * unit;
        unit /= 10;
    }
    return weight <= 1000 ? weight : -1;
}

/* The weight among a range's parameters: 1 when there is none. */
static int weight_of(struct ff_span parameters)
{
    while (parameters.len) {
        const struct ff_span parameter = take(&parameters, ';');
        if (parameter.len > 1 && (parameter.data[0] | 32) == 'q' &&
            parameter.data[1] == '=')
            return read_weight(ff_span_from(parameter, 2));
    }
    return 1000;
}

static uint16_t code_of(struct ff_span range)
{
    const bool is_two =
        range.len == 2 ||
        (range.len > 2 && (range.data[2] == '-' || range.data[2] == '_'));
    if (!is_two)
        return FF_NO_CODE;
    const char a = (char)(range.data[0] | 32), b = (char)(range.data[1] | 32);
    if (a < 'a' || a > 'z' || b < 'a' || b > 'z')
        return FF_NO_CODE;
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
        if (renamed[i].from == FF_CODE(a, b))
            return renamed[i].to;
    return strchr(second_letters[a - 'a'], b) ? FF_CODE(a, b) : FF_NO_CODE;
}

uint16_t ff_language_read(struct ff_span accept_language)
{
    struct ff_span rest = accept_language, best = { "", 0 };
    int best_weight = 0;
    while (rest.len) {
        struct ff_span range = take(&rest, ',');
        const struct ff_span tag = take(&range, ';');
        const int weight = tag.len ? weight_of(range) : 0;
        if (weight > best_weight) {
            best_weight = weight;
            best = tag;
        }
    }
    return code_of(best);
}
