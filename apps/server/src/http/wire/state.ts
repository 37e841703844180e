import type { State } from '@champion/contract';
import type { RunState, StateType } from '@champion/engine';
import { instant, instantOrNull } from './instant.ts';

interface RunOfState {
  readonly flowRunId: string;
  readonly taskRunId?: string;
  /** Of a scheduled run. */
  readonly scheduledTime?: Date | null;
}

/** A state as Prefect's clients know it; they read every one of its details. */
export function wireState(state: RunState, of: RunOfState): State {
  return {
    id: state.id,
    type: state.type,
    name: state.name,
    timestamp: instant(state.at),
    message: state.message,
    data: null,
    state_details: {
      flow_run_id: of.flowRunId,
      task_run_id: of.taskRunId ?? null,
      child_flow_run_id: null,
      scheduled_time: instantOrNull(of.scheduledTime),
      cache_key: null,
      cache_expiration: null,
      deferred: false,
      untrackable_result: false,
      pause_timeout: null,
      pause_reschedule: false,
      pause_key: null,
      run_input_keyset: null,
      refresh_cache: null,
      retriable: null,
      transition_id: null,
      task_parameters_id: null,
      traceparent: null,
      deployment_concurrency_lease_id: null,
    },
  };
}

/** The present state of a row that has one. */
export function presentState(row: {
  readonly stateId: string;
  readonly stateType: StateType;
  readonly stateName: string;
  readonly stateMessage: string | null;
  readonly stateAt: Date;
}): RunState {
  return { id: row.stateId, type: row.stateType, name: row.stateName, message: row.stateMessage, at: row.stateAt };
}
