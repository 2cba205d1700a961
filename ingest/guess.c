/* The choice of a format, and of a carrier, by a file's first lines. A night opens
 * hundreds of logs, most of which are wholly in one format: so not every format is held
 * against every line. */
#include "formats.h"

#include <assert.h>
#include <stdlib.h>

#include "footfall/wipe.h"
#include "mixed.h"

#define FIRST_LINES 32
#define GUESS_LINES 256

/* What is looked for: any format, or one that is given. */
struct wanted {
    const struct ff_format *format;
    const char *spec;
};

/* Formats by their places in the list, a bit each. */
typedef uint64_t format_set;
#define ALL_FORMATS UINT64_MAX

/* How the first `most` lines begin: whether any does with that byte. */
struct beginnings {
    bool has[256];
};

static struct beginnings look_at_beginnings(struct ff_span text, uint32_t most)
{
    struct beginnings found = { 0 };
    struct ff_span line;
    for (uint32_t lines = 0; lines < most && ff_line_cut(&text, &line);) {
        if (line.len == 0 || line.data[0] == '#')
            continue;
        found.has[(unsigned char)line.data[0]] = true;
        lines++;
    }
    return found;
}

static bool can_be(const struct ff_format *format, const struct beginnings *lines)
{
    for (const char *c = format->begins; c && *c; c++)
        if (lines->has[(unsigned char)*c])
            return true;
    return !format->begins;
}

/* Stops at GUESS_LINES readable ones, or at `most`. A live log, or one of a quiet day,
 * may have its header only. */
static uint64_t likeness(struct ff_parser *parser, struct ff_span text, uint32_t most,
                         struct ff_guess *guess)
{
    uint64_t sum = 0;
    bool is_told = false;
    struct ff_span line;
    while (guess->readable < GUESS_LINES && guess->lines < most &&
           ff_line_cut(&text, &line)) {
        if (line.len && line.data[0] == '#' && parser->format->comment)
            is_told |= parser->format->comment(parser, line);
        if (line.len == 0 || line.data[0] == '#')
            continue;
        const unsigned points = parser->format->likeness(parser, line);
        sum += points;
        guess->readable += points > 0;
        guess->lines++;
    }
    return is_told && guess->lines == 0 ? 1 : sum;
}

static enum ff_err rate(struct ff_span text, const char *spec, uint32_t most,
                        struct ff_guess *guess, uint64_t *sum, struct ff_fault *fault)
{
    struct ff_parser parser;
    FF_TRY(ff_parser_open(&parser, guess->format, spec, fault));
    *sum = likeness(&parser, text, most, guess);
    guess->has = parser.seen;
    ff_parser_close(&parser);
    return FF_OK;
}

/* The best of those formats by the first `most` lines; leaves the ones in `among` that
 * are like any. */
static enum ff_err compare(struct ff_span text, uint32_t most, format_set *among,
                           struct ff_guess *out, struct ff_fault *fault)
{
    const struct ff_format *const list = ff_format_list();
    const struct beginnings beginnings = look_at_beginnings(text, most);
    format_set like = 0;
    uint64_t best = 0;
    *out = (struct ff_guess) { 0 };
    for (const struct ff_format *f = list; f->name; f++) {
        assert(f - list < 64);
        const format_set bit = (format_set)1 << (f - list);
        struct ff_guess guess = { .format = f };
        uint64_t sum = 0;
        if ((*among & bit) && can_be(f, &beginnings))
            FF_TRY(rate(text, NULL, most, &guess, &sum, fault));
        like |= sum ? bit : 0;
        if (sum > best) {
            best = sum;
            *out = guess;
        }
    }
    *among = like;
    return FF_OK;
}

/* Goes by the formats that are like the first lines, if one of them reads all lines. */
static enum ff_err compare_likely(struct ff_span text, struct ff_guess *out,
                                  struct ff_fault *fault)
{
    format_set likely = ALL_FORMATS;
    FF_TRY(compare(text, FIRST_LINES, &likely, out, fault));
    FF_TRY(compare(text, GUESS_LINES, &likely, out, fault));
    if (out->readable < out->lines)
        out->format = NULL;
    return FF_OK;
}

/* The best format for lines without a prefix. All lines are looked at only where the
 * first ones are in none. */
static enum ff_err guess_any(struct ff_span text, struct ff_guess *out,
                             struct ff_fault *fault)
{
    const uint32_t most[] = { GUESS_LINES, UINT32_MAX };
    FF_TRY(compare_likely(text, out, fault));
    for (size_t i = 0; i < sizeof most / sizeof *most && !out->format; i++) {
        format_set all = ALL_FORMATS;
        FF_TRY(compare(text, most[i], &all, out, fault));
    }
    return ff_mixed_find(text, out, fault);
}

static enum ff_err guess_one(struct ff_span text, const struct wanted *wanted,
                             struct ff_guess *out, struct ff_fault *fault)
{
    const uint32_t most[] = { GUESS_LINES, UINT32_MAX };
    uint64_t sum = 0;
    for (size_t i = 0; i < sizeof most / sizeof *most && !sum; i++) {
        *out = (struct ff_guess) { .format = wanted->format };
        FF_TRY(rate(text, wanted->spec, most[i], out, &sum, fault));
    }
    if (!sum)
        *out = (struct ff_guess) { 0 };
    return FF_OK;
}

static enum ff_err guess_bare(struct ff_span text, const struct wanted *wanted,
                              struct ff_guess *out, struct ff_fault *fault)
{
    return wanted->format ? guess_one(text, wanted, out, fault)
                          : guess_any(text, out, fault);
}

/* Whether half of the first lines or more have the carrier's prefix. */
static bool is_carried(enum ff_carrier_kind kind, struct ff_span text)
{
    unsigned lines = 0, carried = 0;
    struct ff_span line;
    while (lines < GUESS_LINES && ff_line_cut(&text, &line)) {
        if (line.len == 0)
            continue;
        lines++;
        carried += ff_carrier_has_prefix(kind, line);
    }
    return carried && carried * 2 >= lines;
}

/* The first lines without their prefix into `out`, which has room for text.len + 1. */
static struct ff_span strip_all(struct ff_carrier *carrier, struct ff_span text,
                                char *out)
{
    size_t len = 0;
    struct ff_span line;
    for (unsigned lines = 0; lines < GUESS_LINES && ff_line_cut(&text, &line);
         lines++) {
        const struct ff_span bare = ff_carrier_strip(carrier, line);
        if (bare.len)
            memcpy(out + len, bare.data, bare.len);
        len += bare.len;
        out[len++] = '\n';
    }
    return (struct ff_span) { out, len };
}

static enum ff_err guess_behind(enum ff_carrier_kind kind, struct ff_span text,
                                const struct wanted *wanted, struct ff_guess *out,
                                struct ff_fault *fault)
{
    struct ff_carrier carrier;
    FF_TRY(ff_carrier_open(&carrier, kind, fault));
    char *memory = malloc(text.len + 1);
    const enum ff_err err =
        memory ? guess_bare(strip_all(&carrier, text, memory), wanted, out, fault)
               : ff_fault_nomem(fault);
    out->carrier = kind;
    ff_wipe_free(memory, text.len + 1);
    ff_carrier_close(&carrier);
    return err;
}

/* A carrier's prefix is so special that lines which have it and can be read behind it
 * are taken so, even if a lenient format reads them whole ("Mar" is a host name). A
 * mere time is not: formats begin with one, but those like the common log format, which
 * would take it for a host. Nor is JSON: fields of its own are better than a line in
 * it. */
static bool is_tried(enum ff_carrier_kind kind, const struct ff_guess *bare)
{
    if (kind == FF_CARRIER_JSON)
        return !bare->readable;
    return kind != FF_CARRIER_STAMP || !bare->readable || bare->format->is_clf;
}

static enum ff_err guess(struct ff_span text, const struct wanted *wanted,
                         struct ff_guess *out, struct ff_fault *fault)
{
    FF_TRY(guess_bare(text, wanted, out, fault));
    for (enum ff_carrier_kind kind = FF_CARRIER_NONE + 1; kind < FF_CARRIERS; kind++) {
        struct ff_guess behind = { 0 };
        if (!is_tried(kind, out) || !is_carried(kind, text))
            continue;
        FF_TRY(guess_behind(kind, text, wanted, &behind, fault));
        if (behind.readable > out->readable ||
            (behind.readable && behind.readable == out->readable && !out->carrier))
            *out = behind;
    }
    return FF_OK;
}

enum ff_err ff_format_guess(struct ff_span text, struct ff_guess *out,
                            struct ff_fault *fault)
{
    const struct wanted any = { NULL, NULL };
    return guess(text, &any, out, fault);
}

enum ff_err ff_carrier_guess(struct ff_span text, const struct ff_format *format,
                             const char *spec, struct ff_guess *out,
                             struct ff_fault *fault)
{
    const struct wanted one = { format, spec };
    FF_TRY(guess(text, &one, out, fault));
    out->format = format;
    return FF_OK;
}
