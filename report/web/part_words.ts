/** The page in words, and what its words mean. */
import type { Part } from './card';
import { Card } from './card';
import { html } from './charts/dom';
import type { Context } from './context';
import { grainWord } from './context';
import type { Insight } from './insights';
import { changes, standing, worthALook } from './insights';

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
