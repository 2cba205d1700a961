/**
 * A table that sorts, filters as one types, turns its pages, draws a bar behind each
 * label and is downloaded as CSV. It is drawn anew for each change, a screen of rows at
 * a time, so that it does not matter how many rows there are.
 */
import type { Column, ShownRow } from './columns';
import { csvText, offerFile } from './csv';
import { bdiWithEnd, html, style } from './charts/dom';
import type { Words } from './i18n';
import type { Table } from './model';
import type { TableState } from './state';
import { PLAIN_TABLE } from './state';

const ROWS = 10;

export interface TableView {
  /** Names the table in the state and in the file. */
  id: string;
  title: string;
  /** Heads the column of labels. */
  keyLabel: string;
  table: Table;
  rows: readonly ShownRow[];
  columns: readonly Column[];
  /** Rows stand in an order of their own, are few, and are neither sorted nor turned. */
  isOrdinal?: boolean;
  /** Why it is not there, when it is not. */
  absent: string;
  /** Of the span: "day". */
  grain: string;
  file: string;
  /** A row was picked. */
  onPick?: (shown: ShownRow) => void;
  /** Whether picking it does something; not said: it does. */
  canPick?: (shown: ShownRow) => boolean;
  picked?: (shown: ShownRow) => boolean;
}

export interface TableHost {
  words(): Words;
  get(id: string): TableState | undefined;
  set(id: string, state: TableState): void;
}

function matches(shown: ShownRow, filter: string): boolean {
  const wanted = filter.toLocaleLowerCase();
  const { text, note } = shown.label;
  return text.toLocaleLowerCase().includes(wanted) ||
    (note ?? '').toLocaleLowerCase().includes(wanted) ||
    shown.row.key.some((part) => part.toLocaleLowerCase().includes(wanted));
}

export function sortRows(
  rows: readonly ShownRow[], columns: readonly Column[], state: TableState, locale: string,
): ShownRow[] {
  const sorted = [...rows];
  const turn = state.isAscending ? -1 : 1;
  if (state.sort === 'key') {
    const order = new Intl.Collator(locale, { numeric: true });
    return sorted.sort((a, b) => turn * order.compare(a.label.text, b.label.text));
  }
  const column = columns.find(({ id }) => id === state.sort);
  if (!column) return sorted;
  return sorted.sort((a, b) => {
    const x = column.value(a);
    const y = column.value(b);
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return turn * (y - x);
  });
}

/** The whole table as it is in the report, whatever is filtered and sorted. */
export function tableCsv(view: TableView): string {
  const raw = view.columns.filter((column) => column.isRaw);
  const { table } = view;
  const blank = table.parts.slice(1).map(() => '');
  const only = (sum: number): (number | null)[] => raw.map((_, i) => (i ? null : sum));
  return csvText([
    [...table.parts, ...raw.map(({ id }) => id), 'periods'],
    ...view.rows.map((shown) => [...shown.row.key, ...raw.map((column) => column.value(shown)),
      shown.row.periods]),
    ...(table.cut ? [['(cut)', ...blank, ...only(table.cutSum), null]] : []),
    ['(other)', ...blank, ...only(table.other), null],
    ['(total)', ...blank, ...only(table.total), null],
  ]);
}

export class DataTable {
  private view!: TableView;
  private readonly body = html('div', { class: 'table-body' });
  private readonly filter = html('input', { type: 'search', autocomplete: 'off',
    spellcheck: 'false', class: 'filter' });
  private readonly csv = html('button', { type: 'button', class: 'quiet' });

  /** Its filter and its download stand in `tools`, which is the caller's to place. */
  constructor(
    root: HTMLElement, private readonly tools: HTMLElement, private readonly host: TableHost,
  ) {
    tools.replaceChildren(this.filter, this.csv);
    this.filter.addEventListener('input', () =>
      this.change({ filter: this.filter.value, page: 0 }));
    this.csv.addEventListener('click', () => offerFile(this.view.file, tableCsv(this.view)));
    root.replaceChildren(this.body);
  }

  update(view: TableView): void {
    const { t } = this.host.words();
    this.view = view;
    this.filter.placeholder = t('table.filter');
    this.filter.setAttribute('aria-label', t('table.filterOf', { table: view.title }));
    this.csv.textContent = t('table.csv');
    this.csv.setAttribute('aria-label', t('table.csvOf', { table: view.title }));
    if (document.activeElement !== this.filter) this.filter.value = this.state().filter;
    this.draw();
  }

  private state(): TableState {
    return this.host.get(this.view.id) ?? PLAIN_TABLE;
  }

  private change(part: Partial<TableState>): void {
    this.host.set(this.view.id, { ...this.state(), ...part });
  }

  private draw(): void {
    const { view } = this;
    const { t } = this.host.words();
    const isThere = view.table.isPresent && view.table.total > 0;
    this.tools.hidden = !isThere;
    this.filter.hidden = view.isOrdinal === true ||
      (view.rows.length <= ROWS && !this.state().filter);
    if (!isThere) {
      const why = view.table.isPresent ? t('table.empty')
        : t('table.withheld', { why: view.absent });
      this.body.replaceChildren(html('p', { class: 'soft empty' }, why));
      return;
    }
    const state = this.state();
    const found = state.filter ? view.rows.filter((row) => matches(row, state.filter))
      : view.rows;
    const sorted = view.isOrdinal ? [...found]
      : sortRows(found, view.columns, state, this.host.words().locale);
    const pages = view.isOrdinal ? 1 : Math.max(1, Math.ceil(sorted.length / ROWS));
    const page = Math.min(state.page, pages - 1);
    const rows = view.isOrdinal ? sorted : sorted.slice(page * ROWS, (page + 1) * ROWS);
    const focus = this.focusId();
    this.body.replaceChildren(
      html('div', { class: 'scroll' }, html('table', {},
        html('caption', { class: 'sr-only' }, view.title),
        this.head(state),
        this.rows(rows),
        this.foot(state, sorted.length))),
      ...this.pager(page, pages, sorted.length),
      ...this.notes(rows));
    if (focus) this.body.querySelector<HTMLElement>(`[data-focus="${focus}"]`)?.focus();
  }

  /** What has the focus is drawn anew, too, and gets it back. */
  private focusId(): string | undefined {
    const active = document.activeElement;
    return active instanceof HTMLElement && this.body.contains(active)
      ? active.dataset.focus : undefined;
  }

  private head(state: TableState): HTMLElement {
    const cells = [
      this.headCell('key', this.view.keyLabel, state, 'key'),
      ...this.view.columns.map((column) => this.headCell(column.id, column.label, state,
        `rank${column.rank}`, column.why)),
    ];
    return html('thead', {}, html('tr', {}, ...cells));
  }

  private headCell(
    id: string, label: string, state: TableState, className: string, why?: string,
  ): HTMLElement {
    const { t } = this.host.words();
    if (this.view.isOrdinal) return html('th', { scope: 'col', class: className, title: why }, label);
    const plain = this.view.columns[0]!.id;
    const isSorted = (state.sort || plain) === id;
    // Names run up, figures down, when they are first asked for.
    const isUp = (id === 'key') !== state.isAscending;
    const button = html('button', { type: 'button', class: 'sort', title: why,
      'data-focus': `sort-${id}` }, label, html('span', { class: 'arrow', 'aria-hidden': 'true' },
      isSorted ? (isUp ? '↑' : '↓') : ''));
    button.setAttribute('aria-label', t('table.sortBy', { column: label }));
    button.addEventListener('click', () => this.change({ sort: id === plain ? '' : id,
      isAscending: isSorted && !state.isAscending, page: 0 }));
    return html('th', { scope: 'col', class: className,
      'aria-sort': isSorted ? (isUp ? 'ascending' : 'descending') : undefined }, button);
  }

  private rows(rows: ShownRow[]): HTMLElement {
    const { view } = this;
    const { t } = this.host.words();
    if (!rows.length) {
      return html('tbody', {}, html('tr', {}, html('td', { class: 'soft',
        colspan: view.columns.length + 1 }, t('table.none', { filter: this.state().filter }))));
    }
    const bar = view.columns.find(({ isBar }) => isBar) ?? view.columns[0]!;
    const most = Math.max(1, ...view.rows.map((row) => bar.value(row) ?? 0));
    return html('tbody', {}, ...rows.map((row) => this.row(row, (bar.value(row) ?? 0) / most)));
  }

  private row(shown: ShownRow, length: number): HTMLElement {
    const head = html('th', { scope: 'row', class: 'key' });
    const fill = html('span', { class: 'bar', 'aria-hidden': 'true' });
    style(fill, { '--length': String(length) });
    head.append(fill, this.label(shown));
    const isPicked = this.view.picked?.(shown) ?? false;
    return html('tr', { class: isPicked ? 'picked' : undefined }, head,
      ...this.view.columns.map((column) => this.cell(column, shown)));
  }

  private label(shown: ShownRow): HTMLElement {
    const { t } = this.host.words();
    const { label } = shown;
    const { onPick } = this.view;
    const text = label.isData ? bdiWithEnd(label.text) : html('span', {}, label.text);
    const box = html('span', { class: `label of-${label.kind}`, title: label.text }, text);
    if (label.note) box.append(html('span', { class: 'soft note' }, label.note));
    if (label.kind !== 'plain') {
      const name = label.kind === 'section' ? 'section' : 'folded';
      box.append(html('span', { class: 'chip', title: t(`table.${name}Why`) }, t(`table.${name}`)));
    }
    if (!onPick || this.view.canPick?.(shown) === false) return box;
    const button = html('button', { type: 'button', class: 'pick',
      'data-focus': `row-${shown.row.key.join(' ')}`.replace(/["\\]/g, '_') }, box);
    button.addEventListener('click', () => onPick(shown));
    return button;
  }

  private cell(column: Column, shown: ShownRow): HTMLElement {
    const { t } = this.host.words();
    const cell = html('td', { class: `rank${column.rank}` });
    const value = column.value(shown);
    if (value === null) {
      cell.append('–');
      cell.classList.add('soft');
      return cell;
    }
    const text = column.text(value, shown);
    cell.append(text);
    if (column.isChange) {
      cell.classList.add(!/[^0.,\s%+-]/u.test(text) || !value ? 'soft' : value > 0 ? 'up' : 'down');
      if (text.startsWith('≈')) cell.title = t('change.rough');
    }
    if (column.isCount && shown.isLeast) {
      cell.append(html('span', { class: 'least', 'aria-hidden': 'true' }, '+'),
        html('span', { class: 'sr-only' }, ` (${t('table.least')})`));
    }
    return cell;
  }

  /** Sums are not rows: they say what is in none, and that all adds up. */
  private foot(state: TableState, found: number): HTMLElement {
    const { table, columns } = this.view;
    const { t, number } = this.host.words();
    const line = (label: string, sum: number, className: string): HTMLElement =>
      html('tr', { class: className }, html('th', { scope: 'row', class: 'key' }, label),
        ...columns.map((column, i) => html('td', { class: `rank${column.rank}` },
          i ? '' : number(sum))));
    const foot = html('tfoot', {});
    if (state.filter && found < this.view.rows.length) return foot;
    if (table.cut) foot.append(line(t('table.cut', { n: table.cut }), table.cutSum, 'soft'));
    if (table.other) foot.append(line(t('table.other'), table.other, 'soft'));
    foot.append(line(t('table.total'), table.total, 'total'));
    return foot;
  }

  private pager(page: number, pages: number, n: number): HTMLElement[] {
    const { t } = this.host.words();
    if (pages < 2) return [];
    const turn = (label: string, sign: string, to: number, id: string): HTMLElement => {
      const button = html('button', { type: 'button', class: 'quiet', 'aria-label': label,
        'data-focus': id, 'aria-disabled': to < 0 || to >= pages ? 'true' : undefined }, sign);
      button.addEventListener('click', () => {
        if (to >= 0 && to < pages) this.change({ page: to });
      });
      return button;
    };
    const rows = t('table.rows', { from: page * ROWS + 1, to: Math.min(n, (page + 1) * ROWS), n });
    return [html('div', { class: 'pager' },
      turn(t('table.previousRows'), '‹', page - 1, 'previous'),
      html('span', { class: 'soft', 'aria-live': 'polite' }, rows),
      turn(t('table.nextRows'), '›', page + 1, 'next'))];
  }

  /** What the signs in these rows mean. */
  private notes(rows: ShownRow[]): HTMLElement[] {
    const { t } = this.host.words();
    const notes: string[] = [];
    const section = rows.find(({ label, row }) => label.kind === 'section' && row.key.length === 1);
    if (section) notes.push(t('table.sectionNote', { example: section.label.text }));
    if (rows.some(({ isLeast }) => isLeast)) {
      notes.push(t('table.leastNote', { grain: this.view.grain }));
    }
    return notes.length ? [html('p', { class: 'soft small' }, notes.join(' '))] : [];
  }
}
