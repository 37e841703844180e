import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  API_PREFIX,
  EVENT_STREAM_HEADERS,
  eventStream,
  type Handlers,
  loadServerSide,
  type OperationId,
  toProblem,
} from '@champion/contract';
import { ChampionError } from '@champion/core';

/** A server of some of the operations, as small as one can be: the contract's checks, and no more. */
export interface FakeServer {
  readonly url: string;
  /** What was asked, "METHOD path", in order; asking for health is left out. */
  readonly asked: string[];
  close(): Promise<void>;
}

export async function startFakeServer(some: Partial<Handlers>, apiKey?: string): Promise<FakeServer> {
  const { bindHandlers, routes } = await loadServerSide();
  const rest = (Object.keys(routes) as OperationId[]).map((operationId) => [
    operationId,
    () => {
      throw new ChampionError(`${operationId} is not served here`, { code: 'INTERNAL' });
    },
  ]);
  const endpoints = bindHandlers({
    ...Object.fromEntries(rest),
    readHealth: async () => true,
    ...some,
  } as Handlers).map((endpoint) => ({
    ...endpoint,
    matches: new RegExp(`^${API_PREFIX}${endpoint.pattern.replace(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`),
  }));
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname !== '/api/health')
      asked.push(`${request.method} ${decodeURIComponent(pathname.slice(API_PREFIX.length))}`);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString();
    const endpoint = endpoints.find(({ route, matches }) => route.method === request.method && matches.test(pathname));
    try {
      if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`) {
        response.writeHead(401, { 'content-type': 'application/json' }).end('{"detail":"an API key is needed"}');
        return;
      }
      if (endpoint === undefined) throw new ChampionError(`no ${pathname}`, { code: 'NOT_FOUND' });
      const groups = endpoint.matches.exec(pathname)?.groups ?? {};
      const reply = await endpoint.call({
        params: Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)])),
        query: searchParams,
        body: text === '' ? undefined : JSON.parse(text),
        signal: gone.signal,
        lastEventId: request.headers['last-event-id'] as string | undefined,
      });
      if (reply.kind === 'stream') {
        response.writeHead(200, EVENT_STREAM_HEADERS);
        const reader = eventStream(reply.items).getReader();
        for (let next = await reader.read(); !next.done; next = await reader.read()) response.write(next.value);
        response.end();
      } else if (reply.kind === 'empty') {
        response.writeHead(reply.status).end();
      } else if (reply.kind === 'file') {
        const { fileName, mediaType, content } = reply.file;
        const name = `attachment; filename="${fileName}"`;
        response.writeHead(200, { 'content-type': mediaType, 'content-disposition': name });
        for await (const piece of content) response.write(piece);
        response.end();
      } else {
        response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
      }
    } catch (error) {
      const { status, headers, body } = toProblem(error);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
