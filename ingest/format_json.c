/* A usual line is read by its marks, any other one by the scanner, which knows all
 * cases; json_record.c makes a record of what they find. */
#include "format_json.h"

#include <stdlib.h>

#include "address.h"
#include "footfall/wipe.h"
#include "json_record.h"
#include "json_walk.h"

struct state {
    struct ff_json_walk walk;
    struct ff_json_maker maker;
};

enum ff_err ff_json_open(struct ff_parser *parser, const char *spec,
                         struct ff_fault *fault)
{
    struct state *state = calloc(1, sizeof *state);
    if (!state)
        return ff_fault_nomem(fault);
    const enum ff_err err = ff_json_map_read(&state->maker.map, spec, fault);
    if (err) {
        free(state);
        return err;
    }
    ff_json_maker_init(&state->maker);
    parser->state = state;
    return FF_OK;
}

void ff_json_close(struct ff_parser *parser)
{
    struct state *state = parser->state;
    ff_json_maker_wipe(&state->maker);
    ff_wipe(&state->walk, sizeof state->walk);
    free(state);
    parser->state = NULL;
}

enum ff_reject ff_json_parse(struct ff_parser *parser, struct ff_span line,
                             struct ff_record *out)
{
    struct ff_json_maker *maker = &((struct state *)parser->state)->maker;
    size_t at;
    if (line.len > FF_LINE_MAX)
        return FF_REJECT_LONG;
    if (!ff_json_scan(&maker->map.paths, line, &maker->found, &at)) {
        parser->column = (uint32_t)at + 1;
        return FF_REJECT_SHAPE;
    }
    return ff_json_record(maker, parser, out);
}

bool ff_json_parse_marked(struct ff_parser *parser, const struct ff_marked_line *line,
                          struct ff_record *out)
{
    struct state *state = parser->state;
    struct ff_json_maker *maker = &state->maker;
    return ff_json_walk(&state->walk, &maker->map.paths, line, &maker->found) &&
           ff_json_record(maker, parser, out) == FF_REJECT_NONE;
}

unsigned ff_json_likeness(struct ff_parser *parser, struct ff_span line)
{
    struct ff_record record;
    const struct ff_json_maker *maker = &((struct state *)parser->state)->maker;
    if (ff_json_parse(parser, line, &record) != FF_REJECT_NONE ||
        ff_address_read(record.client).kind == FF_CLIENT_BAD)
        return 0;
    return (unsigned)__builtin_popcount(maker->logged);
}
