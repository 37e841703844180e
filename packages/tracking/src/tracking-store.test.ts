import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './testing/harness.ts';
import { openTracking, type TrackingStore } from './tracking-store.ts';

let harness: Harness;
let store: TrackingStore;
beforeAll(async () => {
  harness = await startHarness();
  store = harness.store;
});
afterAll(() => harness?.stop());

let made = 0;
const experiment = () => store.createExperiment({ name: `experiment ${++made}` });
const run = async (experimentId?: string) =>
  (await store.createRun({ experimentId: experimentId ?? (await experiment()), startTime: 1_000 })).runId;

describe('the tables', () => {
  it('are made once, by starters that race too', async () => {
    const others = await Promise.all([1, 2, 3].map(() => openTracking({ databaseUrl: harness.url })));
    expect(await others[0]?.getExperiment('0')).toMatchObject({ name: 'Default', lifecycleStage: 'active' });
    await Promise.all(others.map((other) => other.close()));
  });

  it('of a newer Champion are left alone', async () => {
    await harness.sql("INSERT INTO tracking.migrations (number, name) VALUES (99, 'from the future')");
    await expect(openTracking({ databaseUrl: harness.url })).rejects.toMatchObject({ code: 'CONFIG' });
    await harness.sql('DELETE FROM tracking.migrations WHERE number = 99');
  });

  it('that cannot be reached are UNREACHABLE, without the password', async () => {
    const url = 'postgresql://champion:secret@127.0.0.1:1/champion';
    const error = await openTracking({ databaseUrl: url }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'UNREACHABLE', retry: 'backoff' });
    expect(String(error)).not.toContain('secret');
  });
});

describe('a lost connection', () => {
  it('is told, and the next call has another', async () => {
    let told: (line: string) => void = () => undefined;
    const line = new Promise<string>((resolve) => {
      told = resolve;
    });
    const other = await openTracking({ databaseUrl: harness.url, poolSize: 1, log: told });
    const where = "application_name = 'champion-tracking' AND state = 'idle'";
    await harness.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${where} ORDER BY backend_start DESC LIMIT 1`,
    );
    expect(await line).toContain('an idle database connection was lost');
    expect(await other.getExperiment('0')).toMatchObject({ name: 'Default' });
    await other.close();
  });
});

describe('an experiment', () => {
  it('has a name of its own, tags, and a place for artifacts', async () => {
    const id = await store.createExperiment({ name: 'mine', tags: { team: 'data', __proto__x: '1' } });
    expect(await store.getExperiment(id)).toMatchObject({
      name: 'mine',
      artifactLocation: `mlflow-artifacts:/${id}`,
      tags: { team: 'data', __proto__x: '1' },
    });
    expect(await store.getExperimentByName('mine')).toEqual(await store.getExperiment(id));
    await expect(store.createExperiment({ name: 'mine' })).rejects.toMatchObject({
      message: expect.stringContaining('already exists'),
      context: { error_code: 'RESOURCE_ALREADY_EXISTS' },
    });
  });

  it('is renamed and tagged while it is active', async () => {
    const id = await experiment();
    await store.renameExperiment(id, 'renamed');
    await store.setExperimentTag(id, 'a', '1');
    await store.setExperimentTag(id, 'a', '2');
    await store.setExperimentTag(id, 'b', '3');
    await store.deleteExperimentTag(id, 'b');
    expect(await store.getExperiment(id)).toMatchObject({ name: 'renamed', tags: { a: '2' } });
    await expect(store.deleteExperimentTag(id, 'b')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await store.deleteExperiment(id);
    await expect(store.renameExperiment(id, 'no')).rejects.toThrow(/'active' state/);
    await expect(store.setExperimentTag(id, 'a', '3')).rejects.toThrow(/'active' state/);
    await expect(store.setExperimentTag('987654', 'a', '3')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('goes with its runs and comes back with them', async () => {
    const id = await experiment();
    const runId = await run(id);
    await store.deleteExperiment(id);
    await expect(store.deleteExperiment(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await store.getRun(runId)).toMatchObject({ lifecycleStage: 'deleted' });
    await expect(store.createRun({ experimentId: id })).rejects.toThrow(/'active' state/);
    expect((await store.searchExperiments({ view: 'deleted' })).items.map((one) => one.experimentId)).toContain(id);
    expect((await store.searchExperiments()).items.map((one) => one.experimentId)).not.toContain(id);
    await store.restoreExperiment(id);
    expect(await store.getRun(runId)).toMatchObject({ lifecycleStage: 'active' });
  });

  it('tells how many runs it has and which came last, without the deleted', async () => {
    const [id, empty] = [await experiment(), await experiment()];
    await store.createRun({ experimentId: id, startTime: 5_000, runName: 'early' });
    const { runId } = await store.createRun({ experimentId: id, startTime: 6_000, runName: 'late' });
    await store.updateRun(runId, { status: 'FINISHED', endTime: 9_000 });
    const gone = await store.createRun({ experimentId: id, startTime: 7_000 });
    await store.deleteRun(gone.runId);
    expect(await store.experimentActivity([id, empty, '987654'])).toEqual([
      {
        experimentId: id,
        runs: 2,
        lastRun: { runId, runName: 'late', status: 'FINISHED', startTime: 6_000, endTime: 9_000 },
      },
      { experimentId: empty, runs: 0, lastRun: null },
    ]);
    expect(await store.experimentActivity([])).toEqual([]);
    await expect(store.experimentActivity(['x'])).rejects.toThrow(/valid integer/);
  });

  it('is found by name, tags and times, in any order, page by page', async () => {
    const ids: string[] = [];
    for (const n of [1, 2, 3, 4, 5]) {
      ids.push(await store.createExperiment({ name: `page-${n}`, tags: { group: n % 2 ? 'odd' : 'even' } }));
    }
    const filter = "name LIKE 'page-%' AND tags.group = 'odd'";
    const names: string[] = [];
    for (let token: string | undefined; ; ) {
      const page = await store.searchExperiments({ filter, orderBy: ['name DESC'], maxResults: 1, pageToken: token });
      names.push(...page.items.map(({ name }) => name));
      token = page.nextPageToken;
      if (token === undefined) break;
    }
    expect(names).toEqual(['page-5', 'page-3', 'page-1']);
    const found = async (text: string) => (await store.searchExperiments({ filter: text })).items.length;
    expect(await found(`experiment_id IN ('${ids[0]}', '${ids[1]}')`)).toBe(2);
    expect(await found(`experiment_id = '${ids[0]}'`)).toBe(1);
    expect(await found("name LIKE 'page-%' AND tags.group IS NULL")).toBe(0);
    expect(await found("name ILIKE 'PAGE-%' AND creation_time > 0")).toBe(5);
    await expect(found("experiment_id = 'x'")).rejects.toThrow(/valid integer/);
  });
});

describe('a run', () => {
  it('gets a name of words, which is its tag too', async () => {
    const { runId, runName, tags } = await store.createRun({ experimentId: '0' });
    expect(runName).toMatch(/^[a-z]+-[a-z]+-\d+$/);
    expect(tags).toEqual({ 'mlflow.runName': runName });
    await store.updateRun(runId, { runName: 'named' });
    expect(await store.getRun(runId)).toMatchObject({ runName: 'named', tags: { 'mlflow.runName': 'named' } });
    await store.logBatch(runId, { tags: { 'mlflow.runName': 'again' } });
    expect(await store.getRun(runId)).toMatchObject({ runName: 'again', tags: { 'mlflow.runName': 'again' } });
    const both = { experimentId: '0', runName: 'one', tags: { 'mlflow.runName': 'two' } };
    await expect(store.createRun(both)).rejects.toThrow(/different values/);
  });

  it('is updated, ended, deleted and restored', async () => {
    const runId = await run();
    expect(await store.updateRun(runId, { status: 'FINISHED', endTime: 5_000 })).toMatchObject({
      status: 'FINISHED',
      endTime: 5_000,
    });
    await store.deleteRun(runId);
    await expect(store.updateRun(runId, { status: 'FAILED' })).rejects.toThrow(/'active' state/);
    await expect(store.logBatch(runId, { tags: { a: '1' } })).rejects.toThrow(/'active' state/);
    await expect(store.deleteTag(runId, 'a')).rejects.toThrow(/'active' state/);
    await store.restoreRun(runId);
    await store.logBatch(runId, { tags: { a: '1' } });
    await store.deleteTag(runId, 'a');
    await expect(store.deleteTag(runId, 'a')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const work of [
      () => store.getRun('nobody'),
      () => store.deleteRun('nobody'),
      () => store.updateRun('nobody', {}),
      () => store.logBatch('nobody', {}),
      () => store.metricHistory({ runId: 'nobody', key: 'a' }),
    ]) {
      await expect(work()).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('nobody') });
    }
  });

  it('keeps a parameter as it was first written, and the whole batch out that would change it', async () => {
    const runId = await run();
    await store.logBatch(runId, { params: { a: '1', b: '2' } });
    await store.logBatch(runId, { params: { a: '1', c: '3' } });
    const metrics = [{ key: 'm', value: 1, timestamp: 1, step: 0 }];
    const changing = store.logBatch(runId, { params: { d: '4', a: 'other' }, metrics, tags: { t: '1' } });
    await expect(changing).rejects.toThrow(/key='a' was already logged with value='1'.*new value 'other'/);
    const kept = await store.getRun(runId);
    expect(kept.params).toEqual({ a: '1', b: '2', c: '3' });
    expect(kept.metrics).toEqual([]);
    expect(kept.tags.t).toBeUndefined();
  });

  it('takes one of two parameters that race, and says so to the other', async () => {
    const runId = await run();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => store.logBatch(runId, { params: { a: String(n % 2) } })),
    );
    const { params } = await store.getRun(runId);
    for (const [n, outcome] of outcomes.entries()) {
      expect(outcome.status).toBe(String(n % 2) === params.a ? 'fulfilled' : 'rejected');
    }
  });

  it('has the newest point of each metric: by step, then timestamp, then value', async () => {
    const runId = await run();
    const log = (...points: [step: number, timestamp: number, value: number][]) =>
      store.logBatch(runId, {
        metrics: points.map(([step, timestamp, value]) => ({ key: 'm', step, timestamp, value })),
      });
    const latest = async () => (await store.getRun(runId)).metrics[0]?.value;
    await log([1, 100, 5], [0, 900, 9], [1, 50, 7]);
    expect(await latest()).toBe(5);
    await log([1, 100, 4]);
    expect(await latest()).toBe(5);
    await log([1, 100, 6]);
    expect(await latest()).toBe(6);
    await log([0, 1_000_000, 99]);
    expect(await latest()).toBe(6);
    await log([2, 1, Number.NaN]);
    expect(await latest()).toBeNaN();
    await log([3, 1, Number.NEGATIVE_INFINITY], [3, 1, Number.NEGATIVE_INFINITY]);
    expect(await latest()).toBe(Number.NEGATIVE_INFINITY);
  });

  it('has a metric’s whole history, page by page; a point logged twice is one point', async () => {
    const runId = await run();
    const metrics = Array.from({ length: 25 }, (_, n) => ({ key: 'm', value: n % 7, timestamp: n % 5, step: n }));
    await store.logBatch(runId, { metrics });
    await store.logBatch(runId, { metrics: [...metrics, { key: 'm', value: Number.NaN, timestamp: 4, step: 99 }] });
    const points: { timestamp: number; step: number; value: number }[] = [];
    for (let pageToken: string | undefined; ; ) {
      const page = await store.metricHistory({ runId, key: 'm', maxResults: 4, pageToken });
      points.push(...page.items);
      pageToken = page.nextPageToken;
      if (pageToken === undefined) break;
    }
    expect(points).toHaveLength(26);
    expect(points).toEqual((await store.metricHistory({ runId, key: 'm' })).items);
    const sorted = [...points].sort((a, b) => a.timestamp - b.timestamp || a.step - b.step);
    expect(points).toEqual(sorted);
    expect((await store.metricHistory({ runId, key: 'other' })).items).toEqual([]);
  });

  it('gives a chart evenly taken points, the first and the last among them', async () => {
    const runId = await run();
    const short = await run();
    const points = (count: number) =>
      Array.from({ length: count }, (_, step) => ({ key: 'm', value: step, timestamp: 1, step }));
    await store.logBatch(runId, { metrics: points(1_000) });
    await store.logBatch(short, { metrics: points(3) });
    const taken = await store.bulkHistory({ runIds: [short, runId], key: 'm', maxResults: 5 });
    expect(taken.filter((one) => one.runId === short).map(({ step }) => step)).toEqual([0, 1, 2]);
    const steps = taken.filter((one) => one.runId === runId).map(({ step }) => step);
    expect(steps).toEqual([0, 250, 500, 750, 999]);
    const window = await store.bulkHistory({ runIds: [runId], key: 'm', startStep: 10, endStep: 12 });
    expect(window.map(({ step }) => step)).toEqual([10, 11, 12]);
    const last = await store.bulkHistory({ runIds: [runId], key: 'm', maxResults: 1 });
    expect(last.map(({ step }) => step)).toEqual([999]);
    await expect(store.bulkHistory({ runIds: [runId], key: 'm', startStep: 1 })).rejects.toThrow(/both/);
  });

  it('refuses what is beyond the limits and cuts what is too long', async () => {
    const runId = await run();
    const params = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`p${n}`, '']));
    await expect(store.logBatch(runId, { params })).rejects.toThrow(/at most 100 params. Got 101/);
    const metrics = Array.from({ length: 1_001 }, () => ({ key: 'm', value: 1, timestamp: 1, step: 1 }));
    await expect(store.logBatch(runId, { metrics })).rejects.toThrow(/at most 1000 metrics/);
    await expect(
      store.logBatch(runId, {
        metrics: metrics.slice(0, 950),
        params: Object.fromEntries(Object.entries(params).slice(51)),
        tags: { a: '' },
      }),
    ).rejects.toThrow(/at most 1000 metrics, params, and tags/);
    for (const key of ['', 'a/../b', '/a', 'a//b', 'a/', 'é*', 'x'.repeat(251), 'a\u0000']) {
      await expect(store.logBatch(runId, { tags: { [key]: '1' } })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
    await expect(store.logBatch(runId, { tags: { a: 'x\u0000' } })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    for (const bad of [{ timestamp: -1 }, { timestamp: 1.5 }, { step: 2 ** 60 }, { step: Number.NaN }]) {
      const metric = { key: 'm', value: 1, timestamp: 1, step: 1, ...bad };
      await expect(store.logBatch(runId, { metrics: [metric] })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
    await store.logBatch(runId, {
      params: { long: 'x'.repeat(7_000), 'ключ/a b.c-d:e_1': '1' },
      tags: { long: 'y'.repeat(9_000) },
    });
    const kept = await store.getRun(runId);
    expect(kept.params.long).toHaveLength(6_000);
    expect(kept.tags.long).toHaveLength(8_000);
  });

  it('survives batches for the same keys at the same time', async () => {
    const runId = await run();
    const batch = (n: number) => ({
      metrics: Array.from({ length: 100 }, (_, i) => ({
        key: `m${(i * 7 + n) % 100}`,
        value: n,
        timestamp: n,
        step: n,
      })),
      tags: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`t${(i * 11 + n) % 50}`, String(n)])),
    });
    await Promise.all(Array.from({ length: 20 }, (_, n) => store.logBatch(runId, batch(n))));
    const { metrics } = await store.getRun(runId);
    expect(metrics).toHaveLength(100);
    expect(metrics.every(({ step, value }) => step === 19 && value === 19)).toBe(true);
  });
});

describe('a recorded run', () => {
  const record = {
    experiment: 'nse-bhavcopy-etl',
    runId: 'a6f0c1de-0000-4000-8000-000000000001',
    runName: 'bhavcopy-etl-2026-01-09',
    status: 'FINISHED',
    startTime: 1_767_970_000_000,
    endTime: 1_767_970_012_500,
    params: { trade_date: '2026-01-09' },
    metrics: { rows_processed: 2_800, total_duration: 12.5 },
    tags: { outcome: 'LOADED' },
  } as const;

  it('is written in one go, and the same record again changes nothing', async () => {
    const experimentId = await store.recordRun(record);
    const first = await store.getRun(record.runId);
    expect(first).toMatchObject({
      runName: record.runName,
      experimentId,
      userId: 'champion',
      status: 'FINISHED',
      endTime: record.endTime,
      params: record.params,
      tags: { outcome: 'LOADED', 'mlflow.runName': record.runName },
    });
    expect(first.metrics).toEqual([
      { key: 'rows_processed', value: 2_800, timestamp: record.endTime, step: 0 },
      { key: 'total_duration', value: 12.5, timestamp: record.endTime, step: 0 },
    ]);
    expect(await store.recordRun(record)).toBe(experimentId);
    expect(await store.getRun(record.runId)).toEqual(first);
    expect((await store.metricHistory({ runId: record.runId, key: 'total_duration' })).items).toHaveLength(1);
  });

  it('is brought up to date by a later record', async () => {
    const runId = 'goes-on';
    const running = {
      ...record,
      runId,
      status: 'RUNNING',
      endTime: null,
      metrics: {},
      params: { trade_date: 'latest' },
    } as const;
    await store.recordRun(running);
    expect(await store.getRun(runId)).toMatchObject({ status: 'RUNNING', endTime: null, metrics: [] });
    await store.recordRun({ ...record, runId, tags: { extra: '1' } });
    expect(await store.getRun(runId)).toMatchObject({
      status: 'FINISHED',
      params: record.params,
      tags: { outcome: 'LOADED', extra: '1' },
      metrics: [{ value: 2_800 }, { value: 12.5 }],
    });
  });

  it('makes its experiment once, whoever comes first', async () => {
    const ids = await Promise.all(
      Array.from({ length: 12 }, (_, n) => store.recordRun({ ...record, experiment: 'raced', runId: `raced-${n}` })),
    );
    expect(new Set(ids).size).toBe(1);
    expect((await store.searchRuns({ experimentIds: ids })).items).toHaveLength(12);
  });
});
