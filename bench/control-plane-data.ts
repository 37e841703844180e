import type pg from 'pg';

/** What the tables of the control plane are filled with: 30 days up to now. */
export interface Volume {
  readonly runs: number;
  readonly logLines: number;
}

export const FLOWS = [
  'nse-bhavcopy-etl',
  'option-chain-loader',
  'index-constituents-loader',
  'nse-bulk-block-deals-etl',
  'indices-close-etl',
  'symbol-master-etl',
  'corporate-actions-etl',
  'delivery-etl',
  'gold-refresh',
  'combined-market-data-etl',
  'housekeeping',
  'nse-trading-calendar-refresh',
];

const TABLES = ['flow_runs', 'task_runs', 'task_attempts', 'states', 'logs'];

/**
 * Fills the tables by SQL alone: indexes are dropped for it and built again, references are not checked (they hold), and
 * a table that is emptied in the same transaction needs no write-ahead log. Needs a superuser.
 */
export async function fill(client: pg.Client, volume: Volume): Promise<void> {
  await client.query(`SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB';
    SET maintenance_work_mem = '512MB'; SET max_parallel_workers_per_gather = 0; SELECT setseed(0.42)`);
  await client.query(
    `INSERT INTO champion.flows (name, parameters, created_at, updated_at)
     SELECT name, '{}', now(), now() FROM unnest($1::text[]) AS name`,
    [FLOWS],
  );
  await client.query(
    `INSERT INTO champion.deployments (flow_name, name, work_queue_id, created_at, updated_at)
     SELECT name, name || '-daily', (SELECT id FROM champion.work_queues LIMIT 1), now(), now() FROM unnest($1::text[]) AS name`,
    [FLOWS],
  );
  await client.query('BEGIN');
  await client.query(`TRUNCATE ${TABLES.map((table) => `champion.${table}`).join(', ')} RESTART IDENTITY`);
  const indexes = await dropIndexes(client);
  await client.query("CREATE TEMP TABLE scale AS SELECT now() AS until, $1::float8 * interval '1 second' AS apart", [
    (30 * 86_400) / volume.runs,
  ]);
  await client.query(RUNS, [volume.runs, FLOWS]);
  await client.query(TASKS, [volume.runs]);
  await client.query(ATTEMPTS);
  await client.query(STATES);
  await client.query(LOGS, [Math.floor(volume.logLines / 80)]);
  for (const definition of indexes) await client.query(definition);
  await client.query('COMMIT');
  // As autovacuum leaves a database that has been at work.
  for (const table of TABLES) await client.query(`VACUUM (ANALYZE) champion.${table}`);
}

/** @returns the statements that make them again */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes i
     WHERE schemaname = 'champion' AND tablename = ANY($1)
       AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)`,
    [TABLES],
  );
  for (const { name } of rows) await client.query(`DROP INDEX champion.${name}`);
  return rows.map(({ definition }) => definition);
}

/** The id of the n-th run, here and in `runId()` of the queries. */
const RUN_ID = (n: string) => `md5('run' || ${n})::uuid`;

/**
 * 95 % completed, the others failed, cancelled or crashed; the last twenty at work, and 500 more scheduled ahead. Every
 * twentieth is a combined run with three children; two thirds of the rest come from a deployment. Six tags, one of them on
 * twenty runs in all. Flows are of unequal frequency: the first a third, the last a twenty-fifth.
 */
const RUNS = `
  INSERT INTO champion.flow_runs (id, flow_name, name, parameters, state_type, state_name, state_message, state_at,
    parent_flow_run_id, executor_id, run_count, created_at, start_time, end_time, result, deployment_id,
    deployment_version, work_queue_id, idempotency_key, tags, expected_start_time, auto_scheduled, created_by)
  SELECT id, flow, CASE WHEN n % 2 = 0 THEN flow || '-' || left(id::text, 8) ELSE flow || ' ' || day END,
    jsonb_build_object('trade_date', day, 'force', false), state,
    CASE WHEN state = 'COMPLETED' AND n % 25 = 0 THEN 'NoSession' ELSE initcap(state) END,
    CASE WHEN state IN ('FAILED', 'CRASHED') THEN 'The exchange answered 503 three times' END,
    coalesce(ended, started, expected - interval '2 minutes'), parent,
    CASE WHEN state <> 'SCHEDULED' THEN 'worker-' || n % 4 END, 1, expected - interval '2 minutes', started, ended,
    CASE WHEN state = 'COMPLETED' THEN jsonb_build_object('rows', n % 5000) END, deployment,
    CASE WHEN deployment IS NOT NULL THEN '1.0.0' END, queue, CASE WHEN n % 10 = 7 THEN 'key-' || n END, tags, expected,
    deployment IS NOT NULL, CASE WHEN deployment IS NULL THEN 'api' ELSE 'schedule' END
  FROM (
    SELECT *, to_char(expected, 'YYYY-MM-DD') AS day,
      CASE WHEN state <> 'SCHEDULED' THEN expected + late END AS started,
      CASE WHEN state NOT IN ('SCHEDULED', 'RUNNING') THEN expected + late + took END AS ended
    FROM (
      SELECT n, ${RUN_ID('n')} AS id, ($2::text[])[flow] AS flow,
        CASE WHEN n % 20 IN (1, 2, 3) AND n < $1 THEN ${RUN_ID('(n - n % 20)')} END AS parent,
        CASE WHEN n % 20 NOT IN (1, 2, 3) AND n % 3 > 0 THEN deployments[flow] END AS deployment, queue,
        CASE WHEN n > $1 THEN until + (n - $1) * interval '9 minutes'
          ELSE until - ($1 - n) * apart - random() * interval '1 second' END AS expected,
        random() * random() * interval '10 seconds' AS late, random() * random() * interval '3 minutes' AS took,
        CASE WHEN n > $1 THEN 'SCHEDULED' WHEN n > $1 - 20 THEN 'RUNNING' WHEN dice < 0.95 THEN 'COMPLETED'
          WHEN dice < 0.98 THEN 'FAILED' WHEN dice < 0.99 THEN 'CANCELLED' ELSE 'CRASHED' END AS state,
        CASE n % 6 WHEN 0 THEN ARRAY['nse', 'daily'] WHEN 1 THEN ARRAY['nse'] WHEN 2 THEN ARRAY['nse', 'backfill']
          WHEN 3 THEN ARRAY['intraday'] WHEN 4 THEN ARRAY['nse', 'manual'] ELSE '{}'::text[] END
          || CASE WHEN n % ($1 / 20) = 11 THEN ARRAY['experiment'] ELSE '{}'::text[] END AS tags
      FROM (
        SELECT n, random() AS dice, CASE WHEN n % 20 = 0 THEN 10 ELSE 1 + floor(power(random(), 2) * 12)::integer END AS flow
        FROM generate_series(1, $1::integer + 500) AS n
      ) numbered, scale, (SELECT id AS queue FROM champion.work_queues LIMIT 1) q,
        (SELECT array_agg(d.id ORDER BY array_position($2::text[], flow_name)) AS deployments FROM champion.deployments d) d
    ) drawn
  ) dated`;

/** Two of each of the last quarter of the runs. */
const TASKS = `
  INSERT INTO champion.task_runs (id, flow_run_id, name, dynamic_key, state_type, state_name, attempts, parents,
    start_time, end_time, result)
  SELECT md5('task' || n || '-' || k)::uuid, ${RUN_ID('n')}, 'task_' || k, 'task_' || k || '-0', state, initcap(state), 1,
    CASE WHEN k = 1 THEN ARRAY[md5('task' || n || '-0')::uuid] ELSE '{}' END, began, began + interval '1 second',
    '{"rows": 10}'
  FROM scale, generate_series($1::integer * 3 / 4, $1) AS n, generate_series(0, 1) AS k,
    LATERAL (SELECT until - ($1 - n) * apart + k * interval '5 seconds' AS began,
      CASE WHEN n % 33 = 0 AND k = 1 THEN 'FAILED' ELSE 'COMPLETED' END AS state) AS drawn`;

const ATTEMPTS = `
  INSERT INTO champion.task_attempts (task_run_id, attempt, state_type, start_time, end_time)
  SELECT id, 1, state_type, start_time, end_time FROM champion.task_runs`;

const STATES = `
  INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, at)
  SELECT id, 'flow', id, t.type, initcap(t.type), t.at
  FROM champion.flow_runs,
    LATERAL (VALUES ('PENDING', created_at), ('RUNNING', start_time), (state_type, end_time)) AS t (type, at)
  WHERE t.at IS NOT NULL`;

/** Ten lines of each run, those of eight runs at a time in among each other, as runs beside each other write them. */
const LOGS = `
  INSERT INTO champion.logs (flow_run_id, level, message, fields, at)
  SELECT ${RUN_ID('n')},
    CASE WHEN k = 9 AND n % 20 = 0 THEN 'error' WHEN k = 5 AND n % 4 = 0 THEN 'warn' WHEN k % 3 = 0 THEN 'debug' ELSE 'info' END,
    CASE k WHEN 0 THEN 'Beginning run ' || n WHEN 9 THEN 'Finished with ' || n % 5000 || ' rows'
      ELSE 'Fetched https://nsearchives.example/content/cm/part-' || k || ' in ' || n % 900 || ' ms' END,
    CASE WHEN k % 5 = 0 THEN jsonb_build_object('rows', n % 5000) END, until - ($1 * 8 - n - k) * apart
  FROM scale, generate_series(0, $1::integer - 1) AS octet, generate_series(0, 9) AS k,
    LATERAL (SELECT octet * 8 + i AS n FROM generate_series(1, 8) AS i) AS numbered`;
