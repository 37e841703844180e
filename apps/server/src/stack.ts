import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ChampionError, type Clock, lockForProcess, systemClock } from '@champion/core';
import { datasets } from '@champion/datasets';
import { Engine, startEmbeddedPostgres } from '@champion/engine';
import { createExchange, type Exchange } from '@champion/exchange';
import { marketFlows, type Services, sweepStaging } from '@champion/flows';
import { type Lake, openLake } from '@champion/lake';
import { openWarehouse, type Warehouse } from '@champion/warehouse';
import { openCalendar } from './calendar.ts';
import type { Config } from './config.ts';

/** The running platform in this process: open what you use, then close. Nothing is started before it is asked for. */
export interface Stack {
  readonly config: Config;
  readonly services: Services;
  /** Starts PostgreSQL (unless DATABASE_URL names one) and the engine; runs a killed predecessor left go on. */
  engine(): Promise<Engine>;
  warehouse(): Promise<Warehouse>;
  lake(): Promise<Lake>;
  exchange(): Exchange;
  /** Stops what was started, in reverse. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Wires the platform for one process. It holds the home folder until closed.
 * @throws ChampionError BUSY when another process holds it
 */
export async function openStack(config: Config, options: { clock?: Clock } = {}): Promise<Stack> {
  const clock = options.clock ?? systemClock;
  await makeHome(config.home);
  const lock = await lockForProcess(join(config.home, 'champion.lock'), `the data folder ${config.home}`);

  const exchange = lazy(() =>
    createExchange({
      archivesUrl: config.archivesUrl,
      siteUrl: config.siteUrl,
      requestsPerSecond: config.requestsPerSecond,
      clock,
    }),
  );

  const lakes = new Map<string, Promise<Lake>>();
  const lake = (basePath?: string): Promise<Lake> => {
    const root = basePath ?? join(config.home, 'lake');
    const known = lakes.get(root);
    if (known) return known;
    const opening = openLake(root, { clock }).then(async (opened) => {
      await sweepStaging(opened, clock.now());
      return opened;
    });
    lakes.set(root, opening);
    return opening;
  };

  const warehouse = lazy(async () => {
    const opened = await openWarehouse(
      config.clickhouseUrl === undefined
        ? { kind: 'embedded', path: join(config.home, 'warehouse') }
        : { kind: 'server', url: config.clickhouseUrl },
    );
    await opened.migrate(datasets.flatMap(({ migrations }) => migrations));
    return opened;
  });

  const calendar = await openCalendar(config.home, lake).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });

  const services: Services = {
    get exchange() {
      return exchange.get();
    },
    lake,
    warehouse: warehouse.get,
    calendar,
    clock,
  };

  const postgres = lazy(() => startEmbeddedPostgres({ dataDir: join(config.home, 'postgres') }));
  const engine = lazy(async () =>
    Engine.start({
      databaseUrl: config.databaseUrl ?? (await postgres.get()).url,
      flows: marketFlows(datasets, services),
    }),
  );

  const close = lazy(async () => {
    // Runs end before what they work with. What is still opening is waited for, or it would outlive this.
    await (await opened(engine))?.stop();
    await (await opened(postgres))?.stop();
    await exchange.made()?.close();
    await (await opened(warehouse))?.close();
    await lock.release();
  });

  return {
    config,
    services,
    engine: engine.get,
    warehouse: warehouse.get,
    lake: () => lake(),
    exchange: exchange.get,
    close: close.get,
  };
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

/** What was opened and is to be closed; whoever asked for it has heard of it if opening failed. */
async function opened<T>(part: Lazy<Promise<T>>): Promise<T | undefined> {
  return part.made()?.catch(() => undefined);
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
