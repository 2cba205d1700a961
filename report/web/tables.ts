/** The tables of the page: which figures each shows, and what they are joined with. */
import type { Column } from './columns';
import {
  bytesColumn, changeColumn, countColumn, joinedColumn, rateColumn,
} from './columns';
import type { Context } from './context';
import { absentWord, fileName, grainWord, shownRows, visitorsKey } from './context';
import { DEPTH_LABELS, DURATION_LABELS, RESPONSE_LABELS } from './durations';
import { groupRows, selectRows } from './labels';
import type { Row, Span, Table } from './model';
import { indexRows, keyText } from './model';
import type { TableView } from './table';

/** How a table is put together; what is not said is its measures, as they are. */
interface Recipe {
  /** The report's table that it is made from. */
  from: string;
  /** Heads the labels. */
  key: string;
  /** Another table out of that one. */
  make?: (table: Table) => Table;
  columns?: (context: Context, table: Table) => Column[];
  /** The keys' own order. */
  order?: readonly string[];
}

const keyOf = (row: Row): string => keyText(row.key);

/** A measure of each row by its name, with the name that people read. */
function measure(context: Context, table: Table, name: string, rank: 1 | 2 | 3, label = name): Column {
  const { words } = context;
  const shown = label === 'visitors' ? visitorsKey(context) : label;
  const at = table.measures.indexOf(name);
  return name === 'bytes' ? bytesColumn(words, words.t('col.bytes'), at)
    : countColumn(words, name, words.t(`col.${shown}`), at, rank);
}

function plainColumns(context: Context, table: Table): Column[] {
  return table.measures.map((name, i) =>
    measure(context, table, name, i === 0 ? 1 : i === 1 ? 2 : 3));
}

function sourceColumns(context: Context, table: Table): Column[] {
  const { words } = context;
  const at = (name: string): number => table.measures.indexOf(name);
  const columns = [measure(context, table, 'visits', 1), measure(context, table, 'visitors', 2)];
  if (at('page_views') >= 0) {
    columns.push(
      { ...measure(context, table, 'page_views', 3) },
      { id: 'pages_per_visit', label: words.t('col.pages_per_visit'), rank: 3,
        value: ({ row }) => row.values[at('page_views')]! / row.values[0]!,
        text: (value) => words.decimal(value) });
  }
  if (at('bounces') >= 0) {
    columns.push({ ...measure(context, table, 'bounces', 3) },
      rateColumn(words, 'bounce_rate', words.t('col.bounce_rate'),
        (row) => row.values[at('bounces')]!, 0, 2));
  }
  return columns;
}

/** A page's views, with the visits that began and ended on it. */
function pageColumns(context: Context, table: Table): Column[] {
  const { words, span } = context;
  const entries = indexRows(span.table('entry_pages'));
  const exits = indexRows(span.table('exit_pages'));
  return [
    measure(context, table, 'page_views', 1),
    measure(context, table, 'visits', 3),
    measure(context, table, 'visitors', 3),
    joinedColumn(words, 'entries', words.t('col.entries'), entries, keyOf,
      (row) => row.values[0]!, 2),
    joinedColumn(words, 'exits', words.t('col.exits_here'), exits, keyOf,
      (row) => row.values[0]!, 2, false, words.t('why.exits_here')),
    joinedColumn(words, 'bounce_rate', words.t('col.bounce_rate'), entries, keyOf,
      (row) => (row.values[0] ? row.values[2]! / row.values[0] : null), 2, true,
      words.t('why.bounce_rate')),
  ];
}

function entryColumns(context: Context, table: Table): Column[] {
  const { words } = context;
  return [
    measure(context, table, 'visits', 1), measure(context, table, 'visitors', 2),
    measure(context, table, 'bounces', 3),
    rateColumn(words, 'bounce_rate', words.t('col.bounce_rate'), (row) => row.values[2]!, 0, 1,
      words.t('why.bounce_rate')),
  ];
}

function downloadColumns(context: Context, table: Table): Column[] {
  const { words } = context;
  return [
    measure(context, table, 'downloads', 1), measure(context, table, 'whole', 2),
    rateColumn(words, 'in_parts', words.t('col.in_parts'),
      (row) => row.values[0]! - row.values[1]!, 0, 1, words.t('why.in_parts')),
    measure(context, table, 'bytes', 3), measure(context, table, 'visitors', 3),
  ];
}

function searchColumns(context: Context, table: Table): Column[] {
  const { words } = context;
  return [
    measure(context, table, 'searches', 1), measure(context, table, 'clicks', 3),
    rateColumn(words, 'click_rate', words.t('col.click_rate'), (row) => row.values[1]!, 0, 2),
    { id: 'nowhere', label: words.t('col.nowhere'), why: words.t('why.nowhere'), rank: 1,
      isCount: true, value: ({ row }) => row.values[2]! + row.values[3]!,
      text: (value) => words.number(value) },
    measure(context, table, 'exits', 3), measure(context, table, 'refinements', 3),
    measure(context, table, 'visitors', 3),
  ];
}

const RECIPES: Record<string, Recipe> = {
  channels: { from: 'sources', key: 'channel', columns: sourceColumns,
    make: (table) => groupRows(table, 'channels', (row) => row.key[0]!) },
  sources: { from: 'sources', key: 'source', columns: sourceColumns },
  campaigns: { from: 'campaigns', key: 'campaign', columns: sourceColumns },
  sites: { from: 'sources', key: 'site', columns: sourceColumns,
    make: (table) => selectRows(table, 'sites', (row) => row.key[0] === 'site') },
  external_searches: { from: 'external_searches', key: 'term' },
  pages: { from: 'pages', key: 'page', columns: pageColumns },
  entry_pages: { from: 'entry_pages', key: 'page', columns: entryColumns },
  exit_pages: { from: 'exit_pages', key: 'page' },
  downloads: { from: 'downloads', key: 'file', columns: downloadColumns },
  site_searches: { from: 'site_searches', key: 'term', columns: searchColumns },
  goals: { from: 'goals', key: 'goal' },
  countries: { from: 'countries', key: 'country' },
  languages: { from: 'languages', key: 'language' },
  browsers: { from: 'browsers', key: 'browser' },
  systems: { from: 'systems', key: 'system' },
  devices: { from: 'devices', key: 'device' },
  visit_depth: { from: 'visit_depth', key: 'pages', order: DEPTH_LABELS },
  visit_duration: { from: 'visit_duration', key: 'length', order: DURATION_LABELS },
  statuses: { from: 'statuses', key: 'status' },
  methods: { from: 'methods', key: 'method' },
  not_found: { from: 'not_found', key: 'path' },
  response_times: { from: 'response_times', key: 'time', order: RESPONSE_LABELS },
  robots: { from: 'robots', key: 'robot' },
  ai_crawlers: { from: 'ai_crawlers', key: 'robot' },
};

/** Partners are given no bytes. */
function isGiven(context: Context, column: Column): boolean {
  return context.data.profile !== 'partner' || column.id !== 'bytes';
}

export function tableOf(span: Span, id: string): Table {
  const recipe = RECIPES[id]!;
  const table = span.table(recipe.from);
  return recipe.make ? recipe.make(table) : table;
}

export function tableView(context: Context, id: string, title: string): TableView {
  const recipe = RECIPES[id]!;
  const { span, other, words } = context;
  const table = tableOf(span, id);
  const before = other && tableOf(other, id);
  const columns = (recipe.columns ?? plainColumns)(context, table)
    .filter((column) => isGiven(context, column));
  columns[0]!.isBar = true;
  if (before && other) {
    const isCrowded = columns.filter(({ rank }) => rank === 1).length > 1;
    columns.splice(1, 0, changeColumn(words, table, before, span.n, other.n, isCrowded ? 2 : 1));
  }
  const rows = shownRows(context, table, before, id);
  const { order } = recipe;
  if (order) {
    rows.sort((a, b) => order.indexOf(a.row.key[0]!) - order.indexOf(b.row.key[0]!));
  }
  return {
    id, title, table, rows, columns,
    keyLabel: words.t(`col.${recipe.key}`),
    isOrdinal: order !== undefined,
    absent: absentWord(context, recipe.from),
    grain: grainWord(context),
    file: fileName(context, id),
  };
}
