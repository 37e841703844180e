import type { BusinessDate, QuarantinedRow } from '@champion/core';
import pl from 'nodejs-polars';

interface QuarantineFile {
  readonly dataset: string;
  readonly date: BusinessDate;
  readonly source: string;
  readonly flowRunId: string;
  readonly ingestTime: Date;
  readonly rows: readonly QuarantinedRow[];
  /** Lines of the published file, the first at index 0. */
  readonly lines: readonly string[];
}

/** Writes quarantined rows as Parquet, in the columns of the warehouse's `quarantine` table. */
export function writeQuarantine(path: string, file: QuarantineFile): void {
  const { rows } = file;
  pl.DataFrame([
    pl.Series(
      'line',
      rows.map(({ line }) => line),
      pl.UInt32,
    ),
    pl.Series(
      'rule',
      rows.map(({ rule }) => rule),
      pl.String,
    ),
    pl.Series(
      'column',
      rows.map(({ column }) => column),
      pl.String,
    ),
    pl.Series(
      'value',
      rows.map(({ value }) => value),
      pl.String,
    ),
    pl.Series(
      'row',
      rows.map(({ line }) => file.lines[line - 1] ?? ''),
      pl.String,
    ),
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
