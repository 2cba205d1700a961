/** AI: what was taken, and what was sent. */
import type { Part } from './card';
import { Card } from './card';
import { AiBalance } from './charts';
import { html } from './charts/dom';
import { Made, chartOptions } from './made';
import { aiRows } from './ai';
import type { Context } from './context';

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
