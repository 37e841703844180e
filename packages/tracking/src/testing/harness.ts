import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@champion/engine';
import pg from 'pg';
import { mlflowApp } from '../api/app.ts';
import { openTracking, type TrackingStore } from '../tracking-store.ts';

export interface Harness {
  readonly url: string;
  readonly store: TrackingStore;
  /** Calls the API under /api/2.0/mlflow. */
  call(method: 'GET' | 'POST', path: string, asked?: object): Promise<{ status: number; body: Json }>;
  sql<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer is looked into by the tests, whatever it is
type Json = any;

/** A PostgreSQL of the test's own with a store and the API on it. */
export async function startHarness(): Promise<Harness> {
  const home = mkdtempSync(join(tmpdir(), 'champion-tracking-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(home, 'postgres') });
  const store = await openTracking({ databaseUrl: postgres.url });
  const app = mlflowApp(store);
  const pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
  // The server may go before the closed connections have.
  pool.on('error', () => undefined);
  return {
    url: postgres.url,
    store,
    sql: async (text, values = []) => (await pool.query(text, values)).rows,
    call: async (method, path, asked = {}) => {
      const query = method === 'GET' ? `?${new URLSearchParams(asked as Record<string, string>)}` : '';
      const response = await app.request(`/api/2.0/mlflow/${path}${query}`, {
        method,
        ...(method === 'POST' ? { body: JSON.stringify(asked) } : {}),
      });
      return { status: response.status, body: await response.json() };
    },
    stop: async () => {
      await pool.end();
      await store.close();
      await postgres.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
