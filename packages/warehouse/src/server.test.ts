import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bhavcopy } from '@champion/datasets';
import { createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, repoRoot } from '../../../tools/build.mjs';
import { openServer } from './adapters/server.ts';
import { openWarehouse } from './index.ts';
import { warehouseContract } from './testing/contract.ts';

const realServer = process.env.CHAMPION_TEST_CLICKHOUSE_URL;

describe('ClickHouse over HTTP, served by the process that has the embedded engine', () => {
  let folder: string;
  let built: string;
  let owner: ChildProcess;
  let url: string;
  /** The URL without its login, and the login. */
  let bare: string;
  let login: { username: string; password: string };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'champion-server-'));
    const cache = join(repoRoot, 'node_modules/.cache');
    await mkdir(cache, { recursive: true });
    built = await mkdtemp(join(cache, 'warehouse-test-'));
    await bundle({ owner: 'packages/warehouse/src/testing/owner.ts' }, built);
    owner = fork(join(built, 'owner.js'), [folder, 'let me in'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [message] = (await Promise.race([once(owner, 'message'), once(owner, 'exit')])) as [{ url: string }];
    url = message.url;
    const parts = new URL(url);
    bare = `http://${parts.host}`;
    login = { username: parts.username, password: decodeURIComponent(parts.password) };
  });
  afterAll(async () => {
    if (owner?.connected) {
      const gone = once(owner, 'exit');
      owner.disconnect();
      await gone;
    }
    await rm(folder, { recursive: true, force: true });
    await rm(built, { recursive: true, force: true });
  });

  warehouseContract(() => openServer({ url }));

  it('takes the login from the URL and keeps it out of what it says', async () => {
    const warehouse = await openWarehouse({ kind: 'server', url });
    expect(await warehouse.info()).toMatchObject({ kind: 'server', location: bare });
    await warehouse.close();
  });

  it('does not load the embedded engine', async () => {
    // Only Linux lists a process's libraries; elsewhere there is nothing to look at.
    const libraries = await readFile('/proc/self/maps', 'utf8').catch(() => '');
    expect(libraries).not.toContain('libchdb');
  });

  it('says CONFIG when the login is refused', async () => {
    await expect(openWarehouse({ kind: 'server', url: bare, ...login, password: 'wrong' })).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining('Authentication failed'),
    });
  });

  it('says INVALID_INPUT before its database is there', async () => {
    const warehouse = await openWarehouse({ kind: 'server', url, database: 'not_yet' });
    await expect(warehouse.sql('SELECT 1')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      hint: expect.stringContaining('migrations'),
    });
    expect(await warehouse.migrate(bhavcopy.migrations)).toContain('bhavcopy/0001-equity-ohlc');
    expect((await warehouse.sql('SELECT currentDatabase()')).rows).toEqual([['not_yet']]);
    await warehouse.close();
  });
});

describe('a server that is not there', () => {
  it('is UNREACHABLE, and worth another try', async () => {
    const placeholder = createServer();
    await once(placeholder.listen(0, '127.0.0.1'), 'listening');
    const address = placeholder.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await new Promise((resolve) => placeholder.close(resolve));
    await expect(openWarehouse({ kind: 'server', url: `http://127.0.0.1:${port}` })).rejects.toMatchObject({
      code: 'UNREACHABLE',
      retry: 'backoff',
      hint: expect.stringContaining('CLICKHOUSE_URL'),
    });
  });

  it('is CONFIG when its URL is none', async () => {
    for (const url of ['localhost:8123', 'clickhouse', 'tcp://localhost:9000']) {
      await expect(openWarehouse({ kind: 'server', url })).rejects.toMatchObject({ code: 'CONFIG' });
    }
    await expect(openWarehouse({ kind: 'server', url: 'http://localhost', database: 'a b' })).rejects.toMatchObject({
      code: 'CONFIG',
    });
  });
});

if (realServer === undefined) {
  it('did not run against a real server: CHAMPION_TEST_CLICKHOUSE_URL is not set', () => {
    console.log('warehouse: no real ClickHouse server was tested, CHAMPION_TEST_CLICKHOUSE_URL is not set');
  });
} else {
  describe('a real ClickHouse server', () => {
    const database = `champion_test_${process.pid}`;
    afterAll(async () => {
      const client = createClient({ url: realServer });
      await client.command({ query: `DROP DATABASE IF EXISTS ${database}` });
      await client.close();
    });
    warehouseContract(() => openServer({ url: realServer, database }));
  });
}
