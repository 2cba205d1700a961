/** What the Sankey draws, in which order. Pure, so that it is tested without a browser. */
import type { FlowData, FlowLink, FlowNode, NodeKind } from './types';

const RANK: Record<NodeKind, number> = { entry: 0, page: 0, section: 1, other: 2, exit: 3 };

export interface OrderedNode extends FlowNode {
  /** The larger of what comes in and what goes out. */
  total: number;
}

/**
 * Links that can be drawn (positive, between known nodes, onwards) and the nodes they
 * touch: in each column pages by size, then sections, then the rest, the exit last. A
 * place in the order tells what a node is, in every span the reader looks at.
 */
export function orderFlow(data: FlowData): { nodes: OrderedNode[]; links: FlowLink[] } {
  const byId = new Map(data.nodes.map((node) => [node.id, node]));
  const merged = new Map<string, FlowLink>();
  for (const link of data.links) {
    const [source, target] = [byId.get(link.source), byId.get(link.target)];
    if (!source || !target || source.column >= target.column || !(link.value > 0)) continue;
    const key = JSON.stringify([link.source, link.target]);
    merged.set(key, { ...link, value: link.value + (merged.get(key)?.value ?? 0) });
  }
  const links = [...merged.values()];
  const out = sums(links, (link) => link.source);
  const into = sums(links, (link) => link.target);
  const nodes = [...byId.values()]
    .map((node) => ({ ...node, total: Math.max(out.get(node.id) ?? 0, into.get(node.id) ?? 0) }))
    .filter((node) => node.total > 0)
    .sort(compareNodes);
  return { nodes, links };
}

export function compareNodes(a: OrderedNode, b: OrderedNode): number {
  return a.column - b.column || RANK[a.kind] - RANK[b.kind] || b.total - a.total;
}

function sums(links: readonly FlowLink[], end: (link: FlowLink) => string): Map<string, number> {
  const found = new Map<string, number>();
  for (const link of links) found.set(end(link), (found.get(end(link)) ?? 0) + link.value);
  return found;
}

/** The sum of each column, for shares. */
export function columnTotals(nodes: readonly OrderedNode[]): [number, number, number] {
  const totals: [number, number, number] = [0, 0, 0];
  for (const node of nodes) totals[node.column] += node.total;
  return totals;
}
