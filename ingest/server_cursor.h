/* Reads a line by the steps of a program; its first failure sticks. */
#ifndef FF_SERVER_CURSOR_H
#define FF_SERVER_CURSOR_H

#include "server_program.h"
#include "server_time.h"

/* Invariant: at <= line.len. After a failure all reads give nothing. */
struct ff_cursor {
    struct ff_span line;
    size_t at;
    enum ff_reject reject;
    const char *base;            /* of the line's marks */
    const uint16_t *mark, *last; /* those that are not passed; NULL: they are unknown */
};

static inline void ff_cursor_fail(struct ff_cursor *c, enum ff_reject why)
{
    if (c->reject == FF_REJECT_NONE)
        c->reject = why;
}

/* Whether `literal` stands at `s`, which has `len` bytes. It is a few bytes long: a
 * loop is faster than a call. */
static inline bool ff_literal_is(struct ff_span literal, const char *s, size_t len)
{
    if (len < literal.len)
        return false;
    for (size_t i = 0; i < literal.len; i++)
        if (s[i] != literal.data[i])
            return false;
    return true;
}

static inline void ff_cursor_expect(struct ff_cursor *c, struct ff_span text)
{
    if (!c->reject && ff_literal_is(text, c->line.data + c->at, c->line.len - c->at))
        c->at += text.len;
    else
        ff_cursor_fail(c, FF_REJECT_SHAPE);
}

/* The field's text; the cursor is behind its literal then. */
struct ff_span ff_cursor_text(struct ff_cursor *c, const struct ff_server_step *step);

/* Fields that end where their own shape does; then the literal is still to come. */
uint16_t ff_cursor_status(struct ff_cursor *c, const struct ff_server_step *step);
uint64_t ff_cursor_size(struct ff_cursor *c, const struct ff_server_step *step);
int64_t ff_cursor_clf_time(struct ff_cursor *c, struct ff_clf_clock *clock);
void ff_cursor_time(struct ff_cursor *c, const struct ff_server_step *step,
                    struct ff_server_time *time);

#endif
