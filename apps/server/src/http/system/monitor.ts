import { statfs } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import type { SystemSample } from '@champion/contract';
import type { Clock } from '@champion/core';
import type { ControlPlane, InternalLog } from '@champion/engine';
import { ApiTraffic } from './api-traffic.ts';
import { SAMPLE_SECONDS, Samples } from './samples.ts';

interface MonitorParts {
  readonly plane: { readonly queues: Pick<ControlPlane['queues'], 'queues'> };
  /** The data folder, absolute. */
  readonly home: string;
  readonly clock: Clock;
  readonly log: InternalLog;
}

/** What the server keeps in mind of itself: samples of a day, and what became of requests. */
export class SystemMonitor {
  readonly traffic: ApiTraffic;
  readonly samples = new Samples();
  readonly #parts: MonitorParts;
  readonly #cpu = processorUse();
  #timer: NodeJS.Timeout | undefined;
  #sampling = false;

  constructor(parts: MonitorParts) {
    this.#parts = parts;
    this.traffic = new ApiTraffic(parts.clock);
  }

  /** Takes a sample now, and from time to time until it is stopped. */
  start(): void {
    if (this.#timer !== undefined) return;
    const take = async () => {
      // One that hangs is not sent after another.
      if (this.#sampling) return;
      this.#sampling = true;
      try {
        await this.sample();
      } catch (error) {
        this.#parts.log('debug', 'The system could not be sampled', { error });
      }
      this.#sampling = false;
    };
    this.#timer = setInterval(() => void take(), SAMPLE_SECONDS * 1000);
    this.#timer.unref();
    void take();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Takes a sample now. */
  async sample(): Promise<SystemSample> {
    const { home, clock, plane } = this.#parts;
    const [disk, queues] = await Promise.all([statfs(home), plane.queues.queues().catch(() => undefined)]);
    const memory = process.memoryUsage();
    const sample: SystemSample = {
      at: clock.now().toISOString(),
      cpu: this.#cpu() / availableParallelism(),
      load: loadavg()[0] ?? 0,
      rss_bytes: memory.rss,
      heap_used_bytes: memory.heapUsed,
      memory_used: 1 - freemem() / totalmem(),
      disk_used: disk.blocks === 0 ? 0 : 1 - disk.bavail / disk.blocks,
      running: queues?.reduce((sum, { running }) => sum + running, 0) ?? null,
      late: queues?.reduce((sum, { late }) => sum + late, 0) ?? null,
      requests: this.traffic.take(),
    };
    this.samples.add(sample);
    return sample;
  }
}

/** Over a shorter time the share of the processor says nothing. */
const LEAST_MS = 500;

/** The share of one core that this process used between two calls that are not too close. */
export function processorUse(): () => number {
  let usage = process.cpuUsage();
  let at = performance.now();
  let share = 0;
  return () => {
    const elapsed = performance.now() - at;
    if (elapsed < LEAST_MS) return share;
    const { user, system } = process.cpuUsage(usage);
    share = (user + system) / 1000 / elapsed;
    usage = process.cpuUsage();
    at = performance.now();
    return share;
  };
}
