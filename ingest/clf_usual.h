/* Lines of the common log format family by their marks: what clf_marked.c reads, inline
 * for who reads many.
 *
 * A usual line has quotes around its fields and no others, no backslash before its
 * last field's end, and "] " before its request. Then the fields' places follow from
 * the quotes'. It is checked that what stands between them is what has to; whatever is
 * not, gives the line to the cursor in format_clf.c, which knows all cases. So this
 * file may give up anywhere but must never read a line in another way. */
#ifndef FF_CLF_USUAL_H
#define FF_CLF_USUAL_H

#include <assert.h>
#include <endian.h>

#if defined __SSE2__
#include <emmintrin.h>
#endif

#include "digits.h"
#include "formats.h"
#include "request.h"

/* `client ident user [time] "`: the bytes from the time's bracket to the quote. */
#define FF_CLF_TIME_TAIL (FF_CLF_TIME_LEN + 3)
#define FF_CLF_QUOTES    8

struct ff_clf_line {
    const char *start, *end;
    const char *quotes[FF_CLF_QUOTES];
};

/* Whether `n` bytes at `at` are `word`'s, a literal: compared at once. */
#define FF_CLF_IS(at, word) (memcmp((at), (word), sizeof(word) - 1) == 0)

/* The first `n` marks, if they are quotes. */
static inline bool ff_clf_take_quotes(const struct ff_marked_line *marked, size_t n,
                                      struct ff_clf_line *line)
{
    static_assert(FF_CLF_QUOTES <= FF_MARKS_AHEAD, "their bytes can be read");
    if (marked->n_marks < n || memcmp(marked->bytes, "\"\"\"\"\"\"\"\"", n) != 0)
        return false;
    line->start = marked->text.data;
    line->end = marked->text.data + marked->text.len;
    for (size_t i = 0; i < n; i++)
        line->quotes[i] = marked->base + marked->marks[i];
    return true;
}

/* Where the first space of [at, end) is; `end` or behind it if there is none. Behind
 * `end` there are 16 bytes of the line at least. */
static inline const char *ff_clf_find_space(const char *at, const char *end)
{
#if defined __SSE2__
    for (; at < end; at += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)at);
        const int bits = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')));
        if (bits)
            return at + __builtin_ctz((unsigned)bits);
    }
    return end;
#else
    while (at < end && *at != ' ')
        at++;
    return at;
#endif
}

static inline unsigned ff_clf_digit(char c)
{
    return (unsigned)(unsigned char)c - '0';
}

/* Client and time, before the request's quote. */
static inline bool ff_clf_read_head(struct ff_parser *parser, const char *at,
                                    const char *quote, struct ff_record *out)
{
    if (quote - at < FF_CLF_TIME_TAIL + 2)
        return false;
    const char *bracket = quote - FF_CLF_TIME_TAIL;
    if (!FF_CLF_IS(quote - 2, "] ") || *bracket != '[')
        return false;
    const char *space = ff_clf_find_space(at, bracket);
    if (space == at || space >= bracket)
        return false;
    /* A bracket before the time's may be a user's, or the time's own after all. */
    const size_t between = (size_t)(bracket - space);
    const bool is_nobody = between == 5 && FF_CLF_IS(space + 1, "- - ");
    if ((!is_nobody && memchr(space, '[', between)) ||
        !ff_clf_time_read(&parser->clock, bracket + 1, &out->time))
        return false;
    out->client = (struct ff_span) { at, (size_t)(space - at) };
    out->east = parser->clock.east;
    return true;
}

/* The status at `at`, three digits between spaces. */
static inline bool ff_clf_read_status(const char *at, uint16_t *out)
{
    const unsigned a = ff_clf_digit(at[1]), b = ff_clf_digit(at[2]),
                   c = ff_clf_digit(at[3]);
    if (at[0] != ' ' || at[4] != ' ' || a > 9 || b > 9 || c > 9)
        return false;
    *out = (uint16_t)(a * 100 + b * 10 + c);
    return true;
}

/* The size at `at`, whose end is given; NULL if there is none. Eight bytes are looked
 * at together: those before the first that is no digit are moved up, so that zeros
 * stand before them. */
static inline const char *ff_clf_read_size(const char *at, const char *end,
                                           uint64_t *out)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t value = 0;
    if (end - at >= 8) {
        memcpy(&value, at, sizeof value);
        value = le64toh(value) ^ ones * '0';
        const uint64_t others =
            (((value & ones * 0x7f) + ones * (0x80 - 10)) | value) & ones * 0x80;
        const unsigned n = others ? (unsigned)__builtin_ctzll(others) / 8 : 8;
        if (n == 0)
            return NULL;
        if (n < 8) {
            value <<= 64 - 8 * n;
            *out = ff_digits_sum(value);
            return at + n;
        }
    }
    const char *most = end - at > 18 ? at + 18 : end, *p = at;
    for (value = 0; p < most && ff_clf_digit(*p) <= 9; p++)
        value = value * 10 + ff_clf_digit(*p);
    *out = value;
    return p > at ? p : NULL;
}

/* Request, status and size, from the request's two quotes on; gives where the size
 * ends. */
static inline const char *ff_clf_read_middle(const struct ff_clf_line *line,
                                             struct ff_record *out)
{
    const char *open = line->quotes[0], *close = line->quotes[1];
    if (line->end - close < 7 || !ff_clf_read_status(close + 1, &out->status))
        return NULL;
    ff_request_split((struct ff_span) { open + 1, (size_t)(close - open - 1) }, out);
    out->bytes = 0;
    return close[6] == '-' ? close + 7
                           : ff_clf_read_size(close + 6, line->end, &out->bytes);
}

/* The field between two quotes. */
static inline struct ff_span ff_clf_quoted(const struct ff_clf_line *line, size_t quote)
{
    const char *from = line->quotes[quote] + 1;
    const size_t len = (size_t)(line->quotes[quote + 1] - from);
    return (struct ff_span) { from, len == 1 && *from == '-' ? 0 : len };
}

/* Whether one space stands between `at` and a quote. */
static inline bool ff_clf_is_next(const struct ff_clf_line *line, const char *at,
                                  size_t quote)
{
    return line->quotes[quote] == at + 1 && *at == ' ';
}

/* Whether a quote ends its field: behind it is a space or the line's end. */
static inline bool ff_clf_is_closing(const struct ff_clf_line *line, size_t quote)
{
    const char *next = line->quotes[quote] + 1;
    return next == line->end || *next == ' ';
}

/* What all combined lines begin with, up to the agent's quote. */
static inline bool ff_clf_read_begin(struct ff_parser *parser,
                                     const struct ff_clf_line *line, const char *client,
                                     struct ff_record *out)
{
    if (!ff_clf_read_head(parser, client, line->quotes[0], out))
        return false;
    const char *size_end = ff_clf_read_middle(line, out);
    out->referrer = ff_clf_quoted(line, 2);
    return size_end && ff_clf_is_next(line, size_end, 2) &&
           ff_clf_is_next(line, line->quotes[3] + 1, 4);
}

static inline bool ff_clf_read_combined(struct ff_parser *parser,
                                        const struct ff_clf_line *line,
                                        const char *client, struct ff_record *out)
{
    ff_record_clear_rest(out);
    out->has = FF_HAS_REFERRER | FF_HAS_AGENT;
    out->opts_out = false;
    out->agent = ff_clf_quoted(line, 4);
    return ff_clf_read_begin(parser, line, client, out) && ff_clf_is_closing(line, 5);
}

#endif
