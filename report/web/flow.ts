/**
 * The ways through the site: each page with what came right before it and right after.
 * For each page what comes in (arrivals and steps from other pages) is what goes out
 * (steps to other pages and leaving), as far as none of it was too rare to be shown; so
 * the three tables of entries, steps and exits make one picture that adds up.
 */
import type { FlowData, FlowLink, FlowNode, InspectorData, Neighbour, NodeKind } from './charts/types';
import type { Row, Span, Table } from './model';

export interface FlowWords {
  arrived: string;
  left: string;
  rest: string;
}

const PAGES = 8;
const NEIGHBOURS = 8;
const INSPECTED = 10;

function kindOf(page: string): NodeKind {
  return page.endsWith('/*') ? 'section' : 'page';
}

function byFirst(table: Table): Map<string, Row> {
  return new Map(table.rows.map((row) => [row.key[0]!, row]));
}

/** Steps into and out of each page. */
interface Steps {
  into: Map<string, Map<string, number>>;
  out: Map<string, Map<string, number>>;
}

function stepsOf(table: Table): Steps {
  const steps: Steps = { into: new Map(), out: new Map() };
  const put = (of: Map<string, Map<string, number>>, page: string, other: string, n: number): void => {
    let list = of.get(page);
    if (!list) of.set(page, (list = new Map()));
    list.set(other, (list.get(other) ?? 0) + n);
  };
  for (const { key: [from, to], values } of table.rows) {
    put(steps.out, from!, to!, values[0]!);
    put(steps.into, to!, from!, values[0]!);
  }
  return steps;
}

const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

export function flowData(span: Span, words: FlowWords): FlowData {
  const entries = byFirst(span.table('entry_pages'));
  const exits = byFirst(span.table('exit_pages'));
  const { into, out } = stepsOf(span.table('transitions'));
  const through = (page: string): number => Math.max(
    (entries.get(page)?.values[0] ?? 0) + sum(into.get(page)?.values() ?? []),
    (exits.get(page)?.values[0] ?? 0) + sum(out.get(page)?.values() ?? []));
  const pages = [...new Set([...entries.keys(), ...exits.keys(), ...into.keys(), ...out.keys()])]
    .sort((a, b) => through(b) - through(a)).slice(0, PAGES);
  const nodes = new Map<string, FlowNode>();
  const links: FlowLink[] = [];
  const node = (column: 0 | 1 | 2, page: string): string => {
    const id = `${column} ${page}`;
    nodes.set(id, { id, label: page, column, kind: kindOf(page) });
    return id;
  };
  const special = (id: string, column: 0 | 2, label: string, kind: NodeKind): string => {
    nodes.set(id, { id, label, column, kind });
    return id;
  };
  const largest = (of: Map<string, Map<string, number>>): Set<string> => {
    const sums = new Map<string, number>();
    for (const page of pages) {
      for (const [other, n] of of.get(page) ?? []) sums.set(other, (sums.get(other) ?? 0) + n);
    }
    return new Set([...sums].sort((a, b) => b[1] - a[1]).slice(0, NEIGHBOURS).map(([page]) => page));
  };
  const before = largest(into);
  const after = largest(out);
  for (const page of pages) {
    const middle = node(1, page);
    const arrived = entries.get(page)?.values[0];
    if (arrived) {
      links.push({ source: special('arrived', 0, words.arrived, 'entry'), target: middle, value: arrived });
    }
    for (const [from, value] of into.get(page) ?? []) {
      const source = before.has(from) ? node(0, from) : special('before', 0, words.rest, 'other');
      links.push({ source, target: middle, value });
    }
    for (const [to, value] of out.get(page) ?? []) {
      const target = after.has(to) ? node(2, to) : special('after', 2, words.rest, 'other');
      links.push({ source: middle, target, value });
    }
    const left = exits.get(page)?.values[0];
    if (left) links.push({ source: middle, target: special('left', 2, words.left, 'exit'), value: left });
  }
  return { nodes: [...nodes.values()], links };
}

/** The page that a node stands for; null: it stands for none. */
export function pageOfNode(id: string): string | null {
  return /^[012] /.test(id) ? id.slice(2) : null;
}

/** Pages that have neighbours to show, the most viewed first. */
export function flowPages(span: Span): string[] {
  const { into, out } = stepsOf(span.table('transitions'));
  const known = new Set([...into.keys(), ...out.keys()]);
  const viewed = span.table('pages').rows.map((row) => row.key[0]!).filter((page) => known.has(page));
  return [...new Set([...viewed, ...known])];
}

export function inspectorData(span: Span, page: string, rest: string): InspectorData {
  const { into, out } = stepsOf(span.table('transitions'));
  const list = (of: Map<string, number> | undefined): Neighbour[] => {
    const all = [...(of ?? [])].sort((a, b) => b[1] - a[1])
      .map(([label, value]): Neighbour => ({ label, value, kind: kindOf(label) }));
    const more = all.splice(INSPECTED);
    if (more.length) {
      all.push({ label: rest, value: sum(more.map(({ value }) => value)), kind: 'other' });
    }
    return all;
  };
  const of = (table: string): number | null =>
    span.table(table).rows.find((row) => row.key[0] === page)?.values[0] ?? null;
  return {
    page,
    before: list(into.get(page)),
    after: list(out.get(page)),
    entries: of('entry_pages'),
    exits: of('exit_pages'),
    views: of('pages'),
  };
}
