import type { InternalLog } from '../events.ts';
import {
  DEAD_AFTER_MS,
  HEARTBEAT_MS,
  type Heartbeat,
  type WorkerIdentity,
  type WorkerRecords,
} from './worker-records.ts';

export interface HeartOptions {
  readonly records: WorkerRecords;
  readonly identity: WorkerIdentity;
  readonly internalLog: InternalLog;
  /** Called with its runs that are to be cancelled, should the message have been missed. */
  readonly onCancelling: (runs: Heartbeat['cancelling']) => void;
  /** Others took this process for dead: what it has at work is theirs. Called before it registers anew. */
  readonly onDeclaredDead: () => void;
  /** After each heartbeat. */
  readonly onBeat: () => Promise<void>;
}

/** Shows the others on the database, every two seconds, that this process lives. */
export class Heart {
  readonly #options: HeartOptions;
  #life: Date | undefined;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #stopped = false;
  /** By the monotonic clock: since when no heartbeat was missed. */
  #steadySince = performance.now();
  #lastBeat = performance.now();

  constructor(options: HeartOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#life = await this.#options.records.register(this.#options.identity);
    this.#steadySince = performance.now();
    this.#lastBeat = this.#steadySince;
    this.#schedule();
  }

  /** Whether this process was connected for long enough to call others dead that were not heard of. */
  get isSteady(): boolean {
    const now = performance.now();
    return now - this.#lastBeat < 2 * HEARTBEAT_MS && now - this.#steadySince > DEAD_AFTER_MS;
  }

  /** Says that no new runs are taken; the heartbeats go on. */
  async drain(): Promise<void> {
    await this.#say((life) => this.#options.records.drain(this.#options.identity.name, life));
  }

  /** The last beat. What this process still has is another's from here on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#beating;
    await this.#say((life) => this.#options.records.leave(this.#options.identity.name, life));
  }

  /** Without a database nobody hears it; the silence tells the same, later. */
  async #say(say: (life: Date) => Promise<void>): Promise<void> {
    if (this.#life === undefined) return;
    try {
      await say(this.#life);
    } catch (error) {
      this.#options.internalLog('warn', `The worker ${this.#options.identity.name} could not take its leave`, {
        error,
      });
    }
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#beating = this.#beat().finally(() => this.#schedule());
    }, HEARTBEAT_MS);
  }

  async #beat(): Promise<void> {
    const { records, identity, internalLog, onCancelling, onDeclaredDead, onBeat } = this.#options;
    try {
      if (this.#life === undefined) return;
      const { alive, cancelling } = await records.beat(identity.name, this.#life);
      const now = performance.now();
      if (now - this.#lastBeat > 2 * HEARTBEAT_MS) this.#steadySince = now;
      this.#lastBeat = now;
      if (!alive) {
        internalLog('warn', `The worker ${identity.name} was silent for too long; its runs are with others now`);
        onDeclaredDead();
        this.#life = await records.register(identity);
        return;
      }
      if (cancelling.length > 0) onCancelling(cancelling);
      await onBeat();
    } catch (error) {
      internalLog('warn', `A heartbeat of the worker ${identity.name} failed`, { error });
    }
  }
}
