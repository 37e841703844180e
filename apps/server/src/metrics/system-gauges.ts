import { access, statfs } from 'node:fs/promises';
import { Gauge, type Registry } from 'prom-client';
import type { Collector } from './collectors.ts';
import type { MetricsParts } from './parts.ts';

/** A store that takes longer is as good as down. */
const PROBE_MS = 3_000;
const EVERY_MS = 10_000;

/** Whether the stores answer, and how full the disk of the home is. */
export function systemCollectors(registry: Registry, parts: MetricsParts): Collector[] {
  const registers = [registry];
  const up = new Gauge({
    name: 'champion_store_up',
    help: 'Whether a store answers (1) or not (0)',
    labelNames: ['store'],
    registers,
  });
  const seconds = new Gauge({
    name: 'champion_store_probe_duration_seconds',
    help: 'How long a store took to answer the last time it was asked whether it does',
    labelNames: ['store'],
    registers,
  });
  const free = new Gauge({
    name: 'champion_home_disk_free_bytes',
    help: 'Bytes that can still be written to the disk of the data folder',
    registers,
  });
  const size = new Gauge({
    name: 'champion_home_disk_size_bytes',
    help: 'Size of the disk of the data folder',
    registers,
  });
  const { services, database, home } = parts;
  const probes: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['postgresql', database.probe],
    [
      'clickhouse',
      async () => {
        const warehouse = await services.warehouse();
        return warehouse.sql('SELECT 1', { timeoutMs: PROBE_MS });
      },
    ],
    ['lake', async () => access((await services.lake(undefined)).root)],
  ];
  const under = new Map<string, Promise<unknown>>();
  /** @returns seconds, or undefined when it is down. A probe that still hangs is not sent after another. */
  const probed = async (store: string, probe: () => Promise<unknown>): Promise<number | undefined> => {
    const began = performance.now();
    let asked = under.get(store);
    if (asked === undefined) {
      asked = probe().finally(() => under.delete(store));
      under.set(store, asked);
    }
    const answered = asked.then(
      () => true,
      () => false,
    );
    return (await within(answered)) ? (performance.now() - began) / 1_000 : undefined;
  };
  return [
    {
      name: 'stores',
      everyMs: EVERY_MS,
      collect: async () => {
        const answers = await Promise.all(
          probes.map(async ([store, probe]) => ({ store, took: await probed(store, probe) })),
        );
        seconds.reset();
        for (const { store, took } of answers) {
          up.set({ store }, took === undefined ? 0 : 1);
          if (took !== undefined) seconds.set({ store }, took);
        }
      },
      clear: () => [up, seconds].map((gauge) => gauge.reset()),
    },
    {
      name: 'disk',
      everyMs: EVERY_MS,
      collect: async () => {
        const disk = await statfs(home);
        free.set(disk.bavail * disk.bsize);
        size.set(disk.blocks * disk.bsize);
      },
      // Without labels a reset would say that the disk is full.
      clear: () => [free, size].map((gauge) => gauge.set(Number.NaN)),
    },
  ];
}

async function within(answered: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PROBE_MS);
  });
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}
