import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@champion/contract';
import { type Simulator, startSimulator } from '@champion/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Config, parseEnv } from './config.ts';
import { startServer } from './platform.ts';
import { openStack } from './stack.ts';

let simulator: Simulator;
let home: string;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'champion-platform-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

function configure(more: Record<string, string> = {}): Config {
  return parseEnv({
    CHAMPION_HOME: home,
    CHAMPION_PORT: '0',
    CHAMPION_TRACKING_PORT: '0',
    NSE_ARCHIVES_URL: simulator.url,
    NSE_SITE_URL: simulator.url,
    ...more,
  });
}

async function serve(config: Config, options: { worker?: boolean; logged?: string[] } = {}) {
  const { logged = [], ...rest } = options;
  const log = (level: string, message: string) => void logged.push(`${level}: ${message}`);
  const serveOptions = { workQueues: ['default'], concurrency: config.workerConcurrency };
  const stack = await openStack(config, {
    version: '0.1.0',
    onInternalLog: log,
    ...(options.worker === true ? { serve: serveOptions } : {}),
  });
  return startServer({ stack, config, version: '0.1.0', simulated: true, onInternalLog: log, ...rest });
}

describe('startServer', () => {
  it('serves the API, executes runs, says where it is, and leaves nothing behind', async () => {
    const logged: string[] = [];
    const server = await serve(configure(), { worker: true, logged });
    const client = createClient({ baseUrl: server.url, validate: true });
    expect(await client.readHealth()).toBe(true);
    const tracking_port = Number(new URL(server.trackingUrl).port);
    expect(await client.readSystem()).toMatchObject({ version: '0.1.0', simulated: true, home, tracking_port });
    expect((await client.deploy({ body: { apply: true } })).changes.length).toBeGreaterThan(5);
    expect(await client.listWorkers()).toMatchObject([{ status: 'online', concurrency: 5 }]);
    expect((await client.listDatasets()).map(({ name }) => name)).toContain('bhavcopy');
    // A day on which the exchange is closed needs no file.
    const run = await client.runFlow({
      params: { name: 'nse-bhavcopy-etl' },
      body: { parameters: { trade_date: '2026-01-26' } },
    });
    for await (const event of client.streamEvents({ query: { flow_run_id: run.id } })) {
      expect(event.flow_run_id).toBe(run.id);
    }
    expect(await client.readFlowRun({ params: { id: run.id } })).toMatchObject({ state_name: 'NoSession' });

    const file = join(home, 'server.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ url: server.url, pid: process.pid });
    expect((await stat(join(home, 'stores.json'))).mode & 0o077).toBe(0);

    // Another one on the same port says who has it, and closes what it opened.
    const config = { ...configure({ CHAMPION_HOME: join(home, 'other') }), port: server.port };
    await expect(serve(config)).rejects.toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining('another Champion server'),
      hint: expect.stringContaining('CHAMPION_PORT='),
    });
    await (await openStack(config)).close();

    await Promise.all([server.stop(), server.stop()]);
    expect(existsSync(file)).toBe(false);
    await expect(client.readHealth()).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(logged.filter((line) => line.startsWith('error'))).toEqual([]);
    // The home is free.
    await (await openStack(configure())).close();
  });

  it('is not reachable by others without a key, and says so before it opens anything', async () => {
    await expect(serve(configure({ CHAMPION_HOST: '0.0.0.0' }))).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining('CHAMPION_API_KEY is not set'),
    });
    // The home is free.
    await (await openStack(configure())).close();
  });
});
