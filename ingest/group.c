#include "group.h"

#include "address.h"
#include "clf_combined.h"
#include "clf_marked.h"
#include "inputs.h"
#include "other_host.h"

bool ff_group_is_duplicate(const struct ff_piece *piece, size_t n)
{
    const uint64_t number = piece->first_line + piece->found.lines + n;
    return piece->input->n_overlaps && ff_input_is_duplicate(piece->input, number);
}

/* Whether all that the record points to is in the line: else it is in the parser's own
 * memory and gone with the next line. */
static bool is_in_line(const struct ff_record *r, struct ff_span line)
{
    const struct ff_span *const spans[] = {
        &r->client,   &r->agent, &r->target,       &r->method,     &r->referrer,
        &r->language, &r->vhost, &r->content_type, &r->fetch_dest, &r->purpose
    };
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        if (spans[i]->len &&
            (spans[i]->data < line.data || spans[i]->data >= line.data + line.len))
            return false;
    return true;
}

/* A line without a record: because it is a duplicate, of which a comment may still say
 * what the next ones hold; because nobody knows its format; or for what reading it
 * gave.
 */
__attribute__((cold, noinline)) static void
read_in_vain(struct ff_parser *parser, struct ff_span text, enum ff_reject why,
             bool is_twice, struct ff_group_line *line)
{
    const bool is_comment = text.len == 0 || text.data[0] == '#';
    line->column = 1;
    if (!parser->format)
        why = is_comment ? FF_REJECT_BLANK : FF_REJECT_UNKNOWN;
    else if (is_twice && text.len && is_comment)
        (void)ff_parser_read(parser, text, &line->record);
    else
        line->column = parser->column;
    line->why = why;
    line->fate = is_twice                 ? FF_GROUP_DUPLICATE
                 : why == FF_REJECT_BLANK ? FF_GROUP_BLANK
                                          : FF_GROUP_REJECTED;
}

/* What only some formats have. */
static void read_more(const struct ff_ingest_settings *settings,
                      struct ff_group_line *line)
{
    struct ff_record *record = &line->record;
    if (record->opts_out ||
        ((record->has & FF_HAS_VHOST) && ff_is_other_host(settings, record->vhost)))
        line->fate = FF_GROUP_EXCLUDED;
    else if (settings->client_from && record->forwarded.len)
        record->client = ff_address_forwarded(record->forwarded);
}

/* False: nothing can be read before the line is done with. */
static inline bool read_line(const struct ff_reading *reading, size_t n,
                             const struct ff_marked_line *text,
                             struct ff_group_line *line)
{
    const struct ff_piece *piece = reading->piece;
    struct ff_parser *parser = reading->parser;
    struct ff_record *record = &line->record;
    const bool is_twice = ff_group_is_duplicate(piece, n);
    enum ff_reject why = FF_REJECT_NONE;
    line->order = piece->order + (uint64_t)(text->text.data - piece->text.data);
    line->fate = FF_GROUP_COUNTS;
    if (is_twice || !parser->format ||
        (why = ff_parser_read_marked(parser, text, record)) != FF_REJECT_NONE) {
        read_in_vain(parser, text->text, why, is_twice, line);
        return true;
    }
    if ((record->has & FF_HAS_VHOST) || record->opts_out || record->forwarded.len)
        read_more(reading->settings, line);
    return parser->usual ? !parser->keeps_text : is_in_line(record, text->text);
}

/* The lines of a log that is nearly always combined, as far as they are usual, from the
 * `n`th on; gives where they end. What they hold in registers stays there. */
static inline size_t read_combined(struct ff_group_line *lines, size_t n,
                                   const struct ff_reading *reading,
                                   struct ff_cutter *cutter)
{
    const struct ff_piece *piece = reading->piece;
    const char *start;
    if (reading->parser->usual != ff_clf_combined_marked || piece->input->n_overlaps)
        return n;
    for (; n < FF_GROUP_LINES; n++) {
        start = ff_combined_next(cutter, reading->parser, &lines[n].record);
        if (!start)
            break;
        lines[n].order = piece->order + (uint64_t)(start - piece->text.data);
        lines[n].fate = FF_GROUP_COUNTS;
    }
    return n;
}

bool ff_group_read(struct ff_group *group, const struct ff_reading *reading,
                   struct ff_cutter *cutter)
{
    struct ff_marked_line text;
    size_t n = 0;
    bool may_go_on = true;
    while (may_go_on) {
        n = read_combined(group->lines, n, reading, cutter);
        if (n == FF_GROUP_LINES || !ff_cutter_next(cutter, &text))
            break;
        may_go_on = read_line(reading, n, &text, &group->lines[n]);
        n++;
    }
    group->n = n;
    return n > 0;
}
