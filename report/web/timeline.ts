/** A metric over time, in points of an hour, a day, a week or a month. */
import type { Context } from './context';
import { DAY_SECONDS, endOf, startOf } from './days';
import type { Span } from './model';
import { metricOver } from './metrics';
import type { ChartGrain, Metric } from './state';

export type PointGrain = Exclude<ChartGrain, 'auto'>;

export interface Point {
  /** Seconds, on the site's clock. */
  at: number;
  /** The days it stands for. */
  from: number;
  end: number;
  value: number | null;
}

const HOURLY: Partial<Record<Metric, number>> = { visits: 0, page_views: 1 };
const MOST_POINTS = 800;

/** The points that a span can be shown in. */
export function grainsOf({ span, state, data }: Context): PointGrain[] {
  if (data.grain === 'month') return ['month'];
  const days = state.days.end - state.days.from;
  const list: PointGrain[] = [];
  if (data.grain === 'day') {
    if (span.n * 24 <= MOST_POINTS && HOURLY[state.metric] !== undefined) list.push('hour');
    if (span.n <= MOST_POINTS) list.push('day');
  }
  if (days > 7 || data.grain === 'week') list.push('week');
  if (days > 45) list.push('month');
  return list;
}

export function grainOf(context: Context): PointGrain {
  const all = grainsOf(context);
  const { grain } = context.state;
  if (grain !== 'auto' && all.includes(grain)) return grain;
  const { span } = context;
  if (span.n <= 2 && all.includes('hour')) return 'hour';
  const best: PointGrain = span.n <= 200 ? 'day' : 'week';
  return all.includes(best) ? best : all[0]!;
}

function hours(span: Span, metric: Metric): Point[] {
  const table = span.data.table('hours');
  const points: Point[] = [];
  for (let i = span.first; i < span.end; i++) {
    const day = span.data.periods.start[i]!;
    const values: (number | null)[] = new Array<number | null>(24).fill(null);
    for (let at = table.first[i]!; at < table.first[i + 1]!; at++) {
      const hour = Number(table.keys[table.ids[at]!]![0]);
      if (hour >= 0 && hour < 24) values[hour] = table.values[HOURLY[metric]!]![at]!;
    }
    values.forEach((value, hour) => points.push({
      at: day * DAY_SECONDS + hour * 3600, from: day, end: day + 1, value }));
  }
  return points;
}

export function timeline(span: Span, metric: Metric, grain: PointGrain): Point[] {
  if (grain === 'hour') return hours(span, metric);
  const { start, end } = span.data.periods;
  const points: Point[] = [];
  for (let i = span.first; i < span.end;) {
    const begin = startOf(grain, start[i]!);
    const stop = endOf(grain, begin);
    let last = i;
    while (last < span.end && start[last]! < stop) last++;
    points.push({ at: start[i]! * DAY_SECONDS, from: start[i]!, end: end[last - 1]!,
      value: metricOver(span, metric, i, last) });
    i = last;
  }
  return points;
}
