/** What every part of the page is drawn from. */
import type { PageData } from './data';
import type { Words } from './i18n';
import type { Span, Table } from './model';
import { indexRows, isLeast, keyText } from './model';
import type { State } from './state';
import { labelOf } from './labels';
import type { ShownRow } from './columns';
import { isoOf } from './days';

export interface Context {
  data: PageData;
  words: Words;
  state: State;
  span: Span;
  /** What it is held against; null when nothing was asked for or nothing is there. */
  other: Span | null;
  /** Changes what the reader chose; the page follows. */
  set(part: Partial<State>): void;
}

/** "visitors", or what they are in a span of several periods. */
export function visitorsKey({ span }: Context): 'visitors' | 'visitor_days' {
  return span.n > 1 && span.data.grain === 'day' ? 'visitor_days' : 'visitors';
}

export function grainWord({ data, words }: Context): string {
  return words.t(`grain.${data.grain}`);
}

/** "7 days". */
export function periodsWord({ data, words }: Context, n: number): string {
  return words.t(`grain.${data.grain}s`, { n });
}

/** Why a table does not stand, as the end of a sentence (as ff_words_absent). */
export function absentWord(context: Context, table: string): string {
  const { span, data, words } = context;
  const grain = grainWord(context);
  if (data.profile === 'partner' && (table === 'not_found' || table === 'response_times')) {
    return words.t('absent.partner');
  }
  if (span.nUnknown === span.n) return words.t('absent.known', { k: data.k, kn: data.kn, grain });
  if (span.nUnknown + span.nBare === span.n) {
    return words.t('absent.few', { n: data.k * 5, grain });
  }
  return words.t('absent.shared');
}

/** A table's rows with their labels and the other span's rows of their keys. */
export function shownRows(
  context: Context, table: Table, other: Table | null, name = table.name,
): ShownRow[] {
  const before = other ? indexRows(other) : null;
  return table.rows.map((row) => ({
    row,
    label: labelOf(context.words, name, row.key),
    before: before?.get(keyText(row.key)) ?? null,
    isLeast: isLeast(context.span, table, row),
  }));
}

/** A file of these days. */
export function fileName({ data, state }: Context, name: string): string {
  const site = data.site.replace(/[^A-Za-z0-9.-]+/g, '_').slice(0, 60);
  return `${site}-${name}-${isoOf(state.days.from)}-${isoOf(state.days.end - 1)}.csv`;
}
