import type { ErrorRecord } from '@champion/core';
import type { LogLevel } from '../events.ts';
import { ArtifactReader } from '../reading/artifacts.ts';
import { type RunComparison, runComparison } from '../reading/comparison.ts';
import { listFlowRuns } from '../reading/flow-run-page.ts';
import type { FlowRunRow } from '../reading/flow-run-rows.ts';
import { FlowRunReader } from '../reading/flow-runs.ts';
import { FlowReader } from '../reading/flows.ts';
import { type RunGraph, runGraph } from '../reading/graph.ts';
import { LogReader } from '../reading/logs.ts';
import { StateReader } from '../reading/states.ts';
import { type TaskAttemptRow, TaskRunReader } from '../reading/task-runs.ts';
import type { StateType } from '../states.ts';
import type { Database } from './database.ts';

export interface TaskRunRow {
  readonly id: string;
  readonly name: string;
  readonly dynamicKey: string;
  readonly stateType: StateType;
  readonly stateName: string;
  readonly stateMessage: string | null;
  /** The task runs whose results this one was given. */
  readonly parents: readonly string[];
  readonly startTime: Date;
  readonly endTime: Date | null;
  readonly result: unknown;
  readonly error: ErrorRecord | null;
  readonly attempts: readonly TaskAttemptRow[];
}

export interface StateRow {
  readonly kind: 'flow' | 'task';
  /** The flow run or task run. */
  readonly runId: string;
  readonly type: StateType;
  readonly name: string;
  readonly message: string | null;
  readonly at: Date;
}

export interface FlowRunDetail extends FlowRunRow {
  readonly taskRuns: readonly TaskRunRow[];
  /** Oldest first. */
  readonly states: readonly StateRow[];
}

export interface LogRow {
  /** Grows with time; pass the last one as `after` to read on. */
  readonly id: number;
  readonly taskRunId: string | null;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | null;
  readonly at: Date;
}

/** Most task runs and states shown of one run. */
const DETAIL_LIMIT = 10_000;
const LIST_LIMIT = 1_000;

/** The read side of the run records. */
export class RunReader {
  readonly flows: FlowReader;
  readonly flowRuns: FlowRunReader;
  readonly taskRuns: TaskRunReader;
  readonly states: StateReader;
  readonly logLines: LogReader;
  readonly artifacts: ArtifactReader;
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    this.flows = new FlowReader(database);
    this.flowRuns = new FlowRunReader(database);
    this.taskRuns = new TaskRunReader(database);
    this.states = new StateReader(database);
    this.logLines = new LogReader(database);
    this.artifacts = new ArtifactReader(database);
  }

  /** Runs with their results, latest start first; 100 unless told, 1000 at most. */
  async list(
    options: { readonly limit?: number; readonly flowName?: string; readonly state?: StateType } = {},
  ): Promise<FlowRunRow[]> {
    const { limit = 100, flowName, state } = options;
    const filter = {
      ...(flowName === undefined ? {} : { flowNames: [flowName] }),
      ...(state === undefined ? {} : { stateTypes: [state] }),
    };
    return (await listFlowRuns(this.#database, filter, { sort: 'startTimeDesc', limit }, true)).rows;
  }

  /** One run with its task runs, their attempts and all states. */
  async get(id: string): Promise<FlowRunDetail | undefined> {
    const [run, taskRuns, attempts, states] = await Promise.all([
      this.find(id),
      this.#database.run<Omit<TaskRunRow, 'attempts'>>({ name: 'runs-tasks', text: TASKS }, [id, DETAIL_LIMIT]),
      this.#database.run<TaskAttemptRow & { taskRunId: string }>({ name: 'runs-attempts', text: ATTEMPTS }, [
        id,
        DETAIL_LIMIT,
      ]),
      this.#database.run<StateRow>({ name: 'runs-states', text: STATES }, [id, DETAIL_LIMIT]),
    ]);
    if (run === undefined) return undefined;
    const attemptsOf = new Map<string, TaskAttemptRow[]>(taskRuns.map((task) => [task.id, []]));
    for (const { taskRunId, ...attempt } of attempts) attemptsOf.get(taskRunId)?.push(attempt);
    return { ...run, taskRuns: taskRuns.map((task) => ({ ...task, attempts: attemptsOf.get(task.id) ?? [] })), states };
  }

  /** One run, without what happened in it. */
  async find(id: string): Promise<FlowRunRow | undefined> {
    return this.flowRuns.find(id);
  }

  /** What the run did, as a graph of its task runs and child runs. */
  graph(id: string): Promise<RunGraph | undefined> {
    return runGraph(this.#database, id);
  }

  /** The run beside the completed ones of its flow before it, `most` of them: 30 unless told, 100 at most. */
  comparison(id: string, most = 30): Promise<RunComparison | undefined> {
    return runComparison(this.#database, id, Math.min(most, 100));
  }

  /** The run's log in order, from the line after `after`; 1000 lines unless told otherwise. */
  async logs(id: string, options: { readonly limit?: number; readonly after?: number } = {}): Promise<LogRow[]> {
    const rows = await this.#database.run<Omit<LogRow, 'id'> & { id: string }>({ name: 'runs-logs', text: LOGS }, [
      id,
      options.after ?? 0,
      Math.min(options.limit ?? LIST_LIMIT, DETAIL_LIMIT),
    ]);
    return rows.map((row) => ({ ...row, id: Number(row.id) }));
  }
}

const TASKS = `
  SELECT id, name, dynamic_key AS "dynamicKey", state_type AS "stateType", state_name AS "stateName",
    state_message AS "stateMessage", parents, start_time AS "startTime", end_time AS "endTime", result, error
  FROM champion.task_runs WHERE flow_run_id = $1 ORDER BY start_time, dynamic_key LIMIT $2`;

const ATTEMPTS = `
  SELECT a.task_run_id AS "taskRunId", a.attempt, a.state_type AS "stateType", a.start_time AS "startTime",
    a.end_time AS "endTime", a.error, a.retry_wait_ms AS "retryWaitMs"
  FROM champion.task_attempts a JOIN champion.task_runs t ON t.id = a.task_run_id
  WHERE t.flow_run_id = $1 ORDER BY a.start_time, a.attempt LIMIT $2`;

const STATES = `
  SELECT kind, run_id AS "runId", type, name, message, at
  FROM champion.states WHERE flow_run_id = $1 ORDER BY id LIMIT $2`;

const LOGS = `
  SELECT id, task_run_id AS "taskRunId", level, message, fields, at
  FROM champion.logs WHERE flow_run_id = $1 AND id > $2 ORDER BY id LIMIT $3`;
