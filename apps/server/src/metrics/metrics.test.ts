import { readFile } from 'node:fs/promises';
import { ChampionError, type Clock } from '@champion/core';
import { parseFault } from '@champion/simulator';
import type { Metric } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closedPort } from '../forwarding/testing/port.ts';
import { exchangeMetrics, metricsOf, metricsRoute, workerMetricsOf } from './index.ts';
import { openScene, type Scene } from './testing/scene.ts';

// A Wednesday, after everything is published; the time can be set.
let now = new Date('2026-05-20T21:00:00+05:30');
const clock: Clock = { now: () => now };

let scene: Scene;
beforeAll(async () => {
  scene = await openScene(clock);
  scene.simulator.setFaults([parseFault('404@2026-05-19')]);
  expect(await scene.run('nse-bhavcopy-etl', { trade_date: '2026-05-19' })).toBe('FAILED');
  scene.simulator.setFaults([parseFault('corrupt-rows')]);
  expect(await scene.run('nse-bhavcopy-etl', { trade_date: '2026-05-20' })).toBe('COMPLETED');
  scene.simulator.setFaults([]);
  expect(await scene.run('first-stranger')).toBe('COMPLETED');
  expect(await scene.run('second-stranger')).toBe('COMPLETED');
}, 120_000);
afterAll(() => scene?.close());

type Samples = ReadonlyMap<string, number>;

/** Samples by name and labels, as written. */
function samplesOf(text: string): Samples {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

async function scrape(): Promise<Samples> {
  return samplesOf(await scene.metrics.text());
}

/** The values of one label over all series of a metric. */
function labelsOf(samples: Samples, metric: string, label: string): Set<string> {
  const values = [...samples.keys()]
    .filter((series) => series.startsWith(`${metric}{`))
    .map((series) => new RegExp(`[{,]${label}="([^"]*)"`).exec(series)?.[1] ?? '');
  return new Set(values);
}

describe('runs', () => {
  test('that ended in a worker are counted and timed once, with their tasks', async () => {
    await scrape();
    const samples = await scrape();
    const flow = 'flow="nse-bhavcopy-etl"';
    expect(samples.get(`champion_flow_runs_ended_total{${flow},state="completed"}`)).toBe(1);
    expect(samples.get(`champion_flow_runs_ended_total{${flow},state="failed"}`)).toBe(1);
    expect(samples.get(`champion_flow_runs_ended_total{${flow},state="crashed"}`)).toBe(0);
    expect(samples.get(`champion_flow_run_failures_total{${flow},code="missing"}`)).toBe(1);
    expect(samples.get(`champion_flow_run_duration_seconds_count{${flow},state="completed"}`)).toBe(1);
    const { rows } = await scene.plane.runs.flowRuns.list({
      flowNames: ['nse-bhavcopy-etl'],
      stateTypes: ['COMPLETED'],
    });
    expect(samples.get(`champion_flow_run_duration_seconds_sum{${flow},state="completed"}`)).toBe(
      rows[0]?.totalRunTime,
    );
    for (const task of [
      'scrape_bhavcopy',
      'parse_polars_raw',
      'normalize_polars',
      'write_parquet',
      'load_clickhouse',
    ]) {
      const series = `champion_task_run_duration_seconds_count{${flow},task="${task}",state="completed"}`;
      expect(samples.get(series), task).toBe(1);
    }
    expect(samples.get(`champion_task_run_duration_seconds_count{${flow},task="scrape_bhavcopy",state="failed"}`)).toBe(
      1,
    );
    expect(samples.get('champion_flow_run_start_delay_seconds_count')).toBe(4);
  });

  test('are told apart by duration from a tenth of a second to half an hour, at the limit of the alert too', async () => {
    const bounds = labelsOf(await scrape(), 'champion_flow_run_duration_seconds_bucket', 'le');
    expect([...bounds]).toEqual(expect.arrayContaining(['0.1', '1', '60', '600', '1800', '+Inf']));
    expect(bounds.size).toBeLessThanOrEqual(16);
  });

  test('are told by their last one, of each flow that has one', async () => {
    const samples = await scrape();
    expect(samples.get('champion_flow_last_run_success{flow="nse-bhavcopy-etl"}')).toBe(1);
    expect(samples.get('champion_flow_last_run_duration_seconds{flow="nse-bhavcopy-etl"}')).toBeGreaterThan(0);
    expect(samples.has('champion_flow_last_run_success{flow="option-chain-etl"}')).toBe(false);
    expect(samples.get('champion_flow_runs_ended_last_day{state="completed"}')).toBe(3);
    expect(samples.get('champion_flow_runs_ended_last_day{state="failed"}')).toBe(1);
  });

  test('of flows and tasks that nobody told of share one series', async () => {
    const samples = await scrape();
    expect(samples.get('champion_flow_runs_ended_total{flow="other",state="completed"}')).toBe(2);
    const flows = labelsOf(samples, 'champion_flow_runs_ended_total', 'flow');
    expect(flows).toEqual(new Set([...scene.parts.flows.map(({ name }) => name), 'other']));
    const tasks = labelsOf(samples, 'champion_task_run_duration_seconds_count', 'task');
    expect(tasks).toEqual(new Set([...scene.parts.flows.flatMap((each) => each.tasks), 'other']));
  });

  test('that wait are seen in their queue and late, and those at work by how long they have been', async () => {
    const { plane } = scene;
    const queue = await plane.queues.createQueue({ name: 'nobody-serves' });
    const hourAgo = new Date(Date.now() - 3_600_000);
    const request = { flowName: 'nse-bhavcopy-etl', workQueueId: queue.id };
    await plane.control.create({ ...request, scheduledTime: hourAgo });
    await plane.control.create({ ...request, scheduledTime: new Date(Date.now() + 3_600_000) });
    await plane.scheduler.markLate();
    const samples = samplesOf(await another().text());
    const labels = 'work_pool="default",work_queue="nobody-serves"';
    expect(samples.get('champion_flow_runs_late')).toBe(1);
    expect(samples.get('champion_flow_runs{state="scheduled"}')).toBe(2);
    expect(samples.get(`champion_work_queue_scheduled_runs{${labels}}`)).toBe(2);
    expect(samples.get(`champion_work_queue_late_runs{${labels}}`)).toBe(1);
    expect(samples.get(`champion_work_queue_served{${labels}}`)).toBe(0);
    expect(samples.get('champion_work_queue_served{work_pool="default",work_queue="default"}')).toBe(1);
    expect(samples.get('champion_flow_run_longest_running_seconds{flow="nse-bhavcopy-etl"}')).toBe(0);
  });
});

test('queues that people make without end are told as one beyond the first fifty', async () => {
  for (let i = 0; i < 60; i++) await scene.plane.queues.createQueue({ name: `mine-${i}` });
  const samples = samplesOf(await another().text());
  const names = labelsOf(samples, 'champion_work_queue_scheduled_runs', 'work_queue');
  expect(names.size).toBe(51);
  expect(names).toContain('other');
});

test('a worker is told by its heartbeat while it lives, and when it went without a word', async () => {
  const [living] = await scene.plane.workers.list();
  const row = { ...living, name: 'x', status: 'offline', silent: true, silentForMs: 60_000 } as NonNullable<
    typeof living
  >;
  const workers = [
    ...(living === undefined ? [] : [living]),
    { ...row, name: 'died' },
    { ...row, name: 'died-long-ago', silentForMs: 7_200_000 },
    { ...row, name: 'said-goodbye', silent: false },
    ...Array.from({ length: 100 }, (_, i) => ({ ...row, name: `crowd-${i}`, silentForMs: 70_000 + i })),
  ];
  const metrics = another({ workers: { list: async () => workers } as unknown as Scene['plane']['workers'] });
  const samples = samplesOf(await metrics.text());
  expect(samples.get('champion_workers{status="online"}')).toBe(1);
  expect(samples.get('champion_workers{status="silent"}')).toBe(101);
  expect(samples.get('champion_worker_heartbeat_age_seconds{worker="worker-1"}')).toBeLessThan(10);
  expect(samples.get('champion_worker_heartbeat_age_seconds{worker="died"}')).toBe(60);
  const told = labelsOf(samples, 'champion_worker_heartbeat_age_seconds', 'worker');
  expect(told.size).toBe(50);
  expect(told).not.toContain('died-long-ago');
  expect(told).not.toContain('said-goodbye');
  expect(samples.get('champion_worker_capacity_runs{worker="worker-1"}')).toBe(4);
});

describe('datasets', () => {
  test('tell rows, bytes and quality of runs and of the last day', async () => {
    const samples = await scrape();
    const of = (name: string) => samples.get(`champion_dataset_${name}{dataset="bhavcopy"}`) ?? Number.NaN;
    expect(of('rows_processed_total')).toBeGreaterThan(of('rows_loaded_total'));
    expect(of('rows_processed_total')).toBe(of('rows_loaded_total') + of('rows_filtered_total'));
    expect(of('rows_filtered_total')).toBeGreaterThan(0);
    expect(of('rows')).toBe(of('rows_loaded_total'));
    expect(of('filtered_rows')).toBe(of('rows_filtered_total'));
    expect(of('validation_pass_ratio')).toBeCloseTo(of('rows') / of('rows_processed_total'), 10);
    expect(of('file_bytes')).toBe(of('written_bytes_total'));
    expect(of('file_bytes')).toBeGreaterThan(10_000);
    expect(of('loaded_day_timestamp_seconds')).toBe(new Date('2026-05-20T00:00:00+05:30').getTime() / 1_000);
    expect(of('last_load_timestamp_seconds')).toBe(now.getTime() / 1_000);
  });

  test('are stale from the deadline of the first session that is not there', async () => {
    const stale = async (instant: string) => {
      now = new Date(instant);
      const samples = samplesOf(await another().text());
      return samples.get('champion_dataset_staleness_seconds{dataset="bhavcopy"}');
    };
    const deadline = scene.parts.datasets.find(({ name }) => name === 'bhavcopy')?.publication.deadline;
    try {
      expect(await stale('2026-05-20T21:00:00+05:30')).toBe(0);
      expect(await stale(`2026-05-21T${deadline}:00+05:30`)).toBe(0);
      // Over the weekend nothing further becomes due.
      expect(await stale('2026-05-24T12:00:00+05:30')).toBe(
        (Date.parse('2026-05-24T12:00:00+05:30') - Date.parse(`2026-05-21T${deadline}:00+05:30`)) / 1_000,
      );
    } finally {
      now = new Date('2026-05-20T21:00:00+05:30');
    }
  });
});

test('alerts are counted by where they go', async () => {
  const { notifications } = scene.plane;
  const port = await closedPort();
  const rule = await notifications.rules.create({
    name: 'nobody is there',
    triggers: [{ type: 'run_state', states: ['FAILED'] }],
    target: { type: 'webhook', url: `http://127.0.0.1:${port}` },
  });
  expect(await notifications.test(rule.id)).toMatchObject({ delivered: false });
  const samples = samplesOf(await another().text());
  expect(samples.get('champion_alerts_failed_last_day{target="webhook"}')).toBe(1);
  expect(samples.get('champion_alerts_failed_last_day{target="slack"}')).toBe(0);
  expect(samples.get('champion_alerts_waiting{target="webhook"}')).toBe(0);
  await notifications.rules.delete(rule.id);
  expect(samplesOf(await another().text()).get('champion_alerts_failed_last_day{target="other"}')).toBe(1);
});

test('those who are told of runs are seen, with what is still to be told', async () => {
  const { followers, notifications } = scene.plane;
  const told = (name: string, tell: () => Promise<void>) => ({
    name,
    types: ['COMPLETED' as const],
    fromBeginning: true,
    tell,
  });
  const away = async () => {
    throw new ChampionError('nobody is there', { code: 'UNREACHABLE', retry: 'backoff' });
  };
  await followers.set([told('mlflow', away), told('openlineage', async () => undefined)]);
  try {
    // As the duties do each second.
    for (let i = 0; i < 4; i++) await notifications.duties()[0]?.run(new Date());
    for (const duty of followers.duties()) await duty.run(new Date());
    const samples = samplesOf(await another().text());
    const of = (name: string, target: string) => samples.get(`champion_forwarding_${name}{target="${target}"}`);
    expect(of('pending_states', 'mlflow')).toBe(3);
    expect(of('failed_attempts', 'mlflow')).toBe(1);
    expect(of('sent_total', 'mlflow')).toBe(0);
    expect(of('pending_states', 'openlineage')).toBe(0);
    expect(of('sent_total', 'openlineage')).toBe(3);
    expect(of('last_sent_timestamp_seconds', 'openlineage')).toBeGreaterThan(Date.now() / 1_000 - 60);
  } finally {
    await followers.set([]);
  }
});

test('requests to the exchange are counted by endpoint and outcome, and only known ones', async () => {
  const samples = await scrape();
  const ok = samples.get('champion_exchange_requests_total{endpoint="bhavcopy-udiff",outcome="ok"}');
  expect(ok).toBe(1);
  expect(samples.get('champion_exchange_requests_total{endpoint="bhavcopy-udiff",outcome="not_found"}')).toBe(1);
  expect(samples.get('champion_exchange_request_duration_seconds_count{endpoint="bhavcopy-udiff"}')).toBe(2);
  expect(samples.get('champion_exchange_response_bytes_total{endpoint="bhavcopy-udiff"}')).toBeGreaterThan(1_000);

  const told = exchangeMetrics();
  for (let i = 0; i < 100; i++) told.onRequest({ endpoint: `made-up-${i}`, outcome: 'BUSY', ms: 1, bytes: 1 });
  const strange = samplesOf(await told.register.metrics());
  expect(strange.get('champion_exchange_requests_total{endpoint="other",outcome="other"}')).toBe(100);
});

test('what does not answer is left out, and the rest is told all the same', async () => {
  const refused = async () => {
    throw new ChampionError('no', { code: 'UNREACHABLE' });
  };
  const logged: string[] = [];
  const metrics = metricsOf({
    ...scene.parts,
    plane: { ...planeOf(), queues: { queues: refused } as unknown as Scene['plane']['queues'] },
    database: { probe: refused },
    exchange: exchangeMetrics(),
    log: (level, message) => logged.push(`${level}: ${message}`),
  });
  metrics.close();
  const samples = samplesOf(await metrics.text());
  await metrics.text();
  expect(samples.get('champion_metrics_collector_up{collector="queues"}')).toBe(0);
  expect(samples.get('champion_metrics_collector_up{collector="runs"}')).toBe(1);
  expect(labelsOf(samples, 'champion_work_queue_late_runs', 'work_queue').size).toBe(0);
  expect(samples.get('champion_store_up{store="postgresql"}')).toBe(0);
  expect(samples.get('champion_store_up{store="clickhouse"}')).toBe(1);
  expect(samples.get('champion_store_up{store="lake"}')).toBe(1);
  expect(logged.filter((line) => line.startsWith('warn'))).toEqual(['warn: The metrics "queues" are left out']);
});

test('the disk, the process and the build are told', async () => {
  const samples = await scrape();
  const free = samples.get('champion_home_disk_free_bytes') ?? 0;
  expect(free).toBeGreaterThan(0);
  expect(samples.get('champion_home_disk_size_bytes')).toBeGreaterThan(free);
  expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1e7);
  expect(samples.get('process_cpu_seconds_total')).toBeGreaterThan(0);
  expect(samples.get(`champion_build_info{version="0.1.0",node="${process.versions.node}"}`)).toBe(1);
});

test('are served as text that is not kept', async () => {
  const answer = await metricsRoute(scene.metrics).request('/');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await answer.text()).toContain('# TYPE champion_flow_run_duration_seconds histogram');
});

describe('docs/metrics.md', () => {
  test('names every metric with its type, labels and meaning, and no other', async () => {
    const page = await readFile(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
    const rows = page.split('\n').filter((line) => /^\| `[a-z]/.test(line));
    // Node tells more of a process on Linux than elsewhere.
    const isOurs = (row: string) => row.startsWith('| `champion_') || process.platform === 'linux';
    const registered = scene.metrics.register
      .getMetricsAsArray()
      .map((metric) => rowOf(metric as unknown as Described));
    expect(rows.filter(isOurs).sort()).toEqual(registered.filter(isOurs).sort());
  });

  test("marks those that a worker's process has too", async () => {
    const page = await readFile(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
    const [, ofProcess = ''] = page.split('## Of each process');
    const names = [...ofProcess.matchAll(/^\| `([a-z_0-9]+)`/gm)].map(([, name]) => name);
    const worker = workerMetricsOf({ exchange: exchangeMetrics(), version: '0.1.0' });
    const registered = worker.register.getMetricsAsArray().map(({ name }) => name);
    expect(registered.filter((name) => !names.includes(name))).toEqual([]);
    if (process.platform === 'linux') expect(names.filter((name) => !registered.includes(name ?? ''))).toEqual([]);
  });
});

type Described = Metric & { readonly name: string; readonly help: string; readonly labelNames: readonly string[] };

function rowOf(metric: Described): string {
  const labels = metric.labelNames.filter((label) => label !== 'le').map((label) => `\`${label}\``);
  const type = metric.constructor.name.toLowerCase();
  return `| \`${metric.name}\` | ${type} | ${labels.join(', ')} | ${metric.help} |`;
}

/** Metrics of the same scene that know nothing from earlier scrapes. */
function another(plane: Partial<Scene['parts']['plane']> = {}) {
  const metrics = metricsOf({ ...scene.parts, plane: { ...planeOf(), ...plane }, exchange: exchangeMetrics() });
  metrics.close();
  return metrics;
}

function planeOf(): Scene['parts']['plane'] {
  const { runs, queues, workers, notifications, followers } = scene.plane;
  return { runs, queues, workers, notifications, followers };
}
