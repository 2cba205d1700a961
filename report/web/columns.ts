/** What a table shows of a row, beside the row's label: figures, shares and changes. */
import type { Words } from './i18n';
import type { Label } from './labels';
import type { Row, RowIndex, Table } from './model';

/** One row as it is shown. */
export interface ShownRow {
  label: Label;
  row: Row;
  /** The same key in the other span; null: it was no row there, or there is none. */
  before: Row | null;
  isLeast: boolean;
}

export interface Column {
  id: string;
  label: string;
  /** What it means, where the label does not say. */
  why?: string;
  /** null: not known of this row. */
  value(shown: ShownRow): number | null;
  text(value: number, shown: ShownRow): string;
  /** Drawn behind the label; one column a table. */
  isBar?: boolean;
  /** Whether "at least" holds of it where it holds of the row. */
  isCount?: boolean;
  /** In the CSV; not what is worked out of other columns. */
  isRaw?: boolean;
  isChange?: boolean;
  /** 1 is always there, 2 and 3 where there is room. */
  rank: 1 | 2 | 3;
}

export function countColumn(
  words: Words, id: string, label: string, measure: number, rank: 1 | 2 | 3,
): Column {
  return {
    id, label, rank, isCount: true, isRaw: true,
    value: ({ row }) => row.values[measure] ?? null,
    text: (value) => words.number(value),
  };
}

export function bytesColumn(words: Words, label: string, measure: number): Column {
  return {
    id: 'bytes', label, rank: 3, isCount: true, isRaw: true,
    value: ({ row }) => row.values[measure] ?? null,
    text: (value) => words.bytes(value),
  };
}

/** One measure's share in another. */
export function rateColumn(
  words: Words, id: string, label: string, part: (row: Row) => number | null, whole: number,
  rank: 1 | 2 | 3, why?: string,
): Column {
  return {
    id, label, rank, why,
    value: ({ row }) => {
      const share = part(row);
      return share === null || !row.values[whole] ? null : share / row.values[whole]!;
    },
    text: (value) => words.percent(value),
  };
}

/** A measure of the same key in another table; null where it is no row of that. */
export function joinedColumn(
  words: Words, id: string, label: string, rows: RowIndex, keyOf: (row: Row) => string,
  value: (other: Row) => number | null, rank: 1 | 2 | 3, isShare = false, why?: string,
): Column {
  return {
    id, label, rank, why,
    value: ({ row }) => {
      const other = rows.get(keyOf(row));
      return other ? value(other) : null;
    },
    text: (n) => (isShare ? words.percent(n) : words.number(n)),
  };
}

/** How a count changed: in percent where both are whole, else the difference, marked. */
export function changeText(words: Words, now: number, before: number, isWhole: boolean): string {
  if (!isWhole) return `≈ ${words.difference(now - before)}`;
  if (now === before) return words.change(0);
  return before === 0 ? words.t('change.new') : words.change(now / before - 1);
}

/** From the other span. It sorts by the difference, which tells what matters. */
export function changeColumn(
  words: Words, table: Table, other: Table, n: number, nOther: number, rank: 1 | 2,
): Column {
  const isClosed = table.threshold === 0;
  const isWhole = (row: Row, periods: number, all: Table): boolean =>
    isClosed ? all.periods === periods : row.periods === periods;
  return {
    id: 'change', label: words.t('col.change'), rank, isChange: true,
    value: ({ row, before }) => {
      if (before) return row.values[0]! - before.values[0]!;
      return isClosed && other.isPresent ? row.values[0]! : null;
    },
    text: (value, { row, before }) => changeText(words, row.values[0]!,
      row.values[0]! - value,
      isWhole(row, n, table) && (before ? isWhole(before, nOther, other) : isClosed)),
  };
}
