/* The words and their meanings as plain text, for those who ask without a report. */
#include "outline.h"

#define COLUMN 20

void ff_report_print_words(FILE *out)
{
    for (size_t i = 0; i < FF_DEFINITIONS; i++) {
        int at = fprintf(out, "  %-*s", COLUMN - 3, ff_definitions[i].word);
        for (const char *text = ff_definitions[i].meaning; *text;) {
            const int len = (int)strcspn(text, " ");
            if (at + 1 + len > 79)
                at = fprintf(out, "\n%*s", COLUMN - 1, "") - 1;
            at += fprintf(out, " %.*s", len, text);
            text += len;
            text += strspn(text, " ");
        }
        fputc('\n', out);
    }
}
