/* Undoing what servers do to bytes in quoted fields: Apache writes \" \\ \n \t \xHH,
 * nginx \xHH (upper case). */
#ifndef FF_ESCAPE_H
#define FF_ESCAPE_H

#include "footfall/span.h"

static inline int ff_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = (char)(c | 32);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Writes `s` without log escapes into `out`, which has room for s.len bytes, and gives
 * the length. Unknown escapes stay as they are. */
static inline size_t ff_log_unescape(struct ff_span s, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.data[i];
        if (c != '\\' || i + 1 == s.len) {
            out[n++] = c;
            continue;
        }
        const char e = s.data[i + 1];
        const int high = e == 'x' && i + 3 < s.len ? ff_hex_digit(s.data[i + 2]) : -1;
        const int low = high >= 0 ? ff_hex_digit(s.data[i + 3]) : -1;
        if (low >= 0) {
            out[n++] = (char)(high << 4 | low);
            i += 3;
        } else if (e == '"' || e == '\\') {
            out[n++] = e;
            i++;
        } else if (e == 'n' || e == 't' || e == 'r') {
            out[n++] = e == 'n' ? '\n' : e == 't' ? '\t' : '\r';
            i++;
        } else {
            out[n++] = c;
        }
    }
    return n;
}

#endif
