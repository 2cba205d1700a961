/**
 * Figures over time: a line a series, the compared span dashed, withheld points as
 * hatched gaps. uPlot draws; the read-out, the choice of a span and the keyboard are
 * here, and work alike with mouse, finger and keys.
 *
 * To assistive technology the plot is a slider over the points, the one role whose
 * arrow keys every screen reader passes on and whose text it reads at each step.
 *
 * Time runs left to right in right-to-left pages too, as is usual for time axes there.
 */
import uPlot from 'uplot';
import { Drawing, bdi, emptyNote, html, newId } from './dom';
import { timePlotOptions } from './time_plot';
import type { TimeData, TimeOptions } from './types';
import { Tooltip, type TooltipLine } from './tooltip';

/** Steps of PageUp and PageDown. */
const PAGE = { hour: 24, day: 7, week: 4, month: 12 };
/** Pixels the pointer must move before it marks a span. */
const DRAG = 6;
/** Room on paper, in pixels of CSS: A4 within margins of 15 mm. */
const PAPER_WIDTH = 680;
const PAPER_SHARPNESS = 3;

export class TimeChart extends Drawing<TimeData, TimeOptions> {
  private readonly legend = html('ul', { class: 'chart-legend' });
  private readonly stage: HTMLElement;
  private readonly plotHost = html('div', { class: 'chart-plot' });
  private readonly note = html('div', { class: 'chart-note-slot' });
  private readonly tooltip: Tooltip;
  private plot: uPlot | undefined;
  private index = -1;
  /** Where a marked span began. */
  private anchor = -1;
  private pressed: { id: number; index: number; x: number; marks: boolean } | undefined;
  private theme: MutationObserver | undefined;

  constructor(host: HTMLElement, options: TimeOptions) {
    super(host, options, 'chart-time');
    const help = html('p', { class: 'chart-help', id: newId() }, options.t('chart.timeHelp'));
    this.stage = html(
      'div',
      {
        class: 'chart-stage',
        tabindex: 0,
        role: 'slider',
        'aria-label': options.label,
        'aria-describedby': help.id,
        'aria-valuemin': 0,
      },
      this.plotHost,
    );
    this.tooltip = new Tooltip(this.stage);
    host.append(this.legend, this.stage, help, this.note);
    this.stage.addEventListener('keydown', (event) => this.onKey(event));
    this.stage.addEventListener('focus', () => this.onFocus());
    this.stage.addEventListener('blur', () => this.leave());
    this.watchColours();
  }

  override destroy(): void {
    this.theme?.disconnect();
    this.plot?.destroy();
    super.destroy();
    this.host.removeAttribute('data-paper');
  }

  protected draw(data: TimeData): void {
    this.plot?.destroy();
    this.plot = undefined;
    this.index = Math.min(this.index, data.x.length - 1);
    this.anchor = -1;
    this.tooltip.hide();
    const isEmpty = data.x.length === 0 || data.series.length === 0;
    this.stage.hidden = this.legend.hidden = isEmpty;
    this.note.replaceChildren(...(isEmpty ? [emptyNote(this.options)] : []));
    if (isEmpty) return;
    this.drawLegend(data);
    this.drawPlot(data);
    this.speak(data);
  }

  private drawPlot(data: TimeData): void {
    const isPaper = this.host.hasAttribute('data-paper');
    const scale = isPaper ? PAPER_SHARPNESS : 1;
    const width = isPaper ? PAPER_WIDTH : this.width;
    const settings = timePlotOptions(this.host, data, this.options, width, scale);
    const rows = data.series.map((series) => [...series.values]);
    if (data.compare) rows.push([...data.compare]);
    this.plot = new uPlot(
      { ...settings, hooks: { ...settings.hooks, setCursor: [(u) => this.onCursor(u)] } },
      [[...data.x], ...rows] as uPlot.AlignedData,
      this.plotHost,
    );
    this.plot.root.style.setProperty('zoom', String(1 / scale));
    this.listen(this.plot.over);
  }

  private drawLegend(data: TimeData): void {
    const items = data.series.map((series, i) => this.legendItem(`line-${i + 1}`, series.label));
    if (data.compare) items.push(this.legendItem('line-compare', data.compareLabel ?? ''));
    if (data.series.some((series) => series.values.includes(null))) {
      items.push(this.legendItem('withheld', this.options.t('chart.withheldWhy')));
    }
    this.legend.replaceChildren(...items);
  }

  private legendItem(swatch: string, label: string): HTMLElement {
    return html('li', {}, html('i', { class: `chart-swatch ${swatch}` }), bdi(label));
  }

  /* The read-out. */

  private lines(data: TimeData, index: number): TooltipLine[] {
    const { fmt, t } = this.options;
    const figure = data.write ?? fmt.number;
    const write = (n: number | null | undefined) =>
      n == null ? t('chart.withheld') : figure(n);
    const lines = data.series.map((series, i) => ({
      swatch: `line-${i + 1}`,
      label: series.label,
      value: write(series.values[index]),
    }));
    if (data.compare) {
      const when = data.compareX?.[index];
      const date = when === undefined ? '' : `, ${fmt.date(when, data.grain, 'short')}`;
      // A null may also be a day that the span compared with does not have.
      const value = data.compare[index] ?? null;
      lines.push({
        swatch: 'line-compare',
        label: (data.compareLabel ?? '') + date,
        value: value === null ? '–' : figure(value),
      });
    }
    return lines;
  }

  private date(data: TimeData, index: number, length: 'short' | 'long' = 'long'): string {
    return this.options.fmt.date(data.x[index] as number, data.grain, length);
  }

  private span(): [number, number] {
    return [Math.min(this.anchor, this.index), Math.max(this.anchor, this.index)];
  }

  /** What a screen reader says of the point, or of the marked span. */
  private speak(data: TimeData): void {
    const last = data.x.length - 1;
    this.stage.setAttribute('aria-valuemax', String(last));
    this.stage.setAttribute('aria-valuenow', String(this.index < 0 ? last : this.index));
    this.stage.setAttribute('aria-valuetext', this.sentence(data));
  }

  private sentence(data: TimeData): string {
    if (this.anchor >= 0) {
      const [from, to] = this.span();
      return this.options.t('chart.timeMarked', {
        from: this.date(data, from),
        to: this.date(data, to),
      });
    }
    if (this.index < 0) return this.summary(data);
    const figures = this.lines(data, this.index).map((line) => `${line.label}: ${line.value}`);
    return [this.date(data, this.index), ...figures].join('; ');
  }

  private summary(data: TimeData): string {
    const values = data.series[0]?.values ?? [];
    const at = values.reduce<number>(
      (best, n, i) => ((n ?? -1) > (values[best] ?? -1) ? i : best),
      0,
    );
    return this.options.t('chart.timeSummary', {
      label: data.series[0]?.label ?? '',
      points: this.options.fmt.number(data.x.length),
      from: this.date(data, 0),
      to: this.date(data, data.x.length - 1),
      max: (data.write ?? this.options.fmt.number)(values[at] ?? 0),
      maxDate: this.date(data, at),
    });
  }

  private onCursor(plot: uPlot): void {
    const index = plot.cursor.idx;
    const isOutside = (plot.cursor.left ?? -1) < 0;
    if (!this.data || index == null || isOutside) {
      if (document.activeElement !== this.stage) this.leave();
      return;
    }
    this.index = index;
    this.show(this.data, plot);
  }

  private show(data: TimeData, plot: uPlot): void {
    const x = plot.valToPos(data.x[this.index] as number, 'x') + plot.over.offsetLeft;
    const y = plot.over.offsetTop + plot.over.clientHeight / 3;
    if (this.anchor >= 0) {
      const [from, to] = this.span();
      const text = `${this.date(data, from, 'short')} – ${this.date(data, to, 'short')}`;
      this.tooltip.show(text, [], x, y);
    } else {
      this.tooltip.show(this.date(data, this.index), this.lines(data, this.index), x, y);
    }
  }

  private leave(): void {
    this.tooltip.hide();
    this.mark(-1);
    this.plot?.setCursor({ left: -10, top: -10 }, false);
  }

  /* Choosing a span. */

  /** Begins a span at a point, or with -1 lets go of it. */
  private mark(anchor: number): void {
    this.anchor = anchor;
    const plot = this.plot;
    if (!plot || !this.data) return;
    let [left, width] = [0, 0];
    if (anchor >= 0) {
      const [from, to] = this.span();
      left = plot.valToPos(this.data.x[from] as number, 'x');
      width = Math.max(1, plot.valToPos(this.data.x[to] as number, 'x') - left);
    }
    const height = width > 0 ? plot.over.clientHeight : 0;
    plot.setSelect({ left, width, top: 0, height }, false);
  }

  private choose(): void {
    if (this.anchor < 0 || !this.data) return;
    const [from, to] = this.span();
    this.mark(-1);
    this.tooltip.hide();
    this.options.onRange?.(from, to);
  }

  private listen(over: HTMLElement): void {
    over.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || !this.plot) return;
      this.moveTo(event);
      this.pressed = { id: event.pointerId, index: this.index, x: event.clientX, marks: false };
    });
    over.addEventListener('pointermove', (event) => this.onMove(event));
    over.addEventListener('pointerup', () => {
      const isSpan = this.pressed?.marks && this.anchor !== this.index;
      this.pressed = undefined;
      if (isSpan) this.choose();
      else this.mark(-1);
    });
    over.addEventListener('pointercancel', () => {
      this.pressed = undefined;
      this.leave();
    });
  }

  private onMove(event: PointerEvent): void {
    const pressed = this.pressed;
    if (!pressed || pressed.id !== event.pointerId || !this.options.onRange) return;
    if (!pressed.marks && Math.abs(event.clientX - pressed.x) < DRAG) return;
    if (!pressed.marks) (event.currentTarget as HTMLElement).setPointerCapture(pressed.id);
    pressed.marks = true;
    this.anchor = pressed.index;
    this.moveTo(event);
    this.mark(pressed.index);
  }

  private moveTo(event: PointerEvent): void {
    const plot = this.plot;
    if (!plot || !this.data) return;
    const box = plot.over.getBoundingClientRect();
    const left = Math.max(0, Math.min(event.clientX - box.left, box.width - 1));
    this.index = plot.posToIdx(left);
    plot.setCursor({ left, top: event.clientY - box.top });
  }

  private onFocus(): void {
    if (!this.data || !this.plot || this.pressed) return;
    if (this.index < 0) this.index = this.data.x.length - 1;
    if (this.stage.matches(':focus-visible')) this.goTo(this.data, this.index);
  }

  private goTo(data: TimeData, index: number): void {
    const plot = this.plot;
    if (!plot) return;
    this.index = Math.max(0, Math.min(index, data.x.length - 1));
    const left = plot.valToPos(data.x[this.index] as number, 'x');
    plot.setCursor({ left, top: plot.over.clientHeight / 2 }, false);
    this.mark(this.anchor);
    this.show(data, plot);
    this.speak(data);
  }

  private onKey(event: KeyboardEvent): void {
    const data = this.data;
    if (!data || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = PAGE[data.grain];
    const last = data.x.length - 1;
    const here = this.index < 0 ? last : this.index;
    const targets: Record<string, number> = {
      ArrowLeft: here - 1,
      ArrowRight: here + 1,
      ArrowDown: here - 1,
      ArrowUp: here + 1,
      PageDown: here - page,
      PageUp: here + page,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      if (!event.shiftKey || !this.options.onRange) this.anchor = -1;
      else if (this.anchor < 0) this.anchor = here;
      this.goTo(data, target);
    } else if (event.key === 'Enter' && this.anchor >= 0) {
      this.choose();
    } else if (event.key === 'Escape' && this.anchor >= 0) {
      this.anchor = -1;
      this.goTo(data, here);
    } else {
      return;
    }
    event.preventDefault();
  }

  /* A canvas does not follow the style sheet by itself. */

  private watchColours(): void {
    const redraw = () => this.data && this.width > 0 && this.draw(this.data);
    const paper = (isPaper: boolean) => {
      if (this.host.hasAttribute('data-paper') === isPaper) return;
      this.host.toggleAttribute('data-paper', isPaper);
      redraw();
    };
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const print = matchMedia('print');
    this.theme = new MutationObserver(redraw);
    this.theme.observe(document.documentElement, { attributeFilter: ['data-theme', 'class'] });
    dark.addEventListener('change', redraw, this.whileAlive);
    print.addEventListener('change', () => paper(print.matches), this.whileAlive);
    window.addEventListener('beforeprint', () => paper(true), this.whileAlive);
    window.addEventListener('afterprint', () => paper(false), this.whileAlive);
  }
}
