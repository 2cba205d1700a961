/** The chart over time. */
import type { Part } from './card';
import { Card } from './card';
import { TimeChart } from './charts';
import type { TimeData } from './charts/types';
import { html } from './charts/dom';
import { Made, chartOptions } from './made';
import type { Context } from './context';
import { ADDITIVE, metricLabel, metricText } from './metrics';
import { grainOf, grainsOf, timeline } from './timeline';

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
      grain,
    };
    if (!ADDITIVE.has(state.metric)) {
      data.write = (value) => metricText(context, state.metric, value);
    }
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
