import { ChampionError, type QuarantinedRow } from '@champion/core';
import pl from 'nodejs-polars';
import { writeQuarantine } from '../quarantine.ts';
import type { BronzeReference, QuarantineReference, SilverReference } from '../references.ts';
import type { Session } from '../session.ts';

/** Sessions whose row counts tell what is usual. */
const RECENT = 20;
/** Quarantined rows that a run's log shows one by one; all of them are in the quarantine table. */
const SHOWN = 20;

/**
 * Checks the bronze rows by the dataset's rules and stages silver and quarantine.
 * @throws ChampionError CORRUPT when no row survives, INTERNAL when a row is unaccounted for
 */
export async function normalize(input: BronzeReference, session: Session): Promise<SilverReference> {
  const { lake, dataset, date, staging, task, services } = session;
  const { raw } = input;
  const before = await lake.manifest.previousLoaded(dataset.name, date);
  const adjacent = before && services.calendar.nextSession(before.date) === date ? before.silver : undefined;
  const { silver, quarantined, anomalies } = dataset.normalize({
    bronze: pl.readParquet(lake.absolute(input.bronze)),
    format: input.format,
    date,
    source: raw.path,
    ingestTime: new Date(raw.fetched_at),
    previous: adjacent === undefined ? undefined : pl.readParquet(lake.absolute(adjacent)),
    recentRowCounts: await lake.manifest.recentRowCounts(dataset.name, date, RECENT),
  });
  const malformed = input.malformed === null ? [] : ((await staging.readJson(input.malformed)) as QuarantinedRow[]);
  const rejected = [...malformed, ...quarantined];
  const rowsQuarantined = new Set(rejected.map(({ line }) => line)).size;
  requireBalance(raw.file_name, input.rows_in_file, silver.height, rowsQuarantined);

  report(raw.file_name, silver.height, rowsQuarantined, rejected, task.log);
  for (const { rule, message } of anomalies) task.log.warn(`${rule}: ${message}`);
  if (silver.height === 0) throw nothingLeft(raw.file_name, input.rows_in_file, rejected);
  return {
    raw,
    bronze: input.bronze,
    format: input.format,
    rows_in_file: input.rows_in_file,
    silver: await staging.write('silver.parquet', (path) => silver.writeParquet(path, { compression: 'zstd' })),
    rows: silver.height,
    quarantine: rejected.length === 0 ? null : await stageQuarantine(rejected, raw, session),
    rows_quarantined: rowsQuarantined,
    anomalies,
  };
}

async function stageQuarantine(
  rows: readonly QuarantinedRow[],
  raw: BronzeReference['raw'],
  { lake, dataset, date, staging, task }: Session,
): Promise<QuarantineReference> {
  const lines = await dataset.sourceLines(await lake.readRaw(raw.path), raw.file_name);
  const path = await staging.write('quarantine.parquet', (temporary) =>
    writeQuarantine(temporary, {
      dataset: dataset.name,
      date,
      source: raw.path,
      flowRunId: task.flowRunId,
      ingestTime: new Date(raw.fetched_at),
      rows,
      lines,
    }),
  );
  return { path, rows: rows.length };
}

/** Rows in = rows kept + rows quarantined; anything else is a defect that must not load. */
function requireBalance(fileName: string, rowsIn: number, kept: number, quarantined: number): void {
  if (kept + quarantined === rowsIn) return;
  throw new ChampionError(`${fileName}: ${rowsIn} rows came in, but ${kept} were kept and ${quarantined} quarantined`, {
    code: 'INTERNAL',
    hint: 'Nothing was loaded. This is a defect of the dataset: report it with the raw file.',
    context: { file: fileName, rows_in_file: rowsIn, kept, quarantined },
  });
}

function report(
  fileName: string,
  kept: number,
  rowsQuarantined: number,
  rejected: readonly QuarantinedRow[],
  log: Session['task']['log'],
): void {
  log.info(`${kept} rows valid, ${rowsQuarantined} quarantined`);
  for (const { rule, line, column, value } of rejected.slice(0, SHOWN)) {
    log.warn(`quarantined line ${line} of ${fileName}: ${rule}`, { column, value });
  }
  if (rejected.length > SHOWN) log.warn(`and ${rejected.length - SHOWN} more: see the quarantine table`);
}

function nothingLeft(fileName: string, rowsIn: number, rejected: readonly QuarantinedRow[]): ChampionError {
  const rules = [...new Set(rejected.map(({ rule }) => rule))];
  return new ChampionError(`all ${rowsIn} rows of ${fileName} break a hard rule (${rules.join(', ')})`, {
    code: 'CORRUPT',
    hint: 'Nothing was loaded; the raw file is kept. Look at its first lines: it may be another kind of file.',
    context: { file: fileName, rules, first: rejected[0] },
  });
}
