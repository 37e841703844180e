import { randomUUID } from 'node:crypto';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@champion/engine';
import pl from 'nodejs-polars';
import pg from 'pg';
import type { EventMessage } from '../encode.ts';
import { type NewReference, type Outbox, openOutbox, pinFile, type Sender } from '../index.ts';

/** An outbox on a PostgreSQL of its own, beside a lake's folder. */
export interface Bench {
  readonly outbox: Outbox;
  readonly databaseUrl: string;
  /** The lake's folder. */
  readonly root: string;
  /** Writes rows to the file that each call replaces, pins it and says how to hand it over. */
  written(rows: number, about?: Partial<NewReference>): Promise<NewReference>;
  sql(text: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const home = await mkdtemp(join(tmpdir(), 'champion-events-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(home, 'postgres') });
  const outbox = await openOutbox({ databaseUrl: postgres.url });
  const pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
  // The server may go before the closed connections have.
  pool.on('error', () => undefined);
  return {
    outbox,
    databaseUrl: postgres.url,
    root: home,
    written: async (rows, about = {}) => {
      const source = about.source ?? randomUUID();
      const file = join(home, 'silver.parquet');
      // As the lake does it: the file is another one, the one that was pinned stays.
      frameOf(rows, source).writeParquet(`${file}.new`);
      await rename(`${file}.new`, file);
      return {
        topic: 'a.topic',
        dataset: 'a-dataset',
        slice: 'a-slice',
        businessDate: '2026-05-20',
        source,
        schemaVersion: 1,
        lake: null,
        rows,
        ...(await pinFile(home, file)),
        ...about,
      };
    },
    sql: async (text) => (await pool.query(text)).rows,
    close: async () => {
      await pool.end();
      await outbox.close();
      await postgres.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function frameOf(rows: number, source: string): pl.DataFrame {
  const ids = Array.from({ length: rows }, (_, i) => `event-${i}`);
  return pl.DataFrame([
    pl.Series('event_id', ids, pl.String),
    pl.Series(
      'entity_id',
      ids.map((_, i) => `E${i % 7}`),
      pl.String,
    ),
    pl.Series(
      'source',
      ids.map(() => source),
      pl.String,
    ),
  ]);
}

/** A way to nowhere that keeps what it is given. */
export function recordingSender(): Sender & { readonly sent: { topic: string; messages: readonly EventMessage[] }[] } {
  const sent: { topic: string; messages: readonly EventMessage[] }[] = [];
  return {
    sent,
    send: async (topic, messages) => {
      sent.push({ topic, messages });
    },
    close: async () => undefined,
  };
}
