import { type BusinessDate, BusinessDateSchema } from '@champion/core';
import type { Dataset } from '@champion/flows';
import type { NamedQuery, Warehouse } from '@champion/warehouse';
import { z } from 'zod';

/** The column that says of which day a dataset's rows are. */
export function dayColumn({ per }: Pick<Dataset, 'per'>): 'trade_date' | 'as_of' {
  return per === 'session' ? 'trade_date' : 'as_of';
}

export interface TableContent {
  readonly rows: number;
  readonly as_of: BusinessDate | null;
}

const Content = z.object({ name: z.string(), rows: z.coerce.number(), as_of: BusinessDateSchema });

/**
 * How many rows tables hold, and up to which day. Rows are counted as they are stored: hiding replaced ones would mean to
 * read all of them, and a load leaves none behind.
 */
export async function contentOf(
  warehouse: Warehouse,
  tables: readonly { readonly name: string; readonly day: string }[],
): Promise<Map<string, TableContent>> {
  if (tables.length === 0) return new Map();
  const counts = tables.map(
    ({ name, day }) => `SELECT '${name}' AS name, count() AS rows, max(${day}) AS as_of FROM \`${name}\``,
  );
  const query: NamedQuery<Record<string, never>, z.output<typeof Content>> = {
    name: 'table_content',
    sql: `SELECT * FROM (${counts.join(' UNION ALL ')}) SETTINGS final = 0`,
    params: z.object({}),
    row: Content,
  };
  const found = await warehouse.query(query, {});
  return new Map(found.map(({ name, rows, as_of }) => [name, { rows, as_of: rows === 0 ? null : as_of }]));
}

export interface Column {
  readonly name: string;
  readonly type: string;
  /** What the table's own definition says of it; mostly nothing. */
  readonly comment: string;
}

const ColumnRow = z.object({ table: z.string(), name: z.string(), type: z.string(), comment: z.string() });

const columnsQuery: NamedQuery<{ tables: readonly string[] }, z.output<typeof ColumnRow>> = {
  name: 'table_columns',
  sql: `SELECT table, name, type, comment FROM system.columns
    WHERE database = currentDatabase() AND has({tables:Array(String)}, table) ORDER BY table, position
    SETTINGS final = 0`,
  params: z.object({ tables: z.array(z.string()).readonly() }),
  row: ColumnRow,
};

/** Columns of tables, in their order. */
export async function columnsOf(warehouse: Warehouse, tables: readonly string[]): Promise<Map<string, Column[]>> {
  const columns = new Map<string, Column[]>(tables.map((table) => [table, []]));
  for (const { table, ...column } of await warehouse.query(columnsQuery, { tables })) columns.get(table)?.push(column);
  return columns;
}
