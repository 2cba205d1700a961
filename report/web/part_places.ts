/** Countries: the map, and its table. */
import type { Part } from './card';
import { TableCard } from './card';
import { WorldMap } from './charts';
import { html } from './charts/dom';
import { Made, chartOptions } from './made';
import type { Context } from './context';

/** The map, and the same as a table beside it. */
export class CountriesPart implements Part {
  readonly uses = ['tables'] as const;
  readonly element: HTMLElement;
  private readonly table = new TableCard('countries', ['countries'], { isWide: true, isSolo: true,
    adapt: (view, context) => {
      view.picked = ({ row }) => row.key[0] === context.state.tables.countries?.filter;
    } });
  private readonly host = html('div', { class: 'map' });
  private readonly map = new Made<WorldMap>();

  constructor() {
    this.element = this.table.element;
    this.element.classList.add('with-map');
    this.element.querySelector('.card-body')!.prepend(this.host);
  }

  update(context: Context): void {
    const { words, span } = context;
    this.table.update(context);
    const rows = span.table('countries').rows;
    this.host.hidden = rows.length === 0;
    if (!rows.length) return;
    this.map.get(context, '', () => {
      this.host.replaceChildren();
      return new WorldMap(this.host, { ...chartOptions(context, words.t('map.label')),
        unit: words.t('col.visits').toLocaleLowerCase(words.locale),
        name: (code) => words.country(code),
        onPick: (code) => {
          const { tables } = context.state;
          const filter = tables.countries?.filter === code ? '' : code;
          context.set({ tables: { ...tables, countries: { filter, sort: '', isAscending: false, page: 0 } } });
        } });
    }).update(new Map(rows.map(({ key, values }) => [key[0]!, values[0]!])));
  }
}
