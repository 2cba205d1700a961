#include "server_format.h"

#include <assert.h>

#include "address.h"
#include "server_compile.h"
#include "server_program.h"

const struct ff_format ff_server_format = {
    .name = "server format",
    .about = "the string given",
    .open = ff_server_open,
    .close = ff_server_close,
    .parse = ff_server_parse,
    .parse_marked = ff_server_parse_marked,
    .likeness = ff_server_like,
};

enum ff_err ff_server_open(struct ff_parser *parser, const char *spec,
                           struct ff_fault *fault)
{
    assert(spec);
    struct ff_server_program *program;
    FF_TRY(ff_server_compile(&program, spec, fault));
    parser->state = program;
    return FF_OK;
}

void ff_server_close(struct ff_parser *parser)
{
    ff_server_program_free(parser->state);
    parser->state = NULL;
}

enum ff_reject ff_server_parse(struct ff_parser *parser, struct ff_span line,
                               struct ff_record *out)
{
    const struct ff_marked_line unmarked = { .text = line };
    return ff_server_program_run(parser->state, parser, &unmarked, out);
}

bool ff_server_parse_marked(struct ff_parser *parser, const struct ff_marked_line *line,
                            struct ff_record *out)
{
    return ff_server_program_run(parser->state, parser, line, out) == FF_REJECT_NONE;
}

static bool is_address(struct ff_span s)
{
    const enum ff_client kind = ff_address_read(s).kind;
    return kind == FF_CLIENT_V4 || kind == FF_CLIENT_V6;
}

/* A list that begins with an address, or with what stands for a hidden one. */
static bool is_forwarded(struct ff_span s)
{
    s.len = ff_span_find(s, ',');
    return is_address(s) || ff_span_equal(s, FF_SPAN("unknown"));
}

/* A host's name, with a port or without. */
static bool is_name(struct ff_span s)
{
    struct ff_span name = s;
    name.len = ff_span_find(s, ':');
    for (size_t i = name.len + 1; i < s.len; i++)
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
    return ff_span_equal(name, FF_SPAN("localhost")) ||
           (ff_address_read(name).kind == FF_CLIENT_NAME &&
            ff_span_find(name, '.') < name.len);
}

unsigned ff_server_like(struct ff_parser *parser, struct ff_span line)
{
    enum { UNLIKE = 0, NOBODY = 1, AS_COMMON = 2, HAS_MORE = 3, HAS_ADDRESSES = 4 };
    const struct ff_server_program *program = parser->state;
    struct ff_record r;
    if (ff_server_parse(parser, line, &r) != FF_REJECT_NONE || program->is_unlikely)
        return UNLIKE;
    const enum ff_client kind = ff_address_read(r.client).kind;
    const bool has_name = is_name(r.vhost), is_listed = is_forwarded(r.forwarded);
    if (kind == FF_CLIENT_BAD || (r.forwarded.len && !is_listed) ||
        (r.vhost.len && !has_name && !is_address(r.vhost)))
        return UNLIKE;
    /* Nobody is more likely an ident that is not where this format has it. */
    if (kind == FF_CLIENT_NONE)
        return NOBODY;
    if (is_listed && kind != FF_CLIENT_NAME)
        return HAS_ADDRESSES;
    return has_name || (r.has & FF_HAS_RESPONSE_TIME) ? HAS_MORE : AS_COMMON;
}
