#include "compare.h"

#include <string.h>

#include "options.h"

/* The day that ends before `end`, which is in the same text. */
static bool read_day(const char *text, const char *end, int32_t *day)
{
    char copy[16];
    const size_t len = (size_t)(end - text);
    if (len >= sizeof copy)
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    return ff_option_day(copy, day);
}

bool ff_compare_read(struct ff_compare *compare, const char *text)
{
    const char *dots = strstr(text, "..");
    struct ff_days days = { 0, 0 };
    int32_t last;
    *compare = (struct ff_compare) { .kind = FF_COMPARE_DAYS };
    if (strcmp(text, "previous") == 0)
        compare->kind = FF_COMPARE_PREVIOUS;
    else if (strcmp(text, "year") == 0)
        compare->kind = FF_COMPARE_YEAR;
    if (compare->kind != FF_COMPARE_DAYS)
        return true;
    if (!dots || !read_day(text, dots, &days.from) || !ff_option_day(dots + 2, &last) ||
        last < days.from)
        return false;
    days.end = last + 1;
    compare->days = days;
    return true;
}
