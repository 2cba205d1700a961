/* IIS's own format, from before it could write W3C's:
 *
 *     client, user, date, time, service, server, address, ms, received, sent, status,
 *     win32 status, method, target, parameters,
 *
 * Date and time are the server's local ones, without a zone: they are taken as UTC. A
 * target may hold commas, so the parameters are what stands behind the last of them. */
#include "format_iis.h"

#include <stdlib.h>

#include "address.h"
#include "columns.h"
#include "request.h"
#include "scratch.h"
#include "values.h"

enum {
    CLIENT,
    USER,
    DATE,
    TIME,
    SERVICE,
    SERVER,
    ADDRESS,
    TAKEN,
    RECEIVED,
    SENT,
    STATUS,
    WIN32,
    METHOD,
    FIELDS
};

struct iis {
    struct ff_iso_clock clock;
    struct ff_scratch scratch;
};

enum ff_err ff_iis_open(struct ff_parser *parser, const char *spec,
                        struct ff_fault *fault)
{
    (void)spec;
    struct iis *iis = malloc(sizeof *iis);
    if (!iis)
        return ff_fault_nomem(fault);
    iis->clock = (struct ff_iso_clock) { 0 };
    ff_scratch_init(&iis->scratch);
    parser->state = iis;
    return FF_OK;
}

void ff_iis_close(struct ff_parser *parser)
{
    struct iis *iis = parser->state;
    ff_scratch_wipe(&iis->scratch);
    free(iis);
}

/* Cuts the field before the next comma off the front, with the spaces around it. */
static bool cut(struct ff_span *rest, struct ff_span *field)
{
    const size_t comma = ff_span_find(*rest, ',');
    if (comma == rest->len)
        return false;
    *field = (struct ff_span) { rest->data, comma };
    *rest = ff_span_from(*rest, comma + 1);
    while (field->len && field->data[0] == ' ')
        *field = ff_span_from(*field, 1);
    return true;
}

/* "3/20/01", "03/20/2001" or "2001-03-20" as the last. */
static bool date_text(struct ff_span s, char out[static 10])
{
    const size_t first = ff_span_find(s, '/');
    if (first == s.len) {
        if (s.len == 10)
            memcpy(out, s.data, 10);
        return s.len == 10;
    }
    const struct ff_span tail = ff_span_from(s, first + 1);
    const size_t second = ff_span_find(tail, '/');
    const struct ff_span last = ff_span_from(tail, second + 1);
    uint64_t month, day, year;
    if (!ff_value_number((struct ff_span) { s.data, first }, 2, &month) ||
        !ff_value_number((struct ff_span) { tail.data, second }, 2, &day) ||
        !ff_value_number(last, 4, &year) || (last.len != 2 && last.len != 4))
        return false;
    if (last.len == 2)
        year += year < 70 ? 2000 : 1900;
    const uint64_t parts[] = { year / 100, year % 100, month, day };
    static const uint8_t places[] = { 0, 2, 5, 8 };
    for (size_t i = 0; i < sizeof places; i++) {
        out[places[i]] = (char)('0' + parts[i] / 10);
        out[places[i] + 1] = (char)('0' + parts[i] % 10);
    }
    out[4] = out[7] = '-';
    return true;
}

static bool read_time(struct iis *iis, const struct ff_span *fields, int64_t *time)
{
    char text[20] = "0000-00-00T00:00:00";
    int64_t daytime;
    if (!date_text(fields[DATE], text) || !ff_value_daytime(fields[TIME], &daytime) ||
        !ff_iso_time_read(&iis->clock, (struct ff_span) { text, 19 }, time))
        return false;
    *time += daytime;
    return true;
}

/* "/path, a=b," as "/path?a=b". */
static struct ff_span target(struct iis *iis, struct ff_span rest)
{
    while (rest.len && rest.data[0] == ' ')
        rest = ff_span_from(rest, 1);
    while (rest.len &&
           (rest.data[rest.len - 1] == ',' || rest.data[rest.len - 1] == ' '))
        rest.len--;
    for (size_t i = rest.len; i-- > 1;) {
        if (rest.data[i - 1] != ',' || rest.data[i] != ' ')
            continue;
        const struct ff_span path = { rest.data, i - 1 };
        return ff_scratch_join(&iis->scratch, path,
                               ff_value_text(ff_span_from(rest, i + 1)));
    }
    return rest;
}

enum ff_reject ff_iis_parse(struct ff_parser *parser, struct ff_span line,
                            struct ff_record *out)
{
    struct iis *iis = parser->state;
    struct ff_span fields[FIELDS], rest = line;
    *out = (struct ff_record) { 0 };
    ff_scratch_empty(&iis->scratch);
    if (line.len > FF_LINE_MAX)
        return FF_REJECT_LONG;
    for (size_t i = 0; i < FIELDS; i++)
        if (!cut(&rest, &fields[i]))
            return ff_reject_at(parser, line, rest, FF_REJECT_SHAPE);
    if (fields[CLIENT].len == 0)
        return FF_REJECT_SHAPE;
    if (ff_span_starts(fields[METHOD], FF_SPAN("[")))
        return FF_REJECT_BLANK; /* FTP: "[12]USER" */
    if (!read_time(iis, fields, &out->time))
        return ff_reject_at(parser, line, fields[DATE], FF_REJECT_TIME);
    if (!ff_value_status(fields[STATUS], &out->status))
        return ff_reject_at(parser, line, fields[STATUS], FF_REJECT_STATUS);
    if (!ff_value_size(fields[SENT], &out->bytes))
        return ff_reject_at(parser, line, fields[SENT], FF_REJECT_SIZE);
    out->client = fields[CLIENT];
    if (ff_value_scaled(fields[TAKEN], 3, &out->response_us))
        out->has |= FF_HAS_RESPONSE_TIME;
    out->target = target(iis, rest);
    if (ff_method_len(fields[METHOD]) == fields[METHOD].len && out->target.len)
        out->method = fields[METHOD];
    return FF_REJECT_NONE;
}

unsigned ff_iis_likeness(struct ff_parser *parser, struct ff_span line)
{
    struct ff_record record;
    const enum ff_reject why = ff_iis_parse(parser, line, &record);
    return why == FF_REJECT_NONE && ff_address_read(record.client).kind != FF_CLIENT_BAD
               ? 5
               : 0;
}
