/* The W3C extended log format (WD-logfile-960323) as IIS, CloudFront, NetScaler and
 * others write it: a `#Fields` line names the fields of the lines below it, and may
 * come again with other names at any place. Where it leaves the text:
 *
 * - fields stand apart by spaces (any number) or by single tabs, which the first line
 *   below a header tells; CloudFront's header has spaces and its lines have tabs;
 * - a line may have fewer fields than the header (cut off, or older) or more (newer),
 * as long as those that matter can be read;
 * - the agent has "+" (IIS) or percent-encoding (CloudFront) for spaces.
 *
 * Lines that are not about HTTP requests (CloudFront's RTMP events, IIS's FTP commands,
 * connections that HTTP.sys closed) are blank. */
#include "format_w3c.h"

#include <stdlib.h>

#include "address.h"
#include "columns.h"
#include "request.h"
#include "scratch.h"
#include "values.h"

#define COLUMNS_MAX 256

struct w3c {
    uint8_t columns[COLUMNS_MAX]; /* enum ff_column */
    size_t n;                     /* names in the header; those past the cap are not */
    size_t found;                 /* fields of the last line */
    uint32_t named;               /* a bit for each column that the header has */
    bool has_header;              /* the columns are from a `#Fields` line */
    bool is_edge;                 /* CloudFront's */
    bool takes_seconds;           /* time-taken is in seconds, as the text says */
    char separator;               /* 0: not known yet */
    bool has_date;                /* a `#Date` line was read, or a line with a date */
    char date[10];                /* that of it */
    int64_t daytime;              /* of the last line without a date */
    struct ff_iso_clock clock;
    struct ff_scratch scratch;
};

static void set_columns(struct w3c *w, struct ff_span text)
{
    w->n = 0;
    w->named = 0;
    w->is_edge = false;
    w->separator = 0;
    while (text.len && w->n < COLUMNS_MAX) {
        struct ff_span name = text;
        size_t len = 0;
        while (len < text.len && text.data[len] != ' ' && text.data[len] != '\t')
            len++;
        name.len = len;
        text = ff_span_from(text, len + 1);
        if (len == 0)
            continue;
        w->is_edge |= ff_span_starts(name, FF_SPAN("x-edge-"));
        const enum ff_column column = ff_column_named(ff_w3c_names, name);
        w->columns[w->n++] = (uint8_t)column;
        w->named |= UINT32_C(1) << column;
    }
}

enum ff_err ff_w3c_open(struct ff_parser *parser, const char *spec,
                        struct ff_fault *fault)
{
    struct w3c *w = malloc(sizeof *w);
    if (!w)
        return ff_fault_nomem(fault);
    /* Not the scratch memory: it is touched as far as it is needed. */
    memset(w, 0, offsetof(struct w3c, scratch));
    ff_scratch_init(&w->scratch);
    if (spec)
        set_columns(w, ff_span_of(spec));
    parser->state = w;
    return FF_OK;
}

void ff_w3c_close(struct ff_parser *parser)
{
    struct w3c *w = parser->state;
    ff_scratch_wipe(&w->scratch);
    free(w);
}

/* "#Name: value" and its value. */
static bool directive(struct ff_span line, struct ff_span name, struct ff_span *value)
{
    const struct ff_span head = { line.data, name.len };
    if (line.len < name.len || !ff_span_equal_nocase(head, name))
        return false;
    *value = ff_span_from(line, name.len);
    while (value->len && (value->data[0] == ' ' || value->data[0] == '\t'))
        *value = ff_span_from(*value, 1);
    return true;
}

bool ff_w3c_comment(struct ff_parser *parser, struct ff_span line)
{
    struct w3c *w = parser->state;
    struct ff_span value;
    if (directive(line, FF_SPAN("#Fields:"), &value)) {
        set_columns(w, value);
        w->has_header = true;
        return !parser->format->spec;
    }
    if (directive(line, FF_SPAN("#Date:"), &value)) {
        int64_t time;
        value.len = value.len < 19 ? value.len : 19;
        w->has_date = ff_iso_time_read(&w->clock, value, &time);
        if (w->has_date)
            memcpy(w->date, value.data, sizeof w->date);
        w->daytime = 0;
    } else if (directive(line, FF_SPAN("#Software:"), &value)) {
        w->takes_seconds = ff_span_starts(value, FF_SPAN("NetScaler"));
    }
    return false;
}

/* The header's own separator is no sign: see the head of this file. */
static char separator_of(const struct w3c *w, struct ff_span line)
{
    size_t tabs = 0;
    for (size_t i = 0; i < line.len; i++)
        tabs += line.data[i] == '\t';
    return tabs && tabs * 2 >= w->n - 1 ? '\t' : ' ';
}

/* `"a ""b"" c"` from its first quote: what is inside, with doubled quotes made one. */
static struct ff_span quoted(struct w3c *w, struct ff_span s, size_t *len)
{
    bool has_doubles = false;
    for (size_t i = 1; i < s.len; i++) {
        if (s.data[i] != '"')
            continue;
        const bool is_last = i + 1 == s.len;
        if (!is_last && s.data[i + 1] == '"') {
            has_doubles = true;
            i++;
        } else if (is_last || s.data[i + 1] == w->separator) {
            *len = i + 1;
            s = (struct ff_span) { s.data + 1, i - 1 };
            break;
        }
    }
    if (!has_doubles || *len == 0)
        return s;
    const size_t start = w->scratch.used;
    for (size_t i = 0; i < s.len; i++) {
        ff_scratch_add(&w->scratch, (struct ff_span) { s.data + i, 1 });
        i += s.data[i] == '"' && i + 1 < s.len && s.data[i + 1] == '"';
    }
    return ff_scratch_since(&w->scratch, start);
}

/* The field that `rest` begins with, which is cut off it. A quote that nothing closes
 * is an ordinary character. */
static struct ff_span field(struct w3c *w, struct ff_span *rest)
{
    struct ff_span value = *rest;
    size_t len = 0;
    if (value.data[0] == '"')
        value = quoted(w, value, &len);
    if (len == 0) {
        value = *rest;
        len = value.len = ff_span_find(*rest, w->separator);
    }
    *rest = ff_span_from(*rest, len + 1);
    return value;
}

static void split(struct w3c *w, struct ff_span line, struct ff_row *row)
{
    w->found = 0;
    if (!w->separator)
        w->separator = separator_of(w, line);
    for (;;) {
        /* With tabs too a field may have a space before it: CloudFront's RTMP log. */
        while (line.len && line.data[0] == ' ')
            line = ff_span_from(line, 1);
        if (line.len == 0)
            break;
        const struct ff_span value = field(w, &line);
        if (w->found < w->n && w->columns[w->found])
            ff_row_set(row, w->columns[w->found], value);
        w->found++;
    }
}

/* The log's dates are UTC. A line without a date has the last `#Date`'s, and the next
 * day's once the clock has gone back by more than half a day. */
static bool read_time(struct w3c *w, const struct ff_row *row, int64_t *time)
{
    enum { HALF_DAY = 12 * 3600 };
    const struct ff_span stamp = row->value[FF_COLUMN_STAMP];
    struct ff_span date = row->value[FF_COLUMN_DATE];
    int64_t daytime = 0;
    char text[20] = "0000-00-00T00:00:00";
    if (ff_row_has(row, FF_COLUMN_STAMP))
        return ff_epoch_time_read(stamp, time) ||
               ff_iso_time_read(&w->clock, stamp, time);
    if (ff_row_has(row, FF_COLUMN_TIME) &&
        !ff_value_daytime(row->value[FF_COLUMN_TIME], &daytime))
        return false;
    if (!ff_row_has(row, FF_COLUMN_DATE) && w->has_date)
        date = (struct ff_span) { w->date, sizeof w->date };
    if (date.len != sizeof w->date)
        return false;
    memcpy(text, date.data, date.len);
    if (!ff_iso_time_read(&w->clock, (struct ff_span) { text, 19 }, time))
        return false;
    *time += daytime;
    if (!ff_row_has(row, FF_COLUMN_DATE)) {
        if (daytime + HALF_DAY < w->daytime)
            *time += 24 * 3600;
        else
            w->daytime = daytime;
    }
    return true;
}

/* Spaces in the agent: percent-encoded, once or (before 2014) twice, or "+", where a
 * "+" behind one is meant. */
static struct ff_span agent(struct w3c *w, struct ff_span s)
{
    const size_t start = w->scratch.used;
    if (w->is_edge || w->separator == '\t') {
        for (int times = 0; times < 2 && ff_span_find(s, '%') < s.len; times++)
            s = ff_scratch_decode(&w->scratch, s);
        return s;
    }
    if (ff_span_find(s, '+') == s.len || ff_span_find(s, ' ') < s.len)
        return s;
    ff_scratch_add(&w->scratch, s);
    for (size_t i = start; i < w->scratch.used; i++) {
        if (w->scratch.bytes[i] != '+')
            continue;
        w->scratch.bytes[i] = ' ';
        i += i + 1 < w->scratch.used && w->scratch.bytes[i + 1] == '+';
    }
    return ff_scratch_since(&w->scratch, start);
}

/* CloudFront encodes the "%" of what was encoded already: "%2520" is "%20". */
static struct ff_span url(struct w3c *w, struct ff_span s)
{
    s = ff_value_text(s);
    if (!w->is_edge || ff_span_find(s, '%') == s.len)
        return s;
    const size_t start = w->scratch.used;
    while (s.len) {
        const size_t at = ff_span_find(s, '%') + 1;
        ff_scratch_add(&w->scratch,
                       (struct ff_span) { s.data, at < s.len ? at : s.len });
        const bool is_double = at + 3 < s.len && memcmp(s.data + at, "25", 2) == 0 &&
                               ff_hex_digit(s.data[at + 2]) >= 0 &&
                               ff_hex_digit(s.data[at + 3]) >= 0;
        s = ff_span_from(s, at + (is_double ? 2 : 0));
    }
    return ff_scratch_since(&w->scratch, start);
}

static void take_request(struct w3c *w, const struct ff_row *row, struct ff_record *out)
{
    const struct ff_span method = row->value[FF_COLUMN_METHOD];
    struct ff_span target = url(w, row->value[FF_COLUMN_STEM]);
    if (target.len)
        target =
            ff_scratch_join(&w->scratch, target, url(w, row->value[FF_COLUMN_QUERY]));
    else
        target = url(w, row->value[FF_COLUMN_URI]);
    if (!ff_row_has(row, FF_COLUMN_METHOD))
        out->method = FF_SPAN("GET");
    else if (method.len && ff_method_len(method) == method.len)
        out->method = method;
    if (target.len == 0)
        out->method.len = 0;
    out->target = target;
}

/* See the head of this file. */
static bool is_no_request(const struct ff_row *row)
{
    const struct ff_span method = row->value[FF_COLUMN_METHOD];
    return ff_row_has(row, FF_COLUMN_EVENT) || ff_span_starts(method, FF_SPAN("[")) ||
           (ff_is_dash(method) && ff_is_dash(row->value[FF_COLUMN_STATUS]));
}

/* Whether the line has what matters: an address of what was requested, and all that the
 * header names of these. */
static bool is_complete(const struct w3c *w, const struct ff_row *row)
{
    const uint32_t needed =
        UINT32_C(1) << FF_COLUMN_DATE | UINT32_C(1) << FF_COLUMN_TIME |
        UINT32_C(1) << FF_COLUMN_CLIENT | UINT32_C(1) << FF_COLUMN_METHOD |
        UINT32_C(1) << FF_COLUMN_STEM | UINT32_C(1) << FF_COLUMN_STATUS;
    return (ff_row_has(row, FF_COLUMN_STEM) || ff_row_has(row, FF_COLUMN_URI)) &&
           (w->named & needed & ~row->present) == 0;
}

enum ff_reject ff_w3c_parse(struct ff_parser *parser, struct ff_span line,
                            struct ff_record *out)
{
    struct w3c *w = parser->state;
    struct ff_row row = { 0 };
    int64_t time = 0;
    ff_scratch_empty(&w->scratch);
    if (line.len > FF_LINE_MAX)
        return FF_REJECT_LONG;
    split(w, line, &row);
    if (is_no_request(&row))
        return FF_REJECT_BLANK;
    enum ff_reject why = FF_REJECT_SHAPE;
    if (is_complete(w, &row))
        why = ff_row_record(&row, parser, line, out);
    if (why == FF_REJECT_NONE && !read_time(w, &row, &time))
        why = ff_reject_at(parser, line, row.value[FF_COLUMN_DATE], FF_REJECT_TIME);
    if (why) {
        w->separator = 0;
        return why;
    }
    out->time = time;
    out->agent = agent(w, out->agent);
    out->referrer = url(w, out->referrer);
    const struct ff_span taken = row.value[FF_COLUMN_MILLIS];
    if (w->is_edge || w->takes_seconds || ff_span_find(taken, '.') < taken.len)
        out->response_us *= 1000;
    take_request(w, &row, out);
    return FF_REJECT_NONE;
}

/* Without a header a line must have all the fields, and CloudFront's has tabs. */
unsigned ff_w3c_likeness(struct ff_parser *parser, struct ff_span line)
{
    const struct w3c *w = parser->state;
    struct ff_record record;
    if (w->n == 0 || w->has_header == (parser->format->spec != NULL))
        return 0;
    const enum ff_reject why = ff_w3c_parse(parser, line, &record);
    if (w->has_header)
        return why == FF_REJECT_NONE ? 5 : why == FF_REJECT_BLANK;
    const bool is_whole =
        w->is_edge ? w->found >= 23 && w->found <= w->n && w->separator == '\t'
                   : w->found == w->n;
    return why == FF_REJECT_NONE && is_whole &&
                   ff_address_read(record.client).kind != FF_CLIENT_BAD
               ? 5
               : 0;
}
