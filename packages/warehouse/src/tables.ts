import { ChampionError } from '@champion/core';
import type { Adapter, TableColumn } from './adapters/adapter.ts';
import { inWarehouse } from './errors.ts';

export interface TableFacts {
  readonly columns: readonly TableColumn[];
  /** The columns that make a row one row, as SQL. */
  readonly key: string;
  readonly monthly: boolean;
}

/** Tables of our database with what a load must know of them, asked once each. */
export class Tables {
  readonly #adapter: Adapter;
  readonly #known = new Map<string, TableFacts>();

  constructor(adapter: Adapter) {
    this.#adapter = adapter;
  }

  /** @throws ChampionError INVALID_INPUT when there is no such table */
  async facts(table: string): Promise<TableFacts> {
    const known = this.#known.get(table);
    if (known) return known;
    const [found] = await inWarehouse(`read the columns of ${table}`, async () => {
      const result = await this.#adapter.writer.query({
        query: `SELECT sorting_key AS key, partition_key = 'toYYYYMM(trade_date)' AS monthly,
            (SELECT groupArray((name, type)) FROM
              (SELECT name, type FROM system.columns
               WHERE database = {database:String} AND table = {table:String} AND default_kind = '' ORDER BY position)
            ) AS columns
          FROM system.tables WHERE database = {database:String} AND name = {table:String}`,
        query_params: { database: this.#adapter.database, table },
        format: 'JSONEachRow',
      });
      return result.json<{ key: string; monthly: 0 | 1; columns: [string, string][] }>();
    });
    if (!found) {
      throw new ChampionError(`the warehouse has no table ${table}`, {
        code: 'INVALID_INPUT',
        hint: tableHint(await this.names()),
        context: { table },
      });
    }
    const columns = found.columns.map(([name, type]) => ({ name, type }));
    const facts = { columns, key: found.key, monthly: found.monthly === 1 };
    this.#known.set(table, facts);
    return facts;
  }

  async names(): Promise<string[]> {
    return inWarehouse('list its tables', async () => {
      const result = await this.#adapter.reader.query({
        query: 'SELECT name FROM system.tables WHERE database = {database:String} ORDER BY name LIMIT 200',
        query_params: { database: this.#adapter.database },
        format: 'JSONEachRow',
      });
      return (await result.json<{ name: string }>()).map(({ name }) => name);
    });
  }
}

/** One sentence that names the tables there are. */
export function tableHint(names: readonly string[]): string {
  return names.length === 0
    ? 'There are no tables yet: run a flow or the migrations first.'
    : `The tables are ${names.join(', ')}.`;
}
