import { statfs } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Handlers, System } from '@champion/contract';
import { plural, toErrorRecord } from '@champion/core';
import { summaryOf, waitingText } from '../../events/summary.ts';
import { processorUse } from '../system/monitor.ts';
import type { DataParts } from './parts.ts';

type Store = System['stores'][number];

/** A store that takes longer is as good as down to whoever looks at the page. */
const PROBE_MS = 3_000;
const HOUR_MS = 3_600_000;
/** Unless another span is asked for. */
const HOURS = 6;

export function systemHandlers(parts: DataParts): Pick<Handlers, 'readSystem' | 'readSystemHistory'> {
  const { services, config, database, version, startedAt, monitor, exchange } = parts;
  const used = processorUse();
  return {
    readSystemHistory: async ({ query: { hours = HOURS } }) =>
      monitor.samples.since(new Date(services.clock.now().getTime() - hours * HOUR_MS)),
    readSystem: async () => {
      const stores = await Promise.all([
        storeOf('PostgreSQL', database.kind, database.probe),
        warehouseOf(services),
        storeOf('lake', 'embedded', async () => {
          const lake = await services.lake(undefined);
          await statfs(lake.root);
          return lake.root;
        }),
        ...kafkaOf(parts.events),
      ]);
      stores.push(...(await toldOf(parts.followers)));
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
        tracking_port: parts.trackingPort?.() ?? null,
        runtime: { node: process.versions.node, platform: `${process.platform} ${process.arch}`, pid: process.pid },
        exchange: exchange.states(),
        api: { last_hour: monitor.traffic.last(60), last_day: monitor.traffic.last(24 * 60) },
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

/** Where rows are sent to Kafka: by how the last tries went, for the page need not wait for a broker. */
function kafkaOf(events: DataParts['events']): Promise<Store>[] {
  if (events?.on !== true) return [];
  const kafka = storeOf('Kafka', 'server', async () => {
    const summary = summaryOf(await (await events.outbox()).status());
    if (summary.failing !== null) throw new Error(`${waitingText(summary)}: ${summary.failing}`);
    return `${events.brokers.join(', ')}, ${waitingText(summary)}`;
  });
  return [kafka];
}

const TOLD: Readonly<Record<string, string>> = {
  mlflow: 'MLflow',
  openlineage: 'OpenLineage',
  'openlineage-file': 'OpenLineage file',
};

/** Services that are told of runs: by how the last tries went, as Kafka. Without their records nothing is known of them. */
async function toldOf(followers: DataParts['followers']): Promise<Store[]> {
  if (followers === undefined) return [];
  const nobody: Awaited<ReturnType<typeof followers.status>> = [];
  const known = followers.status().catch(() => nobody);
  const all = await Promise.race([known, sleep(PROBE_MS, nobody, { ref: false })]);
  return all.flatMap(({ name, pending, attempts, lastError }): Store[] => {
    const title = TOLD[name];
    if (title === undefined) return [];
    const waiting = `${plural(pending, 'state')} of runs to be told`;
    return [
      {
        name: title,
        kind: 'server',
        state: attempts > 0 ? 'down' : 'up',
        detail: attempts > 0 ? `${waiting}: ${lastError ?? 'no answer'}` : waiting,
      },
    ];
  });
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
