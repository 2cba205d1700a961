/* HAProxy's HTTP log, with its own tag before it or behind a carrier:
 *
 *     [haproxy[7]: ]client:port [time] frontend backend/server timers status bytes
 *     cookie cookie state connections queues [{request headers} [{response headers}]]
 *     "request"[ ...]
 *
 * The time has no zone and is taken as UTC. What the captured headers are is not said:
 * the first block's are known by their form alone, an agent, a referrer, an address.
 * Lines of TCP proxies and HAProxy's messages are blank. A status of -1, no response
 * before the client or the server gave up, counts as nginx's 499. */
#include "format_haproxy.h"

#include "address.h"
#include "request.h"
#include "word_cursor.h"

enum { NO_RESPONSE = 499, STAMP_LEN = 24 };

/* "haproxy[7]: " or "haproxy: " before the line. */
static bool cut_tag(struct ff_words *w)
{
    const struct ff_span tag = ff_words_next(w);
    if (ff_span_starts(tag, FF_SPAN("haproxy")) && ff_span_ends(tag, FF_SPAN(":")))
        return true;
    *w = (struct ff_words) { .line = w->line };
    return false;
}

static bool is_message(struct ff_span line)
{
    static const char *const starts[] = {
        "Proxy ",   "Server ",   "Backup Server ", "backend ", "Connect from ",
        "Stopped ", "Stopping ", "Pausing ",       "Health ",  "Loading ",
    };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (ff_span_starts(line, ff_span_of(starts[i])))
            return true;
    return false;
}

/* "[25/Feb/2019:16:19:48.143]" */
static int64_t read_time(struct ff_words *w, struct ff_clf_clock *clock)
{
    char text[FF_CLF_TIME_LEN];
    int64_t time = 0;
    const struct ff_span stamp = ff_words_next(w);
    if (w->reject)
        return 0;
    if (stamp.len != STAMP_LEN + 2 || stamp.data[0] != '[' || stamp.data[21] != '.' ||
        stamp.data[STAMP_LEN + 1] != ']') {
        ff_words_fail_at(w, stamp, FF_REJECT_SHAPE);
        return 0;
    }
    memcpy(text, stamp.data + 1, 20);
    memcpy(text + 20, " +0000", 6);
    if (!ff_clf_time_read(clock, text, &time))
        ff_words_fail_at(w, stamp, FF_REJECT_TIME);
    return time;
}

static size_t count(struct ff_span s, char byte)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.data[i] == byte;
    return n;
}

/* "+123" as "123": HAProxy logged before the end. */
static struct ff_span without_plus(struct ff_span s)
{
    return ff_span_from(s, s.len && s.data[0] == '+');
}

/* The last of the timers is all the time taken. */
static void response_time(struct ff_span timers, struct ff_record *out)
{
    size_t last = timers.len;
    while (last && timers.data[last - 1] != '/')
        last--;
    if (ff_value_scaled(without_plus(ff_span_from(timers, last)), 3, &out->response_us))
        out->has |= FF_HAS_RESPONSE_TIME;
}

/* "Mozilla/5.0 ..." or another product with a version, or a text that gives a URL. */
static bool is_agent(struct ff_span s)
{
    size_t n = 0;
    while (n < s.len && (((s.data[n] | 32) >= 'a' && (s.data[n] | 32) <= 'z') ||
                         memchr("-_.", s.data[n], 3)))
        n++;
    return (n && n + 1 < s.len && s.data[n] == '/' && ff_is_digit(s.data[n + 1])) ||
           (s.len && memmem(s.data, s.len, "://", 3));
}

static void take_capture(struct ff_span s, struct ff_record *out)
{
    if (ff_span_starts(s, FF_SPAN("http://")) ||
        ff_span_starts(s, FF_SPAN("https://"))) {
        out->referrer = s;
        out->has |= FF_HAS_REFERRER;
        return;
    }
    const struct ff_span first = { s.data, ff_span_find(s, ',') };
    const enum ff_client kind = ff_address_read(first).kind;
    if (kind == FF_CLIENT_V4 || kind == FF_CLIENT_V6) {
        out->forwarded = s;
    } else if (is_agent(s)) {
        out->agent = s;
        out->has |= FF_HAS_AGENT;
    }
}

/* "{a|b}" and the space behind it. */
static struct ff_span cut_block(struct ff_words *w)
{
    const struct ff_span s = ff_words_rest(w);
    for (size_t i = 1; i + 2 < s.len; i++) {
        if (s.data[i] != '}' || s.data[i + 1] != ' ' ||
            (s.data[i + 2] != '{' && s.data[i + 2] != '"'))
            continue;
        w->at += i + 2;
        return (struct ff_span) { s.data + 1, i - 1 };
    }
    ff_words_fail(w, FF_REJECT_SHAPE);
    return (struct ff_span) { s.data, 0 };
}

static void take_captures(struct ff_words *w, struct ff_record *out)
{
    for (unsigned block = 0; !ff_words_are_read(w) && w->line.data[w->at] == '{';
         block++) {
        struct ff_span rest = cut_block(w);
        while (block == 0 && rest.len) {
            const struct ff_span one = { rest.data, ff_span_find(rest, '|') };
            take_capture(one, out);
            rest = ff_span_from(rest, one.len + 1);
        }
    }
}

/* To the line's last quote; a request that HAProxy cut off has none. */
static void take_request(struct ff_words *w, struct ff_record *out)
{
    if (ff_words_are_read(w) || w->line.data[w->at] != '"') {
        ff_words_fail(w, FF_REJECT_SHAPE);
        return;
    }
    struct ff_span request = ff_span_from(w->line, w->at + 1);
    for (size_t i = request.len; i-- > 0;) {
        if (request.data[i] != '"')
            continue;
        request.len = i;
        break;
    }
    ff_request_split(request, out);
    out->vhost = ff_target_host(out->target);
    if (out->vhost.len)
        out->has |= FF_HAS_VHOST;
}

enum ff_reject ff_haproxy_parse(struct ff_parser *parser, struct ff_span line,
                                struct ff_record *out)
{
    struct ff_words w = { .line = line };
    *out = (struct ff_record) { 0 };
    const bool has_tag = cut_tag(&w);
    ff_words_are_read(&w);
    if (is_message(ff_words_rest(&w)))
        return FF_REJECT_BLANK;
    out->client = ff_value_without_port(ff_words_next(&w));
    out->time = read_time(&w, &parser->clock);
    if (w.reject)
        return has_tag && w.reject == FF_REJECT_SHAPE ? FF_REJECT_BLANK
                                                      : ff_words_finish(&w, parser);
    const struct ff_span frontend = ff_words_next(&w);
    if (ff_span_ends(frontend, FF_SPAN(":")))
        return FF_REJECT_BLANK; /* "SSL handshake failure" and others */
    const struct ff_span backend = ff_words_next(&w), timers = ff_words_next(&w);
    if (count(backend, '/') == 1 && count(timers, '/') == 2)
        return FF_REJECT_BLANK;
    if (count(timers, '/') != 4)
        ff_words_fail_at(&w, timers, FF_REJECT_SHAPE);
    const struct ff_span status = ff_words_next(&w),
                         bytes = without_plus(ff_words_next(&w));
    out->status = NO_RESPONSE;
    if (!ff_value_status(status, &out->status) && !ff_span_equal(status, FF_SPAN("-1")))
        ff_words_fail_at(&w, status, FF_REJECT_STATUS);
    if (!ff_value_size(bytes, &out->bytes))
        ff_words_fail_at(&w, bytes, FF_REJECT_SIZE);
    for (size_t i = 0; i < 5; i++)
        ff_words_next(&w); /* cookies, state, connections, queues */
    response_time(timers, out);
    take_captures(&w, out);
    take_request(&w, out);
    return ff_words_finish(&w, parser);
}

unsigned ff_haproxy_likeness(struct ff_parser *parser, struct ff_span line)
{
    struct ff_record record;
    const enum ff_reject why = ff_haproxy_parse(parser, line, &record);
    if (why == FF_REJECT_BLANK)
        return ff_span_starts(line, FF_SPAN("haproxy"));
    return why == FF_REJECT_NONE && ff_address_read(record.client).kind != FF_CLIENT_BAD
               ? 5
               : 0;
}
