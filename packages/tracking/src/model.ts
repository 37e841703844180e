/** How a run stands, in MLflow's words. */
export const RUN_STATUSES = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export type LifecycleStage = 'active' | 'deleted';

/** Which of them a search looks at. */
export type View = LifecycleStage | 'all';

/** The tag that always equals the run's name. */
export const RUN_NAME_TAG = 'mlflow.runName';

/** One point of a metric. */
export interface Metric {
  readonly key: string;
  /** May be NaN or infinite. */
  readonly value: number;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly step: number;
}

export interface Experiment {
  /** A whole number as text: "0" is the experiment of those who name none. */
  readonly experimentId: string;
  readonly name: string;
  readonly artifactLocation: string;
  readonly lifecycleStage: LifecycleStage;
  /** Epoch milliseconds. */
  readonly creationTime: number;
  /** Epoch milliseconds. */
  readonly lastUpdateTime: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface RunInfo {
  readonly runId: string;
  readonly runName: string;
  readonly experimentId: string;
  readonly userId: string;
  readonly status: RunStatus;
  /** Epoch milliseconds. */
  readonly startTime: number;
  /** Epoch milliseconds; null while the run is not at its end. */
  readonly endTime: number | null;
  readonly artifactUri: string;
  readonly lifecycleStage: LifecycleStage;
}

export interface Run extends RunInfo {
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The newest point of each metric (by step, then timestamp, then value), by key. */
  readonly metrics: readonly Metric[];
  readonly datasets: readonly DatasetInput[];
}

/** A dataset that a run read. Which facts of it are given is the client's affair. */
export interface DatasetInput {
  readonly dataset: {
    readonly name: string;
    readonly digest: string;
    readonly source_type: string;
    readonly source: string;
    readonly schema?: string | undefined;
    readonly profile?: string | undefined;
  };
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** A part of a list, with where it goes on. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly nextPageToken?: string;
}
