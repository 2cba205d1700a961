/* Log formats: one file each, one line in a table. A format turns a line into a record
 * or says why it cannot. */
#ifndef FF_FORMATS_H
#define FF_FORMATS_H

#include "carrier.h"
#include "clf_time.h"
#include "footfall/ingest.h"
#include "marks.h"
#include "messages.h"
#include "record.h"

struct ff_format;
struct ff_parser;

/* Reads a line by its marks; false when ff_parser_read has to do it. */
typedef bool ff_parse_marked(struct ff_parser *parser,
                             const struct ff_marked_line *line, struct ff_record *out);

/* What reading one input keeps between lines. Opened and closed by ff_parser_*; zeroed
 * it serves formats that have no `open`. */
struct ff_parser {
    const struct ff_format *format;
    ff_parse_marked *usual; /* what to try first; NULL: nothing */
    struct ff_clf_clock clock;
    uint32_t column; /* of the last reject, from 1 */
    uint8_t has;     /* fields (enum ff_record_has) that lines have, be they empty */
    uint8_t seen;    /* fields that lines have had by now, of those that some lack */
    bool keeps_text; /* the last record points into `state` */
    void *state;     /* the format's own: a compiled program, columns, scratch memory */
    struct ff_parser *other; /* tried on lines of another shape; owned; or NULL */
    struct ff_carrier carrier;
};

struct ff_format {
    const char *name;  /* for --format and messages */
    const char *about; /* one line for people */
    const char *spec;  /* what `open` gets when the user gives none; may be NULL */
    /* Sets parser->state up; NULL when there is nothing to. FF_ERR_USAGE: the spec
     * cannot work (the sentence shows where); FF_ERR_NOMEM. */
    enum ff_err (*open)(struct ff_parser *parser, const char *spec,
                        struct ff_fault *fault);
    void (*close)(struct ff_parser *parser);
    /* A line that begins with "#"; true if it is this format's, and says what the lines
     * below it hold. NULL when the format does not care. */
    bool (*comment)(struct ff_parser *parser, struct ff_span line);
    /* FF_REJECT_NONE and *out filled, or why not. FF_REJECT_BLANK: a line that carries
     * no request, such as a server's own message. */
    enum ff_reject (*parse)(struct ff_parser *parser, struct ff_span line,
                            struct ff_record *out);
    /* The same from the line's marks, for lines as they usually are; false when `parse`
     * has to do it. NULL when there is no such way. */
    ff_parse_marked *parse_marked;
    /* How much a line looks like this format: 0 not at all, else 1 or more. A more
     * special format gives more for what it alone has. */
    unsigned (*likeness)(struct ff_parser *parser, struct ff_span line);
    bool is_clf; /* of the common log format family: files may mix these */
    /* A line in the format begins with one of these bytes; NULL: with any. */
    const char *begins;
};

/* The format of that name, or NULL. */
const struct ff_format *ff_format_named(const char *name);
/* All of them; the last has no name. */
const struct ff_format *ff_format_list(void);

/* The format most like the lines of `text` (its first 256 that carry a request); NULL
 * when it is in none. Formats that read none of the first 32 are compared only if no
 * other reads them all. Where it is one of the common log format family, `others` of
 * that family are to be tried in order on lines that have another shape: see mixed.c.
 */
#define FF_GUESS_OTHERS 3
struct ff_guess {
    const struct ff_format *format;
    const struct ff_format *others[FF_GUESS_OTHERS];
    enum ff_carrier_kind carrier;
    uint8_t has; /* fields that servers leave out of a line when they are empty */
    uint32_t lines, readable; /* of the lines looked at; by `format` alone */
};
/* FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_format_guess(struct ff_span text, struct ff_guess *out,
                                        struct ff_fault *fault);

/* The same when the format is given: whether there is a carrier's prefix. Errors as
 * ff_parser_open. */
FF_MUST_USE enum ff_err ff_carrier_guess(struct ff_span text,
                                         const struct ff_format *format,
                                         const char *spec, struct ff_guess *out,
                                         struct ff_fault *fault);

/* `spec` NULL: the format's own. On FF_OK the parser is the caller's to close. Errors
 * as the format's `open`. */
FF_MUST_USE enum ff_err ff_parser_open(struct ff_parser *parser,
                                       const struct ff_format *format, const char *spec,
                                       struct ff_fault *fault);
/* Opens a parser for what was guessed, with its carrier and its others. FF_ERR_NOMEM.
 */
FF_MUST_USE enum ff_err ff_parser_open_guess(struct ff_parser *parser,
                                             const struct ff_guess *guess,
                                             const char *spec, struct ff_fault *fault);
void ff_parser_close(struct ff_parser *parser);

/* The format's `parse`, then the others'. What none of them can read has the first
 * one's reason. */
enum ff_reject ff_parser_read_mixed(struct ff_parser *parser, struct ff_span line,
                                    struct ff_record *out);

/* ff_parser_read, behind the prefix. */
static inline enum ff_reject ff_parser_read_bare(struct ff_parser *parser,
                                                 struct ff_span line,
                                                 struct ff_record *out)
{
    if (line.len == 0)
        return FF_REJECT_BLANK;
    if (line.data[0] != '#') {
        const enum ff_reject why = parser->other
                                       ? ff_parser_read_mixed(parser, line, out)
                                       : parser->format->parse(parser, line, out);
        return why == FF_REJECT_SHAPE && ff_is_server_message(line) ? FF_REJECT_BLANK
                                                                    : why;
    }
    if (parser->format->comment)
        parser->format->comment(parser, line);
    return FF_REJECT_BLANK;
}

/* ff_parser_read when there is a carrier. */
enum ff_reject ff_parser_read_carried(struct ff_parser *parser, struct ff_span line,
                                      struct ff_record *out);

/* Times that a server may have: from 1970 to the year 9998. */
#define FF_TIME_END 253370764800

static inline bool ff_is_server_time(int64_t time)
{
    return time >= 0 && time < FF_TIME_END;
}

/* Reads a line of any kind: a record, FF_REJECT_BLANK, or another reason. */
static inline enum ff_reject ff_parser_read(struct ff_parser *parser,
                                            struct ff_span line, struct ff_record *out)
{
    parser->column = 1;
    const enum ff_reject why = parser->carrier.kind
                                   ? ff_parser_read_carried(parser, line, out)
                                   : ff_parser_read_bare(parser, line, out);
    if (why == FF_REJECT_NONE && !ff_is_server_time(out->time))
        return FF_REJECT_TIME;
    return why;
}

/* Whether what a usual line was read to may stand. */
static inline bool ff_parser_is_readable(const struct ff_marked_line *line,
                                         const struct ff_record *record)
{
    return ff_is_server_time(record->time) && line->text.data[0] != '#';
}

/* ff_parser_read, of a line whose marks are known. */
static inline enum ff_reject ff_parser_read_marked(struct ff_parser *parser,
                                                   const struct ff_marked_line *line,
                                                   struct ff_record *out)
{
    if (parser->usual && parser->usual(parser, line, out) &&
        ff_parser_is_readable(line, out))
        return FF_REJECT_NONE;
    return ff_parser_read(parser, line->text, out);
}

/* Cuts the next line off the front of `text`, without its LF or CRLF. False at the end.
 */
static inline bool ff_line_cut(struct ff_span *text, struct ff_span *line)
{
    if (text->len == 0)
        return false;
    const size_t end = ff_span_find(*text, '\n');
    *line = (struct ff_span) { text->data, end };
    *text = ff_span_from(*text, end + 1);
    if (line->len && line->data[line->len - 1] == '\r')
        line->len--;
    return true;
}

/* Cuts lines off `text` up to the next readable one. False at the end. */
static inline bool ff_parser_next(struct ff_parser *parser, struct ff_span *text,
                                  struct ff_record *out)
{
    struct ff_span line;
    while (ff_line_cut(text, &line))
        if (ff_parser_read(parser, line, out) == FF_REJECT_NONE)
            return true;
    return false;
}

#endif
