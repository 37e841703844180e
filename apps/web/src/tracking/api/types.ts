/** How a run stands, in MLflow's words. */
export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

export interface Experiment {
  readonly id: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** An experiment in the list. */
export interface ListedExperiment extends Experiment {
  readonly runs: number;
  readonly lastRun: Pick<Run, 'id' | 'name' | 'status' | 'startTime'> | null;
}

/** A metric at one moment. */
export interface Point {
  /** May be NaN or infinite. */
  readonly value: number;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly step: number;
}

export interface Run {
  readonly id: string;
  readonly name: string;
  readonly experimentId: string;
  readonly status: RunStatus;
  /** Epoch milliseconds. */
  readonly startTime: number;
  /** Epoch milliseconds; null while it is not at its end. */
  readonly endTime: number | null;
  readonly user: string;
  readonly isDeleted: boolean;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The newest point of each. */
  readonly metrics: Readonly<Record<string, Point>>;
}

/** What serves the page. */
export interface About {
  readonly version: string;
  readonly simulated: boolean;
  /** Where the web app with the flow runs is; null where it is not built. */
  readonly webUrl: string | null;
}
