import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openEmbedded } from './embedded.ts';

vi.mock('chdb/connection', () => {
  throw new Error("Cannot find package 'chdb'");
});

it('says what to do where the embedded engine was left out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'champion-no-engine-'));
  try {
    await expect(openEmbedded(folder)).rejects.toMatchObject({
      code: 'CONFIG',
      hint: expect.stringContaining('CLICKHOUSE_URL'),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
