/* Text and figures for a terminal of 80 columns. */
#ifndef FF_PARAGRAPH_H
#define FF_PARAGRAPH_H

#include <stdint.h>
#include <stdio.h>

/* Words of `text`, folded at 80 columns; lines but the first begin with `column`
 * blanks, and `out` is at that column already. Ends the line. */
void ff_paragraph(FILE *out, const char *text, int column);

/* 1,234,567 */
struct ff_figure {
    char text[32];
};
struct ff_figure ff_figure(uint64_t n);
/* 26.0 % */
struct ff_figure ff_figure_share(uint64_t part, uint64_t whole);

#endif
