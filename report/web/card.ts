/** A card: a heading, tools beside it, tabs under it where it has more than one face. */
import { html } from './charts/dom';
import type { Context } from './context';
import { DataTable } from './table';
import type { State } from './state';
import { tableView } from './tables';
import type { TableView } from './table';

export interface Part {
  readonly element: HTMLElement;
  /** What it is drawn from besides the days, the comparison and the language. */
  readonly uses?: readonly (keyof State)[];
  update(context: Context): void;
}

export interface CardOptions {
  /** Over both columns. */
  isWide?: boolean;
  /** Alone in its section, which is titled for it: its own title is only spoken. */
  isSolo?: boolean;
}

/** An empty card; `id` is where links go. */
export class Card {
  readonly tools = html('div', { class: 'tools' });
  readonly head = html('div', { class: 'card-head' });
  readonly body = html('div', { class: 'card-body' });
  private readonly heading: HTMLElement;
  readonly element: HTMLElement;

  constructor(readonly id: string, { isWide, isSolo }: CardOptions = {}) {
    this.heading = html('h3', { id: `card-${id}-title`, tabindex: '-1',
      class: isSolo ? 'sr-only' : undefined });
    this.element = html('div', { class: isWide ? 'card wide' : 'card', id: `card-${id}` },
    this.head, this.body);
    this.head.append(this.heading, this.tools);
  }

  title(text: string): void {
    this.heading.textContent = text;
  }
}

/** Tabs as the pattern has them: arrow keys go through them, Tab leaves them. */
export class Tabs {
  readonly element = html('div', { class: 'tabs', role: 'tablist' });
  private buttons: HTMLButtonElement[] = [];

  constructor(
    private readonly id: string,
    private readonly panel: HTMLElement,
    private readonly onPick: (tab: string) => void,
  ) {
    panel.setAttribute('role', 'tabpanel');
    panel.id = `panel-${id}`;
    this.element.addEventListener('keydown', (event) => this.onKey(event));
  }

  update(label: string, tabs: readonly (readonly [id: string, text: string])[], open: string): void {
    this.element.setAttribute('aria-label', label);
    const hadFocus = this.element.contains(document.activeElement);
    this.buttons = tabs.map(([id, text]) => {
      const button = html('button', { type: 'button', role: 'tab', id: `tab-${this.id}-${id}`,
        'aria-selected': String(id === open), 'aria-controls': this.panel.id,
        tabindex: id === open ? 0 : -1 }, text);
      button.addEventListener('click', () => this.onPick(id));
      return button;
    });
    this.element.replaceChildren(...this.buttons);
    this.panel.setAttribute('aria-labelledby', `tab-${this.id}-${open}`);
    if (hadFocus) this.buttons.find(({ tabIndex }) => tabIndex === 0)?.focus();
  }

  private onKey(event: KeyboardEvent): void {
    const at = this.buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (at < 0) return;
    const isRtl = getComputedStyle(this.element).direction === 'rtl';
    const steps: Record<string, number> = { ArrowRight: isRtl ? -1 : 1,
      ArrowLeft: isRtl ? 1 : -1, Home: -at, End: this.buttons.length - 1 - at };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = this.buttons[(at + step + this.buttons.length) % this.buttons.length]!;
    next.focus();
    next.click();
  }
}

export interface TableCardOptions extends CardOptions {
  /** Not there at all where it has no row: not every site has some. */
  isOptional?: boolean;
  /** Changes how the table is looked at: what a row that is picked does. */
  adapt?: (view: TableView, context: Context) => void;
}

/** A card of one table, or of several behind tabs. */
export class TableCard implements Part {
  readonly uses = ['tables', 'tabs'] as const;
  readonly element: HTMLElement;
  private readonly card: Card;
  private readonly panel = html('div', {});
  private readonly tabs: Tabs | null;
  private table: DataTable | null = null;
  private context!: Context;

  constructor(
    private readonly id: string,
    private readonly tables: readonly string[],
    private readonly options: TableCardOptions = {},
  ) {
    this.card = new Card(id, options);
    this.element = this.card.element;
    this.tabs = tables.length > 1 ? new Tabs(id, this.panel, (tab) => this.pick(tab)) : null;
    if (this.tabs) this.card.head.after(this.tabs.element);
    this.card.body.append(this.panel);
  }

  private pick(tab: string): void {
    const { state } = this.context;
    this.context.set({ tabs: { ...state.tabs, [this.id]: tab } });
  }

  update(context: Context): void {
    this.context = context;
    const { words, state } = context;
    const wanted = state.tabs[this.id];
    const open = wanted !== undefined && this.tables.includes(wanted) ? wanted : this.tables[0]!;
    this.card.title(words.t(`card.${this.id}`));
    this.tabs?.update(words.t(`card.${this.id}`),
      this.tables.map((id) => [id, words.t(`tab.${id}`)]), open);
    this.table ??= new DataTable(this.panel, this.card.tools, {
      words: () => this.context.words,
      get: (id) => this.context.state.tables[id],
      set: (id, table) => this.context.set({ tables: { ...this.context.state.tables, [id]: table } }),
    });
    const title = this.tabs ? words.t(`tab.${open}`) : words.t(`card.${this.id}`);
    const view = tableView(context, open, title);
    this.options.adapt?.(view, context);
    this.element.hidden = this.options.isOptional === true && view.table.total === 0;
    this.table.update(view);
  }
}
