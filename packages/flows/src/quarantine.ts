import type { BusinessDate, QuarantinedRow } from '@champion/core';
import pl from 'nodejs-polars';

interface QuarantineFile {
  /** The slice's name, or that of its snapshot. */
  readonly dataset: string;
  readonly date: BusinessDate;
  readonly source: string;
  readonly flowRunId: string;
  readonly ingestTime: Date;
  /** Quarantined rows with their text as published. */
  readonly rows: readonly (QuarantinedRow & { readonly text: string })[];
}

/** Writes quarantined rows as Parquet, in the columns of the warehouse's `quarantine` table. */
export function writeQuarantine(path: string, file: QuarantineFile): void {
  const { rows } = file;
  const texts = (name: string, value: (row: (typeof rows)[number]) => string | null) =>
    pl.Series(name, rows.map(value), pl.String);
  const line = pl.Series(
    'line',
    rows.map((row) => row.line),
    pl.UInt32,
  );
  pl.DataFrame([
    line,
    texts('rule', ({ rule }) => rule),
    texts('column', ({ column }) => column),
    texts('value', ({ value }) => value),
    texts('row', ({ text }) => text),
  ])
    .withColumns(
      pl.lit(file.dataset).alias('dataset'),
      pl.lit(file.date).str.strptime(pl.Date, '%Y-%m-%d').alias('trade_date'),
      pl.lit(file.source).alias('source'),
      pl.lit(file.flowRunId).alias('flow_run_id'),
      pl.lit(file.ingestTime.getTime()).cast(pl.Int64).cast(pl.Datetime('ms', 'UTC')).alias('ingest_time'),
    )
    .writeParquet(path, { compression: 'zstd' });
}
