#include "json_line.h"

#include "inert.h"

/* Of a number. */
#define DIGITS 20

void ff_json_line_end(struct ff_json_line *line)
{
    fwrite(line->bytes, 1, line->n, line->out);
    line->n = 0;
}

/* Room for `len` bytes; NULL if there can be none. */
static char *reserve(struct ff_json_line *line, size_t len)
{
    if (len > sizeof line->bytes - line->n)
        ff_json_line_end(line);
    return len <= sizeof line->bytes ? line->bytes + line->n : NULL;
}

void ff_json_line_pass(struct ff_json_line *line, struct ff_span text)
{
    ff_json_line_end(line);
    if (text.len > sizeof line->bytes)
        fwrite(text.data, 1, text.len, line->out);
    else
        ff_json_line_put(line, text);
}

void ff_json_line_number(struct ff_json_line *line, uint64_t n)
{
    char digits[DIGITS];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    ff_json_line_put(line, (struct ff_span) { digits + at, sizeof digits - at });
}

void ff_json_line_string(struct ff_json_line *line, struct ff_span s)
{
    char *to = reserve(line, s.len + 2);
    if (!to || ff_inert_json_plain(s, 0) < s.len) {
        ff_json_line_end(line);
        ff_inert_json(line->out, s);
        return;
    }
    to[0] = '"';
    if (s.len)
        memcpy(to + 1, s.data, s.len);
    to[s.len + 1] = '"';
    line->n += s.len + 2;
}
