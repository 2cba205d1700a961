/** Where a time axis has its words. Pure, so that it is tested without a browser. */
import type { Grain } from './types';

export type TickKind = 'hour' | 'day' | 'month' | 'year';

export interface TimeTick {
  /** Seconds, as in types.ts. */
  at: number;
  kind: TickKind;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
/** 5 January 1970 was a Monday. */
const MONDAY = 4 * DAY;

type Level = { unit: 'seconds'; step: number; from: number } | { unit: 'months'; step: number };

const HOURS: Level[] = [1, 2, 3, 6, 12].map((h) => ({
  unit: 'seconds',
  step: h * HOUR,
  from: 0,
}));
const DAYS: Level[] = [
  { unit: 'seconds', step: DAY, from: 0 },
  { unit: 'seconds', step: 2 * DAY, from: 0 },
];
const WEEKS: Level[] = [1, 2].map((n) => ({
  unit: 'seconds',
  step: 7 * n * DAY,
  from: MONDAY,
}));
const MONTHS: Level[] = [1, 2, 3, 6, 12, 24, 60, 120].map((n) => ({
  unit: 'months',
  step: n,
}));

const LEVELS: Record<Grain, Level[]> = {
  hour: [...HOURS, ...DAYS, ...WEEKS, ...MONTHS],
  day: [...DAYS, ...WEEKS, ...MONTHS],
  week: [...WEEKS, ...MONTHS],
  month: MONTHS,
};

function bySeconds(from: number, to: number, step: number, origin: number): TimeTick[] {
  const ticks: TimeTick[] = [];
  const first = Math.ceil((from - origin) / step) * step + origin;
  for (let at = first; at <= to; at += step) {
    ticks.push({ at, kind: at % DAY === 0 ? 'day' : 'hour' });
  }
  return ticks;
}

function byMonths(from: number, to: number, step: number): TimeTick[] {
  const ticks: TimeTick[] = [];
  const start = new Date(from * 1000);
  let month = start.getUTCFullYear() * 12 + start.getUTCMonth();
  month = Math.floor(month / step) * step;
  for (; ; month += step) {
    const at = Date.UTC(Math.floor(month / 12), month % 12) / 1000;
    if (at > to) return ticks;
    if (at >= from) ticks.push({ at, kind: month % 12 === 0 ? 'year' : 'month' });
  }
}

function count(from: number, to: number, level: Level): number {
  const step = level.unit === 'seconds' ? level.step : level.step * 30.44 * DAY;
  return (to - from) / step;
}

/** The finest steps that give at most `room` ticks between the first and last point;
 * where even the steps give none (two weeks of a month), the first point is one. */
export function timeTicks(
  from: number,
  to: number,
  grain: Grain,
  room: number,
): TimeTick[] {
  for (const level of LEVELS[grain]) {
    if (count(from, to, level) > room) continue;
    const ticks =
      level.unit === 'seconds'
        ? bySeconds(from, to, level.step, level.from)
        : byMonths(from, to, level.step);
    if (ticks.length > room) continue;
    return ticks.length > 0 ? ticks : [{ at: from, kind: 'day' }];
  }
  return [{ at: from, kind: 'day' }];
}

/** Runs of nulls, as [first, last] indexes. */
export function gaps(values: readonly (number | null)[]): [number, number][] {
  const runs: [number, number][] = [];
  values.forEach((value, i) => {
    if (value !== null) return;
    const last = runs[runs.length - 1];
    if (last && last[1] === i - 1) last[1] = i;
    else runs.push([i, i]);
  });
  return runs;
}

/** Points that no line reaches, since both neighbours are missing. */
export function isolated(values: readonly (number | null)[]): number[] {
  const found: number[] = [];
  values.forEach((value, i) => {
    if (value === null) return;
    if ((values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null) found.push(i);
  });
  return found;
}
