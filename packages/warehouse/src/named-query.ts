import { ChampionError } from '@champion/core';
import { z } from 'zod';
import type { Adapter } from './adapters/adapter.ts';
import { inWarehouse } from './errors.ts';
import { READ_SETTINGS } from './settings.ts';

/** A query is a value: what it is called, its SQL with {name:Type} parameters, what goes in, what a row is. */
export interface NamedQuery<P, R> {
  readonly name: string;
  readonly sql: string;
  readonly params: z.ZodType<Record<string, unknown>, P>;
  /** Decimals and 64-bit integers arrive as strings. */
  readonly row: z.ZodType<R>;
}

const MAX_SECONDS = 60;

/** @throws ChampionError INVALID_INPUT for parameters of another shape, STORE_FAILED for rows of another shape */
export async function runQuery<P, R>(adapter: Adapter, query: NamedQuery<P, R>, params: P): Promise<R[]> {
  const checked = query.params.safeParse(params);
  if (!checked.success) {
    throw new ChampionError(`query ${query.name} cannot take these parameters: ${z.prettifyError(checked.error)}`, {
      code: 'INVALID_INPUT',
      context: { query: query.name },
    });
  }
  const rows = await inWarehouse(`answer query ${query.name}`, async () => {
    const result = await adapter.reader.query({
      query: query.sql,
      query_params: checked.data,
      format: 'JSONEachRow',
      clickhouse_settings: { ...READ_SETTINGS, max_execution_time: MAX_SECONDS },
    });
    return result.json<unknown>();
  });
  const parsed = z.array(query.row).safeParse(rows);
  if (parsed.success) return parsed.data;
  throw new ChampionError(`query ${query.name} gave rows of an unexpected shape: ${z.prettifyError(parsed.error)}`, {
    code: 'STORE_FAILED',
    hint: 'Run the migrations; if that does not help, the query and its tables disagree.',
    context: { query: query.name },
  });
}
