/* Steps straight down the line; each puts its text where it belongs in the record. */
#include "server_program.h"

#include <assert.h>
#include <sodium.h>
#include <stddef.h>
#include <stdlib.h>

#include "clf_marked.h"
#include "iso_time.h"
#include "request.h"
#include "server_cursor.h"

/* What a line gives before it is a record. */
struct gathered {
    struct ff_span path, query;
    struct ff_server_time time;
};

static struct ff_span unless_dash(struct ff_span s)
{
    s.len = s.len == 1 && s.data[0] == '-' ? 0 : s.len;
    return s;
}

/* The first of a list, which is the one that the others forwarded for. */
static struct ff_span first_of_list(struct ff_span s)
{
    s.len = ff_span_find(s, ',');
    while (s.len && s.data[s.len - 1] == ' ')
        s.len--;
    return s;
}

static void duration(struct ff_server_program *program,
                     const struct ff_server_step *step, struct ff_span s,
                     struct ff_record *out)
{
    struct ff_decimal d;
    enum { SECONDS = 6 };
    const bool has_point = ff_span_find(s, '.') < s.len;
    if (s.len == 0)
        return;
    if (!ff_decimal_read(s, &d)) {
        program->is_unlikely = true;
        return;
    }
    program->is_unlikely |=
        step->end == FF_END_LINE && has_point != (step->shift == SECONDS);
    out->response_us = ff_decimal_scale(d, step->shift);
    out->has |= FF_HAS_RESPONSE_TIME;
}

static void client(struct ff_cursor *c, struct ff_span s, struct ff_record *out)
{
    if (s.len == 0)
        ff_cursor_fail(c, FF_REJECT_SHAPE);
    out->client = s;
}

/* The fields that are text, by what they are. */
static void take_text(struct ff_server_program *program,
                      const struct ff_server_step *step, struct ff_span s,
                      struct gathered *gathered, struct ff_record *out)
{
#define IN_RECORD(field) offsetof(struct ff_record, field)
    static const uint8_t places[FF_SERVER_FIELDS] = {
        [FF_SERVER_FORWARDED] = IN_RECORD(forwarded),
        [FF_SERVER_VHOST] = IN_RECORD(vhost),
        [FF_SERVER_METHOD] = IN_RECORD(method),
        [FF_SERVER_TARGET] = IN_RECORD(target),
        [FF_SERVER_LANGUAGE] = IN_RECORD(language),
        [FF_SERVER_CONTENT_TYPE] = IN_RECORD(content_type),
        [FF_SERVER_FETCH_DEST] = IN_RECORD(fetch_dest),
        [FF_SERVER_PURPOSE] = IN_RECORD(purpose),
    };
#undef IN_RECORD
    static_assert(sizeof(struct ff_record) < UINT8_MAX, "places are bytes");
    s = unless_dash(s);
    if (places[step->field])
        memcpy((char *)out + places[step->field], &s, sizeof s);
    else if (step->field == FF_SERVER_PATH)
        gathered->path = s;
    else if (step->field == FF_SERVER_QUERY)
        gathered->query = s;
    else if (step->field == FF_SERVER_DURATION)
        duration(program, step, s, out);
    else if (step->field == FF_SERVER_OPT_OUT)
        out->opts_out |= ff_span_equal(s, FF_SPAN("1"));
}

static void run_step(struct ff_cursor *c, const struct ff_server_step *step,
                     struct ff_parser *parser, struct gathered *gathered,
                     struct ff_record *out)
{
    switch ((enum ff_server_field)step->field) {
    case FF_SERVER_STATUS:
        out->status = ff_cursor_status(c, step);
        ff_cursor_expect(c, step->literal);
        return;
    case FF_SERVER_BYTES:
        out->bytes = ff_cursor_size(c, step);
        ff_cursor_expect(c, step->literal);
        return;
    case FF_SERVER_CLF_TIME:
        out->time = ff_cursor_clf_time(c, &parser->clock);
        out->east = parser->clock.east;
        ff_cursor_expect(c, step->literal);
        return;
    case FF_SERVER_TIME:
        ff_cursor_time(c, step, &gathered->time);
        ff_cursor_expect(c, step->literal);
        return;
    case FF_SERVER_SKIP:
        ff_cursor_text(c, step);
        return;
    case FF_SERVER_CLIENT:
        client(c, ff_cursor_text(c, step), out);
        return;
    case FF_SERVER_REQUEST:
        ff_request_split(ff_cursor_text(c, step), out);
        return;
    /* The two that most lines have, apart from the rest. */
    case FF_SERVER_REFERRER:
        out->referrer = unless_dash(ff_cursor_text(c, step));
        return;
    case FF_SERVER_AGENT:
        out->agent = unless_dash(ff_cursor_text(c, step));
        return;
    default:
        take_text(parser->state, step, ff_cursor_text(c, step), gathered, out);
    }
}

/* Path and query, logged apart, as one target in the program's memory. */
static struct ff_span join(struct ff_server_program *program, struct ff_span path,
                           struct ff_span query)
{
    char *scratch = program->scratch;
    size_t n = path.len;
    if (query.len && query.data[0] == '?')
        query = ff_span_from(query, 1);
    if (path.len == 0 || query.len == 0)
        return path;
    memcpy(scratch, path.data, path.len);
    scratch[n++] = '?';
    memcpy(scratch + n, query.data, query.len);
    n += query.len;
    program->touched = n > program->touched ? n : program->touched;
    return (struct ff_span) { scratch, n };
}

/* A method is upper-case letters; whatever else there is leaves both empty. A format
 * without a method is taken as one of GETs. */
static void check_request(const struct ff_server_program *program,
                          struct ff_record *out)
{
    if (!ff_server_has(program, FF_SERVER_METHOD))
        out->method = FF_SPAN("GET");
    bool is_request = out->method.len && out->target.len;
    for (size_t i = 0; i < out->method.len; i++)
        is_request &= out->method.data[i] >= 'A' && out->method.data[i] <= 'Z';
    if (!is_request)
        out->method.len = out->target.len = 0;
}

static void finish(struct ff_cursor *c, struct ff_server_program *program,
                   const struct gathered *gathered, struct ff_record *out)
{
    while (c->at < c->line.len && c->line.data[c->at] == ' ')
        c->at++;
    if (c->at < c->line.len)
        ff_cursor_fail(c, FF_REJECT_SHAPE);
    if (c->reject)
        return;
    if (ff_server_has(program, FF_SERVER_TIME) &&
        !ff_server_time_value(&gathered->time, &out->time))
        ff_cursor_fail(c, FF_REJECT_TIME);
    if (ff_server_has(program, FF_SERVER_TIME))
        out->east = (int32_t)gathered->time.east;
    if (ff_server_has(program, FF_SERVER_PATH))
        out->target = program->scratch ? join(program, gathered->path, gathered->query)
                                       : gathered->path;
    if (!ff_server_has(program, FF_SERVER_REQUEST))
        check_request(program, out);
    if (!ff_server_has(program, FF_SERVER_CLIENT)) {
        const struct ff_span first = first_of_list(out->forwarded);
        out->client = first.len ? first : FF_SPAN("-");
    }
}

/* The steps that combined begins with, all together, if nothing about them is unusual;
 * gives how many are done. */
static size_t begin_combined(struct ff_cursor *c,
                             const struct ff_server_program *program,
                             struct ff_parser *parser,
                             const struct ff_marked_line *line, struct ff_record *out)
{
    const char *agent;
    const char *end = c->line.data + c->line.len;
    if (!ff_clf_combined_begin(parser, line, out, &agent))
        return 0;
    const char *behind = out->client.data + out->client.len;
    if (!ff_literal_is(program->steps[0].literal, behind, (size_t)(end - behind)))
        return 0;
    c->at = (size_t)(agent - c->line.data);
    c->mark += FF_CLF_BEGIN_MARKS;
    return FF_COMBINED_STEPS;
}

enum ff_reject ff_server_program_run(struct ff_server_program *program,
                                     struct ff_parser *parser,
                                     const struct ff_marked_line *line,
                                     struct ff_record *out)
{
    struct ff_cursor c = { .line = line->text, .base = line->base };
    if (line->marks) {
        c.mark = line->marks;
        c.last = line->marks + line->n_marks;
    }
    struct gathered gathered = { 0 };
    ff_record_clear(out);
    program->is_unlikely = false;
    size_t i = program->is_combined && c.mark
                   ? begin_combined(&c, program, parser, line, out)
                   : 0;
    out->has = program->has;
    if (i == 0)
        ff_cursor_expect(&c, program->head);
    for (; i < program->n && !c.reject; i++)
        run_step(&c, &program->steps[i], parser, &gathered, out);
    finish(&c, program, &gathered, out);
    parser->column = (uint32_t)c.at + 1;
    parser->keeps_text = program->scratch && out->target.data == program->scratch;
    return c.reject;
}

void ff_server_program_free(struct ff_server_program *program)
{
    if (!program)
        return;
    if (program->scratch)
        sodium_memzero(program->scratch, program->touched);
    free(program->scratch);
    free(program->text);
    free(program);
}
