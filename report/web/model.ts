/**
 * Periods -> one summed span, as report/view.c does it: sums only, so that a figure here
 * is the JSON report's of the same days. What a period withheld is withheld here.
 * Nothing here knows of the document.
 */
import type { Days, PageData, TableColumns, TotalName } from './data';
import { TOTAL_NAMES } from './data';
import { weekdayOf } from './days';
import { medianSeconds } from './durations';

export interface Row {
  key: readonly string[];
  /** By the table's measures. */
  values: number[];
  /** In so many periods it was a row; fewer than the span's: "at least" so many. */
  periods: number;
}

export interface Table {
  name: string;
  parts: readonly string[];
  measures: readonly string[];
  threshold: number;
  /** False: it stands in no period, nothing of it may be shown. */
  isPresent: boolean;
  /** Periods in which it stands. */
  periods: number;
  /** Largest first, then by key. */
  rows: Row[];
  /** Too rare to be shown, as the rollups say. */
  other: number;
  total: number;
  /** What the page has no room for: rows of all periods, and their sum. */
  cut: number;
  cutSum: number;
}

export type Totals = Record<TotalName, number>;

export interface Lines {
  human: Record<string, number>;
  robots: Record<string, number>;
  humanSum: number;
  robotsSum: number;
  malformed: number;
  duplicate: number;
  outside: number;
  excluded: number;
  blank: number;
  all: number;
  /** The run's own lines, of no period, are in these sums. */
  hasRun: boolean;
}

export interface Span {
  data: PageData;
  days: Days;
  /** Numbers of the periods that are wholly in these days. */
  first: number;
  end: number;
  /** How many there are, and how many the days would have. */
  n: number;
  nWanted: number;
  nUnknown: number;
  nBare: number;
  nPartial: number;
  nCapped: number;
  /** null: under k visitors in every period. */
  totals: Totals | null;
  median: number | null;
  lines: Lines;
  table(name: string): Table;
}

function add(into: Record<string, number>, columns: Record<string, number[]>, i: number): number {
  let sum = 0;
  for (const [name, column] of Object.entries(columns)) {
    into[name] = (into[name] ?? 0) + column[i]!;
    sum += column[i]!;
  }
  return sum;
}

function sumLines(data: PageData, first: number, end: number): Lines {
  const { lines: columns, run } = data;
  const lines: Lines = {
    human: {}, robots: {}, humanSum: 0, robotsSum: 0, malformed: 0, duplicate: 0,
    outside: 0, excluded: 0, blank: 0, all: 0, hasRun: false,
  };
  for (let i = first; i < end; i++) {
    lines.humanSum += add(lines.human, columns.human, i);
    lines.robotsSum += add(lines.robots, columns.robots, i);
    lines.malformed += columns.malformed[i]!;
    lines.excluded += columns.excluded[i]!;
    lines.blank += columns.blank[i]!;
  }
  const starts = data.periods.start;
  if (first < end && starts[first] === data.span.from &&
      data.periods.end[end - 1] === data.span.end) {
    lines.hasRun = true;
    lines.malformed += run.malformed;
    lines.duplicate += run.duplicate;
    lines.outside += run.outside;
    lines.excluded += run.excluded;
    lines.blank += run.blank;
  }
  lines.all = lines.humanSum + lines.robotsSum + lines.malformed + lines.duplicate +
    lines.outside + lines.excluded + lines.blank;
  return lines;
}

function byKey(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i]! !== b[i]!) return a[i]! < b[i]! ? -1 : 1;
  }
  return 0;
}

export function bySize(a: Row, b: Row): number {
  return b.values[0]! - a.values[0]! || byKey(a.key, b.key);
}

function sumRange(list: readonly number[], first: number, end: number): number {
  let sum = 0;
  for (let i = first; i < end; i++) sum += list[i]!;
  return sum;
}

function sumTable(columns: TableColumns, first: number, end: number): Table {
  const n = columns.keys.length;
  const width = columns.measures.length;
  const sums = columns.values.map(() => new Float64Array(n));
  const periods = new Uint32Array(n);
  for (let at = columns.first[first]!; at < columns.first[end]!; at++) {
    const id = columns.ids[at]!;
    periods[id]!++;
    for (let m = 0; m < width; m++) sums[m]![id]! += columns.values[m]![at]!;
  }
  const rows: Row[] = [];
  for (let id = 0; id < n; id++) {
    if (periods[id]) {
      rows.push({
        key: columns.keys[id]!,
        values: sums.map((sum) => sum[id]!),
        periods: periods[id]!,
      });
    }
  }
  rows.sort(bySize);
  const stands = columns.stands.slice(first, end).filter(Boolean).length;
  return {
    name: columns.name,
    parts: columns.parts,
    measures: columns.measures,
    threshold: columns.threshold,
    isPresent: stands > 0,
    periods: stands,
    rows,
    other: sumRange(columns.other, first, end),
    total: sumRange(columns.total, first, end),
    cut: sumRange(columns.cut, first, end),
    cutSum: sumRange(columns.cutSum, first, end),
  };
}

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday',
  'saturday', 'sunday'] as const;

/** Only days have a weekday. */
function deriveWeekdays(span: Span): Table {
  const { data } = span;
  const rows: Row[] = WEEKDAYS.map((name) => ({ key: [name], values: [0, 0], periods: 0 }));
  for (let i = span.first; i < span.end && data.grain === 'day'; i++) {
    const visits = data.totals.visits[i];
    if (visits == null) continue;
    const row = rows[weekdayOf(data.periods.start[i]!)]!;
    row.values[0]! += visits;
    row.values[1]! += data.totals.page_views[i]!;
    row.periods++;
  }
  const isPresent = data.grain === 'day' && span.totals !== null;
  return {
    name: 'weekdays', parts: ['weekday'], measures: ['visits', 'page_views'], threshold: 1,
    isPresent, periods: isPresent ? span.n - span.nUnknown : 0,
    rows: rows.filter((row) => row.periods).sort(bySize),
    other: 0, total: span.totals?.visits ?? 0, cut: 0, cutSum: 0,
  };
}

/** The periods wholly in the days: a range, since they follow each other. */
function periodsIn(data: PageData, days: Days): [number, number] {
  const { start, end } = data.periods;
  let first = 0;
  while (first < start.length && start[first]! < days.from) first++;
  let last = first;
  while (last < start.length && end[last]! <= days.end) last++;
  return [first, last];
}

/** Periods that the days would have if all were there. */
function periodsOf(data: PageData, days: Days): number {
  if (data.grain === 'month') {
    let n = 0;
    for (let day = days.from; day < days.end; n++) {
      const date = new Date(day * 86400000);
      day = Math.round(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 86400000);
    }
    return n;
  }
  return Math.round((days.end - days.from) / (data.grain === 'week' ? 7 : 1));
}

/** Whether a period has a table besides the robots'. */
function hasTables(data: PageData, i: number): boolean {
  return data.tableNames.some((name) => {
    const table = data.table(name);
    return table.threshold > 0 && table.stands[i]!;
  });
}

export function sumSpan(data: PageData, days: Days): Span {
  const [first, end] = periodsIn(data, days);
  const tables = new Map<string, Table>();
  const span: Span = {
    data, days, first, end,
    n: end - first, nWanted: periodsOf(data, days),
    nUnknown: 0, nBare: 0, nPartial: 0, nCapped: 0,
    totals: null, median: null,
    lines: sumLines(data, first, end),
    table(name) {
      let table = tables.get(name);
      if (!table) {
        table = name === 'weekdays' ? deriveWeekdays(span)
          : sumTable(data.table(name), first, end);
        tables.set(name, table);
      }
      return table;
    },
  };
  for (let i = first; i < end; i++) {
    span.nPartial += Number(data.periods.partial[i]);
    span.nCapped += Number(data.periods.capped[i]);
    if (data.totals.visits[i] == null) {
      span.nUnknown++;
      continue;
    }
    span.nBare += Number(!hasTables(data, i));
    const totals = (span.totals ??= Object.fromEntries(
      TOTAL_NAMES.map((name) => [name, 0])) as Totals);
    for (const name of TOTAL_NAMES) totals[name] += data.totals[name][i]!;
  }
  span.median = medianSeconds(span.table('visit_duration').rows);
  return span;
}

/** A row's counts are lower bounds: it was a row in some periods only. */
export function isLeast(span: Span, table: Table, row: Row): boolean {
  return table.threshold > 0 && table.name !== 'weekdays' && row.periods < span.n;
}

/** Page views a visit; null when there was none. */
export function pagesPerVisit(totals: Totals | null): number | null {
  return totals && totals.visits ? totals.page_views / totals.visits : null;
}

export type RowIndex = ReadonlyMap<string, Row>;

/** Rows by their key, for joins. */
export function indexRows(table: Table): RowIndex {
  return new Map(table.rows.map((row) => [keyText(row.key), row]));
}

/** No part of a key holds a control character (inert). */
export function keyText(key: readonly string[]): string {
  return key.join('\u0000');
}

/** A measure of one key, period by period of the span: null where it was no row. */
export function seriesOf(
  span: Span, name: string, key: readonly string[], measure = 0,
): (number | null)[] {
  const table = span.data.table(name);
  const wanted = keyText(key);
  const id = table.keys.findIndex((other) => keyText(other) === wanted);
  const series: (number | null)[] = [];
  for (let i = span.first; i < span.end; i++) {
    let value: number | null = null;
    for (let at = table.first[i]!; at < table.first[i + 1]!; at++) {
      if (table.ids[at] === id) value = table.values[measure]![at]!;
    }
    series.push(value);
  }
  return series;
}

/** Where page views are counted: the four add up to all that are told of. */
export interface PageShares {
  named: number;
  sections: number;
  other: number;
  /** In periods whose table of pages cannot stand. */
  withheld: number;
}

export function pageShares({ data, first, end, table }: Span): PageShares {
  const pages = table('pages');
  // Rows that the page has no room for are sections or names: nobody knows here.
  const shares = { named: pages.cutSum, sections: 0, other: pages.other, withheld: 0 };
  for (const { key, values } of pages.rows) {
    shares[key[0]!.endsWith('/*') ? 'sections' : 'named'] += values[0]!;
  }
  for (let i = first; i < end; i++) {
    if (!data.table('pages').stands[i]) shares.withheld += data.lines.human.page_views![i]!;
  }
  return shares;
}
