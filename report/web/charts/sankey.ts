/**
 * How visits go through the site: entry page, next page, exit. d3-sankey lays out; in
 * little room, where three columns of paths cannot be read, flow_list.ts writes the
 * same as lists.
 *
 * One stop for the keyboard: up and down in a column, left and right along the widest
 * way. Each node says its name, column, figure and share.
 */
import { sankey, sankeyLinkHorizontal, type SankeyLink, type SankeyNode } from 'd3-sankey';
import { Drawing, emptyNote, html, isRtl, newId, svg } from './dom';
import { flowKinds, flowList } from './flow_list';
import { columnTotals, compareNodes, orderFlow, type OrderedNode } from './flow_layout';
import { measureIn, truncateToWidth } from './labels';
import { Tooltip } from './tooltip';
import type { FlowData, FlowOptions } from './types';

type Link = SankeyLink<OrderedNode, { value: number }>;
type Node = SankeyNode<OrderedNode, { value: number }>;

const NARROW = 640;
const NODE_WIDTH = 12;
const NODE_GAP = 14;
const HEAD = 26;
const LABEL_GAP = 7;
/** Height for each node of the fullest column, within bounds. */
const ROW = 46;
const LEAST = 150;
const MOST = 640;

export class Sankey extends Drawing<FlowData, FlowOptions> {
  private tooltip: Tooltip | undefined;
  private nodes: Node[] = [];
  private readonly shapes = new Map<string, SVGElement>();
  private readonly paths = new Map<Link, SVGElement>();
  private current = '';
  private lastColumn = 2;
  private totals: [number, number, number] = [0, 0, 0];

  constructor(host: HTMLElement, options: FlowOptions) {
    super(host, options, 'chart-flow');
  }

  protected draw(data: FlowData): void {
    const hadFocus = this.host.contains(document.activeElement);
    const { nodes, links } = orderFlow(data);
    this.totals = columnTotals(nodes);
    this.shapes.clear();
    this.paths.clear();
    if (links.length === 0) {
      this.host.replaceChildren(emptyNote(this.options));
      return;
    }
    const kinds = flowKinds(nodes, this.options);
    if (this.width < NARROW) {
      this.host.replaceChildren(flowList(nodes, links, this.options), kinds);
      return;
    }
    const stage = html('div', { class: 'chart-stage' });
    this.host.replaceChildren(stage, kinds);
    const graph = this.layout(nodes, links);
    stage.append(this.picture(graph.nodes, graph.links));
    this.tooltip = new Tooltip(stage);
    if (hadFocus) this.shapes.get(this.current)?.focus();
  }

  private layout(nodes: OrderedNode[], links: FlowData['links']): { nodes: Node[]; links: Link[] } {
    const counts = [0, 1, 2].map((c) => nodes.filter((node) => node.column === c).length);
    const height = Math.max(LEAST, Math.min(MOST, Math.max(...counts) * ROW)) + HEAD;
    const graph = sankey<OrderedNode, { value: number }>()
      .nodeId((node) => node.id)
      .nodeAlign((node) => (node as unknown as OrderedNode).column)
      .nodeSort((a, b) => compareNodes(a, b))
      .nodeWidth(NODE_WIDTH)
      .nodePadding(NODE_GAP)
      .iterations(12)
      .extent([
        [1, HEAD],
        [this.width - 1, height - 2],
      ])({
      nodes: nodes.map((node) => ({ ...node })),
      links: links.map((link) => ({ ...link })),
    });
    this.nodes = graph.nodes;
    this.lastColumn = counts[2] ? 2 : 1;
    // d3-sankey has as many columns as the longest way has steps; a span with none from
    // the second to the third column still has three.
    for (const node of graph.nodes) {
      node.x0 = 1 + (node.column / this.lastColumn) * (this.width - 2 - NODE_WIDTH);
      node.x1 = node.x0 + NODE_WIDTH;
    }
    return graph;
  }

  private picture(nodes: Node[], links: Link[]): SVGElement {
    const { t, fmt, label } = this.options;
    const height = Math.max(...nodes.map((node) => node.y1 ?? 0)) + 2;
    const pattern = newId();
    const picture = svg(
      'svg',
      {
        viewBox: `0 0 ${this.width} ${height.toFixed(0)}`,
        role: 'group',
        'aria-label': t('chart.flowSummary', {
          label,
          links: fmt.number(links.length),
          nodes: fmt.number(nodes.length),
        }),
      },
      hatching(pattern),
    );
    // The picture is drawn from the left; in right-to-left pages it is mirrored as a
    // whole, and the words are turned back.
    const isMirrored = isRtl(this.host);
    const all = svg('g', isMirrored ? { transform: `translate(${this.width} 0) scale(-1 1)` } : {});
    for (const link of links.slice().sort(compareLinks)) all.append(this.link(link));
    all.append(...this.heads(nodes, isMirrored));
    if (!this.nodes.some((node) => node.id === this.current)) {
      this.current = nodes.slice().sort(compareNodes)[0]?.id ?? '';
    }
    for (const node of nodes) all.append(this.node(node, pattern, isMirrored));
    picture.append(all);
    picture.addEventListener('keydown', (event) => this.onKey(event, isMirrored));
    picture.addEventListener('pointerleave', () => this.light(null));
    return picture;
  }

  private heads(nodes: Node[], isMirrored: boolean): SVGElement[] {
    return [0, 1, 2].flatMap((column) => {
      const first = nodes.find((node) => node.column === column);
      if (!first) return [];
      const isLast = column === this.lastColumn;
      const x = isLast ? (first.x1 ?? 0) : (first.x0 ?? 0);
      return [
        svg(
          'text',
          { class: 'flow-head', 'aria-hidden': 'true', ...anchored(x, 12, isLast, isMirrored) },
          this.options.columns[column as 0 | 1 | 2],
        ),
      ];
    });
  }

  private link(link: Link): SVGElement {
    const [source, target] = [link.source as Node, link.target as Node];
    const path = svg('path', {
      class: `flow-link to-${target.kind} from-${source.kind}`,
      d: sankeyLinkHorizontal<OrderedNode, { value: number }>()(link) ?? '',
      'stroke-width': Math.max(1, link.width ?? 0).toFixed(1),
      'aria-hidden': 'true',
    });
    this.paths.set(link, path);
    path.addEventListener('pointerenter', () => {
      for (const [other, element] of this.paths) {
        element.classList.toggle('is-on', other === link);
        element.classList.toggle('is-off', other !== link);
      }
      const y = ((link.y0 ?? 0) + (link.y1 ?? 0)) / 2;
      const x = ((source.x1 ?? 0) + (target.x0 ?? 0)) / 2;
      this.tell(`${source.label} → ${target.label}`, link.value, source.value ?? 0, x, y);
    });
    return path;
  }

  private tell(title: string, value: number, of: number, x: number, y: number): void {
    const { fmt, unit } = this.options;
    const share = of > 0 ? ` (${fmt.percent(value / of)})` : '';
    const left = isRtl(this.host) ? this.width - x : x;
    this.tooltip?.show(title, [{ label: unit, value: fmt.number(value) + share }], left, y);
  }

  private node(node: Node, pattern: string, isMirrored: boolean): SVGElement {
    const { onPick } = this.options;
    const [x0, y0] = [node.x0 ?? 0, node.y0 ?? 0];
    const height = Math.max(2, (node.y1 ?? 0) - y0);
    const canPick = onPick !== undefined && (node.kind === 'page' || node.kind === 'entry');
    const rect = { x: x0, y: y0.toFixed(1), width: NODE_WIDTH, height: height.toFixed(1), rx: 2 };
    const group = svg(
      'g',
      {
        class: `flow-node is-${node.kind}${canPick ? ' can-pick' : ''}`,
        tabindex: node.id === this.current ? 0 : -1,
        role: canPick ? 'button' : 'img',
        'aria-label': this.sentence(node),
      },
      svg('rect', rect),
      node.kind === 'section' ? svg('rect', { ...rect, fill: `url(#${pattern})` }) : null,
    );
    this.shapes.set(node.id, group);
    group.append(this.label(node, isMirrored));
    group.addEventListener('pointerenter', () => this.light(node));
    group.addEventListener('focus', () => this.focusOn(node));
    group.addEventListener('blur', () => this.light(null));
    if (canPick) group.addEventListener('click', () => onPick(node.id));
    return group;
  }

  private label(node: Node, isMirrored: boolean): SVGElement {
    const isLast = node.column === this.lastColumn;
    const x = isLast ? (node.x0 ?? 0) - LABEL_GAP : (node.x1 ?? 0) + LABEL_GAP;
    const y = ((node.y0 ?? 0) + (node.y1 ?? 0)) / 2;
    const figure = this.options.fmt.compact(node.total);
    const measure = measureIn(this.host);
    const between = this.width / this.lastColumn - NODE_WIDTH - 2 * LABEL_GAP;
    const room = (node.column === 0 ? between * 0.82 : between * 0.52) - measure(`  ${figure}`);
    const name = svg('tspan', { class: 'flow-name' }, truncateToWidth(node.label, room, measure));
    const value = svg('tspan', { class: 'flow-value' }, `\u2002${figure}`);
    return svg(
      'text',
      { class: 'flow-label', ...anchored(x, y, isLast, isMirrored), dy: '0.35em' },
      name,
      value,
    );
  }

  private sentence(node: Node): string {
    const { fmt, t, columns, unit } = this.options;
    const total = this.totals[node.column];
    return t('chart.flowNode', {
      name: node.label,
      column: columns[node.column],
      n: fmt.number(node.total),
      unit,
      share: fmt.percent(total > 0 ? node.total / total : 0),
    });
  }

  /** A node's ways stand out; null lets all be equal again. */
  private light(node: Node | null): void {
    for (const [link, element] of this.paths) {
      const isOn = node !== null && (link.source === node || link.target === node);
      element.classList.toggle('is-on', isOn);
      element.classList.toggle('is-off', node !== null && !isOn);
    }
    if (!node) {
      this.tooltip?.hide();
      return;
    }
    const x = node.column === this.lastColumn ? (node.x0 ?? 0) : (node.x1 ?? 0);
    const y = ((node.y0 ?? 0) + (node.y1 ?? 0)) / 2 + 34;
    this.tell(node.label, node.total, this.totals[node.column], x, y);
  }

  private focusOn(node: Node): void {
    this.shapes.get(this.current)?.setAttribute('tabindex', '-1');
    this.current = node.id;
    this.shapes.get(node.id)?.setAttribute('tabindex', '0');
    this.light(node);
  }

  private onKey(event: KeyboardEvent, isMirrored: boolean): void {
    const node = this.nodes.find((one) => one.id === this.current);
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    const column = this.nodes
      .filter((one) => one.column === node.column)
      .sort((a, b) => (a.y0 ?? 0) - (b.y0 ?? 0));
    const at = column.indexOf(node);
    const [ahead, back] = isMirrored ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft'];
    let next: Node | undefined;
    if (event.key === 'ArrowDown') next = column[at + 1];
    else if (event.key === 'ArrowUp') next = column[at - 1];
    else if (event.key === 'Home') next = column[0];
    else if (event.key === 'End') next = column[column.length - 1];
    else if (event.key === ahead) next = widest(node.sourceLinks)?.target as Node | undefined;
    else if (event.key === back) next = widest(node.targetLinks)?.source as Node | undefined;
    else if (event.key === 'Enter' || event.key === ' ') {
      const isPage = node.kind === 'page' || node.kind === 'entry';
      if (!isPage || !this.options.onPick) return;
      this.options.onPick(node.id);
    } else return;
    if (next) this.shapes.get(next.id)?.focus();
    event.preventDefault();
  }
}

/** Ways out of the site and to the rest lie below those between pages, wide below thin. */
function compareLinks(a: Link, b: Link): number {
  const isAside = (link: Link) => {
    const { kind } = link.target as Node;
    return kind === 'exit' ? 2 : kind === 'other' ? 1 : 0;
  };
  return isAside(b) - isAside(a) || b.value - a.value;
}

function widest(links: Link[] | undefined): Link | undefined {
  return (links ?? []).reduce<Link | undefined>(
    (best, link) => (best && best.value >= link.value ? best : link),
    undefined,
  );
}

/** A text's place that survives the mirroring of what it stands in. */
function anchored(
  x: number,
  y: number,
  isEnd: boolean,
  isMirrored: boolean,
): Record<string, string | number> {
  // In a right-to-left page "start" is the right edge of a text, which is what a
  // mirrored left edge has to be.
  return {
    'text-anchor': isEnd ? 'end' : 'start',
    x: isMirrored ? -x : x,
    y,
    ...(isMirrored ? { transform: 'scale(-1 1)' } : {}),
  };
}

function hatching(id: string): SVGElement {
  return svg(
    'defs',
    {},
    svg(
      'pattern',
      { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse' },
      svg('path', { class: 'flow-hatch', d: 'M-1 1l2 -2M0 6l6 -6M5 7l2 -2' }),
    ),
  );
}
