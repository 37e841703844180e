import type { EngineEvents } from '../events.ts';
import type { CancellingRun, FlowRunIdentity, RunRecords } from './run-records.ts';

/** Tells that a run is being cancelled, or was, having never begun. */
export function announceCancelling(events: EngineEvents, run: CancellingRun, reason: string, at: Date): void {
  const state = run.ended
    ? ({ type: 'CANCELLED', name: 'Cancelled', message: reason } as const)
    : ({ type: 'CANCELLING', name: 'Cancelling', message: reason } as const);
  announce(events, run, state, at);
}

/** Ends a run that is being cancelled and that nobody has. */
export async function endCancelled(
  records: RunRecords,
  events: EngineEvents,
  run: FlowRunIdentity,
  reason: string,
  at: Date,
): Promise<void> {
  const state = { type: 'CANCELLED', name: 'Cancelled', message: reason } as const;
  if (await records.end(run.id, state, {}, at)) announce(events, run, state, at);
}

function announce(
  events: EngineEvents,
  run: FlowRunIdentity,
  state: { type: 'CANCELLING' | 'CANCELLED'; name: string; message: string },
  at: Date,
): void {
  const { id, flowName, name, parentFlowRunId } = run;
  const parent = parentFlowRunId === undefined ? {} : { parentFlowRunId };
  events.emit({ type: 'flow_run', flowRunId: id, flowName, name, ...parent, state, at });
}
