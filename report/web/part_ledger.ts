/** Every line, and the privacy receipt. */
import type { Part } from './card';
import { Card } from './card';
import { html } from './charts/dom';
import type { Context } from './context';
import { grainWord, periodsWord } from './context';
import { pageShares } from './model';

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
