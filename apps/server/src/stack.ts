import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, lockForProcess, systemClock, TradingCalendar } from '@champion/core';
import { datasets } from '@champion/datasets';
import { type EmbeddedPostgres, Engine, startEmbeddedPostgres } from '@champion/engine';
import { createExchange, type Exchange } from '@champion/exchange';
import { ingestFlow, type Services, sweepStaging } from '@champion/flows';
import { type Lake, openLake } from '@champion/lake';
import { openWarehouse, type Warehouse } from '@champion/warehouse';
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
  await mkdir(config.home, { recursive: true });
  const lock = await lockForProcess(join(config.home, 'champion.lock'), `the data folder ${config.home}`);
  const closers: (() => Promise<void>)[] = [() => lock.release()];

  const exchange = once(() => {
    const opened = createExchange({
      archivesUrl: config.archivesUrl,
      siteUrl: config.siteUrl,
      requestsPerSecond: config.requestsPerSecond,
      clock,
    });
    closers.push(() => opened.close());
    return opened;
  });

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

  const warehouse = once(async () => {
    const opened = await openWarehouse(
      config.clickhouseUrl === undefined
        ? { kind: 'embedded', path: join(config.home, 'warehouse') }
        : { kind: 'server', url: config.clickhouseUrl },
    );
    closers.push(() => opened.close());
    await opened.migrate(datasets.flatMap(({ migrations }) => migrations));
    return opened;
  });

  const services: Services = {
    get exchange() {
      return exchange();
    },
    lake,
    warehouse,
    calendar: new TradingCalendar(),
    clock,
  };

  const engine = once(async () => {
    let postgres: EmbeddedPostgres | undefined;
    if (config.databaseUrl === undefined) {
      const started = await startEmbeddedPostgres({ dataDir: join(config.home, 'postgres') });
      postgres = started;
      closers.push(() => started.stop());
    }
    const started = await Engine.start({
      databaseUrl: config.databaseUrl ?? postgres?.url ?? '',
      flows: datasets.map((dataset) => ingestFlow(dataset, services)),
    });
    closers.push(() => started.stop());
    return started;
  });

  return {
    config,
    services,
    engine,
    warehouse,
    lake: () => lake(),
    exchange,
    close: async () => {
      for (let closer = closers.pop(); closer; closer = closers.pop()) await closer();
    },
  };
}

/** Makes the value at the first call and hands out the same one after. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
