import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bhavcopy } from '@champion/datasets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, repoRoot } from '../../../tools/build.mjs';
import { openEmbedded } from './adapters/embedded.ts';
import { openWarehouse } from './index.ts';
import { warehouseContract } from './testing/contract.ts';

let folder: string;
let built: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'champion-warehouse-'));
  const cache = join(repoRoot, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  built = await mkdtemp(join(cache, 'warehouse-test-'));
  await bundle({ holder: 'packages/warehouse/src/testing/holder.ts' }, built);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(built, { recursive: true, force: true });
});

describe('embedded ClickHouse', () => {
  warehouseContract(() => openEmbedded(join(folder, 'contract')));
});

describe('the embedded folder', () => {
  const holders: ChildProcess[] = [];
  afterAll(() => {
    for (const holder of holders) holder.kill('SIGKILL');
  });

  /** Another process that opens the folder and holds it until it is killed. */
  async function hold(path: string): Promise<ChildProcess> {
    const holder = fork(join(built, 'holder.js'), [path], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    holders.push(holder);
    const [message] = await Promise.race([once(holder, 'message'), once(holder, 'exit')]);
    expect(message).toEqual({ open: true });
    return holder;
  }

  it('is BUSY while another process has it, and free once that process is dead', async () => {
    const path = join(folder, 'held');
    const holder = await hold(path);
    await expect(openWarehouse({ kind: 'embedded', path })).rejects.toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining(`(${holder.pid})`),
      context: { pid: holder.pid },
    });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(await readdir(path)).toContain('status');
    const warehouse = await openWarehouse({ kind: 'embedded', path });
    expect((await warehouse.sql('SELECT count() FROM equity_ohlc')).rows).toEqual([['0']]);
    await warehouse.close();
  });

  it('is BUSY for a second folder in the same process, and can be moved on from', async () => {
    const first = await openWarehouse({ kind: 'embedded', path: join(folder, 'first') });
    await expect(openWarehouse({ kind: 'embedded', path: join(folder, 'second') })).rejects.toMatchObject({
      code: 'BUSY',
    });
    const again = await openWarehouse({ kind: 'embedded', path: join(folder, 'first') });
    await again.close();
    expect(await first.migrate(bhavcopy.migrations)).toContain('bhavcopy/0001-equity-ohlc');
    await first.close();
    await first.close();
    const second = await openWarehouse({ kind: 'embedded', path: join(folder, 'second') });
    expect(await second.info()).toMatchObject({ kind: 'embedded', location: expect.stringContaining('second') });
    await second.close();
  });

  it('says what to do when it is no folder', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(openWarehouse({ kind: 'embedded', path: join(folder, 'file') })).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('file'),
    });
  });
});
