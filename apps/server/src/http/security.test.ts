import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@champion/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkExposure, isLoopback } from './access.ts';
import { createApp } from './app.ts';
import type { Listening } from './listen.ts';
import { MOST_BODY_BYTES } from './request-body.ts';
import { KEY, openTestApi, type TestApi } from './testing/api.ts';
import { listenOn, TestSocket } from './testing/listening.ts';

let api: TestApi;
let open: Listening;
let locked: Listening;
beforeAll(async () => {
  api = await openTestApi();
  open = await listenOn(api);
  locked = await listenOn(api, { access: { host: '127.0.0.1', apiKey: KEY } });
});
afterAll(async () => {
  await open?.stop();
  await locked?.stop();
  await api?.close();
});

const json = { 'content-type': 'application/json' };

/** With headers that fetch sets by itself. */
function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: options.method ?? 'GET', headers: options.headers ?? {} }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

describe('a server with a key', () => {
  const paths = [
    '/',
    '/api/flow_runs',
    '/api/docs',
    '/api/openapi.json',
    '/api/events',
    '/api/nothing',
    '/assets/x.js',
  ];

  it.each(paths)('gives nothing at %s to who does not have it', async (path) => {
    for (const authorization of [
      undefined,
      `Bearer ${KEY}x`,
      'Bearer',
      `Basic ${btoa('admin:wrong')}`,
      `Token ${KEY}`,
    ]) {
      const headers = authorization === undefined ? {} : { authorization };
      const { status, body, headers: answered } = await ask(locked.url + path, { headers });
      expect(status).toBe(401);
      expect(answered['www-authenticate']).toContain('Basic');
      expect(body).not.toContain(KEY);
      expect(JSON.parse(body)).toMatchObject({
        detail: expect.any(String),
        hint: expect.stringContaining('CHAMPION_API_KEY'),
      });
    }
  });

  it.each([
    ['Bearer', `Bearer ${KEY}`],
    ['Bearer with a name', `Bearer admin:${KEY}`],
    ['Basic', `Basic ${btoa(`admin:${KEY}`)}`],
    ['Basic without a name', `Basic ${btoa(`:${KEY}`)}`],
  ])('answers to %s', async (_, authorization) => {
    expect((await ask(`${locked.url}/api/flow_runs`, { headers: { authorization } })).status).toBe(200);
  });

  it('says to anyone that it is alive, and no more', async () => {
    expect((await ask(`${locked.url}/api/health`)).body).toBe('true');
    expect((await ask(`${locked.url}/api/health`, { method: 'POST' })).status).toBe(401);
    expect((await ask(`${locked.url}/api/ready`)).status).toBe(401);
  });

  it('has clients that send it', async () => {
    const client = createClient({ baseUrl: locked.url, apiKey: KEY });
    expect(await client.countFlows({ body: {} })).toBe(2);
    await expect(createClient({ baseUrl: locked.url }).countFlows({ body: {} })).rejects.toMatchObject({
      code: 'CONFIG',
    });
  });

  it('wants it of websockets as well, in the header or in the first message', async () => {
    const url = `${locked.url}/api/events/out`;
    for (const token of [null, 'wrong', '']) {
      const socket = new TestSocket(url);
      await socket.send({ type: 'auth', token });
      expect(await socket.closed).toMatchObject({ code: 1008 });
    }
    const wrong = new TestSocket(url, { headers: { authorization: 'Bearer wrong' } });
    expect((await wrong.closed).code).toBe(401);
    for (const [headers, token] of [
      [{}, KEY],
      [{}, `admin:${KEY}`],
      [{ authorization: `Bearer ${KEY}` }, null],
    ] as const) {
      const socket = new TestSocket(url, { headers });
      await socket.send({ type: 'auth', token });
      expect(await socket.next()).toEqual({ type: 'auth_success' });
      socket.close();
    }
  });

  it('outlives websockets asked for at what is no address', async () => {
    const { hostname, port } = new URL(locked.url);
    for (const path of ['//', '//[', 'http://[/']) {
      const socket = connect(Number(port), hostname);
      socket.end(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      const [first] = await once(socket, 'data');
      expect(String(first), path).toMatch(/^HTTP\/1\.1 404 /);
      socket.destroy();
    }
    expect((await ask(`${locked.url}/api/health`)).status).toBe(200);
  });

  it('never writes it down', () => {
    expect(api.logged.join('\n')).not.toContain(KEY);
  });
});

describe('a server on loopback', () => {
  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', 'evil.example:4200'])(
    'does not answer to the name "%s"',
    async (host) => {
      const { status } = await ask(`${open.url}/api/flow_runs`, { headers: { host } });
      expect([400, 403]).toContain(status);
    },
  );

  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1', '[::1]:4200'])('answers to "%s"', async (host) => {
    expect((await ask(`${open.url}/api/health`, { headers: { host } })).status).toBe(200);
  });

  it('lets pages of others change nothing, and read nothing', async () => {
    const foreign = { origin: 'https://evil.example', 'content-type': 'text/plain' };
    const { status, headers } = await ask(`${open.url}/api/deploy`, { method: 'POST', headers: foreign, body: '{}' });
    expect(status).toBe(403);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const preflight = await ask(`${open.url}/api/deploy`, { method: 'OPTIONS', headers: foreign });
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const own = { ...json, origin: open.url };
    expect((await ask(`${open.url}/api/flows/count`, { method: 'POST', headers: own, body: '{}' })).status).toBe(200);
  });

  it('says on every answer what browsers may do with it', async () => {
    for (const path of ['/', '/api/health', '/api/docs', '/nothing']) {
      const { headers } = await ask(open.url + path);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'content-security-policy': expect.stringContaining("default-src 'self'"),
        'referrer-policy': 'no-referrer',
      });
    }
  });
});

describe('being reachable by others', () => {
  it('needs an address of this machine', async () => {
    await expect(listenOn(api, { access: { host: '203.0.113.7', apiKey: KEY } })).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining('no such address'),
    });
  });

  it('needs a key', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'champion.example']) {
      expect(() => checkExposure({ host, apiKey: undefined })).toThrowError(
        expect.objectContaining({ code: 'CONFIG', hint: expect.stringContaining('openssl rand') }),
      );
      checkExposure({ host, apiKey: KEY });
    }
    for (const host of ['127.0.0.1', 'localhost', '::1', '127.8.8.8']) checkExposure({ host, apiKey: undefined });
    expect(isLoopback('127.evil.example')).toBe(false);
  });
});

describe('a request that is wrong', () => {
  const post = (body: string, headers: Record<string, string> = json) =>
    ask(`${open.url}/api/flows/filter`, { method: 'POST', headers, body });

  it('is not read when it is too large', async () => {
    const large = `{"limit": 1, "x": "${'x'.repeat(MOST_BODY_BYTES)}"}`;
    const url = `${open.url}/api/flows/filter`;
    // Whether the answer or the reset arrives first is the network's affair; neither is a success.
    const statusOf = (body: string | ReadableStream) =>
      fetch(url, { method: 'POST', body, duplex: 'half' } as RequestInit).then(
        ({ status }) => status,
        () => 413,
      );
    expect(await statusOf(large)).toBe(413);
    expect(await statusOf(new Blob([large]).stream())).toBe(413);
    expect((await api.request('/api/flows/filter', { method: 'POST', body: large })).status).toBe(413);
  });

  it.each([
    ['malformed', '{"limit": '],
    ['no object', '[1]'],
    ['of wrong types', '{"limit": "many"}'],
    ['beyond the limit', '{"limit": 201}'],
    ['with a NUL', '{"flows": {"name": {"any_": ["a\\u0000b"]}}}'],
  ])('is refused with what is wrong: %s', async (_, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.body)).toMatchObject({
      code: 'INVALID_INPUT',
      exception_message: 'Invalid request received.',
      exception_detail: [expect.objectContaining({ loc: expect.arrayContaining(['body']) })],
    });
  });

  it.each([
    "/api/flow_runs/1'%20OR%20'1'='1",
    '/api/flow_runs/../../etc/passwd',
    '/api/flows/name/%00',
    '/api/flows/name/%E0%A4%A',
  ])('does no harm: %s', async (path) => {
    const { status } = await ask(open.url + path);
    expect([404, 422]).toContain(status);
  });

  it('does no harm where any text is allowed', async () => {
    const text = "'; DROP TABLE champion.flow_runs; --";
    const body = JSON.stringify({ flows: { name: { any_: [text] } }, flow_runs: { name: { like_: text } } });
    const answer = await ask(`${open.url}/api/flow_runs/filter`, { method: 'POST', headers: json, body });
    expect([answer.status, answer.body]).toEqual([200, '[]']);
    expect((await ask(`${open.url}/api/flows/name/${encodeURIComponent(text)}`)).status).toBe(404);
    expect((await ask(`${open.url}/api/flow_runs`)).status).toBe(200);
  });

  it('is told what was meant', async () => {
    const { status, body } = await ask(`${open.url}/api/flow_run`);
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({
      detail: expect.any(String),
      hint: expect.stringContaining('/api/flow_runs?'),
    });
    const method = await ask(`${open.url}/api/deploy`);
    expect([method.status, method.headers.allow]).toEqual([405, 'POST']);
  });

  it('comes of a client that speaks another version', async () => {
    const version = (text: string) => ask(`${open.url}/api/version`, { headers: { 'x-prefect-api-version': text } });
    for (const text of ['0.8.4', '0.8.0', '0.9.0', '1.0.0']) expect((await version(text)).status).toBe(200);
    for (const text of ['0.7.9', 'new', '0.8', '0.8.4; x']) {
      const { status, body } = await version(text);
      expect([status, typeof (JSON.parse(body) as { detail: unknown }).detail]).toEqual([400, 'string']);
    }
  });
});

describe('pages', () => {
  it('stand alone', async () => {
    for (const path of ['/', '/api/docs']) {
      const { status, body, headers } = await ask(open.url + path);
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=UTF-8']);
      expect(body).not.toMatch(/<script|<link|(src|href)="https?:|@import|url\(/);
    }
    const docs = (await ask(`${open.url}/api/docs`)).body;
    expect(docs).toContain('/flow_runs/{id}/set_state');
    expect(docs).toContain('id="createDeploymentRun"');
  });

  it('are those of the web app where it is built', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'champion-web-'));
    const webRoot = join(folder, 'web');
    await mkdir(join(webRoot, 'assets'), { recursive: true });
    await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>App</title>');
    await writeFile(join(webRoot, 'assets/app-1a2b.js'), 'export {}');
    await writeFile(join(folder, 'secret.txt'), 'of nobody else');
    const app = await createApp({ ...api.parts, webRoot }, api.feed);
    const get = async (path: string) => {
      const response = await app.request(path);
      return { status: response.status, text: await response.text(), caching: response.headers.get('cache-control') };
    };
    for (const path of ['/', '/runs', '/runs/1?tab=logs', '/datasets/bhavcopy']) {
      expect(await get(path)).toMatchObject({ status: 200, text: expect.stringContaining('App') });
    }
    expect(await get('/runs')).toMatchObject({ caching: 'no-cache' });
    expect(await get('/assets/app-1a2b.js')).toMatchObject({
      status: 200,
      caching: expect.stringContaining('immutable'),
    });
    expect((await get('/assets/app-0000.js')).status).toBe(404);
    for (const path of ['/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/..%5c..%5csecret.txt']) {
      expect((await get(path)).text).not.toContain('of nobody else');
    }
    expect(await get('/api/nothing')).toMatchObject({ status: 404, text: expect.stringContaining('NOT_FOUND') });
    await rm(folder, { recursive: true, force: true });
  });

  it('describe the API for programs', async () => {
    const document = JSON.parse((await ask(`${open.url}/api/openapi.json`)).body) as Record<string, unknown>;
    expect(document).toMatchObject({ openapi: '3.1.1', info: { version: '0.1.0' } });
  });
});
