import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { datasets } from '@champion/datasets';
import type { ControlPlane, InternalLog } from '@champion/engine';
import { deployments, describeFlows } from '@champion/flows';
import type { Config } from './config.ts';
import { followersOf } from './forwarding/followers.ts';
import { publish } from './home-files.ts';
import { checkExposure } from './http/access.ts';
import { createApp } from './http/app.ts';
import { backfillsOver, dataHandlers, latestRuns } from './http/data/index.ts';
import { listen } from './http/listen.ts';
import { LiveFeed } from './http/live/feed.ts';
import { SystemMonitor } from './http/system/monitor.ts';
import { metricsOf } from './metrics/index.ts';
import type { Stack } from './stack.ts';
import { listenForTracking } from './tracking/listen.ts';

/** How often the server looks whether holidays were announced meanwhile. */
const REFRESH_CALENDAR_MS = 10 * 60_000;
const PROBE_WITHIN_MS = 2_000;
const DRAIN_MS = 10_000;

export interface ServerOptions {
  /** Closed with the server. For a worker in this process, opened with `serve`. */
  readonly stack: Stack;
  readonly config: Config;
  /** Of the product. */
  readonly version: string;
  /** Runs flows in this process as well. */
  readonly worker?: boolean;
  /** The exchange is the simulator: the API says that none of the rows are real. */
  readonly simulated?: boolean;
  /** Folder of the web app; default: the one beside the program, if it is built. */
  readonly webRoot?: string;
  readonly onInternalLog?: InternalLog;
}

/** The platform's server: API, web app, scheduler, and perhaps a worker. */
export interface PlatformServer {
  /** Where this machine reaches it: "http://127.0.0.1:4200". */
  readonly url: string;
  readonly port: number;
  /** Where this machine reaches the tracking app and its API. */
  readonly trackingUrl: string;
  readonly plane: ControlPlane;
  /**
   * Takes no more requests, ends streams, gives runs `drainMs` (default 10 s) to end, and closes the stack. What is left
   * of runs goes on with another worker, or at the next start. Safe to call twice.
   */
  stop(options?: { readonly drainMs?: number }): Promise<void>;
}

/**
 * Starts the server on a stack that holds its home. What fails closes all that was opened.
 * @throws ChampionError CONFIG when others could reach it and there is no key, or for an address that is none of ours
 * @throws ChampionError BUSY when the port is taken
 */
export async function startServer(options: ServerOptions): Promise<PlatformServer> {
  const undo: (() => Promise<unknown>)[] = [() => options.stack.close()];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= backwards(undo);
    return stopping;
  };
  try {
    return await start(options, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: ServerOptions,
  undo: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<PlatformServer> {
  const { stack, config, version } = options;
  const log: InternalLog = options.onInternalLog ?? (() => undefined);
  const access = { host: config.host, apiKey: config.apiKey };
  checkExposure(access);
  const plane = await stack.plane();
  const { services } = stack;
  const startedAt = services.clock.now();

  const backfills = backfillsOver({ services, datasets, plane, log });
  undo.push(() => backfills.stop());
  const monitor = new SystemMonitor({ plane, home: config.home, clock: services.clock, log });
  undo.push(async () => monitor.stop());
  let trackingPort: number | undefined;
  const data = dataHandlers({
    services,
    datasets,
    config: { home: config.home, simulated: options.simulated ?? false },
    database: { kind: config.databaseUrl === undefined ? 'embedded' : 'server', probe: () => probe(plane, stack) },
    version,
    startedAt,
    monitor,
    exchange: stack.exchangeWatch,
    events: stack.events,
    followers: plane.followers,
    trackingPort: () => trackingPort,
    backfills,
    readRuns: latestRuns(plane.runs.flowRuns),
  });

  const feed = new LiveFeed(plane, log);
  const webRoot = options.webRoot ?? builtSite('web', 'index.html');
  const metrics = metricsOf({
    plane,
    services,
    datasets,
    flows: describeFlows(datasets, { events: stack.events.on }),
    database: { probe: () => probe(plane, stack) },
    events: stack.events,
    home: config.home,
    exchange: stack.requests,
    version,
    log,
  });
  undo.push(async () => metrics.close());
  const parts = {
    plane,
    definitions: deployments,
    clock: services.clock,
    data,
    monitor,
    metrics,
    version,
    access,
    log,
  };
  const app = await createApp({ ...parts, ...(webRoot === undefined ? {} : { webRoot }) }, feed);

  await deployAtFirst(plane, log);
  // What passed while nothing ran is decided by each schedule's catch-up rule before a worker can begin it.
  await plane.scheduler.tick();
  let drainMs = DRAIN_MS;
  if (options.worker === true) {
    const engine = await stack.engine();
    undo.push(() => engine.stop({ drainMs }));
  }
  const listening = await listen(app, feed, { ...parts, port: config.port });
  undo.push(() => listening.stop());
  await plane.notifications.rules.setEnvironmentRule(config.slackWebhookUrl);
  const tracking = await stack.tracking();
  const site = {
    root: builtSite('tracking', 'tracking.html'),
    webUrl: webRoot === undefined ? undefined : listening.url,
    version,
    simulated: options.simulated ?? false,
  };
  const tracked = await listenForTracking({ store: tracking, access, site, port: config.trackingPort, log });
  undo.push(() => tracked.stop());
  trackingPort = Number(new URL(tracked.url).port);
  const told = { config, runs: plane.runs, services, tracking, trackingUrl: tracked.url, version, log };
  await plane.followers.set(followersOf(told));
  plane.startDuties({ retention: config.retention, further: stack.events.duties() });
  undo.push(keepCalendar(stack, plane, log));
  monitor.start();
  await backfills.resume();
  undo.push(
    await publish(
      config.home,
      { url: listening.url, pid: process.pid, startedAt: startedAt.toISOString() },
      {
        pid: process.pid,
        databaseUrl: await stack.databaseUrl(),
        clickhouseUrl: await stack.clickhouseUrl(),
        archivesUrl: config.archivesUrl,
        siteUrl: config.siteUrl,
        requestsPerSecond: config.requestsPerSecond,
        ...(config.kafkaBrokers === undefined ? {} : { kafkaBrokers: config.kafkaBrokers }),
      },
    ),
  );
  return {
    url: listening.url,
    port: listening.port,
    trackingUrl: tracked.url,
    plane,
    stop: (how = {}) => {
      drainMs = how.drainMs ?? drainMs;
      return stop();
    },
  };
}

/**
 * A new database gets the deployments that code declares. Later ones are changed only when somebody says so, for people
 * may have made them their own.
 */
async function deployAtFirst(plane: ControlPlane, log: InternalLog): Promise<void> {
  const { changes } = await plane.deployments.plan(deployments);
  if (changes.every(({ action }) => action === 'create')) {
    await plane.deployments.apply(deployments);
    return;
  }
  const differing = changes.filter(({ action }) => action !== 'unchanged').map(({ name }) => name);
  if (differing.length > 0) {
    log('info', 'Deployments differ from what this version declares: see champion deploy --dry-run', { differing });
  }
}

/** Where a build puts an app: beside the program's own files. */
function builtSite(name: string, entry: string): string | undefined {
  const folder = fileURLToPath(new URL(`./${name}`, import.meta.url));
  return existsSync(`${folder}/${entry}`) ? folder : undefined;
}

/** Schedules follow the exchange's calendar, of which more becomes known while the server runs. */
function keepCalendar(stack: Stack, plane: ControlPlane, log: InternalLog): () => Promise<void> {
  const refresh = async () => {
    if (await stack.refreshCalendar()) await plane.scheduler.calendarChanged();
  };
  const timer = setInterval(() => {
    refresh().catch((error: unknown) => log('warn', 'The calendar could not be refreshed', { error }));
  }, REFRESH_CALENDAR_MS);
  return async () => clearInterval(timer);
}

/** Whether PostgreSQL answers, and where it is, without user and password. */
async function probe(plane: ControlPlane, stack: Stack): Promise<string> {
  const { hostname, port, pathname } = new URL(await stack.databaseUrl());
  const where = `${hostname}:${port || 5432}${pathname}`;
  const answered = await Promise.race([
    plane.runs.flows.count().then(() => true),
    sleep(PROBE_WITHIN_MS, false, { ref: false }),
  ]);
  if (!answered) throw new Error(`${where} did not answer within ${PROBE_WITHIN_MS / 1000} s`);
  return where;
}

/** Undoes what was done, the last first, whatever fails; then throws what failed first. */
async function backwards(undo: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of undo.toReversed()) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
