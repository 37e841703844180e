import { type FlowRunRow, isTerminal, type RunReader, type TerminalStateType } from '@champion/engine';
import { runMetrics } from '@champion/flows';

/** What is written of a flow run wherever runs are compared. */
export interface TrackedRun {
  /** The flow run's own. */
  readonly flowRunId: string;
  readonly experiment: string;
  readonly runName: string;
  readonly status: 'FINISHED' | 'FAILED' | 'KILLED';
  /** Epoch milliseconds, as the end is. */
  readonly startTime: number;
  readonly endTime: number;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
}

const STATUS: Readonly<Record<TerminalStateType, TrackedRun['status']>> = {
  COMPLETED: 'FINISHED',
  FAILED: 'FAILED',
  CRASHED: 'FAILED',
  CANCELLED: 'KILLED',
};

/** The tag by which a flow run is found where runs have ids of their own. */
export const FLOW_RUN_TAG = 'flow_run_id';

/** A flow run that has ended; undefined when there is none of that id, or it has not. */
export async function trackedRun(runs: RunReader, id: string): Promise<TrackedRun | undefined> {
  const run = await runs.get(id);
  if (run === undefined || !isTerminal(run.stateType)) return undefined;
  return {
    flowRunId: run.id,
    experiment: run.flowName,
    runName: run.name,
    status: STATUS[run.stateType],
    startTime: (run.startTime ?? run.createdAt).getTime(),
    endTime: (run.endTime ?? run.stateAt).getTime(),
    params: paramsOf(run),
    metrics: runMetrics(run, run.taskRuns),
    tags: tagsOf(run),
  };
}

function paramsOf({ parameters }: FlowRunRow): Record<string, string> {
  const entries = Object.entries(parameters).map(([key, value]): [string, string] => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(entries);
}

function tagsOf(run: FlowRunRow): Record<string, string> {
  const tags: Record<string, string | null> = {
    [FLOW_RUN_TAG]: run.id,
    state: run.stateName,
    message: run.stateMessage,
    deployment: run.deploymentName,
    worker: run.executorId,
    parent_flow_run_id: run.parentFlowRunId,
    retry_of: run.retryOf,
    'error.code': run.error?.code ?? null,
  };
  return Object.fromEntries(Object.entries(tags).filter((entry): entry is [string, string] => entry[1] !== null));
}
