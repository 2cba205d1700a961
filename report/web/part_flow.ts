/** Navigation: all pages, and one of them. */
import type { Part } from './card';
import { Card } from './card';
import { PageInspector, Sankey } from './charts';
import { html } from './charts/dom';
import { Made, chartOptions } from './made';
import type { Context } from './context';
import { flowData, flowPages, inspectorData, pageOfNode } from './flow';

export class FlowPart implements Part {
  readonly element: HTMLElement;
  private readonly card = new Card('flow', { isWide: true });
  private readonly host = html('div', { class: 'flow' });
  private readonly none = html('p', { class: 'soft empty' });
  private readonly note = html('p', { class: 'soft small' });
  private readonly sankey = new Made<Sankey>();

  constructor() {
    this.element = this.card.element;
    this.card.body.append(this.host, this.none, this.note);
  }

  update(context: Context): void {
    const { words, span } = context;
    const title = words.t('card.flow');
    this.card.title(title);
    const data = flowData(span, { arrived: words.t('flow.arrived'), left: words.t('flow.left'),
      rest: words.t('flow.rest') });
    const isThere = data.links.length > 0;
    this.host.hidden = this.note.hidden = !isThere;
    this.none.hidden = isThere;
    this.none.textContent = words.t('flow.none');
    this.note.textContent = words.t('flow.note');
    if (!isThere) return;
    this.sankey.get(context, '', () => {
      this.host.replaceChildren();
      return new Sankey(this.host, { ...chartOptions(context, title),
        unit: words.t('flow.unit'),
        columns: [words.t('flow.before'), words.t('flow.page'), words.t('flow.after')],
        onPick: (id) => {
          const page = pageOfNode(id);
          if (page !== null) context.set({ page });
        } });
    }).update(data);
  }
}

export class InspectorPart implements Part {
  readonly uses = ['page'] as const;
  readonly element: HTMLElement;
  private readonly card = new Card('inspector', { isWide: true });
  private readonly host = html('div', { class: 'inspector' });
  private readonly none = html('p', { class: 'soft empty' });
  private readonly select = html('select', {});
  private readonly inspector = new Made<PageInspector>();
  private context!: Context;

  constructor() {
    this.element = this.card.element;
    this.card.body.append(this.host, this.none);
    this.select.addEventListener('change', () => this.context.set({ page: this.select.value }));
  }

  update(context: Context): void {
    this.context = context;
    const { words, span, state } = context;
    const title = words.t('card.inspector');
    this.card.title(title);
    const pages = flowPages(span);
    const page = pages.includes(state.page) ? state.page : (pages[0] ?? '');
    this.select.setAttribute('aria-label', words.t('flow.pick'));
    this.select.replaceChildren(...pages.slice(0, 500).map((path) => html('option', { value: path,
      selected: path === page }, path)));
    this.card.tools.replaceChildren(this.select);
    this.card.tools.hidden = this.host.hidden = pages.length === 0;
    this.none.hidden = pages.length > 0;
    this.none.textContent = words.t('flow.none');
    if (!pages.length) return;
    this.inspector.get(context, '', () => {
      this.host.replaceChildren();
      return new PageInspector(this.host, { ...chartOptions(context, title),
        onPick: (label) => {
          if (flowPages(this.context.span).includes(label)) this.context.set({ page: label });
        } });
    }).update(inspectorData(span, page, words.t('flow.rest')));
  }
}
