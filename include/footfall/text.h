/* Text and numbers as people read them, for reports and for whoever shows figures in
 * another way. No locale is asked: the same figures give the same bytes everywhere. */
#ifndef FOOTFALL_TEXT_H
#define FOOTFALL_TEXT_H

#include <stdint.h>

#include "footfall/span.h"

/* Large enough for every function that gives one. */
struct ff_words {
    char text[48];
};

struct ff_words ff_words_count(uint64_t n);                    /* 1,234,567 */
struct ff_words ff_words_bytes(uint64_t n);                    /* 1.2 GB: 10^9 bytes */
struct ff_words ff_words_share(uint64_t part, uint64_t whole); /* 26.0 % */
struct ff_words ff_words_date(int32_t day);                    /* 2026-03-02 */

#define FF_REPLACEMENT 0xfffdu

/* The code point at *at, which is moved past it; a byte that begins no well-formed
 * UTF-8 is FF_REPLACEMENT and one byte long. `*at` is below the span's length. */
uint32_t ff_utf8_next(struct ff_span s, size_t *at);

/* Columns that a terminal gives to the code point: 0, 1 or 2. The same everywhere,
 * unlike wcwidth(), which asks the locale. */
int ff_width(uint32_t c);

/* Controls (C0, DEL, C1), line and paragraph separators, the marks and overrides of
 * direction, and the byte order mark: nothing that a reader should see. */
bool ff_is_hostile(uint32_t c);

#endif
