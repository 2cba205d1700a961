/** What a table's keys are called for people. Keys of closed lists are translated; what
 * a stranger wrote stays as it is. */
import type { Row, Table } from './model';
import type { Words } from './i18n';

export type RowKind = 'plain' | 'section' | 'folded';

export interface Label {
  text: string;
  /** In smaller letters behind it: a source's channel. */
  note?: string;
  /** A section, or the rest of a channel: not one thing but all rare ones of it. */
  kind: RowKind;
  /** It is somebody's own text: a path, a term; not a word of ours. */
  isData: boolean;
}

const PATHS = new Set(['pages', 'entry_pages', 'exit_pages', 'downloads', 'not_found']);
const REST = '(other)';

/** A closed list's word, else the text itself. */
function named(words: Words, list: string, text: string): Label {
  const key = `${list}.${text}`;
  return words.has(key)
    ? { text: words.t(key), kind: 'plain', isData: false }
    : { text, kind: 'plain', isData: true };
}

function channelName(words: Words, channel: string): string {
  return words.has(`channel.${channel}`) ? words.t(`channel.${channel}`) : channel;
}

function sourceLabel(words: Words, [channel, name]: readonly string[]): Label {
  if (!name) return named(words, 'name', channel!);
  const label = named(words, 'name', name);
  label.note = channelName(words, channel!);
  if (name === REST) label.kind = 'folded';
  return label;
}

export function pathLabel(path: string): Label {
  return { text: path, kind: path.endsWith('/*') ? 'section' : 'plain', isData: true };
}

function statusLabel(words: Words, status: string): Label {
  const key = words.has(`status.${status}`) ? `status.${status}` : `status.${status[0] ?? ''}`;
  return words.has(key)
    ? { text: status, note: words.t(key), kind: 'plain', isData: false }
    : { text: status, kind: 'plain', isData: true };
}

function codeLabel(words: Words, code: string, name: (code: string) => string): Label {
  return words.has(`name.${code}`) ? named(words, 'name', code)
    : { text: name(code), kind: 'plain', isData: false };
}

/** "1-1.5 min" and the like, with the language's own signs. */
function bucketLabel(words: Words, text: string): Label {
  const point = words.decimal(1.5).includes(',') ? ',' : '.';
  return {
    text: text.replace(/(\d)\.(\d)/g, `$1${point}$2`).replace('-', '–'),
    kind: 'plain',
    isData: false,
  };
}

export function labelOf(words: Words, table: string, key: readonly string[]): Label {
  const first = key[0]!;
  if (PATHS.has(table)) return pathLabel(first);
  switch (table) {
    case 'channels': return { text: channelName(words, first), kind: 'plain', isData: false };
    case 'sources': return sourceLabel(words, key);
    case 'sites': return sourceLabel(words, [key[0]!, key[1]!]);
    case 'campaigns': {
      const [source, medium, campaign] = key;
      const rest = [source, medium].filter((part) => part && part !== campaign).join(' / ');
      return { text: campaign || rest || '-', note: campaign ? rest : undefined,
        kind: 'plain', isData: true };
    }
    case 'transitions': return { text: key.join(' → '), kind: key.some((part) =>
      part.endsWith('/*')) ? 'section' : 'plain', isData: true };
    case 'countries': return codeLabel(words, first, words.country);
    case 'languages': return codeLabel(words, first, words.language);
    case 'devices': return named(words, 'device', first);
    case 'statuses': return statusLabel(words, first);
    case 'visit_depth':
    case 'visit_duration':
    case 'response_times': return bucketLabel(words, first);
    case 'robots': return named(words, 'name', first);
    case 'ai_crawlers': return { text: first, note: [key[1], words.has(`purpose.${key[2]}`)
      ? words.t(`purpose.${key[2]}`) : key[2]].filter(Boolean).join(', '),
    kind: 'plain', isData: true };
    default: return named(words, 'name', first);
  }
}

/** Sums a table's rows by what `keyOf` says, its sums kept: channels of sources. */
export function groupRows(table: Table, name: string, keyOf: (row: Row) => string): Table {
  const groups = new Map<string, Row>();
  for (const row of table.rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (!group) {
      groups.set(key, { key: [key], values: [...row.values], periods: row.periods });
      continue;
    }
    row.values.forEach((value, i) => {
      group.values[i]! += value;
    });
    group.periods = Math.max(group.periods, row.periods);
  }
  const rows = [...groups.values()].sort((a, b) => b.values[0]! - a.values[0]!);
  return { ...table, name, parts: table.parts.slice(0, 1), rows };
}

/** Those of a table's rows that belong together, and what they add up to. */
export function selectRows(table: Table, name: string, has: (row: Row) => boolean): Table {
  const rows = table.rows.filter(has);
  const total = rows.reduce((sum, row) => sum + row.values[0]!, 0);
  return { ...table, name, rows, other: 0, cut: 0, cutSum: 0, total };
}
