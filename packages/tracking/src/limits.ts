import { posix } from 'node:path';
import type { Metric } from './model.ts';
import { invalid } from './refusal.ts';

/** MLflow's limits: its clients split their batches by them. Lengths are in characters. */
export const LIMITS = {
  key: 250,
  paramValue: 6_000,
  tagValue: 8_000,
  experimentName: 500,
  experimentTagValue: 20_000,
  metricsPerBatch: 1_000,
  paramsPerBatch: 100,
  tagsPerBatch: 100,
  entitiesPerBatch: 1_000,
  batchBytes: 1_000_000,
  maxResults: 50_000,
  defaultResults: 1_000,
  historyResults: 25_000,
  bulkRuns: 100,
  bulkResults: 2_500,
  experimentIds: 10_000,
  datasetsPerBatch: 1_000,
} as const;

const RUN_ID = /^[a-zA-Z0-9][\w-]{0,255}$/;
const KEY = /^[/\p{L}\p{M}\p{N}_.\- :]*$/u;

/** @throws ChampionError INVALID_INPUT where the id is not one */
export function checkRunId(runId: string): void {
  if (RUN_ID.test(runId)) return;
  throw invalid(
    `Invalid value ${JSON.stringify(runId)} for parameter 'run_id' supplied.`,
    'A run id is 1 to 256 letters, digits, dashes and underscores.',
  );
}

/** An experiment's id is a whole number. */
export function experimentNumber(experimentId: string): number {
  const id = /^\d{1,15}$/.test(experimentId) ? Number(experimentId) : Number.NaN;
  if (Number.isSafeInteger(id)) return id;
  throw invalid(
    `Invalid experiment ID '${experimentId}'. Experiment ID must be a valid integer.`,
    'Take the id from the list of experiments.',
  );
}

/**
 * Keys may become file names in the clients' stores: the characters are few, and a key must not walk the tree.
 * @throws ChampionError INVALID_INPUT
 */
export function checkKey(key: string, path: string): void {
  const given = `Invalid value ${JSON.stringify(key)} for parameter '${path}' supplied`;
  if (key.length > LIMITS.key) {
    throw invalid(`'${path}' exceeds the maximum length of ${LIMITS.key} characters`, 'Use a shorter key.', { key });
  }
  if (!KEY.test(key)) {
    throw invalid(
      `${given}: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), ` +
        'colon(:) and slashes (/).',
      'Replace the other characters.',
    );
  }
  const norm = posix.normalize(key);
  if (norm !== key || norm === '.' || norm.startsWith('..') || norm.startsWith('/') || norm.endsWith('/')) {
    throw invalid(
      `${given}: Names may be treated as files in certain cases, and must not resolve to other names when treated as ` +
        `such. This name would resolve to '${norm}'`,
      'Use a key that is a plain relative path.',
    );
  }
}

/** A value cut to its limit, as MLflow does. @throws ChampionError INVALID_INPUT for a NUL, which PostgreSQL cannot store */
export function fittingValue(value: string, limit: number, path: string): string {
  if (value.includes('\u0000')) {
    throw invalid(
      `Invalid value for parameter '${path}' supplied: it has a NUL character`,
      'Remove the NUL character.',
    );
  }
  if (value.length <= limit) return value;
  // A pair cut in half would be stored as two question marks.
  const half = /[\uD800-\uDBFF]/.test(value.charAt(limit - 1));
  return value.slice(0, half ? limit - 1 : limit);
}

export function checkExperimentName(name: string): void {
  if (name === '' || name.includes('\u0000')) {
    throw invalid(`Invalid experiment name: '${name}'`, 'Give the experiment a name.');
  }
  if (name.length > LIMITS.experimentName) {
    const message = `'name' exceeds the maximum length of ${LIMITS.experimentName} characters`;
    throw invalid(message, 'Use a shorter name.');
  }
}

/** @throws ChampionError INVALID_INPUT */
export function checkMetric({ key, timestamp, step }: Metric, path: string): void {
  checkKey(key, path === '' ? 'name' : `${path}.name`);
  for (const [name, value, least] of [
    ['timestamp', timestamp, 0],
    ['step', step, Number.MIN_SAFE_INTEGER],
  ] as const) {
    if (Number.isSafeInteger(value) && value >= least) continue;
    throw invalid(
      `Invalid value ${value} for parameter '${path === '' ? name : `${path}.${name}`}' supplied: metric '${key}'.`,
      'A timestamp is a whole number of milliseconds from 0; a step is a whole number.',
    );
  }
}

/** @throws ChampionError INVALID_INPUT */
export function checkTime(value: number | null | undefined, path: string): void {
  if (value === null || value === undefined || Number.isSafeInteger(value)) return;
  throw invalid(
    `Invalid value ${value} for parameter '${path}' supplied.`,
    'A time is a whole number of milliseconds since 1970.',
  );
}

/** @throws ChampionError INVALID_INPUT when a batch has more of something than its limit */
export function checkCount(what: string, count: number, limit: number): void {
  if (count <= limit) return;
  throw invalid(
    `A batch logging request can contain at most ${limit} ${what}. Got ${count} ${what}. Please split up ${what} ` +
      'across multiple requests and try again.',
    'Send several smaller batches.',
  );
}

/** The number of results asked for. @throws ChampionError INVALID_INPUT outside 1 to `most` */
export function resultCount(asked: number | undefined, usual: number, most: number): number {
  const count = asked ?? usual;
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw invalid(
    `Invalid value ${count} for parameter 'max_results' supplied. It must be at least 1 and at most ${most}.`,
    'Ask for fewer results and follow next_page_token.',
  );
}
