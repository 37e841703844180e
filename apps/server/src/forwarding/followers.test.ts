import type { RunReader } from '@champion/engine';
import type { TrackingStore } from '@champion/tracking';
import { expect, it } from 'vitest';
import { parseEnv } from '../config.ts';
import { followersOf } from './followers.ts';

/** Who is told of runs by a server whose tracking is at 127.0.0.1:5000. */
function told(env: Record<string, string>): string[] {
  const followers = followersOf({
    config: parseEnv(env),
    runs: {} as RunReader,
    services: { warehouse: () => Promise.reject(new Error('not asked')) },
    tracking: {} as TrackingStore,
    trackingUrl: 'http://127.0.0.1:5000',
    version: '0.1.0',
    log: () => undefined,
  });
  return followers.map(({ name }) => name);
}

it.each([
  [{}, ['tracking']],
  [{ MLFLOW_TRACKING_URI: 'http://mlflow:5000' }, ['tracking', 'mlflow']],
  [{ MLFLOW_TRACKING_URI: 'http://localhost:5001' }, ['tracking', 'mlflow']],
  // Set for the client's sake: it is this very server.
  [{ MLFLOW_TRACKING_URI: 'http://localhost:5000/' }, ['tracking']],
  [{ MLFLOW_TRACKING_URI: 'http://127.0.0.1:5000' }, ['tracking']],
  [{ OPENLINEAGE_URL: 'http://marquez:5000' }, ['tracking', 'openlineage']],
  [{ OPENLINEAGE__TRANSPORT__LOG_FILE_PATH: 'x.jsonl' }, ['tracking', 'openlineage-file']],
])('%o tells %o', (env, names) => {
  expect(told(env)).toEqual(names);
});
