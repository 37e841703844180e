import type { InternalLog } from '@champion/engine';
import type { Config } from './config.ts';
import { readStores } from './home-files.ts';
import { listenForMetrics, type MetricsListener, workerMetricsOf } from './metrics/index.ts';
import { openStack, type Stack } from './stack.ts';

/** How often a worker looks whether holidays were announced meanwhile. */
const REFRESH_CALENDAR_MS = 10 * 60_000;

export interface WorkerOptions {
  /** Unique among the workers of the database. */
  readonly name: string;
  readonly workPool?: string;
  readonly workQueues: readonly string[];
  /** Most runs at work at once. */
  readonly concurrency: number;
  readonly version: string;
  readonly onInternalLog?: InternalLog;
}

/** A process that only runs flows. */
export interface Worker {
  readonly stack: Stack;
  /** Takes nothing new, gives what runs `drainMs` to end, and leaves the rest to other workers. */
  stop(drainMs: number): Promise<void>;
}

/**
 * Starts a worker beside the server of this home, or, with DATABASE_URL and CLICKHOUSE_URL, beside servers anywhere.
 * @throws ChampionError CONFIG when there is nothing to join
 */
export async function startWorker(config: Config, options: WorkerOptions): Promise<Worker> {
  const stores = await readStores(config.home);
  const joined: Config =
    stores === undefined || config.databaseUrl !== undefined
      ? config
      : {
          ...config,
          databaseUrl: stores.databaseUrl,
          clickhouseUrl: stores.clickhouseUrl,
          archivesUrl: stores.archivesUrl,
          siteUrl: stores.siteUrl,
          requestsPerSecond: stores.requestsPerSecond,
          kafkaBrokers: stores.kafkaBrokers,
        };
  const stack = await openStack(joined, {
    joins: true,
    executorId: options.name,
    version: options.version,
    serve: {
      workQueues: options.workQueues,
      concurrency: options.concurrency,
      ...(options.workPool === undefined ? {} : { workPool: options.workPool }),
    },
    ...(options.onInternalLog === undefined ? {} : { onInternalLog: options.onInternalLog }),
  });
  const refresh = setInterval(() => {
    stack.refreshCalendar().catch((error: unknown) => {
      options.onInternalLog?.('warn', 'The calendar could not be refreshed', { error });
    });
  }, REFRESH_CALENDAR_MS);
  let metrics: MetricsListener | undefined;
  try {
    const { host, apiKey, metricsPort: port } = config;
    if (port !== undefined) {
      const told = workerMetricsOf({ exchange: stack.requests, version: options.version });
      metrics = await listenForMetrics(told, { host, apiKey, port });
    }
    const engine = await stack.engine();
    return {
      stack,
      stop: async (drainMs) => {
        clearInterval(refresh);
        await engine.stop({ drainMs });
        await metrics?.close();
        await stack.close();
      },
    };
  } catch (error) {
    clearInterval(refresh);
    await metrics?.close();
    await stack.close();
    throw error;
  }
}
