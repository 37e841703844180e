import { businessDate, ChampionError, fixedClock } from '@champion/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Accepts, Endpoint } from './endpoints.ts';
import { createExchange, type ExchangeOptions, type RequestEvent } from './exchange.ts';
import { type Handler, serve, serveRaw, type TestServer } from './testing/servers.ts';
import { zipOf } from './testing/zips.ts';

const ZIP = zipOf({ name: 'a.csv', data: 'SYMBOL,SERIES\n' });
const clock = fixedClock('2024-07-10T12:30:00Z');
const date = businessDate('2024-07-10');

const plain = (accept: Accepts): Endpoint => ({
  host: 'archives',
  path: () => `/file.${accept}`,
  accept,
  cookies: false,
});
const endpoints = { zip: plain('zip'), csv: plain('csv'), json: plain('json') };

/** An exchange whose hosts are both the server, without pacing, ended with the test. */
function exchangeOf(server: Pick<TestServer, 'url'>, options: Partial<ExchangeOptions> = {}) {
  const exchange = createExchange({
    archivesUrl: server.url,
    siteUrl: server.url,
    clock,
    endpoints,
    requestsPerSecond: Number.POSITIVE_INFINITY,
    ...options,
  });
  onTestFinished(() => exchange.close());
  return exchange;
}

async function outcomeOf(handler: Handler, endpoint = 'zip', options: Partial<ExchangeOptions> = {}) {
  const server = await serve(handler);
  return failure(exchangeOf(server, options).fetch({ endpoint, date, extension: endpoint }));
}

async function failure(promise: Promise<unknown>): Promise<ChampionError> {
  const error = await promise.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ChampionError);
  return error as ChampionError;
}

const reply =
  (status: number, body: string | Uint8Array, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);

const PAGE = '<!DOCTYPE html><html><head><title>Access Denied</title></head></html>';

describe('a good answer', () => {
  it('comes with its bytes and its evidence, without cookies', async () => {
    const headers = { 'content-type': 'application/zip', etag: '"1"', 'set-cookie': 'secret=1' };
    const server = await serve(reply(200, ZIP, headers));
    const events: RequestEvent[] = [];
    const exchange = exchangeOf(server, { onRequest: (event) => events.push(event) });
    const answer = await exchange.fetch({ endpoint: 'bhavcopy-udiff', date, extension: 'csv.zip' });
    const url = `${server.url}/content/cm/BhavCopy_NSE_CM_0_0_0_20240710_F_0000.csv.zip`;
    expect(answer).toMatchObject({ url, status: 200, fetchedAt: clock.now() });
    expect(Buffer.from(answer.bytes).equals(ZIP)).toBe(true);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/zip', etag: '"1"' });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(events).toEqual([
      {
        endpoint: 'bhavcopy-udiff',
        url,
        host: server.host,
        outcome: 'OK',
        status: 200,
        ms: expect.any(Number),
        bytes: ZIP.length,
      },
    ]);
  });

  it.each<[string, string, string | Uint8Array, Record<string, string>]>([
    ['a zip called anything', 'zip', ZIP, { 'content-type': 'text/html' }],
    ['a zip without members', 'zip', zipOf(), {}],
    ['a csv with a byte order mark', 'csv', '\ufeff"Date ","Symbol "\n', { 'content-type': 'text/csv' }],
    ['a json list', 'json', '[]', {}],
    ['a json object called HTML', 'json', '{"CM":[]}', { 'content-type': 'text/html' }],
  ])('%s', async (_name, endpoint, body, headers) => {
    const server = await serve(reply(200, body, headers));
    const answer = await exchangeOf(server).fetch({ endpoint, date, extension: endpoint });
    expect(Buffer.from(answer.bytes).equals(Buffer.from(body))).toBe(true);
  });

  it('reuses connections', async () => {
    const server = await serve(reply(200, ZIP));
    const exchange = exchangeOf(server);
    for (let i = 0; i < 6; i++) await exchange.fetch({ endpoint: 'zip', date, extension: 'zip' });
    expect(server.requests).toHaveLength(6);
    // A request that follows at once may find the first connection not yet free, and opens the second.
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it('says who asks', async () => {
    let seen: Record<string, unknown> = {};
    const server = await serve((request, response) => {
      seen = request.headers;
      response.end(ZIP);
    });
    await exchangeOf(server).fetch({ endpoint: 'zip', date, extension: 'zip' });
    expect(seen).toMatchObject({
      'user-agent': expect.stringContaining('Champion'),
      'accept-encoding': 'gzip, deflate, br',
    });
    expect(seen.cookie).toBeUndefined();
    expect(seen.referer).toBeUndefined();
  });
});

describe('each outcome is its own', () => {
  it.each<[number, string, unknown]>([
    [404, 'NOT_FOUND', 'never'],
    [410, 'NOT_FOUND', 'never'],
    [401, 'BLOCKED', 'never'],
    [403, 'BLOCKED', 'never'],
    [421, 'BLOCKED', 'never'],
    [429, 'BLOCKED', { after: 60_000 }],
    [500, 'UNREACHABLE', 'backoff'],
    [503, 'UNREACHABLE', 'backoff'],
    [204, 'CORRUPT', 'never'],
    [304, 'CORRUPT', 'never'],
    [400, 'CORRUPT', 'never'],
  ])('status %d is %s', async (status, code, retry) => {
    const error = await outcomeOf(reply(status, status === 204 || status === 304 ? '' : PAGE));
    expect(error).toMatchObject({ code, retry, context: { status, url: expect.stringContaining('/file.zip') } });
    expect(error.message).toContain(String(status));
    expect(error.hint).toBeTruthy();
  });

  it('an HTML page with status 200 is a block, with the evidence', async () => {
    const error = await outcomeOf(reply(200, `\r\n${PAGE}`, { 'content-type': 'text/html; charset=utf-8' }));
    expect(error).toMatchObject({
      code: 'BLOCKED',
      retry: 'never',
      hint: expect.stringMatching(/ten minutes.*champion import/),
      context: {
        status: 200,
        contentType: 'text/html; charset=utf-8',
        firstBytes: `..${PAGE}`,
        bytes: PAGE.length + 2,
      },
    });
    expect(error.message).toMatch(
      /answered 200 with an HTML page instead of a zip for file\.zip: it blocks this machine/,
    );
  });

  it.each([
    ['csv', PAGE, {}],
    ['csv', 'Resource not found', { 'content-type': 'text/html' }],
    ['json', PAGE, {}],
    ['json', '', { 'content-type': 'text/html' }],
    ['zip', 'Resource not found', { 'content-type': 'text/html' }],
  ])('HTML in place of a %s is a block (%#)', async (endpoint, body, headers) => {
    expect(await outcomeOf(reply(200, body, headers), endpoint)).toMatchObject({ code: 'BLOCKED' });
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ['zip', '', /it is empty/],
    ['zip', 'SYMBOL,SERIES\n', /does not start with the mark of a zip/],
    ['csv', '', /it is empty/],
    ['csv', ZIP, /it is binary/],
    ['csv', '{"error":"x, y"}', /it starts with "{"/],
    ['csv', '<?xml version="1.0"?><Error/>', /it starts with "<"/],
    ['csv', 'nothing here', /its first line has no comma/],
    ['json', '{}', /an empty object \({}\)/],
    ['json', 'null', /neither an object nor a list/],
    ['json', '{"data":[', /content is not a json/],
    ['json', Buffer.from('7b2261223a22ff227d', 'hex'), /content is not a json/],
    ['json', '', /it is empty/],
  ])('other content in place of a %s is corrupt (%#)', async (endpoint, body, message) => {
    const error = await outcomeOf(reply(200, body), endpoint);
    expect(error).toMatchObject({ code: 'CORRUPT', retry: 'never', context: { status: 200, bytes: body.length } });
    expect(error.message).toMatch(message);
  });

  it('shows no more than 120 printable characters of the answer', async () => {
    const { context } = await outcomeOf(reply(200, `\u001b[2J\u0007${'x'.repeat(500)}`));
    expect(context.firstBytes).toBe(`.[2J.${'x'.repeat(115)}`);
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Wed, 10 Jul 2024 12:32:00 GMT', 120_000],
    ['Wed, 10 Jul 2024 12:00:00 GMT', 0],
    ['86400', 900_000],
    ['soon', 60_000],
  ])('%s', async (text, after) => {
    const error = await outcomeOf(reply(429, '', { 'retry-after': text }));
    expect(error).toMatchObject({ code: 'BLOCKED', retry: { after } });
  });

  it('pauses the whole host', async () => {
    const server = await serve(reply(429, '', { 'retry-after': '30' }));
    const pauses: [string, number][] = [];
    const pacer = {
      acquire: async () => {},
      pause: async (host: string, until: number) => void pauses.push([host, until]),
    };
    await failure(exchangeOf(server, { pacer }).fetch({ endpoint: 'zip', date, extension: 'zip' }));
    expect(pauses).toEqual([[server.host, clock.now().getTime() + 30_000]]);
  });

  it('is logged to those who have to wait, who can leave', async () => {
    const server = await serve(reply(429, '', { 'retry-after': '30' }));
    const exchange = exchangeOf(server);
    await failure(exchange.fetch({ endpoint: 'zip', date, extension: 'zip' }));
    const leaver = new AbortController();
    const log: string[] = [];
    const waiting = exchange.fetch(
      { endpoint: 'zip', date, extension: 'zip' },
      { signal: leaver.signal, log: (message) => log.push(message) },
    );
    leaver.abort();
    expect(await failure(waiting)).toMatchObject({ code: 'CANCELLED', retry: 'never' });
    expect(log).toEqual([expect.stringContaining('waiting until 2024-07-10T12:30:30.000Z')]);
    expect(server.requests).toHaveLength(1);
  });
});

describe('redirects', () => {
  it('are followed on the same host', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/file.zip') response.writeHead(302, { location: '/moved.zip' }).end();
      else response.end(ZIP);
    });
    const outcomes: string[] = [];
    const exchange = exchangeOf(server, { onRequest: ({ outcome }) => outcomes.push(outcome) });
    expect((await exchange.fetch({ endpoint: 'zip', date, extension: 'zip' })).url).toBe(`${server.url}/moved.zip`);
    expect(outcomes).toEqual(['REDIRECT', 'OK']);
  });

  it('are not followed to another host', async () => {
    const other = await serve(reply(200, ZIP));
    const error = await outcomeOf(reply(301, '', { location: `${other.url}/file.zip` }));
    expect(error).toMatchObject({ code: 'CORRUPT', context: { status: 301, location: `${other.url}/file.zip` } });
    expect(other.requests).toEqual([]);
  });

  it('are not followed for ever', async () => {
    const server = await serve(reply(302, '', { location: '/file.zip' }));
    const error = await failure(exchangeOf(server).fetch({ endpoint: 'zip', date, extension: 'zip' }));
    expect(error.code).toBe('CORRUPT');
    expect(server.requests).toHaveLength(4);
  });
});

describe('probe', () => {
  it('tells of each host whether it answers', async () => {
    const archives = await serve(reply(403, PAGE));
    const gone = await serve(reply(200, ''));
    const exchange = exchangeOf(archives, { siteUrl: 'http://127.0.0.1:1' });
    expect(await exchange.probe()).toEqual([
      {
        name: 'archives',
        url: `${archives.url}/`,
        reachable: true,
        blocked: false,
        status: 403,
        ms: expect.any(Number),
        message: 'answers (status 403)',
      },
      {
        name: 'site',
        url: 'http://127.0.0.1:1/',
        reachable: false,
        blocked: false,
        status: undefined,
        ms: expect.any(Number),
        message: expect.stringContaining('refused the connection'),
      },
    ]);
    const blocked = exchangeOf(gone, { siteUrl: archives.url });
    expect(await blocked.probe()).toMatchObject([
      { reachable: true, status: 200 },
      { reachable: true, blocked: true, message: 'answers 403: it blocks this machine' },
    ]);
  });
});

describe('closing', () => {
  it('cancels what is under way and what comes after', async () => {
    const server = await serve(() => {});
    const exchange = exchangeOf(server);
    const hanging = failure(exchange.fetch({ endpoint: 'zip', date, extension: 'zip' }));
    await expect.poll(() => server.requests.length).toBe(1);
    await exchange.close();
    expect((await hanging).code).toBe('CANCELLED');
    expect(await failure(exchange.fetch({ endpoint: 'zip', date, extension: 'zip' }))).toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('refuses unusable settings at once', () => {
    expect(() => exchangeOf({ url: 'nonsense' })).toThrowError(expect.objectContaining({ code: 'CONFIG' }));
  });

  it('names an endpoint that does not exist', async () => {
    const exchange = exchangeOf(await serveRaw(() => {}));
    expect(await failure(exchange.fetch({ endpoint: 'none', date, extension: 'x' }))).toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
