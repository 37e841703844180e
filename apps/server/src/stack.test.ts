import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('says what is wrong with a home that cannot be', async () => {
    await writeFile(join(folder, 'file'), '');
    const config = parseEnv({ CHAMPION_HOME: join(folder, 'file/home') });
    await expect(openStack(config)).rejects.toMatchObject({ code: 'CONFIG', hint: expect.stringContaining('--home') });
  });
});
