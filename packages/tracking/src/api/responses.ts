import type { DatasetInput, Experiment, Metric, Run, RunInfo } from '../model.ts';

interface Pair {
  readonly key: string;
  readonly value: string;
}

export function experimentJson(experiment: Experiment) {
  return {
    experiment_id: experiment.experimentId,
    name: experiment.name,
    artifact_location: experiment.artifactLocation,
    lifecycle_stage: experiment.lifecycleStage,
    creation_time: experiment.creationTime,
    last_update_time: experiment.lastUpdateTime,
    tags: pairs(experiment.tags),
  };
}

export function runInfoJson(info: RunInfo) {
  return {
    run_id: info.runId,
    run_uuid: info.runId,
    run_name: info.runName,
    experiment_id: info.experimentId,
    user_id: info.userId,
    status: info.status,
    start_time: info.startTime,
    ...(info.endTime === null ? {} : { end_time: info.endTime }),
    artifact_uri: info.artifactUri,
    lifecycle_stage: info.lifecycleStage,
  };
}

export function runJson(run: Run) {
  return {
    info: runInfoJson(run),
    data: { metrics: run.metrics.map(metricJson), params: pairs(run.params), tags: pairs(run.tags) },
    inputs: { dataset_inputs: run.datasets satisfies readonly DatasetInput[] },
  };
}

/** JSON has no NaN and no infinities: as in every protobuf's JSON they are written as text. */
export function metricJson({ key, value, timestamp, step }: Metric) {
  return { key, value: Number.isFinite(value) ? value : String(value), timestamp, step };
}

export function nextPage(token: string | undefined) {
  return token === undefined ? {} : { next_page_token: token };
}

/** The last value of each key. */
export function recordOf(list: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(list.map(({ key, value }) => [key, value]));
}

function pairs(record: Readonly<Record<string, string>>): Pair[] {
  return Object.entries(record).map(([key, value]) => ({ key, value }));
}
