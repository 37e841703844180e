import type { Dataset as DatasetAnswer, HandlersOf } from '@champion/contract';
import { ChampionError, today } from '@champion/core';
import { type Dataset, slicesOn } from '@champion/flows';
import type { Warehouse } from '@champion/warehouse';
import { meaningOf } from './column-meanings.ts';
import { findDataset } from './find.ts';
import { freshnessOf } from './freshness.ts';
import { lastLoaded } from './loaded.ts';
import type { DataParts } from './parts.ts';
import { columnsOf, contentOf, dayColumn } from './tables.ts';

type Handlers = Pick<HandlersOf<'data'>, 'listDatasets' | 'readDataset'>;

export function datasetHandlers(parts: DataParts): Handlers {
  return {
    listDatasets: () => describe(parts, parts.datasets),
    readDataset: async ({ params }) => {
      const dataset = findDataset(parts.datasets, params.name);
      const [described] = await describe(parts, [dataset]);
      if (described === undefined) throw new Error(`${dataset.name} was not described`);
      return described;
    },
  };
}

async function describe({ services }: DataParts, datasets: readonly Dataset[]): Promise<DatasetAnswer[]> {
  const { clock } = services;
  const lake = await services.lake(undefined);
  const names = datasets.map(({ table }) => table);
  const facts = await unlessDown(services.warehouse, async (warehouse) => {
    const days = datasets.map((dataset) => ({ name: dataset.table, day: dayColumn(dataset) }));
    return { columns: await columnsOf(warehouse, names), content: await contentOf(warehouse, days) };
  });
  return Promise.all(
    datasets.map(async (dataset): Promise<DatasetAnswer> => {
      const { name, title, table, per, publication, flow } = dataset;
      const loaded = await lastLoaded(lake, dataset, clock);
      return {
        name,
        title,
        table,
        per,
        latest_only: dataset.latestOnly === true,
        publication,
        flow: { name: flow.name, description: flow.description },
        columns: (facts?.columns.get(table) ?? []).map((column) => {
          const meaning = column.comment === '' ? meaningOf(column.name) : column.comment;
          return { name: column.name, type: column.type, ...(meaning === undefined ? {} : { meaning }) };
        }),
        slices: slicesOn(dataset, today(clock)),
        last_loaded: loaded && { trade_date: loaded.trade_date, at: loaded.at, rows: loaded.rows },
        rows: facts?.content.get(table)?.rows ?? null,
        freshness: freshnessOf(dataset, loaded, services),
      };
    }),
  );
}

/** What the lake knows is told even while the warehouse can't be asked; undefined then. */
export async function unlessDown<T>(
  warehouse: () => Promise<Warehouse>,
  ask: (warehouse: Warehouse) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask(await warehouse());
  } catch (error) {
    const down = ['UNREACHABLE', 'STORE_FAILED', 'TIMEOUT', 'BUSY'];
    if (error instanceof ChampionError && down.includes(error.code)) return undefined;
    throw error;
  }
}
