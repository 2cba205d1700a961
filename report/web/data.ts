/**
 * The page's data: where it comes from, and the columns that report/page_data.c writes,
 * decoded. Strings of data are made inert here, once: what leaves this file holds no
 * control character and no mark that turns the reading direction.
 *
 * Days are counted from 1970-01-01 on the site's own clock.
 */

const FORMAT = 1;

export type Profile = 'internal' | 'partner';
export type PeriodGrain = 'day' | 'week' | 'month';

/** Days from `from` up to, and without, `end`. */
export interface Days {
  from: number;
  end: number;
}

/** Lines of the run that made the report and belong to no period in it. */
export interface RunLines {
  duplicate: number;
  outside: number;
  malformed: number;
  excluded: number;
  blank: number;
  provisional: boolean;
}

/** Of each period; null where it had too few visitors for totals. */
export type TotalColumns = Record<TotalName, (number | null)[]>;
export const TOTAL_NAMES = ['visitors', 'visits', 'page_views', 'bounces', 'downloads',
  'site_searches', 'bytes'] as const;
export type TotalName = (typeof TOTAL_NAMES)[number];

export interface LineColumns {
  human: Record<string, number[]>;
  robots: Record<string, number[]>;
  malformed: number[];
  excluded: number[];
  blank: number[];
}

/** The privacy receipt's facts, by the names that its words have (i18n). */
export interface ReceiptFacts {
  kept: string[];
  never_kept: string[];
  risks: string[];
}

/** As it is written. */
interface RawTable {
  /** What a key is made of: ["channel", "name"]. */
  parts: string[];
  /** The first is the additive one: rows + other = total. */
  measures: string[];
  /** Times the profile's k; 0 is a closed list of robots. */
  threshold: number;
  /** Rows of each period that are here; -1: the table does not stand in it. */
  rows: number[];
  /** The rows' keys, each as the distance from the one before in its period. */
  ids: number[];
  /** A column a measure. */
  values: number[][];
  /** Of the additive measure, a period each; `cut` rows are left out here. */
  other: number[];
  total: number[];
  cut: number[];
  cut_sum: number[];
  /** Numbers of strings, as many a key as it has parts. */
  keys: number[];
}

interface Raw {
  format: number;
  version: string;
  site: string;
  zone: string;
  profile: Profile;
  grain: PeriodGrain;
  rules: number;
  k: number;
  kn: number;
  row_cap: number;
  live_seconds: number;
  asked: boolean;
  span: [number, number];
  compare: [number, number] | null;
  run: RunLines;
  receipt: ReceiptFacts;
  periods: { start: number[]; end: number[]; partial: number[]; capped: number[] };
  totals: TotalColumns;
  lines: LineColumns;
  tables: Record<string, RawTable>;
  strings: string[];
}

/** One table over all periods: a period's rows are first[i] up to first[i + 1]. */
export interface TableColumns {
  name: string;
  parts: readonly string[];
  measures: readonly string[];
  threshold: number;
  keys: readonly (readonly string[])[];
  stands: readonly boolean[];
  first: Uint32Array;
  ids: Uint32Array;
  values: readonly Float64Array[];
  other: readonly number[];
  total: readonly number[];
  cut: readonly number[];
  cutSum: readonly number[];
}

export interface PageData {
  version: string;
  site: string;
  zone: string;
  profile: Profile;
  grain: PeriodGrain;
  rules: number;
  k: number;
  kn: number;
  /** Rows of a table and period that are here at most. */
  rowCap: number;
  /** So often there may be a newer page; 0: never. */
  liveSeconds: number;
  /** The span was asked for by its days. */
  isAsked: boolean;
  /** What the report is of, and what it was to be compared with. */
  span: Days;
  compare: Days | null;
  run: RunLines;
  receipt: ReceiptFacts;
  periods: { start: number[]; end: number[]; partial: boolean[]; capped: boolean[] };
  totals: TotalColumns;
  lines: LineColumns;
  tableNames: readonly string[];
  table(name: string): TableColumns;
}

// As ff_is_hostile (report/inert.c).
const HOSTILE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/** Text from a log as it may be shown. */
export function inert(text: string): string {
  return text.replace(HOSTILE, '\ufffd');
}

function decodeTable(name: string, raw: RawTable, strings: string[]): TableColumns {
  const first = new Uint32Array(raw.rows.length + 1);
  raw.rows.forEach((n, i) => {
    first[i + 1] = first[i]! + Math.max(n, 0);
  });
  const ids = new Uint32Array(raw.ids.length);
  for (let i = 0; i < raw.rows.length; i++) {
    let next = 0;
    for (let at = first[i]!; at < first[i + 1]!; at++) {
      ids[at] = next + raw.ids[at]!;
      next = ids[at]! + 1;
    }
  }
  const keys: string[][] = [];
  for (let at = 0; at < raw.keys.length; at += raw.parts.length) {
    keys.push(raw.keys.slice(at, at + raw.parts.length).map((n) => strings[n]!));
  }
  return {
    name,
    parts: raw.parts,
    measures: raw.measures,
    threshold: raw.threshold,
    keys,
    stands: raw.rows.map((n) => n >= 0),
    first,
    ids,
    values: raw.values.map((column) => Float64Array.from(column)),
    other: raw.other,
    total: raw.total,
    cut: raw.cut,
    cutSum: raw.cut_sum,
  };
}

export function decode(json: string): PageData {
  const raw = JSON.parse(json) as Raw;
  if (raw.format !== FORMAT) throw new Error(`data of format ${raw.format}`);
  const strings = raw.strings.map(inert);
  const tables = new Map<string, TableColumns>();
  return {
    version: inert(raw.version),
    site: inert(raw.site),
    zone: inert(raw.zone),
    profile: raw.profile,
    grain: raw.grain,
    rules: raw.rules,
    k: raw.k,
    kn: raw.kn,
    rowCap: raw.row_cap,
    liveSeconds: raw.live_seconds,
    isAsked: raw.asked,
    span: { from: raw.span[0], end: raw.span[1] },
    compare: raw.compare && { from: raw.compare[0], end: raw.compare[1] },
    run: raw.run,
    receipt: raw.receipt,
    periods: {
      start: raw.periods.start,
      end: raw.periods.end,
      partial: raw.periods.partial.map(Boolean),
      capped: raw.periods.capped.map(Boolean),
    },
    totals: raw.totals,
    lines: raw.lines,
    tableNames: Object.keys(raw.tables),
    table(name) {
      let table = tables.get(name);
      if (!table) {
        table = decodeTable(name, raw.tables[name]!, strings);
        tables.set(name, table);
      }
      return table;
    },
  };
}

/** Base64 of deflated bytes (RFC 1950), as text. */
export async function unpack(base64: string): Promise<string> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream).text();
}

/** The packed data in a page's source, or null. */
export function blockOf(html: string): string | null {
  return /<script [^>]*id="data"[^>]*>([A-Za-z0-9+/=]*)<\/script>/.exec(html)?.[1] ?? null;
}

/** Where the data comes from: the page itself or, where a server gives it, its URL. */
export async function load(element: HTMLElement): Promise<PageData> {
  const url = element.dataset.url;
  if (url === undefined) return decode(await unpack(element.textContent ?? ''));
  const answer = await fetch(url, { cache: 'no-cache' });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return decode(await answer.text());
}
