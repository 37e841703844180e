import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { InternalLog } from '@champion/engine';
import type { TrackingStore } from '@champion/tracking';
import { createAdaptorServer } from '@hono/node-server';
import { ARRIVE_WITHIN_MS, cannotListen, MOST_CONNECTIONS, urlOf } from '../http/listen.ts';
import type { Access } from '../http/parts.ts';
import { type TrackingSite, trackingApp } from './app.ts';

const END_WITHIN_MS = 2_000;

/** What is served, to whom, and where. */
export interface TrackingListen {
  readonly store: TrackingStore;
  readonly access: Access;
  readonly site: TrackingSite;
  readonly port: number;
  readonly log: InternalLog;
}

/**
 * Serves MLflow's API and the tracking app on a port of their own, where people and clients look for them.
 * @throws ChampionError BUSY when the port is taken
 */
export async function listenForTracking(
  options: TrackingListen,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { store, access, site, port, log } = options;
  const app = trackingApp(store, access, site, (line, error) => log('warn', line, { error }));
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.requestTimeout = ARRIVE_WITHIN_MS;
  server.maxConnections = MOST_CONNECTIONS;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, access.host, resolve);
    });
  } catch (error) {
    throw await cannotListen(error as NodeJS.ErrnoException, access.host, port, 'CHAMPION_TRACKING_PORT');
  }
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: urlOf(access.host, taken),
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), END_WITHIN_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}
