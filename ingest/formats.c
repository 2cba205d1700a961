/* The table of formats and the choice among them. */
#include "formats.h"

#include "format_clf.h"

#define GUESS_LINES 256
/* A format that reads none of so many lines is looked at no longer. */
#define HOPELESS_LINES 32

static const struct ff_format formats[] = {
    { .name = "combined",
      .about = "Apache and nginx combined",
      .parse = ff_clf_combined,
      .likeness = ff_clf_like_combined },
    { .name = "combined_language",
      .about = "combined, then \"Accept-Language\"",
      .parse = ff_clf_language,
      .likeness = ff_clf_like_language },
    { .name = "vhost_combined",
      .about = "Apache vhost_combined: host:port, then combined",
      .parse = ff_clf_vhost,
      .likeness = ff_clf_like_vhost },
    { .name = "common",
      .about = "NCSA common log format",
      .parse = ff_clf_common,
      .likeness = ff_clf_like_common },
    { 0 },
};

const struct ff_format *ff_format_list(void)
{
    return formats;
}

const struct ff_format *ff_format_named(const char *name)
{
    for (const struct ff_format *f = formats; f->name; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

enum ff_err ff_parser_open(struct ff_parser *parser, const struct ff_format *format,
                           const char *spec, struct ff_fault *fault)
{
    *parser = (struct ff_parser) { .format = format };
    if (!format->open)
        return FF_OK;
    return format->open(parser, spec ? spec : format->spec, fault);
}

void ff_parser_close(struct ff_parser *parser)
{
    if (parser->format && parser->format->close)
        parser->format->close(parser);
    *parser = (struct ff_parser) { 0 };
}

static uint64_t likeness(struct ff_parser *parser, struct ff_span text,
                         struct ff_guess *guess)
{
    uint64_t sum = 0;
    struct ff_span line;
    while (guess->lines < GUESS_LINES && ff_line_cut(&text, &line)) {
        if (line.len && line.data[0] == '#' && parser->format->comment)
            parser->format->comment(parser, line);
        if (line.len == 0 || line.data[0] == '#')
            continue;
        const unsigned points = parser->format->likeness(parser, line);
        sum += points;
        guess->readable += points > 0;
        guess->lines++;
        if (guess->lines == HOPELESS_LINES && sum == 0)
            break;
    }
    return sum;
}

enum ff_err ff_format_guess(struct ff_span text, struct ff_guess *out,
                            struct ff_fault *fault)
{
    uint64_t most = 0;
    *out = (struct ff_guess) { 0 };
    for (const struct ff_format *f = formats; f->name; f++) {
        struct ff_parser parser;
        struct ff_guess guess = { .format = f };
        FF_TRY(ff_parser_open(&parser, f, NULL, fault));
        const uint64_t sum = likeness(&parser, text, &guess);
        ff_parser_close(&parser);
        if (sum > most) {
            most = sum;
            *out = guess;
        }
    }
    return FF_OK;
}
