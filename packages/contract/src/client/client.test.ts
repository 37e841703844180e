import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChampionError } from '@champion/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatEvent } from '../events/format.ts';
import type { Handlers } from '../routes.ts';
import { aFlow, aLog, createApp, ID } from '../testing/app.ts';
import { type ClientOptions, createClient } from './client.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A real server; `answer` is called with each request's Last-Event-ID. */
async function serve(answer: (response: ServerResponse, lastEventId: string | undefined) => void): Promise<string> {
  const server = createServer((request, response) => {
    const id = request.headers['last-event-id'];
    answer(response, Array.isArray(id) ? id[0] : id);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function clientOf(handlers: Partial<Handlers>, options: Partial<ClientOptions> = {}) {
  const fetch = vi.fn(createApp(handlers));
  return { client: createClient({ baseUrl: 'http://in-process', fetch, validate: true, ...options }), fetch };
}

async function failureOf(promise: Promise<unknown>): Promise<ChampionError> {
  const error = await promise.then(
    () => expect.unreachable(),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ChampionError);
  return error as ChampionError;
}

describe('a file', () => {
  it('comes as it is, under its name, for as long as it takes', async () => {
    const { client } = clientOf(
      {
        exportSql: ({ body }) => ({
          fileName: `${body.file_name}.csv`,
          mediaType: 'text/csv',
          bytes: null,
          content: new Blob(['a,b\n']).stream(),
        }),
      },
      { timeoutMs: 1 },
    );
    const body = { query: 'SELECT 1', format: 'csv', file_name: 'bars' } as const;
    const file = await client.exportSql({ body });
    expect(file).toMatchObject({ fileName: 'bars.csv', mediaType: 'text/csv', bytes: null });
    expect(await new Response(file.content).text()).toBe('a,b\n');
    const odd = { ...body, file_name: 'a/b' };
    expect(await failureOf(client.exportSql({ body: odd }))).toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('has a name and no path, whatever the server says', async () => {
    const url = await serve((response) => {
      response.writeHead(200, {
        'content-disposition': 'attachment; filename="../../etc/passwd"',
        'content-length': 2,
      });
      response.end('ok');
    });
    const { fileName, bytes } = await createClient({ baseUrl: url }).exportSql({ body: { query: 'x', format: 'csv' } });
    expect({ fileName, bytes }).toEqual({ fileName: 'passwd', bytes: 2 });
  });
});

describe('a request', () => {
  it('goes where the table says, and its answer comes back', async () => {
    const { client, fetch } = clientOf(
      {
        filterFlows: ({ body }) => [{ ...aFlow, tags: [String(body.limit)] }],
        readFlowByName: ({ params }) => ({ ...aFlow, name: params.name }),
        listFlowRuns: () => [],
        updateDeployment: () => undefined,
      },
      { apiKey: 'open sesame', baseUrl: 'http://in-process/api/' },
    );
    expect(await client.filterFlows({ body: { limit: 3 } })).toEqual([{ ...aFlow, tags: ['3'] }]);
    expect(fetch.mock.lastCall?.[0]).toBe('http://in-process/api/flows/filter');
    expect(fetch.mock.lastCall?.[1]).toMatchObject({
      method: 'POST',
      body: '{"limit":3}',
      headers: { authorization: 'Bearer open sesame', 'content-type': 'application/json' },
    });
    expect((await client.readFlowByName({ params: { name: 'a/b c' } })).name).toBe('a/b c');
    expect(await client.listFlowRuns({ query: { limit: 10, flow_name: undefined } })).toEqual([]);
    expect(fetch.mock.lastCall?.[0]).toBe('http://in-process/api/flow_runs?limit=10');
    expect(await client.updateDeployment({ params: { id: ID }, body: { paused: true } })).toBeUndefined();
  });

  it('fails with what the server said', async () => {
    const { client } = clientOf({
      readFlow: () => {
        throw new ChampionError('no such flow', { code: 'NOT_FOUND', hint: 'champion flow ls', context: { id: ID } });
      },
    });
    expect(await failureOf(client.readFlow({ params: { id: ID } }))).toMatchObject({
      code: 'NOT_FOUND',
      message: 'no such flow',
      hint: 'champion flow ls',
      context: { id: ID, status: 404 },
    });
    expect(await failureOf(client.readFlow({ params: { id: 'banana' } }))).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await failureOf(client.readFlow({ params: { id: '' } }))).toMatchObject({ message: /^id is empty/ });
  });

  it('says that nobody is there, and how to change that', async () => {
    const baseUrl = await serve(() => undefined);
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    const error = await failureOf(createClient({ baseUrl }).readHealth());
    expect(error).toMatchObject({ code: 'UNREACHABLE', message: `no answer from ${baseUrl}` });
    expect(error.hint).toContain('champion up');
    expect(error.context.reason).toContain('ECONNREFUSED');
  });

  it('does not wait for ever, and ends when its signal says so', async () => {
    const baseUrl = await serve(() => undefined);
    const client = createClient({ baseUrl, timeoutMs: 50 });
    expect(await failureOf(client.readHealth())).toMatchObject({ code: 'TIMEOUT' });
    expect(await failureOf(client.readHealth({ signal: AbortSignal.abort() }))).toMatchObject({ code: 'CANCELLED' });
  });

  it('is not satisfied with a web page', async () => {
    const baseUrl = await serve((response) => response.setHeader('content-type', 'text/html').end('<!doctype html>'));
    const error = await failureOf(createClient({ baseUrl }).readHealth());
    expect(error).toMatchObject({ code: 'CONFIG', context: { content_type: 'text/html' } });
  });

  it('holds the answer against the contract when asked to', async () => {
    const wrong = { filterFlows: (() => [{ name: 'x' }]) as unknown as Handlers['filterFlows'] };
    const error = await failureOf(clientOf(wrong).client.filterFlows());
    expect(error).toMatchObject({ code: 'INTERNAL', message: /^filterFlows answered 200 / });
    expect(error.hint).toContain('[0].id');
    expect(await clientOf(wrong, { validate: false }).client.filterFlows()).toEqual([{ name: 'x' }]);
  });
});

describe('a stream', () => {
  const reconnect = { delayMs: 1, attempts: 3 };
  const head = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });

  it('gives the events to for await until the server says that it is over', async () => {
    const { client, fetch } = clientOf({
      streamEvents: async function* ({ query }) {
        yield { id: '1', data: aLog(`of ${query.flow_run_id}`) };
        yield { id: '2', data: aLog('done') };
      },
    });
    const messages = [];
    for await (const event of client.streamEvents({ query: { flow_run_id: ID, types: ['log', 'flow_run'] } })) {
      if (event.type === 'log') messages.push(event.message);
    }
    expect(messages).toEqual([`of ${ID}`, 'done']);
    expect(fetch).toHaveBeenCalledOnce();
    expect(fetch.mock.lastCall?.[0]).toMatch(/types=log%2Cflow_run$/);
  });

  it('goes on after the last event when the connection breaks', async () => {
    const asked: (string | undefined)[] = [];
    const baseUrl = await serve((response, lastEventId) => {
      asked.push(lastEventId);
      if (asked.length === 2) {
        response.writeHead(503).end();
        return;
      }
      const n = Number(lastEventId ?? 0) + 1;
      head(response).write(formatEvent({ id: String(n), data: aLog(`event ${n}`) }));
      // Cut within an event: what came of it is not an event.
      response.write('id: 99\ndata: {"half', () => response.destroy());
    });
    const messages = [];
    for await (const event of createClient({ baseUrl, validate: true, reconnect }).streamEvents()) {
      messages.push(event.type === 'log' ? event.message : '');
      if (messages.length === 3) break;
    }
    expect(messages).toEqual(['event 1', 'event 2', 'event 3']);
    expect(asked).toEqual([undefined, '1', '1', '2']);
  });

  it('gives up when the server stays away', async () => {
    let connections = 0;
    const baseUrl = await serve((response) => {
      connections++;
      head(response).end();
    });
    const stream = createClient({ baseUrl, reconnect }).streamEvents();
    expect(await failureOf(stream.next())).toMatchObject({ code: 'UNREACHABLE' });
    expect(connections).toBe(3);
  });

  it('takes a silent connection for dead', async () => {
    let connections = 0;
    const baseUrl = await serve((response) => {
      connections++;
      head(response).flushHeaders();
    });
    const stream = createClient({ baseUrl, reconnect: { ...reconnect, silenceMs: 50 } }).streamEvents();
    expect(await failureOf(stream.next())).toMatchObject({ code: 'UNREACHABLE' });
    expect(connections).toBeGreaterThan(0);
  });

  it('does not ask again where it was refused or nobody was', async () => {
    const { client, fetch } = clientOf({}, { reconnect });
    expect(await failureOf(client.streamEvents().next())).toMatchObject({ code: 'NOT_FOUND' });
    expect(fetch).toHaveBeenCalledOnce();
    const nobody = vi.fn(async () => Promise.reject(new TypeError('fetch failed')));
    const stream = createClient({ baseUrl: '', fetch: nobody, reconnect }).streamEvents();
    expect(await failureOf(stream.next())).toMatchObject({ code: 'UNREACHABLE', message: 'no answer from the server' });
    expect(nobody).toHaveBeenCalledOnce();
  });

  it('ends when its signal says so, and lets the server know that it went', async () => {
    const onClose = vi.fn();
    const baseUrl = await serve((response) => {
      response.on('close', onClose);
      head(response).write(formatEvent({ id: '1', data: aLog('first') }));
    });
    const controller = new AbortController();
    for await (const event of createClient({ baseUrl, reconnect }).streamEvents({ signal: controller.signal })) {
      expect(event.type).toBe('log');
      controller.abort();
    }
    await vi.waitFor(() => expect(onClose).toHaveBeenCalled());
  });
});
