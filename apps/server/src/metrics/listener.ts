import type { AddressInfo } from 'node:net';
import { ChampionError, toErrorRecord } from '@champion/core';
import { type ServerType, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { checkExposure, refuseForeign, refuseStranger } from '../http/access.ts';
import type { Access } from '../http/parts.ts';
import type { Metrics } from './metrics.ts';
import { metricsRoute } from './route.ts';

export interface MetricsListener {
  /** With the port that was chosen, for example "http://127.0.0.1:9401/metrics". */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves nothing but /metrics, for a process that has no other server. The same key and the same caution as the API's.
 * @throws ChampionError CONFIG when others could reach it without a key, BUSY when the port is taken
 */
export async function listenForMetrics(
  metrics: Metrics,
  options: Access & { /** 0: any that is free. */ readonly port: number },
): Promise<MetricsListener> {
  checkExposure(options);
  const app = new Hono({ strict: false });
  app.use(async (c, next) => {
    const asking = {
      method: c.req.method,
      host: c.req.header('host'),
      origin: c.req.header('origin'),
      authorization: c.req.header('authorization'),
    };
    const refused = refuseForeign(asking, options) ?? refuseStranger(asking, options);
    if (refused === undefined) return next();
    const { message, hint } = toErrorRecord(refused.error);
    return c.text(`${message}. ${hint ?? ''}\n`, refused.status);
  });
  app.route('/metrics', metricsRoute(metrics));
  app.notFound((c) => c.text('Only /metrics is here.\n', 404));
  const { host, port } = options;
  const server = await new Promise<ServerType>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, hostname: host, port }, () => resolve(starting));
    starting.once('error', (cause: NodeJS.ErrnoException) => reject(notListening(host, port, cause)));
  });
  const address = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${address.port}/metrics`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined || error === null ? resolve() : reject(error)));
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

function notListening(host: string, port: number, cause: NodeJS.ErrnoException): ChampionError {
  return new ChampionError(`The metrics can't be served at ${host}:${port}: ${cause.message}`, {
    code: cause.code === 'EADDRINUSE' ? 'BUSY' : 'CONFIG',
    hint: 'Choose another port; 0 takes one that is free.',
    context: { host, port },
    cause,
  });
}
