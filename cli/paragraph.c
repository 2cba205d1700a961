#include "paragraph.h"

#include <inttypes.h>
#include <string.h>

void ff_paragraph(FILE *out, const char *text, int column)
{
    int at = column;
    while (*text) {
        const int len = (int)strcspn(text, " ");
        if (at > column && at + 1 + len > 79) {
            fprintf(out, "\n%*s", column, "");
            at = column;
        }
        at += fprintf(out, "%s%.*s", at > column ? " " : "", len, text);
        text += len;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

struct ff_figure ff_figure(uint64_t n)
{
    struct ff_figure figure;
    char digits[24];
    const int len = snprintf(digits, sizeof digits, "%" PRIu64, n);
    char *to = figure.text;
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return figure;
}

struct ff_figure ff_figure_share(uint64_t part, uint64_t whole)
{
    struct ff_figure figure = { "-" };
    if (whole)
        snprintf(figure.text, sizeof figure.text, "%.1f %%",
                 100.0 * (double)part / (double)whole);
    return figure;
}
