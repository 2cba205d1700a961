/* Combined lines as nearly all are, cut and read in one: six quotes and the line's end
 * are its marks, in that order, and where they are tells all fields' places. Numbers
 * are checked and computed by eight bytes.
 *
 * Whatever is unusual is left where it is, for ff_cutter_next and the readers behind
 * it, which know all cases: this may give up anywhere but must never read a line in
 * another way. */
#ifndef FF_CLF_COMBINED_H
#define FF_CLF_COMBINED_H

#include "clf_usual.h"

/* Quotes, and the line's end. */
#define FF_COMBINED_MARKS 7

/* Where a line begins, and the quotes around its fields. */
struct ff_combined_line {
    const char *start;
    const char *request, *request_end;
    const char *referrer, *referrer_end;
    const char *agent, *agent_end; /* behind it the line ends */
};

/* The next line, if its marks are a usual one's. */
static inline bool ff_combined_cut(const struct ff_cutter *cutter,
                                   struct ff_combined_line *line)
{
    const uint16_t *at = cutter->marks.at + cutter->next;
    uint64_t marks, usual = 0;
    memcpy(&marks, cutter->marks.bytes + cutter->next, sizeof marks);
    memcpy(&usual, "\"\"\"\"\"\"\n", FF_COMBINED_MARKS);
    if (cutter->n_marks - cutter->next < FF_COMBINED_MARKS ||
        le64toh(marks ^ usual) << 8 || at[4] != at[3] + 2 || at[6] != at[5] + 1)
        return false;
    *line = (struct ff_combined_line) {
        .start = cutter->left.data,
        .request = cutter->base + at[0],
        .request_end = cutter->base + at[1],
        .referrer = cutter->base + at[2],
        .referrer_end = cutter->base + at[3],
        .agent = cutter->base + at[4],
        .agent_end = cutter->base + at[5],
    };
    return line->referrer_end[1] == ' ';
}

/* ` 200 ` at `at`; what is behind it is no matter. */
static inline bool ff_combined_status(const char *at, uint16_t *out)
{
    const uint64_t digits = (ff_clf_eight(at) ^ 0x2030303020u) & 0xffffffffffu;
    *out = (uint16_t)((digits >> 8 & 255) * 100 + (digits >> 16 & 255) * 10 +
                      (digits >> 24 & 255));
    return ff_digits_are_below(digits, 0x7f7676767fu);
}

/* ` 200 512 ` between request and referrer. */
static inline bool ff_combined_numbers(const struct ff_combined_line *line,
                                       struct ff_record *out)
{
    const char *at = line->request_end + 1, *end = line->referrer - 1;
    const ptrdiff_t n = end - at - 5; /* of the size */
    if (n < 1 || n > 8 || *end != ' ' || !ff_combined_status(at, &out->status))
        return false;
    out->bytes = 0;
    if (n == 1 && end[-1] == '-')
        return true;
    /* Behind it are four quotes, two spaces and the line's end at least. */
    const uint64_t digits = ff_digits_at(end - n, (size_t)n);
    out->bytes = ff_digits_sum(digits);
    return ff_digits_are(digits);
}

/* `GET /path HTTP/1.1`; others are split as always. */
static inline void ff_combined_request(const struct ff_combined_line *line,
                                       struct ff_record *out)
{
    const char *text = line->request + 1, *target = text + 4,
               *tail = line->request_end - (sizeof " HTTP/1.1" - 1);
    /* A line has more than those nine bytes before the request's end. */
    const bool is_http = FF_CLF_IS(tail, " HTTP/1.") | FF_CLF_IS(tail, " HTTP/2.");
    if (is_http && tail[8] != ' ' && tail > target && FF_CLF_IS(text, "GET ")) {
        out->method = (struct ff_span) { text, 3 };
        out->target = (struct ff_span) { target, (size_t)(tail - target) };
        return;
    }
    ff_request_split((struct ff_span) { text, (size_t)(line->request_end - text) },
                     out);
}

/* What stands between two quotes; "-" is nothing. */
static inline struct ff_span ff_combined_quoted(const char *quote, const char *end)
{
    const size_t len = (size_t)(end - quote) - 1;
    return (struct ff_span) { quote + 1, len == 1 && quote[1] == '-' ? 0 : len };
}

/* Cuts and reads the next line, and gives where it begins. NULL: it is not usual, and
 * is the cutter's next still. */
static inline const char *ff_combined_next(struct ff_cutter *cutter,
                                           struct ff_parser *parser,
                                           struct ff_record *out)
{
    struct ff_combined_line line;
    if (!ff_combined_cut(cutter, &line) || *line.start == '#' ||
        !ff_clf_read_head(parser, line.start, line.request, out) ||
        !ff_is_server_time(out->time) || !ff_combined_numbers(&line, out))
        return NULL;
    out->has = FF_HAS_REFERRER | FF_HAS_AGENT | FF_IS_COMBINED;
    out->opts_out = false;
    ff_combined_request(&line, out);
    out->referrer = ff_combined_quoted(line.referrer, line.referrer_end);
    out->agent = ff_combined_quoted(line.agent, line.agent_end);
    cutter->next += FF_COMBINED_MARKS;
    cutter->left =
        ff_span_from(cutter->left, (size_t)(line.agent_end + 2 - line.start));
    return line.start;
}

#endif
