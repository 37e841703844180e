import type { TaskAttempt, TaskRun, TaskRunDetail } from '@champion/contract';
import type { ErrorRecord } from '@champion/core';
import type { TaskAttemptRow, TaskRunDetail as TaskRunDetailRow, TaskRunSummary } from '@champion/engine';
import { wireError } from './flow-run.ts';
import { instant, instantOrNull, seconds } from './instant.ts';
import { presentState, wireState } from './state.ts';

export function wireTaskRun(row: TaskRunSummary & { readonly error?: ErrorRecord | null }, now: Date): TaskRun {
  return {
    id: row.id,
    created: instant(row.startTime),
    updated: instant(row.stateAt),
    name: row.name,
    flow_run_id: row.flowRunId,
    task_key: row.dynamicKey,
    dynamic_key: row.dynamicKey,
    cache_key: null,
    cache_expiration: null,
    task_version: null,
    empirical_policy: {},
    tags: [],
    labels: {},
    state_id: row.stateId,
    task_inputs: Object.fromEntries(row.parents.map((id, i) => [String(i), [{ input_type: 'task_run', id }]])),
    state_type: row.stateType,
    state_name: row.stateName,
    run_count: row.attemptCount,
    flow_run_run_count: 1,
    expected_start_time: instant(row.startTime),
    next_scheduled_start_time: null,
    start_time: instant(row.startTime),
    end_time: instantOrNull(row.endTime),
    total_run_time: row.totalRunTime,
    estimated_run_time: seconds(row.startTime, row.endTime ?? now),
    estimated_start_time_delta: 0,
    state: wireState(presentState(row), { flowRunId: row.flowRunId, taskRunId: row.id }),
    error: wireError(row.error ?? null),
  };
}

export function wireTaskRunDetail(row: TaskRunDetailRow, now: Date): TaskRunDetail {
  return {
    ...wireTaskRun(row, now),
    attempts: row.attempts.map(wireAttempt),
    parents: [...row.parents],
    result: row.result,
  };
}

function wireAttempt(row: TaskAttemptRow): TaskAttempt {
  return {
    attempt: row.attempt,
    state_type: row.stateType,
    start_time: instant(row.startTime),
    end_time: instantOrNull(row.endTime),
    error: wireError(row.error),
    retry_wait_ms: row.retryWaitMs,
  };
}
