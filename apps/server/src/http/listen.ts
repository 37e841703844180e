import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChampionError } from '@champion/core';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { LiveFeed } from './live/feed.ts';
import { Sockets } from './live/sockets.ts';
import type { Parts } from './parts.ts';

/** What requests under way get to end when the server stops. */
const END_WITHIN_MS = 5_000;
/** A request has to arrive within so long; answers may take any time. */
export const ARRIVE_WITHIN_MS = 60_000;
export const MOST_CONNECTIONS = 1_000;
/** To ask whoever has the port what it is. */
const ANSWER_WITHIN_MS = 1_000;

export interface Listening {
  /** Where this machine reaches it: "http://127.0.0.1:4200". */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, ends streams and websockets, and waits for what is under way, though not for long. */
  stop(): Promise<void>;
}

/**
 * Serves the application, and the websockets beside it.
 * @throws ChampionError BUSY when the port is taken, CONFIG when the address cannot be listened on
 */
export async function listen(
  app: Pick<Hono, 'fetch'>,
  feed: LiveFeed,
  parts: Pick<Parts, 'plane' | 'access' | 'log'> & { readonly port: number },
): Promise<Listening> {
  const { host } = parts.access;
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.requestTimeout = ARRIVE_WITHIN_MS;
  server.maxConnections = MOST_CONNECTIONS;
  const sockets = new Sockets(parts, feed);
  sockets.attach(server);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(parts.port, host, resolve);
    });
  } catch (error) {
    throw await cannotListen(error as NodeJS.ErrnoException, host, parts.port);
  }
  server.on('error', (error) => parts.log('error', 'The HTTP server failed', { error }));
  const { port } = server.address() as AddressInfo;
  return {
    url: urlOf(host, port),
    port,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const ended = sockets.close();
      feed.close();
      await ended;
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), END_WITHIN_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** Where this machine reaches an address that is listened on; "any address" is reached at loopback. */
export function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

export async function cannotListen(
  error: NodeJS.ErrnoException,
  host: string,
  port: number,
  variable = 'CHAMPION_PORT',
): Promise<ChampionError> {
  const context = { host, port };
  if (error.code === 'EADDRINUSE') {
    const who = await whoAnswers(urlOf(host, port));
    return new ChampionError(`The port ${port} of ${host} is taken${who === undefined ? '' : ` by ${who}`}`, {
      code: 'BUSY',
      hint: `Stop that, or choose another port: ${variable}=${port === 65_535 ? 4200 : port + 1}. Who has it: lsof -i :${port}`,
      context,
      cause: error,
    });
  }
  const why =
    error.code === 'EACCES'
      ? 'ports below 1024 are for the administrator'
      : error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND'
        ? 'this machine has no such address'
        : error.message;
  return new ChampionError(`${host}:${port} cannot be listened on: ${why}`, {
    code: 'CONFIG',
    hint: 'Set CHAMPION_HOST and CHAMPION_PORT to an address and port of this machine.',
    context,
    cause: error,
  });
}

async function whoAnswers(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const isOurs = response.headers.get('content-security-policy')?.includes("frame-ancestors 'none'") === true;
    if (!response.ok || (await response.text()).trim() !== 'true') return 'another web server';
    return isOurs ? 'another Champion server' : 'a Prefect server';
  } catch {
    // Whatever it is, it does not speak HTTP.
    return undefined;
  }
}
