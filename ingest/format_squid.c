/* Squid's native log:
 *
 *     epoch.ms elapsed client code/status bytes method URL user hierarchy/host[ type]
 *
 * Questions that caches ask each other (ICP, HTCP) are no requests: they are blank. */
#include "format_squid.h"

#include "address.h"
#include "request.h"
#include "word_cursor.h"

static uint16_t status(struct ff_words *w)
{
    uint16_t status = 0;
    const struct ff_span word = ff_words_next(w);
    const size_t slash = ff_span_find(word, '/');
    if (slash == 0 || slash == word.len)
        ff_words_fail_at(w, word, FF_REJECT_SHAPE);
    else if (!ff_value_status(ff_span_from(word, slash + 1), &status))
        ff_words_fail_at(w, ff_span_from(word, slash + 1), FF_REJECT_STATUS);
    return status;
}

/* A target is a URL, CONNECT's is "host:port". "error:invalid-request" is none. */
static void take_request(struct ff_record *out, struct ff_span method,
                         struct ff_span target)
{
    if (ff_method_len(method) != method.len || ff_is_dash(target) ||
        ff_span_starts(target, FF_SPAN("error:")))
        return;
    out->method = method;
    out->target = target;
    out->vhost =
        ff_span_equal(method, FF_SPAN("CONNECT")) ? target : ff_target_host(target);
    if (out->vhost.len)
        out->has |= FF_HAS_VHOST;
}

enum ff_reject ff_squid_parse(struct ff_parser *parser, struct ff_span line,
                              struct ff_record *out)
{
    struct ff_words w = { .line = line };
    *out = (struct ff_record) { .has = FF_HAS_RESPONSE_TIME };
    const struct ff_span stamp = ff_words_next(&w), elapsed = ff_words_next(&w);
    if (ff_span_find(stamp, '.') == stamp.len)
        ff_words_fail_at(&w, stamp, FF_REJECT_SHAPE);
    else if (!ff_epoch_time_read(stamp, &out->time))
        ff_words_fail_at(&w, stamp, FF_REJECT_TIME);
    if (!ff_value_scaled(elapsed, 3, &out->response_us))
        out->has &= (uint8_t)~FF_HAS_RESPONSE_TIME;
    out->client = ff_words_next(&w);
    out->status = status(&w);
    out->bytes = ff_words_size(&w);
    const struct ff_span method = ff_words_next(&w), target = ff_words_next(&w);
    ff_words_next(&w); /* user */
    const struct ff_span peer = ff_words_next(&w);
    if (ff_span_find(peer, '/') == peer.len)
        ff_words_fail_at(&w, peer, FF_REJECT_SHAPE);
    if (w.reject)
        return ff_words_finish(&w, parser);
    if (ff_span_starts(method, FF_SPAN("ICP_")) ||
        ff_span_starts(method, FF_SPAN("HTCP_")))
        return FF_REJECT_BLANK;
    take_request(out, method, target);
    if (!ff_words_are_read(&w)) {
        out->content_type = ff_value_text(ff_words_next(&w));
        out->has |= FF_HAS_CONTENT_TYPE;
    }
    return ff_words_finish(&w, parser);
}

unsigned ff_squid_likeness(struct ff_parser *parser, struct ff_span line)
{
    struct ff_record record;
    const enum ff_reject why = ff_squid_parse(parser, line, &record);
    if (why == FF_REJECT_BLANK)
        return 1;
    return why == FF_REJECT_NONE && ff_address_read(record.client).kind != FF_CLIENT_BAD
               ? 5
               : 0;
}
