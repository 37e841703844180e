import { businessDate, ChampionError } from '@champion/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Endpoint } from '../endpoints.ts';
import { createExchange, type ExchangeOptions } from '../exchange.ts';
import { FakeTime } from '../testing/fake-time.ts';
import { type Handler, serve, serveRaw } from '../testing/servers.ts';

const CSV = 'Date,Symbol\n';
const api: Endpoint = { host: 'site', path: () => '/api/deals', accept: 'csv', cookies: true };
const ask = { endpoint: 'api', date: businessDate('2024-07-10'), extension: 'csv' };

function exchangeOf(url: string, options: Partial<ExchangeOptions> = {}) {
  const exchange = createExchange({
    archivesUrl: url,
    siteUrl: url,
    endpoints: { api },
    requestsPerSecond: Number.POSITIVE_INFINITY,
    ...options,
  });
  onTestFinished(() => exchange.close());
  return exchange;
}

/** A site that hands out numbered cookies on its home page and takes only those that `valid` accepts. */
function site(valid: (cookie: number) => boolean, attributes = ''): { handler: Handler; seen: (string | undefined)[] } {
  let visits = 0;
  const seen: (string | undefined)[] = [];
  return {
    seen,
    handler: (request, response) => {
      if (request.url === '/') {
        response
          .writeHead(200, { 'set-cookie': [`nsit=${++visits}; Path=/; HttpOnly${attributes}`, `lang=en${attributes}`] })
          .end('<html>');
        return;
      }
      seen.push(request.headers.cookie);
      const cookie = Number(/nsit=(\d+)/.exec(request.headers.cookie ?? '')?.[1]);
      const referred = request.headers.referer?.endsWith(`${request.headers.host}/`);
      if (referred && valid(cookie)) response.end(CSV);
      else response.writeHead(403).end('<html>');
    },
  };
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('expected an error'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(ChampionError);
      return error as ChampionError;
    },
  );

describe('cookies', () => {
  it('are fetched from the home page first, and kept', async () => {
    const { handler, seen } = site((cookie) => cookie === 1);
    const server = await serve(handler);
    const exchange = exchangeOf(server.url);
    await exchange.fetch(ask);
    await exchange.fetch(ask);
    expect(server.requests).toEqual(['/', '/api/deals', '/api/deals']);
    expect(seen).toEqual(['nsit=1; lang=en', 'nsit=1; lang=en']);
  });

  it('are fetched once for callers at the same time', async () => {
    const server = await serve(site((cookie) => cookie === 1).handler);
    const exchange = exchangeOf(server.url);
    await Promise.all([1, 2, 3, 4].map(() => exchange.fetch(ask)));
    expect(server.requests.filter((path) => path === '/')).toHaveLength(1);
  });

  it('are renewed once for all when the site refuses them', async () => {
    const server = await serve(site((cookie) => cookie === 2).handler);
    const log: string[] = [];
    const exchange = exchangeOf(server.url);
    await Promise.all([1, 2, 3, 4].map(() => exchange.fetch(ask, { log: (message) => log.push(message) })));
    expect(server.requests.filter((path) => path === '/')).toHaveLength(2);
    expect(log).toHaveLength(4);
    expect(log[0]).toMatch(/answered 403: renewing its cookies/);
  });

  it('are renewed no more than once a request: then it is a block', async () => {
    const server = await serve(site(() => false).handler);
    expect(await failure(exchangeOf(server.url).fetch(ask))).toMatchObject({ code: 'BLOCKED', retry: 'never' });
    expect(server.requests).toEqual(['/', '/api/deals', '/', '/api/deals']);
  });

  it('are fetched again when they have expired', async () => {
    const time = new FakeTime();
    const { handler, seen } = site(() => true, '; Max-Age=600');
    const server = await serve(handler);
    const exchange = exchangeOf(server.url, { clock: time.clock });
    await exchange.fetch(ask);
    await time.advance(599_000);
    await exchange.fetch(ask);
    await time.advance(1000);
    await exchange.fetch(ask);
    expect(seen).toEqual(['nsit=1; lang=en', 'nsit=1; lang=en', 'nsit=2; lang=en']);
  });

  it('that an answer sets replace those before', async () => {
    const { seen, handler } = site(() => true);
    const server = await serve((request, response) => {
      if (request.url !== '/') response.setHeader('set-cookie', 'nsit=77; Path=/');
      handler(request, response);
    });
    const exchange = exchangeOf(server.url);
    await exchange.fetch(ask);
    await exchange.fetch(ask);
    expect(seen).toEqual(['nsit=1; lang=en', 'nsit=77; lang=en']);
  });

  it('are not sent where no endpoint needs them', async () => {
    const server = await serve((_request, response) => void response.end(CSV));
    const endpoints = { api: { ...api, cookies: false } };
    await exchangeOf(server.url, { endpoints }).fetch(ask);
    expect(server.requests).toEqual(['/api/deals']);
  });

  it('that the home page withholds are a block, said so', async () => {
    const none = await serve((_request, response) => void response.end('<html>'));
    expect(await failure(exchangeOf(none.url).fetch(ask))).toMatchObject({
      code: 'BLOCKED',
      message: expect.stringContaining('set no cookie'),
    });
    const denied = await serve((_request, response) => void response.writeHead(403).end('<html>'));
    expect(await failure(exchangeOf(denied.url).fetch(ask))).toMatchObject({
      code: 'BLOCKED',
      context: { status: 403 },
    });
    expect(denied.requests).toEqual(['/']);
  });

  it('one caller leaving does not end the visit for the others', async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { handler } = site(() => true);
    const server = await serve((request, response) => {
      if (request.url === '/') void gate.then(() => handler(request, response));
      else handler(request, response);
    });
    const exchange = exchangeOf(server.url);
    const leaver = new AbortController();
    const leaving = failure(exchange.fetch(ask, { signal: leaver.signal }));
    const staying = exchange.fetch(ask);
    await expect.poll(() => server.requests.length).toBe(1);
    leaver.abort();
    expect((await leaving).code).toBe('CANCELLED');
    open();
    expect((await staying).status).toBe(200);
    expect(server.requests).toEqual(['/', '/api/deals']);
  });

  it('are dropped when the site breaks the rules of HTTP', async () => {
    let visits = 0;
    const server = await serveRaw((socket, request) => {
      if (!request.startsWith('GET / ')) return void socket.end('garbage\r\n\r\n');
      visits++;
      socket.write('HTTP/1.1 200 OK\r\nSet-Cookie: nsit=1\r\nContent-Length: 0\r\n\r\n');
    });
    const exchange = exchangeOf(server.url);
    for (let i = 0; i < 2; i++) {
      expect(await failure(exchange.fetch(ask))).toMatchObject({ code: 'UNREACHABLE', retry: 'backoff' });
    }
    expect(visits).toBe(2);
  });
});
