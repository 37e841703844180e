import type { ErrorRecord } from '@champion/core';
import { storableText, toJson } from '../json.ts';
import type { State, StateType, TerminalState } from '../states.ts';
import type { Database } from './database.ts';
import * as sql from './statements.ts';

/** Most unfinished runs one start looks at; more wait for the next. */
const SWEEP_LIMIT = 10_000;

export interface FlowRunIdentity {
  readonly id: string;
  readonly flowName: string;
  readonly name: string;
  readonly parentFlowRunId?: string;
}

export interface NewFlowRun extends FlowRunIdentity {
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface BegunFlowRun {
  readonly stateType: StateType;
  readonly stateMessage: string | null;
  /** 1, and one more for each resumption. */
  readonly runCount: number;
  /** When the run was begun the first time. */
  readonly startTime: Date;
  /** What the flow is to take for its start. */
  readonly logicalStart: Date;
  /** The run had ended, or is being cancelled, and was left as it is. */
  readonly ended: boolean;
}

export interface TaskRunIdentity {
  readonly id: string;
  readonly flowRunId: string;
  readonly name: string;
  readonly dynamicKey: string;
  readonly parents: readonly string[];
}

/** What earlier processes did of a task. */
export interface TaskHistory {
  readonly attempts: number;
  readonly failures: number;
  readonly stateType: StateType;
}

export interface CancellingRun extends FlowRunIdentity {
  /** It had not been begun, and is cancelled already. */
  readonly ended: boolean;
  /** A live process has it, and is to be told. */
  readonly isHeld: boolean;
}

export interface UnfinishedFlowRun extends FlowRunIdentity {
  readonly stateType: StateType;
  readonly stateMessage: string | null;
  readonly executorId: string;
  readonly createdAt: Date;
}

export interface LogLine {
  readonly flowRunId: string;
  readonly taskRunId?: string;
  readonly level: string;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

export type ArtifactKind = 'table' | 'markdown' | 'link';

export interface StoredArtifact {
  readonly id: string;
  readonly flowRunId: string;
  readonly taskRunId: string | undefined;
  readonly key: string;
  readonly kind: ArtifactKind;
  readonly description: string | undefined;
  /** JSON text. */
  readonly data: string;
}

/** The write side of the run records: each transition of a run as it happens. */
export class RunRecords {
  readonly #database: Database;
  readonly #executorId: string;

  constructor(database: Database, executorId: string) {
    this.#database = database;
    this.#executorId = executorId;
  }

  async registerFlows(
    flows: readonly { name: string; description: string | undefined; parameters: unknown }[],
    at: Date,
  ): Promise<void> {
    await this.#database.run(sql.REGISTER_FLOWS, [toJson(flows), at]);
  }

  /** @returns false when there is a run with this id already */
  async create(run: NewFlowRun, at: Date): Promise<boolean> {
    const rows = await this.#database.run(sql.CREATE_FLOW_RUN, [
      run.id,
      run.flowName,
      storableText(run.name),
      toJson(run.parameters),
      this.#executorId,
      at,
    ]);
    return rows.length === 1;
  }

  /** The stored run of an id: its name and state, and whether it is of the same flow with the same parameters. */
  async compare(run: NewFlowRun): Promise<{ name: string; stateType: StateType; same: boolean } | undefined> {
    const rows = await this.#database.run<{ name: string; state_type: StateType; same: boolean }>(sql.SAME_FLOW_RUN, [
      run.id,
      run.flowName,
      toJson(run.parameters),
    ]);
    const row = rows[0];
    return row && { name: row.name, stateType: row.state_type, same: row.same };
  }

  /** Creates the run if need be; a run whose record a power cut took is created anew when it resumes. */
  async begin(run: NewFlowRun, at: Date): Promise<BegunFlowRun> {
    const rows = await this.#database.run<{
      state_type: StateType;
      state_message: string | null;
      run_count: number;
      start_time: Date;
      logical_start: Date;
      ended: boolean;
    }>(sql.BEGIN_FLOW_RUN, [
      run.id,
      run.flowName,
      storableText(run.name),
      toJson(run.parameters),
      run.parentFlowRunId ?? null,
      this.#executorId,
      at,
    ]);
    const row = rows[0];
    // Only when another process created the row while this statement ran; then its words hold, and these are they.
    if (row === undefined)
      return {
        stateType: 'RUNNING',
        stateMessage: null,
        runCount: 1,
        startTime: at,
        logicalStart: at,
        ended: false,
      };
    return {
      stateType: row.state_type,
      stateMessage: row.state_message,
      runCount: row.run_count,
      startTime: row.start_time,
      logicalStart: row.logical_start,
      ended: row.ended,
    };
  }

  async taskHistory(flowRunId: string): Promise<Map<string, TaskHistory>> {
    const rows = await this.#database.run<{
      dynamic_key: string;
      attempts: number;
      failures: number;
      state_type: StateType;
    }>(sql.TASK_HISTORY, [flowRunId]);
    return new Map(
      rows.map((row) => [
        row.dynamic_key,
        { attempts: row.attempts, failures: row.failures, stateType: row.state_type },
      ]),
    );
  }

  async beginAttempt(task: TaskRunIdentity, attempt: number, state: State, at: Date): Promise<void> {
    await this.#database.run(sql.BEGIN_ATTEMPT, [
      task.id,
      task.flowRunId,
      task.name,
      task.dynamicKey,
      state.name,
      state.message ?? null,
      attempt,
      task.parents,
      at,
    ]);
  }

  async awaitRetry(
    task: TaskRunIdentity,
    attempt: number,
    failed: { error: ErrorRecord; waitMs: number; message: string },
    at: Date,
  ): Promise<void> {
    await this.#database.run(sql.AWAIT_RETRY, [
      task.id,
      attempt,
      at,
      storableText(failed.message),
      toJson(failed.error),
      failed.waitMs,
    ]);
  }

  async endTask(
    task: TaskRunIdentity,
    attempt: number,
    state: TerminalState,
    outcome: { result?: unknown; error?: ErrorRecord },
    at: Date,
  ): Promise<void> {
    await this.#database.run(sql.END_TASK_RUN, [
      task.id,
      task.flowRunId,
      task.name,
      task.dynamicKey,
      attempt,
      task.parents,
      at,
      state.type,
      state.name,
      state.message === undefined ? null : storableText(state.message),
      outcome.result === undefined ? null : toJson(outcome.result),
      outcome.error === undefined ? null : toJson(outcome.error),
    ]);
  }

  /** @returns false when the run had ended already, or is unknown */
  async end(
    flowRunId: string,
    state: TerminalState,
    outcome: { result?: unknown; error?: ErrorRecord },
    at: Date,
  ): Promise<boolean> {
    const crashed = state.type === 'CRASHED';
    const rows = await this.#database.run(sql.END_FLOW_RUN, [
      flowRunId,
      state.type,
      state.name,
      state.message === undefined ? null : storableText(state.message),
      at,
      outcome.result === undefined ? null : toJson(outcome.result),
      outcome.error === undefined ? null : toJson(outcome.error),
      crashed ? 'CRASHED' : 'CANCELLED',
      crashed ? 'Crashed' : 'Cancelled',
    ]);
    return rows.length === 1;
  }

  /**
   * Marks a run and its descendants as being cancelled; those that nobody has begun are cancelled at once.
   * @returns those that had not ended, children before parents
   */
  async cancelling(flowRunId: string, reason: string, at: Date): Promise<CancellingRun[]> {
    const rows = await this.#database.run<IdentityRow & { state_type: StateType; is_held: boolean }>(
      sql.CANCEL_FLOW_RUNS,
      [flowRunId, storableText(reason), at],
    );
    return rows.map((row) => ({ ...identity(row), ended: row.state_type === 'CANCELLED', isHeld: row.is_held }));
  }

  /** Runs that a process has, or had, and that have not ended. */
  async unfinishedOf(executorId: string): Promise<UnfinishedFlowRun[]> {
    const rows = await this.#database.run<UnfinishedRow>(sql.UNFINISHED_OF_EXECUTOR, [executorId, SWEEP_LIMIT]);
    return rows.map(unfinishedRun);
  }

  /** A run that somebody has and that has not ended. */
  async unfinished(flowRunId: string): Promise<UnfinishedFlowRun | undefined> {
    const rows = await this.#database.run<UnfinishedRow>(sql.UNFINISHED_FLOW_RUN, [flowRunId]);
    return rows[0] && unfinishedRun(rows[0]);
  }

  /** Gives a claimed run that was never begun back to the queue. @returns false when it is none */
  async unclaim(flowRunId: string, reason: string, at: Date): Promise<boolean> {
    return (await this.#database.run(sql.UNCLAIM_FLOW_RUN, [flowRunId, reason, at])).length === 1;
  }

  /** Replaces what the run has under the key. @returns false when it has as many other keys as it may */
  async putArtifact(artifact: StoredArtifact, most: number, at: Date): Promise<boolean> {
    const { id, flowRunId, taskRunId, key, kind, description, data } = artifact;
    const values = [id, flowRunId, taskRunId ?? null, key, kind, description ?? null, data, at, most];
    return (await this.#database.run(sql.PUT_ARTIFACT, values)).length === 1;
  }

  async addLogs(lines: readonly LogLine[]): Promise<void> {
    await this.#database.run(sql.ADD_LOGS, [toJson(lines)]);
  }
}

interface IdentityRow {
  id: string;
  name: string;
  flow_name: string;
  parent_flow_run_id: string | null;
}

interface UnfinishedRow extends IdentityRow {
  state_type: StateType;
  state_message: string | null;
  executor_id: string;
  created_at: Date;
}

function unfinishedRun(row: UnfinishedRow): UnfinishedFlowRun {
  return {
    ...identity(row),
    stateType: row.state_type,
    stateMessage: row.state_message,
    executorId: row.executor_id,
    createdAt: row.created_at,
  };
}

function identity(row: IdentityRow): FlowRunIdentity {
  return {
    id: row.id,
    name: row.name,
    flowName: row.flow_name,
    ...(row.parent_flow_run_id === null ? {} : { parentFlowRunId: row.parent_flow_run_id }),
  };
}
