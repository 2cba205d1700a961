/* Any text as a log: each format that needs no compiling, and the one guessed, reads
 * every line of it. A record's spans lie within the line, its numbers within what a log
 * can say; a rejected line has a reason and a column within it. */
#include <stdint.h>
#include <stdlib.h>

#include "formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so)
        abort();
}

static bool is_within(struct ff_span part, struct ff_span whole)
{
    return part.len == 0 ||
           (part.data >= whole.data && part.data + part.len <= whole.data + whole.len);
}

/* Spans lie in the line or in the parser's own memory: sanitizers see to the latter. */
static uint64_t touch(struct ff_span part)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < part.len; i++)
        sum += (unsigned char)part.data[i];
    return sum;
}

/* Whether it may unpack a line first, from a carrier or from escapes. */
static bool has_own_text(const struct ff_parser *parser)
{
    return parser->state || parser->carrier.kind || parser->other;
}

static void check_record(const struct ff_parser *parser, const struct ff_record *record,
                         struct ff_span line)
{
    const struct ff_span spans[] = {
        record->client,   record->vhost,        record->method,     record->target,
        record->referrer, record->agent,        record->language,   record->forwarded,
        record->purpose,  record->content_type, record->fetch_dest,
    };
    volatile uint64_t sum = 0;
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        require(has_own_text(parser) || is_within(spans[i], line));
        sum += touch(spans[i]);
    }
    (void)sum;
    require(record->client.len > 0);
    require(record->status <= 999);
}

/* Opens and closes the parser by itself: a guess has more to it than a format. */
static void read_lines(const struct ff_guess *guess, struct ff_span text)
{
    struct ff_parser parser;
    struct ff_fault fault;
    struct ff_span line;
    if (ff_parser_open_guess(&parser, guess, NULL, &fault))
        abort();
    while (ff_line_cut(&text, &line)) {
        struct ff_record record;
        const enum ff_reject why = ff_parser_read(&parser, line, &record);
        if (why == FF_REJECT_NONE) {
            check_record(&parser, &record, line);
        } else {
            require(why <= FF_REJECT_BLANK);
            require(parser.column >= 1);
            require(has_own_text(&parser) || parser.column <= line.len + 1);
        }
    }
    ff_parser_close(&parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ff_span text = { (const char *)data, size };
    struct ff_guess guess;
    struct ff_fault fault;
    for (const struct ff_format *format = ff_format_list(); format->name; format++) {
        require(ff_format_named(format->name) == format);
        /* Those that have to be compiled first have targets of their own. */
        const struct ff_guess alone = { .format = format };
        if (!format->open)
            read_lines(&alone, text);
    }
    if (ff_format_guess(text, &guess, &fault))
        abort();
    require(guess.readable <= guess.lines);
    if (guess.format)
        read_lines(&guess, text);
    return 0;
}
