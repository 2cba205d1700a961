/* Where a field of a server format ends. One that could be anything ends at the first
 * place where its literal stands and where what must follow can follow: so a user name
 * may hold brackets, and a request quotes. */
#include "server_cursor.h"

#if defined __SSE2__
#include <emmintrin.h>
#endif

static struct ff_span rest(const struct ff_cursor *c)
{
    return ff_span_from(c->line, c->at);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether the quote at `at` is escaped: an odd number of backslashes before it. */
static bool is_escaped(struct ff_span s, size_t at)
{
    size_t n = 0;
    while (n < at && s.data[at - 1 - n] == '\\')
        n++;
    return n & 1;
}

/* Whether `s` goes on with `after` at `at`; 0 is anything, the line's end too. */
static bool has_after(struct ff_span s, size_t at, char after)
{
    return !after || (at < s.len && s.data[at] == after);
}

/* "10/Oct/2000:13:55:36", with a zone or without. */
static bool is_clf_time(struct ff_span s, char after)
{
    enum { NO_ZONE_LEN = 20 };
    return s.len >= NO_ZONE_LEN && s.data[2] == '/' && s.data[11] == ':' &&
           ((s.len >= FF_CLF_TIME_LEN && has_after(s, FF_CLF_TIME_LEN, after)) ||
            (after && has_after(s, NO_ZONE_LEN, after)));
}

static bool is_status(struct ff_span s, char after)
{
    if (s.len && s.data[0] == '-')
        return has_after(s, 1, after);
    return s.len >= 3 && is_digit(s.data[0]) && is_digit(s.data[1]) &&
           is_digit(s.data[2]) && has_after(s, 3, after);
}

static bool is_status_start(struct ff_span s, char after)
{
    return s.len > 1 && (is_digit(s.data[0]) ||
                         (s.data[0] == '-' && (!after || s.data[1] == after)));
}

static bool is_next(const struct ff_server_step *step, struct ff_span s)
{
    switch ((enum ff_server_next)step->next) {
    case FF_NEXT_CLF_TIME:
        return is_clf_time(s, step->after_next);
    case FF_NEXT_STATUS:
        return is_status(s, step->after_next);
    case FF_NEXT_STATUS_START:
        return is_status_start(s, step->after_next);
    case FF_NEXT_ANY:
        break;
    }
    return true;
}

/* Whether the word before `at` is the one that ends a request. */
static bool is_behind_protocol(struct ff_span s, size_t at)
{
    size_t start = at;
    while (start > 0 && s.data[start - 1] != ' ')
        start--;
    return ff_span_starts((struct ff_span) { s.data + start, at - start },
                          FF_SPAN("HTTP/"));
}

/* Whether the literal found at `at` is a part of the field. */
static bool is_inside(const struct ff_server_step *step, struct ff_span s, size_t at)
{
    return (step->end == FF_END_QUOTE && is_escaped(s, at)) ||
           (step->end == FF_END_LIST && at > 1 && s.data[at - 1] == ',') ||
           (step->end == FF_END_REQUEST && !is_behind_protocol(s, at));
}

/* Whether the field ends at `end`, where its literal's first byte is. */
static inline bool ends_at(const struct ff_server_step *step, struct ff_span s,
                           size_t end)
{
    const struct ff_span literal = step->literal;
    return ff_literal_is(literal, s.data + end, s.len - end) &&
           is_next(step, ff_span_from(s, end + literal.len)) &&
           !is_inside(step, s, end);
}

static inline struct ff_span take_text(struct ff_cursor *c,
                                       const struct ff_server_step *step, size_t len)
{
    const struct ff_span text = { c->line.data + c->at, len };
    c->at += len + step->literal.len;
    return text;
}

static struct ff_span no_text(struct ff_cursor *c)
{
    ff_cursor_fail(c, FF_REJECT_SHAPE);
    return (struct ff_span) { c->line.data + c->at, 0 };
}

/* The literal begins with a quote, and the marks say where there are any. */
static struct ff_span text_to_quote(struct ff_cursor *c,
                                    const struct ff_server_step *step)
{
    const struct ff_span s = rest(c);
    while (c->mark < c->last) {
        const char *mark = c->base + *c->mark++;
        if (mark >= s.data && ends_at(step, s, (size_t)(mark - s.data)))
            return take_text(c, step, (size_t)(mark - s.data));
    }
    return no_text(c);
}

/* As ff_span_find, for what is mostly near. */
static inline size_t find_near(struct ff_span s, char byte)
{
#if defined __SSE2__
    if (s.len >= 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)s.data);
        const int bits = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte)));
        if (bits)
            return (size_t)__builtin_ctz((unsigned)bits);
    }
#endif
    return ff_span_find(s, byte);
}

static struct ff_span text_to_literal(struct ff_cursor *c,
                                      const struct ff_server_step *step)
{
    const struct ff_span s = rest(c);
    const char first = step->literal.data[0];
    if (c->mark && first == '"')
        return text_to_quote(c, step);
    for (size_t end = 0;; end++) {
        end += find_near(ff_span_from(s, end), first);
        if (end >= s.len)
            return no_text(c);
        if (ends_at(step, s, end))
            return take_text(c, step, end);
    }
}

/* What is no request is taken as one word. */
static struct ff_span text_of_request(struct ff_cursor *c,
                                      const struct ff_server_step *step)
{
    struct ff_cursor tried = *c;
    struct ff_server_step word = *step;
    const struct ff_span text = text_to_literal(&tried, step);
    word.end = FF_END_LITERAL;
    if (tried.reject)
        return text_to_literal(c, &word);
    *c = tried;
    return text;
}

/* The rest of the line without blanks at its end and without the literal. */
static struct ff_span text_to_end(struct ff_cursor *c,
                                  const struct ff_server_step *step)
{
    struct ff_span s = rest(c);
    while (s.len && s.data[s.len - 1] == ' ')
        s.len--;
    if (!ff_span_ends(s, step->literal) ||
        (step->literal.len && step->literal.data[0] == '"' &&
         is_escaped(s, s.len - step->literal.len))) {
        return no_text(c);
    }
    c->at = c->line.len;
    return (struct ff_span) { s.data, s.len - step->literal.len };
}

static struct ff_span text_to_slash(struct ff_cursor *c)
{
    struct ff_span s = rest(c);
    s.len = ff_span_find(s, '/');
    c->at += s.len;
    if (c->at == c->line.len)
        ff_cursor_fail(c, FF_REJECT_SHAPE);
    return s;
}

struct ff_span ff_cursor_text(struct ff_cursor *c, const struct ff_server_step *step)
{
    if (c->reject)
        return (struct ff_span) { c->line.data, 0 };
    if (step->end == FF_END_LINE)
        return text_to_end(c, step);
    if (step->end == FF_END_SLASH)
        return text_to_slash(c);
    if (step->end == FF_END_REQUEST)
        return text_of_request(c, step);
    return text_to_literal(c, step);
}

/* Whether a number may end before `at`: its literal begins there, or a blank at the
 * line's end. */
static bool can_end(const struct ff_server_step *step, struct ff_span s, size_t at)
{
    if (at == s.len)
        return true;
    return s.data[at] == (step->literal.len ? step->literal.data[0] : ' ');
}

/* Three digits; "-", and Envoy's "0", say that there is none. */
uint16_t ff_cursor_status(struct ff_cursor *c, const struct ff_server_step *step)
{
    const struct ff_span s = rest(c);
    if (c->reject)
        return 0;
    if (s.len && (s.data[0] == '-' || s.data[0] == '0') && can_end(step, s, 1)) {
        c->at++;
        return 0;
    }
    if (!is_status(s, 0) || s.data[0] == '-' || !can_end(step, s, 3)) {
        ff_cursor_fail(c, FF_REJECT_STATUS);
        return 0;
    }
    c->at += 3;
    return (uint16_t)((s.data[0] - '0') * 100 + (s.data[1] - '0') * 10 + s.data[2] -
                      '0');
}

/* Digits or "-". 18 digits are as many as any size has. */
uint64_t ff_cursor_size(struct ff_cursor *c, const struct ff_server_step *step)
{
    const struct ff_span s = rest(c);
    uint64_t n = 0;
    size_t i = 0;
    if (c->reject)
        return 0;
    if (s.len && s.data[0] == '-')
        i = 1;
    else
        for (; i < s.len && i < 18 && is_digit(s.data[i]); i++)
            n = n * 10 + (uint64_t)(s.data[i] - '0');
    if (i == 0 || !can_end(step, s, i)) {
        ff_cursor_fail(c, FF_REJECT_SIZE);
        return 0;
    }
    c->at += i;
    return n;
}

/* A time without a zone is UTC. */
int64_t ff_cursor_clf_time(struct ff_cursor *c, struct ff_clf_clock *clock)
{
    static const char utc[] = " +0000";
    enum { NO_ZONE_LEN = FF_CLF_TIME_LEN - sizeof utc + 1 };
    const struct ff_span s = rest(c);
    int64_t time = 0;
    if (c->reject)
        return 0;
    if (s.len < NO_ZONE_LEN) {
        ff_cursor_fail(c, FF_REJECT_SHAPE);
        return 0;
    }
    size_t len = FF_CLF_TIME_LEN;
    char text[FF_CLF_TIME_LEN];
    const bool has_zone = s.len >= FF_CLF_TIME_LEN && s.data[NO_ZONE_LEN] == ' ' &&
                          (s.data[21] == '+' || s.data[21] == '-');
    if (!has_zone) {
        len = NO_ZONE_LEN;
        memcpy(text, s.data, NO_ZONE_LEN);
        memcpy(text + NO_ZONE_LEN, utc, sizeof utc - 1);
    }
    if (ff_clf_time_read(clock, has_zone ? s.data : text, &time))
        c->at += len;
    else
        ff_cursor_fail(c, FF_REJECT_TIME);
    return time;
}

void ff_cursor_time(struct ff_cursor *c, const struct ff_server_step *step,
                    struct ff_server_time *time)
{
    struct ff_span s = rest(c);
    if (c->reject)
        return;
    if (!ff_server_time_read(time, step->pattern, &s))
        ff_cursor_fail(c, FF_REJECT_TIME);
    else
        c->at = c->line.len - s.len;
}
