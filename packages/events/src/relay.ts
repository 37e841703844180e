import { join } from 'node:path';
import { ChampionError, type ErrorRecord, toErrorRecord } from '@champion/core';
import pl from 'nodejs-polars';
import { type EventMessage, encodeRows } from './encode.ts';
import type { Outbox } from './outbox.ts';
import { checkPin, oldPins, unpin } from './pins.ts';
import type { Reference } from './reference.ts';
import type { Sender } from './sender.ts';

export interface RelayOptions {
  readonly outbox: Outbox;
  /** Opens the way to Kafka; called again after a failure. */
  readonly connect: () => Promise<Sender>;
  /** The absolute folder of a lake; null is the configured one. */
  readonly lakeRoot: (lake: string | null) => Promise<string>;
  readonly log?: (
    level: 'info' | 'warn' | 'error',
    message: string,
    fields?: Readonly<Record<string, unknown>>,
  ) => void;
}

/** How a turn of the relay went. */
export interface Turn {
  /** Rows that Kafka acknowledged. */
  readonly sent: number;
  /**
   * idle: nothing is due; time: there is more to be sent; busy: another process sends; failed: Kafka does not answer; waiting: it
   * did not lately, and is not asked yet.
   */
  readonly ended: 'idle' | 'busy' | 'failed' | 'waiting' | 'time';
}

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const LONGEST_OWN_DELAY_MS = 300_000;
/** A turn begins no batch after this time, so that who wants to stop need not wait for a long backlog. */
const TURN_MS = 5_000;
const SENT_KEPT_MS = 7 * 86_400_000;

/**
 * Empties the outbox into Kafka: one batch after the other, each marked when it is acknowledged. A process that dies between
 * the two sends the batch again, with the same event ids and revision.
 */
export class Relay {
  readonly #options: RelayOptions;
  #sender: Sender | undefined;
  #failures = 0;
  /** By the monotonic clock. */
  #notBefore = Number.NEGATIVE_INFINITY;
  readonly #closing = new AbortController();

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /**
   * Sends what is due for some seconds at most. While Kafka does not answer it is asked at growing intervals, and calls in
   * between do nothing. Never throws for Kafka's sake.
   * @throws ChampionError when the outbox can't be read or written
   */
  async turn(): Promise<Turn> {
    if (this.#closing.signal.aborted || performance.now() < this.#notBefore) return { sent: 0, ended: 'waiting' };
    const { outbox } = this.#options;
    // Mostly there is nothing to do, and no need to ask for the right to do it.
    if ((await outbox.next()) === undefined) return { sent: 0, ended: 'idle' };
    const until = performance.now() + TURN_MS;
    return (await outbox.whileSending(() => this.#sendUntil(until))) ?? { sent: 0, ended: 'busy' };
  }

  /** Forgets what was sent a week ago, and removes pinned files that nobody needs. */
  async tidy(now: Date): Promise<void> {
    const { outbox, lakeRoot } = this.#options;
    await outbox.prune(SENT_KEPT_MS);
    const root = await lakeRoot(null);
    const old = await oldPins(root, now);
    if (old.length === 0) return;
    const needed = await outbox.stillNeeded(null, old);
    for (const path of old) if (!needed.has(path)) await unpin(root, path);
  }

  /** Ends what is under way. A batch that was not acknowledged is sent again by the next relay. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#disconnect();
  }

  async #sendUntil(until: number): Promise<Turn> {
    let sent = 0;
    while (!this.#closing.signal.aborted && performance.now() < until) {
      const reference = await this.#options.outbox.next();
      if (reference === undefined) return { sent, ended: 'idle' };
      const done = await this.#send(reference, until);
      sent += done.sent;
      if (done.unreachable) return { sent, ended: 'failed' };
    }
    return { sent, ended: 'time' };
  }

  async #send(reference: Reference, until: number): Promise<{ readonly sent: number; readonly unreachable: boolean }> {
    const { outbox, lakeRoot } = this.#options;
    let sent = 0;
    try {
      const root = await lakeRoot(reference.lake);
      const frame = await read(join(root, reference.path), reference);
      for (const batch of encodeRows(frame, reference)) {
        if (this.#closing.signal.aborted || performance.now() >= until) break;
        await this.#deliver(reference.topic, batch);
        sent += batch.length;
        const marked = await marking(outbox.markSent(reference, reference.rowsSent + sent, batch.length));
        if (marked !== 'more') await marking(this.#release(reference, root));
        if (marked === 'changed') break;
      }
      return { sent, unreachable: false };
    } catch (error) {
      // Without its outbox the relay can do nothing, nor note that it could not.
      if (error instanceof OutboxFailure) throw error.cause;
      if (this.#closing.signal.aborted) return { sent, unreachable: true };
      const unreachable = error instanceof Undelivered && error.cause.code === 'UNREACHABLE';
      await this.#disconnect();
      if (unreachable) await this.#unreachable(reference, error.cause.message);
      else await this.#setAside(reference, error instanceof Undelivered ? error.cause : error);
      return { sent, unreachable };
    }
  }

  async #deliver(topic: string, batch: readonly EventMessage[]): Promise<void> {
    try {
      this.#sender ??= await this.#options.connect();
      await this.#sender.send(topic, batch, this.#closing.signal);
    } catch (error) {
      throw new Undelivered(toErrorRecord(error));
    }
    if (this.#failures > 0) this.#options.log?.('info', 'Events are sent again');
    this.#failures = 0;
  }

  /** The reference's own fault, or its topic's: the others need not wait for it. */
  async #setAside(reference: Reference, error: unknown): Promise<void> {
    const { topic, slice, businessDate, attempts } = reference;
    const delay = Math.min(LONGEST_OWN_DELAY_MS, FIRST_DELAY_MS * 2 ** attempts);
    const { message } = error instanceof Error ? error : toErrorRecord(error);
    await this.#options.outbox.markFailed(reference, message, delay);
    this.#options.log?.('error', `Events of ${slice} ${businessDate} could not be sent: ${message}`, { topic });
  }

  async #unreachable(reference: Reference, message: string): Promise<void> {
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
    this.#notBefore = performance.now() + delay;
    if (this.#failures === 0) this.#options.log?.('warn', `Events wait to be sent: ${message}`);
    this.#failures++;
    await this.#options.outbox.markFailed(reference, message);
  }

  /** A producer that failed has lost its count of what Kafka has: the next is a new one. */
  async #disconnect(): Promise<void> {
    const sender = this.#sender;
    this.#sender = undefined;
    await sender?.close();
  }

  async #release({ lake, path }: Reference, root: string): Promise<void> {
    const needed = await this.#options.outbox.stillNeeded(lake, [path]);
    if (!needed.has(path)) await unpin(root, path);
  }
}

/** Kafka did not take a batch. */
class Undelivered extends Error {
  override readonly cause: ErrorRecord;

  constructor(cause: ErrorRecord) {
    super(cause.message);
    this.cause = cause;
  }
}

/** PostgreSQL did not take a mark. */
class OutboxFailure extends Error {}

async function marking<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new OutboxFailure('the outbox could not be marked', { cause });
  }
}

/** @throws ChampionError NOT_FOUND, CORRUPT */
async function read(file: string, { sha256, rows }: Reference): Promise<pl.DataFrame> {
  await checkPin(file, sha256);
  const frame = await pl.scanParquet(file).collect();
  const named = ['event_id', 'entity_id'].every(
    (name) => frame.columns.includes(name) && frame.getColumn(name).nullCount() === 0,
  );
  if (named && frame.height === rows) return frame;
  throw new ChampionError(`${file} has no ${rows} rows with event_id and entity_id`, {
    code: 'CORRUPT',
    hint: 'This is a defect of its dataset: report it with the file.',
    context: { file, columns: frame.columns, rows: frame.height },
  });
}
