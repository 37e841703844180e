import {
  API_PREFIX,
  type Endpoint,
  EVENT_STREAM_HEADERS,
  eventStream,
  type Handlers,
  loadServerSide,
  toProblem,
} from '@champion/contract';
import { ChampionError, toErrorRecord } from '@champion/core';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode, StatusCode } from 'hono/utils/http-status';
import { metricsRoute } from '../metrics/index.ts';
import { refuseForeign, refuseStranger } from './access.ts';
import { fileResponse } from './file-response.ts';
import { adminHandlers } from './handlers/admin.ts';
import { blockHandlers } from './handlers/blocks.ts';
import { chartHandlers } from './handlers/charts.ts';
import { deploymentHandlers } from './handlers/deployments.ts';
import { eventHandlers } from './handlers/events.ts';
import { flowRunHandlers } from './handlers/flow-runs.ts';
import { flowHandlers } from './handlers/flows.ts';
import { logHandlers } from './handlers/logs.ts';
import { notificationHandlers } from './handlers/notifications.ts';
import { taskRunHandlers } from './handlers/task-runs.ts';
import { workHandlers } from './handlers/work.ts';
import type { LiveFeed } from './live/feed.ts';
import { Pulse } from './live/pulse.ts';
import { Routes } from './not-found.ts';
import { docsPage } from './pages/docs.ts';
import { landingPage } from './pages/landing.ts';
import type { Parts } from './parts.ts';
import { checkPrefectVersion } from './prefect-version.ts';
import { checkUrl, readBody, TooLarge, withoutTexts } from './request-body.ts';
import { artifactHandlers } from './run-facts/index.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/** The one path that is answered without the key: whether the server is alive. */
const HEALTH = `${API_PREFIX}/health`;

type App = Hono<{ Variables: { body: unknown } }>;

/** The whole of what is answered over HTTP, without a socket: `app.request(path)` is enough to ask it. */
export async function createApp(parts: Parts, feed: LiveFeed): Promise<App> {
  const { bindHandlers, openApiDocument } = await loadServerSide();
  const endpoints = bindHandlers(handlersOf(parts, feed));
  const routes = new Routes(endpoints);
  const app: App = new Hono<{ Variables: { body: unknown } }>({ strict: false });

  app.onError((error, c) => problem(c, error, parts));
  app.use(async (c, next) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value);
    const url = new URL(c.req.url);
    const asking = {
      method: c.req.method,
      host: c.req.header('host') ?? url.host,
      origin: c.req.header('origin'),
      authorization: c.req.header('authorization'),
    };
    const isOpen = c.req.method === 'GET' && c.req.path.replace(/\/$/, '') === HEALTH;
    const refused = refuseForeign(asking, parts.access) ?? (isOpen ? undefined : refuseStranger(asking, parts.access));
    if (refused !== undefined) {
      // Browsers ask for name and password where a page is opened; the key is the password. An open page asks for itself.
      const mode = c.req.header('sec-fetch-mode') ?? 'navigate';
      if (refused.status === 401 && mode === 'navigate')
        c.header('www-authenticate', 'Basic realm="Champion", charset="UTF-8"');
      return problem(c, refused.error, parts, refused.status);
    }
    checkUrl(url);
    return next();
  });
  const { traffic } = parts.monitor ?? {};
  if (traffic !== undefined) {
    app.use(`${API_PREFIX}/*`, async (c, next) => {
      await next();
      traffic.count(c.res.status);
    });
  }
  app.use(`${API_PREFIX}/*`, async (c, next) => {
    c.header('cache-control', 'no-store');
    try {
      checkPrefectVersion(c.req.header('x-prefect-api-version'));
    } catch (error) {
      return problem(c, error, parts, 400);
    }
    return next();
  });

  for (const endpoint of endpoints) {
    app.on(endpoint.route.method, `${API_PREFIX}${endpoint.pattern}`, (c) => answer(c, endpoint, parts));
  }
  const document = openApiDocument({ version: parts.version });
  app.get(`${API_PREFIX}/openapi.json`, (c) => c.json(document));
  app.get(`${API_PREFIX}/docs`, (c) => c.html(docsPage(document)));
  app.all(`${API_PREFIX}/*`, (c) => {
    const { method, path } = c.req;
    const methods = routes.methodsOf(path);
    if (methods.length === 0) return problem(c, routes.notFound(method, path), parts);
    c.header('allow', methods.join(', '));
    return problem(c, routes.notAllowed(method, path, methods), parts, 405);
  });
  if (parts.metrics !== undefined) app.route('/metrics', metricsRoute(parts.metrics));
  servePages(app, parts);
  app.notFound((c) => problem(c, routes.notFound(c.req.method, c.req.path), parts));
  return app;
}

function handlersOf(parts: Parts, feed: LiveFeed): Handlers {
  return {
    ...adminHandlers(parts),
    ...flowHandlers(parts),
    ...deploymentHandlers(parts),
    ...flowRunHandlers(parts),
    ...taskRunHandlers(parts),
    ...logHandlers(parts),
    ...workHandlers(parts),
    ...eventHandlers(parts, feed, new Pulse(parts)),
    ...chartHandlers(parts),
    ...notificationHandlers(parts),
    ...artifactHandlers(parts),
    ...blockHandlers(parts),
    ...parts.data,
  };
}

async function answer(c: Context, endpoint: Endpoint, parts: Parts): Promise<Response> {
  const { signal } = c.req.raw;
  const { body: schema, secretBody = false } = endpoint.route;
  const body = schema === undefined ? undefined : await readBody(c.req.raw, { secret: secretBody });
  c.set('body', secretBody ? withoutTexts(body) : body);
  // Hono answers HEAD by the handler of GET and drops the body, which nobody would end: it is not begun.
  if (c.req.method === 'HEAD' && (endpoint.route.stream || endpoint.route.file)) return c.body(null, 200);
  const reply = await endpoint.call({
    params: c.req.param(),
    query: new URL(c.req.url).searchParams,
    body,
    signal,
    lastEventId: c.req.header('last-event-id'),
  });
  if (reply.kind === 'empty') return c.body(null, reply.status as StatusCode);
  if (reply.kind === 'json') return c.json(reply.body as object, reply.status as ContentfulStatusCode);
  if (reply.kind === 'file') return fileResponse(c, reply.file);
  for (const [name, value] of Object.entries(EVENT_STREAM_HEADERS)) c.header(name, value);
  const onError = (error: unknown) => parts.log('debug', 'A stream of events broke off', { error });
  return c.body(endingQuietly(eventStream(reply.items, { onError })));
}

/** What breaks off just ends, without the event that says so: the client asks again, and the log has the reason. */
function endingQuietly(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const read = await reader.read().catch(() => undefined);
      if (read?.value === undefined) controller.close();
      else controller.enqueue(read.value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** The web app where it is built, and where it is not a page that says so. */
function servePages(app: App, parts: Parts): void {
  const { webRoot } = parts;
  if (webRoot === undefined) {
    app.get('/', (c) => c.html(landingPage(parts)));
    return;
  }
  app.get('/assets/*', async (c, next) => {
    await next();
    // Their names change with their content.
    if (c.res.ok) c.header('cache-control', 'public, max-age=31536000, immutable');
  });
  app.get('*', serveStatic({ root: webRoot }));
  // Every other path is one of the app's own pages, though its last part may have a dot; a file that is not there is not.
  app.get('*', async (c, next) => {
    const isPage = c.req.header('accept')?.includes('text/html') && !c.req.path.startsWith('/assets/');
    if (!isPage && /\.[a-z0-9]{1,8}$/i.test(c.req.path)) return c.notFound();
    c.header('cache-control', 'no-cache');
    return serveStatic({ root: webRoot, path: 'index.html' })(c, next);
  });
}

function problem(c: Context, error: unknown, parts: Parts, status?: number): Response {
  const made = toProblem(error);
  for (const [name, value] of Object.entries(made.headers)) c.header(name, value);
  const code = status ?? (error instanceof TooLarge ? 413 : made.status);
  if (code >= 500) {
    const known = error instanceof ChampionError;
    const { stack, message } = toErrorRecord(error);
    parts.log(known ? 'warn' : 'error', `${c.req.method} ${c.req.path} failed: ${message}`, stack ? { stack } : {});
  }
  // Prefect's clients show what they sent beside what is wrong with it.
  const body = c.get('body') as unknown;
  const echo = made.body.exception_detail === undefined || body === undefined ? {} : { request_body: body };
  return c.json({ ...made.body, ...echo }, code as ContentfulStatusCode);
}
