import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, type FlowRunDetail, type RunReader, startEmbeddedPostgres } from '@champion/engine';
import { mlflowApp, openTracking, type TrackingStore } from '@champion/tracking';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { basic, serviceAt } from '../forwarding/ask.ts';
import { closed, closedPort, listening } from '../forwarding/testing/port.ts';
import { mlflowForward } from './mlflow-forward.ts';

let home: string;
let postgres: EmbeddedPostgres;
let store: TrackingStore;
let server: Server;
let url: string;
/** Paths that answer so from now on. */
const broken = new Map<string, 400 | 503>();
const asked: { path: string; authorization: string | undefined }[] = [];

/** An MLflow server, which can be made to break. */
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'champion-forward-'));
  postgres = await startEmbeddedPostgres({ dataDir: join(home, 'postgres') });
  store = await openTracking({ databaseUrl: postgres.url });
  const app = new Hono();
  app.use(async (c, next) => {
    const path = c.req.path.replace('/api/2.0/mlflow', '');
    asked.push({ path, authorization: c.req.header('authorization') });
    const status = broken.get(path);
    return status === undefined ? next() : c.text('out of order', status);
  });
  app.route('/', mlflowApp(store));
  const port = await closedPort();
  server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await listening(server, port);
  url = `http://127.0.0.1:${port}`;
}, 60_000);
afterEach(() => {
  broken.clear();
  asked.length = 0;
});
afterAll(async () => {
  await closed(server);
  await store?.close();
  await postgres?.stop();
  await rm(home, { recursive: true, force: true });
});

const start = new Date('2026-11-02T10:00:00Z');
const end = new Date('2026-11-02T10:00:02.500Z');

function ended(run: Partial<FlowRunDetail> = {}): FlowRunDetail {
  return {
    id: randomUUID(),
    flowName: 'bars-etl',
    name: 'bars-1',
    parameters: { trade_date: '2026-11-02', deep: { n: 1 } },
    stateType: 'COMPLETED',
    stateName: 'Completed',
    stateMessage: null,
    stateAt: end,
    startTime: start,
    endTime: end,
    createdAt: start,
    deploymentName: null,
    executorId: 'worker-1',
    parentFlowRunId: null,
    retryOf: null,
    error: null,
    result: { rows_in_file: 10, rows_loaded: 9, rows_quarantined: 1 },
    taskRuns: [],
    ...run,
  } as unknown as FlowRunDetail;
}

/** Tells the server of a run, as its end does. */
async function tell(run: FlowRunDetail, authorization?: string): Promise<void> {
  const runs = { get: async () => run } as unknown as RunReader;
  const follower = mlflowForward(runs, serviceAt('The MLflow server', url, authorization));
  const state = { flowRunId: run.id, type: run.stateType, name: run.stateName, message: null, at: end };
  await follower.tell(state, AbortSignal.timeout(60_000));
}

async function forwarded(experiment: string) {
  const { experimentId } = await store.getExperimentByName(experiment);
  return (await store.searchRuns({ experimentIds: [experimentId] })).items;
}

it('makes the experiment, and a run with all that is known of it', async () => {
  const run = ended({ flowName: 'a "quoted" flow/ünïcode' });
  await tell(run, basic('me', 'secret'));
  expect(await forwarded(run.flowName)).toMatchObject([
    {
      runName: 'bars-1',
      status: 'FINISHED',
      userId: 'champion',
      startTime: start.getTime(),
      endTime: end.getTime(),
      params: { trade_date: '2026-11-02', deep: '{"n":1}' },
      tags: { flow_run_id: run.id, worker: 'worker-1', state: 'Completed' },
    },
  ]);
  const [{ metrics = [] } = {}] = await forwarded(run.flowName);
  const points = Object.fromEntries(metrics.map(({ key, value }) => [key, value]));
  expect(points).toEqual({
    total_duration: 2.5,
    rows_processed: 10,
    rows_loaded: 9,
    rows_filtered: 1,
    validation_pass_rate: 0.9,
  });
  expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set([basic('me', 'secret')]));
});

it.each(['/runs/log-batch', '/runs/update'])('goes on with a run that was broken off at %s', async (path) => {
  const run = ended({ flowName: `broken off at ${path.split('/')[2]}` });
  broken.set(path, 503);
  await expect(tell(run)).rejects.toMatchObject({ retry: 'backoff', message: expect.stringContaining('answered 503') });
  expect(await forwarded(run.flowName)).toMatchObject([{ status: 'RUNNING' }]);
  broken.clear();
  await tell(run);
  // Told once more, by a process that died before it could say so.
  await tell(run);
  const [only, ...others] = await forwarded(run.flowName);
  expect(others).toEqual([]);
  expect(only).toMatchObject({ status: 'FINISHED', params: { trade_date: '2026-11-02' } });
  expect(asked.filter((each) => each.path === '/runs/create')).toHaveLength(1);
});

it('ends a run there whose numbers are refused', async () => {
  const run = ended({ flowName: 'refused', stateType: 'FAILED', stateName: 'Failed' });
  broken.set('/runs/log-batch', 400);
  await expect(tell(run)).rejects.toMatchObject({ retry: 'never', message: expect.stringContaining('answered 400') });
  expect(await forwarded(run.flowName)).toMatchObject([{ status: 'FAILED', endTime: end.getTime() }]);
});

it('takes more of everything than one batch holds', async () => {
  const many = (count: number, prefix: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, i]));
  const slices = [
    { slice: 'a', rows_loaded: 1, metrics: many(700, 'm') },
    { slice: 'b', rows_loaded: 1, metrics: many(700, 'm') },
  ];
  const run = ended({
    flowName: 'large',
    parameters: { ...many(130, 'p'), long: 'x'.repeat(20_000) },
    result: { rows_loaded: 2, slices },
  });
  await tell(run);
  const [found] = await forwarded('large');
  expect(Object.keys(found?.params ?? {})).toHaveLength(131);
  expect(found?.params.long).toHaveLength(5_000);
  expect(found?.metrics.length).toBeGreaterThan(1_400);
});

it('says how runs ended, and waits for an experiment that is deleted there', async () => {
  const flowName = 'deleted';
  await tell(ended({ flowName, stateType: 'CANCELLED', stateName: 'Cancelled' }));
  await tell(ended({ flowName, stateType: 'CRASHED', stateName: 'Crashed', startTime: null }));
  expect((await forwarded(flowName)).map(({ status }) => status).sort()).toEqual(['FAILED', 'KILLED']);
  const { experimentId } = await store.getExperimentByName(flowName);
  await store.deleteExperiment(experimentId);
  await expect(tell(ended({ flowName }))).rejects.toMatchObject({ code: 'BUSY', retry: 'backoff' });
  await store.restoreExperiment(experimentId);
  await tell(ended({ flowName }));
  expect(await forwarded(flowName)).toHaveLength(3);
});
