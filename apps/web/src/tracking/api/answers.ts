import type { About, Experiment, ListedExperiment, Point, Run, RunStatus } from './types.ts';

// What the API answers, and what the app makes of it. Of a run's lists of keys and values it makes records.

interface Pair {
  readonly key: string;
  readonly value: string;
}

export interface ExperimentAnswer {
  readonly experiment_id: string;
  readonly name: string;
  readonly creation_time: number;
  readonly tags?: readonly Pair[];
}

export interface ActivityAnswer {
  readonly experiment_id: string;
  readonly runs: number;
  readonly last_run: {
    readonly run_id: string;
    readonly run_name: string;
    readonly status: RunStatus;
    readonly start_time: number;
  } | null;
}

export interface PointAnswer {
  /** NaN and infinities come as text. */
  readonly value: number | string;
  readonly timestamp: number;
  readonly step: number;
}

export interface RunAnswer {
  readonly info: {
    readonly run_id: string;
    readonly run_name: string;
    readonly experiment_id: string;
    readonly user_id: string;
    readonly status: RunStatus;
    readonly start_time: number;
    readonly end_time?: number;
    readonly lifecycle_stage: string;
  };
  readonly data: {
    readonly metrics: readonly (PointAnswer & { readonly key: string })[];
    readonly params: readonly Pair[];
    readonly tags: readonly Pair[];
  };
}

export interface AboutAnswer {
  readonly version: string;
  readonly simulated: boolean;
  readonly web_url: string | null;
}

export function experimentOf(answer: ExperimentAnswer): Experiment {
  return {
    id: answer.experiment_id,
    name: answer.name,
    createdAt: answer.creation_time,
    tags: recordOf(answer.tags ?? []),
  };
}

export function listedOf(answer: ExperimentAnswer, activity: ActivityAnswer | undefined): ListedExperiment {
  const last = activity?.last_run ?? null;
  return {
    ...experimentOf(answer),
    runs: activity?.runs ?? 0,
    lastRun:
      last === null ? null : { id: last.run_id, name: last.run_name, status: last.status, startTime: last.start_time },
  };
}

export function runOf({ info, data }: RunAnswer): Run {
  return {
    id: info.run_id,
    name: info.run_name,
    experimentId: info.experiment_id,
    status: info.status,
    startTime: info.start_time,
    endTime: info.end_time ?? null,
    user: info.user_id,
    isDeleted: info.lifecycle_stage === 'deleted',
    params: recordOf(data.params),
    tags: recordOf(data.tags),
    metrics: Object.fromEntries(data.metrics.map((metric) => [metric.key, pointOf(metric)])),
  };
}

export function pointOf({ value, timestamp, step }: PointAnswer): Point {
  return { value: Number(value), timestamp, step };
}

export function aboutOf({ version, simulated, web_url }: AboutAnswer): About {
  return { version, simulated, webUrl: web_url };
}

function recordOf(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}
