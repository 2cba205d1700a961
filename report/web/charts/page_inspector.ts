/**
 * One page in the middle, what came before on one side, what after on the other; ribbons
 * as wide as the figures where there is room, bars where there is not. Beginnings and
 * ends of visits stand among the neighbours, so that each side is complete.
 *
 * Rows are a list of buttons and words: that is also the text for those who do not see
 * the ribbons.
 */
import { Drawing, bdi, bdiWithEnd, emptyNote, html, isRtl, style, svg } from './dom';
import type { InspectorData, InspectorOptions, Neighbour } from './types';

const NARROW = 720;
const ROW = 34;
const RIBBONS = 56;
/** Widest of all ribbons of a side together. */
const BUNDLE = 150;

export interface Ribbon {
  kind: Neighbour['kind'];
  /** Middle at the row, upper edge in the bundle, and width at both ends. */
  row: number;
  bundle: number;
  width: number;
}

/** Ribbons of rows of `rowHeight`, into a bundle of at most `most` around `middle`. */
export function ribbons(
  rows: readonly Neighbour[],
  rowHeight: number,
  middle: number,
  most: number,
): Ribbon[] {
  const sum = rows.reduce((total, row) => total + row.value, 0);
  if (!(sum > 0)) return [];
  const largest = rows.reduce((max, row) => Math.max(max, row.value), 0);
  const scale = Math.min(most / sum, (rowHeight - 8) / largest);
  const widths = rows.map((row) => Math.max(1, row.value * scale));
  const bundle = widths.reduce((total, width) => total + width, 0);
  let edge = middle - bundle / 2;
  return rows.map((row, i) => {
    const width = widths[i] as number;
    const ribbon = { kind: row.kind, row: (i + 0.5) * rowHeight, bundle: edge, width };
    edge += width;
    return ribbon;
  });
}

export class PageInspector extends Drawing<InspectorData, InspectorOptions> {
  constructor(host: HTMLElement, options: InspectorOptions) {
    super(host, options, 'chart-inspector');
  }

  protected override resize(data: InspectorData): void {
    if (this.isNarrow() !== this.host.classList.contains('is-narrow')) this.draw(data);
  }

  protected draw(data: InspectorData): void {
    const { t } = this.options;
    const before = complete(data.before, data.entries, 'entry', t('chart.entries'));
    const after = complete(data.after, data.exits, 'exit', t('chart.exits'));
    this.host.classList.toggle('is-narrow', this.isNarrow());
    if (before.length + after.length === 0 && !data.views) {
      this.host.replaceChildren(emptyNote(this.options));
      return;
    }
    const height = Math.max(before.length, after.length, 4) * ROW;
    const left = this.side(t('chart.before'), before, 'before', height);
    const right = this.side(t('chart.after'), after, 'after', height);
    const middle = this.page(data, before, after);
    if (this.isNarrow()) this.host.replaceChildren(middle, left, right);
    else {
      this.host.replaceChildren(
        left,
        this.bundle(before, 'before', height),
        middle,
        this.bundle(after, 'after', height),
        right,
      );
    }
  }

  private isNarrow(): boolean {
    return this.width < NARROW;
  }

  private side(
    title: string,
    rows: readonly Neighbour[],
    where: 'before' | 'after',
    height: number,
  ): HTMLElement {
    const sum = rows.reduce((total, row) => total + row.value, 0);
    const largest = rows.reduce((max, row) => Math.max(max, row.value), 0);
    const list = html('ul', { 'aria-label': title });
    if (!this.isNarrow()) style(list, { 'padding-block-start': `${this.top(rows, height)}px` });
    style(list, { '--figure': `${this.options.fmt.number(largest).length}ch` });
    for (const row of rows) list.append(this.row(row, sum, largest));
    if (rows.length === 0) list.append(html('li', {}, this.options.t('chart.nobody')));
    return html(
      'div',
      { class: `inspector-side is-${where}` },
      html('p', { class: 'inspector-head' }, title),
      list,
    );
  }

  /** Where the first of a side's rows begins, so that the shorter side is in the middle. */
  private top(rows: readonly Neighbour[], height: number): number {
    return Math.max(0, (height - Math.max(rows.length, 1) * ROW) / 2);
  }

  private row(row: Neighbour, sum: number, largest: number): HTMLElement {
    const { fmt, t, onPick } = this.options;
    const why = { section: t('chart.sectionWhy'), other: t('chart.otherWhy') };
    const isPage = row.kind === 'page';
    const name = bdiWithEnd(row.label, 'inspector-name');
    const bar = html('i', { class: `flow-bar is-${row.kind}`, 'aria-hidden': 'true' });
    style(bar, { 'inline-size': `${largest > 0 ? (row.value / largest) * 100 : 0}%` });
    const label = isPage && onPick ? html('button', { type: 'button', class: 'chart-pick', 'aria-label': row.label }, name) : name;
    if (isPage && onPick) label.addEventListener('click', () => onPick(row.label));
    return html(
      'li',
      {
        class: `is-${row.kind}`,
        title: row.kind === 'section' || row.kind === 'other' ? why[row.kind] : row.label.slice(0, 300),
      },
      html('span', { class: 'inspector-label' }, label),
      html(
        'span',
        { class: 'inspector-figure' },
        html('b', {}, fmt.number(row.value)),
        html('span', { class: 'chart-soft' }, sum > 0 ? fmt.percent(row.value / sum) : ''),
      ),
      this.isNarrow() ? bar : null,
    );
  }

  private page(
    data: InspectorData,
    before: readonly Neighbour[],
    after: readonly Neighbour[],
  ): HTMLElement {
    const { fmt, t } = this.options;
    const figure = (n: number | null, word: string, of: readonly Neighbour[] | null) => {
      const sum = of ? of.reduce((total, row) => total + row.value, 0) : 0;
      const share = n !== null && sum > 0 ? ` (${fmt.percent(n / sum)})` : '';
      return html(
        'div',
        {},
        html('dt', {}, word + share),
        html('dd', {}, n === null ? t('chart.withheld') : fmt.number(n)),
      );
    };
    return html(
      'div',
      { class: 'inspector-page' },
      html('p', { class: 'inspector-title' }, bdi(data.page)),
      html(
        'dl',
        {},
        figure(data.views, t('chart.views'), null),
        figure(data.entries, t('chart.entries'), before),
        figure(data.exits, t('chart.exits'), after),
      ),
    );
  }

  private bundle(
    rows: readonly Neighbour[],
    where: 'before' | 'after',
    height: number,
  ): SVGElement {
    const offset = this.top(rows, height);
    const turned = (where === 'after') !== isRtl(this.host);
    const picture = svg('svg', {
      class: 'inspector-ribbons',
      viewBox: `0 0 ${RIBBONS} ${height}`,
      height,
      width: RIBBONS,
      'aria-hidden': 'true',
      transform: turned ? 'scale(-1 1)' : undefined,
    });
    for (const ribbon of ribbons(rows, ROW, height / 2 - offset, Math.min(BUNDLE, height * 0.7))) {
      picture.append(svg('path', { class: `ribbon is-${ribbon.kind}`, d: outline(ribbon, offset) }));
    }
    return picture;
  }
}

/** The neighbours, and what began or ended here unless it is among them. */
function complete(
  rows: readonly Neighbour[],
  n: number | null,
  kind: 'entry' | 'exit',
  label: string,
): Neighbour[] {
  const shown = rows.filter((row) => row.value > 0);
  if (!n || rows.some((row) => row.kind === kind)) return shown;
  return [...shown, { label, value: n, kind }];
}

function outline(ribbon: Ribbon, offset: number): string {
  const [from, to] = [offset + ribbon.row - ribbon.width / 2, offset + ribbon.bundle];
  const half = RIBBONS / 2;
  const w = ribbon.width;
  const f = (n: number) => n.toFixed(1);
  return (
    `M0 ${f(from)}C${half} ${f(from)} ${half} ${f(to)} ${RIBBONS} ${f(to)}` +
    `v${f(w)}C${half} ${f(to + w)} ${half} ${f(from + w)} 0 ${f(from + w)}Z`
  );
}
