import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { API_PREFIX } from '@champion/contract';
import { toErrorRecord } from '@champion/core';
import type { InternalLog } from '@champion/engine';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { isKey, keysIn, refuseForeign, refuseStranger } from '../access.ts';
import type { Access, Plane } from '../parts.ts';
import type { LiveFeed } from './feed.ts';
import { eventSource, logSource, type Source } from './socket-sources.ts';

const MOST_SOCKETS = 200;
const MOST_MESSAGE_BYTES = 64 * 1024;
/** To say who it is, and what it wants. */
const SAY_WITHIN_MS = 10_000;
const PING_EVERY_MS = 20_000;

/** Codes of RFC 6455. */
const CLOSE = { done: 1000, goingAway: 1001, protocol: 1002, policy: 1008, failed: 1011, later: 1013 } as const;

/** The websockets that Prefect's clients watch runs by. */
export class Sockets {
  readonly #server: WebSocketServer;
  readonly #sources: ReadonlyMap<string, Source>;
  readonly #access: Access;
  readonly #log: InternalLog;
  readonly #closing = new AbortController();
  readonly #live = new Set<Promise<void>>();

  constructor(parts: { readonly plane: Plane; readonly access: Access; readonly log: InternalLog }, feed: LiveFeed) {
    this.#access = parts.access;
    this.#log = parts.log;
    this.#sources = new Map([
      [`${API_PREFIX}/events/out`, eventSource(parts.plane, feed)],
      [`${API_PREFIX}/logs/out`, logSource(parts.plane, feed)],
    ]);
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: MOST_MESSAGE_BYTES,
      handleProtocols: (protocols) => (protocols.has('prefect') ? 'prefect' : false),
    });
  }

  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Tells every client that the server goes, and waits until they have gone. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#live);
    this.#server.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client that breaks off in the middle of it is no error of ours.
    socket.on('error', () => socket.destroy());
    // Not as a URL: what strangers send need not be one.
    const [path = ''] = (request.url ?? '').split('?', 1);
    const source = this.#sources.get(path.replace(/\/$/, ''));
    const { host, origin, authorization } = request.headers;
    // A page of another origin can open a socket, so it counts as what changes something.
    const asking = { method: 'WEBSOCKET', host, origin, authorization };
    const refused = refuseForeign(asking, this.#access);
    const isStranger = refuseStranger(asking, this.#access) !== undefined;
    // Prefect's clients say the key in their first message; a wrong one in the header is not given a second try.
    const unknown = isStranger && authorization !== undefined;
    const full = this.#server.clients.size >= MOST_SOCKETS || this.#closing.signal.aborted;
    if (source === undefined) refuse(socket, 404, 'Not Found');
    else if (refused !== undefined) refuse(socket, refused.status, refused.error.message);
    else if (unknown) refuse(socket, 401, 'This is not the key of the server');
    else if (full) refuse(socket, 503, 'Too many listen already');
    else this.#accept({ request, socket, head }, source, isStranger);
  }

  #accept(
    { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer },
    source: Source,
    isStranger: boolean,
  ): void {
    this.#server.handleUpgrade(request, socket, head, (client) => {
      const life = this.#serve(client, source, isStranger).finally(() => this.#live.delete(life));
      this.#live.add(life);
    });
  }

  async #serve(client: WebSocket, source: Source, isStranger: boolean): Promise<void> {
    const gone = new AbortController();
    const over = AbortSignal.any([gone.signal, this.#closing.signal]);
    client.on('close', () => gone.abort());
    client.on('error', (error) => this.#log('debug', 'A websocket broke', { error }));
    const stopPinging = keepAlive(client);
    const messages = new Inbox(client);
    try {
      const hello = await messages.next(over);
      const token = typeof hello?.token === 'string' ? hello.token : '';
      if (hello?.type !== 'auth') return client.close(CLOSE.protocol, 'Expected an auth message');
      if (isStranger && !keysIn(token).some((key) => isKey(key, this.#access))) {
        return client.close(CLOSE.policy, "The token is not the server's key");
      }
      client.send(JSON.stringify({ type: 'auth_success' }));
      const wanted = await messages.next(over);
      if (wanted?.type !== 'filter') return client.close(CLOSE.protocol, "Expected a 'filter' message");
      messages.stop();
      for await (const message of source(wanted.filter, over)) {
        if (over.aborted) break;
        await send(client, message);
      }
      client.close(this.#closing.signal.aborted ? CLOSE.goingAway : CLOSE.done, 'The server stops');
    } catch (error) {
      if (this.#closing.signal.aborted) return client.close(CLOSE.goingAway, 'The server stops');
      const { code, message } = toErrorRecord(error);
      const invalid = code === 'INVALID_INPUT' || (error instanceof Error && error.name === 'ZodError');
      if (code === 'INTERNAL' && !invalid && !gone.signal.aborted) this.#log('warn', 'A websocket failed', { error });
      const reason = code === 'INTERNAL' ? (invalid ? 'Invalid filter' : 'The server failed') : message;
      client.close(invalid ? CLOSE.protocol : code === 'BUSY' ? CLOSE.later : CLOSE.failed, clip(reason));
    } finally {
      messages.stop();
      stopPinging();
      await gracefully(client, gone.signal);
    }
  }
}

/** The two messages that a client begins with. More than that is not read. */
class Inbox {
  readonly #client: WebSocket;
  readonly #held: (Readonly<Record<string, unknown>> | undefined)[] = [];
  #wake: (() => void) | undefined;
  readonly #onMessage = (data: RawData) => {
    if (this.#held.length < 4) this.#held.push(parse(data));
    this.#wake?.();
  };

  constructor(client: WebSocket) {
    this.#client = client;
    client.on('message', this.#onMessage);
  }

  /** The next message; undefined when there is none in time, or it is not an object. */
  async next(over: AbortSignal): Promise<Readonly<Record<string, unknown>> | undefined> {
    if (this.#held.length === 0 && !over.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, SAY_WITHIN_MS);
        function done() {
          clearTimeout(timer);
          over.removeEventListener('abort', done);
          resolve();
        }
        this.#wake = done;
        over.addEventListener('abort', done, { once: true });
      });
    }
    return this.#held.shift();
  }

  stop(): void {
    this.#client.off('message', this.#onMessage);
  }
}

function parse(data: RawData): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(String(data));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Not JSON: the caller says what it expected.
    return undefined;
  }
}

/** Waits until it is on its way, so that a client that reads slowly fills its own queue and no memory of ours. */
function send(client: WebSocket, message: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    client.send(JSON.stringify(message), (error) => (error ? reject(error) : resolve()));
  });
}

/** Ends a connection whose other side is gone without a word. */
function keepAlive(client: WebSocket): () => void {
  let answered = true;
  client.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (answered) client.ping();
    else client.terminate();
    answered = false;
  }, PING_EVERY_MS);
  return () => clearInterval(timer);
}

const SAY_GOODBYE_WITHIN_MS = 1_000;

async function gracefully(client: WebSocket, gone: AbortSignal): Promise<void> {
  if (client.readyState !== client.CLOSING && client.readyState !== client.CLOSED) client.close(CLOSE.goingAway);
  if (gone.aborted) return;
  const timer = setTimeout(() => client.terminate(), SAY_GOODBYE_WITHIN_MS);
  await once(gone, 'abort');
  clearTimeout(timer);
}

function refuse(socket: Duplex, status: number, message: string): void {
  const text = `${clip(message)}\n`;
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

/** A close frame has room for 123 bytes of reason. */
function clip(text: string): string {
  return Buffer.from(text)
    .subarray(0, 120)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
