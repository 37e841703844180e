import { z } from 'zod';
import { checkCount, checkKey, checkMetric, checkRunId, fittingValue, LIMITS } from '../limits.ts';
import { type LifecycleStage, type Metric, RUN_NAME_TAG } from '../model.ts';
import { deletedRun, invalid, noSuchRun } from '../refusal.ts';
import { type Database, sqlState } from './database.ts';

export interface Batch {
  /** At most 1,000. */
  readonly metrics?: readonly Metric[] | undefined;
  /** At most 100. Written once: the same value again is fine, another is refused. Cut to 6,000 characters. */
  readonly params?: Readonly<Record<string, string>> | undefined;
  /** At most 100. The last value stands. Cut to 8,000 characters. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** A checked batch, column by column, as the statements take it. */
export interface BatchColumns {
  readonly metrics: readonly [keys: string[], values: number[], timestamps: number[], steps: number[]];
  readonly params: readonly [keys: string[], values: string[]];
  readonly tags: readonly [keys: string[], values: string[]];
}

const PARAM_CHANGED = 'CH001';
const Changed = z.object({ key: z.string(), old: z.string(), new: z.string() });

/**
 * The metrics of a batch, written by a statement that has the run as `target (id, experiment_id)`: the history and, in the
 * same breath, the newest points. Rows go in by key order, so that two batches for one run cannot block each other.
 * @param at the number of the first of its four parameters
 */
export const insertMetrics = (at: number): string => `
    points AS (
      SELECT DISTINCT key, value, timestamp, step
      FROM unnest($${at}::text[], $${at + 1}::float8[], $${at + 2}::bigint[], $${at + 3}::bigint[])
        AS point (key, value, timestamp, step)
    ),
    history AS (
      INSERT INTO tracking.metrics (run, key, timestamp, step, value)
      SELECT target.id, key, timestamp, step, value FROM target, points ORDER BY key, timestamp, step, value
      ON CONFLICT DO NOTHING
    ),
    latest AS (
      INSERT INTO tracking.latest_metrics AS old (run, key, experiment_id, timestamp, step, value)
      SELECT DISTINCT ON (key) target.id, key, target.experiment_id, timestamp, step, value
      FROM target, points ORDER BY key, step DESC, timestamp DESC, value DESC
      ON CONFLICT (run, key) DO UPDATE
      SET step = excluded.step, timestamp = excluded.timestamp, value = excluded.value
      WHERE (excluded.step, excluded.timestamp, excluded.value) > (old.step, old.timestamp, old.value)
    )`;

/** Tags, the last value of each; `mlflow.runName` among them names the run. @param at the number of the first of two parameters */
export const insertTags = (at: number): string => `
    tagged AS (
      INSERT INTO tracking.tags (run, key, value)
      SELECT target.id, key, value FROM target, unnest($${at}::text[], $${at + 1}::text[]) AS tag (key, value) ORDER BY key
      ON CONFLICT (run, key) DO UPDATE SET value = excluded.value
    )`;

const LOG_BATCH = `
  WITH found AS (SELECT id, experiment_id, lifecycle_stage FROM tracking.runs WHERE run_id = $1),
    target AS (SELECT id, experiment_id FROM found WHERE lifecycle_stage = 'active'),
    parameters AS (
      INSERT INTO tracking.params AS old (run, key, value)
      SELECT target.id, key, value FROM target, unnest($2::text[], $3::text[]) AS param (key, value) ORDER BY key
      ON CONFLICT (run, key) DO UPDATE SET value = tracking.written_once(old.key, old.value, excluded.value)
    ),${insertMetrics(4)},${insertTags(8)},
    named AS (
      UPDATE tracking.runs r SET name = $10 FROM target WHERE r.id = target.id AND $10::text IS NOT NULL
    )
  SELECT lifecycle_stage FROM found`;

/**
 * Writes metrics, parameters and tags of an active run, all or nothing, in one statement.
 * @throws ChampionError NOT_FOUND no such run
 * @throws ChampionError INVALID_INPUT a limit, a bad key, a parameter that has another value, a deleted run
 */
export async function logBatch(database: Database, runId: string, batch: Batch): Promise<void> {
  checkRunId(runId);
  const { metrics, params, tags } = checkedBatch(batch);
  const name = batch.tags?.[RUN_NAME_TAG] || null;
  const rows = await unlessChanged(
    runId,
    database.rows<{ lifecycle_stage: LifecycleStage }>(LOG_BATCH, [runId, ...params, ...metrics, ...tags, name]),
  );
  if (!rows[0]) throw noSuchRun(runId);
  if (rows[0].lifecycle_stage === 'deleted') throw deletedRun(runId);
}

/** @throws ChampionError INVALID_INPUT */
export function checkedBatch({ metrics = [], params = {}, tags = {} }: Batch): BatchColumns {
  const [paramEntries, tagEntries] = [Object.entries(params), Object.entries(tags)];
  checkCount('metrics', metrics.length, LIMITS.metricsPerBatch);
  checkCount('params', paramEntries.length, LIMITS.paramsPerBatch);
  checkCount('tags', tagEntries.length, LIMITS.tagsPerBatch);
  const all = metrics.length + paramEntries.length + tagEntries.length;
  checkCount('metrics, params, and tags', all, LIMITS.entitiesPerBatch);
  const columns: BatchColumns = { metrics: [[], [], [], []], params: [[], []], tags: [[], []] };
  for (const [index, metric] of metrics.entries()) {
    checkMetric(metric, metrics.length === 1 ? '' : `metrics[${index}]`);
    columns.metrics[0].push(metric.key);
    columns.metrics[1].push(metric.value);
    columns.metrics[2].push(metric.timestamp);
    columns.metrics[3].push(metric.step);
  }
  for (const [kind, entries, limit] of [
    ['params', paramEntries, LIMITS.paramValue],
    ['tags', tagEntries, LIMITS.tagValue],
  ] as const) {
    for (const [index, [key, value]] of entries.entries()) {
      checkKey(key, `${kind}[${index}].key`);
      columns[kind][0].push(key);
      columns[kind][1].push(fittingValue(value, limit, `${kind}[${index}].value`));
    }
  }
  return columns;
}

async function unlessChanged<T>(runId: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const state = sqlState(error);
    if (state?.code !== PARAM_CHANGED) throw error;
    const { key, old, new: value } = Changed.parse(JSON.parse(state.detail));
    throw invalid(
      `Changing param values is not allowed. Param with key='${key}' was already logged with value='${old}' for run ` +
        `ID='${runId}'. Attempted logging new value '${value}'.`,
      'Log the other value under another key, or in another run.',
      { runId, key },
    );
  }
}
