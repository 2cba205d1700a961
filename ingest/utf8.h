/* UTF-8 a byte at a time: overlong forms, surrogates and what is past U+10FFFF are
 * refused. Also the code points that must not reach a terminal, page or sheet. */
#ifndef FF_UTF8_H
#define FF_UTF8_H

#include <stdbool.h>
#include <stdint.h>

/* Starts as zeros; the caller's. */
struct ff_utf8 {
    uint32_t code; /* complete when `missing` is 0 after a byte */
    uint32_t least;
    int missing;
};

/* False when `byte` cannot stand here. At the end of a text `missing` must be 0. */
static inline bool ff_utf8_feed(struct ff_utf8 *u, unsigned char byte)
{
    if (u->missing == 0) {
        if (byte < 0x80) {
            u->code = byte;
            return true;
        }
        if (byte < 0xC2 || byte > 0xF4)
            return false;
        u->missing = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
        u->code = byte & (0x3Fu >> u->missing);
        u->least = u->missing == 1 ? 0x80 : u->missing == 2 ? 0x800 : 0x10000;
        return true;
    }
    if ((byte & 0xC0) != 0x80)
        return false;
    u->code = u->code << 6 | (byte & 0x3F);
    if (--u->missing > 0)
        return true;
    return u->code >= u->least && u->code <= 0x10FFFF &&
           (u->code < 0xD800 || u->code > 0xDFFF);
}

/* Controls (C0, DEL, C1), line separators, and what turns the direction of text. */
static inline bool ff_utf8_is_unsafe(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C ||
           (code >= 0x200E && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

/* Writes `code` (up to U+10FFFF) and gives its length, 1 to 4. */
static inline int ff_utf8_put(uint32_t code, char out[static 4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    out[0] = (char)((0xFFu << (7 - more) & 0xFF) | code >> 6 * more);
    for (int i = 1; i <= more; i++)
        out[i] = (char)(0x80 | (code >> 6 * (more - i) & 0x3F));
    return more + 1;
}

#endif
