import { Hono } from 'hono';
import type { Metrics } from './metrics.ts';

/** `app.route('/metrics', metricsRoute(metrics))`: below whatever decides who may ask. */
export function metricsRoute(metrics: Metrics): Hono {
  const route = new Hono();
  route.get('/', async (c) => {
    const text = await metrics.text();
    return c.body(text, 200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
  });
  return route;
}
