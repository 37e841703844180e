import type {
  BusinessDate,
  DatasetDefinition,
  Normalized,
  Parsed,
  PreviousRows,
  QuarantinedRow,
  Slice,
  SnapshotRows,
  SourceFiles,
} from '@champion/core';
import type pl from 'nodejs-polars';

export interface DatasetRun {
  readonly date: BusinessDate;
  /** By input name: bytes or text. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  /** The only slice when absent. */
  readonly slice?: string;
  readonly fileName?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly previous?: PreviousRows<pl.DataFrame>;
  readonly latestSnapshot?: SnapshotRows<pl.DataFrame>;
  readonly recentRowCounts?: readonly number[];
}

export interface DatasetResult extends Normalized<pl.DataFrame> {
  readonly parsed: Parsed<pl.DataFrame>;
  /** Those of both steps. */
  readonly quarantined: readonly QuarantinedRow[];
}

/** Parses and normalises files as the ingest flow does, without lake and warehouse. */
export async function runDataset(dataset: DatasetDefinition<pl.DataFrame>, run: DatasetRun): Promise<DatasetResult> {
  const slice = sliceOf(dataset, run);
  const files: SourceFiles = Object.fromEntries(
    Object.entries(run.files).map(([input, content]) => [
      input,
      { bytes: Buffer.from(content), fileName: run.fileName ?? `${input}.test` },
    ]),
  );
  const parsed = await dataset.parse({ slice, files, date: run.date });
  const normalized = dataset.normalize({
    slice,
    bronze: parsed.bronze,
    format: parsed.format,
    snapshot: parsed.snapshot,
    date: run.date,
    source: `raw/nse/${slice.name}/${run.date}/test`,
    ingestTime: new Date('2024-07-10T14:00:00Z'),
    previous: run.previous,
    latestSnapshot: run.latestSnapshot,
    recentRowCounts: run.recentRowCounts ?? [],
  });
  return { ...normalized, parsed, quarantined: [...parsed.quarantined, ...normalized.quarantined] };
}

function sliceOf(dataset: DatasetDefinition<pl.DataFrame>, run: DatasetRun): Slice {
  const slices = dataset.slices(run.date, run.parameters ?? {});
  const slice = run.slice === undefined ? slices[0] : slices.find(({ name }) => name === run.slice);
  if (!slice) throw new RangeError(`${dataset.name} has no slice ${run.slice} on ${run.date}`);
  return slice;
}
