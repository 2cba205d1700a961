#include "server_scan.h"

#include <stdlib.h>

#include "server_time.h"

/* Where the scan stands. Literal bytes go to the end of items->text; `literal` is
 * where the present one began. */
struct scan {
    struct ff_server_items *items;
    const struct ff_server_spec *spec;
    struct ff_fault *fault;
    size_t at, literal;
};

static struct ff_span rest(const struct scan *s)
{
    return ff_span_from((struct ff_span) { s->spec->text, s->spec->len }, s->at);
}

static void put(struct ff_server_items *items, struct ff_span text)
{
    if (text.len)
        memcpy(items->text + items->text_len, text.data, text.len);
    items->text_len += text.len;
}

static struct ff_span literal(struct scan *s)
{
    const struct ff_span text = { s->items->text + s->literal,
                                  s->items->text_len - s->literal };
    s->literal = s->items->text_len;
    return text;
}

static enum ff_err wrong(const struct scan *s, size_t len, const char *why)
{
    return ff_server_spec_fault(s->spec, s->at, len, why, s->fault);
}

static bool is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool is_name(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
}

static size_t name_len(struct ff_span s)
{
    size_t n = 0;
    while (n < s.len && is_name(s.data[n]))
        n++;
    return n;
}

/* Java's SimpleDateFormat, which Tomcat takes, as a pattern of ours; what it does not
 * know is left as a conversion that there is none of. */
static void put_java_pattern(struct ff_server_items *items, struct ff_span java)
{
    static const struct {
        const char *java, *ours;
    } table[] = {
        { "yyyy", "%Y" }, { "yy", "%y" },   { "MMMM", "%B" }, { "MMM", "%b" },
        { "MM", "%m" },   { "dd", "%d" },   { "d", "%e" },    { "HH", "%H" },
        { "hh", "%I" },   { "mm", "%M" },   { "ss", "%S" },   { "SSS", "%f" },
        { "a", "%p" },    { "EEEE", "%A" }, { "EEE", "%a" },  { "XXX", "%z" },
        { "Z", "%z" },    { "z", "%Z" },
    };
    for (size_t i = 0; i < java.len;) {
        const struct ff_span s = ff_span_from(java, i);
        size_t k = 0;
        while (k < sizeof table / sizeof *table &&
               !ff_span_starts(s, ff_span_of(table[k].java)))
            k++;
        if (k < sizeof table / sizeof *table) {
            put(items, ff_span_of(table[k].ours));
            i += strlen(table[k].java);
        } else {
            if (is_letter(s.data[0]))
                put(items, FF_SPAN("%!"));
            else if (s.data[0] == '\'')
                for (i++; i < java.len && java.data[i] != '\''; i++)
                    put(items, (struct ff_span) { java.data + i, 1 });
            else
                put(items, (struct ff_span) { s.data, 1 });
            i++;
        }
    }
}

/* The user's own pattern of a time, kept in items->text apart from the literals. */
static struct ff_span keep_pattern(struct scan *s, struct ff_span param)
{
    static const struct ff_span begin = { "begin:", 6 }, end = { "end:", 4 };
    if (ff_span_starts(param, begin))
        param = ff_span_from(param, begin.len);
    else if (ff_span_starts(param, end))
        param = ff_span_from(param, end.len);
    const size_t from = s->items->text_len;
    if (ff_span_find(param, '%') < param.len || s->spec->dialect != FF_APACHE)
        put(s->items, param);
    else
        put_java_pattern(s->items, param);
    s->literal = s->items->text_len;
    return (struct ff_span) { s->items->text + from, s->items->text_len - from };
}

static enum ff_err add(struct scan *s, struct ff_server_meaning meaning, size_t len,
                       struct ff_span param)
{
    struct ff_server_items *items = s->items;
    if (items->n == FF_SERVER_STEPS)
        return wrong(s, len, "is one directive too many");
    struct ff_server_item item = { literal(s), { "", 0 }, meaning, s->at, len };
    if (meaning.field == FF_SERVER_TIME) {
        size_t bad;
        item.pattern =
            meaning.pattern ? ff_span_of(meaning.pattern) : keep_pattern(s, param);
        if (ff_server_time_check(item.pattern, &bad) < 0)
            return wrong(s, len, "holds a conversion that strftime does not have");
        if (ff_span_equal(item.pattern, ff_span_of(ff_server_clf_pattern)))
            item.meaning.field = FF_SERVER_CLF_TIME;
    }
    items->items[items->n++] = item;
    s->at += len;
    return FF_OK;
}

/* "begin:sec" is "sec". */
static struct ff_span without_prefix(struct ff_span param)
{
    const size_t colon = ff_span_find(param, ':');
    const struct ff_span prefix = { param.data, colon };
    if (ff_span_equal(prefix, FF_SPAN("begin")) ||
        ff_span_equal(prefix, FF_SPAN("end")))
        return ff_span_from(param, colon + 1);
    return param;
}

/* %, then modifiers and braces in any order, then a letter, or ^ and two. */
static enum ff_err scan_apache(struct scan *s)
{
    const struct ff_span text = rest(s);
    struct ff_span param = { "", 0 };
    char pick = 0;
    size_t n = 1;
    for (; n < text.len && !is_letter(text.data[n]) && text.data[n] != '^'; n++) {
        const char c = text.data[n];
        if (c == '{') {
            param = ff_span_from(text, n + 1);
            param.len = ff_span_find(param, '}');
            n += param.len + 1;
            if (n >= text.len)
                return wrong(s, text.len, "opens a brace that is not closed");
        } else if (c == '<' || c == '>') {
            pick = c;
        } else if (c != '!' && c != ',' && (c < '0' || c > '9')) {
            return wrong(s, n + 1, "is no Apache directive");
        }
    }
    const size_t letters = n < text.len && text.data[n] == '^' ? 3 : 1;
    if (n + letters > text.len)
        return wrong(s, text.len, "is cut off");
    const struct ff_span name = { text.data + n, letters };
    const bool is_time = name.data[0] == 't';
    struct ff_server_meaning meaning;
    if (is_time)
        param = without_prefix(param);
    if (!ff_apache_meaning(name, param, pick, &meaning))
        return wrong(s, n + letters, "is no Apache directive");
    const bool has_brackets = is_time && param.len == 0;
    if (has_brackets)
        put(s->items, FF_SPAN("["));
    FF_TRY(add(s, meaning, n + letters, param));
    if (has_brackets)
        put(s->items, FF_SPAN("]"));
    return FF_OK;
}

/* $name or ${name}. */
static enum ff_err scan_nginx(struct scan *s)
{
    const struct ff_span text = rest(s);
    const bool has_brace = text.len > 1 && text.data[1] == '{';
    const struct ff_span name = ff_span_from(text, 1 + has_brace);
    const size_t len = name_len(name);
    if (has_brace && (len == name.len || name.data[len] != '}'))
        return wrong(s, 2 + len, "opens a brace that is not closed");
    if (len == 0)
        return wrong(s, 1 + 2 * (size_t)has_brace, "names no nginx variable");
    const struct ff_span exact = { name.data, len };
    return add(s, ff_nginx_meaning(exact), 1 + len + 2 * (size_t)has_brace,
               (struct ff_span) { "", 0 });
}

/* %NAME%, %NAME(param)%, %NAME(param):length%. */
static enum ff_err scan_envoy(struct scan *s)
{
    const struct ff_span text = rest(s);
    struct ff_span param = { "", 0 };
    const struct ff_span name = { text.data + 1, name_len(ff_span_from(text, 1)) };
    size_t n = 1 + name.len;
    if (name.len == 0)
        return wrong(s, 1, "begins no Envoy operator");
    if (n < text.len && text.data[n] == '(') {
        param = ff_span_from(text, n + 1);
        param.len = ff_span_find(param, ')');
        n += param.len + 2;
    }
    while (n < text.len && text.data[n] != '%')
        n++;
    if (n >= text.len)
        return wrong(s, text.len, "is not closed by a %");
    return add(s, ff_envoy_meaning(name, param), n + 1, param);
}

static enum ff_err scan_one(struct scan *s)
{
    const struct ff_span text = rest(s);
    const enum ff_server_dialect dialect = s->spec->dialect;
    if (dialect == FF_NGINX && text.data[0] == '$')
        return scan_nginx(s);
    if (dialect != FF_NGINX && text.data[0] == '%' &&
        !ff_span_starts(text, FF_SPAN("%%")))
        return dialect == FF_APACHE ? scan_apache(s) : scan_envoy(s);
    if (text.data[0] == '\n' || text.data[0] == '\r')
        return ff_fault_set(s->fault, FF_ERR_USAGE,
                            "column %u: a line break in the format, but a request is "
                            "read from one line",
                            s->spec->places[s->at] + 1);
    s->at += dialect != FF_NGINX && text.data[0] == '%';
    put(s->items, (struct ff_span) { text.data, 1 });
    s->at++;
    return FF_OK;
}

enum ff_err ff_server_scan(struct ff_server_items *out,
                           const struct ff_server_spec *spec, struct ff_fault *fault)
{
    struct scan s = { .items = out, .spec = spec, .fault = fault };
    out->n = out->text_len = 0;
    /* A letter of Java's becomes two of ours, a %t's two bytes its brackets. */
    out->text = malloc(2 * spec->len + 1);
    if (!out->text)
        return ff_fault_nomem(fault);
    while (s.at < spec->len)
        FF_TRY(scan_one(&s));
    out->tail = literal(&s);
    while (out->tail.len && out->tail.data[out->tail.len - 1] == ' ')
        out->tail.len--;
    return FF_OK;
}
