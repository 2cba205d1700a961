/* Prefixes are told by their shape alone: no time is computed, since the line behind
 * has its own. Lines that a container runtime cut into pieces ("P" in Kubernetes, a
 * "log" without a newline in Docker; from 16 KiB on) are not put together again: each
 * piece is a line and most likely malformed. */
#include "carrier.h"

#include <stdlib.h>

#include "footfall/ingest.h"
#include "footfall/wipe.h"
#include "json_tokens.h"
#include "values.h"

/* A prefix, taken apart. */
struct prefix {
    struct ff_span message, tag;
    bool is_json; /* the message has JSON's escapes */
};

/* In `shape`: "0" a digit, "A" an upper-case letter, "a" a lower-case one, anything
 * else itself. */
static bool has_shape(struct ff_span s, struct ff_span shape)
{
    if (s.len < shape.len)
        return false;
    for (size_t i = 0; i < shape.len; i++) {
        const char c = s.data[i], want = shape.data[i];
        const bool fits = want == '0'   ? ff_is_digit(c)
                          : want == 'A' ? ff_is_upper(c)
                          : want == 'a' ? c >= 'a' && c <= 'z'
                                        : c == want;
        if (!fits)
            return false;
    }
    return true;
}

/* Cuts a word and the space behind it off the front. */
static struct ff_span cut_word(struct ff_span *rest)
{
    const struct ff_span word = { rest->data, ff_span_find(*rest, ' ') };
    *rest = ff_span_from(*rest, word.len + 1);
    return word;
}

/* "<134>" */
static bool cut_priority(struct ff_span *rest)
{
    const size_t end = ff_span_find(*rest, '>');
    uint64_t n;
    if (end == rest->len || end < 2 || rest->data[0] != '<' ||
        !ff_value_number((struct ff_span) { rest->data + 1, end - 1 }, 3, &n))
        return false;
    *rest = ff_span_from(*rest, end + 1);
    return true;
}

static bool is_iso_stamp(struct ff_span word)
{
    return has_shape(word, FF_SPAN("0000-00-00T00:00:00"));
}

/* "nginx[7]:" as "nginx". */
static bool is_tag(struct ff_span word, struct ff_span *tag)
{
    if (word.len < 2 || word.data[word.len - 1] != ':')
        return false;
    *tag = (struct ff_span) { word.data, ff_span_find(word, '[') };
    tag->len = tag->len < word.len ? tag->len : word.len - 1;
    return tag->len > 0;
}

/* "host tag: ", or without the host. */
static bool cut_tag(struct ff_span rest, struct prefix *out)
{
    const struct ff_span host = cut_word(&rest);
    if (!is_tag(host, &out->tag) && !is_tag(cut_word(&rest), &out->tag))
        return false;
    if (ff_span_starts(rest, FF_SPAN("@cee:")))
        rest = ff_span_from(rest, 5);
    while (rest.len && rest.data[0] == ' ')
        rest = ff_span_from(rest, 1);
    out->message = rest;
    return true;
}

static bool read_syslog(struct ff_span rest, struct prefix *out)
{
    cut_priority(&rest);
    if (!has_shape(rest, FF_SPAN("Aaa 00 00:00:00")) &&
        !has_shape(rest, FF_SPAN("Aaa  0 00:00:00")))
        return false;
    rest = ff_span_from(rest, 15);
    cut_word(&rest); /* perhaps a fraction, and the space */
    return cut_tag(rest, out);
}

static bool read_syslog_iso(struct ff_span rest, struct prefix *out)
{
    cut_priority(&rest);
    return is_iso_stamp(cut_word(&rest)) && cut_tag(rest, out);
}

/* "[id key="value"][...]" or "-", and the space behind. */
static bool cut_structured(struct ff_span *rest)
{
    bool is_quoted = false;
    if (ff_span_starts(*rest, FF_SPAN("- ")) || rest->data[0] != '[') {
        const bool is_empty = rest->len && rest->data[0] == '-';
        cut_word(rest);
        return is_empty;
    }
    for (size_t i = 0; i < rest->len; i++) {
        const char c = rest->data[i];
        if (c == '\\')
            i++;
        else if (c == '"')
            is_quoted = !is_quoted;
        else if (c == ']' && !is_quoted &&
                 (i + 1 == rest->len || rest->data[i + 1] == ' ')) {
            *rest = ff_span_from(*rest, i + 2);
            return true;
        }
    }
    return false;
}

static bool read_syslog_5424(struct ff_span rest, struct prefix *out)
{
    if (!cut_priority(&rest) || !ff_span_equal(cut_word(&rest), FF_SPAN("1")))
        return false;
    const struct ff_span stamp = cut_word(&rest);
    cut_word(&rest); /* host */
    out->tag = cut_word(&rest);
    cut_word(&rest); /* process */
    cut_word(&rest); /* message id */
    if ((!is_iso_stamp(stamp) && !ff_is_dash(stamp)) || rest.len == 0 ||
        !cut_structured(&rest))
        return false;
    if (ff_span_starts(rest, FF_SPAN("\xEF\xBB\xBF")))
        rest = ff_span_from(rest, 3);
    out->message = rest;
    return true;
}

static bool read_cri(struct ff_span rest, struct prefix *out)
{
    const struct ff_span stamp = cut_word(&rest), stream = cut_word(&rest),
                         flag = cut_word(&rest);
    out->message = rest;
    return is_iso_stamp(stamp) &&
           (ff_span_equal(stream, FF_SPAN("stdout")) ||
            ff_span_equal(stream, FF_SPAN("stderr"))) &&
           (ff_span_equal(flag, FF_SPAN("F")) || ff_span_equal(flag, FF_SPAN("P")));
}

static bool read_compose(struct ff_span rest, struct prefix *out)
{
    size_t n = 0;
    while (n < rest.len && (ff_is_digit(rest.data[n]) || ff_is_upper(rest.data[n]) ||
                            (rest.data[n] >= 'a' && rest.data[n] <= 'z') ||
                            memchr("-_.", rest.data[n], 3)))
        n++;
    out->tag = (struct ff_span) { rest.data, n };
    const size_t name_len = n;
    while (n < rest.len && rest.data[n] == ' ')
        n++;
    if (name_len == 0 || n == name_len || n == rest.len || rest.data[n] != '|')
        return false;
    rest = ff_span_from(rest, n + 1);
    out->message = ff_span_from(rest, rest.len && rest.data[0] == ' ');
    return true;
}

/* The string that `s` begins with, with its quotes; 0 if there is none whose escapes
 * are right. */
static size_t string_len(struct ff_span s)
{
    size_t n = 1, quote = 0;
    if (s.len == 0 || s.data[0] != '"')
        return 0;
    for (;;) {
        if (quote < n)
            quote = n + ff_span_find(ff_span_from(s, n), '"');
        const struct ff_span plain = { s.data + n, quote - n };
        const size_t escape = n + ff_span_find(plain, '\\');
        if (escape == quote)
            return quote < s.len ? quote + 1 : 0;
        const size_t len = ff_json_escape_len(s.data + escape, s.data + s.len);
        if (len == 0)
            return 0;
        n = escape + len;
    }
}

static void take_string(struct ff_span s, size_t len, struct prefix *out)
{
    out->message = (struct ff_span) { s.data + 1, len - 2 };
    out->is_json = true;
}

static bool read_docker_json(struct ff_span rest, struct prefix *out)
{
    const struct ff_span head = FF_SPAN("{\"log\":");
    if (!ff_span_starts(rest, head))
        return false;
    rest = ff_span_from(rest, head.len);
    const size_t len = string_len(rest);
    if (len == 0 || !ff_span_starts(ff_span_from(rest, len), FF_SPAN(",\"")))
        return false;
    take_string(rest, len, out);
    return true;
}

/* Up to the comma or brace behind the value that `s` begins with; all of it if neither
 * comes. */
static size_t value_len(struct ff_span s)
{
    size_t depth = 0, n = 0;
    while (n < s.len) {
        const char c = s.data[n];
        const size_t len = string_len(ff_span_from(s, n));
        if (depth == 0 && (c == ',' || c == '}'))
            return n;
        if ((c == '"' && len == 0) || (c == ']' && depth == 0))
            return s.len;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        n += len ? len : 1;
    }
    return s.len;
}

static struct ff_span without_blanks(struct ff_span s)
{
    while (s.len && (s.data[0] == ' ' || s.data[0] == '\t'))
        s = ff_span_from(s, 1);
    return s;
}

/* Where Docker, Fluent Bit, Filebeat, Vector and journald have the line. */
static bool is_line_key(struct ff_span key)
{
    return ff_span_equal(key, FF_SPAN("\"log\"")) ||
           ff_span_equal(key, FF_SPAN("\"message\"")) ||
           ff_span_equal(key, FF_SPAN("\"MESSAGE\""));
}

static bool read_json(struct ff_span rest, struct prefix *out)
{
    bool goes_on = rest.len && rest.data[0] == '{';
    while (goes_on) {
        rest = without_blanks(ff_span_from(rest, 1));
        const struct ff_span key = { rest.data, string_len(rest) };
        rest = without_blanks(ff_span_from(rest, key.len));
        if (key.len == 0 || rest.len == 0 || rest.data[0] != ':')
            return false;
        rest = without_blanks(ff_span_from(rest, 1));
        const size_t len = string_len(rest);
        if (len && is_line_key(key)) {
            take_string(rest, len, out);
            return true;
        }
        rest = ff_span_from(rest, value_len(rest));
        goes_on = rest.len && rest.data[0] == ',';
    }
    return false;
}

static bool read_stamp(struct ff_span rest, struct prefix *out)
{
    const struct ff_span stamp = cut_word(&rest);
    out->message = rest;
    return is_iso_stamp(stamp) && rest.len;
}

static const struct {
    const char *name;
    bool (*read)(struct ff_span line, struct prefix *out);
} carriers[FF_CARRIERS] = {
    [FF_CARRIER_SYSLOG] = { "syslog", read_syslog },
    [FF_CARRIER_SYSLOG_5424] = { "syslog (RFC 5424)", read_syslog_5424 },
    [FF_CARRIER_SYSLOG_ISO] = { "syslog with ISO times", read_syslog_iso },
    [FF_CARRIER_CRI] = { "Kubernetes CRI", read_cri },
    [FF_CARRIER_COMPOSE] = { "docker compose", read_compose },
    [FF_CARRIER_DOCKER_JSON] = { "Docker json-file", read_docker_json },
    [FF_CARRIER_JSON] = { "a shipper's JSON", read_json },
    [FF_CARRIER_STAMP] = { "a time before each line", read_stamp },
};

enum ff_err ff_carrier_open(struct ff_carrier *carrier, enum ff_carrier_kind kind,
                            struct ff_fault *fault)
{
    *carrier = (struct ff_carrier) { .kind = kind };
    if (kind != FF_CARRIER_DOCKER_JSON && kind != FF_CARRIER_JSON)
        return FF_OK;
    carrier->memory = malloc(FF_LINE_MAX);
    return carrier->memory ? FF_OK : ff_fault_nomem(fault);
}

void ff_carrier_close(struct ff_carrier *carrier)
{
    ff_wipe_free(carrier->memory, carrier->touched);
    *carrier = (struct ff_carrier) { 0 };
}

const char *ff_carrier_name(enum ff_carrier_kind kind)
{
    return carriers[kind].name;
}

bool ff_carrier_has_prefix(enum ff_carrier_kind kind, struct ff_span line)
{
    struct prefix prefix = { 0 };
    return carriers[kind].read && carriers[kind].read(line, &prefix);
}

struct ff_span ff_carrier_strip(struct ff_carrier *carrier, struct ff_span line)
{
    struct prefix prefix = { 0 };
    carrier->offset = 0;
    carrier->tag.len = 0;
    if (!carrier->kind || !carriers[carrier->kind].read(line, &prefix))
        return line;
    struct ff_span message = prefix.message;
    carrier->offset = (size_t)(message.data - line.data);
    carrier->tag = prefix.tag;
    if (!prefix.is_json || message.len > FF_LINE_MAX)
        return message;
    message.len = ff_json_unescape(message, false, carrier->memory);
    message.data = carrier->memory;
    if (message.len > carrier->touched)
        carrier->touched = message.len;
    while (message.len && memchr("\r\n", message.data[message.len - 1], 2))
        message.len--;
    return message;
}

static struct ff_span beginning(struct ff_span tag)
{
    const size_t most = sizeof((struct ff_carrier *)0)->program;
    return (struct ff_span) { tag.data, tag.len < most ? tag.len : most };
}

void ff_carrier_note(struct ff_carrier *carrier)
{
    const struct ff_span program = beginning(carrier->tag);
    if (program.len == 0)
        return;
    memcpy(carrier->program, program.data, program.len);
    carrier->program_len = program.len;
}

bool ff_carrier_is_foreign(const struct ff_carrier *carrier)
{
    const struct ff_span program = { carrier->program, carrier->program_len };
    return carrier->tag.len && program.len &&
           !ff_span_equal(beginning(carrier->tag), program);
}
