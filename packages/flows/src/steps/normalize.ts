import { ChampionError, median, type PreviousRows, type QuarantinedRow, type SnapshotRows } from '@champion/core';
import type pl from 'nodejs-polars';
import { readParquet, writeParquet } from '../parquet.ts';
import { countBy } from '../quality.ts';
import { writeQuarantine } from '../quarantine.ts';
import type { BronzeSlice, QuarantineReference, SilverSlice } from '../references.ts';
import { partOf, type Session } from '../session.ts';
import { sourceFiles } from './parse.ts';

/** Days whose row counts tell what is usual. */
const RECENT = 20;
/** Quarantined rows that a run's log shows one by one; all of them are in the quarantine table. */
const SHOWN = 20;

/**
 * Checks the bronze rows by the dataset's rules and stages silver and quarantine.
 * @throws ChampionError CORRUPT when no row survives, INTERNAL when a row is unaccounted for
 */
export async function normalize(input: BronzeSlice, session: Session): Promise<SilverSlice> {
  const { lake, dataset, slice, date, staging, task } = session;
  const bronze = await Promise.all(
    Object.entries(input.bronze).map(async ([name, path]) => [name, await readParquet(lake.absolute(path))] as const),
  );
  const recentRowCounts = await lake.manifest.recentRowCounts(slice.name, date, RECENT);
  const usual = median(recentRowCounts);
  const {
    silver,
    derived = 0,
    quarantined,
    anomalies,
    metrics,
  } = dataset.normalize({
    slice,
    bronze: Object.fromEntries(bronze),
    format: input.format,
    snapshot: input.snapshot ?? undefined,
    date,
    source: input.source,
    ingestTime: new Date(input.ingest_time),
    previous: await previousRows(session),
    latestSnapshot: input.snapshot === null ? undefined : await latestSnapshot(session),
    recentRowCounts,
  });
  const malformed = input.malformed === null ? [] : ((await staging.readJson(input.malformed)) as QuarantinedRow[]);
  const rejected = [...malformed, ...quarantined];
  const main = slice.inputs[0].name;
  const ofMain = rejected.filter((row) => (row.input ?? main) === main);
  const rowsQuarantined = new Set(ofMain.map(({ line }) => line)).size;
  const fileName = input.files[0]?.file_name ?? slice.name;
  const kept = silver.height - derived;
  requireBalance(fileName, input.rows_in_file, kept, rowsQuarantined);

  report(fileName, silver.height, rowsQuarantined, rejected, task.log);
  for (const { rule, message } of anomalies) task.log.warn(`${rule}: ${message}`, { slice: slice.name });
  if (kept === 0 && input.rows_in_file > 0) throw nothingLeft(fileName, input.rows_in_file, rejected);
  const part = partOf(slice.name, input.snapshot);
  const path = await staging.write(`${part}.silver.parquet`, (temporary) => writeParquet(silver, temporary));
  const scope = { ...slice.scope, ...input.snapshot?.scope };
  return {
    ...input,
    part,
    scope: dataset.per === 'session' ? { trade_date: date, ...scope } : scope,
    silver: path,
    rows: silver.height,
    quarantine: rejected.length === 0 ? null : await stageQuarantine(rejected, input, part, session),
    rows_quarantined: rowsQuarantined,
    rules: countBy(rejected.map(({ rule }) => [rule, 1])),
    rows_expected: usual === undefined ? null : Math.round(usual),
    anomalies,
    metrics: metrics ?? {},
  };
}

/** The slice's rows of the last earlier day in the lake. */
async function previousRows({ lake, slice, date, services }: Session): Promise<PreviousRows<pl.DataFrame> | undefined> {
  const before = await lake.manifest.previousLoaded(slice.name, date);
  if (before?.silver === undefined) return undefined;
  return {
    date: before.date,
    adjacent: services.calendar.nextSession(before.date) === date,
    silver: await readParquet(lake.absolute(before.silver)),
  };
}

/** The newest snapshot of the day in the lake, which is the one that the manifest speaks of. */
async function latestSnapshot({ lake, slice, date }: Session): Promise<SnapshotRows<pl.DataFrame> | undefined> {
  const { outcome, snapshot_time: time, silver } = (await lake.manifest.get(slice.name, date)) ?? {};
  if (outcome !== 'LOADED' || time === undefined || silver === undefined) return undefined;
  return { time, silver: await readParquet(lake.absolute(silver)) };
}

async function stageQuarantine(
  rows: readonly QuarantinedRow[],
  input: BronzeSlice,
  part: string,
  session: Session,
): Promise<QuarantineReference> {
  const { dataset, slice, date, staging, task } = session;
  const main = slice.inputs[0].name;
  const files = await sourceFiles(input, session);
  const lines: Record<string, readonly string[]> = {};
  for (const name of new Set(rows.map((row) => row.input ?? main))) {
    const file = files[name];
    if (file) lines[name] = await dataset.sourceLines(file);
  }
  const path = await staging.write(`${part}.quarantine.parquet`, (temporary) =>
    writeQuarantine(temporary, {
      // A snapshot's own: the next one of the day must not take its rows away.
      dataset: part,
      date,
      source: input.source,
      flowRunId: task.flowRunId,
      ingestTime: new Date(input.ingest_time),
      rows: rows.map((row) => ({ ...row, text: lines[row.input ?? main]?.[row.line - 1] ?? '' })),
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
  log.info(`${fileName}: ${kept} rows valid, ${rowsQuarantined} quarantined`);
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
