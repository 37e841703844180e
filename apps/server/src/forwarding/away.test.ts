import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@champion/contract';
import { fixedClock } from '@champion/core';
import { type FlowRunRow, startEmbeddedPostgres } from '@champion/engine';
import { parseFault, type Simulator, startSimulator } from '@champion/simulator';
import { mlflowApp, openTracking, type TrackingStore } from '@champion/tracking';
import { createAdaptorServer } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseEnv } from '../config.ts';
import { SpecRunEvent } from '../openlineage/testing/spec.ts';
import { type PlatformServer, startServer } from '../platform.ts';
import { openStack } from '../stack.ts';
import { closed, closedPort, listening, type Receiver, receiver } from './testing/port.ts';

// A Wednesday evening: everything of the day is out.
const clock = fixedClock('2026-05-20T21:00:00+05:30');

let home: string;
let simulator: Simulator;
let server: PlatformServer;
let ports: { slack: number; openLineage: number; mlflow: number };
let file: string;
let loaded: FlowRunRow;
let failed: FlowRunRow;
const logged: string[] = [];

/** Nobody is there to be told of two runs, one of which fails. */
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'champion-away-'));
  file = join(home, 'lineage', 'events.jsonl');
  simulator = await startSimulator({ clock });
  ports = { slack: await closedPort(), openLineage: await closedPort(), mlflow: await closedPort() };
  const at = (port: number) => `http://127.0.0.1:${port}`;
  const config = parseEnv({
    CHAMPION_HOME: home,
    CHAMPION_PORT: '0',
    CHAMPION_TRACKING_PORT: '0',
    NSE_ARCHIVES_URL: simulator.url,
    NSE_SITE_URL: simulator.url,
    NSE_REQUESTS_PER_SECOND: '1000',
    SLACK_WEBHOOK_URL: `${at(ports.slack)}/services/T/B/secret`,
    OPENLINEAGE_URL: at(ports.openLineage),
    OPENLINEAGE_API_KEY: 'lineage-key',
    OPENLINEAGE__TRANSPORT__LOG_FILE_PATH: file,
    MLFLOW_TRACKING_URI: at(ports.mlflow),
  });
  const onInternalLog = (level: string, message: string) => void logged.push(`${level}: ${message}`);
  const serve = { workQueues: ['default'], concurrency: 5 };
  const stack = await openStack(config, { clock, serve, version: '0.1.0', onInternalLog });
  server = await startServer({ stack, config, version: '0.1.0', worker: true, onInternalLog });
  simulator.setFaults([parseFault('404@2026-05-19'), parseFault('corrupt-rows')]);
  failed = await run('2026-05-19');
  loaded = await run('2026-05-20');
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await simulator?.close();
  await rm(home, { recursive: true, force: true });
});

async function run(trade_date: string): Promise<FlowRunRow> {
  const { id } = await server.plane.control.create({ flowName: 'nse-bhavcopy-etl', parameters: { trade_date } });
  return until(async () => {
    const found = await server.plane.runs.find(id);
    return found?.endTime == null ? undefined : found;
  });
}

/** Polls; the test's own time limit is the end of it. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(50);
  }
}

async function status(name: string) {
  return (await server.plane.followers.status()).find((each) => each.name === name);
}

/** Until it was told all there is to tell. */
async function caughtUp(name: string): Promise<void> {
  await until(async () => ((await status(name))?.pending === 0 ? true : undefined));
}

it('flows finish though nobody can be told of them', () => {
  expect(loaded.stateType).toBe('COMPLETED');
  expect(failed).toMatchObject({ stateType: 'FAILED', error: { code: 'MISSING' } });
});

describe('an OpenLineage server that is down', () => {
  it('is seen, and told of everything when it is up', async () => {
    const waiting = await until(async () => {
      const found = await status('openlineage');
      return found !== undefined && found.attempts > 0 ? found : undefined;
    });
    // Two runs, each with its beginning and its end.
    expect(waiting).toMatchObject({ pending: 4, told: 0, lost: 0, lastError: expect.stringContaining('ECONNREFUSED') });
    expect(logged).toContain("warn: openlineage can't be told of runs now");
    const { stores } = await createClient({ baseUrl: server.url, validate: true }).readSystem();
    expect(stores.find(({ name }) => name === 'OpenLineage')).toMatchObject({
      state: 'down',
      detail: expect.stringMatching(/^4 states of runs to be told: .*ECONNREFUSED/),
    });
    expect(stores.find(({ name }) => name === 'OpenLineage file')).toMatchObject({ state: 'up' });

    const target = receiver();
    const { received } = target;
    // It does not take how the tasks of one run began; that run's end must not go missing for it.
    target.answer = ({ body }) => {
      const { eventType, run: of } = SpecRunEvent.parse(body);
      return eventType === 'START' && of.facets?.parent?.run.runId === failed.id ? 422 : 201;
    };
    await listening(target.server, ports.openLineage);
    try {
      await caughtUp('openlineage');
    } finally {
      await closed(target.server);
    }
    expect(await status('openlineage')).toMatchObject({ told: 3, refused: 1, attempts: 0, lastError: null });
    expect(received.every(({ path }) => path === '/api/v1/lineage')).toBe(true);
    expect(received[0]?.authorization).toBe('Bearer lineage-key');
    const events = received.map(({ body }) => SpecRunEvent.parse(body));
    const ofRun = (id: string) => events.filter((event) => event.run.runId === id).map(({ eventType }) => eventType);
    expect(ofRun(loaded.id)).toEqual(['START', 'COMPLETE']);
    expect(ofRun(failed.id)).toEqual(['START', 'FAIL']);
  }, 60_000);

  it('keeps no other from being told', async () => {
    await caughtUp('openlineage-file');
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const ids = lines.map((line) => SpecRunEvent.parse(JSON.parse(line)).run.runId);
    expect(ids).toContain(loaded.id);
    expect(ids).toContain(failed.id);
    expect(await status('tracking')).toMatchObject({ pending: 0, told: 2, attempts: 0 });
  });
});

describe('an MLflow server that is down', () => {
  it('is seen, and has each run once when it is up', async () => {
    expect(await status('mlflow')).toMatchObject({ pending: 2, told: 0, lost: 0 });
    expect(logged).toContain("warn: mlflow can't be told of runs now");

    const postgres = await startEmbeddedPostgres({ dataDir: join(home, 'other-postgres') });
    const store = await openTracking({ databaseUrl: postgres.url });
    const target = createAdaptorServer({ fetch: mlflowApp(store).fetch }) as Server;
    try {
      await listening(target, ports.mlflow);
      await caughtUp('mlflow');
      const runs = await runsIn(store);
      expect(runs.map(({ runName, status: ended }) => [runName, ended]).sort()).toEqual([
        ['bhavcopy-etl-2026-05-19', 'FAILED'],
        ['bhavcopy-etl-2026-05-20', 'FINISHED'],
      ]);
      const forwarded = runs.find(({ status: ended }) => ended === 'FINISHED');
      expect(forwarded).toMatchObject({
        params: { trade_date: '2026-05-20', load_to_clickhouse: 'true' },
        tags: { flow_run_id: loaded.id, state: 'Completed', 'mlflow.runName': 'bhavcopy-etl-2026-05-20' },
        startTime: loaded.startTime?.getTime(),
        endTime: loaded.endTime?.getTime(),
      });
      const metrics = forwarded?.metrics.map(({ key }) => key);
      expect(metrics).toEqual(expect.arrayContaining(['rows_processed', 'scrape_duration_seconds', 'total_duration']));
    } finally {
      await closed(target);
      await store.close();
      await postgres.stop();
    }
  }, 60_000);
});

async function runsIn(store: TrackingStore) {
  const { experimentId } = await store.getExperimentByName('nse-bhavcopy-etl');
  return (await store.searchRuns({ experimentIds: [experimentId] })).items;
}

describe('a Slack that is down', () => {
  it('is seen, and told of the failure when it is up', async () => {
    const { notifications } = server.plane;
    await until(async () => ((await notifications.counts()).inTrouble > 0 ? true : undefined));
    expect(await notifications.counts()).toMatchObject({ waiting: 1, inTrouble: 1, delivered: 0 });

    const target: Receiver = receiver();
    target.answer = () => 200;
    await listening(target.server, ports.slack);
    try {
      await until(async () => ((await notifications.counts()).delivered === 1 ? true : undefined));
    } finally {
      await closed(target.server);
    }
    expect(target.received).toHaveLength(1);
    expect(target.received[0]).toMatchObject({
      path: '/services/T/B/secret',
      body: { text: expect.stringContaining('bhavcopy-etl-2026-05-19') },
    });
  }, 60_000);
});
