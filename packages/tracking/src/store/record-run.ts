import { checkExperimentName, checkRunId, checkTime, fittingValue, LIMITS } from '../limits.ts';
import { RUN_NAME_TAG, type RunStatus } from '../model.ts';
import type { Database } from './database.ts';
import { checkedBatch, insertMetrics, insertTags } from './log-batch.ts';

export interface RunRecord {
  /** By name; created when there is none. */
  readonly experiment: string;
  /** The maker's own id, such as a flow run's: 1 to 256 letters, digits, dashes, underscores. */
  readonly runId: string;
  readonly runName: string;
  readonly status: RunStatus;
  /** Epoch milliseconds. */
  readonly startTime: number;
  /** Epoch milliseconds; null or absent while the run goes on. */
  readonly endTime?: number | null | undefined;
  readonly userId?: string | undefined;
  /** At most 100. */
  readonly params?: Readonly<Record<string, string>> | undefined;
  /** One point each, at step 0 and the end time (the start time while the run goes on). */
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  /** At most 99. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

const RECORD_RUN = `
  WITH existing AS (SELECT id, artifact_location FROM tracking.experiments WHERE name = $1),
    numbered AS (
      SELECT nextval('tracking.experiments_id_seq') AS id WHERE NOT EXISTS (SELECT FROM existing)
    ),
    made AS (
      INSERT INTO tracking.experiments (id, name, artifact_location, creation_time, last_update_time)
      SELECT id, $1, 'mlflow-artifacts:/' || id, $2, $2 FROM numbered
      ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id, artifact_location
    ),
    experiment AS (SELECT * FROM existing UNION ALL SELECT * FROM made),
    target AS (
      INSERT INTO tracking.runs (run_id, experiment_id, name, user_id, status, start_time, end_time, artifact_uri)
      SELECT $3, id, $4, $5, $6, $7, $8, artifact_location || '/' || $3 || '/artifacts' FROM experiment
      ON CONFLICT (run_id) DO UPDATE
      SET name = excluded.name, user_id = excluded.user_id, status = excluded.status,
        start_time = excluded.start_time, end_time = excluded.end_time
      RETURNING id, experiment_id
    ),
    parameters AS (
      INSERT INTO tracking.params (run, key, value)
      SELECT target.id, key, value FROM target, unnest($9::text[], $10::text[]) AS param (key, value) ORDER BY key
      ON CONFLICT (run, key) DO UPDATE SET value = excluded.value
    ),${insertMetrics(11)},${insertTags(15)}
  SELECT experiment_id FROM target`;

/**
 * Writes a whole run in one statement. By its id: the first record makes the run, a later one brings it up to date, and the
 * same record again changes nothing. What a later record does not name stays. The run stays in the experiment of its first
 * record, and a deleted one stays deleted.
 * @returns the experiment's id
 * @throws ChampionError INVALID_INPUT
 */
export async function recordRun(database: Database, record: RunRecord): Promise<string> {
  const { experiment, runId, status, startTime, endTime = null, userId = 'champion' } = record;
  checkExperimentName(experiment);
  checkRunId(runId);
  checkTime(startTime, 'start_time');
  checkTime(endTime, 'end_time');
  const runName = fittingValue(record.runName, LIMITS.tagValue, 'run_name');
  const timestamp = endTime ?? startTime;
  const { metrics, params, tags } = checkedBatch({
    metrics: Object.entries(record.metrics ?? {}).map(([key, value]) => ({ key, value, timestamp, step: 0 })),
    params: record.params,
    tags: { ...record.tags, [RUN_NAME_TAG]: runName },
  });
  const rows = await database.rows<{ experiment_id: number }>(RECORD_RUN, [
    experiment,
    Date.now(),
    runId,
    runName,
    fittingValue(userId, LIMITS.key, 'user_id'),
    status,
    startTime,
    endTime,
    ...params,
    ...metrics,
    ...tags,
  ]);
  return String(rows[0]?.experiment_id);
}
