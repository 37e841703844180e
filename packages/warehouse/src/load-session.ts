import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { type BusinessDate, ChampionError } from '@champion/core';
import { type Adapter, quoted } from './adapters/adapter.ts';
import { inWarehouse } from './errors.ts';
import type { TableFacts, Tables } from './tables.ts';

export interface SessionLoad {
  readonly table: string;
  readonly tradeDate: BusinessDate;
  /** Narrows the session to one dataset; needed for tables that many datasets share (quarantine). */
  readonly dataset?: string;
  /** Value of the file's `source` column: the raw file's path in the lake, which names one revision. */
  readonly source: string;
  /** Rows in the file; no two of them have the same key. */
  readonly rows: number;
  /** Absolute path of a Parquet file with every column of the table; undefined when there is nothing to load. */
  readonly file: string | undefined;
}

export interface LoadResult {
  readonly inserted: number;
  /** Rows of older revisions that were removed. */
  readonly replaced: number;
  /** The rows were there already; nothing was inserted. */
  readonly skipped: boolean;
}

interface Present {
  /** Distinct rows of this source. */
  readonly own: number;
  /** Stored rows of this source, repeats included. */
  readonly ownStored: number;
  readonly others: number;
}

/** Each turn ends the work or meets what someone else changed meanwhile; past this many, someone keeps changing it. */
const MAX_TURNS = 4;

/**
 * Makes a session's rows those of one source. New rows go in before old ones go out, and each turn looks at what is
 * there, so that a load killed at any point is finished by the next one.
 */
export async function loadSession(adapter: Adapter, tables: Tables, load: SessionLoad): Promise<LoadResult> {
  const facts = await tables.facts(load.table);
  await check(load, facts);
  let inserted = 0;
  let replaced = 0;
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const present = await count(adapter, facts, load);
    let { own, others } = present;
    if (own !== load.rows && own > 0) {
      // The same source was normalised otherwise before, or a merge took some of its rows for older ones.
      await remove(adapter, facts, load, 'all');
      replaced += present.ownStored + others;
      own = 0;
      others = 0;
    }
    if (own < load.rows && load.file !== undefined) {
      const { table, file } = load;
      await inWarehouse(`load ${file} into ${table}`, () =>
        adapter.insertFile({ table, file, columns: facts.columns }),
      );
      inserted = load.rows;
    }
    if (others === 0) return { inserted, replaced, skipped: inserted === 0 && load.rows > 0 };
    await remove(adapter, facts, load, 'others');
    replaced += others;
    // Looked at once more: a merge between the insert and the delete may have kept an old row for a new one.
  }
  throw new ChampionError(`rows of ${load.table} for ${load.tradeDate} keep changing while they are loaded`, {
    code: 'STORE_FAILED',
    retry: 'backoff',
    hint: 'Another process is loading another revision of the same session: let one of them finish.',
    context: { table: load.table, trade_date: load.tradeDate, source: load.source },
  });
}

async function check(load: SessionLoad, facts: TableFacts): Promise<void> {
  const { table, rows, file } = load;
  const complain = (message: string): ChampionError =>
    new ChampionError(`cannot load ${table} for ${load.tradeDate}: ${message}`, {
      code: 'INVALID_INPUT',
      context: { table, trade_date: load.tradeDate, rows, file: file ?? null },
    });
  const shared = facts.columns.some(({ name }) => name === 'dataset');
  if (shared !== (load.dataset !== undefined)) {
    throw complain(shared ? 'the table is shared by datasets, so say which' : 'the table has no dataset column');
  }
  if (!Number.isSafeInteger(rows) || rows < 0) throw complain(`${rows} is not a number of rows`);
  if (file === undefined) {
    if (rows > 0) throw complain(`there is no file for its ${rows} rows`);
    return;
  }
  if (!isAbsolute(file)) throw complain('the path of the file is not absolute');
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile()) return;
  throw new ChampionError(`cannot load ${table} for ${load.tradeDate}: there is no file ${file}`, {
    code: 'NOT_FOUND',
    hint: 'Run the session again: its Parquet file is written anew from the raw file.',
    context: { table, file },
  });
}

async function count(adapter: Adapter, facts: TableFacts, load: SessionLoad): Promise<Present> {
  const [row] = await inWarehouse(`count ${load.table} for ${load.tradeDate}`, async () => {
    const result = await adapter.writer.query({
      query: `SELECT uniqExactIf(${facts.key}, source = {source:String}) AS own,
          countIf(source = {source:String}) AS ownStored, countIf(source != {source:String}) AS others
        FROM ${quoted(load.table)} WHERE ${scope(load)}`,
      query_params: parameters(load),
      format: 'JSONEachRow',
    });
    return result.json<Record<keyof Present, string>>();
  });
  return { own: Number(row?.own), ownStored: Number(row?.ownStored), others: Number(row?.others) };
}

async function remove(adapter: Adapter, facts: TableFacts, load: SessionLoad, which: 'all' | 'others'): Promise<void> {
  // Naming the partition spares the engine from looking at every other month.
  const partition = facts.monthly ? `IN PARTITION ${load.tradeDate.slice(0, 7).replace('-', '')}` : '';
  const source = which === 'others' ? ' AND source != {source:String}' : '';
  await inWarehouse(`remove old rows of ${load.table} for ${load.tradeDate}`, () =>
    adapter.writer.command({
      query: `DELETE FROM ${quoted(load.table)} ${partition} WHERE ${scope(load)}${source}`,
      query_params: parameters(load),
    }),
  );
}

function scope(load: SessionLoad): string {
  return `trade_date = {trade_date:Date}${load.dataset === undefined ? '' : ' AND dataset = {dataset:String}'}`;
}

function parameters(load: SessionLoad): Record<string, string> {
  const { tradeDate: trade_date, source, dataset } = load;
  return { trade_date, source, ...(dataset === undefined ? {} : { dataset }) };
}
