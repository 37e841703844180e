import type { ErrorInfo, FlowRun, FlowRunDetail, NextRun, RunBar, RunLog } from '@champion/contract';
import { type ErrorRecord, uuidV5 } from '@champion/core';
import type { FlowRunRow, FlowRunSummary } from '@champion/engine';
import { instant, instantOrNull, seconds } from './instant.ts';
import { presentState, wireState } from './state.ts';

/** Of flows that no process registered: the same for every run of such a flow. */
const UNREGISTERED = 'e2a0e0a4-5f39-4b9c-8a43-2f7c31f2f5b0';

export function wireFlowRun(row: FlowRunSummary & { readonly error?: ErrorRecord | null }, now: Date): FlowRun {
  const ended = row.endTime ?? now;
  const duration = row.startTime === null ? null : seconds(row.startTime, ended);
  const flowId = row.flowId ?? uuidV5(row.flowName, UNREGISTERED);
  return {
    id: row.id,
    created: instant(row.createdAt),
    updated: instant(row.stateAt),
    name: row.name,
    flow_id: flowId,
    flow_name: row.flowName,
    state_id: row.stateId,
    deployment_id: row.deploymentId,
    deployment_name: row.deploymentName,
    deployment_version: row.deploymentVersion,
    work_queue_id: row.workQueueId,
    work_queue_name: row.workQueueName,
    work_pool_id: row.workPoolId,
    work_pool_name: row.workPoolName,
    flow_version: null,
    parameters: { ...row.parameters },
    idempotency_key: row.idempotencyKey,
    context: {},
    empirical_policy: {
      max_retries: 0,
      retry_delay_seconds: 0,
      retries: null,
      retry_delay: null,
      pause_keys: [],
      resuming: false,
      retry_type: null,
    },
    tags: [...row.tags],
    labels: {
      'prefect.flow.id': flowId,
      ...(row.deploymentId === null ? {} : { 'prefect.deployment.id': row.deploymentId }),
    },
    parent_task_run_id: null,
    parent_flow_run_id: row.parentFlowRunId,
    state_type: row.stateType,
    state_name: row.stateName,
    run_count: row.runCount,
    expected_start_time: instant(row.expectedStartTime),
    next_scheduled_start_time: instantOrNull(row.nextScheduledStartTime),
    start_time: instantOrNull(row.startTime),
    end_time: instantOrNull(row.endTime),
    total_run_time: row.totalRunTime,
    estimated_run_time: duration ?? 0,
    estimated_start_time_delta: lateness(row, now),
    auto_scheduled: row.autoScheduled,
    infrastructure_document_id: null,
    infrastructure_pid: null,
    created_by: row.createdBy === null ? null : { id: null, type: 'CHAMPION', display_value: row.createdBy },
    job_variables: {},
    state: wireState(presentState(row), { flowRunId: row.id, scheduledTime: row.nextScheduledStartTime }),
    worker_name: row.executorId,
    schedule_id: row.scheduleId,
    retry_of: row.retryOf,
    restart_from: row.restartFrom,
    duration,
    error: wireError(row.error ?? null),
  };
}

export function wireFlowRunDetail(row: FlowRunRow, logs: RunLog[], now: Date): FlowRunDetail {
  return { ...wireFlowRun(row, now), result: row.result, logs };
}

export function wireRunBar(row: FlowRunSummary, now: Date): RunBar {
  return {
    id: row.id,
    state_type: row.stateType,
    timestamp: instant(row.startTime ?? row.expectedStartTime),
    duration: row.startTime === null ? 0 : seconds(row.startTime, row.endTime ?? now),
    lateness: lateness(row, now),
  };
}

export function wireNextRun(row: FlowRunSummary & { readonly flowId: string }): NextRun {
  return {
    id: row.id,
    flow_id: row.flowId,
    name: row.name,
    state_name: row.stateName,
    state_type: row.stateType,
    next_scheduled_start_time: instant(row.expectedStartTime),
  };
}

/** An error without its stack, which is the log's. */
export function wireError(error: ErrorRecord | null): ErrorInfo | null {
  if (error === null) return null;
  const { code, message, hint, context, cause } = error;
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    context: { ...context },
    ...(cause === undefined ? {} : { cause }),
  };
}

/** Seconds that it began, or is, behind its expected start. One that ended unbegun was late until then. */
function lateness(row: FlowRunSummary, now: Date): number {
  return seconds(row.expectedStartTime, row.startTime ?? row.endTime ?? now);
}
