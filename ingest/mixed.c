/* One format is read before the others; they have their turn where its fields are not
 * there, or where its client is none: combined takes the host that a line begins with
 * for a client. A line that was cut off must stay malformed, though a shorter format
 * could read it: so others need some lines, or must differ before the request. */
#include "mixed.h"

#include <stdlib.h>

#include "address.h"

enum { LINES_MAX = 256, LINES_MIN = 2, PERCENT_MIN = 5 };

static bool is_address(struct ff_span client)
{
    const enum ff_client kind = ff_address_read(client).kind;
    return kind == FF_CLIENT_V4 || kind == FF_CLIENT_V6;
}

/* How a line stands to what has been chosen so far. */
enum stand { TAKEN, OPEN, WANTS_ADDRESS };

static enum stand stand_of(enum ff_reject why, const struct ff_record *record)
{
    if (why == FF_REJECT_SHAPE)
        return OPEN;
    if (why != FF_REJECT_NONE)
        return TAKEN;
    const enum ff_client kind = ff_address_read(record->client).kind;
    return kind == FF_CLIENT_BAD    ? OPEN
           : kind == FF_CLIENT_NAME ? WANTS_ADDRESS
                                    : TAKEN;
}

/* Lines that nothing chosen so far can read, or not well. */
struct left {
    struct {
        struct ff_span text;
        enum stand stand;
        uint32_t column; /* where the first one failed */
    } lines[LINES_MAX];
    size_t n;
};

static enum ff_err sieve(struct left *left, const struct ff_format *format,
                         struct ff_fault *fault)
{
    struct ff_parser parser;
    struct ff_record record;
    size_t n = 0;
    FF_TRY(ff_parser_open(&parser, format, NULL, fault));
    for (size_t i = 0; i < left->n; i++) {
        const enum ff_reject why =
            ff_parser_read(&parser, left->lines[i].text, &record);
        const enum stand stand = stand_of(why, &record);
        if (stand == TAKEN)
            continue;
        left->lines[n] = left->lines[i];
        left->lines[n].stand = stand;
        if (!left->lines[n].column)
            left->lines[n].column = why ? parser.column : 1;
        n++;
    }
    left->n = n;
    ff_parser_close(&parser);
    return FF_OK;
}

struct rating {
    const struct ff_format *format;
    uint64_t points;
    size_t lines, sure; /* sure: it is no line cut off that the first could read */
};

static enum ff_err rate(const struct left *left, struct rating *rating,
                        struct ff_fault *fault)
{
    struct ff_parser parser;
    struct ff_record r;
    FF_TRY(ff_parser_open(&parser, rating->format, NULL, fault));
    for (size_t i = 0; i < left->n; i++) {
        const struct ff_span line = left->lines[i].text;
        const unsigned points = rating->format->likeness(&parser, line);
        if (!points || ff_parser_read(&parser, line, &r) != FF_REJECT_NONE ||
            (left->lines[i].stand == WANTS_ADDRESS && !is_address(r.client)))
            continue;
        rating->points += points;
        rating->lines++;
        rating->sure +=
            r.target.len && line.data + left->lines[i].column <= r.target.data;
    }
    ff_parser_close(&parser);
    return FF_OK;
}

static bool is_enough(size_t lines, size_t n_lines)
{
    return lines && lines * 100 >= n_lines * PERCENT_MIN;
}

/* The format of the family most like the lines left; NULL when there are too few. */
static enum ff_err best(const struct left *left, size_t n_lines,
                        const struct ff_format **out, struct ff_fault *fault)
{
    struct rating most = { 0 };
    for (const struct ff_format *f = ff_format_list(); f->name; f++) {
        struct rating rating = { .format = f };
        if (f->is_clf)
            FF_TRY(rate(left, &rating, fault));
        if (rating.points > most.points)
            most = rating;
    }
    const bool is_sure = most.sure || most.lines >= LINES_MIN;
    *out = is_sure && is_enough(most.lines, n_lines) ? most.format : NULL;
    return FF_OK;
}

enum ff_err ff_mixed_find(struct ff_span text, struct ff_guess *guess,
                          struct ff_fault *fault)
{
    memset(guess->others, 0, sizeof guess->others);
    if (!guess->format || !guess->format->is_clf)
        return FF_OK;
    struct left *left = calloc(1, sizeof *left);
    if (!left)
        return ff_fault_nomem(fault);
    struct ff_span line;
    while (left->n < LINES_MAX && ff_line_cut(&text, &line))
        if (line.len && line.data[0] != '#')
            left->lines[left->n++].text = line;
    const size_t n_lines = left->n;
    enum ff_err err = sieve(left, guess->format, fault);
    /* For the line or two that nobody can read, as most logs have, none is opened. */
    for (size_t i = 0; !err && is_enough(left->n, n_lines) && i < FF_GUESS_OTHERS;
         i++) {
        err = best(left, n_lines, &guess->others[i], fault);
        if (err || !guess->others[i])
            break;
        err = sieve(left, guess->others[i], fault);
    }
    free(left);
    return err;
}

static enum ff_err open_others(struct ff_parser *parser, const struct ff_guess *guess,
                               struct ff_fault *fault)
{
    struct ff_parser *last = parser;
    for (size_t i = 0; i < FF_GUESS_OTHERS && guess->others[i]; i++) {
        struct ff_parser *other = malloc(sizeof *other);
        if (!other)
            return ff_fault_nomem(fault);
        const enum ff_err err = ff_parser_open(other, guess->others[i], NULL, fault);
        if (err) {
            free(other);
            return err;
        }
        last->other = other;
        last = other;
    }
    return FF_OK;
}

enum ff_err ff_parser_open_guess(struct ff_parser *parser, const struct ff_guess *guess,
                                 const char *spec, struct ff_fault *fault)
{
    FF_TRY(ff_parser_open(parser, guess->format, spec, fault));
    parser->has = guess->has;
    enum ff_err err = ff_carrier_open(&parser->carrier, guess->carrier, fault);
    if (!err)
        err = open_others(parser, guess, fault);
    if (parser->carrier.kind || parser->other)
        parser->usual = NULL;
    if (err)
        ff_parser_close(parser);
    return err;
}

enum ff_reject ff_parser_read_mixed(struct ff_parser *parser, struct ff_span line,
                                    struct ff_record *out)
{
    parser->keeps_text = false;
    const enum ff_reject why = parser->format->parse(parser, line, out);
    const enum stand stand = stand_of(why, out);
    if (stand == TAKEN)
        return why;
    for (struct ff_parser *other = parser->other; other; other = other->other) {
        struct ff_record record;
        if (other->format->parse(other, line, &record) != FF_REJECT_NONE ||
            (stand == WANTS_ADDRESS && !is_address(record.client)))
            continue;
        *out = record;
        parser->keeps_text = other->keeps_text;
        return FF_REJECT_NONE;
    }
    return why;
}
