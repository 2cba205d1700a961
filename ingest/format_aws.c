/* Amazon's load balancers, old and new, in one file as in one bucket:
 *
 *     [type ]time name client:port target:port 3 times status target-status received
 *     sent "request"[ "agent"[ ...]]
 *
 * Application load balancers begin with a type (http, https, h2, grpcs, ws, wss),
 * classic ones do not, and their oldest lines have no agent. Lines of TCP listeners and
 * of network load balancers ("tls ...") carry no request: they are blank. The virtual
 * host is the one in the request's absolute form. */
#include "format_aws.h"

#include <stdlib.h>

#include "address.h"
#include "request.h"
#include "word_cursor.h"

enum ff_err ff_elb_open(struct ff_parser *parser, const char *spec,
                        struct ff_fault *fault)
{
    (void)spec;
    parser->state = calloc(1, sizeof(struct ff_iso_clock));
    return parser->state ? FF_OK : ff_fault_nomem(fault);
}

void ff_elb_close(struct ff_parser *parser)
{
    free(parser->state);
}

static bool is_type(struct ff_span word)
{
    static const struct ff_span types[] = {
        { "http", 4 }, { "https", 5 }, { "h2", 2 },
        { "ws", 2 },   { "wss", 3 },   { "grpcs", 5 },
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (ff_span_equal(word, types[i]))
            return true;
    return false;
}

/* Three parts of the time taken, each "-1" if it did not come to it. */
static void response_time(struct ff_words *w, struct ff_record *out)
{
    uint64_t sum = 0, part;
    bool is_whole = true;
    for (size_t i = 0; i < 3; i++) {
        is_whole &= ff_value_scaled(ff_words_next(w), 6, &part);
        sum += is_whole && part < UINT32_MAX ? part : 0;
    }
    if (is_whole) {
        out->response_us = sum;
        out->has |= FF_HAS_RESPONSE_TIME;
    }
}

enum ff_reject ff_elb_parse(struct ff_parser *parser, struct ff_span line,
                            struct ff_record *out)
{
    struct ff_words w = { .line = line };
    *out = (struct ff_record) { 0 };
    struct ff_span stamp = ff_words_next(&w);
    if (ff_span_equal(stamp, FF_SPAN("tls")))
        return FF_REJECT_BLANK;
    if (is_type(stamp))
        stamp = ff_words_next(&w);
    if (!w.reject && !ff_iso_time_read(parser->state, stamp, &out->time))
        ff_words_fail_at(&w, stamp,
                         ff_span_find(stamp, 'T') == 10 ? FF_REJECT_TIME
                                                        : FF_REJECT_SHAPE);
    ff_words_next(&w); /* the balancer */
    out->client = ff_value_without_port(ff_words_next(&w));
    ff_words_next(&w); /* the target */
    response_time(&w, out);
    const struct ff_span status = ff_words_next(&w);
    ff_words_next(&w); /* the target's status */
    ff_words_next(&w); /* received */
    const struct ff_span sent = ff_words_next(&w);
    const struct ff_span request = ff_words_quoted(&w);
    if (!w.reject && ff_is_dash(status) && ff_span_starts(request, FF_SPAN("- - ")))
        return FF_REJECT_BLANK;
    if (!ff_value_status(status, &out->status))
        ff_words_fail_at(&w, status, FF_REJECT_STATUS);
    if (!ff_value_size(sent, &out->bytes))
        ff_words_fail_at(&w, sent, FF_REJECT_SIZE);
    if (w.reject)
        return ff_words_finish(&w, parser);
    ff_request_split(request, out);
    out->vhost = ff_target_host(out->target);
    if (out->vhost.len)
        out->has |= FF_HAS_VHOST;
    if (!ff_words_are_read(&w)) {
        out->agent = ff_words_quoted(&w);
        out->has |= FF_HAS_AGENT;
    }
    return ff_words_finish(&w, parser);
}

unsigned ff_elb_likeness(struct ff_parser *parser, struct ff_span line)
{
    struct ff_record record;
    const enum ff_reject why = ff_elb_parse(parser, line, &record);
    if (why == FF_REJECT_BLANK)
        return 1;
    return why == FF_REJECT_NONE && ff_address_read(record.client).kind != FF_CLIENT_BAD
               ? 5
               : 0;
}
