import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixedClock } from '@champion/core';
import { startSimulator } from '@champion/simulator';
import { Admin } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle, repoRoot } from '../../../tools/build.mjs';
import { connectKafka, Relay, type TailedEvent, tail } from './index.ts';
import { type Broker, startBroker } from './testing/broker.ts';
import { type Market, openMarket } from './testing/market.ts';
import { openBench } from './testing/sample.ts';

// A real Kafka. CHAMPION_TEST_KAFKA names the folder of its jars, as .ci/kafka fetches them.

const jars = process.env.CHAMPION_TEST_KAFKA;
if (jars === undefined) {
  console.warn(
    "broker.test.ts does not run: CHAMPION_TEST_KAFKA does not name a folder of Kafka's jars (.ci/kafka FOLDER)",
  );
}

const ROWS = 'normalized.market.equity.ohlc';
const PUBLISHED = 'raw.market.equity.ohlc';
const DATE = '2026-05-20';
const BHAVCOPY = ['nse-bhavcopy-etl', { trade_date: DATE, load_to_clickhouse: false }] as const;

describe.skipIf(jars === undefined)('with a real Kafka', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startBroker(jars ?? '');
  }, 120_000);
  afterAll(() => broker?.close());

  /** What the topic holds, whole: as many records as its partitions' ends say. */
  async function recordsOf(topic: string): Promise<TailedEvent[]> {
    const limit = await count(topic);
    const events: TailedEvent[] = [];
    if (limit === 0) return events;
    for await (const event of tail({ brokers: [broker.address], topics: [topic], fromBeginning: true, limit })) {
      events.push(event);
    }
    return events;
  }

  async function count(topic: string): Promise<number> {
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [broker.address] });
    try {
      const { topics } = await admin.metadata({ topics: [topic] }).then((metadata) => metadata);
      const partitions = Array.from({ length: topics.get(topic)?.partitionsCount ?? 0 }, (_, partitionIndex) => ({
        partitionIndex,
        timestamp: -1n,
      }));
      const [listed] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
      return Number(listed?.partitions.reduce((sum, { offset }) => sum + offset, 0n) ?? 0n);
    } finally {
      await admin.close();
    }
  }

  const ids = (events: readonly TailedEvent[]) => events.map(({ headers }) => headers.event_id);

  describe('a bhavcopy', () => {
    let market: Market;
    beforeAll(async () => {
      market = await openMarket(broker.address, `${DATE}T21:00:00+05:30`);
    }, 60_000);
    afterAll(() => market?.close());

    test('is sent whole, every event once, keyed by its entity', async () => {
      const run = await market.run(...BHAVCOPY);
      expect(run).toMatchObject({ state: 'COMPLETED' });
      const loaded = Number(/^([\d,]+) rows/.exec(run.message ?? '')?.[1]?.replaceAll(',', ''));
      expect(loaded).toBeGreaterThan(2_000);
      // What is left is sent before the process ends.
      await market.restart();
      const events = await recordsOf(ROWS);
      expect(events).toHaveLength(loaded);
      expect(new Set(ids(events)).size).toBe(loaded);
      for (const { key, value, headers } of events) {
        const row = value as Record<string, unknown>;
        expect(key).toBe(`${row.symbol}:${row.series}:NSE`);
        expect([row.entity_id, row.event_id, row.trade_date]).toEqual([key, headers.event_id, DATE]);
        expect(row.close).toMatch(/^\d+\.\d{4}$/);
      }
      expect(events[0]?.headers).toMatchObject({ dataset: 'bhavcopy', schema_version: '1', revision: '1' });
      // One entity, one partition.
      const partitions = new Map(events.map(({ key, partition }) => [key, partition]));
      expect(events.every(({ key, partition }) => partitions.get(key) === partition)).toBe(true);
      expect(new Set(partitions.values()).size).toBe(3);

      const published = await recordsOf(PUBLISHED);
      expect(ids(published).sort()).toEqual(ids(events).sort());
      expect(published[0]?.value).toMatchObject({ TckrSymb: expect.any(String), entity_id: published[0]?.key });
    }, 120_000);

    test('that is loaded again is not sent again; a corrected one is, as a revision', async () => {
      const before = await count(ROWS);
      await market.run(...BHAVCOPY);
      await market.restart();
      expect(await count(ROWS)).toBe(before);
      market.revised(true);
      await market.run(...BHAVCOPY);
      await market.restart();
      const corrected = (await recordsOf(ROWS)).filter(({ headers }) => headers.revision === '2');
      expect(corrected.length).toBe((await count(ROWS)) - before);
      expect(String(corrected.length)).toBe(corrected[0]?.headers.rows);
      expect(corrected.length).toBeGreaterThan(2_000);
    }, 120_000);

    test('whose Kafka is away during the run completes, waits, and arrives', async () => {
      const before = await count(ROWS);
      await broker.stop();
      const trade_date = '2026-05-19';
      const run = await market.run('nse-bhavcopy-etl', { trade_date, load_to_clickhouse: false });
      expect(run).toMatchObject({ state: 'COMPLETED' });
      const { events, plane } = market.stack();
      (await plane()).startDuties({ further: events.duties() });
      const outbox = await events.outbox();
      await expect
        .poll(async () => (await outbox.status()).some(({ failures }) => failures > 0), { timeout: 30_000 })
        .toBe(true);
      const waiting = await outbox.status();
      expect(waiting.map(({ topic, waiting: files }) => [topic, files])).toEqual([
        [ROWS, 1],
        [PUBLISHED, 1],
      ]);
      await broker.start();
      await expect.poll(() => outbox.isEmpty(), { timeout: 60_000 }).toBe(true);
      const arrived = (await recordsOf(ROWS)).filter(({ headers }) => headers.business_date === trade_date);
      const rows = waiting.find(({ topic }) => topic === ROWS)?.waitingRows;
      expect(new Set(ids(arrived)).size).toBe(rows);
      expect(await count(ROWS)).toBe(before + (rows ?? Number.NaN));
    }, 180_000);
  });

  test('the command line follows what a run sends before it ends, and tells what was sent', async () => {
    const outdir = join(repoRoot, 'node_modules/.cache', `events-cli-${process.pid}`);
    const home = await mkdtemp(join(tmpdir(), 'champion-events-cli-'));
    const clock = fixedClock(new Date(`${DATE}T21:00:00+05:30`));
    const simulator = await startSimulator({ clock });
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: home,
      CHAMPION_HOME: home,
      KAFKA_BROKERS: broker.address,
      NSE_ARCHIVES_URL: simulator.url,
      NSE_SITE_URL: simulator.url,
      NSE_REQUESTS_PER_SECOND: '1000',
    };
    const champion = (...args: string[]) => spawn(process.execPath, [join(outdir, 'champion.js'), ...args], { env });
    try {
      await bundle({ champion: 'apps/cli/src/main.ts' }, outdir);
      // Its topic is not made by others here.
      const admin = new Admin({ clientId: 'test', bootstrapBrokers: [broker.address] });
      await admin.createTopics({ topics: ['normalized.market.index.ohlc'], partitions: 2 });
      await admin.close();
      const tailing = champion('events', 'tail', 'indices-close', '--limit', '5');
      const followed = textOf(tailing);
      await new Promise<void>((resolve) => {
        tailing.stderr.on('data', (data) => String(data).includes('waiting for events') && resolve());
        tailing.once('exit', () => resolve());
      });
      const flow = ['flow', 'run', 'indices-close-etl', '-p', `trade_date=${DATE}`, '-p', 'load_to_clickhouse=false'];
      const ran = await textOf(champion(...flow, '-o', 'json'));
      expect([ran.code, ran.stderr]).toEqual([0, '']);
      const lines = (await followed).stdout.trim().split('\n');
      expect(lines).toHaveLength(5);
      expect(lines[0]).toMatch(/normalized\.market\.index\.ohlc .*:INDEX:NSE \{.*"entity_id":/);

      const from = ['events', 'tail', 'normalized.market.index.ohlc', '--from-beginning', '--limit', '1', '-o', 'json'];
      const [first = ''] = (await textOf(champion(...from))).stdout.split('\n');
      const event = JSON.parse(first) as TailedEvent;
      expect(event).toMatchObject({ headers: { dataset: 'indices-close', business_date: DATE } });

      const json = JSON.parse((await textOf(champion('events', 'status', '-o', 'json'))).stdout) as {
        topics: unknown[];
      };
      expect(json).toMatchObject({ brokers: [broker.address], waiting_files: 0, waiting_rows: 0, failing: null });
      expect(json.topics).toHaveLength(1);
      const status = await textOf(champion('events', 'status'));
      expect(status.stderr).toContain('nothing waits to be sent');
      expect(status.stdout).toMatch(/^normalized\.market\.index\.ohlc +0 +0 +\d+/m);
    } finally {
      await simulator.close();
      await rm(home, { recursive: true, force: true });
      await rm(outdir, { recursive: true, force: true });
    }
  }, 120_000);

  test('a relay that is killed between sending and marking loses nothing, and who goes by event id sees each once', async () => {
    const bench = await openBench();
    const outdir = join(repoRoot, 'node_modules/.cache', `events-tests-${process.pid}`);
    try {
      const topic = 'killed.relay';
      await bundle({ relay: 'packages/events/src/testing/dying-relay.ts' }, outdir);
      await bench.outbox.handOver(await bench.written(2_500, { topic }));
      const child = spawn(process.execPath, [join(outdir, 'relay.js'), bench.databaseUrl, broker.address, bench.root], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      const [said] = await once(child.stdout, 'data');
      expect(String(said)).toBe('sent 1000\n');
      child.kill('SIGKILL');
      await exited;
      expect((await bench.outbox.status())[0]).toMatchObject({ waitingRows: 2_500 });
      const relay = new Relay({
        outbox: bench.outbox,
        connect: () => connectKafka([broker.address]),
        lakeRoot: async () => bench.root,
      });
      // Its right to send goes with its connection, which PostgreSQL notices in its own time.
      await expect.poll(async () => (await relay.turn()).ended, { timeout: 20_000 }).toBe('idle');
      await relay.close();
      expect(await bench.outbox.isEmpty()).toBe(true);
      const events = await recordsOf(topic);
      expect(events).toHaveLength(3_500);
      expect([...new Set(ids(events))].sort()).toEqual(Array.from({ length: 2_500 }, (_, i) => `event-${i}`).sort());
    } finally {
      await bench.close();
      await rm(outdir, { recursive: true, force: true });
    }
  }, 120_000);
});

async function textOf(
  child: ChildProcessWithoutNullStreams,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const heard = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (heard.stdout += String(data)));
  child.stderr.on('data', (data) => (heard.stderr += String(data)));
  const [code] = await once(child, 'close');
  return { code, ...heard };
}
