import { ChampionError } from '@champion/core';
import pg from 'pg';
import { migrate } from './migrate.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 60_000;

export interface DatabaseOptions {
  readonly databaseUrl: string;
  /** Connections kept at most. */
  readonly poolSize: number;
  /** Gets a line when an idle connection is lost; the next statement opens another. */
  readonly log: (line: string) => void;
}

/** The connections of the tracking tables. */
export class Database {
  private readonly pool: pg.Pool;

  constructor({ databaseUrl, poolSize, log }: DatabaseOptions) {
    this.pool = new pg.Pool({
      connectionString: databaseUrl,
      max: poolSize,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      application_name: 'champion-tracking',
      // Statements here take milliseconds: to start parallel workers or a compiler for them takes longer than they do. And
      // what they read is in memory or on a solid-state disk, where one page costs about as much as the next.
      options: '-c max_parallel_workers_per_gather=0 -c jit=off -c random_page_cost=1.1',
      types: { getTypeParser },
    });
    this.pool.on('error', (error) => {
      if (!this.pool.ending) log(`an idle database connection was lost: ${error.message}`);
    });
  }

  async migrate(): Promise<void> {
    await migrate(this.pool);
  }

  /**
   * Runs one statement.
   * @throws ChampionError STORE_FAILED, or UNREACHABLE when there is no connection; what PostgreSQL said is the cause
   */
  async rows<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> {
    try {
      return (await this.pool.query<Row>(text, [...values])).rows;
    } catch (cause) {
      throw failed(cause);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/**
 * Opens the connections, proves them and brings the tables up to date.
 * @throws ChampionError UNREACHABLE, with the server's address but never the password
 * @throws ChampionError CONFIG when a newer Champion owns the tables
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const database = new Database(options);
  try {
    await database.migrate();
    return database;
  } catch (cause) {
    await database.close();
    if (cause instanceof ChampionError) throw cause;
    if (!isConnectionLoss(cause)) throw failed(cause);
    const { host, pathname } = new URL(options.databaseUrl);
    throw new ChampionError(`No connection to the PostgreSQL database ${host}${pathname}: ${reason(cause)}`, {
      code: 'UNREACHABLE',
      retry: 'backoff',
      hint: 'Check DATABASE_URL and that the server is up.',
      context: { host, database: pathname.slice(1) },
      cause,
    });
  }
}

/** What PostgreSQL said of a statement it refused: its five-character code and its detail. */
export function sqlState(error: unknown): { readonly code: string; readonly detail: string } | undefined {
  const cause = error instanceof ChampionError ? error.cause : error;
  return cause instanceof pg.DatabaseError ? { code: cause.code ?? '', detail: cause.detail ?? '' } : undefined;
}

function failed(cause: unknown): ChampionError {
  return new ChampionError(`The tracking tables could not be written or read: ${reason(cause)}`, {
    code: isConnectionLoss(cause) ? 'UNREACHABLE' : 'STORE_FAILED',
    retry: 'backoff',
    hint: 'Check that PostgreSQL is up and has space.',
    context: { sqlState: sqlState(cause)?.code },
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
  if (typeof code === 'string') return /^(08|57P0|ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND)/.test(code);
  return error instanceof Error && /Connection terminated|timeout exceeded when trying to connect/.test(error.message);
}

/** Eight-byte integers come as numbers: nothing here is stored beyond the safe ones. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): ReturnType<typeof pg.types.getTypeParser> {
  return oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format);
}
