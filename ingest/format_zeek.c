/* Zeek's (formerly Bro's) http.log: what a listener on the wire saw. Tabs apart, named
 * by a "#fields" line. A request whose response was not seen counts as nginx's 499; a
 * response without a request is blank. */
#include "format_zeek.h"

#include <stdlib.h>

#include "columns.h"
#include "request.h"
#include "values.h"

/* clang-format off */
static const struct ff_column_name names[] = {
    { "ts", FF_COLUMN_STAMP },
    { "id.orig_h", FF_COLUMN_CLIENT },
    { "method", FF_COLUMN_METHOD },
    { "host", FF_COLUMN_VHOST },
    { "uri", FF_COLUMN_URI },
    { "referrer", FF_COLUMN_REFERRER },
    { "user_agent", FF_COLUMN_AGENT },
    { "response_body_len", FF_COLUMN_BYTES },
    { "status_code", FF_COLUMN_STATUS },
    { "resp_mime_types", FF_COLUMN_CONTENT_TYPE },
    { NULL, FF_COLUMN_NONE },
};
/* clang-format on */

enum { COLUMNS_MAX = 128 };

struct zeek {
    uint8_t columns[COLUMNS_MAX]; /* enum ff_column */
    size_t n;
};

enum ff_err ff_zeek_open(struct ff_parser *parser, const char *spec,
                         struct ff_fault *fault)
{
    (void)spec;
    parser->state = calloc(1, sizeof(struct zeek));
    return parser->state ? FF_OK : ff_fault_nomem(fault);
}

void ff_zeek_close(struct ff_parser *parser)
{
    free(parser->state);
}

static struct ff_span cut(struct ff_span *rest)
{
    const struct ff_span field = { rest->data, ff_span_find(*rest, '\t') };
    *rest = ff_span_from(*rest, field.len + 1);
    return field;
}

bool ff_zeek_comment(struct ff_parser *parser, struct ff_span line)
{
    struct zeek *zeek = parser->state;
    if (!ff_span_starts(line, FF_SPAN("#fields\t")))
        return false;
    cut(&line);
    for (zeek->n = 0; line.len && zeek->n < COLUMNS_MAX; zeek->n++)
        zeek->columns[zeek->n] = (uint8_t)ff_column_named(names, cut(&line));
    return true;
}

enum ff_reject ff_zeek_parse(struct ff_parser *parser, struct ff_span line,
                             struct ff_record *out)
{
    const struct zeek *zeek = parser->state;
    struct ff_row row = { 0 };
    struct ff_span rest = line;
    int64_t time;
    for (size_t i = 0; rest.len && i < zeek->n; i++) {
        const struct ff_span field = cut(&rest);
        if (zeek->columns[i])
            ff_row_set(&row, zeek->columns[i], field);
    }
    if (!ff_row_has(&row, FF_COLUMN_STAMP) || !ff_row_has(&row, FF_COLUMN_METHOD) ||
        !ff_row_has(&row, FF_COLUMN_URI))
        return FF_REJECT_SHAPE;
    const struct ff_span method = row.value[FF_COLUMN_METHOD];
    if (ff_is_dash(method))
        return FF_REJECT_BLANK;
    if (ff_is_dash(row.value[FF_COLUMN_STATUS]))
        row.value[FF_COLUMN_STATUS] = FF_SPAN("499");
    const enum ff_reject why = ff_row_record(&row, parser, line, out);
    if (why)
        return why;
    if (!ff_epoch_time_read(row.value[FF_COLUMN_STAMP], &time))
        return ff_reject_at(parser, line, row.value[FF_COLUMN_STAMP], FF_REJECT_TIME);
    out->time = time;
    out->target = ff_value_text(row.value[FF_COLUMN_URI]);
    if (out->target.len && ff_method_len(method) == method.len)
        out->method = method;
    return FF_REJECT_NONE;
}

unsigned ff_zeek_likeness(struct ff_parser *parser, struct ff_span line)
{
    struct ff_record record;
    const enum ff_reject why = ff_zeek_parse(parser, line, &record);
    return why == FF_REJECT_NONE ? 5 : why == FF_REJECT_BLANK;
}
