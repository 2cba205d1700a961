/** The cards that are no tables: words, the chart over time, navigation, the map, AI,
 * the hours, every line, privacy and the words' meanings. */
import type { Part } from './card';
import { Card, TableCard, Tabs } from './card';
import { AiBalance, BarList, HeatMap, PageInspector, Sankey, TimeChart, WorldMap } from './charts';
import type { BarRow, ChartOptions, TimeData } from './charts/types';
import { html } from './charts/dom';
import { aiRows } from './ai';
import type { Context } from './context';
import { grainWord, periodsWord } from './context';
import { weekdayOf } from './days';
import { flowData, flowPages, inspectorData, pageOfNode } from './flow';
import type { Insight } from './insights';
import { changes, standing, worthALook } from './insights';
import type { TableView } from './table';
import { tableCsv } from './table';
import { tableView } from './tables';
import { offerFile } from './csv';
import { pageShares } from './model';
import { metricLabel } from './metrics';
import { grainOf, grainsOf, timeline } from './timeline';

function chartOptions({ words }: Context, label: string): ChartOptions {
  return { fmt: words, t: words.t, label };
}

/** Charts keep the words that they were made with: another language is another chart. */
class Made<T extends { destroy(): void }> {
  private made: T | null = null;
  private lang = '';

  get({ words }: Context, key: string, make: () => T): T {
    const wanted = `${words.lang} ${key}`;
    if (this.made && this.lang === wanted) return this.made;
    this.made?.destroy();
    this.lang = wanted;
    return (this.made = make());
  }
}

/** What changed most and where it came from; what is worth a look. */
export class WordsPart implements Part {
  readonly element = html('div', { class: 'card wide in-words' });

  update(context: Context): void {
    const { words } = context;
    const told = changes(context);
    const first = told.length ? told : standing(context);
    this.element.replaceChildren(
      this.column(words.t(told.length ? 'words.changed' : 'words.stands'), first, context),
      this.column(words.t('words.look'), worthALook(context), context));
  }

  private column(title: string, insights: Insight[], { words }: Context): HTMLElement {
    return html('section', {}, html('h3', {}, title),
      insights.length
        ? html('ul', {}, ...insights.map(({ text, card }) => html('li', {},
          html('a', { href: `#card-${card}`, 'data-card': card }, text))))
        : html('p', { class: 'soft' }, words.t('words.nothing')));
  }
}

export class ChartPart implements Part {
  readonly uses = ['metric', 'grain'] as const;
  readonly element: HTMLElement;
  private readonly card = new Card('chart', { isWide: true });
  private readonly host = html('div', { class: 'time-chart' });
  private readonly chart = new Made<TimeChart>();
  private points: ReturnType<typeof timeline> = [];

  constructor() {
    this.element = this.card.element;
    this.card.body.append(this.host);
  }

  update(context: Context): void {
    const { words, span, other, state } = context;
    const grain = grainOf(context);
    const name = grain[0]!.toUpperCase() + grain.slice(1);
    const metric = metricLabel(context, state.metric);
    const title = words.t(`chart.per${name}`, { metric });
    this.card.title(title);
    this.card.tools.replaceChildren(this.grains(context, grain));
    this.points = timeline(span, state.metric, grain);
    const chart = this.chart.get(context, title, () => {
      this.host.replaceChildren();
      return new TimeChart(this.host, { ...chartOptions(context, title),
        onRange: (from, to) => this.choose(context, from, to) });
    });
    const before = other ? timeline(other, state.metric, grain) : [];
    const data: TimeData = {
      x: this.points.map(({ at }) => at),
      series: [{ label: metric, values: this.points.map(({ value }) => value) }],
      grain: grain === 'month' ? 'week' : grain,
    };
    if (other) {
      data.compare = this.points.map((_, i) => before[i]?.value ?? null);
      data.compareX = before.map(({ at }) => at);
      data.compareLabel = words.days(other.days.from, other.days.end - 1);
    }
    chart.update(data);
  }

  private grains(context: Context, open: string): HTMLElement {
    const { words } = context;
    const all = grainsOf(context);
    return html('div', { class: 'segments', role: 'group', 'aria-label': words.t('chart.by') },
      ...all.map((grain) => {
        const button = html('button', { type: 'button', 'aria-pressed': String(grain === open) },
          words.t(`chart.${grain}`));
        button.addEventListener('click', () => context.set({ grain }));
        return button;
      }));
  }

  private choose(context: Context, from: number, to: number): void {
    const first = this.points[from];
    const last = this.points[to];
    if (first && last) context.set({ days: { from: first.from, end: last.end }, grain: 'auto' });
  }
}

export class FlowPart implements Part {
  readonly element: HTMLElement;
  private readonly card = new Card('flow', { isWide: true });
  private readonly host = html('div', { class: 'flow' });
  private readonly none = html('p', { class: 'soft empty' });
  private readonly note = html('p', { class: 'soft small' });
  private readonly sankey = new Made<Sankey>();

  constructor() {
    this.element = this.card.element;
    this.card.body.append(this.host, this.none, this.note);
  }

  update(context: Context): void {
    const { words, span } = context;
    const title = words.t('card.flow');
    this.card.title(title);
    const data = flowData(span, { arrived: words.t('flow.arrived'), left: words.t('flow.left'),
      rest: words.t('flow.rest') });
    const isThere = data.links.length > 0;
    this.host.hidden = this.note.hidden = !isThere;
    this.none.hidden = isThere;
    this.none.textContent = words.t('flow.none');
    this.note.textContent = words.t('flow.note');
    if (!isThere) return;
    this.sankey.get(context, '', () => {
      this.host.replaceChildren();
      return new Sankey(this.host, { ...chartOptions(context, title),
        unit: words.t('flow.unit'),
        columns: [words.t('flow.before'), words.t('flow.page'), words.t('flow.after')],
        onPick: (id) => {
          const page = pageOfNode(id);
          if (page !== null) context.set({ page });
        } });
    }).update(data);
  }
}

export class InspectorPart implements Part {
  readonly uses = ['page'] as const;
  readonly element: HTMLElement;
  private readonly card = new Card('inspector', { isWide: true });
  private readonly host = html('div', { class: 'inspector' });
  private readonly none = html('p', { class: 'soft empty' });
  private readonly select = html('select', {});
  private readonly inspector = new Made<PageInspector>();
  private context!: Context;

  constructor() {
    this.element = this.card.element;
    this.card.body.append(this.host, this.none);
    this.select.addEventListener('change', () => this.context.set({ page: this.select.value }));
  }

  update(context: Context): void {
    this.context = context;
    const { words, span, state } = context;
    const title = words.t('card.inspector');
    this.card.title(title);
    const pages = flowPages(span);
    const page = pages.includes(state.page) ? state.page : (pages[0] ?? '');
    this.select.setAttribute('aria-label', words.t('flow.pick'));
    this.select.replaceChildren(...pages.slice(0, 500).map((path) => html('option', { value: path,
      selected: path === page }, path)));
    this.card.tools.replaceChildren(this.select);
    this.card.tools.hidden = this.host.hidden = pages.length === 0;
    this.none.hidden = pages.length > 0;
    this.none.textContent = words.t('flow.none');
    if (!pages.length) return;
    this.inspector.get(context, '', () => {
      this.host.replaceChildren();
      return new PageInspector(this.host, { ...chartOptions(context, title),
        onPick: (label) => {
          if (flowPages(this.context.span).includes(label)) this.context.set({ page: label });
        } });
    }).update(inspectorData(span, page, words.t('flow.rest')));
  }
}

/** The map, and the same as a table beside it. */
export class CountriesPart implements Part {
  readonly uses = ['tables'] as const;
  readonly element: HTMLElement;
  private readonly table = new TableCard('countries', ['countries'], { isWide: true, isSolo: true,
    adapt: (view, context) => {
      view.picked = ({ row }) => row.key[0] === context.state.tables.countries?.filter;
    } });
  private readonly host = html('div', { class: 'map' });
  private readonly map = new Made<WorldMap>();

  constructor() {
    this.element = this.table.element;
    this.element.classList.add('with-map');
    this.element.querySelector('.card-body')!.prepend(this.host);
  }

  update(context: Context): void {
    const { words, span } = context;
    this.table.update(context);
    const rows = span.table('countries').rows;
    this.host.hidden = rows.length === 0;
    if (!rows.length) return;
    this.map.get(context, '', () => {
      this.host.replaceChildren();
      return new WorldMap(this.host, { ...chartOptions(context, words.t('map.label')),
        unit: words.t('col.visits').toLocaleLowerCase(words.locale),
        name: (code) => words.country(code),
        onPick: (code) => {
          const { tables } = context.state;
          const filter = tables.countries?.filter === code ? '' : code;
          context.set({ tables: { ...tables, countries: { filter, sort: '', isAscending: false, page: 0 } } });
        } });
    }).update(new Map(rows.map(({ key, values }) => [key[0]!, values[0]!])));
  }
}

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

export class AiPart implements Part {
  readonly element: HTMLElement;
  private readonly card = new Card('ai', { isWide: true });
  private readonly host = html('div', {});
  private readonly note = html('p', { class: 'soft small' });
  private readonly balance = new Made<AiBalance>();

  constructor() {
    this.element = this.card.element;
    this.card.body.append(this.host, this.note);
  }

  update(context: Context): void {
    const { words, span } = context;
    this.card.title(words.t('card.ai'));
    const rows = aiRows(span);
    this.host.hidden = rows.length === 0;
    this.note.textContent = words.t(rows.length ? 'ai.note' : 'ai.none');
    if (!rows.length) return;
    this.balance.get(context, '', () => {
      this.host.replaceChildren();
      return new AiBalance(this.host, chartOptions(context, words.t('card.ai')));
    }).update(rows);
  }
}

/** Every line of the logs is in one class, and they add up. */
export class LinesPart implements Part {
  readonly element: HTMLElement;
  private readonly card = new Card('lines');

  constructor() {
    this.element = this.card.element;
  }

  update(context: Context): void {
    const { words, span: { lines } } = context;
    this.card.title(words.t('card.lines'));
    const line = (name: string, n: number, isPart = false): HTMLElement => {
      const why = `lines.why.${name}`;
      return html('tr', { class: isPart ? 'part' : undefined },
        html('th', { scope: 'row', class: 'key' }, words.t(`lines.${name}`),
          words.has(why) ? html('span', { class: 'soft note' }, words.t(why)) : null),
        html('td', {}, words.number(n)));
    };
    const parts = (of: Record<string, number>): HTMLElement[] =>
      Object.entries(of).map(([name, n]) => line(name, n, true));
    this.card.body.replaceChildren(
      html('div', { class: 'scroll' }, html('table', { class: 'lines' },
        html('caption', { class: 'sr-only' }, words.t('card.lines')),
        html('thead', {}, html('tr', {}, html('th', { scope: 'col', class: 'key' }, words.t('col.class')),
          html('th', { scope: 'col' }, words.t('col.lines')))),
        html('tbody', {}, line('human', lines.humanSum), ...parts(lines.human),
          line('robots', lines.robotsSum), ...parts(lines.robots),
          line('malformed', lines.malformed), line('duplicate', lines.duplicate),
          line('outside', lines.outside), line('excluded', lines.excluded), line('blank', lines.blank)),
        html('tfoot', {}, html('tr', { class: 'total' },
          html('th', { scope: 'row', class: 'key' }, words.t('lines.all')),
          html('td', {}, words.number(lines.all)))))),
      html('p', { class: 'soft small' }, words.t('lines.note'),
        lines.hasRun ? null : ` ${words.t('lines.run')}`));
  }
}

/** Paragraphs under a label. */
type ReceiptItem = readonly [label: string, texts: string[]];

function sharesSentence({ span, words }: Context): string[] {
  const shares = pageShares(span);
  const all = shares.named + shares.sections + shares.other + shares.withheld;
  const of = (n: number): string => words.percent(n / all);
  return all ? [words.t('receipt.shares', { all, named: of(shares.named),
    sections: of(shares.sections), other: of(shares.other), withheld: of(shares.withheld) })] : [];
}

/** What report/receipt.c says of a report, of these days. */
function receipt(context: Context): ReceiptItem[] {
  const { data, span, words: { t, list } } = context;
  const grain = grainWord(context);
  const n = (count: number): string => periodsWord(context, count);
  const facts = (of: 'kept' | 'never_kept'): string[] =>
    [`${list(data.receipt[of].map((name) => t(`receipt.${of}.${name}`)))}.`];
  const counts = [t(data.profile === 'partner' ? 'receipt.rounded' : 'receipt.exact')];
  if (span.nPartial) counts.push(t('receipt.partial', { n: n(span.nPartial) }));
  if (span.nCapped) counts.push(t('receipt.capped', { n: n(span.nCapped) }));
  if (data.tableNames.some((name) => span.table(name).cut)) {
    counts.push(t('receipt.cut', { cap: data.rowCap, grain }));
  }
  const few = [t('receipt.floors', { k: data.k, kn: data.kn, k5: data.k * 5, grain })];
  if (span.nUnknown + span.nBare) {
    few.push(t('receipt.withheld', { unknown: n(span.nUnknown),
      bare: n(span.nUnknown + span.nBare), n: n(span.n) }));
  }
  return [
    ['for', [t(`receipt.for.${data.profile}`)]],
    ['rows', [t('receipt.rows.is', { k: data.k, kn: data.kn, k2: data.k * 2, kn2: data.kn * 2, grain }),
      t('receipt.fold')]],
    ['page_views', sharesSentence(context)],
    ['few', few],
    ['counts', counts],
    ['key', [t('receipt.key.is', { grain })]],
    ['kept', facts('kept')],
    ['never_kept', facts('never_kept')],
    ['page', [t('receipt.page.is')]],
    ['risks', data.receipt.risks.map((name) => t(name === 'linked_tables'
      ? `receipt.risk.${name}.${data.profile}` : `receipt.risk.${name}`))],
  ];
}

export class PrivacyPart implements Part {
  readonly element: HTMLElement;
  private readonly card = new Card('privacy');

  constructor() {
    this.element = this.card.element;
  }

  update(context: Context): void {
    const { t } = context.words;
    this.card.title(t('card.privacy'));
    this.card.body.replaceChildren(html('dl', { class: 'receipt' },
      ...receipt(context).filter(([, texts]) => texts.length).map(([label, texts]) =>
        html('div', {}, html('dt', {}, t(`receipt.${label}`)),
          ...texts.map((text) => html('dd', {}, text))))));
  }
}

const WORDS = ['page_view', 'visitor', 'visit', 'bounce', 'duration', 'download', 'search',
  'source', 'robot', 'section'];

export class MeaningsPart implements Part {
  readonly element: HTMLElement;
  private readonly card = new Card('words', { isWide: true });

  constructor() {
    this.element = this.card.element;
  }

  update(context: Context): void {
    const { words, data } = context;
    this.card.title(words.t('card.words'));
    this.card.body.replaceChildren(html('dl', { class: 'meanings' }, ...WORDS.map((word) =>
      html('div', {}, html('dt', {}, words.t(`def.${word}`)),
        html('dd', {}, words.t(`def.${word}.is`, { grain: grainWord(context) }))))),
    html('p', { class: 'soft small' }, words.t('footer', { version: data.version,
      rules: data.rules, profile: data.profile, k: data.k, kn: data.kn, zone: data.zone })));
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
