/* A cursor over a line of words with spaces between them, some in quotes. It reads
 * straight down; its first failure sticks and later reads give nothing. */
#ifndef FF_WORD_CURSOR_H
#define FF_WORD_CURSOR_H

#include "footfall/ingest.h"
#include "formats.h"
#include "values.h"

/* Invariant: at <= line.len. */
struct ff_words {
    struct ff_span line;
    size_t at;
    enum ff_reject reject;
};

static inline void ff_words_fail(struct ff_words *w, enum ff_reject why)
{
    if (w->reject == FF_REJECT_NONE)
        w->reject = why;
}

/* Fails at `part`, a word that was read and is not what it should be. */
static inline void ff_words_fail_at(struct ff_words *w, struct ff_span part,
                                    enum ff_reject why)
{
    if (w->reject)
        return;
    w->at = (size_t)(part.data - w->line.data);
    w->reject = why;
}

static inline struct ff_span ff_words_rest(const struct ff_words *w)
{
    return ff_span_from(w->line, w->at);
}

/* Whether there are no more words. */
static inline bool ff_words_are_read(struct ff_words *w)
{
    while (w->at < w->line.len && w->line.data[w->at] == ' ')
        w->at++;
    return w->reject || w->at == w->line.len;
}

/* The next word; none is a failure. */
static inline struct ff_span ff_words_next(struct ff_words *w)
{
    if (ff_words_are_read(w)) {
        ff_words_fail(w, FF_REJECT_SHAPE);
        return (struct ff_span) { w->line.data + w->at, 0 };
    }
    struct ff_span word = ff_words_rest(w);
    word.len = ff_span_find(word, ' ');
    w->at += word.len;
    return word;
}

/* Whether the quote at `at` has an odd number of backslashes before it. */
static inline bool ff_is_escaped(struct ff_span s, size_t at)
{
    size_t n = 0;
    while (n < at && s.data[at - 1 - n] == '\\')
        n++;
    return n & 1;
}

/* A field in quotes, without them: it ends at a quote that is not escaped and has a
 * space or the line's end behind it. A bare word is given as it is; none is a failure.
 * "-" is empty. */
static inline struct ff_span ff_words_quoted(struct ff_words *w)
{
    if (ff_words_are_read(w) || w->line.data[w->at] != '"')
        return ff_value_text(ff_words_next(w));
    const struct ff_span s = ff_span_from(w->line, w->at + 1);
    for (size_t end = 0;; end++) {
        end += ff_span_find(ff_span_from(s, end), '"');
        if (end >= s.len)
            break;
        if ((end + 1 == s.len || s.data[end + 1] == ' ') && !ff_is_escaped(s, end)) {
            w->at += end + 2;
            return ff_value_text((struct ff_span) { s.data, end });
        }
    }
    ff_words_fail(w, FF_REJECT_SHAPE);
    return (struct ff_span) { s.data, 0 };
}

static inline uint16_t ff_words_status(struct ff_words *w)
{
    uint16_t status = 0;
    const struct ff_span word = ff_words_next(w);
    if (!ff_value_status(word, &status))
        ff_words_fail_at(w, word, FF_REJECT_STATUS);
    return status;
}

static inline uint64_t ff_words_size(struct ff_words *w)
{
    uint64_t size = 0;
    const struct ff_span word = ff_words_next(w);
    if (!ff_value_size(word, &size))
        ff_words_fail_at(w, word, FF_REJECT_SIZE);
    return size;
}

static inline enum ff_reject ff_words_finish(const struct ff_words *w,
                                             struct ff_parser *parser)
{
    parser->column = (uint32_t)w->at + 1;
    return w->reject;
}

#endif
