import { BusinessDateSchema } from '@champion/core';
import { z } from 'zod';
import type { Adapter } from './adapters/adapter.ts';
import { inWarehouse } from './errors.ts';

const Counts = z.record(z.string(), z.coerce.number().int().nonnegative());

/** A row of the table `data_quality`: how good what one run loaded of one slice was. */
export const DataQualitySchema = z.object({
  dataset: z.string(),
  slice: z.string(),
  trade_date: BusinessDateSchema,
  flow_run_id: z.string(),
  /** Data rows in the slice's main file. */
  rows_processed: z.coerce.number(),
  /** Median of the last 20 loaded sessions before this one; null when there was none. */
  rows_expected: z.coerce.number().nullable(),
  rows_loaded: z.coerce.number(),
  /** Rows of it that are in quarantine. */
  rows_filtered: z.coerce.number(),
  /** Share of the processed rows that broke no hard rule, 0 to 1; 1 for a file without rows. */
  validation_pass_rate: z.coerce.number(),
  anomalies_detected: z.coerce.number(),
  /** Quarantined rows of all its files by the hard rule they broke; a row that broke two counts for both. */
  hard_rules: Counts,
  /** What the anomalies concern, by soft rule. */
  soft_rules: Counts,
  /** Size of the silver file. */
  file_size_bytes: z.coerce.number(),
  /** Names the revision. */
  source: z.string(),
});

export type DataQuality = z.infer<typeof DataQualitySchema>;

/** Keeps the rows; one of the same slice, day and run is replaced. */
export async function recordQuality(adapter: Adapter, rows: readonly DataQuality[], at: Date): Promise<void> {
  if (rows.length === 0) return;
  const recordedAt = at.toISOString().slice(0, -1);
  await inWarehouse('record data quality', () =>
    adapter.writer.insert({
      table: 'data_quality',
      values: rows.map((row) => ({ ...row, recorded_at: recordedAt })),
      format: 'JSONEachRow',
    }),
  );
}
