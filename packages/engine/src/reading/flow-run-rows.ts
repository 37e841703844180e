import { type ErrorRecord, uuidV5 } from '@champion/core';
import type { StateType } from '../states.ts';

/** A flow run without its result. */
export interface FlowRunSummary {
  readonly id: string;
  readonly flowName: string;
  /** Null for a run whose flow was never registered. */
  readonly flowId: string | null;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The same for as long as the run stays in the state, and in its history. */
  readonly stateId: string;
  readonly stateType: StateType;
  readonly stateName: string;
  readonly stateMessage: string | null;
  readonly stateAt: Date;
  /** Of a child: the run that called it. */
  readonly parentFlowRunId: string | null;
  readonly runCount: number;
  readonly createdAt: Date;
  readonly expectedStartTime: Date;
  /** While the run is scheduled: when it will start. */
  readonly nextScheduledStartTime: Date | null;
  readonly startTime: Date | null;
  readonly endTime: Date | null;
  /** Seconds from start to end; 0 until it has ended. */
  readonly totalRunTime: number;
  readonly deploymentId: string | null;
  readonly deploymentName: string | null;
  readonly deploymentVersion: string | null;
  readonly workQueueId: string | null;
  readonly workQueueName: string | null;
  readonly workPoolId: string | null;
  readonly workPoolName: string | null;
  readonly scheduleId: string | null;
  readonly idempotencyKey: string | null;
  readonly tags: readonly string[];
  readonly autoScheduled: boolean;
  readonly createdBy: string | null;
  /** The worker that has it. */
  readonly executorId: string | null;
  /** The run that it repeats, and the key of the task (or child flow) from which on. */
  readonly retryOf: string | null;
  readonly restartFrom: string | null;
}

export interface FlowRunRow extends FlowRunSummary {
  readonly result: unknown;
  readonly error: ErrorRecord | null;
}

/** The columns of a summary, but for what is derived here; over the tables of `RUN_TABLES`. */
export const SUMMARY_COLUMNS = `r.id, r.flow_name AS "flowName", f.id AS "flowId", r.name, r.parameters,
  r.state_type AS "stateType", r.state_name AS "stateName", r.state_message AS "stateMessage", r.state_at AS "stateAt",
  r.parent_flow_run_id AS "parentFlowRunId", r.run_count AS "runCount", r.created_at AS "createdAt",
  r.expected_start_time AS "expectedStartTime",
  CASE WHEN r.state_type = 'SCHEDULED' THEN r.expected_start_time END AS "nextScheduledStartTime",
  r.start_time AS "startTime", r.end_time AS "endTime",
  coalesce(date_part('epoch', r.end_time - r.start_time), 0) AS "totalRunTime",
  r.deployment_id AS "deploymentId", d.name AS "deploymentName", r.deployment_version AS "deploymentVersion",
  r.work_queue_id AS "workQueueId", q.name AS "workQueueName", q.work_pool_id AS "workPoolId", p.name AS "workPoolName",
  r.schedule_id AS "scheduleId", r.idempotency_key AS "idempotencyKey", r.tags, r.auto_scheduled AS "autoScheduled",
  r.created_by AS "createdBy", r.executor_id AS "executorId", r.retry_of AS "retryOf", r.restart_from AS "restartFrom"`;

export const RESULT_COLUMNS = `, r.result, r.error`;

/** What a run's row is joined with, once `r` is down to a page. */
export const RUN_JOINS = `LEFT JOIN champion.flows f ON f.name = r.flow_name
  LEFT JOIN champion.deployments d ON d.id = r.deployment_id
  LEFT JOIN champion.work_queues q ON q.id = r.work_queue_id
  LEFT JOIN champion.work_pools p ON p.id = q.work_pool_id`;

/** Any constant will do; it sets the ids of states apart from other ids made of a run's. */
const STATE = 'state';

/**
 * The id of a state, which no table has: it follows from the run, the state and its time, so that the present state of a
 * run and the same one in its history agree.
 */
export function stateId(
  runId: string,
  state: { readonly type: string; readonly name: string; readonly at: Date },
): string {
  return uuidV5([STATE, state.type, state.name, state.at.toISOString()].join('\n'), runId);
}

/** Completes a row that was just read: the row itself is changed, as there can be a thousand. */
export function withStateId<Row extends { id: string; stateType: string; stateName: string; stateAt: Date }>(
  row: Row,
): Row & { readonly stateId: string } {
  return Object.assign(row, {
    stateId: stateId(row.id, { type: row.stateType, name: row.stateName, at: row.stateAt }),
  });
}
