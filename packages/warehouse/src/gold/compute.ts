import { isAbsolute } from 'node:path';
import { type BusinessDate, ChampionError } from '@champion/core';
import { type Adapter, quoted } from '../adapters/adapter.ts';
import { inWarehouse } from '../errors.ts';
import type { Tables } from '../tables.ts';
import { GOLD_TABLES, type GoldTable } from './tables.ts';

/** What became of one gold table for a session. */
export interface GoldComputed {
  readonly table: string;
  readonly rows: number;
  /** Tables that it reads and that are not there; then nothing was computed. */
  readonly missing: readonly string[];
}

/** 750 days of bars in arrays: the largest of these queries takes a second or two. */
const MAX_SECONDS = 110;

/** Computes every gold table for one session from what is loaded now. Safe to repeat, and to finish after being killed. */
export async function computeGold(adapter: Adapter, tables: Tables, date: BusinessDate): Promise<GoldComputed[]> {
  const present = new Set(await tables.names());
  const done: GoldComputed[] = [];
  for (const table of GOLD_TABLES) {
    const missing = table.inputs.filter((name) => !present.has(name));
    if (missing.length === 0 && table.sql !== undefined)
      await replaceSession(adapter, tables, table.name, table.sql, date);
    done.push({ table: table.name, rows: missing.length > 0 ? 0 : await count(adapter, table.name, date), missing });
  }
  return done;
}

/**
 * Makes a session's rows those that `sql` gives. New rows go in before old ones go out, under a version above every
 * earlier one of the session, so that a reader sees the old row or the new one of each key, whenever this is killed.
 */
async function replaceSession(
  adapter: Adapter,
  tables: Tables,
  table: string,
  sql: string,
  date: BusinessDate,
): Promise<void> {
  const { columns } = await tables.facts(table);
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const given = columns.filter(({ name }) => name !== 'computed_at').map(({ name }) => quoted(name));
  await inWarehouse(`compute ${table} of ${date}`, async () => {
    const answer = await adapter.writer.query({
      query: `SELECT toString(greatest(now64(3, 'UTC'), max(computed_at) + INTERVAL 1 MILLISECOND)) AS version,
          count() AS stored FROM ${quoted(table)} WHERE trade_date = {date:Date}`,
      query_params: { date },
      format: 'JSONEachRow',
    });
    const [before] = await answer.json<{ version: string; stored: string }>();
    const params = { date, version: before?.version ?? '' };
    await adapter.writer.command({
      query: `INSERT INTO ${quoted(table)} (${names})
        SELECT ${given.join(', ')}, {version:DateTime64(3, 'UTC')} FROM (\n${sql}\n)`,
      query_params: params,
      clickhouse_settings: {
        final: 1,
        do_not_merge_across_partitions_select_final: 1,
        max_execution_time: MAX_SECONDS,
      },
    });
    if (Number(before?.stored) === 0) return;
    await adapter.writer.command({
      query: `DELETE FROM ${quoted(table)} IN PARTITION ${date.slice(0, 7).replace('-', '')}
        WHERE trade_date = {date:Date} AND computed_at < {version:DateTime64(3, 'UTC')}`,
      query_params: params,
    });
  });
}

async function count(adapter: Adapter, table: string, date: BusinessDate): Promise<number> {
  return inWarehouse(`count ${table} of ${date}`, async () => {
    const answer = await adapter.reader.query({
      query: `SELECT count() AS rows FROM ${quoted(table)} WHERE trade_date = {date:Date}`,
      query_params: { date },
      format: 'JSONEachRow',
      clickhouse_settings: { final: 1 },
    });
    const [row] = await answer.json<{ rows: string }>();
    return Number(row?.rows);
  });
}

/**
 * Writes a gold table's rows of a session as Parquet (zstd), in the table's order and types.
 * @param file absolute path; a file that is there is replaced
 */
export async function exportGold(
  adapter: Adapter,
  tables: Tables,
  { table, date, file }: { readonly table: string; readonly date: BusinessDate; readonly file: string },
): Promise<void> {
  if (!isAbsolute(file)) {
    throw new ChampionError(`cannot write ${table} to ${file}: the path is not absolute`, { code: 'INVALID_INPUT' });
  }
  if (!isGold(table)) throw new ChampionError(`${table} is not a gold table`, { code: 'INVALID_INPUT' });
  const { columns, key } = await tables.facts(table);
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  // A view has no key of its own: its rows are ordered by what stands before their figures.
  const order = key === '' ? columns.slice(0, 4).map(({ name }) => quoted(name)) : [key];
  await inWarehouse(`write ${table} of ${date} to ${file}`, () =>
    adapter.writeParquet({
      query: `SELECT ${names} FROM ${quoted(table)} WHERE trade_date = {date:Date} ORDER BY ${order.join(', ')}`,
      params: { date },
      file,
    }),
  );
}

function isGold(name: string): boolean {
  return GOLD_TABLES.some((table: GoldTable) => table.name === name);
}
