import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ControlPlane } from './control-plane.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './postgres/embedded.ts';
import { bundleForChild } from './testing/bundle.ts';
import { CHAOS_STEPS, CHAOS_TABLES, chaosFlows } from './testing/chaos-flow.ts';

const RUNS = 200;
const KILLS = 20;
const RESTARTS = 2;

const home = mkdtempSync(join(tmpdir(), 'champion-chaos-'));
const dataDir = join(home, 'postgres');
const workers = new Map<string, ChildProcess>();
let postgres: EmbeddedPostgres;
let plane: ControlPlane;
let chaos: ReturnType<typeof chaosFlows>;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ dataDir });
  chaos = chaosFlows(postgres.url);
  plane = await ControlPlane.open({ databaseUrl: postgres.url, flows: chaos.flows });
  await plane.registerFlows();
});
afterAll(async () => {
  for (const worker of workers.values()) worker.kill('SIGKILL');
  await plane?.close();
  await chaos?.close();
  await postgres?.stop();
  rmSync(home, { recursive: true, force: true });
});

async function query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: postgres.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function ended(): Promise<number> {
  const rows = await query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM champion.flow_runs
     WHERE state_type IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED')`,
  );
  return rows[0]?.n ?? 0;
}

let born = 0;
async function startWorker(script: string): Promise<void> {
  // A name of its own each time: only its heartbeat tells that it died.
  const name = `worker-${++born}`;
  const worker = spawn(process.execPath, [script, postgres.url, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  workers.set(name, worker);
  await Promise.race([
    once(worker.stdout, 'data'),
    once(worker, 'exit').then(([code]) => {
      throw new Error(`${name} ended with ${String(code)} before it was ready`);
    }),
  ]);
}

async function kill(name: string): Promise<void> {
  const worker = workers.get(name);
  workers.delete(name);
  if (worker === undefined) return;
  const gone = once(worker, 'exit');
  worker.kill('SIGKILL');
  await gone;
}

it(`${RUNS} runs end once each, with workers killed ${KILLS} times and the database restarted ${RESTARTS} times`, async () => {
  await query(CHAOS_TABLES);
  const script = await bundleForChild('packages/engine/src/testing/chaos-worker.ts');
  await Promise.all([startWorker(script), startWorker(script)]);
  const ids = new Set<string>();
  const create = async (from: number, to: number) => {
    for (let n = from; n < to; n++) {
      const { id } = await plane.control.create({ flowName: 'chaos', parameters: { label: `run-${n}` } });
      ids.add(id);
    }
  };
  for (let kills = 0; kills < KILLS; kills++) {
    // Work keeps coming in, so that every death meets some.
    await create((RUNS / KILLS) * kills, (RUNS / KILLS) * (kills + 1));
    await sleep(100 + Math.random() * 600);
    const names = [...workers.keys()];
    await kill(names[Math.floor(Math.random() * names.length)] ?? '');
    if (kills === 6 || kills === 13) {
      await postgres.stop();
      postgres = await startEmbeddedPostgres({ dataDir });
    }
    await startWorker(script);
  }
  const deadline = Date.now() + 120_000;
  while ((await ended()) < RUNS && Date.now() < deadline) await sleep(250);

  const runs = await query<{ id: string; state_type: string; result: number | null; ends: number }>(`
    SELECT r.id, r.state_type, r.result, (
      SELECT count(*)::integer FROM champion.states s WHERE s.run_id = r.id
        AND s.type IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED')) AS ends
    FROM champion.flow_runs r`);
  expect(new Set(runs.map(({ id }) => id))).toEqual(ids);
  for (const run of runs) expect(run).toMatchObject({ state_type: 'COMPLETED', result: 10, ends: 1 });
  // Each run's every step left its row, and no other.
  const effects = await query<{ run: string; steps: number; amount: number }>(
    'SELECT run, count(*)::integer AS steps, sum(amount)::integer AS amount FROM effects GROUP BY run',
  );
  expect(effects).toHaveLength(RUNS);
  for (const effect of effects) expect(effect).toMatchObject({ steps: CHAOS_STEPS.length, amount: 10 });
  // What had been recorded as done was not begun again.
  const again = await query(`
    SELECT r.name, t.dynamic_key FROM champion.flow_runs r JOIN champion.task_runs t ON t.flow_run_id = r.id
    JOIN executions e ON e.run = r.parameters ->> 'label' AND 'step_' || e.step || '-0' = t.dynamic_key
    WHERE e.at > t.end_time`);
  expect(again).toEqual([]);
  // The test would prove nothing if the deaths had met no work.
  const resumed = await query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM champion.flow_runs WHERE run_count > 1`,
  );
  expect(resumed[0]?.n).toBeGreaterThan(10);
}, 300_000);

it('a worker that was frozen finds its runs with another, and works on', async () => {
  const script = await bundleForChild('packages/engine/src/testing/chaos-worker.ts');
  for (const name of workers.keys()) await kill(name);
  await query('TRUNCATE champion.flow_runs CASCADE; TRUNCATE effects, executions');
  await startWorker(script);
  const [frozen] = workers.values();
  for (let n = 0; n < 8; n++) await plane.control.create({ flowName: 'chaos', parameters: { label: `run-${n}` } });
  while ((await query('SELECT FROM effects')).length === 0) await sleep(10);
  frozen?.kill('SIGSTOP');
  await startWorker(script);
  while ((await ended()) < 8) await sleep(100);
  frozen?.kill('SIGCONT');
  // Only the one that was frozen is left to do what comes now.
  await kill([...workers.keys()].at(-1) ?? '');
  for (let n = 8; n < 16; n++) await plane.control.create({ flowName: 'chaos', parameters: { label: `run-${n}` } });
  while ((await ended()) < 16) await sleep(100);
  const runs = await query<{ state_type: string; ends: number }>(`
    SELECT r.state_type, (SELECT count(*)::integer FROM champion.states s WHERE s.run_id = r.id
      AND s.type IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED')) AS ends
    FROM champion.flow_runs r`);
  expect(runs).toHaveLength(16);
  for (const run of runs) expect(run).toEqual({ state_type: 'COMPLETED', ends: 1 });
  expect(await query('SELECT sum(amount)::integer AS sum FROM effects')).toEqual([{ sum: 160 }]);
}, 120_000);
