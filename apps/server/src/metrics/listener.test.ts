import { afterEach, expect, test } from 'vitest';
import { exchangeMetrics, listenForMetrics, type MetricsListener, workerMetricsOf } from './index.ts';

const open: MetricsListener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

async function listen(options: { host: string; apiKey: string | undefined; port?: number }): Promise<MetricsListener> {
  const metrics = workerMetricsOf({ exchange: exchangeMetrics(), version: '0.1.0' });
  const listener = await listenForMetrics(metrics, { port: 0, ...options });
  open.push(listener);
  return listener;
}

test('a worker tells what it asks of the exchange, and nothing else', async () => {
  const { url } = await listen({ host: '127.0.0.1', apiKey: undefined });
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('champion_exchange_requests_total{endpoint="bhavcopy-udiff",outcome="ok"} 0');
  expect((await fetch(new URL('/api/flows', url))).status).toBe(404);
});

test('with a key, only who has it', async () => {
  const { url } = await listen({ host: '127.0.0.1', apiKey: 'a-very-secret-key' });
  expect((await fetch(url)).status).toBe(401);
  expect((await fetch(url, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  expect((await fetch(url, { headers: { authorization: 'Bearer a-very-secret-key' } })).status).toBe(200);
});

test('is not reachable by others without a key', async () => {
  await expect(listen({ host: '0.0.0.0', apiKey: undefined })).rejects.toMatchObject({ code: 'CONFIG' });
});

test('a port that is taken is said to be', async () => {
  const { url } = await listen({ host: '127.0.0.1', apiKey: undefined });
  const port = Number(new URL(url).port);
  await expect(listen({ host: '127.0.0.1', apiKey: undefined, port })).rejects.toMatchObject({ code: 'BUSY' });
});
