/* The text between the values being the same, a line is JSON as the other one was if
 * its strings have nothing to escape and its scalars are scalars. A string has no mark
 * inside, so the gap behind it begins at the next one; the gap behind a scalar has its
 * first mark at a known place; the last gap ends where the line does. The number of
 * marks is known, so none is left over. */
#include "json_shape.h"

#include <assert.h>

#include "digits.h"
#include "json_tokens.h"

static bool is_mark(char c)
{
    return (unsigned char)c < ' ' || c == '"' || c == '\\';
}

bool ff_json_shape_add(struct ff_json_shape *shape, struct ff_span text, uint8_t value,
                       bool is_string)
{
    struct ff_json_gap *gap = &shape->gaps[shape->n_gaps];
    assert(shape->n_gaps < FF_JSON_GAPS);
    if (text.len > sizeof gap->text)
        return false;
    /* Only the last one may do without marks, and it was not the last. */
    if (shape->n_gaps && gap[-1].n_marks == 0)
        return false;
    *gap = (struct ff_json_gap) { .len = (uint8_t)text.len,
                                  .value = value,
                                  .is_string = is_string };
    memcpy(gap->text, text.data, text.len);
    memset(gap->mask, 0xff, text.len);
    for (size_t i = text.len; i-- > 0;)
        if (is_mark(text.data[i])) {
            gap->mark = (uint8_t)i;
            gap->n_marks++;
        }
    assert(!is_string || gap->mark == 0);
    shape->n_marks += gap->n_marks;
    shape->n_gaps++;
    return true;
}

/* Whether the gap's text is at `at`, before `end`. */
static inline bool is_gap(const struct ff_json_gap *gap, const char *at,
                          const char *end)
{
    uint64_t other = 0;
    if (at > end - sizeof gap->text)
        return gap->len <= end - at && ff_json_same_bytes(gap->text, at, gap->len);
    for (size_t i = 0; i < FF_JSON_GAP_WORDS; i++)
        other |= ff_json_differ(gap->text + 8 * i, at + 8 * i) & gap->mask[i];
    return other == 0;
}

/* Whether what is between `start` and the gap at `end` is a scalar. Most are numbers of
 * few digits, and eight bytes can be read as the line goes on for longer. */
static inline bool read_scalar(const char *start, const char *end, const char *line_end,
                               struct ff_span *text)
{
    const size_t n = (size_t)(end - start);
    if (n - 1 < 8 && line_end - start >= 8 && (*start != '0' || n == 1) &&
        ff_digits_are(ff_digits_at(start, n)))
        return true;
    return n && ff_json_scalar(&start, end, text) && start == end;
}

/* The value at `at`, up to the gap at `end`. */
static inline bool read_value(const struct ff_json_gap *gap, const char *at,
                              const char *end, const char *line_end,
                              struct ff_json_found *found)
{
    struct ff_json_value *value = &found->values[gap->value];
    value->text.data = at;
    value->text.len = (size_t)(end - at);
    value->has_escapes = false;
    return is_gap(gap, end, line_end) &&
           (gap->is_string || read_scalar(at, end, line_end, &value->text));
}

bool ff_json_shape_read(const struct ff_json_shape *shape,
                        const struct ff_marked_line *line, struct ff_json_found *found)
{
    const struct ff_json_gap *gap = shape->gaps, *last = gap + shape->n_gaps - 1;
    const char *at = line->text.data, *end = at + line->text.len, *base = line->base;
    const uint16_t *mark = line->marks;
    if (shape->n_gaps < 2 || shape->n_marks != line->n_marks ||
        line->text.len < sizeof gap->text || !is_gap(gap, at, end))
        return false;
    for (;;) {
        at += gap->len;
        mark += gap->n_marks;
        if (++gap == last)
            break;
        const char *next = base + *mark;
        if (!gap->is_string) {
            if (next - at < gap->mark)
                return false;
            next -= gap->mark;
        }
        if (!read_value(gap, at, next, end, found))
            return false;
        at = next;
    }
    if (end - at < last->len || !read_value(last, at, end - last->len, end, found))
        return false;
    found->present = shape->present;
    found->objects = shape->objects;
    return true;
}
