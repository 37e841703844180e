import type { Lineage } from '@champion/contract';

export type LineageNode = Lineage['nodes'][number];
export type LineageKind = LineageNode['kind'];

export const KINDS: readonly LineageKind[] = ['exchange', 'raw', 'bronze', 'silver', 'warehouse', 'gold'];

export const KIND_LABELS: Readonly<Record<LineageKind, string>> = {
  exchange: 'Exchange',
  raw: 'Raw: as served',
  bronze: 'Bronze: typed',
  silver: 'Silver: normalised',
  warehouse: 'Warehouse',
  gold: 'Gold',
};

export const NODE_WIDTH = 196;
export const NODE_HEIGHT = 74;
export const COLUMN = NODE_WIDTH + 48;
const ROW = NODE_HEIGHT + 26;

export interface Placed {
  readonly node: LineageNode;
  readonly x: number;
  readonly y: number;
}

/**
 * A column per kind, a line per dataset. The exchange stands in the middle of them; what is made of several datasets in
 * the order of where its inputs stand, so that few edges cross.
 */
export function layOut({ nodes, edges }: Lineage): Placed[] {
  const datasets = [...new Set(nodes.flatMap(({ dataset }) => (dataset === null ? [] : [dataset])))];
  const line = (node: LineageNode) => (node.dataset === null ? -1 : datasets.indexOf(node.dataset));
  const lineById = new Map(nodes.map((node) => [node.id, line(node)]));
  const golds = nodes
    .filter(({ kind }) => kind === 'gold')
    .map((node) => {
      const inputs = edges
        .filter(({ to }) => to === node.id)
        .flatMap(({ from }) => {
          const at = lineById.get(from) ?? -1;
          return at < 0 ? [] : [at];
        });
      const own = line(node);
      const middle = inputs.length === 0 ? datasets.length : inputs.reduce((sum, at) => sum + at, 0) / inputs.length;
      return { node, at: own >= 0 ? own : middle };
    })
    .sort((a, b) => a.at - b.at);
  const height = Math.max(datasets.length, golds.length);
  const shift = (of: number) => ((height - of) / 2) * ROW;
  return nodes.map((node) => {
    const x = KINDS.indexOf(node.kind) * COLUMN;
    if (node.kind === 'exchange') return { node, x, y: ((height - 1) / 2) * ROW };
    if (node.kind === 'gold')
      return { node, x, y: shift(golds.length) + golds.findIndex((gold) => gold.node === node) * ROW };
    return { node, x, y: shift(datasets.length) + Math.max(0, line(node)) * ROW };
  });
}

/** A node with everything before and after it. */
export function family({ edges }: Lineage, id: string): ReadonlySet<string> {
  const found = new Set([id]);
  const walk = (from: 'from' | 'to', to: 'from' | 'to') => {
    const open = [id];
    const seen = new Set(open);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const edge of edges) {
        if (edge[from] !== next || seen.has(edge[to])) continue;
        seen.add(edge[to]);
        found.add(edge[to]);
        open.push(edge[to]);
      }
    }
  };
  walk('from', 'to');
  walk('to', 'from');
  return found;
}
