/** The bar that stays at the top: which days, held against what, and how the page looks. */
import { html } from './charts/dom';
import type { Context } from './context';
import { dayOfIso, isoOf } from './days';
import { languages } from './i18n';
import { previousOf } from './days';
import type { CompareKind, Theme } from './state';
import { comparedDays, presets, wholePeriods } from './state';

/** A button that opens a box below it; Escape and a click elsewhere close it. */
class Popover {
  readonly button = html('button', { type: 'button', 'aria-expanded': 'false', 'aria-haspopup': 'true' });
  readonly box = html('div', { class: 'popover', hidden: true });
  readonly element = html('div', { class: 'popover-host' }, this.button, this.box);

  constructor(className: string) {
    this.button.className = className;
    this.button.addEventListener('click', () => this.show(this.box.hidden));
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.box.hidden) return;
      this.show(false);
      this.button.focus();
    });
    this.element.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !this.element.contains(relatedTarget)) this.show(false);
    });
    document.addEventListener('pointerdown', ({ target }) => {
      if (target instanceof Node && !this.element.contains(target)) this.show(false);
    });
  }

  show(isOpen: boolean): void {
    this.box.hidden = !isOpen;
    this.button.setAttribute('aria-expanded', String(isOpen));
  }
}

export class Bar {
  readonly element = html('section', { class: 'bar-top' });
  private readonly earlier = html('button', { type: 'button', class: 'step' }, '‹');
  private readonly later = html('button', { type: 'button', class: 'step' }, '›');
  private readonly days = new Popover('days');
  private readonly compare = html('select', {});
  private readonly compareLabel = html('span', { class: 'soft' });
  private readonly note = html('span', { class: 'soft compare-note' });
  private readonly menu = new Popover('menu');
  private context!: Context;

  constructor() {
    this.earlier.addEventListener('click', () => this.step(-1));
    this.later.addEventListener('click', () => this.step(1));
    this.compare.addEventListener('change', () =>
      this.context.set({ compare: this.compare.value as CompareKind }));
    this.element.append(
      html('div', { class: 'bar-days' }, this.earlier, this.days.element, this.later),
      html('label', { class: 'bar-compare' }, this.compareLabel, this.compare, this.note),
      this.menu.element);
  }

  update(context: Context): void {
    this.context = context;
    const { words, state, data } = context;
    const { t } = words;
    const known = presets(data);
    const preset = known.find(({ days }) => days.from === state.days.from && days.end === state.days.end);
    this.days.button.replaceChildren(
      html('span', { class: 'sr-only' }, `${t('bar.days')}: `),
      html('span', { class: 'days-text' }, words.days(state.days.from, state.days.end - 1)),
      html('span', { class: 'soft days-name' }, t(`preset.${preset?.id ?? 'custom'}`)));
    this.element.setAttribute('aria-label', t('bar.days'));
    this.drawDays();
    this.earlier.setAttribute('aria-label', t('bar.earlier'));
    this.later.setAttribute('aria-label', t('bar.later'));
    this.earlier.disabled = this.stepped(-1) === null;
    this.later.disabled = this.stepped(1) === null;
    this.drawCompare();
    this.drawMenu();
  }

  /** The span as long before or after; null: nothing is there. */
  private stepped(sign: 1 | -1): { from: number; end: number } | null {
    const { data, state } = this.context;
    const length = state.days.end - state.days.from;
    const days = sign < 0 ? previousOf(data.grain, state.days)
      : { from: state.days.end, end: state.days.end + length };
    const { start, end } = data.periods;
    if (days.end <= start[0]! || days.from >= end[end.length - 1]!) return null;
    return wholePeriods(data, days);
  }

  private step(sign: 1 | -1): void {
    const days = this.stepped(sign);
    if (days) this.context.set({ days });
  }

  private drawDays(): void {
    const { context } = this;
    const { data, state, words: { t } } = context;
    const { start, end } = data.periods;
    const limits = { type: 'date', min: isoOf(start[0]!), max: isoOf(end[end.length - 1]! - 1), required: true };
    const from = html('input', { ...limits, value: isoOf(state.days.from) });
    const to = html('input', { ...limits, value: isoOf(state.days.end - 1) });
    const form = html('form', { class: 'own-days' },
      html('label', {}, t('bar.from'), from), html('label', {}, t('bar.to'), to),
      html('button', { type: 'submit', class: 'main' }, t('bar.apply')));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const [first, last] = [dayOfIso(from.value), dayOfIso(to.value)];
      if (first === null || last === null) return;
      this.pick({ from: Math.min(first, last), end: Math.max(first, last) + 1 });
    });
    this.days.box.replaceChildren(
      html('div', { class: 'presets' }, ...presets(data).map(({ id, days }) => {
        const isOpen = days.from === state.days.from && days.end === state.days.end;
        const button = html('button', { type: 'button', 'aria-pressed': String(isOpen),
          'data-preset': id }, t(`preset.${id}`));
        button.addEventListener('click', () => this.pick(days));
        return button;
      })), form);
  }

  private pick(days: { from: number; end: number }): void {
    this.days.show(false);
    this.days.button.focus();
    this.context.set({ days: wholePeriods(this.context.data, days), grain: 'auto' });
  }

  private drawCompare(): void {
    const { data, state, words, other } = this.context;
    const { t } = words;
    const kinds: CompareKind[] = ['none', 'previous', 'year', ...(data.compare ? ['asked' as const] : [])];
    this.compareLabel.textContent = t('bar.compare');
    this.compare.replaceChildren(...kinds.map((kind) => html('option', { value: kind,
      selected: kind === state.compare }, t(`compare.${kind}`))));
    this.compare.value = state.compare;
    const days = comparedDays(data, state);
    const range = days && words.days(days.from, days.end - 1);
    this.note.textContent = !range ? '' : other ? range : t('none');
  }

  private drawMenu(): void {
    const { context } = this;
    const { state, words, words: { t } } = context;
    this.menu.button.replaceChildren(html('span', { class: 'menu-text' }, t('bar.menu')),
      html('span', { class: 'menu-sign', 'aria-hidden': 'true' }, '⋯'));
    const language = html('select', {}, ...languages.map(([code, name]) =>
      html('option', { value: code, selected: code === words.lang, lang: code }, name)));
    language.addEventListener('change', () => context.set({ lang: language.value }));
    const theme = html('select', {}, ...(['auto', 'light', 'dark'] as const).map((id) =>
      html('option', { value: id, selected: id === state.theme }, t(`theme.${id}`))));
    theme.addEventListener('change', () => context.set({ theme: theme.value as Theme }));
    const print = html('button', { type: 'button', class: 'main' }, t('bar.print'));
    print.addEventListener('click', () => window.print());
    this.menu.box.replaceChildren(
      html('label', {}, t('bar.language'), language),
      html('label', {}, t('bar.theme'), theme), print);
  }
}
