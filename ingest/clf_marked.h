/* Lines of the common log format family as servers nearly always write them, read by
 * the places of their quotes. */
#ifndef FF_CLF_MARKED_H
#define FF_CLF_MARKED_H

#include "formats.h"

/* Each reads a line as its namesake in format_clf.h does, or gives false when anything
 * about it is unusual: then that one has to. */
bool ff_clf_common_marked(struct ff_parser *parser, const struct ff_marked_line *line,
                          struct ff_record *out);
bool ff_clf_combined_marked(struct ff_parser *parser, const struct ff_marked_line *line,
                            struct ff_record *out);
bool ff_clf_language_marked(struct ff_parser *parser, const struct ff_marked_line *line,
                            struct ff_record *out);
bool ff_clf_vhost_marked(struct ff_parser *parser, const struct ff_marked_line *line,
                         struct ff_record *out);

/* Only the beginning of such a line, up to the quote before the agent, for formats that
 * go on in their own way; *agent is behind that quote, which is the last of the marks
 * that are passed. */
#define FF_CLF_BEGIN_MARKS 5
bool ff_clf_combined_begin(struct ff_parser *parser, const struct ff_marked_line *line,
                           struct ff_record *out, const char **agent);

#endif
