import type { DatasetInput, LifecycleStage, Run, RunInfo, RunStatus } from '../model.ts';

export interface RunInfoRow {
  readonly run_id: string;
  readonly experiment_id: number;
  readonly name: string;
  readonly user_id: string;
  readonly status: RunStatus;
  readonly start_time: number;
  readonly end_time: number | null;
  readonly artifact_uri: string;
  readonly lifecycle_stage: LifecycleStage;
}

export interface RunRow extends RunInfoRow {
  readonly params: Record<string, string> | null;
  readonly tags: Record<string, string> | null;
  /** Key, value, timestamp, step; JSON has no NaN and no infinities, they come as text. */
  readonly metrics: readonly (readonly [string, number | string, number, number])[] | null;
  readonly datasets: readonly DatasetInput[] | null;
}

/** The columns of a RunInfoRow, of a run `r`. */
export const RUN_INFO_COLUMNS =
  'r.run_id, r.experiment_id, r.name, r.user_id, r.status, r.start_time, r.end_time, r.artifact_uri, r.lifecycle_stage';

/** The columns of a RunRow, of a run `r`: all it holds, in one statement. */
export const RUN_COLUMNS = `${RUN_INFO_COLUMNS},
      (SELECT json_object_agg(key, value ORDER BY key) FROM tracking.params WHERE run = r.id) AS params,
      (SELECT json_object_agg(key, value ORDER BY key) FROM tracking.tags WHERE run = r.id) AS tags,
      (SELECT json_agg(json_build_array(key, value, timestamp, step) ORDER BY key)
        FROM tracking.latest_metrics WHERE run = r.id) AS metrics,
      (SELECT json_agg(json_build_object('dataset', dataset, 'tags', tags) ORDER BY name, digest)
        FROM tracking.datasets WHERE run = r.id) AS datasets`;

export function runInfoOf(row: RunInfoRow): RunInfo {
  return {
    runId: row.run_id,
    runName: row.name,
    experimentId: String(row.experiment_id),
    userId: row.user_id,
    status: row.status,
    startTime: row.start_time,
    endTime: row.end_time,
    artifactUri: row.artifact_uri,
    lifecycleStage: row.lifecycle_stage,
  };
}

export function runOf(row: RunRow): Run {
  return {
    ...runInfoOf(row),
    params: row.params ?? {},
    tags: row.tags ?? {},
    metrics: (row.metrics ?? []).map(([key, value, timestamp, step]) => ({
      key,
      value: Number(value),
      timestamp,
      step,
    })),
    datasets: row.datasets ?? [],
  };
}
