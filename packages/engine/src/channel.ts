import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import type { InternalLog } from './events.ts';
import { throughJson } from './json.ts';
import type { Database } from './records/database.ts';

/** The one PostgreSQL channel on which the processes of a database speak to each other. */
const CHANNEL = 'champion';
/** PostgreSQL takes less than 8000 bytes a message. */
const MAX_BYTES = 7_500;
const RECONNECT_AFTER_MS = 250;
const GATHER_MS = 20;
/** Messages held while the database is away; more are dropped, for whoever listens looks at the records as well. */
const MAX_HELD = 2_000;

const MessageSchema = z.discriminatedUnion('kind', [
  /** There may be runs to claim. */
  z.object({ kind: z.literal('work') }),
  /** Runs are to be stopped by whoever has them. */
  z.object({ kind: z.literal('cancel'), ids: z.array(z.string()), reason: z.string() }),
  /** A deployment, schedule or queue was changed. */
  z.object({ kind: z.literal('deployments') }),
  /** Runs have new log lines. */
  z.object({ kind: z.literal('logs'), ids: z.array(z.string()) }),
  /** What happened in a run. */
  z.object({ kind: z.literal('event'), event: z.record(z.string(), z.unknown()) }),
]);
export type Message = z.infer<typeof MessageSchema>;

const EnvelopeSchema = z.object({ from: z.string(), messages: z.array(MessageSchema) });

/**
 * Tells the other processes on the database what they may want to know soon. Nothing depends on a message's arrival: who
 * misses one finds the same in the records, a little later.
 */
export class Channel {
  readonly #url: string;
  readonly #database: Database;
  readonly #self: string;
  readonly #internalLog: InternalLog;
  readonly #listeners = new Set<(message: Message) => void>();
  readonly #connected = new Set<() => void>();
  readonly #closing = new AbortController();
  #client: pg.Client | undefined;
  #held: Message[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();

  /** @param self names this process among those on the database: what it says does not come back to it */
  constructor(url: string, database: Database, self: string, internalLog: InternalLog) {
    this.#url = url;
    this.#database = database;
    this.#self = self;
    this.#internalLog = internalLog;
  }

  /** Calls `listener` with what other processes say. */
  subscribe(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls `listener` after a lost connection was made anew: messages may have been missed. */
  onReconnect(listener: () => void): () => void {
    this.#connected.add(listener);
    return () => this.#connected.delete(listener);
  }

  async open(): Promise<void> {
    this.#client = await this.#connect();
  }

  /** Sends soon, together with what else is said in the next moment. */
  send(message: Message): void {
    if (this.#closing.signal.aborted || this.#held.length >= MAX_HELD) return;
    this.#held.push(message);
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  async close(): Promise<void> {
    this.#flush();
    await this.#sending;
    this.#closing.abort();
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const messages = withoutRepeats(this.#held);
    this.#held = [];
    if (messages.length > 0) this.#sending = this.#sending.then(() => this.#publish(messages));
  }

  async #publish(messages: readonly Message[]): Promise<void> {
    try {
      for (const payload of payloads(this.#self, messages)) {
        await this.#database.pool.query({
          name: 'channel-notify',
          text: `SELECT pg_notify('${CHANNEL}', $1)`,
          values: [payload],
        });
      }
    } catch (error) {
      this.#internalLog('debug', 'What happened could not be told to the other processes', { error });
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'champion-channel',
      keepAlive: true,
    });
    client.on('error', (error) => this.#internalLog('debug', 'The listening connection was lost', { error }));
    client.on('notification', ({ payload }) => this.#receive(payload ?? ''));
    client.once('end', () => void this.#reconnect(client));
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    return client;
  }

  async #reconnect(lost: pg.Client): Promise<void> {
    // One that never was in use failed to connect, and its caller knows.
    if (this.#client !== lost) return;
    this.#client = undefined;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await sleep(RECONNECT_AFTER_MS, undefined, { signal }).catch(() => undefined);
      try {
        const client = await this.#connect();
        if (signal.aborted) return await client.end();
        this.#client = client;
        for (const listener of this.#connected) listener();
        return;
      } catch (error) {
        this.#internalLog('debug', 'The listening connection could not be made anew', { error });
      }
    }
  }

  #receive(payload: string): void {
    let envelope: z.infer<typeof EnvelopeSchema>;
    try {
      envelope = EnvelopeSchema.parse(JSON.parse(payload));
    } catch {
      // Another version of Champion, which knows other messages, may be on the database.
      this.#internalLog('debug', 'A message of another process was not understood');
      return;
    }
    if (envelope.from === this.#self) return;
    for (const message of envelope.messages) for (const listener of this.#listeners) listener(message);
  }
}

/** "There is work" need be said once. */
function withoutRepeats(messages: readonly Message[]): Message[] {
  const said = new Set<string>();
  return messages.filter(({ kind }) => {
    if (kind !== 'work' && kind !== 'deployments') return true;
    if (said.has(kind)) return false;
    said.add(kind);
    return true;
  });
}

/** As many messages to a payload as fit. One that alone is too long is left out: its like is in the records. */
function* payloads(from: string, messages: readonly Message[]): Generator<string> {
  let batch: string[] = [];
  let bytes = 0;
  const envelope = () => `{"from":${JSON.stringify(from)},"messages":[${batch.join(',')}]}`;
  for (const message of messages) {
    const text = JSON.stringify(throughJson(message));
    const size = Buffer.byteLength(text) + 1;
    if (size > MAX_BYTES) continue;
    if (bytes + size > MAX_BYTES) {
      yield envelope();
      batch = [];
      bytes = 0;
    }
    batch.push(text);
    bytes += size;
  }
  if (batch.length > 0) yield envelope();
}
