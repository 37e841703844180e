import { randomUUID } from 'node:crypto';
import { checkCount, checkKey, checkRunId, checkTime, experimentNumber, fittingValue, LIMITS } from '../limits.ts';
import {
  type DatasetInput,
  type LifecycleStage,
  RUN_NAME_TAG,
  type Run,
  type RunInfo,
  type RunStatus,
} from '../model.ts';
import { randomName } from '../random-name.ts';
import { deletedExperiment, deletedRun, invalid, noSuchExperiment, noSuchRun, refusal } from '../refusal.ts';
import type { Database } from './database.ts';
import { checkedBatch } from './log-batch.ts';
import { RUN_COLUMNS, RUN_INFO_COLUMNS, type RunInfoRow, type RunRow, runInfoOf, runOf } from './run-row.ts';

export interface NewRun {
  readonly experimentId: string;
  /** Three random words' worth when neither this nor the tag `mlflow.runName` is given. */
  readonly runName?: string | undefined;
  readonly userId?: string | undefined;
  /** Epoch milliseconds; now when not given. */
  readonly startTime?: number | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export interface RunUpdate {
  readonly status?: RunStatus | undefined;
  /** Epoch milliseconds. */
  readonly endTime?: number | undefined;
  readonly runName?: string | undefined;
}

type WithStage<T> = Partial<T> & { readonly found_stage: LifecycleStage };

/** Starts a run in an active experiment. @throws ChampionError NOT_FOUND, INVALID_INPUT */
export async function createRun(database: Database, run: NewRun): Promise<Run> {
  const { experimentId, userId = '', startTime = Date.now(), tags = {} } = run;
  checkTime(startTime, 'start_time');
  const tagged = tags[RUN_NAME_TAG];
  if (run.runName && tagged && run.runName !== tagged) {
    throw invalid(
      `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values ` +
        `(run_name='${run.runName}', mlflow.runName='${tagged}').`,
      'Give the name once.',
    );
  }
  const runName = fittingValue(run.runName || tagged || randomName(), LIMITS.tagValue, 'run_name');
  const [keys, values] = checkedBatch({ tags: { ...tags, [RUN_NAME_TAG]: runName } }).tags;
  const rows = await database.rows<{ stage: LifecycleStage; run_id: string | null; artifact_uri: string }>(
    `WITH experiment AS (
      SELECT id, lifecycle_stage, artifact_location || '/' || $2 || '/artifacts' AS artifact_uri
      FROM tracking.experiments WHERE id = $1
    ),
    created AS (
      INSERT INTO tracking.runs (run_id, experiment_id, name, user_id, status, start_time, artifact_uri)
      SELECT $2, id, $3, $4, 'RUNNING', $5, artifact_uri FROM experiment WHERE lifecycle_stage = 'active'
      RETURNING id, run_id
    ),
    tagged AS (
      INSERT INTO tracking.tags (run, key, value)
      SELECT created.id, key, value FROM created, unnest($6::text[], $7::text[]) AS tag (key, value)
    )
    SELECT lifecycle_stage AS stage, (SELECT run_id FROM created) AS run_id, artifact_uri FROM experiment`,
    [
      experimentNumber(experimentId),
      randomUUID().replaceAll('-', ''),
      runName,
      fittingValue(userId, LIMITS.key, 'user_id'),
      startTime,
      keys,
      values,
    ],
  );
  const created = rows[0];
  if (!created) throw noSuchExperiment(experimentId);
  if (created.run_id === null) throw deletedExperiment(experimentId);
  return {
    runId: created.run_id,
    runName,
    experimentId: String(experimentNumber(experimentId)),
    userId,
    status: 'RUNNING',
    startTime,
    endTime: null,
    artifactUri: created.artifact_uri,
    lifecycleStage: 'active',
    params: {},
    tags: Object.fromEntries(keys.map((key, index) => [key, values[index] ?? ''])),
    metrics: [],
    datasets: [],
  };
}

/** A run with all it holds, a deleted one too. @throws ChampionError NOT_FOUND */
export async function getRun(database: Database, runId: string): Promise<Run> {
  checkRunId(runId);
  const rows = await database.rows<RunRow>(`SELECT ${RUN_COLUMNS} FROM tracking.runs r WHERE r.run_id = $1`, [runId]);
  if (!rows[0]) throw noSuchRun(runId);
  return runOf(rows[0]);
}

/** Changes what is given of an active run. @throws ChampionError NOT_FOUND, INVALID_INPUT */
export async function updateRun(database: Database, runId: string, update: RunUpdate): Promise<RunInfo> {
  checkRunId(runId);
  checkTime(update.endTime, 'end_time');
  const name = update.runName ? fittingValue(update.runName, LIMITS.tagValue, 'run_name') : null;
  const rows = await database.rows<WithStage<RunInfoRow>>(
    `WITH found AS (SELECT id, lifecycle_stage FROM tracking.runs WHERE run_id = $1),
    r AS (
      UPDATE tracking.runs run
      SET status = coalesce($2, status), end_time = coalesce($3, end_time), name = coalesce($4, name)
      FROM found WHERE run.id = found.id AND found.lifecycle_stage = 'active' RETURNING run.*
    ),
    tagged AS (
      INSERT INTO tracking.tags (run, key, value) SELECT id, '${RUN_NAME_TAG}', $4 FROM r WHERE $4::text IS NOT NULL
      ON CONFLICT (run, key) DO UPDATE SET value = excluded.value
    )
    SELECT found.lifecycle_stage AS found_stage, ${RUN_INFO_COLUMNS} FROM found LEFT JOIN r ON r.id = found.id`,
    [runId, update.status ?? null, update.endTime ?? null, name],
  );
  const row = rows[0];
  if (!row) throw noSuchRun(runId);
  if (row.found_stage === 'deleted') throw deletedRun(runId);
  return runInfoOf(row as RunInfoRow);
}

/** Deletes a run or restores it; nothing is lost by either, and doing it again changes nothing. @throws ChampionError NOT_FOUND */
export async function setRunStage(database: Database, runId: string, to: LifecycleStage): Promise<void> {
  checkRunId(runId);
  const rows = await database.rows('UPDATE tracking.runs SET lifecycle_stage = $2 WHERE run_id = $1 RETURNING id', [
    runId,
    to,
  ]);
  if (!rows[0]) throw noSuchRun(runId);
}

/** @throws ChampionError NOT_FOUND also when there is no such tag; INVALID_INPUT for a deleted run */
export async function deleteTag(database: Database, runId: string, key: string): Promise<void> {
  checkRunId(runId);
  checkKey(key, 'key');
  const rows = await database.rows<{ stage: LifecycleStage; removed: number }>(
    `WITH found AS (SELECT id, lifecycle_stage FROM tracking.runs WHERE run_id = $1),
    removed AS (
      DELETE FROM tracking.tags t USING found
      WHERE t.run = found.id AND found.lifecycle_stage = 'active' AND t.key = $2 RETURNING t.key
    )
    SELECT lifecycle_stage AS stage, (SELECT count(*) FROM removed) AS removed FROM found`,
    [runId, key],
  );
  const row = rows[0];
  if (!row) throw noSuchRun(runId);
  if (row.stage === 'deleted') throw deletedRun(runId);
  if (row.removed > 0) return;
  const message = `No tag with name: ${key} in run with id ${runId}`;
  throw refusal('RESOURCE_DOES_NOT_EXIST', message, 'List the run’s tags.', { runId, key });
}

/** Adds the datasets that an active run read; one that is there already stays as it is. @throws ChampionError NOT_FOUND, INVALID_INPUT */
export async function logDatasets(database: Database, runId: string, datasets: readonly DatasetInput[]): Promise<void> {
  checkRunId(runId);
  checkCount('datasets', datasets.length, LIMITS.datasetsPerBatch);
  for (const { dataset, tags } of datasets) {
    for (const text of [...Object.values(dataset), ...tags.flatMap(({ key, value }) => [key, value])]) {
      fittingValue(text ?? '', Number.POSITIVE_INFINITY, 'datasets');
    }
  }
  const rows = await database.rows<{ stage: LifecycleStage }>(
    `WITH found AS (SELECT id, lifecycle_stage FROM tracking.runs WHERE run_id = $1),
    added AS (
      INSERT INTO tracking.datasets (run, name, digest, dataset, tags)
      SELECT found.id, input.dataset ->> 'name', input.dataset ->> 'digest', input.dataset, input.tags
      FROM found, jsonb_to_recordset($2::jsonb) AS input (dataset jsonb, tags jsonb)
      WHERE found.lifecycle_stage = 'active'
      ON CONFLICT DO NOTHING
    )
    SELECT lifecycle_stage AS stage FROM found`,
    [runId, JSON.stringify(datasets)],
  );
  if (!rows[0]) throw noSuchRun(runId);
  if (rows[0].stage === 'deleted') throw deletedRun(runId);
}
