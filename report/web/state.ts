/**
 * What the reader chose, as a link: the fragment holds it all, so that a copied address
 * opens the same view and the browser's back button goes back. Only what differs from
 * the defaults is written.
 */
import type { Days, PageData } from './data';
import { dayOfIso, endOf, isoOf, previousOf, startOf, yearBefore } from './days';

export type CompareKind = 'none' | 'previous' | 'year' | 'asked';
export type Metric = 'visitors' | 'visits' | 'page_views' | 'pages_per_visit' | 'bounce_rate'
  | 'median' | 'downloads' | 'site_searches';
export const METRICS: readonly Metric[] = ['visitors', 'visits', 'page_views',
  'pages_per_visit', 'bounce_rate', 'median', 'downloads', 'site_searches'];
export type ChartGrain = 'auto' | 'hour' | 'day' | 'week' | 'month';
export type Theme = 'auto' | 'light' | 'dark';

/** How a table is looked at. */
export interface TableState {
  filter: string;
  /** A column's id; '' is the table's own order. */
  sort: string;
  isAscending: boolean;
  /** From 0. */
  page: number;
}

export interface State {
  days: Days;
  compare: CompareKind;
  metric: Metric;
  grain: ChartGrain;
  /** The page whose neighbours are shown; '' is the most viewed one. */
  page: string;
  /** The tab that is open in a card, by the card's id. */
  tabs: Record<string, string>;
  tables: Record<string, TableState>;
  lang: string;
  theme: Theme;
}

export const PLAIN_TABLE: TableState = { filter: '', sort: '', isAscending: false, page: 0 };

const same = (a: Days | null, b: Days | null): boolean =>
  a !== null && b !== null && a.from === b.from && a.end === b.end;

/** The days that the page opens on: those asked for, else the last week or four. */
export function openingDays(data: PageData): Days {
  const { span } = data;
  const length = span.end - span.from;
  if (data.isAsked || data.grain !== 'day' || length < 14) return span;
  return { from: span.end - (length >= 56 ? 28 : 7), end: span.end };
}

function hasPeriods(data: PageData, days: Days): boolean {
  return data.periods.start.some((start, i) =>
    start >= days.from && data.periods.end[i]! <= days.end);
}

function openingCompare(data: PageData): CompareKind {
  const days = openingDays(data);
  if (data.compare) {
    if (same(data.compare, previousOf(data.grain, days))) return 'previous';
    return same(data.compare, yearBefore(data.grain, days)) ? 'year' : 'asked';
  }
  return hasPeriods(data, previousOf(data.grain, days)) ? 'previous' : 'none';
}

export function openingState(data: PageData): State {
  return {
    days: openingDays(data),
    compare: openingCompare(data),
    metric: 'visits',
    grain: 'auto',
    page: '',
    tabs: {},
    tables: {},
    lang: '',
    theme: 'auto',
  };
}

/** The days that a span is held against; null: none asked for. */
export function comparedDays(data: PageData, state: State): Days | null {
  switch (state.compare) {
    case 'previous': return previousOf(data.grain, state.days);
    case 'year': return yearBefore(data.grain, state.days);
    case 'asked': return data.compare;
    case 'none': return null;
  }
}

/** The whole periods around the days, cut to those that there are. */
export function wholePeriods(data: PageData, days: Days): Days {
  const { start, end } = data.periods;
  const from = Math.max(startOf(data.grain, days.from), start[0]!);
  const last = startOf(data.grain, Math.max(days.end - 1, from));
  return { from, end: Math.max(Math.min(endOf(data.grain, last), end[end.length - 1]!),
    endOf(data.grain, from)) };
}

function oneOf<T extends string>(values: readonly T[], text: string | null, otherwise: T): T {
  return values.includes(text as T) ? (text as T) : otherwise;
}

function readDays(data: PageData, from: string | null, to: string | null): Days | null {
  const first = dayOfIso(from ?? '');
  const last = dayOfIso(to ?? '');
  if (first === null || last === null || last < first) return null;
  const { start, end } = data.periods;
  if (last < start[0]! || first >= end[end.length - 1]!) return null;
  const days = wholePeriods(data, { from: first, end: last + 1 });
  return hasPeriods(data, days) ? days : null;
}

/** "desc" order is the plain one; a leading "-" turns it. */
function readTable(text: string): TableState {
  const at = new URLSearchParams(text);
  const sort = at.get('s') ?? '';
  return {
    filter: at.get('q') ?? '',
    sort: sort.replace(/^-/, ''),
    isAscending: sort.startsWith('-'),
    page: Math.max(0, Math.floor(Number(at.get('p') ?? 0)) || 0),
  };
}

function writeTable(table: TableState): string {
  const at = new URLSearchParams();
  if (table.filter) at.set('q', table.filter);
  if (table.sort) at.set('s', (table.isAscending ? '-' : '') + table.sort);
  if (table.page) at.set('p', String(table.page));
  return at.toString();
}

/** Whatever is not understood is as if it were not there. */
export function readState(data: PageData, fragment: string): State {
  const state = openingState(data);
  const at = new URLSearchParams(fragment.replace(/^#/, ''));
  state.days = readDays(data, at.get('from'), at.get('to')) ?? state.days;
  state.compare = oneOf(['none', 'previous', 'year', 'asked'], at.get('compare'),
    state.compare);
  if (state.compare === 'asked' && !data.compare) state.compare = 'none';
  state.metric = oneOf(METRICS, at.get('metric'), state.metric);
  state.grain = oneOf(['auto', 'hour', 'day', 'week', 'month'], at.get('grain'), 'auto');
  state.page = at.get('page') ?? '';
  state.lang = at.get('lang') ?? '';
  state.theme = oneOf(['auto', 'light', 'dark'], at.get('theme'), 'auto');
  for (const [name, value] of at) {
    if (name.startsWith('tab.')) state.tabs[name.slice(4)] = value;
    if (name.startsWith('table.')) state.tables[name.slice(6)] = readTable(value);
  }
  return state;
}

export function writeState(data: PageData, state: State): string {
  const opening = openingState(data);
  const at = new URLSearchParams();
  if (!same(state.days, opening.days)) {
    at.set('from', isoOf(state.days.from));
    at.set('to', isoOf(state.days.end - 1));
  }
  for (const name of ['compare', 'metric', 'grain', 'page', 'lang', 'theme'] as const) {
    if (state[name] !== opening[name]) at.set(name, state[name]);
  }
  for (const [name, tab] of Object.entries(state.tabs)) at.set(`tab.${name}`, tab);
  for (const [name, table] of Object.entries(state.tables)) {
    const text = writeTable(table);
    if (text) at.set(`table.${name}`, text);
  }
  return at.toString();
}

export interface Preset {
  id: string;
  days: Days;
}

/** Spans with a name that lie in the data, in the order of the menu. */
export function presets(data: PageData): Preset[] {
  const { start, end } = data.periods;
  const first = start[0]!;
  const last = end[end.length - 1]!;
  const grain = data.grain;
  const lastPeriod = startOf(grain, last - 1);
  const month = startOf('month', last - 1);
  const week = startOf('week', last - 1);
  const list: Preset[] = [];
  const put = (id: string, from: number, to: number): void => {
    if (from >= first && to <= last && from < to) list.push({ id, days: { from, end: to } });
  };
  if (grain === 'day') {
    put('lastDay', last - 1, last);
    put('last7', last - 7, last);
    put('last28', last - 28, last);
    put('last91', last - 91, last);
    put('lastWeek', endOf('week', week) <= last ? week : week - 7,
      endOf('week', week) <= last ? week + 7 : week);
  } else if (grain === 'week') {
    put('lastWeek', lastPeriod, last);
    put('last4weeks', last - 28, last);
    put('last13weeks', last - 91, last);
  }
  const isWholeMonth = endOf('month', month) <= last;
  if (grain !== 'week') {
    const from = isWholeMonth ? month : startOf('month', month - 1);
    put('lastMonth', from, endOf('month', from));
    if (!isWholeMonth) put('thisMonth', month, last);
    const year = startOf('month', startOf('month', last - 1));
    put('last12months', startOf('month', year - 335), last);
  }
  put('all', first, last);
  return list.filter((preset, i) => list.findIndex((other) => same(other.days, preset.days)) === i);
}
