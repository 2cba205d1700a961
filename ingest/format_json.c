/* The scanner keeps the values that the map names; what follows makes a record of them.
 * Strings with escapes are undone into the state's scratch memory, each at most once
 * and never longer than they were, so a line's length is room enough.
 *
 * A key that is there with null, "" or "-" is a field logged and empty. Servers leave
 * out the key of a header that was not sent: once agent or referrer have been in a
 * line, they are fields of all the lines that follow. */
#include "format_json.h"

#include <stdlib.h>

#include "address.h"
#include "footfall/wipe.h"
#include "iso_time.h"
#include "json_maps.h"
#include "json_scan.h"

/* A target and its query are joined by one more byte. */
#define SCRATCH_BYTES (FF_LINE_MAX + 1)

struct state {
    struct ff_json_map map;
    struct ff_json_found found;
    struct ff_iso_clock iso;
    uint64_t request; /* the paths of which a request has at least one */
    uint8_t has;      /* FF_HAS_AGENT and FF_HAS_REFERRER, once they were there */
    size_t used;      /* of scratch, by the line */
    size_t touched;   /* of scratch, by lines before */
    char scratch[SCRATCH_BYTES];
};

/* One line's reading. The first reason for a reject sticks. */
struct reader {
    struct state *state;
    struct ff_parser *parser;
    enum ff_reject reject;
};

enum ff_err ff_json_open(struct ff_parser *parser, const char *spec,
                         struct ff_fault *fault)
{
    struct state *state = calloc(1, sizeof *state);
    if (!state)
        return ff_fault_nomem(fault);
    const enum ff_err err = ff_json_map_read(&state->map, spec, fault);
    if (err) {
        free(state);
        return err;
    }
    const uint64_t *of = state->map.of;
    state->request = of[FF_JSON_REQUEST] | of[FF_JSON_METHOD] | of[FF_JSON_TARGET];
    parser->state = state;
    return FF_OK;
}

static void empty_scratch(struct state *state)
{
    if (state->used > state->touched)
        state->touched = state->used;
    state->used = 0;
}

void ff_json_close(struct ff_parser *parser)
{
    struct state *state = parser->state;
    empty_scratch(state);
    ff_wipe(state->scratch, state->touched);
    free(state);
    parser->state = NULL;
}

static void fail(struct reader *r, enum ff_reject why, const struct ff_json_value *at)
{
    if (r->reject)
        return;
    r->reject = why;
    r->parser->column = at ? at->at + 1 : 1;
}

static uint64_t present(const struct reader *r, enum ff_json_field field)
{
    return r->state->found.present & r->state->map.of[field];
}

static bool is_empty(struct ff_span text)
{
    return text.len == 0 || (text.len == 1 && text.data[0] == '-');
}

/* The number of the field's first path with something in it, or -1. */
static int first_of(const struct reader *r, uint64_t paths)
{
    for (; paths; paths &= paths - 1) {
        const int number = __builtin_ctzll(paths);
        if (!is_empty(r->state->found.values[number].text))
            return number;
    }
    return -1;
}

static struct ff_json_value *value_of(const struct reader *r, enum ff_json_field field)
{
    const int number = first_of(r, present(r, field));
    return number < 0 ? NULL : &r->state->found.values[number];
}

/* The value stays undone, for a field that is asked for again. */
static struct ff_span undo(struct state *state, struct ff_json_value *value,
                           bool is_log)
{
    if (!value)
        return (struct ff_span) { "", 0 };
    if (!value->has_escapes)
        return value->text;
    char *out = state->scratch + state->used;
    const size_t len = ff_json_unescape(value->text, is_log, out);
    state->used += len;
    value->text = (struct ff_span) { out, len };
    value->has_escapes = false;
    return value->text;
}

/* A field's text, empty when there is none. */
static struct ff_span text_of(const struct reader *r, enum ff_json_field field)
{
    return undo(r->state, value_of(r, field), false);
}

/* The same with the escapes of log fields, for those that are read so. */
static struct ff_span log_text_of(const struct reader *r, enum ff_json_field field)
{
    return undo(r->state, value_of(r, field), true);
}

/* An address, "-" where the field is empty; without a field the first that a proxy
 * names; or what is called host, if it is an address. */
static struct ff_span client_of(struct reader *r)
{
    struct ff_span client = text_of(r, FF_JSON_CLIENT);
    if (client.len)
        return client;
    client = text_of(r, FF_JSON_FORWARDED);
    client.len = ff_span_find(client, ',');
    if (client.len)
        return client;
    if (present(r, FF_JSON_CLIENT))
        return FF_SPAN("-");
    client = text_of(r, FF_JSON_HOST);
    const enum ff_client kind = ff_address_read(client).kind;
    if (kind != FF_CLIENT_V4 && kind != FF_CLIENT_V6)
        fail(r, FF_REJECT_CLIENT, NULL);
    return client;
}

/* Also the zone it is in. CLF's, in brackets as Apache's %t has them or not; ISO's; or
 * a count. */
static int64_t time_of(struct reader *r, int32_t *east)
{
    struct ff_json_value *value = value_of(r, FF_JSON_TIME);
    struct ff_span text = undo(r->state, value, false);
    int64_t time = 0;
    bool is_time;
    if (text.len == FF_CLF_TIME_LEN + 2 && text.data[0] == '[' &&
        text.data[text.len - 1] == ']')
        text = (struct ff_span) { text.data + 1, FF_CLF_TIME_LEN };
    if (text.len == FF_CLF_TIME_LEN && text.data[2] == '/') {
        is_time = ff_clf_time_read(&r->parser->clock, text.data, &time);
        *east = r->parser->clock.east;
    } else if (text.len > 4 && (text.data[4] == '-' || text.data[4] == '/')) {
        is_time = ff_iso_time_read(&r->state->iso, text, &time);
        *east = r->state->iso.east;
    } else {
        is_time = ff_epoch_time_read(text, &time);
    }
    if (!is_time)
        fail(r, FF_REJECT_TIME, value);
    return time;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Three digits; 0 is what some write when the client had gone before the answer. */
static uint16_t status_of(struct reader *r)
{
    struct ff_json_value *value = value_of(r, FF_JSON_STATUS);
    const struct ff_span s = undo(r->state, value, false);
    if (s.len == 1 && s.data[0] == '0')
        return 0;
    if (s.len == 3 && is_digit(s.data[0]) && is_digit(s.data[1]) && is_digit(s.data[2]))
        return (uint16_t)((s.data[0] - '0') * 100 + (s.data[1] - '0') * 10 + s.data[2] -
                          '0');
    fail(r, FF_REJECT_STATUS, value);
    return 0;
}

static uint64_t bytes_of(struct reader *r)
{
    const uint64_t most = 999999999999999999u;
    struct ff_json_value *value = value_of(r, FF_JSON_BYTES);
    struct ff_decimal size;
    if (!value)
        return 0;
    if (ff_decimal_read(undo(r->state, value, false), &size) &&
        ff_decimal_scale(size, 0) <= most)
        return ff_decimal_scale(size, 0);
    fail(r, FF_REJECT_SIZE, value);
    return 0;
}

/* In microseconds. A unit behind the number ("0.123s", "17ms") goes before the field's
 * own. What is no time is no field. */
static void response_time(const struct reader *r, struct ff_record *out)
{
    static const struct {
        struct ff_span unit;
        int shift;
        enum ff_json_field field;
    } units[] = {
        { { "ms", 2 }, 3, FF_JSON_MILLISECONDS },
        { { "us", 2 }, 0, FF_JSON_MICROSECONDS },
        { { "\xC2\xB5s", 3 }, 0, FF_JSON_MICROSECONDS },
        { { "ns", 2 }, -3, FF_JSON_NANOSECONDS },
        { { "s", 1 }, 6, FF_JSON_SECONDS },
    };
    const uint64_t *of = r->state->map.of;
    const int number =
        first_of(r, r->state->found.present &
                        (of[FF_JSON_SECONDS] | of[FF_JSON_MILLISECONDS] |
                         of[FF_JSON_MICROSECONDS] | of[FF_JSON_NANOSECONDS]));
    if (number < 0)
        return;
    struct ff_span text = undo(r->state, &r->state->found.values[number], false);
    int shift = 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (of[units[i].field] >> number & 1)
            shift = units[i].shift;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!ff_span_ends(text, units[i].unit))
            continue;
        text.len -= units[i].unit.len;
        shift = units[i].shift;
        break;
    }
    struct ff_decimal d;
    if (!ff_decimal_read(text, &d))
        return;
    out->response_us = ff_decimal_scale(d, shift);
    out->has |= FF_HAS_RESPONSE_TIME;
}

static bool is_method(struct ff_span s)
{
    size_t n = 0;
    while (n < s.len && s.data[n] >= 'A' && s.data[n] <= 'Z')
        n++;
    return n > 0 && n == s.len;
}

/* "GET /path HTTP/1.1", as format_clf.c splits it; garbage gives nothing. */
static void split_request(struct ff_span field, struct ff_record *out)
{
    const size_t space = ff_span_find(field, ' ');
    const struct ff_span method = { field.data, space };
    struct ff_span target = ff_span_from(field, space + 1);
    if (!is_method(method))
        return;
    for (size_t i = target.len; i-- > 0;) {
        if (target.data[i] != ' ')
            continue;
        if (ff_span_starts(ff_span_from(target, i + 1), FF_SPAN("HTTP/")))
            target.len = i;
        break;
    }
    if (target.len == 0)
        return;
    out->method = method;
    out->target = target;
}

/* A target and the query that is logged apart from it, with its "?" or without. */
static struct ff_span join_query(const struct reader *r, struct ff_span target)
{
    struct state *state = r->state;
    const struct ff_json_value *query = value_of(r, FF_JSON_QUERY);
    if (!query || ff_span_find(target, '?') < target.len)
        return target;
    char *out = state->scratch + state->used;
    if (target.data + target.len != out) {
        memcpy(out, target.data, target.len);
        state->used += target.len;
    } else {
        out -= target.len;
    }
    size_t len = target.len;
    if (query->text.data[0] != '?') {
        out[len++] = '?';
        state->used++;
    }
    const size_t query_len = ff_json_unescape(query->text, true, out + len);
    state->used += query_len;
    return (struct ff_span) { out, len + query_len };
}

/* nginx's $uri is what its rewrites made of the target, so a request line goes before a
 * target unless that is all there is, or is what the request field holds. */
static void request_of(const struct reader *r, struct ff_record *out)
{
    out->method = out->target = (struct ff_span) { "", 0 };
    const struct ff_span method = text_of(r, FF_JSON_METHOD);
    const struct ff_span request = log_text_of(r, FF_JSON_REQUEST);
    if (request.len)
        split_request(request, out);
    if (out->method.len || !is_method(method))
        return;
    struct ff_span target = log_text_of(r, FF_JSON_TARGET);
    if (target.len == 0 && request.len && request.data[0] == '/')
        target = request;
    if (target.len == 0)
        return;
    out->method = method;
    out->target = join_query(r, target);
}

/* The host of an absolute target, where no field has it. */
static struct ff_span host_of(const struct reader *r, struct ff_span target)
{
    const struct ff_span host = text_of(r, FF_JSON_HOST);
    if (host.len || target.len == 0 || target.data[0] == '/')
        return host;
    for (size_t i = 0; i < 2; i++) {
        const struct ff_span scheme = i ? FF_SPAN("http://") : FF_SPAN("https://");
        if (!ff_span_starts(target, scheme))
            continue;
        const struct ff_span rest = ff_span_from(target, scheme.len);
        size_t n = 0;
        while (n < rest.len && !memchr("/?#", rest.data[n], 3))
            n++;
        return (struct ff_span) { rest.data, n };
    }
    return host;
}

static bool is_one(const struct reader *r, enum ff_json_field field)
{
    return ff_span_equal(text_of(r, field), FF_SPAN("1"));
}

static void has_field(struct ff_record *out, enum ff_record_has has, bool is_there)
{
    if (is_there)
        out->has |= (uint8_t)has;
}

static void headers_of(const struct reader *r, struct ff_record *out)
{
    struct state *state = r->state;
    const bool has_headers = present(r, FF_JSON_HEADERS);
    out->referrer = log_text_of(r, FF_JSON_REFERRER);
    out->agent = log_text_of(r, FF_JSON_AGENT);
    out->language = text_of(r, FF_JSON_LANGUAGE);
    out->content_type = text_of(r, FF_JSON_CONTENT_TYPE);
    out->fetch_dest = text_of(r, FF_JSON_FETCH_DEST);
    out->purpose = text_of(r, FF_JSON_PURPOSE);
    out->forwarded = text_of(r, FF_JSON_FORWARDED);
    out->opts_out = is_one(r, FF_JSON_GPC) || is_one(r, FF_JSON_DNT);
    has_field(out, FF_HAS_AGENT, has_headers || present(r, FF_JSON_AGENT));
    has_field(out, FF_HAS_REFERRER, has_headers || present(r, FF_JSON_REFERRER));
    state->has |= out->has & (FF_HAS_AGENT | FF_HAS_REFERRER);
    out->has |= state->has;
    has_field(out, FF_HAS_LANGUAGE, present(r, FF_JSON_LANGUAGE));
    has_field(out, FF_HAS_CONTENT_TYPE, present(r, FF_JSON_CONTENT_TYPE));
}

/* Whether the line is a server's own message, or another's than a visitor's request. */
static bool is_message(const struct reader *r)
{
    if ((r->state->found.present & r->state->request) == 0)
        return true;
    const struct ff_json_value *kind = value_of(r, FF_JSON_KIND);
    return kind && !ff_span_starts(kind->text, r->state->map.kind);
}

enum ff_reject ff_json_parse(struct ff_parser *parser, struct ff_span line,
                             struct ff_record *out)
{
    struct reader r = { .state = parser->state, .parser = parser };
    size_t at;
    *out = (struct ff_record) { 0 };
    if (line.len > FF_LINE_MAX)
        return FF_REJECT_LONG;
    if (!ff_json_scan(&r.state->map.paths, line, &r.state->found, &at)) {
        parser->column = (uint32_t)at + 1;
        return FF_REJECT_SHAPE;
    }
    empty_scratch(r.state);
    /* Where a string should be, an object is nothing. */
    r.state->found.present &=
        ~r.state->found.objects | r.state->map.of[FF_JSON_HEADERS];
    if (is_message(&r))
        return FF_REJECT_BLANK;
    out->client = client_of(&r);
    out->time = time_of(&r, &out->east);
    request_of(&r, out);
    out->status = status_of(&r);
    out->bytes = bytes_of(&r);
    headers_of(&r, out);
    response_time(&r, out);
    out->vhost = host_of(&r, out->target);
    has_field(out, FF_HAS_VHOST, present(&r, FF_JSON_HOST) || out->vhost.len);
    return r.reject;
}

unsigned ff_json_likeness(struct ff_parser *parser, struct ff_span line)
{
    struct ff_record record;
    const struct state *state = parser->state;
    if (ff_json_parse(parser, line, &record) != FF_REJECT_NONE ||
        ff_address_read(record.client).kind == FF_CLIENT_BAD)
        return 0;
    unsigned fields = 0;
    for (int i = 0; i < FF_JSON_FIELDS; i++)
        fields += (state->found.present & state->map.of[i]) != 0;
    return fields;
}
