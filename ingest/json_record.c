/* Strings with escapes are undone into the maker's scratch memory, each at most once
 * and never longer than they were, so a line's length is room enough.
 *
 * A key that is there with null, "" or "-" is a field logged and empty. Servers leave
 * out the key of a header that was not sent: once agent or referrer have been in a
 * log's first lines, or in a round of reading, they are fields of all the lines that
 * follow.
 */
#include "json_record.h"

#include <assert.h>

#include "address.h"
#include "footfall/wipe.h"
#include "json_tokens.h"
#include "request.h"
#include "values.h"

/* One line's reading. The first reason for a reject sticks. */
struct reader {
    struct ff_json_maker *maker;
    struct ff_parser *parser;
    enum ff_reject reject;
};

static inline uint32_t bit(enum ff_json_field field)
{
    return (uint32_t)1 << field;
}
static_assert(FF_JSON_FIELDS <= 32, "a bit each");

void ff_json_maker_init(struct ff_json_maker *maker)
{
    const uint64_t *of = maker->map.of;
    maker->request = of[FF_JSON_REQUEST] | of[FF_JSON_METHOD] | of[FF_JSON_TARGET];
    for (unsigned field = 0; field < FF_JSON_FIELDS; field++)
        for (unsigned path = 0; path < FF_JSON_PATHS_MAX; path++)
            if (of[field] >> path & 1)
                maker->field_of[path] = (uint8_t)field;
}

static void empty_scratch(struct ff_json_maker *maker)
{
    if (maker->used > maker->touched)
        maker->touched = maker->used;
    maker->used = 0;
}

void ff_json_maker_wipe(struct ff_json_maker *maker)
{
    empty_scratch(maker);
    ff_wipe(maker->scratch, maker->touched);
}

static void fail(struct reader *r, enum ff_reject why, const struct ff_json_value *at)
{
    if (r->reject)
        return;
    r->reject = why;
    r->parser->column = at ? at->at + 1 : 1;
}

static inline bool is_empty(struct ff_span text)
{
    return text.len == 0 || (text.len == 1 && text.data[0] == '-');
}

/* What a record has of the fields that are logged. */
static uint8_t has_of(uint32_t logged)
{
    static const struct {
        uint32_t fields;
        uint8_t has;
    } marks[] = {
        { 1u << FF_JSON_HEADERS | 1u << FF_JSON_AGENT, FF_HAS_AGENT },
        { 1u << FF_JSON_HEADERS | 1u << FF_JSON_REFERRER, FF_HAS_REFERRER },
        { 1u << FF_JSON_LANGUAGE, FF_HAS_LANGUAGE },
        { 1u << FF_JSON_CONTENT_TYPE, FF_HAS_CONTENT_TYPE },
        { 1u << FF_JSON_HOST, FF_HAS_VHOST },
    };
    uint8_t has = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        has |= logged & marks[i].fields ? marks[i].has : 0;
    return has;
}

/* Of several paths for a field the first with something in it counts. Where a string
 * should be, an object is nothing. Most lines have the paths of the line before. */
static void gather(struct ff_json_maker *maker)
{
    const uint64_t headers = maker->map.of[FF_JSON_HEADERS];
    const uint64_t paths = maker->found.present & (~maker->found.objects | headers);
    if (paths == maker->gathered && !maker->has_rivals)
        return;
    maker->gathered = paths;
    maker->has_rivals = false;
    maker->logged = paths & headers ? bit(FF_JSON_HEADERS) : 0;
    for (uint64_t left = paths & ~headers; left; left &= left - 1) {
        const int path = __builtin_ctzll(left);
        const enum ff_json_field field = (enum ff_json_field)maker->field_of[path];
        const bool is_rival = maker->logged & bit(field);
        if (!is_rival || is_empty(maker->values[field]->text))
            maker->values[field] = &maker->found.values[path];
        maker->has_rivals |= is_rival;
        maker->logged |= bit(field);
    }
    maker->has = has_of(maker->logged);
}

/* The value of a field with something in it; NULL when there is none. Not to be asked
 * again once its escapes are undone: what is empty then was not before. */
static inline struct ff_json_value *value_of(const struct reader *r,
                                             enum ff_json_field field)
{
    if (!(r->maker->logged & bit(field)))
        return NULL;
    struct ff_json_value *value = r->maker->values[field];
    return is_empty(value->text) ? NULL : value;
}

static void undo_escapes(struct ff_json_maker *maker, struct ff_json_value *value,
                         bool is_log)
{
    char *out = maker->scratch + maker->used;
    const size_t len = ff_json_unescape(value->text, is_log, out);
    maker->used += len;
    value->text = (struct ff_span) { out, len };
    value->has_escapes = false;
}

static inline struct ff_span undo(struct ff_json_maker *maker,
                                  struct ff_json_value *value, bool is_log)
{
    if (!value)
        return (struct ff_span) { "", 0 };
    if (value->has_escapes)
        undo_escapes(maker, value, is_log);
    return value->text;
}

/* A field's text, empty when there is none. */
static inline struct ff_span text_of(const struct reader *r, enum ff_json_field field)
{
    return undo(r->maker, value_of(r, field), false);
}

/* The same with the escapes of log fields, for those that are read so. */
static inline struct ff_span log_text_of(const struct reader *r,
                                         enum ff_json_field field)
{
    return undo(r->maker, value_of(r, field), true);
}

/* An address, "-" where the field is empty; without a field the first that a proxy
 * names; or what is called host, if it is an address. */
static struct ff_span client_of(struct reader *r, struct ff_span forwarded)
{
    struct ff_span client = text_of(r, FF_JSON_CLIENT);
    if (client.len)
        return client;
    forwarded.len = ff_span_find(forwarded, ',');
    if (forwarded.len)
        return forwarded;
    if (r->maker->logged & bit(FF_JSON_CLIENT))
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
    struct ff_span text = undo(r->maker, value, false);
    int64_t time = 0;
    bool is_time;
    if (text.len == FF_CLF_TIME_LEN + 2 && text.data[0] == '[' &&
        text.data[text.len - 1] == ']')
        text = (struct ff_span) { text.data + 1, FF_CLF_TIME_LEN };
    if (text.len == FF_CLF_TIME_LEN && text.data[2] == '/') {
        is_time = ff_clf_time_read(&r->parser->clock, text.data, &time);
        *east = r->parser->clock.east;
    } else if (text.len > 4 && (text.data[4] == '-' || text.data[4] == '/')) {
        is_time = ff_iso_time_read(&r->maker->iso, text, &time);
        *east = r->maker->iso.east;
    } else {
        is_time = ff_epoch_time_read(text, &time);
    }
    if (!is_time)
        fail(r, FF_REJECT_TIME, value);
    return time;
}

/* Three digits; 0 is what some write when the client had gone before the answer. */
static uint16_t status_of(struct reader *r)
{
    struct ff_json_value *value = value_of(r, FF_JSON_STATUS);
    const struct ff_span s = undo(r->maker, value, false);
    uint16_t status = 0;
    if (!ff_value_status(s, &status) && !ff_span_equal(s, FF_SPAN("0"))) {
        fail(r, FF_REJECT_STATUS, value);
        return 0;
    }
    return status;
}

static uint64_t bytes_of(struct reader *r)
{
    const uint64_t most = 999999999999999999u;
    struct ff_json_value *value = value_of(r, FF_JSON_BYTES);
    const struct ff_span text = undo(r->maker, value, false);
    struct ff_decimal size;
    uint64_t bytes;
    if (!value)
        return 0;
    if (ff_value_number(text, 18, &bytes))
        return bytes;
    if (ff_decimal_read(text, &size) && ff_decimal_scale(size, 0) <= most)
        return ff_decimal_scale(size, 0);
    fail(r, FF_REJECT_SIZE, value);
    return 0;
}

/* The unit behind a number ("0.123s", "17ms") is cut off; gives the power of ten that
 * makes microseconds of it, else `shift`. */
static int cut_unit(struct ff_span *text, int shift)
{
    static const struct {
        struct ff_span unit;
        int shift;
    } units[] = {
        { { "ms", 2 }, 3 },  { { "us", 2 }, 0 }, { { "\xC2\xB5s", 3 }, 0 },
        { { "ns", 2 }, -3 }, { { "s", 1 }, 6 },
    };
    if (text->data[text->len - 1] != 's')
        return shift;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!ff_span_ends(*text, units[i].unit))
            continue;
        text->len -= units[i].unit.len;
        return units[i].shift;
    }
    return shift;
}

/* In microseconds. A unit behind the number goes before the field's own. What is no
 * time is no field. */
static void response_time(const struct reader *r, struct ff_record *out)
{
    static const struct {
        enum ff_json_field field;
        int shift;
    } fields[] = { { FF_JSON_SECONDS, 6 },
                   { FF_JSON_MILLISECONDS, 3 },
                   { FF_JSON_MICROSECONDS, 0 },
                   { FF_JSON_NANOSECONDS, -3 } };
    const uint32_t any = bit(FF_JSON_SECONDS) | bit(FF_JSON_MILLISECONDS) |
                         bit(FF_JSON_MICROSECONDS) | bit(FF_JSON_NANOSECONDS);
    if (!(r->maker->logged & any))
        return;
    struct ff_json_value *value = NULL;
    int shift = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct ff_json_value *other = value_of(r, fields[i].field);
        /* The first path, also of several fields. */
        if (!other || (value && value < other))
            continue;
        value = other;
        shift = fields[i].shift;
    }
    if (!value)
        return;
    struct ff_span text = undo(r->maker, value, false);
    shift = cut_unit(&text, shift);
    if (ff_value_scaled(text, shift, &out->response_us))
        out->has |= FF_HAS_RESPONSE_TIME;
}

/* A target and the query that is logged apart from it, with its "?" or without. */
static struct ff_span join_query(const struct reader *r, struct ff_span target)
{
    struct ff_json_maker *maker = r->maker;
    const struct ff_json_value *query = value_of(r, FF_JSON_QUERY);
    if (!query || ff_span_find(target, '?') < target.len)
        return target;
    char *out = maker->scratch + maker->used;
    if (target.data + target.len != out) {
        memcpy(out, target.data, target.len);
        maker->used += target.len;
    } else {
        out -= target.len;
    }
    size_t len = target.len;
    if (query->text.data[0] != '?') {
        out[len++] = '?';
        maker->used++;
    }
    const size_t query_len = ff_json_unescape(query->text, true, out + len);
    maker->used += query_len;
    return (struct ff_span) { out, len + query_len };
}

/* nginx's $uri is what its rewrites made of the target, so a request line goes before a
 * target unless that is all there is, or is what the request field holds. */
static void request_of(const struct reader *r, struct ff_record *out)
{
    /* Undone in this order: join_query wants the target last. */
    const struct ff_span method = text_of(r, FF_JSON_METHOD);
    const struct ff_span request = log_text_of(r, FF_JSON_REQUEST);
    ff_request_split(request, out);
    if (out->method.len || !method.len || ff_method_len(method) < method.len)
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

/* Headers that few logs have. */
static void rare_headers_of(const struct reader *r, struct ff_record *out)
{
    const uint32_t rare = bit(FF_JSON_LANGUAGE) | bit(FF_JSON_CONTENT_TYPE) |
                          bit(FF_JSON_FETCH_DEST) | bit(FF_JSON_PURPOSE) |
                          bit(FF_JSON_FORWARDED) | bit(FF_JSON_GPC) | bit(FF_JSON_DNT);
    if (!(r->maker->logged & rare))
        return;
    out->language = text_of(r, FF_JSON_LANGUAGE);
    out->content_type = text_of(r, FF_JSON_CONTENT_TYPE);
    out->fetch_dest = text_of(r, FF_JSON_FETCH_DEST);
    out->purpose = text_of(r, FF_JSON_PURPOSE);
    out->forwarded = text_of(r, FF_JSON_FORWARDED);
    out->opts_out = is_one(r, FF_JSON_GPC) || is_one(r, FF_JSON_DNT);
}

/* Whether the line is a server's own message, or another's than a visitor's request. */
static bool is_message(const struct reader *r)
{
    const struct ff_json_maker *maker = r->maker;
    if ((maker->found.present & ~maker->found.objects & maker->request) == 0)
        return true;
    const struct ff_json_value *kind = value_of(r, FF_JSON_KIND);
    return kind && !ff_span_starts(kind->text, maker->map.kind);
}

enum ff_reject ff_json_record(struct ff_json_maker *maker, struct ff_parser *parser,
                              struct ff_record *out)
{
    struct reader r = { .maker = maker, .parser = parser };
    ff_record_clear_rest(out);
    out->response_us = 0;
    out->east = 0;
    out->has = 0;
    out->opts_out = false;
    empty_scratch(maker);
    gather(maker);
    if (is_message(&r))
        return FF_REJECT_BLANK;
    rare_headers_of(&r, out);
    out->client = client_of(&r, out->forwarded);
    out->time = time_of(&r, &out->east);
    request_of(&r, out);
    out->status = status_of(&r);
    out->bytes = bytes_of(&r);
    out->referrer = log_text_of(&r, FF_JSON_REFERRER);
    out->agent = log_text_of(&r, FF_JSON_AGENT);
    response_time(&r, out);
    out->vhost = host_of(&r, out->target);
    parser->seen |= maker->has & (FF_HAS_AGENT | FF_HAS_REFERRER);
    out->has |= maker->has | parser->has;
    if (out->vhost.len)
        out->has |= FF_HAS_VHOST;
    parser->keeps_text = maker->used > 0;
    return r.reject;
}
