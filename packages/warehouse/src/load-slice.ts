import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { ChampionError } from '@champion/core';
import { type Adapter, quoted } from './adapters/adapter.ts';
import { inWarehouse } from './errors.ts';
import type { TableFacts, Tables } from './tables.ts';

export interface SliceLoad {
  readonly table: string;
  /**
   * Columns and their values that tell the slice's rows from the table's others, for example
   * `{ trade_date: '2024-07-03', dataset: 'bhavcopy' }`. Without any, the slice is the whole table.
   */
  readonly scope: Readonly<Record<string, string>>;
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
 * Makes a slice's rows those of one source. New rows go in before old ones go out, and each turn looks at what is
 * there, so that a load killed at any point is finished by the next one.
 */
export async function loadSlice(adapter: Adapter, tables: Tables, load: SliceLoad): Promise<LoadResult> {
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
  throw new ChampionError(`rows of ${nameOf(load)} keep changing while they are loaded`, {
    code: 'STORE_FAILED',
    retry: 'backoff',
    hint: 'Another process is loading another revision of the same session: let one of them finish.',
    context: { table: load.table, scope: load.scope, source: load.source },
  });
}

async function check(load: SliceLoad, facts: TableFacts): Promise<void> {
  const { table, rows, file } = load;
  const complain = (message: string): ChampionError =>
    new ChampionError(`cannot load ${nameOf(load)}: ${message}`, {
      code: 'INVALID_INPUT',
      context: { table, scope: load.scope, rows, file: file ?? null },
    });
  const unknown = Object.keys(load.scope).find((column) => facts.columns.every(({ name }) => name !== column));
  if (unknown !== undefined) throw complain(`the table has no column ${unknown}`);
  const shared = facts.columns.some(({ name }) => name === 'dataset');
  if (shared && load.scope.dataset === undefined) throw complain('the table is shared by datasets, so say which');
  if (!Number.isSafeInteger(rows) || rows < 0) throw complain(`${rows} is not a number of rows`);
  if (file === undefined) {
    if (rows > 0) throw complain(`there is no file for its ${rows} rows`);
    return;
  }
  if (!isAbsolute(file)) throw complain('the path of the file is not absolute');
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile()) return;
  throw new ChampionError(`cannot load ${nameOf(load)}: there is no file ${file}`, {
    code: 'NOT_FOUND',
    hint: 'Run the session again: its Parquet file is written anew from the raw file.',
    context: { table, file },
  });
}

async function count(adapter: Adapter, facts: TableFacts, load: SliceLoad): Promise<Present> {
  const [row] = await inWarehouse(`count ${nameOf(load)}`, async () => {
    const result = await adapter.writer.query({
      query: `SELECT uniqExactIf(${facts.key}, source = {source:String}) AS own,
          countIf(source = {source:String}) AS ownStored, countIf(source != {source:String}) AS others
        FROM ${quoted(load.table)} WHERE ${where(load, facts)}`,
      query_params: parameters(load),
      format: 'JSONEachRow',
      // What is stored counts, and an embedded session keeps what another statement has set.
      clickhouse_settings: { final: 0 },
    });
    return result.json<Record<keyof Present, string>>();
  });
  return { own: Number(row?.own), ownStored: Number(row?.ownStored), others: Number(row?.others) };
}

async function remove(adapter: Adapter, facts: TableFacts, load: SliceLoad, which: 'all' | 'others'): Promise<void> {
  // Naming the partition spares the engine from looking at every other month.
  const month = facts.monthly ? load.scope.trade_date?.slice(0, 7).replace('-', '') : undefined;
  const partition = month === undefined ? '' : `IN PARTITION ${month}`;
  const source = which === 'others' ? ' AND source != {source:String}' : '';
  await inWarehouse(`remove old rows of ${nameOf(load)}`, () =>
    adapter.writer.command({
      query: `DELETE FROM ${quoted(load.table)} ${partition} WHERE ${where(load, facts)}${source}`,
      query_params: parameters(load),
    }),
  );
}

function where(load: SliceLoad, facts: TableFacts): string {
  const parts = Object.keys(load.scope).map((column) => {
    const type = facts.columns.find(({ name }) => name === column)?.type ?? 'String';
    return `${quoted(column)} = {scope_${column}:${type.replace(/^LowCardinality\((.*)\)$/, '$1')}}`;
  });
  return parts.length === 0 ? '1' : parts.join(' AND ');
}

function parameters(load: SliceLoad): Record<string, string> {
  const scope = Object.entries(load.scope).map(([column, value]) => [`scope_${column}`, value]);
  return { source: load.source, ...Object.fromEntries(scope) };
}

/** The slice in messages: "equity_ohlc of 2024-07-03". */
function nameOf({ table, scope }: SliceLoad): string {
  const values = Object.values(scope);
  return values.length === 0 ? table : `${table} of ${values.join(', ')}`;
}
