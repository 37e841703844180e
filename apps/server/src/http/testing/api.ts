import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, loadServerSide } from '@champion/contract';
import { ChampionError, systemClock } from '@champion/core';
import { type AnyFlow, ControlPlane, deployment, Engine, flow, startEmbeddedPostgres, task } from '@champion/engine';
import { z } from 'zod';
import { createApp } from '../app.ts';
import { LiveFeed } from '../live/feed.ts';
import type { DataHandlers, Parts } from '../parts.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date such as 2026-01-12');

const download = task({ name: 'download' }, async (date: string, ctx) => {
  ctx.log.info(`downloading ${date}`);
  return { date };
});
const load = task({ name: 'load' }, async (from: { date: string }, ctx) => {
  ctx.log.warn('3 rows look odd', { rows: 3 });
  return { rows: 100, date: from.date };
});
const wait = task({ name: 'wait' }, async (_: null, ctx) => {
  ctx.log.info('waiting');
  await new Promise((_, reject) => {
    ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason), { once: true });
  });
  return null;
});

/** Ends by itself. */
const barsFlow = flow(
  {
    name: 'bars-etl',
    description: 'Loads bars',
    parameters: z.strictObject({ trade_date: day.default('2026-01-12'), load: z.boolean().default(true) }),
    runName: ({ trade_date }) => `bars-${trade_date}`,
  },
  async ({ trade_date }) => load(await download(trade_date)),
);
/** Runs until it is cancelled. */
const endlessFlow = flow({ name: 'endless', parameters: z.strictObject({}) }, async () => wait(null));

const definitions = [
  deployment({
    flow: 'bars-etl',
    name: 'daily',
    version: '1.0.0',
    tags: ['nse'],
    sessionParameter: 'trade_date',
    schedules: [{ slug: 'evening', cron: '30 18 * * 1-5', timezone: 'Asia/Kolkata' }],
  }),
  deployment({ flow: 'endless', name: 'rest', workQueue: 'slow' }),
];

export const KEY = 'a-very-secret-key-1234567890';

/** The API on a PostgreSQL of the test's own; runs are executed once `work()` was called. */
export interface TestApi {
  readonly plane: ControlPlane;
  readonly feed: LiveFeed;
  readonly parts: Parts;
  readonly logged: string[];
  /** Asks the application itself. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** The same with JSON, and the answer read. */
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  readonly client: ReturnType<typeof createClient>;
  work(): Promise<Engine>;
  close(): Promise<void>;
}

const DATA_TAGS: readonly string[] = ['data', 'market'];

/** Nothing of data is asked for in these tests. */
async function noData(): Promise<DataHandlers> {
  const { routes } = await loadServerSide();
  const others = Object.entries(routes).filter(
    ([id, { tag }]) => DATA_TAGS.includes(tag) || id.startsWith('readSystem'),
  );
  const refuse = () => {
    throw new ChampionError('not in this test', { code: 'NOT_FOUND' });
  };
  return Object.fromEntries(others.map(([id]) => [id, refuse])) as unknown as DataHandlers;
}

type TestApiOptions = Partial<Pick<Parts, 'access' | 'webRoot' | 'definitions'>> & {
  readonly flows?: readonly AnyFlow[];
};

export async function openTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const home = await mkdtemp(join(tmpdir(), 'champion-api-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(home, { recursive: true, force: true })];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await open(home, options, undo, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  home: string,
  options: TestApiOptions,
  undo: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<TestApi> {
  const postgres = await startEmbeddedPostgres({ dataDir: join(home, 'postgres') });
  undo.push(() => postgres.stop());
  const { flows = [barsFlow, endlessFlow], ...rest } = options;
  const logged: string[] = [];
  const log: Parts['log'] = (level, message, fields) => {
    logged.push(`${level}: ${message} ${JSON.stringify(fields ?? {})}`);
  };
  const plane = await ControlPlane.open({
    databaseUrl: postgres.url,
    flows,
    secretKey: { file: join(home, 'secret.key') },
    onInternalLog: log,
  });
  undo.push(() => plane.close());
  await plane.registerFlows();
  const feed = new LiveFeed(plane, log);
  undo.push(async () => feed.close());
  const parts: Parts = {
    plane,
    definitions,
    clock: systemClock,
    data: await noData(),
    version: '0.1.0',
    access: { host: '127.0.0.1', apiKey: undefined },
    log,
    ...rest,
  };
  const app = await createApp(parts, feed);
  const request: TestApi['request'] = async (path, init) => app.request(path, init);
  let engine: Promise<Engine> | undefined;
  return {
    plane,
    feed,
    parts,
    logged,
    request,
    ask: async (method, path, body) => {
      const response = await request(path, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    },
    client: createClient({
      baseUrl: 'http://127.0.0.1:4200',
      validate: true,
      fetch: (url, init) => request(url, init as RequestInit),
    }),
    work: () => {
      engine ??= Engine.start({
        databaseUrl: postgres.url,
        flows,
        executorId: 'worker-1',
        serve: { workQueues: ['default', 'slow'], concurrency: 4 },
        onInternalLog: log,
      });
      const started = engine;
      undo.push(async () => (await started.catch(() => undefined))?.stop());
      return engine;
    },
    close,
  };
}
