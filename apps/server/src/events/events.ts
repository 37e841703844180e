import { setTimeout as sleep } from 'node:timers/promises';
import type { Duty, InternalLog } from '@champion/engine';
import { connectKafka, type Outbox, openOutbox, Relay } from '@champion/events';

/** How often the outbox is looked into, by one process of all on the database. */
const SEND_EVERY_MS = 1_000;
const TIDY_EVERY_MS = 3_600_000;
/** How long a process that ends still sends what its runs have left. */
const FLUSH_WITHIN_MS = 10_000;

export interface EventsParts {
  /** "host:port" each; undefined: rows are not sent anywhere. */
  readonly brokers: readonly string[] | undefined;
  readonly databaseUrl: () => Promise<string>;
  /** The absolute folder of a lake; null is the configured one. */
  readonly lakeRoot: (lake: string | null) => Promise<string>;
  /** Whether this process sends what is left when it ends. One that works beside a server need not. */
  readonly flushes: boolean;
  readonly log: InternalLog;
}

/** Rows on their way to Kafka, in one process. Nothing is opened before it is asked for. */
export class Events {
  readonly #parts: EventsParts;
  #outbox: Promise<Outbox> | undefined;
  #relay: Promise<Relay> | undefined;

  constructor(parts: EventsParts) {
    this.#parts = parts;
  }

  /** Whether runs that begin now leave their rows to be sent. */
  get on(): boolean {
    return this.#parts.brokers !== undefined;
  }

  get brokers(): readonly string[] {
    return this.#parts.brokers ?? [];
  }

  readonly outbox = (): Promise<Outbox> => {
    this.#outbox ??= this.#parts
      .databaseUrl()
      .then((databaseUrl) =>
        openOutbox({ databaseUrl, log: (line) => this.#parts.log('warn', `The outbox of events: ${line}`) }),
      );
    // One that could not be opened is tried again by whoever asks next.
    this.#outbox.catch(() => {
      this.#outbox = undefined;
    });
    return this.#outbox;
  };

  /** What one process of all on the database does again and again. */
  duties(): readonly Duty[] {
    if (!this.on) return [];
    return [
      { name: 'events', everyMs: SEND_EVERY_MS, run: async () => (await this.#sending()).turn() },
      { name: 'events kept', everyMs: TIDY_EVERY_MS, run: async (now) => (await this.#sending()).tidy(now) },
    ];
  }

  /** Sends what waits, for some seconds at most; what is left then waits on. Does nothing where nothing was opened. */
  async close(): Promise<void> {
    if (this.on && this.#parts.flushes && this.#outbox !== undefined) {
      const flushing = this.#flush().catch((error: unknown) => {
        this.#parts.log('warn', 'Events could not be sent at the end, and wait', { error });
      });
      const timer = new AbortController();
      await Promise.race([
        flushing,
        sleep(FLUSH_WITHIN_MS, undefined, { signal: timer.signal }).catch(() => undefined),
      ]);
      timer.abort();
    }
    const relay = await this.#relay?.catch(() => undefined);
    await relay?.close();
    const outbox = await this.#outbox?.catch(() => undefined);
    await outbox?.close();
  }

  async #flush(): Promise<void> {
    const relay = await this.#sending();
    while ((await relay.turn()).ended === 'time');
  }

  #sending(): Promise<Relay> {
    const { brokers = [], lakeRoot, log } = this.#parts;
    this.#relay ??= this.outbox().then(
      (outbox) => new Relay({ outbox, connect: () => connectKafka(brokers), lakeRoot, log }),
    );
    this.#relay.catch(() => {
      this.#relay = undefined;
    });
    return this.#relay;
  }
}
