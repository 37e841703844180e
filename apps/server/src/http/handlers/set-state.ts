import type { OrchestrationResult, StateType } from '@champion/contract';
import { type FlowRunRow, isTerminal } from '@champion/engine';
import type { Plane } from '../parts.ts';
import { presentState, wireState } from '../wire/state.ts';
import { findFlowRun } from './find.ts';

interface Verdict {
  readonly status: OrchestrationResult['status'];
  readonly reason?: string;
}

/**
 * A client asks for a state. Only ending a run is for clients to decide; every other state is the word of whoever
 * executes it, and is refused with what to use instead.
 */
export async function setState(
  plane: Plane,
  id: string,
  state: { readonly type: StateType; readonly message?: string | null | undefined },
) {
  const before = await findFlowRun(plane, id);
  if (state.type !== 'CANCELLING' && state.type !== 'CANCELLED') {
    return answer(200, before, { status: 'REJECT', reason: insteadOf(state.type, before) });
  }
  if (isTerminal(before.stateType)) {
    return answer(200, before, { status: 'ABORT', reason: `The run has ended: ${before.stateName}.` });
  }
  const done = await plane.control.cancel(id, state.message ?? undefined);
  const after = await findFlowRun(plane, id);
  return answer(done ? 201 : 200, after, verdictOf(state.type, after.stateType));
}

/** There is nothing to resume: runs of Champion do not pause. */
export async function resume(plane: Plane, id: string) {
  const run = await findFlowRun(plane, id);
  const reason = `The run is not paused but ${run.stateName}. ${insteadOf('PAUSED', run)}`;
  return answer(200, run, { status: 'REJECT', reason });
}

function verdictOf(asked: 'CANCELLING' | 'CANCELLED', now: StateType): Verdict {
  if (now === asked) return { status: 'ACCEPT' };
  if (now === 'CANCELLED') {
    return { status: 'REJECT', reason: 'The run had not begun, so there was nothing to wait for: it is cancelled.' };
  }
  return { status: 'REJECT', reason: 'The run is being cancelled: its tasks end first.' };
}

function insteadOf(asked: StateType, run: FlowRunRow): string {
  const path = `/api/flow_runs/${run.id}`;
  if (asked === 'SCHEDULED') return `To run it again: POST ${path}/retry, or ${path}/restart from one of its tasks.`;
  if (asked === 'PAUSED') return 'Single runs do not pause: pause the deployment, or its work queue.';
  return `The worker that executes a run says that it is ${asked}. To end it: POST ${path}/cancel.`;
}

function answer(status: 200 | 201, run: FlowRunRow, verdict: Verdict) {
  const details = { type: `${verdict.status.toLowerCase()}_details`, reason: verdict.reason ?? null };
  const state = wireState(presentState(run), { flowRunId: run.id, scheduledTime: run.nextScheduledStartTime });
  const body: OrchestrationResult = { state, status: verdict.status, details };
  return status === 201 ? { status, body } : { status, body };
}
