/** The headlines: a tile a figure, with its change and its line; a tile picks what the
 * chart below shows. */
import type { Part } from './card';
import { Sparkline } from './charts';
import { html } from './charts/dom';
import type { Context } from './context';
import { grainWord } from './context';
import { isGood, metricChange, metricLabel, metricOf, metricText, seriesOfMetric } from './metrics';
import type { Metric } from './state';
import { METRICS } from './state';

function clickRate({ span, words }: Context): string | null {
  const table = span.table('site_searches');
  let searches = 0;
  let clicks = 0;
  for (const row of table.rows) {
    searches += row.values[0]!;
    clicks += row.values[1]!;
  }
  return searches ? words.t('metric.clickRate', { rate: words.percent(clicks / searches) }) : null;
}

export class Headlines implements Part {
  readonly uses = ['metric'] as const;
  readonly element = html('div', { class: 'headlines wide' });
  private readonly list = html('ul', { class: 'tiles' });
  private readonly none = html('p', { class: 'note' });
  private sparklines: Sparkline[] = [];

  constructor() {
    this.element.append(this.list, this.none);
  }

  update(context: Context): void {
    const { words, span, data } = context;
    const hadFocus = (document.activeElement as HTMLElement | null)?.dataset.metric;
    for (const sparkline of this.sparklines) sparkline.destroy();
    this.sparklines = [];
    this.none.hidden = span.totals !== null;
    this.none.textContent = words.t('noTotals', { k: data.k, kn: data.kn, grain: grainWord(context) });
    this.list.hidden = span.totals === null;
    this.list.setAttribute('aria-label', words.t('headlines'));
    this.list.replaceChildren(...METRICS.map((metric) => this.tile(context, metric)));
    if (hadFocus) this.list.querySelector<HTMLElement>(`[data-metric="${hadFocus}"]`)?.focus();
  }

  private tile(context: Context, metric: Metric): HTMLElement {
    const { words, state } = context;
    const label = metricLabel(context, metric);
    const line = html('span', { class: 'tile-line' });
    const remark = metric === 'site_searches' ? clickRate(context)
      : metric === 'median' && metricOf(context.span, metric) !== null ? words.t('metric.about') : null;
    const button = html('button', { type: 'button', class: 'tile', 'data-metric': metric,
      'aria-pressed': String(state.metric === metric),
      title: words.t('metric.show', { metric: label }) },
    html('span', { class: 'tile-label' }, label),
    html('span', { class: 'tile-figure' }, metricText(context, metric, metricOf(context.span, metric)),
      remark && metric === 'median' ? html('span', { class: 'tile-about' }, remark) : null),
    this.change(context, metric),
    remark && metric !== 'median' ? html('span', { class: 'tile-remark soft' }, remark) : null,
    line);
    button.addEventListener('click', () => context.set({ metric }));
    if (context.span.n > 1) {
      const sparkline = new Sparkline(line, {});
      sparkline.update(seriesOfMetric(context.span, metric));
      this.sparklines.push(sparkline);
    }
    return html('li', {}, button);
  }

  private change(context: Context, metric: Metric): HTMLElement | null {
    const change = metricChange(context, metric);
    if (!change) return null;
    const tone = /[1-9]/.test(change.text) === false ? 'soft'
      : isGood(metric, change.difference) ? 'up' : 'down';
    return html('span', { class: 'tile-change' },
      html('span', { class: tone }, change.text), ' ',
      html('span', { class: 'soft' }, context.words.t('change.was', { value: change.before })));
  }
}
