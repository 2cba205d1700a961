/**
 * Weekday by hour. A table that is a grid to the keyboard: one stop, arrows inside. In
 * little room the hours run down, so that a finger can tell the cells apart.
 */
import { Drawing, emptyNote, html, isRtl, newId } from './dom';
import { evenClass } from './scales';
import { Tooltip } from './tooltip';
import type { HeatData, HeatOptions } from './types';

const DAYS = 7;
const HOURS = 24;
const CLASSES = 6;
const NARROW = 540;

export class HeatMap extends Drawing<HeatData, HeatOptions> {
  private day = 0;
  private hour = 0;
  private tooltip: Tooltip | undefined;

  constructor(host: HTMLElement, options: HeatOptions) {
    super(host, options, 'chart-heat');
    host.addEventListener('keydown', (event) => this.onKey(event), this.whileAlive);
    host.addEventListener('pointerover', (event) => this.onPoint(event), this.whileAlive);
    host.addEventListener('focusin', (event) => this.onPoint(event), this.whileAlive);
    host.addEventListener('pointerleave', () => this.tooltip?.hide(), this.whileAlive);
    host.addEventListener('focusout', () => this.tooltip?.hide(), this.whileAlive);
  }

  protected override resize(data: HeatData): void {
    if (this.isTurned() !== this.host.classList.contains('is-turned')) this.draw(data);
  }

  protected draw(data: HeatData): void {
    const hadFocus = this.host.contains(document.activeElement);
    const max = data.max ?? Math.max(0, ...data.cells.flat().map((n) => n ?? 0));
    const hasWithheld = data.cells.some((row) => row.includes(null));
    this.host.classList.toggle('is-turned', this.isTurned());
    if (!(max > 0) && !hasWithheld) {
      this.host.replaceChildren(emptyNote(this.options));
      return;
    }
    const help = html('p', { class: 'chart-help', id: newId() }, this.options.t('chart.gridHelp'));
    const table = html('table', {
      role: 'grid',
      'aria-readonly': 'true',
      'aria-label': this.summary(data),
      'aria-describedby': help.id,
    });
    if (this.isTurned()) this.fillTurned(table, data, max);
    else this.fill(table, data, max);
    const stage = html('div', { class: 'chart-stage' }, table);
    this.tooltip = new Tooltip(stage);
    this.host.replaceChildren(stage, help, this.legend(max, hasWithheld));
    if (hadFocus) this.cell(this.day, this.hour)?.focus();
  }

  private isTurned(): boolean {
    return this.width < NARROW;
  }

  private fill(table: HTMLTableElement, data: HeatData, max: number): void {
    const { fmt } = this.options;
    const heads = range(HOURS).map((hour) =>
      html('th', { scope: 'col' }, this.hourHead(hour, 3)),
    );
    table.append(html('thead', {}, html('tr', {}, html('td'), ...heads)));
    const rows = range(DAYS).map((day) =>
      html(
        'tr',
        {},
        html('th', { scope: 'row' }, fmt.weekday(day, 'short')),
        ...range(HOURS).map((hour) => this.makeCell(data, max, day, hour)),
      ),
    );
    table.append(html('tbody', {}, ...rows));
  }

  private fillTurned(table: HTMLTableElement, data: HeatData, max: number): void {
    const { fmt } = this.options;
    const heads = range(DAYS).map((day) =>
      html('th', { scope: 'col' }, fmt.weekday(day, 'short')),
    );
    table.append(html('thead', {}, html('tr', {}, html('td'), ...heads)));
    const rows = range(HOURS).map((hour) =>
      html(
        'tr',
        {},
        html('th', { scope: 'row' }, this.hourHead(hour, 3)),
        ...range(DAYS).map((day) => this.makeCell(data, max, day, hour)),
      ),
    );
    table.append(html('tbody', {}, ...rows));
  }

  /** Every n-th hour is written, the others are only spoken. */
  private hourHead(hour: number, every: number): HTMLElement {
    const text = this.options.fmt.hour(hour);
    return html('span', { class: hour % every === 0 ? undefined : 'chart-spoken' }, text);
  }

  private makeCell(data: HeatData, max: number, day: number, hour: number): HTMLElement {
    const value = data.cells[day]?.[hour] ?? null;
    const depth = value === null ? 'void' : String(evenClass(value, max, CLASSES));
    return html('td', {
      class: `heat-${depth}`,
      tabindex: day === this.day && hour === this.hour ? 0 : -1,
      'data-day': day,
      'data-hour': hour,
      'aria-label': this.sentence(data, day, hour),
    });
  }

  private sentence(data: HeatData, day: number, hour: number): string {
    const { fmt, t, unit } = this.options;
    const value = data.cells[day]?.[hour] ?? null;
    return t('chart.heatCell', {
      day: fmt.weekday(day, 'long'),
      hour: fmt.hour(hour),
      n: value === null ? t('chart.heatNone') : fmt.number(value),
      unit: value === null ? '' : unit,
    }).trim();
  }

  private summary(data: HeatData): string {
    let [day, hour] = [0, 0];
    const at = (d: number, h: number) => data.cells[d]?.[h] ?? 0;
    for (const d of range(DAYS)) {
      for (const h of range(HOURS)) if (at(d, h) > at(day, hour)) [day, hour] = [d, h];
    }
    const { fmt, t, unit, label } = this.options;
    return t('chart.heatSummary', {
      label,
      unit,
      day: fmt.weekday(day, 'long'),
      hour: fmt.hour(hour),
      n: fmt.number(at(day, hour)),
    });
  }

  private legend(max: number, hasWithheld: boolean): HTMLElement {
    const { fmt, t } = this.options;
    const steps = range(CLASSES + 1).map((i) => html('i', { class: `chart-swatch heat-${i}` }));
    const scale = html('li', { class: 'chart-scale' }, fmt.number(0), ...steps, fmt.number(max));
    const withheld = html(
      'li',
      {},
      html('i', { class: 'chart-swatch withheld' }),
      t('chart.heatNone'),
    );
    return html('ul', { class: 'chart-legend' }, scale, hasWithheld ? withheld : null);
  }

  private cell(day: number, hour: number): HTMLElement | null {
    return this.host.querySelector(`td[data-day="${day}"][data-hour="${hour}"]`);
  }

  private onPoint(event: Event): void {
    const cell = (event.target as Element).closest<HTMLElement>('td[data-day]');
    if (!cell || !this.data) return;
    const [day, hour] = [Number(cell.dataset['day']), Number(cell.dataset['hour'])];
    if (event.type === 'focusin') [this.day, this.hour] = [day, hour];
    const { fmt, t, unit } = this.options;
    const value = this.data.cells[day]?.[hour] ?? null;
    const text = value === null ? t('chart.heatNone') : fmt.number(value);
    this.tooltip?.show(
      `${fmt.weekday(day, 'long')}, ${fmt.hour(hour)}`,
      [{ label: unit, value: text }],
      cell.offsetLeft + cell.offsetWidth / 2,
      cell.offsetTop + cell.offsetHeight / 2,
    );
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const ahead = isRtl(this.host) ? -1 : 1;
    const steps: Record<string, readonly [number, number]> = {
      ArrowRight: [0, ahead],
      ArrowLeft: [0, -ahead],
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      Home: [0, -HOURS],
      End: [0, HOURS],
    };
    const step = steps[event.key];
    if (!step) return;
    const [down, across] = step;
    const [days, hours] = this.isTurned() ? [across, down] : [down, across];
    const day = Math.max(0, Math.min(DAYS - 1, this.day + days));
    const hour = Math.max(0, Math.min(HOURS - 1, this.hour + hours));
    this.cell(this.day, this.hour)?.setAttribute('tabindex', '-1');
    [this.day, this.hour] = [day, hour];
    const cell = this.cell(day, hour);
    cell?.setAttribute('tabindex', '0');
    cell?.focus();
    event.preventDefault();
  }
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_unused, i) => i);
}
