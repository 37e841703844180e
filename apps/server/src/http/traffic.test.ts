import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deployment, flow } from '@champion/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openTestApi, type TestApi } from './testing/api.ts';

// What the real Prefect 3 client and its server said to each other, one exchange a line, kept beside the repository: asked
// again of this server, whose answers must have what the client read.
const folder = fileURLToPath(new URL('../../../../../shared/prefect-traffic', import.meta.url));
const recorded = existsSync(folder);

const Exchange = z.object({
  m: z.string(),
  p: z.string(),
  q: z.string().optional(),
  req: z.string().nullish(),
  reqh: z.record(z.string(), z.string()).optional(),
  s: z.number().optional(),
  res: z.string().optional(),
});
type Exchange = z.infer<typeof Exchange>;

const exchangesOf = (name: string): Exchange[] =>
  readFileSync(`${folder}/${name}.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Exchange.parse(JSON.parse(line)))
    .filter(({ m }) => !m.startsWith('WS'));

const bhavcopy = flow(
  {
    name: 'nse-bhavcopy-etl',
    parameters: z.strictObject({ trade_date: z.string().optional(), load_to_clickhouse: z.boolean().default(true) }),
  },
  async (_, ctx) => {
    ctx.log.info('loaded');
    return null;
  },
);

/** What Champion answers otherwise, and why. */
const otherwise: readonly [pattern: RegExp, status: number, why: string][] = [
  [/^POST \/api\/work_pools\/default\/get_scheduled_flow_runs$/, 404, "Prefect's own workers are not served"],
  [/^POST \/api\/flow_runs\/$/, 422, 'clients do not execute runs themselves'],
  [/^POST \/api\/logs\/$/, 422, 'nor do they write their logs'],
];

describe.runIf(recorded)("the real client's traffic, asked of this server", () => {
  let api: TestApi;
  /** Recorded ids and what they are here. */
  const ids = new Map<string, string>();
  let lines: string[] = [];

  beforeAll(async () => {
    const definitions = [
      deployment({
        flow: 'nse-bhavcopy-etl',
        name: 'nse-bhavcopy-daily',
        version: '1.0.0',
        tags: ['nse'],
        schedules: [{ slug: 'evening', cron: '30 12 * * 1-5' }],
      }),
    ];
    api = await openTestApi({ flows: [bhavcopy], definitions });
    await api.client.deploy({ body: { apply: true } });
    const params = { flow_name: 'nse-bhavcopy-etl', name: 'nse-bhavcopy-daily' };
    const daily = await api.client.readDeploymentByName({ params });
    const pool = await api.client.readWorkPool({ params: { name: 'default' } });
    // The first run is an ended one, as it was when it was recorded; the worker is gone before the second is asked for.
    const engine = await api.work();
    const run = await engine.run('nse-bhavcopy-etl', {});
    await run.result();
    await engine.stop();
    const known = {
      flow: daily.flow_id,
      deployment: daily.id,
      schedule: daily.schedules[0]?.id ?? '',
      run: run.id,
      pool: pool.id,
      queue: pool.default_queue_id ?? '',
    };
    const [first] = exchangesOf('cli').filter(({ p }) => p.includes('/deployments/name/'));
    const before = JSON.parse(first?.res ?? '{}') as {
      id: string;
      flow_id: string;
      schedules: { id: string }[];
      work_queue_id: string;
    };
    const [started] = exchangesOf('flowrun').filter(({ m, p }) => m === 'POST' && p === '/api/flow_runs/');
    const [anyPool] = exchangesOf('cli').filter(({ p }) => p === '/api/work_pools/default');
    ids.set(before.id, known.deployment);
    ids.set(before.flow_id, known.flow);
    ids.set(before.schedules[0]?.id ?? '', known.schedule);
    ids.set(before.work_queue_id, known.queue);
    ids.set((JSON.parse(started?.res ?? '{}') as { id: string }).id, known.run);
    ids.set((JSON.parse(anyPool?.res ?? '{}') as { id: string }).id, known.pool);
  });
  afterAll(() => api?.close());

  it.each(['cli', 'deploy', 'flowrun'])('%s', async (name) => {
    lines = [];
    for (const exchange of exchangesOf(name)) await replay(exchange);
    expect(lines).toEqual([]);
  });

  async function replay({ m, p, q, req, reqh = {}, s, res }: Exchange): Promise<void> {
    const what = `${m} ${p}`;
    const path = translate(`${p}${q ? `?${q}` : ''}`);
    const response = await api.request(path, {
      method: m,
      headers: { ...reqh, host: 'localhost' },
      ...(req ? { body: translate(req) } : {}),
    });
    const text = await response.text();
    const different = otherwise.find(([pattern]) => pattern.test(what));
    // It was not there yet when it was recorded.
    if (s === 404) return;
    if (different !== undefined) {
      if (response.status !== different[1])
        lines.push(`${what}: ${response.status} in place of ${different[1]} ${text}`);
      return;
    }
    // What was made then is there already now.
    const made = [200, 201];
    const fits = response.status === s || (made.includes(response.status) && made.includes(s ?? 0));
    if (!fits) lines.push(`${what}: ${response.status} in place of ${s} ${text.slice(0, 300)}`);
    else if (res) {
      const theirs: unknown = JSON.parse(res);
      const ours: unknown = JSON.parse(text);
      learn(theirs, ours);
      lines.push(...missing(theirs, ours, what));
    } else if (text !== '') lines.push(`${what}: an answer where there was none`);
  }

  function translate(text: string): string {
    return [...ids].reduce((all, [theirs, ours]) => all.replaceAll(theirs, ours), text);
  }

  /** What was made has an id that later requests name. */
  function learn(theirs: unknown, ours: unknown): void {
    const one = z.object({ id: z.string() }).safeParse(theirs);
    const other = z.object({ id: z.string() }).safeParse(ours);
    if (one.success && other.success) ids.set(one.data.id, other.data.id);
  }
});

describe.skipIf(recorded)("the real client's traffic", () => {
  it('is not beside this repository: nothing was replayed', () => {
    console.warn(`\n!! prefect-traffic is not at ${folder}: the real client's requests were NOT replayed !!\n`);
    expect(recorded).toBe(false);
  });
});

/** Objects whose keys are data. */
const free = ['parameters', 'labels', 'job_variables', 'parameter_openapi_schema', 'base_job_template', 'context'];

/** Where a recorded answer has something that ours has not, or has of another type. */
function missing(theirs: unknown, ours: unknown, path: string): string[] {
  if (theirs === null || ours === null) return [];
  if (typeOf(theirs) !== typeOf(ours)) return [`${path}: ${typeOf(ours)} in place of ${typeOf(theirs)}`];
  if (Array.isArray(theirs) && Array.isArray(ours)) {
    return theirs.length === 0 || ours.length === 0 ? [] : missing(theirs[0], ours[0], `${path}[]`);
  }
  if (typeof theirs !== 'object' || typeof ours !== 'object') return [];
  return Object.entries(theirs).flatMap(([key, value]) => {
    if (!Object.hasOwn(ours, key)) return [`${path}.${key} is missing`];
    return free.includes(key) ? [] : missing(value, (ours as Record<string, unknown>)[key], `${path}.${key}`);
  });
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}
