import { setTimeout as sleep } from 'node:timers/promises';
import { ChampionError, LET_GO } from '@champion/core';
import pg from 'pg';
import type { InternalLog } from '../events.ts';

const POOL_SIZE = 8;
const CONNECT_TIMEOUT_MS = 10_000;
/** Long enough for a server's restart; the durable steps wait for the same server anyway. */
const RETRY_FOR_MS = 5 * 60_000;

/** Is parsed, and may be planned, once per connection. */
export interface Statement {
  /** Names it in errors too. */
  readonly name: string;
  readonly text: string;
  /** False where the text varies, or the best plan depends on the values: it is then planned each time. Default true. */
  readonly prepared?: boolean;
}

/** The connections of the run records. */
export class Database {
  readonly pool: pg.Pool;

  constructor(url: string, internalLog: InternalLog) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: POOL_SIZE,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'champion-records',
      // A record need not be on disk before the work goes on: what a power cut takes from the last moments, the engine's
      // own durable checkpoints still have, and the next start puts the records right by them.
      options: `-c synchronous_commit=off ${LET_GO}`,
    });
    this.pool.on('error', (error) => internalLog('warn', 'An idle database connection was lost', { error }));
  }

  /**
   * Runs one statement. A lost connection is no reason to fail a run: it is tried again for five minutes.
   * @throws ChampionError STORE_FAILED
   */
  async run<Row extends pg.QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    const deadline = Date.now() + RETRY_FOR_MS;
    for (let pause = 50; ; pause = Math.min(2 * pause, 2_000)) {
      try {
        const { name, text, prepared = true } = statement;
        const result = await this.pool.query<Row>({ ...(prepared ? { name } : {}), text, values: [...values] });
        return result.rows;
      } catch (error) {
        if (!isConnectionLoss(error) || this.pool.ending || Date.now() + pause > deadline) {
          throw storeFailed(statement, error);
        }
        await sleep(pause);
      }
    }
  }

  /**
   * Runs one statement, once: for what is worth nothing later.
   * @throws ChampionError STORE_FAILED
   */
  async runNow<Row extends pg.QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    try {
      return (await this.pool.query<Row>({ ...statement, values: [...values] })).rows;
    } catch (error) {
      throw storeFailed(statement, error);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/**
 * Opens the records' connections and proves them.
 * @throws ChampionError UNREACHABLE, with the server's address but never the password
 */
export async function openDatabase(url: string, internalLog: InternalLog): Promise<Database> {
  const database = new Database(url, internalLog);
  try {
    await database.pool.query('SELECT 1');
    return database;
  } catch (cause) {
    await database.close();
    const { host, pathname } = new URL(url);
    throw new ChampionError(`No connection to the PostgreSQL database ${host}${pathname}: ${reason(cause)}`, {
      code: 'UNREACHABLE',
      retry: 'backoff',
      hint: 'Check DATABASE_URL and that the server is up.',
      context: { host, database: pathname.slice(1) },
      cause,
    });
  }
}

function storeFailed(statement: Statement, cause: unknown): ChampionError {
  return new ChampionError(`The run records could not be written or read (${statement.name}): ${reason(cause)}`, {
    code: 'STORE_FAILED',
    retry: 'backoff',
    hint: 'Check that PostgreSQL is up and has space.',
    context: { statement: statement.name },
    cause,
  });
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** Classes 08 and 57P of SQLSTATE, and what the socket says. */
function isConnectionLoss(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') return /^(08|57P0|ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN)/.test(code);
  return error instanceof Error && /Connection terminated|timeout exceeded when trying to connect/.test(error.message);
}
