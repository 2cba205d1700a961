/**
 * What the charts take. They are given numbers and words that are already in the
 * reader's language; they know nothing of rollups, tables or where a figure is from.
 *
 * Every chart is a class made of a host element, which it fills and owns until
 * destroy(), and options. update() may be called as often as wanted, with any data of
 * its type: nothing, one value, zeros, nulls. A null is a figure that may not be shown
 * (withheld) and is never drawn as zero. Colours are custom properties (charts.css).
 *
 * Strings of data are only ever text: no chart parses them as markup.
 */

export type Grain = 'hour' | 'day' | 'week' | 'month';

/** The reader's way to write things. Times are seconds since 1970 on the site's clock,
 * read as UTC; `short` is what fits an axis ("3 Mar"), else there is room. */
export interface Formats {
  number(n: number): string;
  compact(n: number): string;
  /** A share: 0.5 is one half. */
  percent(share: number): string;
  date(seconds: number, grain: Grain, length?: 'short' | 'long'): string;
  /** The hour of the day, 0 to 23. */
  hour(hour: number): string;
  /** The day of the week, 0 is Monday. */
  weekday(day: number, length?: 'short' | 'long'): string;
}

/** Words the charts need of the catalogue; words.ts has them in English and German. */
export type Translate = (key: string, params?: Record<string, string | number>) => string;

export interface ChartOptions {
  fmt: Formats;
  t: Translate;
  /** The chart's name, for those who do not see it: "Visits a day". */
  label: string;
}

export interface Chart<Data> {
  update(data: Data): void;
  destroy(): void;
}

export interface TimeSeries {
  label: string;
  /** As many as TimeData.x; null is withheld. */
  values: readonly (number | null)[];
}

export interface TimeData {
  /** Where each point begins, seconds as in Formats, ascending. */
  x: readonly number[];
  series: readonly TimeSeries[];
  /** The first series in the span compared with, point by point; shorter or longer
   * spans are cut or padded with null by the caller. */
  compare?: readonly (number | null)[];
  compareLabel?: string;
  /** When the compared points began, for the read-out. */
  compareX?: readonly number[];
  grain: Grain;
  /** How a value is written, where it is no count: a share, a duration. */
  write?: (n: number) => string;
}

export interface TimeOptions extends ChartOptions {
  /** The reader chose the points from..to (indexes of TimeData.x, both inside). */
  onRange?: (from: number, to: number) => void;
}

export interface SparklineOptions {
  /** Spoken in place of the line; without it the line is decoration. */
  label?: string;
}

export interface HeatData {
  /** [weekday, Monday first][hour 0 to 23]. */
  cells: readonly (readonly (number | null)[])[];
  /** What the darkest colour stands for; the largest cell when not given. */
  max?: number;
}

export interface HeatOptions extends ChartOptions {
  /** What is counted, behind the number: "visits". */
  unit: string;
}

export type NodeKind = 'page' | 'section' | 'other' | 'entry' | 'exit';

export interface FlowNode {
  id: string;
  label: string;
  column: 0 | 1 | 2;
  kind: NodeKind;
}

export interface FlowLink {
  source: string;
  target: string;
  value: number;
}

export interface FlowData {
  nodes: readonly FlowNode[];
  links: readonly FlowLink[];
}

export interface FlowOptions extends ChartOptions {
  /** A heading over each of the three columns. */
  columns: readonly [string, string, string];
  /** What is counted: "visits". */
  unit: string;
  onPick?: (id: string) => void;
}

export interface Neighbour {
  label: string;
  value: number;
  kind: NodeKind;
}

export interface InspectorData {
  page: string;
  before: readonly Neighbour[];
  after: readonly Neighbour[];
  /** Visits that began and ended here; null is withheld. */
  entries: number | null;
  exits: number | null;
  views: number | null;
}

export interface InspectorOptions extends ChartOptions {
  onPick?: (label: string) => void;
}

/** ISO 3166-1 alpha-2, upper case, to the figure. Codes without a shape are counted in
 * the note under the map. */
export type WorldData = ReadonlyMap<string, number>;

export interface WorldOptions extends ChartOptions {
  unit: string;
  name(code: string): string;
  onPick?: (code: string) => void;
}

export interface BarRow {
  label: string;
  value: number | null;
  /** What is written in place of the number. */
  text?: string;
  /** 'other' and 'section' are sums and are drawn as such. */
  kind?: 'plain' | 'section' | 'other';
  /** A colour with a meaning: statuses 2xx, 3xx, 4xx and 5xx; a word must say it too. */
  tone?: 'plain' | 'good' | 'calm' | 'warn' | 'bad';
}

export interface BarData {
  rows: readonly BarRow[];
  /** What the shares are of; the rows' sum when not given. */
  total?: number;
}

export interface BarOptions extends ChartOptions {
  onPick?: (label: string) => void;
  /** Each row's share of the total behind its figure; shown unless false. */
  shares?: boolean;
}

export interface AiRow {
  company: string;
  crawled: number;
  byPurpose: { training: number; search: number; assistant: number };
  visits: number;
}

export type AiOptions = ChartOptions;

export type AiData = readonly AiRow[];
