import type { SqlAnswer } from '@champion/contract';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api.ts';
import { namedQuery, rowsOf, text, type Values } from '../market/ask.ts';
import columns from './columns.sql?raw';

/** The server ends a query after this long. */
export const TIMEOUT_SECONDS = 30;

const columnsQuery = namedQuery<Values>()({
  name: 'columns',
  sql: columns,
  maxRows: 5000,
  columns: { table: text, name: text, type: text },
});

export interface TableShape {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

export const sqlQueries = {
  tables: () =>
    queryOptions({
      queryKey: ['sql', 'tables'],
      queryFn: async ({ signal }): Promise<TableShape[]> => {
        const answer = await api().runSql({
          body: { query: columnsQuery.sql, max_rows: columnsQuery.maxRows },
          signal,
        });
        const tables = new Map<string, { name: string; type: string }[]>();
        for (const { table, name, type } of rowsOf(columnsQuery, answer)) {
          const known = tables.get(table) ?? [];
          tables.set(table, known);
          known.push({ name, type });
        }
        return [...tables].map(([name, shape]) => ({ name, columns: shape }));
      },
      staleTime: 600_000,
    }),
};

export function runSql(query: string, maxRows: number, signal: AbortSignal): Promise<SqlAnswer> {
  return api().runSql({ body: { query, max_rows: maxRows }, signal });
}
