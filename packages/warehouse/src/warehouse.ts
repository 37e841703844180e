import type { Readable } from 'node:stream';
import type { BusinessDate } from '@champion/core';
import type { Adapter } from './adapters/adapter.ts';
import { openEmbedded } from './adapters/embedded.ts';
import { openServer, type ServerConfig } from './adapters/server.ts';
import { type DataQuality, recordQuality } from './data-quality.ts';
import { computeGold, exportGold, type GoldComputed } from './gold/compute.ts';
import { type LoadResult, loadSlice, type SliceLoad } from './load-slice.ts';
import { type Migration, migrate } from './migrate.ts';
import { type NamedQuery, runQuery } from './named-query.ts';
import { type SqlExportOptions, type SqlOptions, type SqlResult, SqlRunner } from './sql.ts';
import { Tables } from './tables.ts';

export type WarehouseConfig =
  | { readonly kind: 'embedded' /** Folder; made when it is not there. */; readonly path: string }
  | ({ readonly kind: 'server' } & ServerConfig);

/** ClickHouse, in this process or on a server: the same SQL, the same results, the same errors (ChampionError). */
export interface Warehouse {
  readonly kind: 'embedded' | 'server';
  /**
   * Makes the warehouse's own tables and those of the given migrations.
   * @returns the names of the migrations applied now; none when all were there
   */
  migrate(further: readonly Migration[]): Promise<string[]>;
  /** Makes a session's rows those of one revision; safe to repeat, and to finish after being killed. */
  loadSlice(load: SliceLoad): Promise<LoadResult>;
  /** Keeps how good what a run loaded was, in `data_quality`; safe to repeat. */
  recordQuality(rows: readonly DataQuality[], at: Date): Promise<void>;
  /** Computes the gold tables of one session from what is loaded now; safe to repeat. */
  computeGold(date: BusinessDate): Promise<readonly GoldComputed[]>;
  /** Writes one gold table's rows of a session as a Parquet file at an absolute path, replacing it. */
  exportGold(output: { readonly table: string; readonly date: BusinessDate; readonly file: string }): Promise<void>;
  query<P, R>(query: NamedQuery<P, R>, params: P): Promise<R[]>;
  /** Reads with SQL that a person wrote. @throws ChampionError INVALID_INPUT, TIMEOUT, CANCELLED */
  sql(text: string, options?: SqlOptions): Promise<SqlResult>;
  /**
   * The whole answer to a person's SQL as CSV or Parquet: an answer over the limits is an error. Read it or destroy it.
   * @throws ChampionError INVALID_INPUT, TIMEOUT, CANCELLED
   */
  exportSql(text: string, options: SqlExportOptions): Promise<Readable>;
  info(): Promise<{ version: string; kind: 'embedded' | 'server'; location: string }>;
  close(): Promise<void>;
}

/**
 * @throws ChampionError BUSY when the embedded folder is open elsewhere, UNREACHABLE or CONFIG for a server that does
 * not answer or does not accept the login
 */
export async function openWarehouse(config: WarehouseConfig): Promise<Warehouse> {
  return warehouseOver(config.kind === 'embedded' ? await openEmbedded(config.path) : await openServer(config));
}

export function warehouseOver(adapter: Adapter): Warehouse {
  const tables = new Tables(adapter);
  const runner = new SqlRunner(adapter, tables);
  const inTurn = new Turns();
  let closing: Promise<void> | undefined;
  return {
    kind: adapter.kind,
    migrate: (further) => migrate(adapter, further),
    loadSlice: (load) =>
      inTurn.take(`${load.table} ${JSON.stringify(load.scope)}`, () => loadSlice(adapter, tables, load)),
    recordQuality: (rows, at) => recordQuality(adapter, rows, at),
    computeGold: (date) => inTurn.take(`gold ${date}`, () => computeGold(adapter, tables, date)),
    exportGold: (output) => exportGold(adapter, tables, output),
    query: (query, params) => runQuery(adapter, query, params),
    sql: (text, options) => runner.run(text, options),
    exportSql: (text, options) => runner.export(text, options),
    info: async () => ({ version: adapter.version, kind: adapter.kind, location: adapter.location }),
    close: () => {
      closing ??= adapter.close();
      return closing;
    },
  };
}

/** Lets those who work on the same session go one after the other. */
class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
