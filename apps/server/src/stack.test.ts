import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWarehouse, serveWarehouse } from '@champion/warehouse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseEnv } from './config.ts';
import { openStack } from './stack.ts';

describe('openStack', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'champion-stack-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('waits, when closed, for what is still opening, and leaves nothing running', async () => {
    const stack = await openStack(parseEnv({ CHAMPION_HOME: folder }));
    const opening = Promise.all([stack.engine(), stack.warehouse()]);
    await stack.close();
    await opening;
    // The folder is free again, for the database as for the warehouse.
    const again = await openStack(parseEnv({ CHAMPION_HOME: folder }));
    await Promise.all([again.engine(), again.warehouse()]);
    await again.close();
    await again.close();
  });

  it('refuses a home that another one holds, naming the process', async () => {
    const stack = await openStack(parseEnv({ CHAMPION_HOME: folder }));
    await expect(openStack(parseEnv({ CHAMPION_HOME: folder }))).rejects.toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining(String(process.pid)),
    });
    await stack.close();
  });

  it('finds a ClickHouse server that was down when it was first asked for', async () => {
    const embedded = await openWarehouse({ kind: 'embedded', path: join(folder, 'elsewhere') });
    const served = await serveWarehouse(embedded);
    const { port, username, password } = new URL(served.url);
    let isUp = false;
    const door = createServer((socket) => {
      if (!isUp) return void socket.destroy();
      const through = connect(Number(port), '127.0.0.1');
      socket.on('error', () => through.destroy()).pipe(through);
      through.on('error', () => socket.destroy()).pipe(socket);
    });
    await once(door.listen(0, '127.0.0.1'), 'listening');
    const at = (door.address() as AddressInfo).port;
    const url = `http://${username}:${password}@127.0.0.1:${at}`;
    const stack = await openStack(parseEnv({ CHAMPION_HOME: join(folder, 'home'), CLICKHOUSE_URL: url }));
    try {
      await expect(stack.warehouse()).rejects.toMatchObject({ code: 'UNREACHABLE' });
      isUp = true;
      expect(await (await stack.warehouse()).info()).toMatchObject({ kind: 'server' });
    } finally {
      await stack.close();
      door.close();
      await served.close();
      await embedded.close();
    }
  });

  it('says what is wrong with a home that cannot be', async () => {
    await writeFile(join(folder, 'file'), '');
    const config = parseEnv({ CHAMPION_HOME: join(folder, 'file/home') });
    await expect(openStack(config)).rejects.toMatchObject({ code: 'CONFIG', hint: expect.stringContaining('--home') });
  });
});
