import { setTimeout as sleep } from 'node:timers/promises';
import type { InternalLog } from '@champion/engine';
import { Gauge, type Registry } from 'prom-client';

/** What is looked up when somebody asks for the metrics. */
export interface Collector {
  readonly name: string;
  /** What was looked up serves for this long. */
  readonly everyMs: number;
  /** Looks up everything first and then sets all gauges at once. */
  readonly collect: () => Promise<void>;
  /** Takes values back that are not known any more. */
  readonly clear: () => void;
}

/** Less than the ten seconds that Prometheus waits. */
const WITHIN_MS = 4_000;

interface Entry {
  readonly collector: Collector;
  running: Promise<void> | undefined;
  /** By the monotonic clock. */
  doneAt: number;
  failing: boolean;
}

/**
 * Brings the gauges up to date, and never keeps a scrape waiting: what does not answer in time, or fails, is left out and
 * said to be out of order.
 */
export class Collectors {
  readonly #entries: readonly Entry[];
  readonly #log: InternalLog;
  readonly #up: Gauge<'collector'>;

  constructor(registry: Registry, collectors: readonly Collector[], log: InternalLog) {
    this.#log = log;
    this.#entries = collectors.map((collector) => ({
      collector,
      running: undefined,
      doneAt: Number.NEGATIVE_INFINITY,
      failing: false,
    }));
    this.#up = new Gauge({
      name: 'champion_metrics_collector_up',
      help: 'Whether a group of metrics could be brought up to date at this scrape (1) or is left out (0)',
      labelNames: ['collector'],
      registers: [registry],
    });
  }

  async refresh(): Promise<void> {
    await Promise.all(this.#entries.map((entry) => this.#refreshOne(entry)));
  }

  async #refreshOne(entry: Entry): Promise<void> {
    const { collector } = entry;
    if (!entry.failing && performance.now() - entry.doneAt < collector.everyMs) return;
    // One that still hangs from the scrape before is not begun again.
    entry.running ??= collector.collect().finally(() => {
      entry.running = undefined;
      entry.doneAt = performance.now();
    });
    const timer = new AbortController();
    const late = sleep(WITHIN_MS, undefined, { signal: timer.signal }).then(
      () => Promise.reject(new Error(`no answer within ${WITHIN_MS / 1_000} s`)),
      () => undefined,
    );
    try {
      await Promise.race([entry.running, late]);
      if (entry.failing) this.#log('info', `The metrics "${collector.name}" are there again`);
      entry.failing = false;
    } catch (error) {
      collector.clear();
      this.#log(entry.failing ? 'debug' : 'warn', `The metrics "${collector.name}" are left out`, { error });
      entry.failing = true;
    } finally {
      timer.abort();
    }
    this.#up.set({ collector: collector.name }, entry.failing ? 0 : 1);
  }
}
