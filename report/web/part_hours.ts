/** Hours by weekday, and what comes in fixed steps. */
import type { Part } from './card';
import { Card, Tabs } from './card';
import { BarList, HeatMap } from './charts';
import type { BarRow } from './charts/types';
import { html } from './charts/dom';
import { Made, chartOptions } from './made';
import type { Context } from './context';
import { offerFile } from './csv';
import { weekdayOf } from './days';
import type { TableView } from './table';
import { tableCsv } from './table';
import { tableView } from './tables';

/** Visits by weekday and hour: each day's hours, added up by its weekday. */
export function heatCells({ span }: Context): (number | null)[][] {
  const cells: (number | null)[][] = Array.from({ length: 7 }, () => new Array<number | null>(24).fill(null));
  const table = span.data.table('hours');
  for (let i = span.first; i < span.end; i++) {
    const row = cells[weekdayOf(span.data.periods.start[i]!)]!;
    for (let at = table.first[i]!; at < table.first[i + 1]!; at++) {
      const hour = Number(table.keys[table.ids[at]!]![0]);
      if (hour >= 0 && hour < 24) row[hour] = (row[hour] ?? 0) + table.values[0]![at]!;
    }
  }
  return cells;
}

export class HeatPart implements Part {
  readonly element: HTMLElement;
  private readonly card = new Card('heat');
  private readonly host = html('div', {});
  private readonly note = html('p', { class: 'soft small' });
  private readonly map = new Made<HeatMap>();

  constructor() {
    this.element = this.card.element;
    this.card.body.append(this.host, this.note);
  }

  update(context: Context): void {
    const { words, data } = context;
    const title = words.t('card.heat');
    this.card.title(title);
    const isByDay = data.grain === 'day';
    this.host.hidden = !isByDay;
    this.note.textContent = isByDay ? words.t('heat.note', { zone: data.zone }) : words.t('heat.days');
    if (!isByDay) return;
    this.map.get(context, '', () => {
      this.host.replaceChildren();
      return new HeatMap(this.host, { ...chartOptions(context, title),
        unit: words.t('col.visits').toLocaleLowerCase(words.locale) });
    }).update({ cells: heatCells(context) });
  }
}

const TONES: Record<string, BarRow['tone']> = { 2: 'good', 3: 'calm', 4: 'warn', 5: 'bad' };

/** Fixed buckets as bars: they have an order of their own. */
export class BucketsPart implements Part {
  readonly uses = ['tabs'] as const;
  readonly element: HTMLElement;
  private readonly card: Card;
  private readonly panel = html('div', {});
  private readonly tabs: Tabs;
  private readonly bars = new Made<BarList>();
  private readonly csv = html('button', { type: 'button', class: 'quiet' });
  private readonly none = html('p', { class: 'soft empty' });
  private view!: TableView;
  private context!: Context;

  constructor(private readonly id: string, private readonly tables: readonly string[]) {
    this.card = new Card(id);
    this.card.tools.append(this.csv);
    this.csv.addEventListener('click', () => offerFile(this.view.file, tableCsv(this.view)));
    this.element = this.card.element;
    this.tabs = new Tabs(id, this.panel, (tab) =>
      this.context.set({ tabs: { ...this.context.state.tabs, [id]: tab } }));
    this.card.body.append(this.tabs.element, this.panel, this.none);
  }

  update(context: Context): void {
    this.context = context;
    const { words, state } = context;
    const open = this.tables.find((id) => id === state.tabs[this.id]) ?? this.tables[0]!;
    const title = words.t(`card.${this.id}`);
    this.card.title(title);
    this.tabs.update(title, this.tables.map((id) => [id, words.t(`tab.${id}`)]), open);
    this.view = tableView(context, open, words.t(`tab.${open}`));
    this.csv.textContent = words.t('table.csv');
    this.csv.setAttribute('aria-label', words.t('table.csvOf', { table: this.view.title }));
    this.draw(context, open);
  }

  private draw(context: Context, open: string): void {
    const { words } = context;
    const { table } = this.view;
    const isThere = table.isPresent && table.total > 0;
    this.csv.hidden = this.panel.hidden = !isThere;
    this.none.hidden = isThere;
    this.none.textContent = table.isPresent ? words.t('table.empty')
      : words.t('table.withheld', { why: this.view.absent });
    if (!isThere) return;
    const rows: BarRow[] = this.view.rows.map(({ label, row }) => ({
      label: label.note ? `${label.text} ${label.note}` : label.text,
      value: row.values[0]!,
      tone: open === 'statuses' ? (TONES[row.key[0]![0]!] ?? 'plain') : 'plain',
    }));
    if (table.other) rows.push({ label: words.t('table.other'), value: table.other, kind: 'other' });
    this.bars.get(context, open, () => {
      this.panel.replaceChildren();
      return new BarList(this.panel, chartOptions(context, this.view.title));
    }).update({ rows, total: table.total });
  }
}
