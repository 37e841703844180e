import type { LiveEvent } from '@champion/contract';
import type { InternalLog } from '@champion/engine';
import type { Plane } from '../parts.ts';
import type { SystemMonitor } from '../system/monitor.ts';
import { wirePool, wireQueue, wireWorker } from '../wire/work.ts';

export type PlatformEvent = Extract<LiveEvent, { type: 'platform' }>;

type Facts = Omit<PlatformEvent, 'type' | 'at'>;

interface PulseParts {
  readonly plane: Pick<Plane, 'workers' | 'queues' | 'notifications'>;
  readonly monitor?: Pick<SystemMonitor, 'samples'>;
  readonly log: InternalLog;
}

/** How often it is looked, once for all who listen. */
const LOOK_MS = 5_000;
/** Of more than these it is not told: who wants them asks. */
const MOST_TOLD = 100;
const DELIVERIES = 20;

/**
 * What sends no events of its own: workers, queues, deliveries, the server's samples. It is looked at here, once for all,
 * and told when it has changed, so that no page has to ask again and again. While nobody listens nothing is done.
 */
export class Pulse {
  readonly #parts: PulseParts;
  readonly #listeners = new Set<(event: PlatformEvent) => void>();
  readonly #told = new Map<string, string>();
  /** All that was told since the first who listens now came. */
  #now: Facts = {};
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(parts: PulseParts) {
    this.#parts = parts;
  }

  /** Begins with what there is now. @returns ends it */
  subscribe(listener: (event: PlatformEvent) => void): () => void {
    this.#listeners.add(listener);
    if (this.#timer === undefined) {
      this.#told.clear();
      this.#now = {};
      this.#timer = setInterval(() => void this.look(), LOOK_MS);
      this.#timer.unref();
      void this.look();
    } else if (Object.keys(this.#now).length > 0) listener(eventOf(this.#now));
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  /** Looks now. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const changed = await this.#changes();
      if (Object.keys(changed).length === 0) return;
      this.#now = { ...this.#now, ...changed };
      const event = eventOf(changed);
      for (const listener of [...this.#listeners]) listener(event);
    } catch (error) {
      this.#parts.log('debug', 'The platform could not be looked at for those who listen', { error });
    } finally {
      this.#looking = false;
    }
  }

  async #changes(): Promise<Facts> {
    const { plane, monitor } = this.#parts;
    const [workers, queues, pools, deliveries] = await Promise.all([
      plane.workers.list(),
      plane.queues.queues(),
      plane.queues.pools(),
      plane.notifications.deliveries({ limit: DELIVERIES }),
    ]);
    const sample = monitor?.samples.latest;
    const told = {
      workers: workers.length <= MOST_TOLD ? workers.map(wireWorker) : undefined,
      queues: queues.length <= MOST_TOLD ? queues.map(wireQueue) : undefined,
      pools: pools.length <= MOST_TOLD ? pools.map(wirePool) : undefined,
    };
    return {
      ...(this.#isNew('workers', told.workers) && told.workers !== undefined ? { workers: told.workers } : {}),
      ...(this.#isNew('queues', told.queues) && told.queues !== undefined ? { work_queues: told.queues } : {}),
      ...(this.#isNew('pools', told.pools) && told.pools !== undefined ? { work_pools: told.pools } : {}),
      ...(this.#isNew('deliveries', deliveries) ? { deliveries_changed: true } : {}),
      ...(this.#isNew('sample', sample?.at) && sample !== undefined ? { sample } : {}),
    };
  }

  /** Whether it is not what was told last. */
  #isNew(topic: string, value: unknown): boolean {
    const digest = JSON.stringify(value) ?? '';
    if (this.#told.get(topic) === digest) return false;
    this.#told.set(topic, digest);
    return true;
  }
}

function eventOf(facts: Facts): PlatformEvent {
  return { type: 'platform', at: new Date().toISOString(), ...facts };
}
