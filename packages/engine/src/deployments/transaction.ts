import { ChampionError, leased } from '@champion/core';
import type pg from 'pg';
import type { Database, Statement } from '../records/database.ts';

/** What runs statements: the database, or one transaction on it. */
export type Statements = Pick<Database, 'run'>;

/**
 * Does all of `work` or nothing of it. What it commits is on disk, for unlike a run's records nothing else has it;
 * `durable: false` is for what would be found out anew.
 * @throws what `work` throws, and ChampionError STORE_FAILED
 */
export async function transaction<T>(
  database: Database,
  work: (tx: Statements) => Promise<T>,
  { durable = true }: { readonly durable?: boolean } = {},
): Promise<T> {
  const connect = (): Promise<pg.PoolClient> =>
    database.pool.connect().catch((cause) => {
      throw storeFailed('connect', cause);
    });
  return leased(connect, async (client) => {
    const run = async <Row extends pg.QueryResultRow>(
      statement: Statement,
      values: readonly unknown[],
    ): Promise<Row[]> => {
      try {
        const { name, text, prepared = true } = statement;
        const { rows } = await client.query<Row>({ ...(prepared ? { name } : {}), text, values: [...values] });
        return rows;
      } catch (cause) {
        throw storeFailed(statement.name, cause);
      }
    };
    try {
      await client.query(durable ? 'BEGIN; SET LOCAL synchronous_commit = on' : 'BEGIN').catch((cause) => {
        throw storeFailed('begin', cause);
      });
      const result = await work({ run });
      await run({ name: 'commit', text: 'COMMIT' }, []);
      return result;
    } catch (error) {
      // One that fails is of a connection that was lost, and the transaction with it.
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}

function storeFailed(statement: string, cause: unknown): ChampionError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new ChampionError(`The database refused or was lost (${statement}): ${said}`, {
    code: 'STORE_FAILED',
    retry: 'backoff',
    hint: 'Nothing was changed. Check that PostgreSQL is up, then try again.',
    context: { statement },
    cause,
  });
}
