/* A usual line has quotes around its fields and no others, no backslash before its
 * last field's end, and "] " before its request. Then the fields' places follow from
 * the quotes'. It is checked that what stands between them is what has to; whatever is
 * not, gives the line to the cursor in format_clf.c, which knows all cases. So this
 * file may give up anywhere but must never read a line in another way. */
#include "clf_marked.h"

#include <endian.h>

#if defined __SSE2__
#include <emmintrin.h>
#endif

#include "request.h"

/* `client ident user [time] "`: the bytes from the time's bracket to the quote. */
#define TIME_TAIL (FF_CLF_TIME_LEN + 3)
#define QUOTES    8

struct line {
    const char *start, *end;
    const char *quotes[QUOTES];
};

/* The first `n` marks, if they are quotes. */
static inline bool take_quotes(const struct ff_marked_line *marked, size_t n,
                               struct line *line)
{
    if (marked->n_marks < n)
        return false;
    line->start = marked->text.data;
    line->end = marked->text.data + marked->text.len;
    bool are_quotes = true;
    for (size_t i = 0; i < n; i++) {
        line->quotes[i] = marked->base + marked->marks[i];
        are_quotes &= *line->quotes[i] == '"';
    }
    return are_quotes;
}

/* Where the first space of [at, end) is; `end` if there is none. Behind `end` there are
 * 16 bytes of the line at least. */
static inline const char *find_space(const char *at, const char *end)
{
#if defined __SSE2__
    for (; at < end; at += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)at);
        const int bits = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')));
        const char *space = at + __builtin_ctz((unsigned)bits | 1u << 16);
        if (bits)
            return space < end ? space : end;
    }
    return end;
#else
    while (at < end && *at != ' ')
        at++;
    return at;
#endif
}

/* The word at `at`, which ends before `end`. */
static inline bool read_word(const char **at, const char *end, struct ff_span *out)
{
    const char *space = find_space(*at, end);
    *out = (struct ff_span) { *at, (size_t)(space - *at) };
    *at = space + 1;
    return out->len > 0 && space < end;
}

static inline unsigned digit(char c)
{
    return (unsigned)(unsigned char)c - '0';
}

/* Client and time, before the request's quote. */
static inline bool read_head(struct ff_parser *parser, const char *at,
                             const char *quote, struct ff_record *out)
{
    if (quote - at < TIME_TAIL + 2)
        return false;
    const char *bracket = quote - TIME_TAIL;
    if (!read_word(&at, bracket, &out->client) || quote[-1] != ' ' ||
        quote[-2] != ']' || bracket[0] != '[')
        return false;
    /* A bracket before the time's may be a user's, or the time's own after all. */
    const size_t between = (size_t)(bracket - at);
    const bool is_nobody = between == 4 && memcmp(at, "- - ", 4) == 0;
    if (!is_nobody && memchr(at, '[', between))
        return false;
    if (!ff_clf_time_read(&parser->clock, bracket + 1, &out->time))
        return false;
    out->east = parser->clock.east;
    return true;
}

/* The size at `at`, whose end is given; NULL if there is none. Eight bytes are looked
 * at together: those before the first that is no digit are moved up, so that zeros
 * stand before them, and added up in pairs, then fours, then all. */
static inline const char *read_size(const char *at, const char *end, uint64_t *out)
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
            value = (value * 10 + (value >> 8)) & 0x00ff00ff00ff00ffu;
            value = (value * 100 + (value >> 16)) & 0x0000ffff0000ffffu;
            *out = (uint32_t)(value * 10000 + (value >> 32));
            return at + n;
        }
    }
    const char *most = end - at > 18 ? at + 18 : end, *p = at;
    for (value = 0; p < most && digit(*p) <= 9; p++)
        value = value * 10 + digit(*p);
    *out = value;
    return p > at ? p : NULL;
}

/* Request, status and size, from the request's two quotes on; gives where the size
 * ends. */
static inline const char *read_middle(const struct line *line, struct ff_record *out)
{
    const char *open = line->quotes[0], *close = line->quotes[1];
    if (line->end - close < 7 || close[1] != ' ' || close[5] != ' ')
        return NULL;
    const unsigned a = digit(close[2]), b = digit(close[3]), c = digit(close[4]);
    if (a > 9 || b > 9 || c > 9)
        return NULL;
    out->status = (uint16_t)(a * 100 + b * 10 + c);
    ff_request_split((struct ff_span) { open + 1, (size_t)(close - open - 1) }, out);
    return close[6] == '-' ? close + 7 : read_size(close + 6, line->end, &out->bytes);
}

/* A field between two quotes, of which the first stands one space behind `at`. The
 * second has a space or the line's end behind it. */
static inline bool read_quoted(const struct line *line, const char *at, size_t quote,
                               struct ff_span *out)
{
    const char *open = line->quotes[quote], *close = line->quotes[quote + 1];
    if (open != at + 1 || *at != ' ' || (close + 1 < line->end && close[1] != ' '))
        return false;
    const size_t len = (size_t)(close - open - 1);
    *out = (struct ff_span) { open + 1, len == 1 && open[1] == '-' ? 0 : len };
    return true;
}

static inline bool read_combined(struct ff_parser *parser, const struct line *line,
                                 const char *client, struct ff_record *out)
{
    if (!read_head(parser, client, line->quotes[0], out))
        return false;
    const char *size_end = read_middle(line, out);
    out->has |= FF_HAS_REFERRER | FF_HAS_AGENT;
    return size_end && size_end < line->end &&
           read_quoted(line, size_end, 2, &out->referrer) &&
           read_quoted(line, line->quotes[3] + 1, 4, &out->agent);
}

bool ff_clf_common_marked(struct ff_parser *parser, const struct ff_marked_line *marked,
                          struct ff_record *out)
{
    struct line line;
    ff_record_clear(out);
    return take_quotes(marked, 2, &line) &&
           read_head(parser, line.start, line.quotes[0], out) &&
           read_middle(&line, out) == line.end;
}

bool ff_clf_combined_marked(struct ff_parser *parser,
                            const struct ff_marked_line *marked, struct ff_record *out)
{
    struct line line;
    ff_record_clear(out);
    return take_quotes(marked, 6, &line) &&
           read_combined(parser, &line, line.start, out);
}

bool ff_clf_language_marked(struct ff_parser *parser,
                            const struct ff_marked_line *marked, struct ff_record *out)
{
    struct line line;
    ff_record_clear(out);
    if (!take_quotes(marked, 8, &line) ||
        !read_combined(parser, &line, line.start, out) ||
        line.quotes[5] + 1 >= line.end ||
        !read_quoted(&line, line.quotes[5] + 1, 6, &out->language))
        return false;
    out->has |= FF_HAS_LANGUAGE;
    return true;
}

bool ff_clf_vhost_marked(struct ff_parser *parser, const struct ff_marked_line *marked,
                         struct ff_record *out)
{
    struct line line;
    ff_record_clear(out);
    if (!take_quotes(marked, 6, &line))
        return false;
    const char *client = line.start;
    if (line.quotes[0] - client < TIME_TAIL + 2 ||
        !read_word(&client, line.quotes[0] - TIME_TAIL, &out->vhost) ||
        !read_combined(parser, &line, client, out))
        return false;
    out->has |= FF_HAS_VHOST;
    return true;
}

bool ff_clf_combined_begin(struct ff_parser *parser,
                           const struct ff_marked_line *marked, struct ff_record *out,
                           const char **agent)
{
    struct line line;
    if (!take_quotes(marked, FF_CLF_BEGIN_MARKS, &line) ||
        !read_head(parser, line.start, line.quotes[0], out))
        return false;
    const char *size_end = read_middle(&line, out);
    *agent = line.quotes[4] + 1;
    return size_end && size_end < line.end &&
           read_quoted(&line, size_end, 2, &out->referrer) &&
           line.quotes[3] + 2 == line.quotes[4];
}
