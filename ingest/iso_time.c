#include "iso_time.h"

#include "footfall/period.h"

enum { DATE_LEN = 10, TIME_LEN = 19, EXPONENT_MAX = 9999 };

/* Two digits as a number; over 99 if they are none. */
static unsigned two(const char *text)
{
    const unsigned tens = (unsigned char)text[0] - '0',
                   ones = (unsigned char)text[1] - '0';
    return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static unsigned days_in(int32_t year, unsigned month)
{
    const struct ff_date first = { year, (uint8_t)month, 1 };
    const int32_t day = ff_day_of_date(first);
    return (unsigned)(ff_period_end(FF_MONTH, day) - day);
}

static bool date_read(const char *text, int64_t *base)
{
    const unsigned century = two(text), years = two(text + 2), month = two(text + 5),
                   day = two(text + 8);
    if (text[7] != text[4] || century > 99 || years > 99 || month < 1 || month > 12)
        return false;
    const int32_t year = (int32_t)(century * 100 + years);
    if (day < 1 || day > days_in(year, month))
        return false;
    const struct ff_date date = { year, (uint8_t)month, (uint8_t)day };
    *base = (int64_t)ff_day_of_date(date) * FF_DAY_SECONDS;
    return true;
}

/* Cuts ".123" off the front; false when the point has no digit behind it. */
static bool cut_fraction(struct ff_span *s)
{
    if (s->len == 0 || (s->data[0] != '.' && s->data[0] != ','))
        return true;
    size_t n = 1;
    while (n < s->len && is_digit(s->data[n]))
        n++;
    *s = ff_span_from(*s, n);
    return n > 1;
}

/* The whole of `s` as a zone, in seconds east of UTC; offsets reach from -12:00 to
 * +14:00, a day is let pass. */
static bool zone_read(struct ff_span s, int64_t *east)
{
    *east = 0;
    if (s.len && s.data[0] == ' ')
        s = ff_span_from(s, 1);
    else if (s.len == 0)
        return true;
    if (ff_span_equal_nocase(s, FF_SPAN("Z")) || ff_span_equal(s, FF_SPAN("UTC")) ||
        ff_span_equal(s, FF_SPAN("GMT")))
        return true;
    const bool has_colon = s.len == 6 && s.data[3] == ':';
    if ((s.len != 3 && s.len != 5 && !has_colon) ||
        (s.data[0] != '+' && s.data[0] != '-'))
        return false;
    const unsigned hours = two(s.data + 1);
    const unsigned minutes = s.len == 3 ? 0 : two(s.data + (has_colon ? 4 : 3));
    *east = (int64_t)(hours * 3600 + minutes * 60) * (s.data[0] == '-' ? -1 : 1);
    return hours <= 23 && minutes <= 59;
}

bool ff_iso_time_read(struct ff_iso_clock *clock, struct ff_span text, int64_t *time)
{
    const char *s = text.data;
    if (clock->len == text.len && text.len && memcmp(clock->text, s, text.len) == 0) {
        *time = clock->time;
        return true;
    }
    if (text.len < TIME_LEN || !memchr("-/", s[4], 2) || !memchr("T t_", s[10], 4) ||
        s[13] != ':' || s[16] != ':')
        return false;
    const unsigned hour = two(s + 11), minute = two(s + 14), second = two(s + 17);
    struct ff_span tail = ff_span_from(text, TIME_LEN);
    int64_t east;
    if (hour > 23 || minute > 59 || second > 60 || !cut_fraction(&tail) ||
        !zone_read(tail, &east))
        return false;
    if (memcmp(s, clock->day, sizeof clock->day) != 0) {
        if (!date_read(s, &clock->base)) {
            *clock = (struct ff_iso_clock) { 0 };
            return false;
        }
        memcpy(clock->day, s, sizeof clock->day);
    }
    clock->east = (int32_t)east;
    *time =
        clock->base + hour * 3600 + minute * 60 + (second < 60 ? second : 59) - east;
    clock->len = 0;
    if (text.len <= sizeof clock->text) {
        memcpy(clock->text, s, text.len);
        clock->len = (uint8_t)text.len;
        clock->time = *time;
    }
    return true;
}

/* Reads "e-05" at `*i`, if it is there. The value is cut at EXPONENT_MAX. */
static bool exponent_read(struct ff_span s, size_t *i, int *out)
{
    if (*i == s.len || (s.data[*i] | 32) != 'e')
        return true;
    const bool has_sign =
        *i + 1 < s.len && (s.data[*i + 1] == '-' || s.data[*i + 1] == '+');
    const bool is_negative = has_sign && s.data[*i + 1] == '-';
    const size_t start = *i + 1 + has_sign;
    int value = 0;
    for (*i = start; *i < s.len && is_digit(s.data[*i]); ++*i)
        value = value < EXPONENT_MAX ? value * 10 + (s.data[*i] - '0') : value;
    *out += is_negative ? -value : value;
    return *i > start;
}

/* Digits, perhaps with a point between them, no more than 18: no cutting is needed. */
static bool read_short(struct ff_span s, struct ff_decimal *out)
{
    uint64_t mantissa = 0;
    size_t i = 0, point = s.len;
    if (s.len > 18)
        return false;
    for (; i < s.len; i++) {
        if (is_digit(s.data[i]))
            mantissa = mantissa * 10 + (uint64_t)(s.data[i] - '0');
        else if (s.data[i] == '.' && point == s.len)
            point = i;
        else
            return false;
    }
    if (point == 0 || point + 1 == s.len)
        return false;
    *out = (struct ff_decimal) { mantissa,
                                 point < s.len ? (int)(point + 1) - (int)s.len : 0 };
    return true;
}

bool ff_decimal_read(struct ff_span s, struct ff_decimal *out)
{
    if (read_short(s, out))
        return true;
    enum { ROOM = 19 };
    uint64_t mantissa = 0;
    int exponent = 0, kept = 0;
    size_t i = 0, digits = 0;
    bool is_fraction = false;
    for (; i < s.len; i++) {
        if (s.data[i] == '.' && !is_fraction && digits) {
            is_fraction = true;
            digits = 0;
            continue;
        }
        if (!is_digit(s.data[i]))
            break;
        digits++;
        if (kept < ROOM) {
            mantissa = mantissa * 10 + (uint64_t)(s.data[i] - '0');
            kept += mantissa > 0;
            exponent -= is_fraction;
        } else {
            exponent += !is_fraction;
        }
    }
    if (digits == 0 || !exponent_read(s, &i, &exponent) || i < s.len)
        return false;
    *out = (struct ff_decimal) { mantissa, exponent };
    return true;
}

uint64_t ff_decimal_scale(struct ff_decimal d, int shift)
{
    int exponent = d.exponent + shift;
    uint64_t value = d.mantissa;
    for (; exponent < 0 && value; exponent++)
        value /= 10;
    for (; exponent > 0 && value; exponent--)
        if (__builtin_mul_overflow(value, (uint64_t)10, &value))
            return UINT64_MAX;
    return value;
}

bool ff_epoch_time_read(struct ff_span text, int64_t *time)
{
    static const struct {
        uint64_t below;
        int shift;
    } units[] = {
        { 100000000000, 0 },
        { 100000000000000, -3 },
        { 100000000000000000, -6 },
        { INT64_MAX, -9 },
    };
    struct ff_decimal d;
    if (!ff_decimal_read(text, &d))
        return false;
    const uint64_t count = ff_decimal_scale(d, 0);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (count >= units[i].below)
            continue;
        *time = (int64_t)ff_decimal_scale(d, units[i].shift);
        return true;
    }
    return false;
}
