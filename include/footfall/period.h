/* Periods: the spans of days that visitors are counted in and keys live for. A period
 * is named by its first day, counted from 1970-01-01 in the report's time zone (UTC).
 * Dates are proleptic Gregorian (Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms", days_from_civil and civil_from_days). */
#ifndef FOOTFALL_PERIOD_H
#define FOOTFALL_PERIOD_H

#include <stdint.h>

enum ff_grain { FF_DAY = 0, FF_WEEK = 1, FF_MONTH = 2 };

#define FF_DAY_SECONDS 86400

struct ff_date {
    int32_t year;
    uint8_t month; /* 1 to 12 */
    uint8_t day;   /* 1 to 31 */
};

static inline int32_t ff_day_of_date(struct ff_date date)
{
    const int32_t y = date.year - (date.month <= 2);
    const int32_t era = (y >= 0 ? y : y - 399) / 400;
    const int32_t yoe = y - era * 400;
    const int32_t mp = (date.month + 9) % 12;
    const int32_t doy = (153 * mp + 2) / 5 + date.day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static inline struct ff_date ff_date_of_day(int32_t day)
{
    const int32_t z = day + 719468;
    const int32_t era = (z >= 0 ? z : z - 146096) / 146097;
    const int32_t doe = z - era * 146097;
    const int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const int32_t mp = (5 * doy + 2) / 153;
    const uint8_t month = (uint8_t)(mp < 10 ? mp + 3 : mp - 9);
    return (struct ff_date) { .year = yoe + era * 400 + (month <= 2),
                              .month = month,
                              .day = (uint8_t)(doy - (153 * mp + 2) / 5 + 1) };
}

/* Day of a time in seconds since 1970-01-01 UTC; right before 1970 too. */
static inline int32_t ff_day_of_time(int64_t time)
{
    return (int32_t)((time >= 0 ? time : time - (FF_DAY_SECONDS - 1)) / FF_DAY_SECONDS);
}

/* 0 is Monday (1970-01-01 was a Thursday). */
static inline int ff_weekday_of_day(int32_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7);
}

/* First day of the period that `day` is in; weeks begin on Monday (ISO 8601). */
static inline int32_t ff_period_start(enum ff_grain grain, int32_t day)
{
    if (grain == FF_WEEK)
        return day - ff_weekday_of_day(day);
    return grain == FF_MONTH ? day - (ff_date_of_day(day).day - 1) : day;
}

/* First day after the period that begins on `start`. */
static inline int32_t ff_period_end(enum ff_grain grain, int32_t start)
{
    if (grain == FF_DAY)
        return start + 1;
    return grain == FF_WEEK ? start + 7 : ff_period_start(FF_MONTH, start + 31);
}

#endif
