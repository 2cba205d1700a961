/** The Sankey's ways as lists, for little room, and the legend that both have. */
import { bdi, html, style } from './dom';
import type { OrderedNode } from './flow_layout';
import type { FlowLink, FlowOptions, NodeKind } from './types';

/** The ways out of each node of the first two columns, most first. */
export function flowList(
  nodes: readonly OrderedNode[],
  links: readonly FlowLink[],
  options: FlowOptions,
): HTMLElement {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const list = html('div', { class: 'flow-list', role: 'group', 'aria-label': options.label });
  for (const column of [0, 1] as const) {
    const sources = nodes.filter(
      (node) => node.column === column && links.some((link) => link.source === node.id),
    );
    if (sources.length === 0) continue;
    const [from, to] = [options.columns[column], options.columns[column === 0 ? 1 : 2]];
    list.append(html('p', { class: 'flow-head' }, `${from} → ${to}`));
    const most = sources.reduce((max, node) => Math.max(max, node.total), 0);
    for (const [i, source] of sources.entries()) {
      const ways = links
        .filter((link) => link.source === source.id)
        .sort((a, b) => b.value - a.value);
      list.append(
        html(
          'details',
          { open: column === 0 && i === 0 },
          html('summary', {}, row(source, source.total, most, options)),
          html(
            'ul',
            {},
            ...ways.map((way) =>
              html(
                'li',
                {},
                row(byId.get(way.target) as OrderedNode, way.value, source.total, options),
              ),
            ),
          ),
        ),
      );
    }
  }
  return list;
}

function row(node: OrderedNode, value: number, most: number, options: FlowOptions): HTMLElement {
  const bar = html('i', { class: `flow-bar is-${node.kind}`, 'aria-hidden': 'true' });
  style(bar, { 'inline-size': `${most > 0 ? (value / most) * 100 : 0}%` });
  return html(
    'span',
    { class: 'flow-row' },
    bdi(node.label, 'flow-name'),
    html('span', { class: 'flow-value' }, options.fmt.number(value)),
    bar,
  );
}

/** What the kinds of nodes look like, and why there are sections and a rest. */
export function flowKinds(nodes: readonly OrderedNode[], options: FlowOptions): HTMLElement {
  const { t } = options;
  const has = (kind: NodeKind) => nodes.some((node) => node.kind === kind);
  const item = (kind: NodeKind, word: string, why: string) =>
    html(
      'li',
      {},
      html('i', { class: `chart-swatch is-${kind}` }),
      html('span', {}, html('b', {}, word), ` ${why}`),
    );
  return html(
    'ul',
    { class: 'chart-legend' },
    has('section') ? item('section', t('chart.section'), t('chart.sectionWhy')) : null,
    has('other') ? item('other', t('chart.other'), t('chart.otherWhy')) : null,
  );
}
