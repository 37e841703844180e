import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileAnswer, type Handlers, loadServerSide, type OperationId } from '@champion/contract';
import type { Clock } from '@champion/core';
import { datasets } from '@champion/datasets';
import { ControlPlane, Engine, startEmbeddedPostgres } from '@champion/engine';
import { type BackfillRunner, marketFlows } from '@champion/flows';
import { type Simulator, startSimulator } from '@champion/simulator';
import { parseEnv } from '../../../config.ts';
import { openStack, type Stack } from '../../../stack.ts';
import { artifactHandlers } from '../../run-facts/index.ts';
import { SystemMonitor } from '../../system/monitor.ts';
import { backfillsOver, dataHandlers, latestRuns } from '../index.ts';

interface Asked {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
}

/** The data API over a platform of its own, beside a simulated exchange. */
export interface DataApi {
  readonly home: string;
  readonly simulator: Simulator;
  readonly stack: Stack;
  readonly plane: ControlPlane;
  readonly monitor: SystemMonitor;
  readonly backfills: BackfillRunner;
  /** The body of an answer, held against its schema. */
  call<T>(operation: OperationId, asked?: Asked): Promise<T>;
  /** A file, to be read. */
  file(operation: OperationId, asked?: Asked): Promise<FileAnswer>;
  /** With its status. */
  reply(operation: OperationId, asked?: Asked): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Has a worker run a flow to its end. @returns the run's id */
  run(flow: string, parameters: Record<string, unknown>): Promise<string>;
  startWorker(): Promise<Engine>;
  /** As when the server is started anew: what was at work is left. */
  restart(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openDataApi(clock: Clock, options: { readonly worker: boolean }): Promise<DataApi> {
  const home = await mkdtemp(join(tmpdir(), 'champion-data-api-'));
  const simulator = await startSimulator({ clock });
  const postgres = await startEmbeddedPostgres({ dataDir: join(home, 'postgres') });
  const config = parseEnv({
    CHAMPION_HOME: home,
    DATABASE_URL: postgres.url,
    NSE_ARCHIVES_URL: simulator.url,
    NSE_SITE_URL: simulator.url,
    NSE_REQUESTS_PER_SECOND: '1000',
  });
  const stack = await openStack(config, { clock });
  const { services } = stack;
  const flows = marketFlows(datasets, services);
  const plane = await ControlPlane.open({ databaseUrl: postgres.url, flows, clock });
  const { bindHandlers } = await loadServerSide();

  const monitor = new SystemMonitor({ plane, home, clock, log: () => undefined });
  let backfills: BackfillRunner;
  let endpoints: ReturnType<typeof bindHandlers>;
  const serve = (): void => {
    backfills = backfillsOver({ services, datasets, plane });
    const handlers = dataHandlers({
      services,
      datasets,
      config: { home, simulated: true },
      database: { kind: 'embedded', probe: async () => `${(await plane.workers.list()).length} workers` },
      version: '0.1.0',
      startedAt: clock.now(),
      monitor,
      exchange: stack.exchangeWatch,
      backfills,
      readRuns: latestRuns(plane.runs.flowRuns),
    });
    const ofRuns = artifactHandlers({ plane, definitions: [], clock });
    endpoints = bindHandlers({ ...handlers, ...ofRuns } as Handlers);
  };
  serve();

  let worker: Engine | undefined;
  const startWorker = async (): Promise<Engine> => {
    worker ??= await Engine.start({
      databaseUrl: postgres.url,
      flows,
      clock,
      serve: { workQueues: ['default'], concurrency: 4 },
    });
    return worker;
  };
  if (options.worker) await startWorker();

  const ask = async (operation: OperationId, { params = {}, query = {}, body }: Asked = {}) => {
    const endpoint = endpoints.find(({ operationId }) => operationId === operation);
    if (endpoint === undefined) throw new Error(`no operation ${operation}`);
    const signal = new AbortController().signal;
    return { endpoint, answer: await endpoint.call({ params, query: new URLSearchParams(query), body, signal }) };
  };
  const reply: DataApi['reply'] = async (operation, asked) => {
    const { endpoint, answer } = await ask(operation, asked);
    if (answer.kind !== 'json') throw new Error(`${operation} gave no JSON`);
    // As it arrives at a client.
    const sent: unknown = JSON.parse(JSON.stringify(answer.body));
    endpoint.route.responses[answer.status]?.parse(sent);
    return { status: answer.status, body: sent };
  };
  return {
    home,
    simulator,
    stack,
    plane,
    monitor,
    get backfills() {
      return backfills;
    },
    reply,
    file: async (operation, asked) => {
      const { answer } = await ask(operation, asked);
      if (answer.kind !== 'file') throw new Error(`${operation} gave no file`);
      return answer.file;
    },
    call: async <T>(operation: OperationId, asked?: Asked) => (await reply(operation, asked)).body as T,
    run: async (flow, parameters) => {
      const run = await (await startWorker()).run(flow, parameters);
      const { state, error } = await run.result();
      if (state !== 'COMPLETED') throw new Error(`${flow} ended ${state}: ${error?.message}`);
      return run.id;
    },
    startWorker,
    restart: async () => {
      await backfills.stop();
      serve();
      return backfills.resume();
    },
    close: async () => {
      await backfills.stop();
      await worker?.stop();
      await plane.close();
      await stack.close();
      await postgres.stop();
      await simulator.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
