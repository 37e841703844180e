import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { ChampionError } from '@champion/core';
import { checkPath } from '../adapters/embedded.ts';
import type { Warehouse } from '../warehouse.ts';
import { failureOf, Refusal } from './failure.ts';
import { createLogin, type Login } from './login.ts';
import { type Answer, StatementRunner } from './statement.ts';

export interface ServeOptions {
  /** A loopback address; 127.0.0.1 unless said otherwise. */
  readonly host?: string;
  /** Any free one unless said otherwise. */
  readonly port?: number;
  /** A random one unless given. */
  readonly password?: string;
}

/** An embedded warehouse that other processes of this machine can use. */
export interface ServedWarehouse {
  /** For `openWarehouse({ kind: 'server', url })`. It holds the password: who has it may read and change everything. */
  readonly url: string;
  /** Stops what is being read, finishes the inserts that began and ends all connections. The warehouse stays open. */
  close(): Promise<void>;
}

/** Each client holds ten at most. */
const MAX_CONNECTIONS = 256;

/** Who takes nothing of an answer for this long is not waited for. */
const READ_WITHIN_MS = 30_000;

/** Two servers would clear away each other's uploads. */
const served = new Set<string>();

/**
 * Serves an embedded warehouse to other processes, over ClickHouse's HTTP protocol as far as `openWarehouse` speaks it.
 * Close it before the warehouse.
 * @throws ChampionError INVALID_INPUT for a warehouse on a server, CONFIG for a host, port or password that cannot be,
 * BUSY when the warehouse is served already
 */
export async function serveWarehouse(warehouse: Warehouse, options: ServeOptions = {}): Promise<ServedWarehouse> {
  const { host = '127.0.0.1', port = 0, password } = options;
  check(warehouse, host, password);
  const { location } = await warehouse.info();
  if (served.has(location)) {
    throw new ChampionError(`the warehouse in ${location} is served already`, { code: 'BUSY' });
  }
  served.add(location);
  try {
    const { Session } = await import('chdb');
    const uploads = join(location, 'uploads');
    checkPath(uploads);
    // What a killed process left. The folder is ours alone while the engine has it open.
    await rm(uploads, { recursive: true, force: true });
    await mkdir(uploads, { mode: 0o700 });
    const handler = new Handler(createLogin(password), new StatementRunner(() => new Session(location), uploads));
    const server = createServer((request, response) => handler.handle(request, response));
    server.maxConnections = MAX_CONNECTIONS;
    await listen(server, host, port);
    let closing: Promise<void> | undefined;
    const close = async () => {
      const closed = once(server, 'close');
      server.close();
      await handler.finish();
      server.closeAllConnections();
      await closed;
      await rm(uploads, { recursive: true, force: true });
      served.delete(location);
    };
    return {
      url: handler.urlAt(host, (server.address() as AddressInfo).port),
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    served.delete(location);
    throw error;
  }
}

function check(warehouse: Warehouse, host: string, password: string | undefined): void {
  if (warehouse.kind !== 'embedded') {
    throw new ChampionError('this warehouse is on a server, which serves it already', {
      code: 'INVALID_INPUT',
      hint: 'Give the other processes the same CLICKHOUSE_URL.',
    });
  }
  if (!/^127(\.\d{1,3}){3}$|^::1$/.test(host)) {
    throw new ChampionError(`the embedded warehouse cannot be served on ${host}: only this machine may reach it`, {
      code: 'CONFIG',
      hint: 'Leave the host out. For other machines run a ClickHouse server and set CLICKHOUSE_URL.',
    });
  }
  if (password === '') {
    throw new ChampionError('the embedded warehouse cannot be served without a password', {
      code: 'CONFIG',
      hint: 'Leave it out to have a random one.',
    });
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    throw new ChampionError(`the warehouse cannot be served on ${host}:${port}: ${(error as Error).message}`, {
      code: 'CONFIG',
      hint: 'Leave the port out to have any free one.',
      context: { host, port },
      cause: error,
    });
  }
}

class Handler {
  readonly #login: Login;
  readonly #runner: StatementRunner;
  readonly #closing = new AbortController();
  readonly #atWork = new Set<Promise<void>>();

  constructor(login: Login, runner: StatementRunner) {
    this.#login = login;
    this.#runner = runner;
  }

  urlAt(host: string, port: number): string {
    const { username, password } = this.#login;
    return `http://${username}:${encodeURIComponent(password)}@${isIPv6(host) ? `[${host}]` : host}:${port}`;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const work = this.#answer(request, response);
    this.#atWork.add(work);
    work.finally(() => this.#atWork.delete(work));
  }

  /** Ends what nobody can wait for any more and waits for the rest. */
  async finish(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#atWork);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, this.#closing.signal]);
    const stopReading = () => {
      if (!request.complete) request.destroy();
    };
    signal.addEventListener('abort', stopReading);
    try {
      signal.throwIfAborted();
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      if (pathname === '/ping') {
        response.end('Ok.\n');
        return;
      }
      this.#admit(request);
      const answer = await this.#runner.run(request, searchParams, signal);
      await reply(response, searchParams.get('query_id') ?? randomUUID(), answer);
    } catch (error) {
      // Whoever asked has hung up, or is to hear that nobody is there any more.
      if (signal.aborted) response.destroy();
      else refuse(request, response, error);
    } finally {
      signal.removeEventListener('abort', stopReading);
    }
  }

  #admit({ method, headers }: IncomingMessage): void {
    if (!this.#login.matches(headers.authorization)) {
      const why = 'Authentication failed: password is incorrect, or there is no user with such name.';
      throw new Refusal(516, 'AUTHENTICATION_FAILED', why);
    }
    if (method !== 'POST') throw new Refusal(48, 'NOT_IMPLEMENTED', `Statements are taken as POST, not ${method}`);
  }
}

async function reply(response: ServerResponse, queryId: string, { bytes, rowsRead, seconds }: Answer): Promise<void> {
  response.writeHead(200, {
    'Content-Length': bytes.byteLength,
    'X-ClickHouse-Query-Id': queryId,
    'X-ClickHouse-Summary': JSON.stringify({
      read_rows: String(rowsRead),
      elapsed_ns: String(Math.round(seconds * 1e9)),
    }),
  });
  response.setTimeout(READ_WITHIN_MS, () => response.destroy());
  response.end(bytes);
  await finished(response);
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const { code, status, text } = failureOf(error);
  // What was not read of the body cannot stay in the way of the next request.
  if (!request.complete) response.setHeader('Connection', 'close');
  response.writeHead(status, { 'X-ClickHouse-Exception-Code': String(code) });
  response.end(`${text}\n`);
}
