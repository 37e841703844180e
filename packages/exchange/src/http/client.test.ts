import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { ChampionError } from '@champion/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Handler, serve, serveRaw, type TestServer } from '../testing/servers.ts';
import { createHttpClient, type Timeouts } from './client.ts';

const BODY = Buffer.from('SYMBOL,SERIES\n'.repeat(5000));

interface Options {
  readonly timeouts?: Partial<Timeouts>;
  readonly maxBodyBytes?: number;
  readonly signal?: AbortSignal;
}

function get(server: Pick<TestServer, 'url'>, { timeouts, maxBodyBytes = 1_000_000, signal }: Options = {}) {
  const patient = { connectMs: 10_000, headersMs: 10_000, idleMs: 10_000, bodyMs: 10_000 };
  const client = createHttpClient({ timeouts: { ...patient, ...timeouts }, maxBodyBytes });
  onTestFinished(() => client.close());
  return client.get(new URL('/file', server.url), {}, signal ?? new AbortController().signal);
}

async function failureOf(server: Pick<TestServer, 'url'>, options: Options = {}): Promise<ChampionError> {
  const error = await get(server, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ChampionError);
  return error as ChampionError;
}

const encoded =
  (encoding: string, body: Uint8Array, status = 200): Handler =>
  (_request, response) =>
    void response.writeHead(status, { 'content-encoding': encoding }).end(body);

describe('encodings', () => {
  it.each([
    ['br', brotliCompressSync(BODY)],
    ['gzip', gzipSync(BODY)],
    ['x-gzip', gzipSync(BODY)],
    ['deflate', deflateSync(BODY)],
    ['identity', BODY],
    ['gzip, br', brotliCompressSync(gzipSync(BODY))],
  ])('%s', async (encoding, body) => {
    const answer = await get(await serve(encoded(encoding, body)));
    expect(BODY.equals(answer.bytes)).toBe(true);
  });

  it.each([
    ['zstd', BODY, /"zstd" was not asked for/],
    ['gzip, gzip, gzip', BODY, /too many layers/],
    ['gzip', BODY, /is damaged \(Z_DATA_ERROR\)/],
    ['br', Buffer.alloc(100, 0xff), /is damaged/],
  ])('%s that cannot be decoded is corrupt (%#)', async (encoding, body, message) => {
    const error = await failureOf(await serve(encoded(encoding, body)));
    expect(error).toMatchObject({ code: 'CORRUPT', retry: 'never' });
    expect(error.message).toMatch(message);
  });

  it.each([
    ['gzip', gzipSync(BODY)],
    ['br', brotliCompressSync(BODY)],
  ])('%s that stops early is worth another try', async (encoding, body) => {
    const error = await failureOf(await serve(encoded(encoding, body.subarray(0, body.length - 12))));
    expect(error).toMatchObject({ code: 'UNREACHABLE', retry: 'backoff' });
  });

  it('does not hide the status of an error page', async () => {
    expect((await get(await serve(encoded('gzip', Buffer.from('plain'), 403)))).status).toBe(403);
  });
});

describe('size limits', () => {
  it('refuse a length that is announced, before reading', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'content-length': '999999' }).flushHeaders(),
    );
    const error = await failureOf(server, { maxBodyBytes: 1000 });
    expect(error).toMatchObject({ code: 'CORRUPT', context: { expected: 999_999 } });
    expect(error.message).toContain('999999 bytes are announced, the limit is 1000');
  });

  it('stop a body that goes on and on', async () => {
    const server = await serve((_request, response) => {
      const pour = () => {
        while (response.write(BODY)) if (response.destroyed) return;
      };
      response.on('drain', pour);
      pour();
    });
    expect((await failureOf(server)).message).toMatch(/too large: more than 1000000 bytes were sent/);
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(20_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(20_000_000))],
  ])('stop a small body that decodes to a large one (%s)', async (encoding, body) => {
    const error = await failureOf(await serve(encoded(encoding, body)));
    expect(error).toMatchObject({ code: 'CORRUPT', retry: 'never' });
    expect(error.message).toMatch(/decodes to more than 1000000 bytes/);
  });

  it('allow exactly the limit', async () => {
    const server = await serve((_request, response) => void response.end(BODY));
    expect((await get(server, { maxBodyBytes: BODY.length })).bytes).toHaveLength(BODY.length);
  });

  it('keep only the beginning of a large error page', async () => {
    const server = await serve((_request, response) => void response.writeHead(404).end(Buffer.alloc(500_000, 'x')));
    const answer = await get(server);
    expect(answer.status).toBe(404);
    expect(answer.bytes.length).toBeLessThanOrEqual(64 * 1024);
  });
});

describe('broken connections are UNREACHABLE, worth another try', () => {
  it.each([
    ['closed before the answer', '', false, /broke the connection before it answered/],
    ['reset in mid-body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello', true, /broke the connection/],
    ['ended in mid-body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello', false, /after 5 of 100 bytes/],
    [
      'shorter than announced',
      'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n\r\nhello',
      false,
      /after 5 of 100 bytes/,
    ],
    [
      'without its last chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
      false,
      /after 5 bytes/,
    ],
    [
      'without its last chunk, closing',
      'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
      false,
      /after 5 bytes/,
    ],
    ['not HTTP', 'SSH-2.0-OpenSSH\r\n', false, /something that is not HTTP/],
  ])('%s', async (_name, text, reset, message) => {
    const server = await serveRaw((socket) => {
      if (reset) socket.write(text, () => socket.resetAndDestroy());
      else socket.end(text);
    });
    const error = await failureOf(server);
    expect(error).toMatchObject({ code: 'UNREACHABLE', retry: 'backoff', context: { url: `${server.url}/file` } });
    expect(error.message).toMatch(message);
  });

  it('refused', async () => {
    const error = await failureOf({ url: 'http://127.0.0.1:1' });
    expect(error).toMatchObject({ code: 'UNREACHABLE', retry: 'backoff' });
    expect(error.message).toBe('127.0.0.1:1 refused the connection: nothing listens there');
  });

  it('a broken end of an error page does not hide its status', async () => {
    const server = await serveRaw(
      (socket) => void socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\nx'),
    );
    expect((await get(server)).status).toBe(404);
  });
});

describe('timeouts are TIMEOUT, worth another try', () => {
  it('no answer', async () => {
    const server = await serve(() => {});
    const error = await failureOf(server, { timeouts: { connectMs: 10, headersMs: 30 } });
    expect(error).toMatchObject({ code: 'TIMEOUT', retry: 'backoff' });
    expect(error.message).toMatch(/did not answer within 0.04 s$/);
  });

  it('silence in mid-body', async () => {
    const server = await serve((_request, response) => void response.writeHead(200).write('hello'));
    const error = await failureOf(server, { timeouts: { idleMs: 50 } });
    expect(error).toMatchObject({ code: 'TIMEOUT', retry: 'backoff', context: { status: 200, bytes: 5 } });
    expect(error.message).toMatch(/stopped sending for 0.05 s after 5 bytes$/);
  });

  it('a slow drip ends, though it is never silent', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 5);
      response.on('close', () => clearInterval(drip));
    });
    const error = await failureOf(server, { timeouts: { bodyMs: 200 } });
    expect(error).toMatchObject({ code: 'TIMEOUT', retry: 'backoff' });
    expect(error.message).toMatch(/had not sent its whole answer within 0.2 s after \d+ bytes$/);
  });
});

describe('cancellation', () => {
  it.each([
    ['while waiting for an answer', () => {}],
    ['in mid-body', (_request, response) => void response.writeHead(200).write('hello')],
  ] satisfies [string, Handler][])('%s', async (_name, handler) => {
    const leaver = new AbortController();
    const server = await serve((request, response) => {
      handler(request, response);
      setImmediate(() => leaver.abort(new Error('enough')));
    });
    const error = await failureOf(server, { signal: leaver.signal });
    expect(error).toMatchObject({ code: 'CANCELLED', retry: 'never', cause: { message: 'enough' } });
  });

  it('before asking', async () => {
    const server = await serve(() => {});
    expect(await failureOf(server, { signal: AbortSignal.abort() })).toMatchObject({ code: 'CANCELLED' });
    expect(server.requests).toEqual([]);
  });
});
