/* Labelled tab-separated values: "label:value" with tabs between, in any order. There
 * are recommended labels (ltsv.org), and people name theirs after nginx's variables or
 * Apache's words. "host" is the client by the recommendation, and the virtual host when
 * another label has the client. Lines of a log have the same labels in the same order,
 * so what a label means is remembered by its place. */
#include "format_ltsv.h"

#include <stdlib.h>

#include "columns.h"
#include "request.h"
#include "scratch.h"
#include "values.h"

/* clang-format off */
static const struct ff_column_name names[] = {
    { "time", FF_COLUMN_STAMP },
    { "time_local", FF_COLUMN_STAMP },
    { "time_iso8601", FF_COLUMN_STAMP },
    { "datetime", FF_COLUMN_STAMP },
    { "date", FF_COLUMN_STAMP },
    { "timestamp", FF_COLUMN_STAMP },
    { "msec", FF_COLUMN_STAMP },
    { "host", FF_COLUMN_HOST },
    { "remote_addr", FF_COLUMN_CLIENT },
    { "remote_host", FF_COLUMN_CLIENT },
    { "remoteip", FF_COLUMN_CLIENT },
    { "remote_ip", FF_COLUMN_CLIENT },
    { "client_ip", FF_COLUMN_CLIENT },
    { "client", FF_COLUMN_CLIENT },
    { "ip", FF_COLUMN_CLIENT },
    { "addr", FF_COLUMN_CLIENT },
    { "forwardedfor", FF_COLUMN_FORWARDED },
    { "forwarded_for", FF_COLUMN_FORWARDED },
    { "x_forwarded_for", FF_COLUMN_FORWARDED },
    { "xff", FF_COLUMN_FORWARDED },
    { "http_x_forwarded_for", FF_COLUMN_FORWARDED },
    { "req", FF_COLUMN_REQUEST },
    { "request", FF_COLUMN_REQUEST },
    { "method", FF_COLUMN_METHOD },
    { "request_method", FF_COLUMN_METHOD },
    { "uri", FF_COLUMN_URI },
    { "url", FF_COLUMN_URI },
    { "request_uri", FF_COLUMN_URI },
    { "path", FF_COLUMN_STEM },
    { "query", FF_COLUMN_QUERY },
    { "query_string", FF_COLUMN_QUERY },
    { "args", FF_COLUMN_QUERY },
    { "status", FF_COLUMN_STATUS },
    { "code", FF_COLUMN_STATUS },
    { "size", FF_COLUMN_BYTES },
    { "bytes", FF_COLUMN_BYTES },
    { "bytes_sent", FF_COLUMN_BYTES },
    { "body_bytes_sent", FF_COLUMN_BYTES },
    { "body_bytes", FF_COLUMN_BYTES },
    { "referer", FF_COLUMN_REFERRER },
    { "referrer", FF_COLUMN_REFERRER },
    { "http_referer", FF_COLUMN_REFERRER },
    { "ua", FF_COLUMN_AGENT },
    { "agent", FF_COLUMN_AGENT },
    { "useragent", FF_COLUMN_AGENT },
    { "user_agent", FF_COLUMN_AGENT },
    { "http_user_agent", FF_COLUMN_AGENT },
    { "accept_language", FF_COLUMN_LANGUAGE },
    { "http_accept_language", FF_COLUMN_LANGUAGE },
    { "vhost", FF_COLUMN_VHOST },
    { "virtual_host", FF_COLUMN_VHOST },
    { "http_host", FF_COLUMN_VHOST },
    { "server_name", FF_COLUMN_VHOST },
    { "domain", FF_COLUMN_VHOST },
    { "reqtime", FF_COLUMN_SECONDS },
    { "request_time", FF_COLUMN_SECONDS },
    { "response_time", FF_COLUMN_SECONDS },
    { "taken_sec", FF_COLUMN_SECONDS },
    { "reqtime_microsec", FF_COLUMN_MICROS },
    { "request_time_microsec", FF_COLUMN_MICROS },
    { "mime", FF_COLUMN_CONTENT_TYPE },
    { "sent_http_content_type", FF_COLUMN_CONTENT_TYPE },
    { "http_sec_fetch_dest", FF_COLUMN_FETCH_DEST },
    { "http_sec_purpose", FF_COLUMN_PURPOSE },
    { "http_sec_gpc", FF_COLUMN_OPT_OUT },
    { "http_dnt", FF_COLUMN_OPT_OUT },
    { NULL, FF_COLUMN_NONE },
};
/* clang-format on */

enum { PLACES = 64, LABEL_MAX = 30 };

struct ltsv {
    struct place {
        char label[LABEL_MAX];
        uint8_t len, column;
    } places[PLACES];
    struct ff_iso_clock clock;
    struct ff_scratch scratch;
};

enum ff_err ff_ltsv_open(struct ff_parser *parser, const char *spec,
                         struct ff_fault *fault)
{
    (void)spec;
    struct ltsv *ltsv = malloc(sizeof *ltsv);
    if (!ltsv)
        return ff_fault_nomem(fault);
    memset(ltsv, 0, offsetof(struct ltsv, scratch));
    ff_scratch_init(&ltsv->scratch);
    parser->state = ltsv;
    return FF_OK;
}

void ff_ltsv_close(struct ff_parser *parser)
{
    struct ltsv *ltsv = parser->state;
    ff_scratch_wipe(&ltsv->scratch);
    free(ltsv);
}

static enum ff_column column_of(struct ltsv *ltsv, size_t i, struct ff_span label)
{
    if (i >= PLACES || label.len > LABEL_MAX)
        return ff_column_named(names, label);
    struct place *place = &ltsv->places[i];
    if (!ff_span_equal(label, (struct ff_span) { place->label, place->len })) {
        memcpy(place->label, label.data, label.len);
        place->len = (uint8_t)label.len;
        place->column = (uint8_t)ff_column_named(names, label);
    }
    return (enum ff_column)place->column;
}

/* False if a field has no label. */
static bool split(struct ltsv *ltsv, struct ff_span line, struct ff_row *row)
{
    for (size_t i = 0; line.len; i++) {
        const struct ff_span field = { line.data, ff_span_find(line, '\t') };
        const size_t colon = ff_span_find(field, ':');
        if (colon == field.len && field.len)
            return false;
        const struct ff_span label = { field.data, colon };
        const enum ff_column column =
            label.len ? column_of(ltsv, i, label) : FF_COLUMN_NONE;
        if (column)
            ff_row_set(row, column, ff_span_from(field, colon + 1));
        line = ff_span_from(line, field.len + 1);
    }
    if (!ff_row_has(row, FF_COLUMN_CLIENT) && ff_row_has(row, FF_COLUMN_HOST)) {
        ff_row_set(row, FF_COLUMN_CLIENT, row->value[FF_COLUMN_HOST]);
        row->value[FF_COLUMN_HOST].len = 0;
    }
    return true;
}

static bool read_time(struct ff_parser *parser, struct ff_span s, struct ff_record *out)
{
    struct ltsv *ltsv = parser->state;
    if (s.len > 2 && s.data[0] == '[' && s.data[s.len - 1] == ']')
        s = (struct ff_span) { s.data + 1, s.len - 2 };
    const bool is_clf = s.len == FF_CLF_TIME_LEN && s.data[2] == '/';
    if (!is_clf && ff_epoch_time_read(s, &out->time))
        return true;
    const bool is_time = is_clf ? ff_clf_time_read(&parser->clock, s.data, &out->time)
                                : ff_iso_time_read(&ltsv->clock, s, &out->time);
    out->east = is_clf ? parser->clock.east : ltsv->clock.east;
    return is_time;
}

static void take_request(struct ltsv *ltsv, const struct ff_row *row,
                         struct ff_record *out)
{
    if (ff_row_has(row, FF_COLUMN_REQUEST)) {
        ff_request_split(row->value[FF_COLUMN_REQUEST], out);
        return;
    }
    const struct ff_span method = row->value[FF_COLUMN_METHOD],
                         path = ff_value_text(row->value[FF_COLUMN_STEM]);
    out->target = ff_value_text(row->value[FF_COLUMN_URI]);
    if (out->target.len == 0 && path.len)
        out->target = ff_scratch_join(&ltsv->scratch, path,
                                      ff_value_text(row->value[FF_COLUMN_QUERY]));
    if (out->target.len && ff_method_len(method) == method.len)
        out->method = method;
    if (out->target.len && !ff_row_has(row, FF_COLUMN_METHOD))
        out->method = FF_SPAN("GET");
}

enum ff_reject ff_ltsv_parse(struct ff_parser *parser, struct ff_span line,
                             struct ff_record *out)
{
    struct ltsv *ltsv = parser->state;
    struct ff_row row = { 0 };
    ff_scratch_empty(&ltsv->scratch);
    if (line.len > FF_LINE_MAX)
        return FF_REJECT_LONG;
    if (!split(ltsv, line, &row) || !ff_row_has(&row, FF_COLUMN_STAMP) ||
        !(ff_row_has(&row, FF_COLUMN_REQUEST) || ff_row_has(&row, FF_COLUMN_URI) ||
          ff_row_has(&row, FF_COLUMN_STEM)))
        return FF_REJECT_SHAPE;
    const struct ff_span stamp = row.value[FF_COLUMN_STAMP];
    const enum ff_reject why = ff_row_record(&row, parser, line, out);
    if (why)
        return why;
    if (!read_time(parser, stamp, out))
        return ff_reject_at(parser, line, stamp, FF_REJECT_TIME);
    take_request(ltsv, &row, out);
    return FF_REJECT_NONE;
}

/* A line without a tab has one field, and so not both time and request. */
unsigned ff_ltsv_likeness(struct ff_parser *parser, struct ff_span line)
{
    struct ff_record record;
    return ff_ltsv_parse(parser, line, &record) == FF_REJECT_NONE ? 5 : 0;
}
