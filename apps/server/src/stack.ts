import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ChampionError, type Clock, lockForProcess, systemClock, TradingCalendar } from '@champion/core';
import { datasets } from '@champion/datasets';
import {
  ControlPlane,
  Engine,
  type InternalLog,
  type SecretKeyOptions,
  type ServeOptions,
  startEmbeddedPostgres,
} from '@champion/engine';
import { createExchange, createPacer, type Exchange } from '@champion/exchange';
import { marketFlows, type Services, sweepStaging } from '@champion/flows';
import { type Lake, openLake } from '@champion/lake';
import { openTracking, type TrackingStore } from '@champion/tracking';
import { openWarehouse, type ServedWarehouse, serveWarehouse, type Warehouse } from '@champion/warehouse';
import { alertSettings } from './alerts.ts';
import { calendarFacts } from './calendar.ts';
import type { Config } from './config.ts';
import { Events } from './events/events.ts';
import { urlOf } from './http/listen.ts';
import { ExchangeWatch } from './http/system/exchange-watch.ts';
import { type ExchangeMetrics, exchangeMetrics } from './metrics/index.ts';
import { sessionCalendar } from './session-calendar.ts';

/** The running platform in this process: open what you use, then close. Nothing is started before it is asked for. */
export interface Stack {
  readonly config: Config;
  readonly services: Services;
  /** Where the run records are; starts PostgreSQL unless DATABASE_URL names one. A secret. */
  databaseUrl(): Promise<string>;
  /** Where other processes find the warehouse; serves the embedded one to this machine. A secret. */
  clickhouseUrl(): Promise<string>;
  /** Deployments, schedules, queues and runs, without running any. */
  plane(): Promise<ControlPlane>;
  /** Experiments and runs to compare, on the same database. */
  tracking(): Promise<TrackingStore>;
  /** Starts PostgreSQL (unless DATABASE_URL names one) and the engine; runs a killed predecessor left go on. */
  engine(): Promise<Engine>;
  /** Rows on their way to Kafka. */
  readonly events: Events;
  warehouse(): Promise<Warehouse>;
  lake(): Promise<Lake>;
  exchange(): Exchange;
  /** What this process has asked of the exchange. */
  readonly requests: ExchangeMetrics;
  /** How its hosts have been answering this process. */
  readonly exchangeWatch: ExchangeWatch;
  /** Goes by what has become known of holidays since. @returns whether anything changed */
  refreshCalendar(): Promise<boolean>;
  /** Stops what was started, in reverse. Safe to call twice. */
  close(): Promise<void>;
}

export interface StackOptions {
  /** What the market's time is; runs are recorded by the system's. */
  readonly clock?: Clock;
  /**
   * The home is another process's, and this one works beside it on the same stores: both URLs have to be configured.
   */
  readonly joins?: boolean;
  /** Makes the engine a worker. */
  readonly serve?: ServeOptions;
  /** Names this process among those that run flows on the database. Default "local". */
  readonly executorId?: string;
  readonly version?: string;
  /** Where people reach the web app, for links in alerts. Default: the configured host and port. */
  readonly webUrl?: () => string;
  readonly onInternalLog?: InternalLog;
}

/**
 * Wires the platform for one process. It holds the home folder until closed, unless it joins another.
 * @throws ChampionError BUSY when another process holds it
 * @throws ChampionError CONFIG when it is to join and a store's URL is missing
 */
export async function openStack(config: Config, options: StackOptions = {}): Promise<Stack> {
  const clock = options.clock ?? systemClock;
  await makeHome(config.home);
  if (options.joins === true) checkJoins(config);
  const lock =
    options.joins === true
      ? undefined
      : await lockForProcess(join(config.home, 'champion.lock'), `the data folder ${config.home}`);

  const requests = exchangeMetrics();
  const exchangeWatch = new ExchangeWatch(clock);
  const exchange = lazy(() =>
    createExchange({
      pacer: exchangeWatch.watched(createPacer({ requestsPerSecond: config.requestsPerSecond, clock })),
      archivesUrl: config.archivesUrl,
      siteUrl: config.siteUrl,
      clock,
      onRequest: (event) => {
        requests.onRequest(event);
        exchangeWatch.onRequest(event);
      },
    }),
  );

  const lakes = new Map<string, Lazy<Promise<Lake>>>();
  const lake = (basePath?: string): Promise<Lake> => {
    const root = basePath ?? join(config.home, 'lake');
    let known = lakes.get(root);
    if (known === undefined) {
      known = retried(async () => {
        const opened = await openLake(root, { clock });
        await sweepStaging(opened, clock.now());
        return opened;
      });
      lakes.set(root, known);
    }
    return known.get();
  };

  const warehouse = retried(async () => {
    const opened = await openWarehouse(
      config.clickhouseUrl === undefined
        ? { kind: 'embedded', path: join(config.home, 'warehouse') }
        : { kind: 'server', url: config.clickhouseUrl },
    );
    try {
      await opened.migrate(datasets.flatMap(({ migrations }) => migrations));
    } catch (error) {
      await opened.close();
      throw error;
    }
    return opened;
  });

  const served = lazy(async (): Promise<ServedWarehouse> => serveWarehouse(await warehouse.get()));

  const calendar = new TradingCalendar();
  const refreshCalendar = async () => calendar.learn(await calendarFacts(config.home, await lake()));
  await refreshCalendar().catch(async (error: unknown) => {
    await lock?.release();
    throw error;
  });

  const postgres = lazy(() => startEmbeddedPostgres({ dataDir: join(config.home, 'postgres') }));
  const databaseUrl = async () => config.databaseUrl ?? (await postgres.get()).url;
  const events = new Events({
    brokers: config.kafkaBrokers,
    databaseUrl,
    lakeRoot: async (basePath) => (await lake(basePath ?? undefined)).root,
    flushes: options.joins !== true,
    log: options.onInternalLog ?? (() => undefined),
  });

  const services: Services = {
    get exchange() {
      return exchange.get();
    },
    lake,
    warehouse: warehouse.get,
    events,
    calendar,
    clock,
  };

  const flows = marketFlows(datasets, services);
  const secretKey = secretKeyOf(config);
  const log = options.onInternalLog === undefined ? {} : { onInternalLog: options.onInternalLog };
  const engine = lazy(async () =>
    Engine.start({
      databaseUrl: await databaseUrl(),
      flows,
      secretKey,
      ...log,
      ...(options.serve === undefined ? {} : { serve: options.serve }),
      ...(options.executorId === undefined ? {} : { executorId: options.executorId }),
      ...(options.version === undefined ? {} : { version: options.version }),
    }),
  );
  const plane = lazy(async () => {
    const opened = await ControlPlane.open({
      databaseUrl: await databaseUrl(),
      flows,
      calendar: sessionCalendar(() => calendar),
      secretKey,
      notifications: alertSettings({
        services,
        datasets,
        webUrl: options.webUrl ?? (() => urlOf(config.host, config.port)),
        allowPrivateNetworks: config.alertsPrivateNetworks,
      }),
      ...log,
    });
    await opened.registerFlows();
    return opened;
  });

  const tracking = lazy(async () => openTracking({ databaseUrl: await databaseUrl() }));

  const close = lazy(async () => {
    // Runs end before what they work with. What is still opening is waited for, or it would outlive this.
    await inOrder([
      async () => (await opened(engine))?.stop(),
      async () => (await opened(plane))?.close(),
      // What the runs have left, while their files are there.
      () => events.close(),
      async () => (await opened(tracking))?.close(),
      async () => (await opened(served))?.close(),
      async () => (await opened(postgres))?.stop(),
      async () => exchange.made()?.close(),
      async () => (await opened(warehouse))?.close(),
      async () => lock?.release(),
    ]);
  });

  return {
    config,
    services,
    databaseUrl,
    clickhouseUrl: async () => config.clickhouseUrl ?? (await served.get()).url,
    plane: plane.get,
    tracking: tracking.get,
    engine: engine.get,
    events,
    warehouse: warehouse.get,
    lake: () => lake(),
    exchange: exchange.get,
    requests,
    exchangeWatch,
    refreshCalendar,
    close: close.get,
  };
}

/** Beside the stores: who has the home has the key. */
function secretKeyOf({ home, secretKey }: Config): SecretKeyOptions {
  return { file: join(home, 'secret.key'), ...(secretKey === undefined ? {} : { given: secretKey }) };
}

/** Something that is made at the first call and the same one after. */
interface Lazy<T> {
  readonly get: () => T;
  /** What was made so far, if it was. */
  readonly made: () => T | undefined;
}

function lazy<T>(make: () => T): Lazy<T> {
  let made: { value: T } | undefined;
  return {
    get: () => {
      made ??= { value: make() };
      return made.value;
    },
    made: () => made?.value,
  };
}

/** As lazy, but what failed is tried again at the next call: a store that is down at first may come up. */
function retried<T>(make: () => Promise<T>): Lazy<Promise<T>> {
  let made: Promise<T> | undefined;
  return {
    get: () => {
      made ??= make().catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return made;
    },
    made: () => made,
  };
}

/** What was opened and is to be closed; whoever asked for it has heard of it if opening failed. */
async function opened<T>(part: Lazy<Promise<T>>): Promise<T | undefined> {
  return part.made()?.catch(() => undefined);
}

/** Does all of it, whatever fails, and then throws what failed first. */
async function inOrder(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

function checkJoins({ databaseUrl, clickhouseUrl, home }: Config): void {
  const missing =
    databaseUrl === undefined ? 'DATABASE_URL' : clickhouseUrl === undefined ? 'CLICKHOUSE_URL' : undefined;
  if (missing === undefined) return;
  throw new ChampionError(`a worker shares its stores with others, and ${missing} is not set`, {
    code: 'CONFIG',
    hint: `Start the server first (champion up) so that its stores in ${home} can be joined, or set DATABASE_URL and CLICKHOUSE_URL.`,
    context: { home, missing },
  });
}

async function makeHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true });
  } catch (error) {
    throw new ChampionError(`the data folder ${home} cannot be made: ${(error as Error).message}`, {
      code: 'CONFIG',
      hint: 'Choose a folder that this user may write, with --home DIR or CHAMPION_HOME.',
      context: { home },
      cause: error,
    });
  }
}
