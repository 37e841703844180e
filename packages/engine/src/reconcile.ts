import { type Clock, toErrorRecord } from '@champion/core';
import { cancel, fates, type WorkflowFate } from './durable.ts';
import { throughJson } from './json.ts';
import type { RunRecords, UnfinishedFlowRun } from './records/run-records.ts';

/**
 * Puts the records of unfinished runs right by what became of their durable workflows.
 * @returns the runs that are to go on
 */
export async function reconcile(
  unfinished: readonly UnfinishedFlowRun[],
  context: { records: RunRecords; clock: Clock },
): Promise<UnfinishedFlowRun[]> {
  const known = await fates(unfinished.map((run) => run.id));
  const goingOn: UnfinishedFlowRun[] = [];
  for (const run of unfinished) {
    const fate = known.get(run.id);
    if (fate?.status === 'active' && run.stateType !== 'CANCELLING') goingOn.push(run);
    else await settle(run, fate, context);
  }
  return goingOn;
}

async function settle(
  run: UnfinishedFlowRun,
  fate: WorkflowFate | undefined,
  { records, clock }: { records: RunRecords; clock: Clock },
): Promise<void> {
  const at = clock.now();
  switch (fate?.status) {
    case 'completed': {
      const { result, stateName, message } = fate.output;
      const state = { type: 'COMPLETED', name: stateName, ...(message === undefined ? {} : { message }) } as const;
      await records.end(run.id, state, { result: throughJson(result) }, at);
      return;
    }
    case 'failed': {
      const error = toErrorRecord(fate.error);
      await records.end(run.id, { type: 'FAILED', name: 'Failed', message: error.message }, { error }, at);
      return;
    }
    case 'active':
      // Its process died between being told to cancel and doing so.
      await cancel(run.id);
      await records.end(run.id, cancelledState(run), {}, at);
      return;
    case 'cancelled':
      await records.end(run.id, cancelledState(run), {}, at);
      return;
    case 'exhausted': {
      const message = 'Its process died again and again while it ran, so it is not resumed any more';
      await records.end(run.id, { type: 'CRASHED', name: 'Crashed', message }, {}, at);
      return;
    }
    case undefined: {
      if (run.stateType === 'CANCELLING') {
        await records.end(run.id, cancelledState(run), {}, at);
        return;
      }
      if (await records.unclaim(run.id, 'Its worker ended before it began', at)) return;
      const message = 'Its process ended before the run was durable; run it again';
      await records.end(run.id, { type: 'CRASHED', name: 'Crashed', message }, {}, at);
    }
  }
}

function cancelledState(run: UnfinishedFlowRun) {
  return {
    type: 'CANCELLED',
    name: 'Cancelled',
    ...(run.stateMessage === null ? {} : { message: run.stateMessage }),
  } as const;
}
