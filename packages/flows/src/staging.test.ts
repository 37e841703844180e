import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLake } from '@champion/lake';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Staging } from './staging.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'champion-staging-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('says what to do when a restarted run asks for what a completed one has cleared away', async () => {
  const staging = new Staging(await openLake(folder), 'run');
  const path = await staging.writeJson('rows.json', [1, 2]);
  expect(await staging.readJson(path)).toEqual([1, 2]);
  await staging.remove();
  const gone = { code: 'NOT_FOUND', hint: expect.stringContaining('retry the whole run') };
  await expect(staging.readJson(path)).rejects.toMatchObject(gone);
  await expect(staging.copyTo(path, join(folder, 'target'))).rejects.toMatchObject(gone);
});
