import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../postgres/embedded.ts';

export interface TestPostgres {
  readonly url: string;
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/** A PostgreSQL of the test's own, in a folder that goes with it. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const home = mkdtempSync(join(tmpdir(), 'champion-engine-'));
  const server = await startEmbeddedPostgres({ dataDir: join(home, 'postgres') });
  const pool = new pg.Pool({ connectionString: server.url, max: 2 });
  // The server may go before the closed connections have.
  pool.on('error', () => undefined);
  return {
    url: server.url,
    query: async (sql, values = []) => (await pool.query(sql, values)).rows,
    stop: async () => {
      await pool.end();
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
