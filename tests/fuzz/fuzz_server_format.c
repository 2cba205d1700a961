/* A format string, a NUL, a log: whatever the string, it is refused with a sentence or
 * reads every line; a record's spans lie within the line or the program's memory, a
 * rejected line has a reason and a column within it. Without a string the log is
 * read as one of several formats. */
#include <stdint.h>
#include <stdlib.h>

#include "server_format.h"
#include "server_program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so)
        abort();
}

static bool is_within(struct ff_span part, const char *memory, size_t len)
{
    return memory && part.data >= memory && part.data + part.len <= memory + len;
}

static void check_span(struct ff_span part, struct ff_span line,
                       const struct ff_server_program *program)
{
    require(part.len == 0 || is_within(part, line.data, line.len) ||
            is_within(part, program->scratch, FF_LINE_MAX + 2));
}

static void check_record(const struct ff_server_program *program,
                         const struct ff_record *r, struct ff_span line)
{
    const struct ff_span spans[] = {
        r->vhost,        r->target,     r->referrer, r->agent,     r->language,
        r->content_type, r->fetch_dest, r->purpose,  r->forwarded,
    };
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        check_span(spans[i], line, program);
    /* These two may be words of ours: no client, and the method of a format without. */
    if (!ff_span_equal(r->client, FF_SPAN("-")))
        check_span(r->client, line, program);
    if (!ff_span_equal(r->method, FF_SPAN("GET")))
        check_span(r->method, line, program);
    require(r->client.len > 0);
    require(r->status <= 999);
    require((r->method.len == 0) == (r->target.len == 0));
}

static bool is_same(struct ff_span a, struct ff_span b)
{
    return a.len == b.len && (a.len == 0 || a.data == b.data);
}

/* By its marks the line is read as it is without. */
static void check_marked(struct ff_parser *parser, struct ff_span text,
                         enum ff_reject why, const struct ff_record *want)
{
    static struct ff_marks marks;
    struct ff_record got;
    if (text.len == 0 || text.len > FF_MARKS_WINDOW || text.data[0] == '#')
        return;
    const struct ff_marked_line line = { .text = text,
                                         .base = text.data,
                                         .marks = marks.at,
                                         .bytes = marks.bytes,
                                         .n_marks = ff_marks_best()(text, &marks) };
    require(ff_parser_read_marked(parser, &line, &got) == why);
    if (why)
        return;
    require(got.time == want->time && got.east == want->east &&
            got.status == want->status && got.bytes == want->bytes &&
            got.response_us == want->response_us && got.has == want->has &&
            got.opts_out == want->opts_out);
    require(is_same(got.client, want->client) && is_same(got.vhost, want->vhost) &&
            is_same(got.method, want->method) && is_same(got.target, want->target) &&
            is_same(got.referrer, want->referrer) && is_same(got.agent, want->agent) &&
            is_same(got.language, want->language) &&
            is_same(got.forwarded, want->forwarded));
}

static void read_lines(struct ff_parser *parser, struct ff_span text, bool is_server)
{
    struct ff_span line;
    while (ff_line_cut(&text, &line)) {
        struct ff_record record;
        const enum ff_reject why = ff_parser_read(parser, line, &record);
        require(why <= FF_REJECT_BLANK);
        if (why)
            require(parser->column >= 1 && parser->column <= line.len + 1);
        else if (is_server)
            check_record(parser->state, &record, line);
        if (is_server)
            check_marked(parser, line, why, &record);
        if (line.len && line.data[0] != '#' && is_server)
            require(ff_server_like(parser, line) <= 4);
    }
    ff_parser_close(parser);
}

static void read_mixed(struct ff_span text)
{
    const struct ff_guess guess = {
        .format = ff_format_named("combined"),
        .others = { ff_format_named("vhost_combined"), ff_format_named("common"),
                    ff_format_named("nginx_proxy_manager") },
    };
    struct ff_parser parser;
    struct ff_fault fault;
    require(ff_parser_open_guess(&parser, &guess, NULL, &fault) == FF_OK);
    read_lines(&parser, text, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ff_span all = { (const char *)data, size };
    const size_t len = ff_span_find(all, '\0');
    const struct ff_span text = ff_span_from(all, len + 1);
    struct ff_fault fault = { "" };
    struct ff_parser parser;
    char *spec = calloc(len + 1, 1);
    require(spec != NULL);
    if (len)
        memcpy(spec, data, len);
    const enum ff_err err = ff_parser_open(&parser, &ff_server_format, spec, &fault);
    if (err)
        require(err == FF_ERR_USAGE && fault.text[0]);
    else
        read_lines(&parser, text, true);
    free(spec);
    if (len == 0)
        read_mixed(text);
    return 0;
}
