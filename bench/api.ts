import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStack, parseEnv, startServer } from '@champion/server';
import { runChild } from './children.ts';
import { short } from './table.ts';

const CREATED = 3_000;
const AT_ONCE = 16;
const TRIGGERED = 200;
const WARM_UP = 20;
/** A Sunday: the flow has nothing to do, so what is measured is the way to it. */
const PARAMETERS = { trade_date: '2026-11-22' };
const DEPLOYMENT = '/api/deployments/name/nse-bhavcopy-etl/nse-bhavcopy-daily';

/** Serves the API on a fresh home until the parent goes. */
export async function apiServer(home: string, worker: string): Promise<void> {
  const config = parseEnv({ CHAMPION_HOME: home, CHAMPION_PORT: '0', CHAMPION_TRACKING_PORT: '0' });
  const runs = worker === 'worker';
  const stack = await openStack(config, { version: 'bench', ...(runs ? { serve: { workQueues: ['default'] } } : {}) });
  const server = await startServer({ stack, config, version: 'bench', worker: runs });
  process.send?.(server.url);
  await new Promise((resolve) => process.once('disconnect', resolve));
  await server.stop();
}

/** Run creations a second, and the time from a trigger to the running run, over HTTP on embedded PostgreSQL. */
export async function api(repeat: number): Promise<void> {
  console.log(`Node ${process.version}, ${cpus().length} CPUs; client and server on the same machine\n`);
  console.log('| Round | creations/s | answers that are no 2xx | trigger → running p50 | p95 (reach ≤ 200) |');
  console.log('|--:|--:|--:|--:|--:|');
  for (let round = 1; round <= repeat; round++) {
    const { perSecond, refused } = await onServer('without', create);
    const times = await onServer('worker', trigger);
    const at = (share: number) => short(times[Math.ceil(share * times.length) - 1] ?? Number.NaN);
    console.log(`| ${round} | ${short(perSecond)} (reach ≥ 300) | ${refused} | ${at(0.5)} ms | ${at(0.95)} ms |`);
  }
}

async function onServer<T>(worker: string, measure: (url: string, path: string) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'champion-bench-'));
  const server = await runChild('api-server', [home, worker]);
  try {
    const url = String(server.firstMessage);
    const { id } = (await (await fetch(`${url}${DEPLOYMENT}`)).json()) as { id: string };
    return await measure(url, `/api/deployments/${id}/create_flow_run`);
  } finally {
    server.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

function post(url: string): Promise<Response> {
  const body = JSON.stringify({ parameters: PARAMETERS });
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

async function create(url: string, path: string): Promise<{ perSecond: number; refused: number }> {
  let left = CREATED;
  let refused = 0;
  const from = performance.now();
  const client = async () => {
    while (left-- > 0) {
      const answer = await post(`${url}${path}`);
      await answer.arrayBuffer();
      if (!answer.ok) refused++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  return { perSecond: (1_000 * CREATED) / (performance.now() - from), refused };
}

/** @returns ms, ascending, by the clock that both sides share */
async function trigger(url: string, path: string): Promise<number[]> {
  const times: number[] = [];
  for (let turn = -WARM_UP; turn < TRIGGERED; turn++) {
    const from = Date.now();
    const { id } = (await (await post(`${url}${path}`)).json()) as { id: string };
    let start: string | null = null;
    while (start === null) {
      const run = (await (await fetch(`${url}/api/flow_runs/${id}`)).json()) as { start_time: string | null };
      start = run.start_time;
    }
    if (turn >= 0) times.push(Date.parse(start) - from);
  }
  return times.sort((a, b) => a - b);
}
