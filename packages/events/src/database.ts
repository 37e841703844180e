import { ChampionError, LET_GO, leased, type Migration, migrateSchema } from '@champion/core';
import pg from 'pg';
import events from './migrations/0001-events.sql';

const MIGRATIONS: readonly Migration[] = [{ number: 1, name: 'events', sql: events }];

/** Any constant will do, as long as every version of Champion uses it and no other schema does. */
const MIGRATION_LOCK = 4_200_011;
const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;

/** The connections of the schema `events`. */
export class Database {
  readonly #pool: pg.Pool;

  constructor(databaseUrl: string, log: (line: string) => void) {
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      max: 3,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      options: LET_GO,
      application_name: 'champion-events',
    });
    this.#pool.on('error', (error) => {
      if (!this.#pool.ending) log(`an idle database connection was lost: ${error.message}`);
    });
  }

  /** @throws ChampionError STORE_FAILED, UNREACHABLE; what PostgreSQL said is the cause */
  async rows<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return storing(async () => (await this.#pool.query<Row>(text, [...values])).rows);
  }

  /** All or nothing. @throws ChampionError STORE_FAILED, UNREACHABLE */
  transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.#connected(async (client) => {
      await client.query('BEGIN');
      try {
        const result = await work(client);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  /**
   * Does the work while no other process of the database does work under the same key. The right goes with a connection,
   * so that it is free again when its holder dies.
   * @returns undefined when another has it
   */
  async alone<T>(key: number, work: () => Promise<T>): Promise<T | undefined> {
    return this.#connected(async (client) => {
      const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [key]);
      if (rows[0]?.locked !== true) return undefined;
      try {
        return await work();
      } finally {
        await client.query('SELECT pg_advisory_unlock($1)', [key]);
      }
    });
  }

  #connected<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return leased(
      () => storing(() => this.#pool.connect()),
      (client) => storing(() => work(client)),
    );
  }

  /** @throws ChampionError CONFIG when a newer Champion has migrated the database */
  migrate(): Promise<void> {
    return storing(() =>
      migrateSchema(() => this.#pool.connect(), {
        schema: 'events',
        lockKey: MIGRATION_LOCK,
        migrations: MIGRATIONS,
        found: 'The event tables have',
      }),
    );
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}

async function storing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ChampionError) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new ChampionError(`The outbox of events could not be written or read: ${said}`, {
      code: cause instanceof pg.DatabaseError ? 'STORE_FAILED' : 'UNREACHABLE',
      retry: 'backoff',
      hint: 'Check that PostgreSQL is up and has space.',
      context: cause instanceof pg.DatabaseError ? { sqlState: cause.code } : {},
      cause,
    });
  }
}
