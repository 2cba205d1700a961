/** The headline figures: what each is of a span, over its periods, and how it changed. */
import { changeText } from './columns';
import type { Context } from './context';
import { visitorsKey } from './context';
import type { Span, Totals } from './model';
import { pagesPerVisit } from './model';
import { medianSeconds } from './durations';
import type { Metric } from './state';

/** A metric of sums: of a span, a day or an hour's row. */
type OfTotals = (totals: Totals) => number | null;

const SUMS: Partial<Record<Metric, OfTotals>> = {
  visitors: (totals) => totals.visitors,
  visits: (totals) => totals.visits,
  page_views: (totals) => totals.page_views,
  pages_per_visit: (totals) => pagesPerVisit(totals),
  bounce_rate: (totals) => (totals.visits ? totals.bounces / totals.visits : null),
  downloads: (totals) => totals.downloads,
  site_searches: (totals) => totals.site_searches,
};

/** Metrics that add up over days; the others are ratios and medians. */
export const ADDITIVE: ReadonlySet<Metric> = new Set<Metric>(['visitors', 'visits',
  'page_views', 'downloads', 'site_searches']);

export function metricOf(span: Span, metric: Metric): number | null {
  if (metric === 'median') return span.totals && span.median;
  return span.totals ? SUMS[metric]!(span.totals) : null;
}

/** Totals of the periods from `first` up to `end`; null when one is withheld. */
function totalsOf(span: Span, first: number, end: number): Totals | null {
  const { totals: columns } = span.data;
  const sums: Record<string, number> = {};
  for (const [name, column] of Object.entries(columns)) {
    sums[name] = 0;
    for (let i = first; i < end; i++) {
      const value = column[i];
      if (value == null) return null;
      sums[name]! += value;
    }
  }
  return sums as Totals;
}

function medianOf(span: Span, first: number, end: number): number | null {
  const table = span.data.table('visit_duration');
  const rows = [];
  for (let at = table.first[first]!; at < table.first[end]!; at++) {
    rows.push({ key: table.keys[table.ids[at]!]!, values: [table.values[0]![at]!] });
  }
  return medianSeconds(rows);
}

/** A metric of some periods together. */
export function metricOver(span: Span, metric: Metric, first: number, end: number): number | null {
  const totals = totalsOf(span, first, end);
  if (!totals) return null;
  return metric === 'median' ? medianOf(span, first, end) : SUMS[metric]!(totals);
}

export function seriesOfMetric(span: Span, metric: Metric): (number | null)[] {
  const series: (number | null)[] = [];
  for (let i = span.first; i < span.end; i++) series.push(metricOver(span, metric, i, i + 1));
  return series;
}

export function metricLabel(context: Context, metric: Metric): string {
  return context.words.t(`metric.${metric === 'visitors' ? visitorsKey(context) : metric}`);
}

export function metricText({ words }: Context, metric: Metric, value: number | null): string {
  if (value === null) return '–';
  switch (metric) {
    case 'pages_per_visit': return words.decimal(value);
    case 'bounce_rate': return words.percent(value);
    case 'median': return words.seconds(value);
    default: return words.number(value);
  }
}

/** More of it is neither good nor bad, but of bounces. */
export function isGood(metric: Metric, difference: number): boolean {
  return metric === 'bounce_rate' ? difference < 0 : difference > 0;
}

export interface MetricChange {
  text: string;
  difference: number;
  before: string;
}

/** null: there is nothing to hold it against. */
export function metricChange(context: Context, metric: Metric): MetricChange | null {
  const { span, other } = context;
  const now = metricOf(span, metric);
  const before = other && metricOf(other, metric);
  if (now === null || before === null || !other) return null;
  const isWhole = span.nUnknown + other.nUnknown === 0;
  if (!isWhole && !ADDITIVE.has(metric)) return null;
  return {
    text: changeText(context.words, now, before, isWhole),
    difference: now - before,
    before: metricText(context, metric, before),
  };
}
