import type { Handlers, HandlersOf } from '@champion/contract';
import { backfillHandlers } from './backfills.ts';
import { coverageHandlers } from './coverage.ts';
import { datasetHandlers } from './datasets.ts';
import { fileHandlers } from './files.ts';
import { lineageHandlers } from './lineage.ts';
import { marketHandlers } from './market.ts';
import type { DataParts } from './parts.ts';
import { previewHandlers } from './preview.ts';
import { sqlHandlers } from './sql.ts';
import { systemHandlers } from './system.ts';

export type { DataParts } from './parts.ts';
export { backfillsOver, latestRuns } from './wiring.ts';

/** The operations on data and on the exchange's calendar, and what the server says of itself. */
export function dataHandlers(
  parts: DataParts,
): HandlersOf<'data' | 'market'> & Pick<Handlers, 'readSystem' | 'readSystemHistory'> {
  return {
    ...datasetHandlers(parts),
    ...coverageHandlers(parts),
    ...previewHandlers(parts),
    ...backfillHandlers(parts),
    ...lineageHandlers(parts),
    ...sqlHandlers(parts),
    ...fileHandlers(parts),
    ...marketHandlers(parts),
    ...systemHandlers(parts),
  };
}
