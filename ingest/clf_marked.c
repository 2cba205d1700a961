#include "clf_marked.h"

#include "clf_usual.h"

bool ff_clf_common_marked(struct ff_parser *parser, const struct ff_marked_line *marked,
                          struct ff_record *out)
{
    struct ff_clf_line line;
    ff_record_clear(out);
    return ff_clf_take_quotes(marked, 2, &line) &&
           ff_clf_read_head(parser, line.start, line.quotes[0], out) &&
           ff_clf_read_middle(&line, out) == line.end;
}

bool ff_clf_combined_marked(struct ff_parser *parser,
                            const struct ff_marked_line *marked, struct ff_record *out)
{
    struct ff_clf_line line;
    return ff_clf_take_quotes(marked, 6, &line) &&
           ff_clf_read_combined(parser, &line, line.start, out);
}

bool ff_clf_language_marked(struct ff_parser *parser,
                            const struct ff_marked_line *marked, struct ff_record *out)
{
    struct ff_clf_line line;
    if (!ff_clf_take_quotes(marked, 8, &line) ||
        !ff_clf_read_combined(parser, &line, line.start, out) ||
        !ff_clf_is_next(&line, line.quotes[5] + 1, 6) || !ff_clf_is_closing(&line, 7))
        return false;
    out->language = ff_clf_quoted(&line, 6);
    out->has |= FF_HAS_LANGUAGE;
    return true;
}

bool ff_clf_vhost_marked(struct ff_parser *parser, const struct ff_marked_line *marked,
                         struct ff_record *out)
{
    struct ff_clf_line line;
    if (!ff_clf_take_quotes(marked, 6, &line))
        return false;
    if (line.quotes[0] - line.start < FF_CLF_TIME_TAIL + 2)
        return false;
    const char *bracket = line.quotes[0] - FF_CLF_TIME_TAIL;
    const char *space = ff_clf_find_space(line.start, bracket);
    if (space == line.start || space >= bracket ||
        !ff_clf_read_combined(parser, &line, space + 1, out) ||
        ff_span_equal(out->client, FF_SPAN("-")))
        return false;
    out->vhost = (struct ff_span) { line.start, (size_t)(space - line.start) };
    out->has |= FF_HAS_VHOST;
    return true;
}

bool ff_clf_combined_begin(struct ff_parser *parser,
                           const struct ff_marked_line *marked, struct ff_record *out,
                           const char **agent)
{
    struct ff_clf_line line;
    if (!ff_clf_take_quotes(marked, FF_CLF_BEGIN_MARKS, &line) ||
        !ff_clf_read_begin(parser, &line, line.start, out))
        return false;
    *agent = line.quotes[4] + 1;
    return true;
}
