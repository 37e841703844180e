import { statfs } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Handlers, System } from '@champion/contract';
import { toErrorRecord } from '@champion/core';
import type { DataParts } from './parts.ts';

type Store = System['stores'][number];

/** A store that takes longer is as good as down to whoever looks at the page. */
const PROBE_MS = 3_000;
/** Over a shorter time the share of the processor says nothing. */
const SAMPLE_MS = 500;

export function systemHandlers(parts: DataParts): Pick<Handlers, 'readSystem'> {
  const { services, config, database, version, startedAt } = parts;
  const used = processorUse();
  return {
    readSystem: async () => {
      const stores = await Promise.all([
        storeOf('PostgreSQL', database.kind, database.probe),
        warehouseOf(services),
        storeOf('lake', 'embedded', async () => {
          const lake = await services.lake(undefined);
          await statfs(lake.root);
          return lake.root;
        }),
      ]);
      const disk = await statfs(config.home);
      const memory = process.memoryUsage();
      return {
        version,
        started_at: startedAt.toISOString(),
        simulated: config.simulated,
        stores,
        memory: {
          rss_bytes: memory.rss,
          heap_used_bytes: memory.heapUsed,
          system_total_bytes: totalmem(),
          system_free_bytes: freemem(),
        },
        cpu: { cores: availableParallelism(), used: used(), load_average: loadavg() },
        disk: { total_bytes: disk.blocks * disk.bsize, free_bytes: disk.bavail * disk.bsize },
        home: config.home,
      };
    },
  };
}

async function warehouseOf({ warehouse }: DataParts['services']): Promise<Store> {
  let kind: Store['kind'] = 'server';
  const store = await storeOf('ClickHouse', kind, async () => {
    const opened = await warehouse();
    kind = opened.kind;
    await opened.sql('SELECT 1', { timeoutMs: PROBE_MS });
    const { version, location } = await opened.info();
    return `${version}, ${location}`;
  });
  return { ...store, kind };
}

async function storeOf(name: string, kind: Store['kind'], probe: () => Promise<string>): Promise<Store> {
  const timer = new AbortController();
  const late = sleep(PROBE_MS, undefined, { signal: timer.signal }).then(
    () => Promise.reject(new Error(`no answer within ${PROBE_MS / 1000} s`)),
    () => '',
  );
  try {
    return { name, kind, state: 'up', detail: await Promise.race([probe(), late]) };
  } catch (error) {
    return { name, kind, state: 'down', detail: toErrorRecord(error).message };
  } finally {
    timer.abort();
  }
}

/** The share of one core that this process used between two calls that are not too close. */
function processorUse(): () => number {
  let usage = process.cpuUsage();
  let at = performance.now();
  let share = 0;
  return () => {
    const elapsed = performance.now() - at;
    if (elapsed < SAMPLE_MS) return share;
    const { user, system } = process.cpuUsage(usage);
    share = (user + system) / 1000 / elapsed;
    usage = process.cpuUsage();
    at = performance.now();
    return share;
  };
}
