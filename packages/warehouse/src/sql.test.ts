import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Adapter } from './adapters/adapter.ts';
import { openEmbedded } from './adapters/embedded.ts';
import { SqlRunner } from './sql.ts';
import { Tables } from './tables.ts';

let folder: string;
let adapter: Adapter;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'champion-sql-'));
  adapter = await openEmbedded(folder);
});
afterAll(async () => {
  await adapter?.close();
  await rm(folder, { recursive: true, force: true });
});

it('lets the answer of the engine go with a file that nobody reads', async () => {
  // As a server answers: piece by piece, and closing the session ends nothing.
  const answer = Readable.from(Array.from({ length: 100 }, () => Buffer.from('1\n')));
  const watched: Adapter = {
    ...adapter,
    openReadOnly: async (settings) => ({ ...(await adapter.openReadOnly(settings)), stream: async () => answer }),
  };
  const { signal } = new AbortController();
  const limits = { maxRows: 1_000, timeoutMs: 20_000, signal };
  const file = await new SqlRunner(watched, new Tables(watched)).export('SELECT 1', { format: 'csv', ...limits });
  expect(answer.destroyed).toBe(false);
  const closed = once(file, 'close');
  file.destroy();
  await closed;
  expect(answer.destroyed).toBe(true);
});
