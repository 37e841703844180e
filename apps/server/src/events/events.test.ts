import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@champion/contract';
import { fixedClock } from '@champion/core';
import { datasets } from '@champion/datasets';
import { type Simulator, startSimulator } from '@champion/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Config, parseEnv } from '../config.ts';
import { startServer } from '../platform.ts';
import { openStack } from '../stack.ts';
import { eventsStatus, followEvents } from './index.ts';

const clock = fixedClock(new Date('2026-05-20T21:00:00+05:30'));
const BHAVCOPY = ['nse-bhavcopy-etl', { trade_date: '2026-05-20', load_to_clickhouse: false }] as const;

let simulator: Simulator;
let home: string;
let nobody: string;
beforeAll(async () => {
  simulator = await startSimulator({ clock });
  nobody = `127.0.0.1:${await freePort()}`;
});
afterAll(() => simulator?.close());
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'champion-events-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

function configure(brokers?: string): Config {
  return parseEnv({
    CHAMPION_HOME: home,
    CHAMPION_PORT: '0',
    CHAMPION_TRACKING_PORT: '0',
    NSE_ARCHIVES_URL: simulator.url,
    NSE_SITE_URL: simulator.url,
    NSE_REQUESTS_PER_SECOND: '1000',
    KAFKA_BROKERS: brokers,
  });
}

/** Runs the bhavcopy's flow to its end, so many times, in a process that then ends. @returns the names of its tasks */
async function runHere(config: Config, times = 1): Promise<readonly string[]> {
  const stack = await openStack(config, { clock });
  try {
    const engine = await stack.engine();
    let id = '';
    for (let i = 0; i < times; i++) {
      const run = await engine.run(...BHAVCOPY);
      expect(await run.result()).toMatchObject({ state: 'COMPLETED' });
      id = run.id;
    }
    return (await engine.runs.get(id))?.taskRuns.map(({ name }) => name) ?? [];
  } finally {
    await stack.close();
  }
}

test('no topic is sent to by two datasets', () => {
  const topics = datasets.flatMap((dataset) => [dataset.topics.rows, dataset.topics.published?.topic ?? []].flat());
  expect(new Set(topics).size).toBe(topics.length);
});

const until = new AbortController().signal;

describe('without KAFKA_BROKERS', () => {
  test('a flow has no task for events, and the commands say what to set', async () => {
    const config = configure();
    expect(await runHere(config)).not.toContain('publish_events');
    await expect(eventsStatus(config)).rejects.toMatchObject({
      code: 'CONFIG',
      hint: expect.stringContaining('KAFKA_BROKERS=host:port'),
    });
    const tail = followEvents(config, { which: undefined, fromBeginning: false, signal: until });
    await expect(tail.next()).rejects.toMatchObject({ code: 'CONFIG' });
  }, 120_000);
});

describe('while Kafka does not answer', () => {
  test('a flow completes, and its rows wait for whoever looks', async () => {
    const config = configure(nobody);
    // Run again, it leaves nothing more.
    expect(await runHere(config, 2)).toContain('publish_events');
    const status = await eventsStatus(config);
    expect(status).toMatchObject({ brokers: [nobody], waiting: 2, failing: expect.stringContaining('ECONNREFUSED') });
    expect(status.waitingRows).toBeGreaterThan(4_000);
    expect(status.topics.map(({ topic }) => topic)).toEqual([
      'normalized.market.equity.ohlc',
      'raw.market.equity.ohlc',
    ]);

    const stack = await openStack(config, { clock });
    const server = await startServer({ stack, config, version: '0.1.0' });
    try {
      const client = createClient({ baseUrl: server.url, validate: true });
      const kafka = async () => (await client.readSystem()).stores.find(({ name }) => name === 'Kafka');
      await expect
        .poll(kafka)
        .toMatchObject({ kind: 'server', state: 'down', detail: expect.stringContaining('2 files') });
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      expect(metrics).toContain('champion_events_outbox_files 2\n');
      expect(metrics).toContain(`champion_events_outbox_rows ${status.waitingRows}\n`);
      expect(metrics).toMatch(/champion_events_failures_total\{topic="normalized\.market\.equity\.ohlc"\} [1-9]/);
      // Beside a server the commands find its database.
      expect(await eventsStatus({ ...config, kafkaBrokers: undefined })).toMatchObject({
        brokers: [nobody],
        waiting: 2,
      });
    } finally {
      await server.stop();
    }
  }, 120_000);

  test('rows wait as those of the platform’s own lake, however its path was written', async () => {
    const config = configure(nobody);
    const stack = await openStack(config, { clock });
    try {
      const engine = await stack.engine();
      const lakeOf = async (output_base_path: string) => {
        const [flow, parameters] = BHAVCOPY;
        await (await engine.run(flow, { ...parameters, output_base_path })).result();
        return (await (await stack.events.outbox()).next())?.lake;
      };
      expect(await lakeOf(join(home, 'x', '..', 'lake'))).toBeNull();
    } finally {
      await stack.close();
    }
  }, 120_000);

  test('following events says so; a name that is none is told with the nearest', async () => {
    const config = configure(nobody);
    const follow = (which: string) => followEvents(config, { which, fromBeginning: false, signal: until }).next();
    await expect(follow('bhavcopy')).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(follow('bavcopy')).rejects.toMatchObject({ code: 'INVALID_INPUT', hint: 'Did you mean bhavcopy?' });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
