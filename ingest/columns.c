#include "columns.h"

#include <assert.h>

#include "values.h"

static_assert(FF_COLUMNS <= 32, "ff_row.present has a bit for each");

enum ff_column ff_column_named(const struct ff_column_name *table, struct ff_span name)
{
    for (; table->name; table++)
        if (ff_span_equal_nocase(name, ff_span_of(table->name)))
            return table->column;
    return FF_COLUMN_NONE;
}

void ff_row_set(struct ff_row *row, enum ff_column column, struct ff_span value)
{
    assert(column < FF_COLUMNS);
    if (!ff_row_has(row, column) || ff_value_text(row->value[column]).len == 0)
        row->value[column] = value;
    row->present |= UINT32_C(1) << column;
}

enum ff_reject ff_reject_at(struct ff_parser *parser, struct ff_span line,
                            struct ff_span part, enum ff_reject why)
{
    if (part.data >= line.data && part.data <= line.data + line.len)
        parser->column = (uint32_t)(part.data - line.data) + 1;
    return why;
}

static void take_text(const struct ff_row *row, struct ff_record *out)
{
    out->client = ff_value_text(row->value[FF_COLUMN_CLIENT]);
    if (out->client.len == 0)
        out->client = FF_SPAN("-");
    out->agent = ff_value_text(row->value[FF_COLUMN_AGENT]);
    out->referrer = ff_value_text(row->value[FF_COLUMN_REFERRER]);
    out->language = ff_value_text(row->value[FF_COLUMN_LANGUAGE]);
    out->vhost = ff_value_text(row->value[FF_COLUMN_VHOST]);
    if (out->vhost.len == 0)
        out->vhost = ff_value_text(row->value[FF_COLUMN_HOST]);
    out->forwarded = ff_value_text(row->value[FF_COLUMN_FORWARDED]);
    out->content_type = ff_value_text(row->value[FF_COLUMN_CONTENT_TYPE]);
    out->fetch_dest = ff_value_text(row->value[FF_COLUMN_FETCH_DEST]);
    out->purpose = ff_value_text(row->value[FF_COLUMN_PURPOSE]);
    out->opts_out = ff_span_equal(row->value[FF_COLUMN_OPT_OUT], FF_SPAN("1"));
}

static void take_response_time(const struct ff_row *row, struct ff_record *out)
{
    static const struct {
        enum ff_column column;
        int shift; /* to microseconds */
    } units[] = { { FF_COLUMN_SECONDS, 6 },
                  { FF_COLUMN_MILLIS, 3 },
                  { FF_COLUMN_MICROS, 0 } };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (ff_value_scaled(row->value[units[i].column], units[i].shift,
                            &out->response_us)) {
            out->has |= FF_HAS_RESPONSE_TIME;
            return;
        }
    }
}

enum ff_reject ff_row_record(const struct ff_row *row, struct ff_parser *parser,
                             struct ff_span line, struct ff_record *out)
{
    static const struct {
        enum ff_column column;
        enum ff_record_has has;
    } marks[] = {
        { FF_COLUMN_AGENT, FF_HAS_AGENT },
        { FF_COLUMN_REFERRER, FF_HAS_REFERRER },
        { FF_COLUMN_LANGUAGE, FF_HAS_LANGUAGE },
        { FF_COLUMN_CONTENT_TYPE, FF_HAS_CONTENT_TYPE },
    };
    *out = (struct ff_record) { .status = 200 };
    take_text(row, out);
    take_response_time(row, out);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (ff_row_has(row, marks[i].column))
            out->has |= (uint8_t)marks[i].has;
    if (out->vhost.len)
        out->has |= FF_HAS_VHOST;
    const struct ff_span status = row->value[FF_COLUMN_STATUS],
                         bytes = row->value[FF_COLUMN_BYTES];
    if (ff_row_has(row, FF_COLUMN_STATUS) && !ff_value_status(status, &out->status))
        return ff_reject_at(parser, line, status, FF_REJECT_STATUS);
    if (!ff_value_size(bytes, &out->bytes))
        return ff_reject_at(parser, line, bytes, FF_REJECT_SIZE);
    return FF_REJECT_NONE;
}
