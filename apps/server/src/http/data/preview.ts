import type { HandlersOf } from '@champion/contract';
import { findDataset } from './find.ts';
import { lastLoaded } from './loaded.ts';
import type { DataParts } from './parts.ts';
import { checkSpan } from './span.ts';
import { dayColumn } from './tables.ts';

const TIMEOUT_MS = 20_000;

/** Rows as the warehouse has them, so that their types and values are those that SQL shows. */
export function previewHandlers({ services, datasets }: DataParts): Pick<HandlersOf<'data'>, 'previewDataset'> {
  return {
    previewDataset: async ({ params, query, signal }) => {
      const dataset = findDataset(datasets, params.name);
      checkSpan({ from: query.date }, services);
      const lake = await services.lake(undefined);
      const date = query.date ?? (await lastLoaded(lake, dataset, services.clock))?.trade_date ?? null;
      const warehouse = await services.warehouse();
      const { columns, rows, truncated } = await warehouse.sql(
        `SELECT * FROM \`${dataset.table}\` WHERE ${dayColumn(dataset)} = {day:Nullable(Date)} ORDER BY ALL`,
        { params: { day: date }, maxRows: query.limit, timeoutMs: TIMEOUT_MS, signal },
      );
      return { dataset: dataset.name, trade_date: date, columns, rows, truncated };
    },
  };
}
