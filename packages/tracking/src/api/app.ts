import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { invalid } from '../refusal.ts';
import type { TrackingStore } from '../tracking-store.ts';
import { artifactRoutes } from './artifact-routes.ts';
import { answerTo, errorAnswer } from './errors.ts';
import { experimentRoutes } from './experiment-routes.ts';
import { runRoutes } from './run-routes.ts';

export interface MlflowAppOptions {
  /** Gets what went wrong in the server itself; standard error when not given. */
  readonly log?: (line: string, error: unknown) => void;
}

/** Clients use the first, MLflow's own pages the second. */
const PREFIXES = ['/api/2.0', '/ajax-api/2.0'] as const;

/** Datasets carry schemas and profiles; no other request comes near. */
const BODY_BYTES = 20_000_000;

/** MLflow's tracking API, REST 2.0, on a store. Every success is 200 with a JSON object, every error names its code. */
export function mlflowApp(store: TrackingStore, options: MlflowAppOptions = {}): Hono {
  const { log = (line: string, error: unknown) => console.error(`tracking: ${line}`, error) } = options;
  const app = new Hono();
  app.onError((thrown, c) => {
    const { status, body } = answerTo(thrown);
    // 501 is a refusal like any other.
    if (status >= 500 && status !== 501) log(`${c.req.method} ${c.req.path} failed`, thrown);
    return c.json(body, status);
  });
  app.notFound((c) => {
    const { status, body } = errorAnswer('ENDPOINT_NOT_FOUND', `There is no ${c.req.method} ${c.req.path} here`);
    return c.json(body, status);
  });
  const tooLong = () => {
    throw invalid(`Requests must be at most ${BODY_BYTES} bytes`, 'Send several smaller requests.');
  };
  app.use(bodyLimit({ maxSize: BODY_BYTES, onError: tooLong }));
  app.get('/health', (c) => c.text('OK'));
  for (const prefix of PREFIXES) {
    for (const { method, path, answer } of [...experimentRoutes(store), ...runRoutes(store)]) {
      app.on(method, prefix + path, async (c) => c.json(await answer(c)));
    }
    artifactRoutes(app, prefix);
  }
  return app;
}
