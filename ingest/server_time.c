#include "server_time.h"

#include "footfall/period.h"

/* Conversions that stand for others. */
static struct ff_span composite(char letter)
{
    switch (letter) {
    case 'T':
    case 'X':
        return FF_SPAN("%H:%M:%S");
    case 'R':
        return FF_SPAN("%H:%M");
    case 'F':
        return FF_SPAN("%Y-%m-%d");
    case 'D':
    case 'x':
        return FF_SPAN("%m/%d/%y");
    case 'c':
        return FF_SPAN("%a %b %e %H:%M:%S %Y");
    case 'r':
        return FF_SPAN("%I:%M:%S %p");
    default:
        return (struct ff_span) { "", 0 };
    }
}

static int bits_of(char letter)
{
    switch (letter) {
    case 'Y':
    case 'y':
        return FF_TIME_HAS_YEAR;
    case 'm':
    case 'b':
    case 'B':
    case 'h':
        return FF_TIME_HAS_MONTH;
    case 'd':
    case 'e':
        return FF_TIME_HAS_DAY;
    case 'j':
        return FF_TIME_HAS_MONTH | FF_TIME_HAS_DAY;
    case 'H':
    case 'I':
    case 'k':
    case 'l':
        return FF_TIME_HAS_HOUR;
    case 'M':
        return FF_TIME_HAS_MINUTE;
    case 's':
    case '1':
    case '2':
        return FF_TIME_HAS_EPOCH;
    default:
        return letter && strchr("SpzZaACGgUuVWwntf.%", letter) ? 0 : -1;
    }
}

int ff_server_time_check(struct ff_span pattern, size_t *bad)
{
    int bits = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.data[i] != '%')
            continue;
        *bad = i;
        if (++i == pattern.len)
            return -1;
        size_t inner;
        const struct ff_span parts = composite(pattern.data[i]);
        const int more =
            parts.len ? ff_server_time_check(parts, &inner) : bits_of(pattern.data[i]);
        if (more < 0)
            return -1;
        bits |= more;
    }
    return bits;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static size_t letters(struct ff_span s)
{
    size_t n = 0;
    while (n < s.len && is_letter(s.data[n]))
        n++;
    return n;
}

/* Cuts 1 to `most` digits. At most 18 are asked for, so that they fit. */
static bool cut_number(struct ff_span *s, size_t most, int64_t *out)
{
    size_t n = 0;
    *out = 0;
    for (; n < s->len && n < most && is_digit(s->data[n]); n++)
        *out = *out * 10 + (s->data[n] - '0');
    *s = ff_span_from(*s, n);
    return n > 0;
}

/* A number of two digits, the first perhaps a blank, between `low` and `high`. */
static bool cut_two(struct ff_span *s, int low, int high, uint8_t *out)
{
    int64_t n;
    if (s->len && s->data[0] == ' ')
        *s = ff_span_from(*s, 1);
    if (!cut_number(s, 2, &n) || n < low || n > high)
        return false;
    *out = (uint8_t)n;
    return true;
}

/* "Jan" or "January", whichever stands there. */
static bool cut_month(struct ff_span *s, uint8_t *out)
{
    static const char names[12][10] = {
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December"
    };
    const size_t n = letters(*s);
    for (uint8_t i = 0; i < 12 && n >= 3; i++) {
        const struct ff_span word = { s->data, n }, name = { names[i], n };
        if (n > strlen(names[i]) || !ff_span_equal_nocase(word, name))
            continue;
        *out = (uint8_t)(i + 1);
        *s = ff_span_from(*s, n);
        return true;
    }
    return false;
}

static bool cut_zone(struct ff_span *s, int64_t *east)
{
    uint8_t hours, minutes;
    *east = 0;
    if (s->len && (s->data[0] | 32) == 'z') {
        *s = ff_span_from(*s, 1);
        return true;
    }
    if (s->len < 5 || (s->data[0] != '+' && s->data[0] != '-') ||
        !is_digit(s->data[1]) || !is_digit(s->data[2]))
        return false;
    const int sign = s->data[0] == '-' ? -1 : 1;
    *s = ff_span_from(*s, 1);
    if (!cut_two(s, 0, 23, &hours))
        return false;
    if (s->len && s->data[0] == ':')
        *s = ff_span_from(*s, 1);
    if (!s->len || !is_digit(s->data[0]) || !cut_two(s, 0, 59, &minutes))
        return false;
    *east = sign * (hours * 3600 + minutes * 60);
    return true;
}

/* A fraction is cut off, and needs a digit. */
static bool cut_fraction(struct ff_span *s)
{
    size_t n = 1;
    if (s->len < 2 || (s->data[0] != '.' && s->data[0] != ',') || !is_digit(s->data[1]))
        return true;
    while (n < s->len && is_digit(s->data[n]))
        n++;
    *s = ff_span_from(*s, n);
    return true;
}

static bool cut_epoch(struct ff_span *s, int64_t unit, int64_t *out)
{
    int64_t n;
    if (!cut_number(s, 18, &n) || !cut_fraction(s))
        return false;
    *out = n / unit;
    return true;
}

static bool cut_word(struct ff_span *s)
{
    const size_t n = letters(*s);
    *s = ff_span_from(*s, n);
    return n > 0;
}

/* A zone's name is not known, but for UTC's which is 0: it counts as UTC. */
static bool cut_zone_name(struct ff_span *s, int64_t *east)
{
    return cut_word(s) || cut_zone(s, east);
}

static bool cut_pm(struct ff_span *s, bool *is_pm)
{
    if (s->len < 2 || (s->data[1] | 32) != 'm')
        return false;
    *is_pm = (s->data[0] | 32) == 'p';
    const bool is_so = *is_pm || (s->data[0] | 32) == 'a';
    *s = ff_span_from(*s, 2);
    return is_so;
}

static bool cut_year(struct ff_server_time *t, char letter, struct ff_span *s)
{
    int64_t n;
    if (!cut_number(s, letter == 'Y' ? 4 : 2, &n))
        return false;
    t->year = (int32_t)(letter == 'Y' ? n : n + (n < 69 ? 2000 : 1900));
    return true;
}

static bool cut_day_of_year(struct ff_server_time *t, struct ff_span *s)
{
    int64_t n;
    if (!cut_number(s, 3, &n) || n < 1 || n > 366)
        return false;
    t->day_of_year = (uint16_t)n;
    return true;
}

/* Conversions that give nothing that is used. */
static bool cut_unused(char letter, struct ff_span *s)
{
    int64_t n;
    switch (letter) {
    case 'a':
    case 'A':
        return cut_word(s);
    case 'f':
        return cut_number(s, 18, &n);
    case '.':
        return cut_fraction(s);
    case 'G':
        return cut_number(s, 4, &n);
    case '%':
    case 'n':
    case 't':
        if (s->len == 0)
            return false;
        *s = ff_span_from(*s, 1);
        return true;
    default:
        return cut_number(s, 2, &n);
    }
}

static bool cut(struct ff_server_time *t, char letter, struct ff_span *s)
{
    switch (letter) {
    case 'Y':
    case 'y':
        return cut_year(t, letter, s);
    case 'm':
        return cut_two(s, 1, 12, &t->month);
    case 'b':
    case 'B':
    case 'h':
        return cut_month(s, &t->month);
    case 'd':
    case 'e':
        return cut_two(s, 1, 31, &t->day);
    case 'j':
        return cut_day_of_year(t, s);
    case 'H':
    case 'k':
        return cut_two(s, 0, 23, &t->hour);
    case 'I':
    case 'l':
        t->is_12_hours = true;
        return cut_two(s, 1, 12, &t->hour);
    case 'M':
        return cut_two(s, 0, 59, &t->minute);
    case 'S':
        return cut_two(s, 0, 60, &t->second);
    case 'p':
        return cut_pm(s, &t->is_pm);
    case 'z':
        return cut_zone(s, &t->east);
    case 'Z':
        return cut_zone_name(s, &t->east);
    case 's':
        return cut_epoch(s, 1, &t->epoch);
    case '1':
        return cut_epoch(s, 1000, &t->epoch);
    case '2':
        return cut_epoch(s, 1000000, &t->epoch);
    default:
        return cut_unused(letter, s);
    }
}

bool ff_server_time_read(struct ff_server_time *time, struct ff_span pattern,
                         struct ff_span *text)
{
    for (size_t i = 0; i < pattern.len; i++) {
        const char c = pattern.data[i];
        if (c != '%') {
            if (text->len == 0 || text->data[0] != c)
                return false;
            *text = ff_span_from(*text, 1);
            continue;
        }
        const char letter = pattern.data[++i];
        const struct ff_span parts = composite(letter);
        if (parts.len ? !ff_server_time_read(time, parts, text)
                      : !cut(time, letter, text))
            return false;
        if (!parts.len)
            time->has |= (uint8_t)bits_of(letter);
    }
    return true;
}

static bool day_of(const struct ff_server_time *t, int32_t *day)
{
    const bool is_of_year = t->day_of_year > 0;
    const struct ff_date first = { t->year, is_of_year ? 1 : t->month, 1 };
    const int32_t start = ff_day_of_date(first);
    const int32_t end = ff_period_end(FF_MONTH, start);
    *day = start + (is_of_year ? t->day_of_year : t->day) - 1;
    return is_of_year || *day < end;
}

bool ff_server_time_value(const struct ff_server_time *t, int64_t *out)
{
    int32_t day;
    *out = t->epoch;
    if (t->has & FF_TIME_HAS_EPOCH)
        return true;
    if ((t->has & FF_TIME_WHOLE) != FF_TIME_WHOLE || !day_of(t, &day))
        return false;
    const int hour = t->is_12_hours ? t->hour % 12 + (t->is_pm ? 12 : 0) : t->hour;
    *out = (int64_t)day * FF_DAY_SECONDS + hour * 3600 + t->minute * 60 +
           (t->second < 60 ? t->second : 59) - t->east;
    return true;
}
