/* Any text as JSON lines. The scanner says the same of a text whether it is asked for
 * nothing of it, for some paths, or for the second time, and so does the walk over
 * marks, if it can read it; what they give lies in the text, and what is undone of it
 * is no longer than it was. Each JSON format gives a record or a reason, and the same
 * when it has read other lines. The text as a map, too. */
#include <stdint.h>
#include <stdlib.h>

#include "formats.h"
#include "iso_time.h"
#include "json_maps.h"
#include "json_tokens.h"
#include "json_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so)
        abort();
}

static void add_paths(struct ff_json_paths *paths)
{
    static const char *const some[] = { "a",           "a.b",
                                        "a.b.c",       "status",
                                        "request.uri", "request.headers.User-Agent",
                                        "x\\.y",       "\\\\" };
    struct ff_fault fault;
    for (unsigned i = 0; i < sizeof some / sizeof *some; i++) {
        unsigned number;
        if (ff_json_paths_add(paths, ff_span_of(some[i]), &number, &fault))
            abort();
        require(number == i);
    }
}

static void check_value(const struct ff_json_value *value, struct ff_span text)
{
    require(value->at <= text.len && value->text.len <= text.len - value->at);
    require(value->text.data == text.data + value->at);
    char *out = malloc(value->text.len ? value->text.len : 1);
    if (!out)
        return;
    require(ff_json_unescape(value->text, true, out) <= value->text.len);
    const size_t len = ff_json_unescape(value->text, false, out);
    require(len <= value->text.len);
    require(value->has_escapes ||
            ff_span_equal(value->text, (struct ff_span) { out, len }));
    struct ff_iso_clock clock = { 0 };
    int64_t time;
    if (ff_iso_time_read(&clock, (struct ff_span) { out, len }, &time))
        require(time >= -62200000000 && time < 253500000000);
    if (ff_epoch_time_read((struct ff_span) { out, len }, &time))
        require(time >= 0 && time < 100000000000);
    free(out);
}

static struct ff_marked_line mark(struct ff_span text)
{
    static struct ff_marks marks;
    struct ff_marked_line line = { .text = text, .base = text.data };
    if (text.len <= FF_MARKS_WINDOW) {
        line.marks = marks.at;
        line.n_marks = ff_marks_best()(text, &marks);
    }
    return line;
}

/* What the walk remembers of other texts must change nothing. It reads the text until
 * its shape is known, which the next text is likely to share in part. */
static void check_walk(const struct ff_json_paths *some, struct ff_span text,
                       bool is_json, const struct ff_json_found *want)
{
    static struct ff_json_walk walk;
    static struct ff_json_found found;
    const struct ff_marked_line line = mark(text);
    for (int times = 0; times < FF_JSON_ALIKE + 3; times++) {
        if (!ff_json_walk(&walk, some, &line, &found))
            continue;
        require(is_json && found.present == want->present &&
                found.objects == want->objects);
        for (unsigned i = 0; i < some->n_paths; i++)
            require(!((found.present & ~found.objects) >> i & 1) ||
                    (found.values[i].text.data == want->values[i].text.data &&
                     found.values[i].text.len == want->values[i].text.len &&
                     found.values[i].has_escapes == want->values[i].has_escapes));
    }
}

static void scan(struct ff_span text)
{
    static const struct ff_json_paths nothing;
    struct ff_json_paths some = { 0 };
    struct ff_json_found none = { 0 }, found = { 0 }, again;
    size_t at, at_some, at_again;
    add_paths(&some);
    const bool is_json = ff_json_scan(&nothing, text, &none, &at);
    require(none.present == 0 && at <= text.len);
    require(ff_json_scan(&some, text, &found, &at_some) == is_json && at_some == at);
    check_walk(&some, text, is_json, &found);
    again = found;
    require(ff_json_scan(&some, text, &again, &at_again) == is_json && at_again == at);
    require(again.present == found.present && again.objects == found.objects);
    for (unsigned i = 0; i < some.n_paths; i++) {
        if (!(found.present >> i & 1))
            continue;
        check_value(&found.values[i], text);
        require(again.values[i].at == found.values[i].at &&
                again.values[i].text.len == found.values[i].text.len);
    }
}

static uint64_t touch(struct ff_span part)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < part.len; i++)
        sum = sum * 31 + (unsigned char)part.data[i];
    return sum;
}

static uint64_t touch_record(const struct ff_record *r)
{
    const struct ff_span spans[] = {
        r->client,   r->vhost,     r->method,  r->target,       r->referrer,   r->agent,
        r->language, r->forwarded, r->purpose, r->content_type, r->fetch_dest,
    };
    uint64_t sum = (uint64_t)r->time + r->status + r->bytes + r->response_us;
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        sum = sum * 31 + touch(spans[i]);
    require(r->client.len > 0 && r->status <= 999);
    return sum;
}

static uint64_t read_line(struct ff_parser *parser, struct ff_span line,
                          enum ff_reject *why)
{
    struct ff_record record;
    parser->column = 1;
    *why = parser->format->parse(parser, line, &record);
    require(*why <= FF_REJECT_BLANK);
    require(parser->column >= 1 && parser->column <= line.len + 1);
    return *why == FF_REJECT_NONE ? touch_record(&record) : 0;
}

static void read_lines(struct ff_parser *parser, struct ff_span text)
{
    struct ff_span line;
    while (ff_line_cut(&text, &line)) {
        enum ff_reject first, second;
        struct ff_record record;
        const struct ff_marked_line marked = mark(line);
        const uint64_t sum = read_line(parser, line, &first);
        require(read_line(parser, line, &second) == sum && second == first);
        if (parser->format->parse_marked(parser, &marked, &record))
            require(first == FF_REJECT_NONE && touch_record(&record) == sum);
    }
}

static void read_map(struct ff_span text)
{
    struct ff_json_map map = { 0 };
    struct ff_fault fault;
    char *spec = malloc(text.len + 1);
    if (!spec)
        return;
    if (text.len)
        memcpy(spec, text.data, text.len);
    spec[text.len] = '\0';
    const enum ff_err err = ff_json_map_read(&map, spec, &fault);
    require(err == FF_OK || err == FF_ERR_USAGE);
    free(spec);
}

/* Opened once: their scratch memory is what takes time. What they remember of other
 * texts must change nothing but which fields are there. */
static void read_formats(struct ff_span text)
{
    static const char *const names[] = { "nginx_json", "caddy_json",      "gcp_json",
                                         "envoy_json", "cloudflare_json", "json" };
    enum { FORMATS = sizeof names / sizeof *names };
    static struct ff_parser parsers[FORMATS];
    struct ff_fault fault;
    for (size_t i = 0; i < FORMATS; i++) {
        const struct ff_format *format = ff_format_named(names[i]);
        if (!parsers[i].format && ff_parser_open(&parsers[i], format, NULL, &fault))
            abort();
        read_lines(&parsers[i], text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ff_span text = { (const char *)data, size };
    scan(text);
    read_map(text);
    read_formats(text);
    return 0;
}
