/* S3's server access log:
 *
 *     owner bucket [time] client requester id operation key "request" status error sent
 *     size total-ms turnaround-ms "referrer" "agent" version id2 signature cipher auth
 *     host ...
 *
 * What is not a request to the bucket (lifecycle rules and batch jobs:
 * "S3.EXPIRE.OBJECT" with neither client nor status) is blank. */
#include "format_aws.h"

#include "address.h"
#include "request.h"
#include "word_cursor.h"

static int64_t read_time(struct ff_words *w, struct ff_clf_clock *clock)
{
    int64_t time = 0;
    const struct ff_span rest = ff_words_rest(w);
    if (w->reject)
        return 0;
    if (rest.len < FF_CLF_TIME_LEN + 3 || rest.data[0] != '[' ||
        rest.data[FF_CLF_TIME_LEN + 1] != ']')
        ff_words_fail(w, FF_REJECT_SHAPE);
    else if (!ff_clf_time_read(clock, rest.data + 1, &time))
        ff_words_fail(w, FF_REJECT_TIME);
    else
        w->at += FF_CLF_TIME_LEN + 2;
    return time;
}

static void skip(struct ff_words *w, unsigned n)
{
    while (n--)
        ff_words_next(w);
}

/* Newer fields: version, second id, signature, cipher, authentication, host. */
static void take_host(struct ff_words *w, struct ff_record *out)
{
    for (unsigned i = 0; !ff_words_are_read(w); i++) {
        const struct ff_span word = ff_value_text(ff_words_next(w));
        if (i != 5 || word.len == 0)
            continue;
        out->vhost = word;
        out->has |= FF_HAS_VHOST;
        break;
    }
}

enum ff_reject ff_s3_parse(struct ff_parser *parser, struct ff_span line,
                           struct ff_record *out)
{
    struct ff_words w = { .line = line };
    *out = (struct ff_record) { .has = FF_HAS_REFERRER | FF_HAS_AGENT };
    skip(&w, 2);
    ff_words_are_read(&w);
    out->time = read_time(&w, &parser->clock);
    out->east = parser->clock.east;
    out->client = ff_words_next(&w);
    skip(&w, 4); /* requester, id, operation, key */
    const struct ff_span request = ff_words_quoted(&w), status = ff_words_next(&w);
    if (!w.reject && request.len == 0 && ff_is_dash(status))
        return FF_REJECT_BLANK;
    if (!ff_value_status(status, &out->status))
        ff_words_fail_at(&w, status, FF_REJECT_STATUS);
    skip(&w, 1); /* error */
    out->bytes = ff_words_size(&w);
    skip(&w, 1); /* the object's size */
    if (ff_value_scaled(ff_words_next(&w), 3, &out->response_us))
        out->has |= FF_HAS_RESPONSE_TIME;
    skip(&w, 1); /* turn-around */
    out->referrer = ff_words_quoted(&w);
    out->agent = ff_words_quoted(&w);
    if (w.reject)
        return ff_words_finish(&w, parser);
    ff_request_split(request, out);
    take_host(&w, out);
    return ff_words_finish(&w, parser);
}

/* The common log format's lines have a quote behind the time. */
unsigned ff_s3_likeness(struct ff_parser *parser, struct ff_span line)
{
    struct ff_record record;
    const enum ff_reject why = ff_s3_parse(parser, line, &record);
    if (why == FF_REJECT_BLANK)
        return 1;
    return why == FF_REJECT_NONE && ff_address_read(record.client).kind != FF_CLIENT_BAD
               ? 5
               : 0;
}
