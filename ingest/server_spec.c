#include "server_spec.h"

#include <stdlib.h>

enum { SPEC_MAX = 16 * 1024, SHOWN_BEFORE = 28, SHOWN_MAX = 60 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_';
}

static size_t skip_blanks(const char *s, size_t i)
{
    while (is_blank(s[i]) || (s[i] == '\\' && (s[i + 1] == '\n' || s[i + 1] == '\r')))
        i++;
    return i;
}

static size_t skip_word(const char *s, size_t i)
{
    if (s[i] == '"') {
        for (i++; s[i] && s[i] != '"'; i++)
            ;
        return s[i] ? i + 1 : i;
    }
    while (s[i] && !is_blank(s[i]) && s[i] != ';')
        i++;
    return i;
}

static void put(struct ff_server_spec *spec, char c, size_t place)
{
    spec->text[spec->len] = c;
    spec->places[spec->len++] = (uint32_t)place;
}

/* What a backslash and the character at `s` stand for; how many bytes that takes. A
 * line end behind a backslash is nothing. */
static size_t put_escape(struct ff_server_spec *spec, const char *s, size_t place)
{
    switch (s[0]) {
    case '\n':
        return 1;
    case '\r':
        return s[1] == '\n' ? 2 : 1;
    case 't':
        put(spec, '\t', place);
        return 1;
    case 'n':
    case 'r':
        put(spec, s[0] == 'n' ? '\n' : '\r', place);
        return 1;
    case '"':
    case '\'':
    case '\\':
        put(spec, s[0], place);
        return 1;
    default:
        put(spec, '\\', place);
        return 0;
    }
}

/* "&quot;" as Tomcat's XML has it. */
static bool put_entity(struct ff_server_spec *spec, const char *s, size_t place)
{
    if (strncmp(s, "&quot;", 6) != 0)
        return false;
    put(spec, '"', place);
    return true;
}

/* Takes text from `i` up to an unescaped `end`, which may be NUL; gives its place. */
static size_t take(struct ff_server_spec *spec, size_t i, char end)
{
    const char *s = spec->given;
    while (s[i] && s[i] != end) {
        if (s[i] == '\\' && s[i + 1]) {
            i += 1 + put_escape(spec, s + i + 1, i);
        } else if (put_entity(spec, s + i, i)) {
            i += 6;
        } else {
            put(spec, s[i], i);
            i++;
        }
    }
    return i;
}

static enum ff_err not_closed(size_t at, struct ff_fault *fault)
{
    return ff_fault_set(fault, FF_ERR_USAGE,
                        "column %zu: the quote that opens here is not closed", at + 1);
}

/* One argument, quoted or not: Apache's. */
static enum ff_err take_argument(struct ff_server_spec *spec, size_t i,
                                 struct ff_fault *fault)
{
    const char quote = spec->given[i];
    if (quote != '"' && quote != '\'') {
        take(spec, i, '\0');
        return FF_OK;
    }
    const size_t end = take(spec, i + 1, quote);
    return spec->given[end] ? FF_OK : not_closed(i, fault);
}

/* Several pieces, which follow each other without a gap: nginx's. */
static enum ff_err take_pieces(struct ff_server_spec *spec, size_t i,
                               struct ff_fault *fault)
{
    const char *s = spec->given;
    while (s[i = skip_blanks(s, i)] && s[i] != ';') {
        if (s[i] == '#') {
            while (s[i] && s[i] != '\n')
                i++;
        } else if (s[i] == '"' || s[i] == '\'') {
            const size_t end = take(spec, i + 1, s[i]);
            if (!s[end])
                return not_closed(i, fault);
            i = end + 1;
        } else {
            for (; s[i] && !is_blank(s[i]) && s[i] != ';'; i++)
                put(spec, s[i], i);
        }
    }
    return FF_OK;
}

/* The place behind `keyword` (whatever its case) and blanks, or 0. */
static size_t after_keyword(const char *s, size_t i, const char *keyword)
{
    const struct ff_span key = ff_span_of(keyword);
    const struct ff_span there = { s + i, strnlen(s + i, key.len) };
    if (!ff_span_equal_nocase(there, key) || is_name(s[i + key.len]))
        return 0;
    return skip_blanks(s, i + key.len);
}

/* "name = ..." as lighttpd and Tomcat have it. */
static size_t after_setting(const char *s, size_t i, const char *name)
{
    i = after_keyword(s, i, name);
    return i && s[i] == '=' ? skip_blanks(s, i + 1) : 0;
}

/* Whether the text from `i`, a quote, is that one quoted string and no more. */
static bool is_one_string(const char *s, size_t i)
{
    const char quote = s[i++];
    for (; s[i] && s[i] != quote; i++)
        i += s[i] == '\\' && s[i + 1];
    return s[i] && !s[skip_blanks(s, i + 1)];
}

static enum ff_server_dialect guess_dialect(const struct ff_server_spec *spec)
{
    size_t percents = 0, dollars = 0;
    const struct ff_span text = { spec->text, spec->len };
    for (size_t i = 0; i + 1 < text.len; i++) {
        const struct ff_span s = ff_span_from(text, i);
        if (ff_span_starts(s, FF_SPAN("%REQ(")) ||
            ff_span_starts(s, FF_SPAN("%START_TIME")))
            return FF_ENVOY;
        dollars += s.data[0] == '$' && (is_name(s.data[1]) || s.data[1] == '{');
        percents += s.data[0] == '%' && s.data[1] != '%' && s.data[1] != ' ';
    }
    return dollars > percents ? FF_NGINX : FF_APACHE;
}

static enum ff_err take_all(struct ff_server_spec *spec, struct ff_fault *fault)
{
    const char *s = spec->given;
    const size_t start = skip_blanks(s, 0);
    size_t i;
    spec->dialect = FF_APACHE;
    if ((i = after_keyword(s, start, "LogFormat")) ||
        (i = after_setting(s, start, "accesslog.format")) ||
        (i = after_setting(s, start, "pattern")))
        return take_argument(spec, i, fault);
    if ((i = after_keyword(s, start, "CustomLog")))
        return take_argument(spec, skip_blanks(s, skip_word(s, i)), fault);
    if ((i = after_keyword(s, start, "log_format"))) {
        spec->dialect = FF_NGINX;
        i = skip_blanks(s, skip_word(s, i));
        if (strncmp(s + i, "escape=", 7) == 0)
            i = skip_word(s, i);
        return take_pieces(spec, i, fault);
    }
    enum ff_err err = FF_OK;
    if (s[start] == '\'')
        err = take_pieces(spec, start, fault);
    else if (s[start] == '"' && is_one_string(s, start))
        err = take_argument(spec, start, fault);
    else
        take(spec, start, '\0');
    spec->dialect = guess_dialect(spec);
    return err;
}

enum ff_err ff_server_spec_read(struct ff_server_spec *out, const char *given,
                                struct ff_fault *fault)
{
    const size_t len = strnlen(given, SPEC_MAX + 1);
    *out = (struct ff_server_spec) { .given = given };
    if (len > SPEC_MAX)
        return ff_fault_set(fault, FF_ERR_USAGE, "the format is longer than %d bytes",
                            SPEC_MAX);
    /* Nothing grows by being taken out of its quotes. */
    out->text = calloc(len + 1, 1);
    out->places = malloc((len + 1) * sizeof *out->places);
    enum ff_err err =
        out->text && out->places ? take_all(out, fault) : ff_fault_nomem(fault);
    while (!err && out->len && is_blank(out->text[out->len - 1]))
        out->len--;
    if (!err && out->len == 0)
        err = ff_fault_set(fault, FF_ERR_USAGE, "the format is empty");
    if (err) {
        ff_server_spec_clear(out);
        return err;
    }
    out->places[out->len] = (uint32_t)len;
    return FF_OK;
}

void ff_server_spec_clear(struct ff_server_spec *spec)
{
    free(spec->text);
    free(spec->places);
    *spec = (struct ff_server_spec) { 0 };
}

enum ff_err ff_server_spec_fault(const struct ff_server_spec *spec, size_t at,
                                 size_t len, const char *why, struct ff_fault *fault)
{
    const size_t place = spec->places[at];
    size_t line = 1, column = 1;
    for (size_t i = 0; i < place; i++) {
        column = spec->given[i] == '\n' ? 1 : column + 1;
        line += spec->given[i] == '\n';
    }
    char where[32] = "", about[SHOWN_MAX + 1];
    if (line > 1)
        snprintf(where, sizeof where, "line %zu, ", line);
    snprintf(about, sizeof about, "%.*s", (int)len, spec->text + at);
    const size_t from = at > SHOWN_BEFORE ? at - SHOWN_BEFORE : 0;
    return ff_fault_set(fault, FF_ERR_USAGE, "%scolumn %zu: %s %s: %s%.*s%s <- here",
                        where, column, about, why, from ? "..." : "", (int)(at - from),
                        spec->text + from, about);
}
