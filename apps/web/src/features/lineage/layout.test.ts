import { expect, it } from 'vitest';
import { COLUMN, family, type LineageKind, type LineageNode, layOut } from './layout.ts';

const node = (kind: LineageKind, name: string, dataset: string | null): LineageNode => ({
  id: `${kind}:${name}`,
  kind,
  name,
  dataset,
  last_run: null,
  rows: null,
  as_of: null,
  freshness: null,
});
const edge = (from: string, to: string) => ({ from, to, flow: null });

const lineage = {
  nodes: [
    node('exchange', 'nse', null),
    node('raw', 'bars', 'bars'),
    node('warehouse', 'bars', 'bars'),
    node('raw', 'deals', 'deals'),
    node('warehouse', 'deals', 'deals'),
    node('gold', 'of-deals', null),
    node('gold', 'of-bars', null),
    node('gold', 'of-both', null),
  ],
  edges: [
    edge('exchange:nse', 'raw:bars'),
    edge('raw:bars', 'warehouse:bars'),
    edge('exchange:nse', 'raw:deals'),
    edge('raw:deals', 'warehouse:deals'),
    edge('warehouse:deals', 'gold:of-deals'),
    edge('warehouse:bars', 'gold:of-bars'),
    edge('warehouse:bars', 'gold:of-both'),
    edge('warehouse:deals', 'gold:of-both'),
  ],
};

it('gives each kind its column, each dataset its line, and gold the order of its inputs', () => {
  const placed = new Map(layOut(lineage).map(({ node: { id }, x, y }) => [id, { x, y }]));
  expect(placed.get('raw:bars')?.x).toBe(COLUMN);
  expect(placed.get('raw:bars')?.y).toBe(placed.get('warehouse:bars')?.y);
  const golds = ['gold:of-bars', 'gold:of-both', 'gold:of-deals'].map((id) => placed.get(id)?.y ?? 0);
  expect(golds).toEqual([...golds].sort((a, b) => a - b));
  expect(new Set([...placed.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(lineage.nodes.length);
});

it('knows what comes before and after a node, and not its neighbours', () => {
  expect([...family(lineage, 'warehouse:deals')].sort()).toEqual([
    'exchange:nse',
    'gold:of-both',
    'gold:of-deals',
    'raw:deals',
    'warehouse:deals',
  ]);
});
