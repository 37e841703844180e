import { ChampionError } from '@champion/core';
import { bindHandlers } from '../bind.ts';
import { EVENT_STREAM_HEADERS, eventStream } from '../events/format.ts';
import { toProblem } from '../problem.ts';
import type { Handlers, OperationId } from '../routes.ts';
import { routes } from '../routes.ts';
import { API_PREFIX } from '../words.ts';

/** A server of some of the operations, as small as one can be: what the real one does with a router. */
export function createApp(some: Partial<Handlers>): (url: string, init?: RequestInit) => Promise<Response> {
  const rest = (Object.keys(routes) as OperationId[]).map((operationId) => [
    operationId,
    () => {
      throw new ChampionError(`${operationId} is not served here`, { code: 'NOT_FOUND' });
    },
  ]);
  const endpoints = bindHandlers({ ...Object.fromEntries(rest), ...some } as Handlers).map((endpoint) => ({
    ...endpoint,
    matches: new RegExp(`^${API_PREFIX}${endpoint.pattern.replace(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`),
  }));
  return async (url, init) => {
    const request = new Request(url, init);
    const { pathname, searchParams } = new URL(url);
    const endpoint = endpoints.find(({ route, matches }) => route.method === request.method && matches.test(pathname));
    if (endpoint === undefined) return Response.json({ detail: 'Not Found' }, { status: 404 });
    const groups = endpoint.matches.exec(pathname)?.groups ?? {};
    const text = await request.text();
    try {
      const reply = await endpoint.call({
        params: Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)])),
        query: searchParams,
        body: text === '' ? undefined : JSON.parse(text),
        signal: request.signal,
        lastEventId: request.headers.get('last-event-id') ?? undefined,
      });
      if (reply.kind === 'stream') return new Response(eventStream(reply.items), { headers: EVENT_STREAM_HEADERS });
      if (reply.kind === 'empty') return new Response(null, { status: reply.status });
      if (reply.kind === 'file') {
        const { fileName, mediaType, content } = reply.file;
        const headers = { 'content-type': mediaType, 'content-disposition': `attachment; filename="${fileName}"` };
        return new Response(content, { headers });
      }
      return Response.json(reply.body, { status: reply.status });
    } catch (error) {
      const { status, headers, body } = toProblem(error);
      return Response.json(body, { status, headers });
    }
  };
}

export const ID = '7781f905-47ff-435b-bc27-fcde9ed1a967';
const AT = '2026-01-12T12:30:00Z';

export const aFlow = {
  id: ID,
  created: AT,
  updated: AT,
  name: 'nse-bhavcopy-etl',
  tags: ['nse'],
  labels: {},
  description: null,
  parameters: { type: 'object' },
} as const;

export function aLog(message: string) {
  return {
    type: 'log',
    flow_run_id: ID,
    flow_name: aFlow.name,
    run_name: 'brave-bull',
    at: AT,
    task_run_id: null,
    level: 'info',
    message,
  } as const;
}
