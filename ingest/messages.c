/* Only shapes that servers are known for: a line that merely is not understood stays
 * malformed, so that a wrong format does not look like an empty log. */
#include "messages.h"

#include "values.h"

/* The beginning of a line. "0" is a digit, "^" an upper-case letter, "_" a lower-case
 * one, "~" some spaces or tabs, "%" some digits, "@" a level's name; anything else is
 * itself. */
/* clang-format off */
static const char *const shapes[] = {
    "0000/00/00 00:00:00 [@] ",               /* nginx */
    "0000/00/00 00:00:00 http: ",             /* Go's net/http */
    "0000/00/00 00:00:00.%~@~",               /* Caddy, on a console */
    "0000/00/00 00:00:00~@~",
    "[^__ ^__ 00 00:00:00.% 0000] [",         /* Apache */
    "[^__ ^__ 00 00:00:00 0000] [",
    "0000-00-00 00:00:00.% [@] [",            /* LiteSpeed */
    "AH00000: ",
    "[NOTICE]~",                              /* HAProxy */
    "[WARNING]~",
    "[ALERT]~",
    "0000-00-00 00:00:00: (",                 /* lighttpd */
    "0000-00-00T00:00:00Z @ ",                /* Traefik, on a console */
    "0000-00-00T00:00:00+00:00 @ ",
    "00-^__-0000 00:00:00.000 @ [",           /* Tomcat */
    "[0000-00-00 00:00:00.000][%][@][",       /* Envoy */
    "[0000-00-00 00:00:00 +0000] [%] [@] ",   /* Gunicorn */
    "^0000 00:00:00.000000~%~",               /* klog: nginx ingress */
    "/docker-entrypoint",                     /* nginx's image */
    "Starting server",
    "Starting development server at ",
    "-- Logs begin at ",                      /* journald */
    "-- Journal begins at ",
    "-- Boot ",
    "-- Reboot --",
};

static const char *const levels[] = {
    "debug", "info", "notice", "warn", "warning", "error", "err", "crit", "critical",
    "alert", "emerg", "fatal", "severe", "fine", "trace", "panic",
    "inf", "dbg", "wrn", "ftl", "trc",
};
/* clang-format on */

static bool is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* A level's name at the beginning of `s`, whatever its case: how long it is, or 0. */
static size_t level_len(struct ff_span s)
{
    size_t n = 0;
    while (n < s.len && n < 9 && is_letter(s.data[n]))
        n++;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (ff_span_equal_nocase((struct ff_span) { s.data, n }, ff_span_of(levels[i])))
            return n;
    return 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static size_t run_len(struct ff_span s, bool (*is_in)(char))
{
    size_t n = 0;
    while (n < s.len && is_in(s.data[n]))
        n++;
    return n;
}

/* How many bytes the element `want` takes at the beginning of `s`; 0 if it is not
 * there.
 */
static size_t element_len(char want, struct ff_span s)
{
    if (s.len == 0)
        return 0;
    switch (want) {
    case '0':
        return ff_is_digit(s.data[0]);
    case '^':
        return ff_is_upper(s.data[0]);
    case '_':
        return s.data[0] >= 'a' && s.data[0] <= 'z';
    case '~':
        return run_len(s, is_blank);
    case '%':
        return run_len(s, ff_is_digit);
    case '@':
        return level_len(s);
    default:
        return s.data[0] == want;
    }
}

static bool has_shape(struct ff_span s, const char *shape)
{
    for (; *shape; shape++) {
        const size_t n = element_len(*shape, s);
        if (n == 0)
            return false;
        s = ff_span_from(s, n);
    }
    return true;
}

static bool holds(struct ff_span s, struct ff_span part)
{
    return s.len && memmem(s.data, s.len, part.data, part.len) != NULL;
}

/* Traefik's, Caddy's and others' as key=value or JSON. */
static bool is_structured(struct ff_span line)
{
    if (line.len > 4096)
        line.len = 4096;
    if (ff_span_starts(line, FF_SPAN("time=")) ||
        ff_span_starts(line, FF_SPAN("level=")))
        return holds(line, FF_SPAN("level=")) && holds(line, FF_SPAN(" msg="));
    return ff_span_starts(line, FF_SPAN("{\"level\":\"")) &&
           (holds(line, FF_SPAN("\"msg\":")) || holds(line, FF_SPAN("\"message\":"))) &&
           !holds(line, FF_SPAN("\"request\":"));
}

/* nginx's image: "10-listen-on-ipv6-by-default.sh: info: ..." */
static bool is_entrypoint(struct ff_span line)
{
    const size_t colon = ff_span_find(line, ':');
    return has_shape(line, "00-_") &&
           ff_span_ends((struct ff_span) { line.data, colon }, FF_SPAN(".sh")) &&
           has_shape(ff_span_from(line, colon), ": @: ");
}

bool ff_is_server_message(struct ff_span line)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (has_shape(line, shapes[i]))
            return true;
    return is_structured(line) || is_entrypoint(line);
}
