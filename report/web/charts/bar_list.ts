/** Buckets and short rankings: a bar, its figure, its share. */
import { Drawing, bdi, emptyNote, html, style } from './dom';
import type { BarData, BarOptions, BarRow } from './types';

const NARROW = 380;

export class BarList extends Drawing<BarData, BarOptions> {
  constructor(host: HTMLElement, options: BarOptions) {
    super(host, options, 'chart-bars');
  }

  protected override resize(): void {
    this.host.classList.toggle('is-narrow', this.width < NARROW);
  }

  protected draw(data: BarData): void {
    this.resize();
    if (data.rows.length === 0) {
      this.host.replaceChildren(emptyNote(this.options));
      return;
    }
    const values = data.rows.map((row) => row.value ?? 0);
    const max = values.reduce((a, b) => Math.max(a, b), 0);
    const total = data.total ?? values.reduce((a, b) => a + b, 0);
    const list = html('ul', { 'aria-label': this.options.label });
    const longest = data.rows.reduce((most, row) => Math.max(most, this.figure(row).length), 1);
    style(list, { '--figure': `${longest}ch` });
    for (const row of data.rows) list.append(this.row(row, max, total));
    this.host.replaceChildren(list);
  }

  private row(row: BarRow, max: number, total: number): HTMLElement {
    const { fmt, t, onPick, shares } = this.options;
    const kind = row.kind ?? 'plain';
    const share = row.value !== null && shares !== false && total > 0;
    const label = html(
      'span',
      { class: 'bar-label', title: this.why(row) },
      onPick && kind === 'plain' ? this.button(row.label) : bdi(row.label),
      kind === 'section' ? html('small', {}, t('chart.section')) : null,
    );
    const bar = html('i', { class: `bar-fill tone-${row.tone ?? 'plain'} kind-${kind}` });
    style(bar, { 'inline-size': `${max > 0 ? ((row.value ?? 0) / max) * 100 : 0}%` });
    const track = html(
      'span',
      { class: row.value === null ? 'bar-track is-void' : 'bar-track', 'aria-hidden': 'true' },
      bar,
    );
    return html(
      'li',
      { class: shares === false ? 'no-share' : undefined },
      label,
      track,
      html('span', { class: 'bar-value' }, this.figure(row)),
      shares === false
        ? null
        : html('span', { class: 'bar-share' }, share ? fmt.percent((row.value ?? 0) / total) : ''),
    );
  }

  private figure(row: BarRow): string {
    if (row.value === null) return this.options.t('chart.withheld');
    return row.text ?? this.options.fmt.number(row.value);
  }

  private why(row: BarRow): string | undefined {
    if (row.value === null) return this.options.t('chart.withheldWhy');
    if (row.kind === 'section') return this.options.t('chart.sectionWhy');
    if (row.kind === 'other') return this.options.t('chart.otherWhy');
    return undefined;
  }

  private button(label: string): HTMLElement {
    const button = html('button', { type: 'button', class: 'chart-pick' }, bdi(label));
    button.addEventListener('click', () => this.options.onPick?.(label));
    return button;
  }
}
