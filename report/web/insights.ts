/**
 * The page in words: what changed most and where it came from, and what is worth a look.
 * Sentences are made of figures that the tables show, and of nothing else; a change is
 * only told of rows that both spans show whole.
 */
import { truncateMiddle } from './charts/labels';
import type { Context } from './context';
import { labelOf } from './labels';
import type { Row, Span, Table } from './model';
import { indexRows, keyText } from './model';

export interface Insight {
  text: string;
  /** The card that has more on it. */
  card: string;
}

const MOST = 3;

/** Rows that stood in each period of their span. */
function wholeRows(span: Span, table: Table): Row[] {
  return table.rows.filter((row) => row.periods === span.n);
}

const NAME = 60;

/** Somebody's own text in a sentence of ours: short, and of its own direction (U+2068
 * and U+2069, which are ours: inert() lets none through). */
function quoted(text: string): string {
  return `\u2068${truncateMiddle(text, NAME)}\u2069`;
}

interface Mover {
  name: string;
  difference: number;
  /** Of both spans. */
  sum: number;
}

function name(context: Context, table: string, key: readonly string[]): string {
  const label = labelOf(context.words, table, key);
  const text = label.kind === 'folded' && label.note ? `${label.note}: ${label.text}` : label.text;
  return label.isData ? quoted(text) : text;
}

/** What moved a table's sum, the largest movements first. */
export function movers(context: Context, id: string): Mover[] {
  const { span, other } = context;
  if (!other) return [];
  const table = span.table(id);
  const before = indexRows(other.table(id));
  const list: Mover[] = [];
  for (const row of wholeRows(span, table)) {
    const old = before.get(keyText(row.key));
    if (!old || old.periods !== other.n) continue;
    list.push({ name: name(context, id, row.key), difference: row.values[0]! - old.values[0]!,
      sum: row.values[0]! + old.values[0]! });
  }
  return list.filter(({ difference }) => difference !== 0)
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
}

function listOf({ words }: Context, items: Mover[]): string {
  return words.list(items.slice(0, MOST).map(({ name: what, difference }) =>
    words.t('words.item', { name: what, n: words.difference(difference) })));
}

/** Those of the movements that chance does not explain: counts of people who come on
 * their own scatter by their square root, and 2.6 times that is rarer than 1 in 100. */
function telling(items: Mover[], sign: 1 | -1): Mover[] {
  return items.filter(({ difference, sum }) =>
    difference * sign > 0 && difference * difference > 2.6 * 2.6 * sum);
}

function visitsSentence(context: Context): string | null {
  const { span, other, words } = context;
  if (!span.totals || !other?.totals) return null;
  const now = span.totals.visits;
  const before = other.totals.visits;
  const params = {
    now: words.number(now), before: words.number(before),
    days: words.days(other.days.from, other.days.end - 1),
  };
  if (span.nUnknown + other.nUnknown || before === 0) return words.t('words.visitsRough', params);
  const share = now / before - 1;
  const change = words.percent(Math.abs(share));
  if (Math.abs(share) < 0.015) return words.t('words.visitsSame', params);
  return words.t(share > 0 ? 'words.visitsUp' : 'words.visitsDown', { ...params, change });
}

/** What changed, and where it came from. */
export function changes(context: Context): Insight[] {
  const { span, other, words } = context;
  const list: Insight[] = [];
  const put = (card: string, text: string | null): void => {
    if (text) list.push({ text, card });
  };
  const visits = visitsSentence(context);
  if (!visits || !span.totals || !other?.totals) return list;
  put('chart', visits);
  const isUp = span.totals.visits >= other.totals.visits;
  const sources = movers(context, 'sources');
  const gained = telling(sources, 1);
  const lost = telling(sources, -1);
  const first = isUp ? gained : lost;
  const second = isUp ? lost : gained;
  if (first.length) {
    put('sources', words.t(isUp ? 'words.gained' : 'words.lost', { list: listOf(context, first) }));
  }
  if (second.length) {
    put('sources', words.t(isUp ? 'words.lostToo' : 'words.gainedToo', { list: listOf(context, second) }));
  }
  const pages = movers(context, 'pages');
  const more = telling(pages, 1);
  const fewer = telling(pages, -1);
  if (more.length) put('pages', words.t('words.pagesUp', { list: listOf(context, more) }));
  if (fewer.length) put('pages', words.t('words.pagesDown', { list: listOf(context, fewer) }));
  const countries = telling(movers(context, 'countries'), isUp ? 1 : -1);
  if (countries.length) {
    put('countries', words.t('words.countries', { list: listOf(context, countries) }));
  }
  if (list.length === 1) put('sources', words.t('words.still'));
  return list;
}

/** Without anything to compare with: where visits came from and went. */
export function standing(context: Context): Insight[] {
  const { span, words } = context;
  if (!span.totals) return [];
  const list: Insight[] = [{ card: 'chart', text: words.t('words.visitsNow', {
    visits: words.number(span.totals.visits), views: words.number(span.totals.page_views) }) }];
  for (const [id, message] of [['sources', 'words.topSource'], ['pages', 'words.topPage'],
    ['countries', 'words.countries']] as const) {
    const rows = span.table(id).rows.slice(0, MOST);
    if (!rows.length) continue;
    list.push({ card: id, text: words.t(message, { list: words.list(rows.map((row) =>
      words.t('words.item', { name: name(context, id, row.key), n: words.number(row.values[0]!) }))) }) });
  }
  return list;
}

/** The row for which something is most, if it is much. */
function most(table: Table, amount: (row: Row) => number, least: number): Row | null {
  let best: Row | null = null;
  for (const row of table.rows) {
    if (amount(row) >= least && (!best || amount(row) > amount(best))) best = row;
  }
  return best;
}

function bounceInsight({ span, words }: Context): Insight | null {
  // Visits lost beyond what is usual, so that a large page is not named for its size.
  const { totals } = span;
  if (!totals?.visits) return null;
  const usual = totals.bounces / totals.visits;
  const row = most(span.table('entry_pages'),
    ({ values }) => values[2]! - values[0]! * usual, 3);
  return row && { card: 'pages', text: words.t('words.bounces', { page: quoted(row.key[0]!),
    n: row.values[0]!, rate: words.percent(row.values[2]! / row.values[0]!) }) };
}

function engineInsight({ span, words }: Context): Insight | null {
  let visits = 0;
  let bounces = 0;
  for (const row of span.table('sources').rows) {
    if (row.key[0] !== 'search engine') continue;
    visits += row.values[0]!;
    bounces += row.values[3]!;
  }
  return visits ? { card: 'sources', text: words.t('words.searchEngines',
    { n: visits, rate: words.percent(bounces / visits) }) } : null;
}

function shortInsight({ span, words }: Context): Insight | null {
  const row = most(span.table('downloads'), ({ values }) => values[0]! - values[1]!, 3);
  return row && { card: 'downloads', text: words.t('words.short', { file: quoted(row.key[0]!),
    n: row.values[0]!, rate: words.percent(1 - row.values[1]! / row.values[0]!) }) };
}

function nowhereInsight({ span, words }: Context): Insight | null {
  const row = most(span.table('site_searches'), ({ values }) => values[2]! + values[3]!, 3);
  return row && { card: 'site_searches', text: words.t('words.nowhere', { term: quoted(row.key[0]!),
    n: row.values[0]!, rate: words.percent((row.values[2]! + row.values[3]!) / row.values[0]!) }) };
}

function aiInsight(context: Context): Insight | null {
  const { span, words } = context;
  const rows = span.table('sources').rows.filter(({ key }) => key[0] === 'ai assistant');
  const visits = rows.reduce((sum, row) => sum + row.values[0]!, 0);
  if (visits) {
    return { card: 'ai', text: words.t('words.ai', { n: visits, list: words.list(
      rows.slice(0, MOST).map((row) => words.t('words.item', {
        name: name(context, 'sources', row.key), n: words.number(row.values[0]!) }))) }) };
  }
  const pages = span.table('ai_crawlers').rows.reduce((sum, row) => sum + row.values[1]!, 0);
  return pages ? { card: 'ai', text: words.t('words.aiNone', { n: pages }) } : null;
}

function missingInsight({ span, words }: Context): Insight | null {
  const row = span.table('not_found').rows[0];
  return row ? { card: 'not_found', text: words.t('words.notFound',
    { path: quoted(row.key[0]!), n: row.values[0]! }) } : null;
}

/** The questions that a newcomer has, answered from the tables. */
export function worthALook(context: Context): Insight[] {
  return [bounceInsight, engineInsight, nowhereInsight, shortInsight, missingInsight, aiInsight]
    .map((make) => make(context))
    .filter((insight): insight is Insight => insight !== null);
}
