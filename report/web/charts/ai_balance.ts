/**
 * What each company's crawlers took against the visits its assistant sent back. The two
 * sides grow away from one line but have scales of their own, said under the chart:
 * with one scale the visits could not be seen, and the last column has the ratio.
 */
import { Drawing, bdi, emptyNote, html, style } from './dom';
import type { AiData, AiOptions, AiRow } from './types';

const NARROW = 560;
const PURPOSES = ['training', 'search', 'assistant'] as const;

/** Pages taken for each visit sent, in words; null when no visit came. */
export function pagesPerVisit(row: AiRow): number | null {
  if (!(row.visits > 0)) return null;
  const ratio = row.crawled / row.visits;
  return ratio >= 10 ? Math.round(ratio) : Math.round(ratio * 10) / 10;
}

export class AiBalance extends Drawing<AiData, AiOptions> {
  constructor(host: HTMLElement, options: AiOptions) {
    super(host, options, 'chart-ai');
  }

  protected override resize(): void {
    this.host.classList.toggle('is-narrow', this.width < NARROW);
  }

  protected draw(data: AiData): void {
    this.resize();
    const rows = data.filter((row) => row.crawled > 0 || row.visits > 0);
    if (rows.length === 0) {
      this.host.replaceChildren(emptyNote(this.options));
      return;
    }
    const { t } = this.options;
    const head = ['aiCompany', 'aiTaken', 'aiSent', 'aiRatio'].map((key) =>
      html('th', { scope: 'col' }, t(`chart.${key}`)),
    );
    const taken = rows.reduce((most, row) => Math.max(most, row.crawled), 0);
    const sent = rows.reduce((most, row) => Math.max(most, row.visits), 0);
    const digits = (n: number) => `${this.options.fmt.number(n).length}ch`;
    const table = html(
      'table',
      { 'aria-label': this.options.label },
      html('thead', {}, html('tr', {}, ...head)),
      html('tbody', {}, ...rows.map((row) => this.row(row, taken, sent))),
    );
    style(table, { '--taken-figure': digits(taken), '--sent-figure': digits(sent) });
    this.host.replaceChildren(this.legend(), table);
  }

  private row(row: AiRow, taken: number, sent: number): HTMLElement {
    const { fmt, t } = this.options;
    const ratio = pagesPerVisit(row);
    return html(
      'tr',
      {},
      html('th', { scope: 'row' }, bdi(row.company)),
      html(
        'td',
        { class: 'ai-taken', 'data-head': t('chart.aiTaken') },
        html(
          'span',
          { class: 'ai-track' },
          html('span', { class: 'ai-number' }, fmt.number(row.crawled)),
          this.parts(row, taken),
        ),
        html('span', { class: 'chart-spoken' }, this.purposes(row)),
      ),
      html(
        'td',
        { class: 'ai-sent', 'data-head': t('chart.aiSent') },
        html(
          'span',
          { class: 'ai-track' },
          row.visits > 0 ? bar('ai-visits', row.visits, sent) : null,
          html('span', { class: 'ai-number' }, fmt.number(row.visits)),
        ),
      ),
      html(
        'td',
        { class: 'ai-ratio', 'data-head': t('chart.aiRatio') },
        ratio === null ? html('span', { class: 'chart-soft' }, t('chart.aiNone')) : fmt.number(ratio),
      ),
    );
  }

  /** The bar of what was taken, a part a purpose. */
  private parts(row: AiRow, max: number): HTMLElement {
    const whole = html('span', {
      class: 'ai-bar ai-crawled',
      'aria-hidden': 'true',
      title: this.purposes(row),
    });
    style(whole, { '--part': part(row.crawled, max) });
    for (const purpose of PURPOSES) {
      if (row.byPurpose[purpose] > 0) {
        whole.append(bar(`ai-${purpose}`, row.byPurpose[purpose], row.crawled));
      }
    }
    return whole;
  }

  private purposes(row: AiRow): string {
    const { fmt, t } = this.options;
    return PURPOSES.filter((purpose) => row.byPurpose[purpose] > 0)
      .map((purpose) => `${t(`chart.${purpose}`)}: ${fmt.number(row.byPurpose[purpose])}`)
      .join(', ');
  }

  private legend(): HTMLElement {
    const { t } = this.options;
    const items = PURPOSES.map((purpose) =>
      html('li', {}, html('i', { class: `chart-swatch ai-${purpose}` }), t(`chart.${purpose}`)),
    );
    return html(
      'ul',
      { class: 'chart-legend' },
      ...items,
      html('li', {}, html('i', { class: 'chart-swatch ai-visits' }), t('chart.aiVisits')),
      html('li', { class: 'chart-soft' }, t('chart.aiScales')),
    );
  }
}

/** A share of the longest, for the style sheet to multiply with. */
function part(value: number, max: number): string {
  return String(max > 0 ? Math.min(1, value / max) : 0);
}

function bar(className: string, value: number, max: number): HTMLElement {
  const element = html('i', { class: `ai-bar ${className}`, 'aria-hidden': 'true' });
  style(element, { '--part': part(value, max) });
  return element;
}
