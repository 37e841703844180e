import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Endpoint,
  EVENT_STREAM_HEADERS,
  eventStream,
  type Handlers,
  loadServerSide,
  toProblem,
} from '@champion/contract';
import { ChampionError } from '@champion/core';
import { handlers } from './handlers.ts';

const { bindHandlers } = await loadServerSide();

/** What nobody made up yet answers so. */
const rest = new Proxy(handlers, {
  get: (known, name: string) =>
    known[name as keyof Handlers] ??
    (() => {
      throw new ChampionError(`the made-up API has no ${name}`, {
        code: 'NOT_FOUND',
        hint: 'Write its handler in apps/web/dev/handlers.ts.',
      });
    }),
}) as Handlers;

const endpoints = bindHandlers(rest).map((endpoint) => ({
  endpoint,
  names: [...endpoint.pattern.matchAll(/:(\w+)/g)].map(([, name = '']) => name),
  test: new RegExp(`^${endpoint.pattern.replace(/:\w+/g, '([^/]+)')}/?$`),
}));

/** Answers a request whose path is the one below /api. */
export async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    const found = find(request.method ?? 'GET', url.pathname);
    const text = await bodyOf(request);
    const reply = await found.endpoint.call({
      params: found.params,
      query: url.searchParams,
      body: text === '' ? undefined : JSON.parse(text),
      signal: gone.signal,
      lastEventId: undefined,
    });
    if (reply.kind === 'stream') {
      response.writeHead(200, EVENT_STREAM_HEADERS);
      for await (const chunk of eventStream(reply.items)) response.write(chunk);
      response.end();
    } else if (reply.kind === 'empty') response.writeHead(reply.status).end();
    else if (reply.kind === 'json') send(response, reply.status, reply.body);
    else throw new ChampionError('the made-up API has no files', { code: 'NOT_FOUND' });
  } catch (error) {
    if (gone.signal.aborted) return;
    if (!(error instanceof ChampionError)) console.error(error);
    const { status, body } = toProblem(error);
    send(response, status, body);
  }
}

function find(method: string, path: string): { endpoint: Endpoint; params: Record<string, string> } {
  for (const { endpoint, names, test } of endpoints) {
    const match = endpoint.route.method === method ? test.exec(path) : null;
    if (match === null) continue;
    const params = Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(match[at + 1] ?? '')]));
    return { endpoint, params };
  }
  throw new ChampionError(`there is no ${method} ${path}`, { code: 'NOT_FOUND' });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
