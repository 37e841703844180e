import { join } from 'node:path';
import { startEmbeddedPostgres } from '@champion/engine';
import { mlflowApp, openTracking } from '@champion/tracking';
import pg from 'pg';
import { type Row, spread } from './table.ts';

const RUNS = 100_000;
const BATCH = 1_000;
const REPEAT = 40;

/** What the role reports, in milliseconds: 95th percentiles of the searches, a median of the batches. */
export interface TrackingFigures {
  readonly batch: number;
  readonly record: number;
  readonly searches: Readonly<Record<string, number>>;
}

/** Searches over the 100,000 runs of one experiment, as pages and programs ask them. */
const SEARCHES: Readonly<Record<string, object>> = {
  'ordered by a metric': { order_by: ['metrics.total_duration DESC'], max_results: 100 },
  'filtered by a metric, few match': { filter: 'metrics.total_duration > 59.9', max_results: 100 },
  'filtered by a metric, half match': { filter: 'metrics.total_duration > 30', max_results: 100 },
  'filtered by one metric, ordered by another': {
    filter: 'metrics.total_duration < 5',
    order_by: ['metrics.file_size_mb DESC'],
    max_results: 100,
  },
  'filtered by metric, parameter and tag, ordered by metric': {
    filter: "metrics.anomalies_detected = 3 AND params.trade_date = '2026-01-09' AND tags.outcome = 'LOADED'",
    order_by: ['metrics.total_duration ASC'],
    max_results: 100,
  },
  'filtered by a metric that only the oldest 10,000 have': { filter: 'metrics.legacy > 0', max_results: 100 },
  'newest 100': { max_results: 100 },
  'newest 1,000': { max_results: 1_000 },
};

/** The tracking API over 100,000 runs of 12 metrics, 6 parameters and 4 tags; `home` is filled once and used again. */
export async function tracking(home: string): Promise<void> {
  const postgres = await startEmbeddedPostgres({ dataDir: join(home, 'postgres') });
  const store = await openTracking({ databaseUrl: postgres.url });
  const experiment = await fill(postgres.url);
  const app = mlflowApp(store);
  const call = async (path: string, asked: object) => {
    const request = { method: 'POST', body: JSON.stringify(asked) };
    const from = performance.now();
    const response = await app.request(`/api/2.0/mlflow/${path}`, request);
    const body = await response.json();
    const ms = performance.now() - from;
    if (response.status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
    return { ms, body };
  };

  const searches: Record<string, number> = {};
  for (const [name, asked] of Object.entries(SEARCHES)) {
    searches[name] = await p95(() => call('runs/search', { ...asked, experiment_ids: [experiment] }));
  }
  searches['ordered by a metric, 20 pages deep'] = await p95(async () => {
    let page_token = '';
    let last = 0;
    for (let page = 0; page < 20; page++) {
      const asked = {
        order_by: ['metrics.rows_processed DESC'],
        max_results: 100,
        page_token,
        experiment_ids: [experiment],
      };
      const { ms, body } = await call('runs/search', asked);
      page_token = (body as { next_page_token: string }).next_page_token;
      last = ms;
    }
    return { ms: last };
  }, 5);

  const batches: number[] = [];
  for (let n = 0; n < REPEAT; n++) {
    const run = await store.createRun({ experimentId: experiment });
    const metrics = Array.from({ length: BATCH }, (_, i) => ({
      key: `m${i % 20}`,
      value: i,
      timestamp: 1e12 + i,
      step: i,
    }));
    batches.push((await call('runs/log-batch', { run_id: run.runId, metrics })).ms);
    await store.deleteRun(run.runId);
  }
  const records: number[] = [];
  for (let n = 0; n < REPEAT; n++) {
    const from = performance.now();
    await store.recordRun(flowRun(n));
    records.push(performance.now() - from);
  }
  process.send?.({
    batch: percentile(batches, 0.5),
    record: percentile(records, 0.5),
    searches,
  } satisfies TrackingFigures);
  await store.close();
  await postgres.stop();
  process.disconnect();
}

/** The figures of several processes as rows. */
export function trackingRows(figures: readonly TrackingFigures[]): Row[] {
  const searches = Object.keys(figures[0]?.searches ?? {});
  return [
    {
      figure: 'tracking, batch of 1,000 metrics',
      unit: 'ms',
      ...spread(figures.map(({ batch }) => batch)),
      reach: '≤ 100',
    },
    { figure: 'tracking, one flow run recorded', unit: 'ms', ...spread(figures.map(({ record }) => record)) },
    ...searches.map((name) => ({
      figure: `tracking, search of 100,000 runs, p95: ${name}`,
      unit: 'ms',
      ...spread(figures.map((one) => one.searches[name] ?? Number.NaN)),
      reach: '≤ 100',
    })),
  ];
}

async function p95(work: () => Promise<{ readonly ms: number }>, repeat = REPEAT): Promise<number> {
  for (let n = 0; n < 3; n++) await work();
  const times: number[] = [];
  for (let n = 0; n < repeat; n++) times.push((await work()).ms);
  return percentile(times, 0.95);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

function flowRun(n: number) {
  const names = ['scrape', 'parse', 'normalize', 'write', 'load'].map((task) => `${task}_duration_seconds`);
  return {
    experiment: 'nse-bhavcopy-etl',
    runId: `recorded-${process.pid}-${n}`,
    runName: 'bhavcopy-etl-2026-01-09',
    status: 'FINISHED',
    startTime: 1_767_970_000_000,
    endTime: 1_767_970_012_500,
    params: { trade_date: '2026-01-09', load_to_clickhouse: 'true' },
    metrics: Object.fromEntries([...names, 'rows_processed', 'total_duration'].map((name, i) => [name, i])),
    tags: { outcome: 'LOADED' },
  } as const;
}

/** Makes the runs in the database itself. @returns their experiment's id */
async function fill(url: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const there = await client.query("SELECT id FROM tracking.experiments WHERE name = 'many'");
    if (there.rows[0]) return String(there.rows[0].id);
    const made = await client.query(
      `INSERT INTO tracking.experiments (name, artifact_location, creation_time, last_update_time)
      VALUES ('many', 'mlflow-artifacts:/many', 0, 0) RETURNING id`,
    );
    const id = Number(made.rows[0].id);
    await client.query(`
      SELECT setseed(0.5);
      INSERT INTO tracking.runs (run_id, experiment_id, name, user_id, status, start_time, end_time, artifact_uri)
      SELECT md5(n::text), ${id}, 'bhavcopy-etl-' || n, 'champion', 'FINISHED',
        1700000000000 + n * 600000::bigint, 1700000000000 + n * 600000::bigint + 12500, 'mlflow-artifacts:/many/' || md5(n::text)
      FROM generate_series(1, ${RUNS}) n;
      INSERT INTO tracking.latest_metrics (run, key, experiment_id, timestamp, step, value)
      SELECT r.id, k.key, ${id}, r.end_time, 0, CASE k.key
        WHEN 'total_duration' THEN random() * 60
        WHEN 'rows_processed' THEN floor(random() * 3000)
        WHEN 'anomalies_detected' THEN floor(random() * 5)
        ELSE random() END
      FROM tracking.runs r, unnest(ARRAY['total_duration', 'rows_processed', 'rows_filtered', 'anomalies_detected',
        'validation_pass_rate', 'file_size_mb', 'throughput', 'scrape_duration_seconds', 'parse_duration_seconds',
        'normalize_duration_seconds', 'write_duration_seconds', 'load_duration_seconds']) AS k (key)
      WHERE r.experiment_id = ${id} ORDER BY r.id;
      INSERT INTO tracking.latest_metrics (run, key, experiment_id, timestamp, step, value)
      SELECT id, 'legacy', ${id}, end_time, 0, 1 FROM tracking.runs
      WHERE experiment_id = ${id} ORDER BY start_time LIMIT 10000;
      INSERT INTO tracking.metrics (run, key, timestamp, step, value)
      SELECT run, key, timestamp, step, value FROM tracking.latest_metrics;
      INSERT INTO tracking.params (run, key, value)
      SELECT r.id, k.key, CASE k.key
        WHEN 'trade_date' THEN to_char(date '2026-01-01' + (r.id % 250)::int, 'YYYY-MM-DD') ELSE 'value-' || r.id % 7 END
      FROM tracking.runs r, unnest(ARRAY['trade_date', 'load_to_clickhouse', 'output_base_path', 'p4', 'p5', 'p6']) AS k (key)
      WHERE r.experiment_id = ${id} ORDER BY r.id;
      INSERT INTO tracking.tags (run, key, value)
      SELECT r.id, k.key, CASE k.key
        WHEN 'mlflow.runName' THEN r.name WHEN 'outcome' THEN 'LOADED' ELSE 'value-' || r.id % 3 END
      FROM tracking.runs r, unnest(ARRAY['mlflow.runName', 'outcome', 'mlflow.user', 'flow']) AS k (key)
      WHERE r.experiment_id = ${id} ORDER BY r.id;`);
    await client.query('VACUUM ANALYZE');
    return String(id);
  } finally {
    await client.end();
  }
}
