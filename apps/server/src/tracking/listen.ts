import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { InternalLog } from '@champion/engine';
import { mlflowApp, type TrackingStore } from '@champion/tracking';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { refuseForeign, refuseStranger } from '../http/access.ts';
import { cannotListen, urlOf } from '../http/listen.ts';
import type { Access } from '../http/parts.ts';
import { SECURITY_HEADERS } from '../http/security-headers.ts';

const END_WITHIN_MS = 2_000;

/**
 * Serves MLflow's API on a port of its own, where its clients look for it, to whoever may ask the other one.
 * @throws ChampionError BUSY when the port is taken
 */
export async function listenForTracking(
  store: TrackingStore,
  access: Access,
  port: number,
  log: InternalLog,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const app = new Hono();
  app.use(async (c, next) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value);
    const asking = {
      method: c.req.method,
      host: c.req.header('host') ?? new URL(c.req.url).host,
      origin: c.req.header('origin'),
      authorization: c.req.header('authorization'),
    };
    const refused = refuseForeign(asking, access) ?? refuseStranger(asking, access);
    if (refused === undefined) return next();
    if (refused.status === 401) c.header('www-authenticate', 'Basic realm="Champion", charset="UTF-8"');
    const { message, hint } = refused.error;
    const error_code = refused.status === 401 ? 'UNAUTHENTICATED' : 'PERMISSION_DENIED';
    return c.json({ error_code, message: hint === undefined ? message : `${message}. ${hint}` }, refused.status);
  });
  app.route('/', mlflowApp(store, { log: (line, error) => log('warn', line, { error }) }));

  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
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
