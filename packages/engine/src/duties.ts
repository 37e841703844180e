import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, LET_GO, systemClock } from '@champion/core';
import pg from 'pg';
import type { InternalLog } from './events.ts';

/** Something that one process of all on a database does again and again. Doing it twice must do no harm. */
export interface Duty {
  readonly name: string;
  /** From the beginning of one time to the next; one that takes longer is followed by the next at once. */
  readonly everyMs: number;
  run(now: Date): Promise<unknown>;
}

export interface DutiesOptions {
  readonly databaseUrl: string;
  readonly duties: readonly Duty[];
  readonly clock?: Clock;
  readonly internalLog: InternalLog;
}

/** Any constant will do, as long as every version of Champion uses it. */
const LOCK_KEY = 4_200_004;
/** How often who does not have the duties asks for them, and how often who has them asks whether that is still so. */
const ASK_EVERY_MS = 1_000;
const ANSWER_WITHIN_MS = 5_000;
/** Most time that work under way gets to end when the process stops. */
const STOP_WITHIN_MS = 10_000;

/**
 * Sees to it that duties are done by one process of those on a database. The right to do them is a lock that goes with
 * its connection: it passes on when the holder stops, dies or loses the connection.
 */
export class Duties {
  readonly #options: DutiesOptions;
  readonly #clock: Clock;
  readonly #log: InternalLog;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #holds = false;

  constructor(options: DutiesOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.internalLog;
  }

  /** Whether this process has the duties now. */
  get holds(): boolean {
    return this.#holds;
  }

  /** Begins to do the duties, or to wait for them. Never throws: without a database it goes on asking for one. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends what is under way, waiting for it at most 10 s, and lets another process have the duties. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let complained = false;
    while (!signal.aborted) {
      try {
        await this.#holdOnce();
        complained = false;
      } catch (error) {
        // A server that is away is asked again each second; once is enough to tell of it.
        this.#log(complained ? 'debug' : 'warn', 'The duties wait for the database', { error });
        complained = true;
      }
      await pause(ASK_EVERY_MS, signal);
    }
  }

  /** Waits for the lock on a connection of its own, and does the duties for as long as it has it. */
  async #holdOnce(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.databaseUrl,
      application_name: 'champion-duties',
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      keepAlive: true,
      options: LET_GO,
    });
    const lost = new AbortController();
    client.on('error', () => lost.abort());
    client.on('end', () => lost.abort());
    const over = AbortSignal.any([this.#stopping.signal, lost.signal]);
    // Every duty listens.
    setMaxListeners(0, over);
    try {
      await client.connect();
      while (!over.aborted && !(await this.#ask(client))) await pause(ASK_EVERY_MS, over);
      if (over.aborted) return;
      this.#holds = true;
      this.#log('debug', 'This process has the duties now');
      await Promise.all([
        this.#watch(client, lost, over),
        ...this.#options.duties.map((duty) => this.#repeat(duty, over)),
      ]);
    } finally {
      this.#holds = false;
      await client.end().catch(() => undefined);
    }
  }

  async #ask(client: pg.Client): Promise<boolean> {
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [LOCK_KEY]);
    return rows[0]?.locked === true;
  }

  /** A connection can be gone without a word; the lock is then gone with it. */
  async #watch(client: pg.Client, lost: AbortController, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await client.query('SELECT').catch(() => lost.abort());
      await pause(ASK_EVERY_MS, over);
    }
    if (lost.signal.aborted)
      this.#log('warn', 'The connection that holds the duties was lost: another process may take them');
  }

  async #repeat(duty: Duty, over: AbortSignal): Promise<void> {
    let failing = false;
    while (!over.aborted) {
      const began = performance.now();
      const work = (async () => duty.run(this.#clock.now()))();
      try {
        await orAfter(work, over, STOP_WITHIN_MS);
        if (failing) this.#log('info', `The duty ${duty.name} is done again`);
        failing = false;
      } catch (error) {
        // The same mistake each second is not news.
        this.#log(failing ? 'debug' : 'error', `The duty ${duty.name} failed, and is tried again`, { error });
        failing = true;
      }
      await pause(Math.max(0, duty.everyMs - (performance.now() - began)), over);
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** `work`, or nothing when it takes longer than `ms` after the signal. What it does then is its own affair. */
async function orAfter(work: Promise<unknown>, signal: AbortSignal, ms: number): Promise<void> {
  const done = new AbortController();
  const limit = async (): Promise<void> => {
    if (!signal.aborted) {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true, signal: done.signal });
        done.signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    await pause(ms, done.signal);
  };
  try {
    await Promise.race([work, limit()]);
  } finally {
    done.abort();
    work.catch(() => undefined);
  }
}
