import { parseRequest, type RawRequest } from './input.ts';
import type { FileAnswer, Route, StreamItem } from './route.ts';
import { type Handlers, type OperationId, routes } from './routes.ts';

/** A request for a handler. */
export interface EndpointRequest extends RawRequest {
  readonly signal: AbortSignal;
  /** The Last-Event-ID header. */
  readonly lastEventId?: string | undefined;
}

/** What to send: JSON, nothing but a status, a file, or events. */
export type EndpointReply =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'empty'; readonly status: number }
  | { readonly kind: 'file'; readonly status: number; readonly file: FileAnswer }
  | { readonly kind: 'stream'; readonly items: AsyncIterable<StreamItem<unknown>> };

/** A route with its handler. */
export interface Endpoint {
  readonly operationId: OperationId;
  readonly route: Route;
  /** The path as hono and most routers write it: "/flow_runs/:id". */
  readonly pattern: string;
  /** Checks the request and asks the handler. Throws what the handler throws, or INVALID_INPUT; see `toProblem`. */
  call(request: EndpointRequest): Promise<EndpointReply>;
}

/** Every route of the table with its handler, in an order in which a fixed path comes before a parameter. */
export function bindHandlers(handlers: Handlers): Endpoint[] {
  return (Object.keys(routes) as OperationId[]).map((operationId) => {
    const route: Route = routes[operationId];
    // The table's types hold between each route and its handler; a loop over all of them cannot say so.
    const handler = handlers[operationId] as (input: unknown) => unknown;
    return {
      operationId,
      route,
      pattern: route.path.replace(/\{(\w+)\}/g, ':$1'),
      call: async (request) => {
        const { signal, lastEventId } = request;
        const output = await handler({
          ...parseRequest(route, request),
          signal,
          ...(route.stream ? { lastEventId } : {}),
        });
        return replyOf(route, output);
      },
    };
  });
}

function replyOf(route: Route, output: unknown): EndpointReply {
  if (route.stream) return { kind: 'stream', items: output as AsyncIterable<StreamItem<unknown>> };
  const statuses = Object.keys(route.responses).map(Number);
  if (statuses.length > 1) {
    const { status, body } = output as { status: number; body: unknown };
    return { kind: 'json', status, body };
  }
  const status = statuses[0] ?? 200;
  if (route.file) return { kind: 'file', status, file: output as FileAnswer };
  return route.responses[status] === null ? { kind: 'empty', status } : { kind: 'json', status, body: output };
}
