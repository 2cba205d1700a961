/* The common log format family:
 *
 *     [host:port ]client ident user [time] "request" status size[ "referrer" "agent"
 *     [ "language"]]
 *
 * What servers really write decides: user names may hold spaces and brackets, so the
 * time is looked for by its shape; quotes inside fields are escaped by Apache (\") and
 * nginx (\x22) but not by all, so the request ends at the quote that a status follows.
 * The cursor reads straight down; its first failure sticks. */
#include "format_clf.h"

#include "address.h"
#include "request.h"

/* Invariant: at <= line.len. After a failure all reads give nothing. */
struct cursor {
    struct ff_span line;
    size_t at;
    enum ff_reject reject;
};

static struct ff_span rest(const struct cursor *c)
{
    return ff_span_from(c->line, c->at);
}

static void fail(struct cursor *c, enum ff_reject why)
{
    if (c->reject == FF_REJECT_NONE)
        c->reject = why;
}

/* Up to the next space, which is skipped. Empty is a failure. */
static struct ff_span word(struct cursor *c)
{
    struct ff_span s = rest(c);
    s.len = ff_span_find(s, ' ');
    if (c->reject || s.len == 0 || c->at + s.len == c->line.len) {
        fail(c, FF_REJECT_SHAPE);
        return (struct ff_span) { s.data, 0 };
    }
    c->at += s.len + 1;
    return s;
}

static bool expect(struct cursor *c, struct ff_span text)
{
    if (!c->reject && ff_span_starts(rest(c), text)) {
        c->at += text.len;
        return true;
    }
    fail(c, FF_REJECT_SHAPE);
    return false;
}

/* Skips ident and user to "[time] ", and reads it. */
static int64_t clf_time(struct cursor *c, struct ff_clf_clock *clock)
{
    int64_t time = 0;
    while (!c->reject) {
        c->at += ff_span_find(rest(c), '[');
        if (c->line.len - c->at < FF_CLF_TIME_LEN + 3) {
            fail(c, FF_REJECT_SHAPE);
            break;
        }
        const char *text = c->line.data + c->at + 1;
        /* A bracket in a user name has no time's colon and bracket behind it. */
        if (text[FF_CLF_TIME_LEN] == ']' && text[2] == '/' && text[11] == ':') {
            if (!ff_clf_time_read(clock, text, &time))
                fail(c, FF_REJECT_TIME);
            else
                c->at += FF_CLF_TIME_LEN + 2;
            break;
        }
        c->at++;
    }
    return time;
}

/* Whether the quote at `at` is escaped: an odd number of backslashes before it. */
static bool is_escaped(struct ff_span s, size_t at)
{
    size_t n = 0;
    while (n < at && s.data[at - 1 - n] == '\\')
        n++;
    return n & 1;
}

/* A quoted field from the cursor, which is behind its opening quote; it ends at a quote
 * that is not escaped and has a space or the line's end behind it. `-` is empty. */
static struct ff_span quoted(struct cursor *c)
{
    const struct ff_span s = rest(c);
    size_t end = 0;
    while (!c->reject) {
        end += ff_span_find(ff_span_from(s, end), '"');
        if (end >= s.len) {
            fail(c, FF_REJECT_SHAPE);
            break;
        }
        if ((end + 1 == s.len || s.data[end + 1] == ' ') && !is_escaped(s, end)) {
            c->at += end + 1;
            const bool is_dash = end == 1 && s.data[0] == '-';
            return (struct ff_span) { s.data, is_dash ? 0 : end };
        }
        end++;
    }
    return (struct ff_span) { s.data, 0 };
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* `" 200 ` or `" - ` at s[at]: the end of a request. */
static bool ends_request(struct ff_span s, size_t at)
{
    const size_t left = s.len - at;
    return left > 4 && s.data[at + 1] == ' ' &&
           (is_digit(s.data[at + 2]) ||
            (s.data[at + 2] == '-' && s.data[at + 3] == ' '));
}

/* The request field's content; behind it the cursor is at the status. */
static struct ff_span request(struct cursor *c)
{
    if (!expect(c, FF_SPAN(" \"")))
        return (struct ff_span) { "", 0 };
    const struct ff_span s = rest(c);
    for (size_t end = 0;; end++) {
        end += ff_span_find(ff_span_from(s, end), '"');
        if (end >= s.len) {
            fail(c, FF_REJECT_SHAPE);
            return (struct ff_span) { s.data, 0 };
        }
        if (ends_request(s, end) && !is_escaped(s, end)) {
            c->at += end + 2;
            return (struct ff_span) { s.data, end };
        }
    }
}

static uint16_t status(struct cursor *c)
{
    const struct ff_span s = rest(c);
    if (c->reject)
        return 0;
    if (s.len < 4 || !is_digit(s.data[0]) || !is_digit(s.data[1]) ||
        !is_digit(s.data[2]) || s.data[3] != ' ') {
        fail(c, FF_REJECT_STATUS);
        return 0;
    }
    c->at += 4;
    return (uint16_t)((s.data[0] - '0') * 100 + (s.data[1] - '0') * 10 + s.data[2] -
                      '0');
}

/* Digits or "-", then a space or the end. 18 digits are as many as any size has. */
static uint64_t size(struct cursor *c)
{
    const struct ff_span s = rest(c);
    uint64_t n = 0;
    size_t i = 0;
    if (c->reject)
        return 0;
    if (s.len && s.data[0] == '-')
        i = 1;
    else
        for (; i < s.len && i < 18 && is_digit(s.data[i]); i++)
            n = n * 10 + (uint64_t)(s.data[i] - '0');
    if (i == 0 || (i < s.len && s.data[i] != ' ')) {
        fail(c, FF_REJECT_SIZE);
        return 0;
    }
    c->at += i;
    return n;
}

static void common_fields(struct cursor *c, struct ff_parser *parser,
                          struct ff_record *out)
{
    out->client = word(c);
    out->time = clf_time(c, &parser->clock);
    out->east = parser->clock.east;
    ff_request_split(request(c), out);
    out->status = status(c);
    out->bytes = size(c);
}

static void combined_fields(struct cursor *c, struct ff_parser *parser,
                            struct ff_record *out)
{
    common_fields(c, parser, out);
    expect(c, FF_SPAN(" \""));
    out->referrer = quoted(c);
    expect(c, FF_SPAN(" \""));
    out->agent = quoted(c);
    out->has |= FF_HAS_REFERRER | FF_HAS_AGENT;
}

static enum ff_reject finish(const struct cursor *c, struct ff_parser *parser)
{
    parser->column = (uint32_t)c->at + 1;
    return c->reject;
}

enum ff_reject ff_clf_common(struct ff_parser *parser, struct ff_span line,
                             struct ff_record *out)
{
    struct cursor c = { .line = line };
    *out = (struct ff_record) { 0 };
    common_fields(&c, parser, out);
    /* More behind the size is another format's, or this one's line run into the next.
     */
    while (c.at < line.len && line.data[c.at] == ' ')
        c.at++;
    if (c.at < line.len)
        fail(&c, FF_REJECT_SHAPE);
    return finish(&c, parser);
}

enum ff_reject ff_clf_combined(struct ff_parser *parser, struct ff_span line,
                               struct ff_record *out)
{
    struct cursor c = { .line = line };
    *out = (struct ff_record) { 0 };
    combined_fields(&c, parser, out);
    return finish(&c, parser);
}

enum ff_reject ff_clf_language(struct ff_parser *parser, struct ff_span line,
                               struct ff_record *out)
{
    struct cursor c = { .line = line };
    *out = (struct ff_record) { 0 };
    combined_fields(&c, parser, out);
    expect(&c, FF_SPAN(" \""));
    out->language = quoted(&c);
    out->has |= FF_HAS_LANGUAGE;
    return finish(&c, parser);
}

/* "192.0.2.1 - - [...": the first word is the client of a line without a host. */
static bool has_no_vhost(const struct ff_record *r, struct ff_span first)
{
    const enum ff_client kind = ff_address_read(first).kind;
    return ff_span_equal(r->client, FF_SPAN("-")) &&
           (kind == FF_CLIENT_V4 || kind == FF_CLIENT_V6 || kind == FF_CLIENT_NONE);
}

enum ff_reject ff_clf_vhost(struct ff_parser *parser, struct ff_span line,
                            struct ff_record *out)
{
    struct cursor c = { .line = line };
    *out = (struct ff_record) { 0 };
    const struct ff_span vhost = word(&c);
    combined_fields(&c, parser, out);
    if (has_no_vhost(out, vhost))
        fail(&c, FF_REJECT_SHAPE);
    out->vhost = vhost;
    out->has |= FF_HAS_VHOST;
    return finish(&c, parser);
}

unsigned ff_clf_like_common(struct ff_parser *parser, struct ff_span line)
{
    struct ff_record r;
    return ff_clf_common(parser, line, &r) == FF_REJECT_NONE &&
                   ff_address_read(r.client).kind != FF_CLIENT_BAD
               ? 2
               : 0;
}

unsigned ff_clf_like_combined(struct ff_parser *parser, struct ff_span line)
{
    struct ff_record r;
    return ff_clf_combined(parser, line, &r) == FF_REJECT_NONE &&
                   ff_address_read(r.client).kind != FF_CLIENT_BAD
               ? 2
               : 0;
}

/* "-" or something like "de-DE,de;q=0.9,*;q=0.5": begins with letters, has no digit
 * before a comma or semicolon. An X-Forwarded-For list is none. */
static bool is_language(struct ff_span s)
{
    size_t n = 0;
    while (n < s.len && ((s.data[n] | 32) >= 'a' && (s.data[n] | 32) <= 'z'))
        n++;
    if (s.len && s.data[0] == '*')
        n = 1;
    return n >= 1 && n <= 8 &&
           (n == s.len || s.data[n] == '-' || s.data[n] == ',' || s.data[n] == ';');
}

unsigned ff_clf_like_language(struct ff_parser *parser, struct ff_span line)
{
    struct ff_record r;
    if (ff_clf_language(parser, line, &r) != FF_REJECT_NONE ||
        ff_address_read(r.client).kind == FF_CLIENT_BAD)
        return 0;
    return r.language.len == 0 ? 2 : is_language(r.language) ? 3 : 0;
}

/* The second word is an address, where common has "-" or an ident. */
unsigned ff_clf_like_vhost(struct ff_parser *parser, struct ff_span line)
{
    struct ff_record r;
    if (ff_clf_vhost(parser, line, &r) != FF_REJECT_NONE)
        return 0;
    const enum ff_client kind = ff_address_read(r.client).kind;
    const bool is_host =
        kind == FF_CLIENT_NAME && ff_span_find(r.client, '.') < r.client.len;
    return kind == FF_CLIENT_V4 || kind == FF_CLIENT_V6 ? 3 : is_host ? 1 : 0;
}
