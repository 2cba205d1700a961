/** Days, weeks and months as numbers, counted from 1970-01-01 (a Thursday). */
import type { Days, PeriodGrain } from './data';

export const DAY_SECONDS = 86400;

/** 0 is Monday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

export function dayOf(year: number, month: number, day: number): number {
  return Math.round(Date.UTC(year, month - 1, day) / (DAY_SECONDS * 1000));
}

export function dateOf(day: number): Date {
  return new Date(day * DAY_SECONDS * 1000);
}

/** First of the month that is `months` after that of `day`. */
export function monthAfter(day: number, months: number): number {
  const date = dateOf(day);
  return dayOf(date.getUTCFullYear(), date.getUTCMonth() + 1 + months, 1);
}

export function startOf(grain: PeriodGrain, day: number): number {
  if (grain === 'week') return day - weekdayOf(day);
  return grain === 'month' ? monthAfter(day, 0) : day;
}

export function endOf(grain: PeriodGrain, start: number): number {
  if (grain === 'day') return start + 1;
  return grain === 'week' ? start + 7 : monthAfter(start, 1);
}

/** "2026-03-02". */
export function isoOf(day: number): string {
  return dateOf(day).toISOString().slice(0, 10);
}

/** The day of an ISO date, or null. */
export function dayOfIso(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) ? null : Math.round(time / (DAY_SECONDS * 1000));
}

/** As many days, or months, right before (as ff_compare_days). */
export function previousOf(grain: PeriodGrain, days: Days): Days {
  if (grain === 'month') {
    let months = 0;
    while (monthAfter(days.from, months) < days.end) months++;
    return { from: monthAfter(days.from, -months), end: days.from };
  }
  return { from: days.from - (days.end - days.from), end: days.from };
}

/** The year before: on the same weekdays; months, the same ones. */
export function yearBefore(grain: PeriodGrain, days: Days): Days {
  if (grain === 'month') {
    return { from: monthAfter(days.from, -12), end: monthAfter(days.end, -12) };
  }
  return { from: days.from - 364, end: days.end - 364 };
}
