/** The page: its parts in their order, and what makes them follow what the reader chose. */
import { Bar } from './bar';
import type { Part } from './card';
import { TableCard } from './card';
import { html } from './charts/dom';
import type { Context } from './context';
import type { Days, PageData } from './data';
import { flowPages } from './flow';
import { Headlines } from './headlines';
import { wordsOf } from './i18n';
import type { Span } from './model';
import { sumSpan } from './model';
import { AiPart } from './part_ai';
import { ChartPart } from './part_chart';
import { FlowPart, InspectorPart } from './part_flow';
import { BucketsPart, HeatPart } from './part_hours';
import { LinesPart, PrivacyPart } from './part_ledger';
import { CountriesPart } from './part_places';
import { MeaningsPart, WordsPart } from './part_words';
import type { State } from './state';
import { comparedDays, readState, writeState } from './state';
import type { TableView } from './table';

/** A channel's row opens its sources. */
function drillSources(view: TableView, context: Context): void {
  if (view.id !== 'channels') return;
  view.onPick = ({ label }) => context.set({
    tabs: { ...context.state.tabs, sources: 'sources' },
    tables: { ...context.state.tables,
      sources: { filter: label.text, sort: '', isAscending: false, page: 0 } },
  });
}

/** A page's row opens what came before and after it. */
function drillPages(view: TableView, context: Context): void {
  const known = new Set(flowPages(context.span));
  view.picked = ({ row }) => row.key[0] === context.state.page;
  view.canPick = ({ row }) => known.has(row.key[0]!);
  view.onPick = ({ row }) => {
    context.set({ page: row.key[0]! });
    reveal('inspector');
  };
}

export function reveal(card: string): void {
  const title = document.getElementById(`card-${card}-title`);
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  title?.closest('.card')?.scrollIntoView({ behavior: isStill ? 'auto' : 'smooth', block: 'start' });
  title?.focus({ preventScroll: true });
}

const SECTIONS: readonly [id: string, parts: () => Part[]][] = [
  ['overview', () => [new WordsPart(), new Headlines(), new ChartPart()]],
  ['sources', () => [new TableCard('sources', ['channels', 'sources'], { adapt: drillSources }),
    new TableCard('campaigns', ['campaigns', 'sites', 'external_searches'])]],
  ['pages', () => [new TableCard('pages', ['pages'], { adapt: drillPages }),
    new TableCard('ends', ['entry_pages', 'exit_pages'], { adapt: drillPages })]],
  ['flow', () => [new FlowPart(), new InspectorPart()]],
  ['actions', () => [new TableCard('downloads', ['downloads']),
    new TableCard('site_searches', ['site_searches']),
    new TableCard('goals', ['goals'], { isOptional: true })]],
  ['places', () => [new CountriesPart()]],
  ['audience', () => [new TableCard('languages', ['languages']),
    new TableCard('devices', ['browsers', 'systems', 'devices']),
    new HeatPart(), new BucketsPart('visit', ['visit_duration', 'visit_depth'])]],
  ['robots', () => [new AiPart(), new TableCard('ai_crawlers', ['ai_crawlers']),
    new TableCard('robots', ['robots'])]],
  ['server', () => [new TableCard('not_found', ['not_found']),
    new BucketsPart('server', ['statuses', 'response_times', 'methods'])]],
  ['privacy', () => [new LinesPart(), new PrivacyPart(), new MeaningsPart()]],
];

export class Page {
  private state: State;
  private readonly bar = new Bar();
  private readonly title = html('h1', {});
  private readonly subtitle = html('p', { class: 'soft subtitle' });
  private readonly notes = html('div', { class: 'notes', role: 'status' });
  private readonly nav = html('nav', { class: 'sections' });
  private readonly main = html('main', { id: 'main', tabindex: '-1' });
  private readonly skip = html('a', { class: 'skip', href: '#main' });
  private readonly sections: { id: string; heading: HTMLElement; parts: Part[] }[];
  private spans = new Map<string, Span>();

  constructor(root: HTMLElement, private data: PageData) {
    this.state = readState(data, location.hash);
    this.sections = SECTIONS.map(([id, parts]) => ({ id, heading: html('h2', { id: `section-${id}` }),
      parts: parts() }));
    for (const { id, heading, parts } of this.sections) {
      this.main.append(html('section', { class: 'section', 'aria-labelledby': `section-${id}` },
        heading, html('div', { class: 'cards' }, ...parts.map(({ element }) => element))));
    }
    root.replaceChildren(this.skip,
      html('header', { class: 'top' }, html('div', {}, this.title, this.subtitle)),
      html('div', { class: 'sticky' }, this.bar.element, this.nav),
      this.main);
    this.main.prepend(this.notes);
    this.listen(root);
    this.draw();
  }

  /** Newer data of the same site; what the reader chose stays. */
  renew(data: PageData): void {
    const wasLast = this.state.days.end === this.data.span.end;
    const grown = data.span.end - this.data.span.end;
    this.data = data;
    this.spans.clear();
    // Who looks at the latest days goes on looking at them.
    if (wasLast && grown > 0) {
      this.state.days = { from: this.state.days.from + grown, end: this.state.days.end + grown };
    }
    this.draw();
  }

  private listen(root: HTMLElement): void {
    window.addEventListener('popstate', () => {
      this.state = readState(this.data, location.hash);
      this.draw();
    });
    root.addEventListener('click', (event) => {
      const link = (event.target as Element).closest('a[href^="#"]');
      if (!link) return;
      // The fragment is the state's: links within the page move, they do not name.
      event.preventDefault();
      const card = (link as HTMLElement).dataset.card;
      if (card) reveal(card);
      else document.getElementById(link.getAttribute('href')!.slice(1))?.scrollIntoView();
      if (link === this.skip) this.main.focus();
    });
    this.watchPrint();
  }

  /**
   * On paper every card shows what it has, in the colours of paper and as wide as paper:
   * this comes before the charts hear of it (capture), so that they fit themselves to it.
   */
  private watchPrint(): void {
    const { documentElement: root } = document;
    window.addEventListener('beforeprint', () => {
      root.dataset.theme = 'light';
      root.classList.add('is-paper');
    }, { capture: true });
    window.addEventListener('afterprint', () => {
      root.classList.remove('is-paper');
      this.dress();
    });
  }

  private span(days: Days): Span {
    const key = `${days.from} ${days.end}`;
    let span = this.spans.get(key);
    if (!span) {
      if (this.spans.size > 20) this.spans.clear();
      this.spans.set(key, (span = sumSpan(this.data, days)));
    }
    return span;
  }

  private context(): Context {
    const compared = comparedDays(this.data, this.state);
    const other = compared && this.span(compared);
    return {
      data: this.data,
      words: wordsOf(this.state.lang),
      state: this.state,
      span: this.span(this.state.days),
      other: other && other.n > 0 ? other : null,
      set: (part) => this.set(part),
    };
  }

  private set(part: Partial<State>): void {
    const isTyping = Object.keys(part).every((key) => key === 'tables');
    this.state = { ...this.state, ...part };
    const url = `#${writeState(this.data, this.state)}`;
    if (isTyping) history.replaceState(null, '', url);
    else history.pushState(null, '', url);
    this.draw(Object.keys(part) as (keyof State)[]);
  }

  private dress(): void {
    const { documentElement: root } = document;
    if (this.state.theme === 'auto') delete root.dataset.theme;
    else root.dataset.theme = this.state.theme;
  }

  /** Draws what depends on what changed; all, when it is not said. */
  private draw(changed?: (keyof State)[]): void {
    const context = this.context();
    const isAll = !changed || changed.some((key) => ['days', 'compare', 'lang', 'theme'].includes(key));
    if (isAll) {
      this.dress();
      this.drawShell(context);
    }
    for (const { parts } of this.sections) {
      for (const part of parts) {
        if (isAll || part.uses?.some((key) => changed.includes(key))) part.update(context);
      }
    }
  }

  private drawShell(context: Context): void {
    const { words, data } = context;
    const { t } = words;
    document.documentElement.lang = words.lang;
    document.documentElement.dir = words.dir;
    document.title = `${data.site}, ${words.days(this.state.days.from, this.state.days.end - 1)}`;
    this.title.replaceChildren(html('bdi', {}, data.site));
    this.subtitle.textContent = t('subtitle');
    this.skip.textContent = t('skip');
    this.bar.update(context);
    this.nav.setAttribute('aria-label', t('sections'));
    this.nav.replaceChildren(...this.sections.map(({ id }) =>
      html('a', { href: `#section-${id}` }, t(`section.${id}`))));
    for (const { id, heading } of this.sections) heading.textContent = t(`section.${id}`);
    this.notes.replaceChildren(...this.noteTexts(context).map((text) => html('p', { class: 'note' }, text)));
  }

  /** Said aloud, because figures are not what they seem without it. */
  private noteTexts({ words, data, span, other }: Context): string[] {
    const { t } = words;
    const list: string[] = [];
    const compared = comparedDays(data, this.state);
    if (data.liveSeconds) list.push(t('live', { n: data.liveSeconds }));
    if (span.nPartial || (data.run.provisional && span.lines.hasRun)) list.push(t('provisional'));
    if (compared) {
      const days = words.days(compared.from, compared.end - 1);
      if (!other) list.push(t('compare.missing', { days }));
      else if (other.n !== span.n) list.push(t('compare.part', { days, n: other.n, wanted: other.nWanted }));
    }
    return list;
  }
}
