#include "clf_time.h"

#include "footfall/period.h"

/* Two digits as a number; over 99 if they are none. */
static unsigned two(const char *text)
{
    const unsigned tens = (unsigned char)text[0] - '0',
                   ones = (unsigned char)text[1] - '0';
    return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

static unsigned month_of(const char *name)
{
    static const char names[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    for (unsigned i = 0; i < 12; i++)
        if (ff_span_equal_nocase((struct ff_span) { name, 3 }, ff_span_of(names[i])))
            return i + 1;
    return 0;
}

static unsigned days_in(int32_t year, unsigned month)
{
    const struct ff_date first = { year, (uint8_t)month, 1 };
    const int32_t day = ff_day_of_date(first);
    return (unsigned)(ff_period_end(FF_MONTH, day) - day);
}

/* " +0130" in seconds east of UTC; offsets reach from -12:00 to +14:00, a day is let
 * pass. */
static bool zone_read(const char *zone, int64_t *east)
{
    const unsigned hours = two(zone + 2), minutes = two(zone + 4);
    if (zone[0] != ' ' || (zone[1] != '+' && zone[1] != '-') || hours > 23 ||
        minutes > 59)
        return false;
    *east = (int64_t)(hours * 3600 + minutes * 60) * (zone[1] == '-' ? -1 : 1);
    return true;
}

static bool hour_read(const char *text, const char *zone, struct ff_clf_clock *clock)
{
    const unsigned day = two(text), month = month_of(text + 3), century = two(text + 7),
                   years = two(text + 9), hour = two(text + 12);
    int64_t east;
    if (text[2] != '/' || text[6] != '/' || text[11] != ':' || !month || century > 99 ||
        years > 99 || hour > 23 || !zone_read(zone, &east))
        return false;
    const int32_t year = (int32_t)(century * 100 + years);
    if (day < 1 || day > days_in(year, month))
        return false;
    const struct ff_date date = { year, (uint8_t)month, (uint8_t)day };
    clock->base = (int64_t)ff_day_of_date(date) * FF_DAY_SECONDS + hour * 3600 - east;
    clock->east = (int32_t)east;
    return true;
}

bool ff_clf_time_work_out(struct ff_clf_clock *clock, const char *text, int64_t *time)
{
    const char *zone = text + 20;
    const unsigned minute = two(text + 15), second = two(text + 18);
    if (text[14] != ':' || text[17] != ':' || minute > 59 || second > 60)
        return false;
    if (clock->hour[0] == '\0' || memcmp(text, clock->hour, sizeof clock->hour) != 0 ||
        memcmp(zone, clock->zone, sizeof clock->zone) != 0) {
        if (!hour_read(text, zone, clock))
            return false;
        memcpy(clock->hour, text, sizeof clock->hour);
        memcpy(clock->zone, zone, sizeof clock->zone);
    }
    memcpy(clock->text, text, FF_CLF_TIME_LEN);
    clock->minute = clock->base + minute * 60;
    *time = clock->minute + (second < 60 ? second : 59);
    return true;
}
