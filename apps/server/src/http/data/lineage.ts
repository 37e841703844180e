import type { HandlersOf, Lineage } from '@champion/contract';
import type { BusinessDate } from '@champion/core';
import { type Dataset, GOLD_FLOW } from '@champion/flows';
import { GOLD_TABLES } from '@champion/warehouse';
import { unlessDown } from './datasets.ts';
import { freshnessOf } from './freshness.ts';
import { lastLoaded } from './loaded.ts';
import type { DataParts, LatestRun } from './parts.ts';
import { contentOf, dayColumn, type TableContent } from './tables.ts';

type Node = Lineage['nodes'][number];
type Edge = Lineage['edges'][number];

const EXCHANGE = 'exchange:nse';
/** A view of a dataset's own, made by one of its migrations. */
const VIEW = /\bVIEW\s+(?:IF NOT EXISTS\s+)?(\w+)\s+AS\b/i;

export function lineageHandlers({ services, datasets, readRuns }: DataParts): Pick<HandlersOf<'data'>, 'readLineage'> {
  return {
    readLineage: async () => {
      const goldTables = GOLD_TABLES.filter(({ sql }) => sql !== undefined);
      const [runs, content, lake] = await Promise.all([
        readRuns([...datasets.map(({ flow }) => flow.name), GOLD_FLOW.name]),
        unlessDown(services.warehouse, (warehouse) =>
          contentOf(warehouse, [
            ...datasets.map((dataset) => ({ name: dataset.table, day: dayColumn(dataset) })),
            ...goldTables.map(({ name }) => ({ name, day: 'trade_date' })),
          ]),
        ),
        services.lake(undefined),
      ]);
      const nodes: Node[] = [{ ...nothing, id: EXCHANGE, kind: 'exchange', name: 'NSE', dataset: null }];
      const edges: Edge[] = [];
      for (const dataset of datasets) {
        const loaded = await lastLoaded(lake, dataset, services.clock);
        const state = {
          last_run: runOf(runs.get(dataset.flow.name)),
          as_of: loaded?.trade_date ?? null,
          freshness: freshnessOf(dataset, loaded, services).state,
        };
        const chain = ofDataset(dataset, state, content?.get(dataset.table));
        nodes.push(...chain.nodes);
        edges.push(...chain.edges);
      }
      for (const { name, inputs } of goldTables) {
        const found = content?.get(name);
        const id = `gold:${name}`;
        const last_run = runOf(runs.get(GOLD_FLOW.name));
        nodes.push({ ...nothing, ...found, id, kind: 'gold', name, dataset: null, last_run });
        for (const input of inputs) {
          const from = nodes.find((node) => node.name === input && ['warehouse', 'gold'].includes(node.kind));
          if (from) edges.push({ from: from.id, to: id, flow: GOLD_FLOW.name });
        }
      }
      return { nodes, edges };
    },
  };
}

const nothing = { last_run: null, rows: null, as_of: null, freshness: null };

type State = Pick<Node, 'last_run' | 'freshness'> & { readonly as_of: BusinessDate | null };

/** From the exchange to the warehouse, and the views on what is there. */
function ofDataset(dataset: Dataset, state: State, content: TableContent | undefined): Lineage {
  const { name, table, flow, migrations } = dataset;
  const stages: Node[] = [
    { ...nothing, ...state, id: `raw:${name}`, kind: 'raw', name, dataset: name },
    { ...nothing, ...state, id: `bronze:${name}`, kind: 'bronze', name, dataset: name },
    { ...nothing, ...state, id: `silver:${table}`, kind: 'silver', name: table, dataset: name },
    { ...nothing, ...state, ...content, id: `warehouse:${table}`, kind: 'warehouse', name: table, dataset: name },
  ];
  const ids = [EXCHANGE, ...stages.map(({ id }) => id)];
  const edges: Edge[] = stages.map(({ id }, i) => ({ from: ids[i] ?? EXCHANGE, to: id, flow: flow.name }));
  for (const { sql } of migrations) {
    const view = VIEW.exec(sql)?.[1];
    if (view === undefined) continue;
    stages.push({ ...nothing, ...state, id: `gold:${view}`, kind: 'gold', name: view, dataset: name });
    edges.push({ from: `warehouse:${table}`, to: `gold:${view}`, flow: null });
  }
  return { nodes: stages, edges };
}

function runOf(run: LatestRun | undefined): Node['last_run'] {
  if (run === undefined) return null;
  const { id, name, stateType, stateName, stateAt } = run;
  return { id, name, state_type: stateType, state_name: stateName, at: stateAt.toISOString() };
}
